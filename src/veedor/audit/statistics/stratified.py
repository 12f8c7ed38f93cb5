"""Strata: samples drawn separately in each region, combined into one risk.

A wrong outcome means that the strata's overstatements, in margins of the whole contest, add up to at least 1, in
whatever way: e_1 + ... + e_S = 1. For each way the strata give independent evidence, which is combined; the risk is
the greatest over all ways (Ottoboni, Stark, Lindeman, McBurnett 2018, SUITE; Stark 2023, section 4).

- product: the product of the strata's martingales is one, so that P is valid however the strata's samples grow
  (Spertus & Stark 2022, *Sweeter than SUITE*);
- Fisher: -2 sum ln P is chi-squared with 2 S degrees of freedom. Valid for one look at samples of fixed sizes only.

The greatest is bounded from above on a grid: evidence against "stratum s overstates by at least e" grows with e, so
each e_s is rounded down to the grid, where the sum can fall short of 1 by at most S grid steps.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import Literal

import numpy as np
from scipy.special import chdtrc

from veedor.audit.statistics.martingale import Floats

STEPS = 1000
"""Grid steps per margin."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Stratum:
    """The sample of one stratum, drawn with replacement in proportion to its weights.

    x: 1 - taint of each draw, where the taint is the sheet's overstatement over its weight. total: the sum of the
    weights of all its sheets. Both in margins of the whole contest.
    """

    x: Floats
    total: float


def fisher(p_values: Sequence[float]) -> float:
    """P of independent P-values by Fisher's method; for one look at samples of fixed sizes."""
    smallest = np.maximum(np.asarray(p_values, dtype=np.float64), 1e-300)
    return float(chdtrc(2 * len(smallest), -2 * np.log(smallest).sum()))


def product(p_values: Sequence[float]) -> float:
    """P where each is one over a martingale of an independent sample: their product."""
    return min(1.0, float(np.prod(p_values)))


def stratified_risk(strata: Sequence[Stratum], share: float, method: Literal["product", "fisher"] = "product") -> float:
    """An upper bound of the risk over all ways to split the margin. share: of the largest bet, below 1."""
    curves = [evidence(stratum, share) for stratum in strata]
    if method == "fisher":
        curves = [np.maximum(curve, 0.0) for curve in curves]
    # The least total evidence over all splits, by adding the strata one after the other.
    least = curves[0]
    for curve in curves[1:]:
        least = _least_sum(least, curve)
    worst = float(least[max(STEPS - len(strata), 0)])
    if method == "product":
        return min(1.0, exp(-max(min(worst, 700.0), -700.0)))
    return float(chdtrc(2 * len(strata), 2 * worst))


def evidence(stratum: Stratum, share: float) -> Floats:
    """ln M against "the stratum overstates by at least e" for e = 0, 1/STEPS, ..., 1, rising with e.

    Against an e of 0 or less nothing is bet (ln M = 0), but here no more than what a bet at 0 would have left, so that
    rounding e down never adds evidence. An e beyond the stratum's total error bound is impossible: 1e9.
    """
    means = 1 - np.arange(STEPS + 1) / STEPS / stratum.total
    possible = means > 0
    curve = np.full(STEPS + 1, 1e9)
    with np.errstate(divide="ignore"):
        values, counts = np.unique(stratum.x, return_counts=True)
        growth = np.log1p(share * (values[None, :] / means[possible, None] - 1)) @ counts
    curve[possible] = np.minimum(growth, 1e9)
    curve[0] = min(curve[0], 0.0)
    return curve


def _least_sum(one: Floats, two: Floats) -> Floats:
    """For each e the least one(i) + two(j) with i + j = e."""
    least = np.empty(STEPS + 1)
    for step in range(STEPS + 1):
        least[step] = (one[: step + 1] + two[step::-1]).min()
    return least
