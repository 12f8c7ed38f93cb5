"""Whether the chains agree: R-hat, effective sample sizes, divergences, energy, and what thinning left."""

import warnings
from dataclasses import dataclass

import numpy as np

from veedor.finding import Text
from veedor.forensics.mixture.limits import LEAST_BFMI, LEAST_ESS, MOST_RHAT, MOST_TAIL
from veedor.forensics.mixture.sampling import Draws
from veedor.forensics.stations import Floats
from veedor.forensics.texts import TEXTS
from veedor.wording import decimal, number

UNKNOWN_TAIL = 100.0
"""Pareto's k where the draws are too few to tell it: no draws can be trusted with such a one."""


@dataclass(frozen=True, kw_only=True)
class Diagnostics:
    """rhat: the largest of any parameter; ess_bulk, ess_tail: the smallest of the three fractions pi, after weighing.

    bfmi: the smallest of the chains. pareto_k: tail of the weights by which thinned draws are corrected, None without.
    by_name: (rhat, bulk, tail) of each parameter.
    """

    rhat: float
    ess_bulk: float
    ess_tail: float
    divergences: int
    bfmi: float
    pareto_k: float | None
    by_name: dict[str, tuple[float, float, float]]

    @property
    def failures(self) -> tuple[Text, ...]:
        """Reasons not to trust the draws; empty if there is none."""
        found = []
        if not self.rhat < MOST_RHAT:
            found.append(TEXTS.say("diagnostics.rhat", rhat=decimal(self.rhat, 3)))
        least = min(self.ess_bulk, self.ess_tail)
        if not least > LEAST_ESS:
            found.append(
                TEXTS.say(
                    "diagnostics.ess",
                    ess=number(int(least)) if np.isfinite(least) else TEXTS.say("diagnostics.failures_ess"),
                )
            )
        if self.divergences:
            found.append(TEXTS.say("diagnostics.divergences", n=number(self.divergences)))
        if not self.bfmi > LEAST_BFMI:
            found.append(TEXTS.say("diagnostics.bfmi", bfmi=decimal(self.bfmi, 2)))
        if self.pareto_k is not None and not self.pareto_k < MOST_TAIL:
            found.append(TEXTS.say("diagnostics.pareto", k=decimal(self.pareto_k, 2)))
        return tuple(found)


def diagnose(draws: Draws, named: dict[str, Floats]) -> Diagnostics:
    """named: parameters by name, float[chain, draw, ...]."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import arviz as az

        by_name = {}
        for name, values in _columns(named).items():
            figures = (az.rhat(values), az.ess(values, method="bulk"), az.ess(values, method="tail"))
            by_name[name] = (float(figures[0]), float(figures[1]), float(figures[2]))
        bfmi = float(np.min(az.bfmi(draws.energy)))
        k = _pareto_k(az, draws.log_weight)
    several = draws.x.shape[0] > 1
    kept = _efficiency(draws.log_weight)
    fractions = [figures for name, figures in by_name.items() if name.startswith("pi[")]
    return Diagnostics(
        rhat=max(figures[0] for figures in by_name.values()) if several else float("nan"),
        ess_bulk=kept * min(figures[1] for figures in fractions),
        ess_tail=kept * min(figures[2] for figures in fractions),
        divergences=int(draws.diverging.sum()),
        bfmi=bfmi,
        pareto_k=k,
        by_name=by_name,
    )


def _efficiency(log_weight: Floats) -> float:
    """Share of the draws that weighted ones are worth (Kish): 1 where all weigh the same."""
    weight = np.exp(log_weight - log_weight.max())
    return float(weight.mean() ** 2 / (weight**2).mean())


def _pareto_k(az: object, log_weight: Floats) -> float | None:
    if not np.any(log_weight):
        return None
    found = float(np.asarray(az.psislw(log_weight.reshape(-1))[1]))  # type: ignore[attr-defined]
    return min(found, UNKNOWN_TAIL) if found == found else UNKNOWN_TAIL


def _columns(named: dict[str, Floats]) -> dict[str, Floats]:
    found: dict[str, Floats] = {}
    for name, values in named.items():
        flat = values.reshape(*values.shape[:2], -1)
        for at in range(flat.shape[2]):
            found[f"{name}[{at}]" if values.ndim > 2 else name] = flat[:, :, at]
    return found
