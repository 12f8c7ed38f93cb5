"""All projections of an interrupted count, side by side: the answer depends on the rule, so no rule stands alone."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from veedor.election import Plurality, TwoRound
from veedor.interruption.clock.order import Order
from veedor.interruption.projection.calibration import Calibrated, Width, calibrated
from veedor.interruption.projection.covariates import sizes
from veedor.interruption.projection.dirichlet import dirichlet_multinomial
from veedor.interruption.projection.donor_rules import Draw, nested, pooled, sheet, uniform
from veedor.interruption.projection.donors import Donors, donors_of
from veedor.interruption.projection.draws import drawn
from veedor.interruption.projection.hierarchical import Total, project
from veedor.interruption.projection.hierarchy import Hierarchy
from veedor.interruption.projection.late_places import LatenessTold, lateness_told
from veedor.interruption.projection.lateness.forecast import Forecast
from veedor.interruption.projection.placebo_cuts import PlaceboCuts
from veedor.interruption.projection.validation import Validation, unlike_others, validate
from veedor.interruption.split import Split, lead_of

Floats = NDArray[np.float64]

QUANTILES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)

DRAWN: dict[str, Draw] = {
    "uniform": uniform,
    "nested": nested,
    "sheet": sheet,
    "dirichlet_multinomial": dirichlet_multinomial,
}


@dataclass(frozen=True, kw_only=True)
class Projection:
    """One rule's projection of the final lead (a fraction of valid votes) in the named universe.

    values: which values counted sheets keep, those of the cut or the universe's final ones.
    sd: of the draws; None for a point estimate. margin: mean votes of the missing sheets' lead, margin_sd its spread.
    p_outcome: share of draws with each outcome, decided between the two leaders; {} where the rule needs more.
    observed: the universe's lead; observed_alike: the same with the counted sheets at the values that this projection
    keeps, which is what it projects.
    calibrated: the interval as wide as projections of this sort err; None where that is not known. validation,
    lateness: of the hierarchical rules: how their intervals fare on hidden sheets; what lateness was found to say.
    unexplained_votes: observed less projected lead of the missing sheets, in votes.
    """

    rule: str
    universe: str
    values: str
    draws: int
    mean: float
    sd: float | None
    quantiles: dict[str, float]
    p_outcome: dict[str, float]
    observed: float
    observed_alike: float
    margin: float
    margin_sd: float | None
    unexplained_votes: float
    calibrated: Calibrated | None = None
    validation: Validation | None = None
    lateness: LatenessTold | None = None


def donors_at(split: Split) -> Donors:
    """The donors of a split election, with the votes and the registered voters that their own count states."""
    return donors_of(
        split.places,
        counted=split.counted,
        missing=split.missing,
        votes=split.at_cut.astype(np.float64),
        registered=np.where(split.counted, split.registered_at_cut, split.registered).astype(np.float64),
    )


def final_donors(split: Split) -> Donors:
    """The same with the votes that the counted sheets finally held."""
    return donors_of(
        split.places,
        counted=split.counted,
        missing=split.missing,
        votes=split.final.astype(np.float64),
        registered=split.registered.astype(np.float64),
    )


def projections(
    split: Split,
    donors: Donors,
    *,
    hierarchies: Mapping[str, Hierarchy],
    draws: int,
    seed: int,
    hidings: int,
    cuts: Sequence[PlaceboCuts] = (),
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Projection]:
    """Every rule's projection. hierarchies: of the hierarchical rules, by name (`hierarchies_of`).

    cuts: how far those err at earlier cuts. Draws are spread over the executor's workers; the numbers are those of the
    seed alone.
    """
    last = [
        _hierarchical(hierarchy, name, cuts, draws=draws, hidings=hidings, seed=(seed, len(DRAWN) + number))
        for number, (name, hierarchy) in enumerate(hierarchies.items(), start=1)
    ]
    best = last[0]
    result = [_point(split, donors, best)]
    names = list(DRAWN)
    for number, name in enumerate(names):
        totals = drawn(DRAWN[name], donors, draws=draws, seed=seed + number, executor=executor)
        result.append(_of(split, name, totals, base=split.base, values="cut", width=_around(totals, best)))
        if progress is not None:
            progress(number + 1, len(names) + 2)
    # One rule again on the universe's values: what later changed on counted sheets is told apart from the missing ones.
    final = drawn(nested, final_donors(split), draws=draws, seed=seed + len(names), executor=executor)
    base = split.final[split.counted].sum(axis=0) + split.outside
    result.append(_of(split, "nested", final, base=base, values="final", width=_around(final, best)))
    if progress is not None:
        progress(len(names) + 1, len(names) + 2)
    return result + last


def hierarchies_of(split: Split, order: Order | None, earlier: Mapping[str, Floats]) -> dict[str, Hierarchy]:
    """Name -> each hierarchical rule: without an earlier vote, and with each. earlier: name -> float[station]."""
    none = np.zeros((0, len(split.counted)))
    with_votes = {f"hierarchical_{name}": share[None] for name, share in earlier.items()}
    return {
        name: Hierarchy(split=split, order=order, earlier=rows)
        for name, rows in {"hierarchical": none, **with_votes}.items()
    }


def _point(split: Split, donors: Donors, best: Projection) -> Projection:
    counted = np.flatnonzero(split.counted & (split.registered_at_cut > 0))
    total = pooled(
        donors,
        split.at_cut[counted].astype(np.float64),
        split.registered_at_cut[counted].astype(np.float64),
        tuple(codes[counted] for codes in split.places.codes),
    )
    return _of(split, "pooled", total[None], base=split.base, values="cut", width=_around(total[None], best))


def _around(totals: Floats, best: Projection) -> tuple[Width, int] | None:
    """Wide enough around a donor rule's mean to contain the hierarchical rule's interval; never below its own draws."""
    if best.calibrated is None:
        return None
    margin = totals[:, 0] - totals[:, 1]
    sd = max(best.calibrated.margin_sd, float(margin.std()))
    return Width(sd=sd, gap=abs(float(margin.mean()) - best.margin)), best.calibrated.yardsticks


def _hierarchical(
    hierarchy: Hierarchy, name: str, cuts: Sequence[PlaceboCuts], *, draws: int, hidings: int, seed: tuple[int, int]
) -> Projection:
    split, rng = hierarchy.split, np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
    found = hierarchy.forecast(split.counted, split.missing)
    if found is None:
        return _too_few(hierarchy, name, draws=draws, rng=rng)
    own = [error for each in cuts if each.rule == name for error in each.z]
    checked = validate(hierarchy, found=found, hidings=hidings, rng=rng, cuts=own)
    total = _as_spread(_plain(hierarchy), found)
    width = Width(sd=found.sd * checked.widening), sum(each.hidings for each in checked.coverage)
    return replace(
        _of(split, name, total.draws(rng, draws), base=split.base, values="cut", width=width),
        validation=checked,
        lateness=lateness_told(split, hierarchy.order, found, cut_factor=unlike_others(own)),
    )


def _too_few(hierarchy: Hierarchy, name: str, *, draws: int, rng: np.random.Generator) -> Projection:
    """No sheet to learn from: the tree's own model, with no calibrated interval."""
    totals = _plain(hierarchy).draws(rng, draws)
    return _of(hierarchy.split, name, totals, base=hierarchy.split.base, values="cut", width=None)


def _plain(hierarchy: Hierarchy) -> Total:
    """The tree's model without lateness, for how the groups' votes vary together."""
    split = hierarchy.split
    return project(
        split.places,
        counted=split.counted,
        missing=split.missing,
        votes=split.rows_at_cut,
        registered=split.registered_at_cut.astype(np.float64),
        registered_missing=split.registered.astype(np.float64),
        covariates=np.vstack([sizes(split.places), hierarchy.earlier]),
    )


def _as_spread(total: Total, found: Forecast) -> Total:
    """The forecast's mean, and the covariance scaled so that the lead varies as the forecast says."""
    factor = found.sd / total.lead_sd if total.lead_sd > 0 else 1.0
    return replace(total.widened(factor), mean=np.maximum(found.mean, 0.0))


def _of(
    split: Split,
    rule: str,
    totals: Floats,
    *,
    base: NDArray[np.int64],
    values: str,
    width: tuple[Width, int] | None,
) -> Projection:
    """A projection of float[draw, group], the missing sheets' votes; a point estimate is one draw.

    width: of its calibrated interval, and how many parts of this election that was checked on.
    """
    everything = totals + base
    lead = (everything[:, 0] - everything[:, 1]) / everything.sum(axis=1)
    margin = totals[:, 0] - totals[:, 1]
    drawn = len(totals) > 1
    return Projection(
        rule=rule,
        universe=split.universe,
        values=values,
        draws=len(totals) if drawn else 0,
        mean=float(lead.mean()),
        # One draw is an estimate without a spread; a 0 here would read as certainty.
        sd=float(lead.std()) if drawn else None,
        quantiles={str(q): float(value) for q, value in zip(QUANTILES, np.quantile(lead, QUANTILES), strict=True)}
        if drawn
        else {},
        p_outcome=outcome_shares(split, everything),
        observed=lead_of(split.final),
        observed_alike=lead_of(base + split.final[split.missing].sum(axis=0)),
        margin=float(margin.mean()),
        margin_sd=float(margin.std()) if drawn else None,
        unexplained_votes=missing_margin(split) - float(margin.mean()),
        calibrated=None if width is None else _calibrated(split, totals, base, *width),
    )


def _calibrated(split: Split, totals: Floats, base: NDArray[np.int64], width: Width, parts: int) -> Calibrated:
    own, centre = float((totals[:, 0] - totals[:, 1]).std()), totals.mean(axis=0)
    stretched = np.maximum(centre + (totals - centre) * (width.told / own), 0.0) if own > 0 else None
    whole = base + centre
    return calibrated(
        float((whole[0] - whole[1]) / whole.sum()),
        width=width,
        valid=float(whole.sum()),
        levels=QUANTILES,
        p_outcome={} if stretched is None else outcome_shares(split, base + stretched),
        yardsticks=parts,
    )


def missing_margin(split: Split) -> float:
    """First minus second in the missing sheets as the universe has them, in votes."""
    return float(split.final[split.missing, 0].sum() - split.final[split.missing, 1].sum())


def outcome_shares(split: Split, totals: Floats) -> dict[str, float]:
    """Share of draws with each outcome between the two leaders at the cut; totals: float[draw, group].

    Other choices are taken together: an outcome that hangs on which of them leads is not told apart.
    """
    rule, first, second = split.contest.rule, split.first, split.second
    valid = totals.sum(axis=1)
    pairs = ((first, totals[:, 0], totals[:, 1]), (second, totals[:, 1], totals[:, 0]))
    if isinstance(rule, TwoRound) and rule.of == "valid":
        wins = {f"elected {name}": _first_round(rule, own, other, valid) for name, own, other in pairs}
        shares = {name: float(won.mean()) for name, won in wins.items()}
        return {**shares, f"runoff {first} {second}": max(0.0, 1.0 - sum(shares.values()))}
    if isinstance(rule, Plurality) and rule.seats == 1:
        return {f"elected {name}": float(np.mean(own > other)) for name, own, other in pairs}
    return {}


def _first_round(rule: TwoRound, own: Floats, other: Floats, valid: Floats) -> NDArray[np.bool_]:
    line = float(rule.majority.share) * valid
    won = own > line if rule.majority.strict else own >= line
    if rule.alternative is not None and rule.lead is not None:
        share, lead = float(rule.alternative.share) * valid, float(rule.lead.share) * valid
        reached = own > share if rule.alternative.strict else own >= share
        ahead = own - other > lead if rule.lead.strict else own - other >= lead
        won = won | (reached & ahead)
    return np.asarray(won & (own > other))
