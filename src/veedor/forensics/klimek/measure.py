"""Klimek's model as one of the methods: figures where the fit can bear them, else why it cannot."""

from collections.abc import Mapping

from veedor.document import Json
from veedor.finding import Text
from veedor.forensics.klimek.fit import NAMES, Fitted, fit, profile
from veedor.forensics.klimek.model import cells, mean_gain
from veedor.forensics.method import Measured
from veedor.forensics.stations import Stations
from veedor.forensics.texts import TEXTS
from veedor.wording import decimal, per_cent

MOST_MISFIT = 0.10
"""Share of the stations that may lie elsewhere than the model puts them."""
MOST_CONDITION = 1e4
MOST_APART = 0.05
FEWEST_HONEST = 0.10
"""Share of honest stations that is needed to know what an honest station looks like."""


def klimek(stations: Stations, seed: int) -> Measured | None:
    """f_i + f_e with intervals by profile likelihood, or the reason why no fraction is given."""
    return _measured(stations, fit(stations), with_intervals=True)


def klimek_on_clean(stations: Stations, seed: int, own: Measured) -> Measured | None:
    """The same on a clean election, without intervals, climbing from where the fit on the election itself ended."""
    start = own.memo.best.x if isinstance(own.memo, Fitted) else None
    return _measured(stations, fit(stations, start), with_intervals=False)


def _measured(stations: Stations, fitted: Fitted | None, *, with_intervals: bool) -> Measured | None:
    if fitted is None:
        return None
    why = refusal(fitted)
    diagnostics: dict[str, Json] = {
        "misfit": fitted.misfit,
        "dispersion": fitted.dispersion,
        "condition": fitted.condition if fitted.condition < float("inf") else None,
        "at_edge": list(fitted.edges),
        "optima_apart": fitted.apart,
        "starts": fitted.starts,
        "likelihood_ratio": fitted.ratio,
    }
    if why is not None:
        return Measured(
            statistic=None,
            reference=0.0,
            se=None,
            p_value=None,
            looked_at=fitted.stations,
            found=0,
            effect=diagnostics,
            picture={},
            refused=why,
        )
    x, errors = fitted.best.x, fitted.standard_errors
    ends = intervals(stations, fitted) if with_intervals else {}
    return Measured(
        statistic=float(x[0] + x[1]),
        reference=0.0,
        se=float((errors[0] ** 2 + errors[1] ** 2) ** 0.5),
        p_value=fitted.p_value,
        looked_at=fitted.stations,
        found=round(float(x[0] + x[1]) * fitted.stations),
        effect={**_figures(stations, fitted), **ends, **diagnostics, "correlation_f_i_alpha": fitted.correlation},
        picture={},
        more=_sentence(fitted, ends) if ends else None,
        memo=fitted,
    )


def _sentence(fitted: Fitted, ends: Mapping[str, float]) -> Text:
    x = fitted.best.x
    return TEXTS.say(
        "measure.sentence",
        i=decimal(float(x[0]), 3),
        i_low=decimal(ends["f_i_low"], 3),
        i_high=decimal(ends["f_i_high"], 3),
        e=decimal(float(x[1]), 4),
        e_low=decimal(ends["f_e_low"], 4),
        e_high=decimal(ends["f_e_high"], 4),
        alpha=decimal(float(x[7]), 1),
    )


def intervals(stations: Stations, fitted: Fitted) -> dict[str, float]:
    """95 per cent profile intervals of f_i and f_e."""
    counts = cells(stations)
    both = [profile(counts, fitted, number) for number in (0, 1)]
    return {f"{NAMES[i]}_{end}": getattr(each, end) for i, each in enumerate(both) for end in ("low", "high")}


def _figures(stations: Stations, fitted: Fitted) -> dict[str, Json]:
    x = fitted.best.x
    rolls = int(stations.registered[stations.usable].sum())
    added, extreme = mean_gain(fitted.shape)
    return {
        **{name: float(value) for name, value in zip(NAMES, x, strict=True)},
        **{f"{name}_se": float(value) for name, value in zip(NAMES[:2], fitted.standard_errors, strict=False)},
        "leader_votes": float(rolls * (x[0] * added + x[1] * extreme)),
    }


def refusal(fitted: Fitted) -> Text | None:
    """The first reason against printing the fractions."""
    if fitted.misfit > MOST_MISFIT:
        return TEXTS.say("measure.elsewhere", share=per_cent(fitted.misfit, 0), most=per_cent(MOST_MISFIT, 0))
    honest = 1 - float(fitted.best.x[:2].sum())
    if honest < FEWEST_HONEST:
        return TEXTS.say("measure.edge", share=per_cent(honest, 0))
    if fitted.edges:
        return TEXTS.say("measure.bounds", names=", ".join(fitted.edges))
    if fitted.apart > MOST_APART:
        return TEXTS.say("measure.fraction", apart=decimal(fitted.apart, 2))
    if fitted.condition > MOST_CONDITION:
        return TEXTS.say(
            "measure.condition",
            condition=decimal(fitted.condition, 0)
            if fitted.condition < 1e12
            else TEXTS.say("measure.refusal_condition"),
        )
    return None
