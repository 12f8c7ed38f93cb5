"""Sheet (batch) comparison: error bounds, sampling weights, and what a compared sheet says about an assertion.

Stark (2009), *Efficient post-election audits of multiple contests* (MACRO), and (2008) *Conservative statistical
post-election audits*. For sheet p with reported and audited scores G and at most b_p ballots:

    e_p = (G_reported - G_audited) / V        overstatement, in margins: a wrong outcome has sum e_p >= 1
    u_p = (G_reported - a b_p) / V            its bound; U = sum u_p = 1 + (-a) sum(b) / V

Whole numbers all the way: G, a and V times the assertion's denominator.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, log, log1p

import numpy as np
from numpy.typing import NDArray

from veedor.audit.assertions.assertion import Assertion, Integers
from veedor.audit.units import Bound, Units, scores
from veedor.errors import VeedorError

UNIT = 10**9
"""Sampling weights are whole billionths of the margin, rounded up."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Bounds:
    """An assertion's error bounds over the sheets.

    reported: G of each sheet; margin: V; lowest: a; all times the assertion's denominator `scale`.
    largest: int64[sheet], the most that the sheet can overstate, u_p V, in the same measure.
    """

    assertion: Assertion
    scale: int
    reported: Integers
    margin: int
    lowest: int
    largest: Integers

    @property
    def total(self) -> Fraction:
        """U = sum u_p. Exact."""
        return Fraction(int(self.largest.sum()), self.margin)

    @property
    def shares(self) -> NDArray[np.float64]:
        """u_p of each sheet, in margins."""
        return self.largest / self.margin


def bounds(units: Units, assertion: Assertion, bound: Bound) -> Bounds:
    """Error bounds of one assertion; refused if it does not hold of the reported votes or holds without a margin."""
    if assertion.counts_registered and bound != "registered":
        raise VeedorError(f"{assertion.label} counts registered voters: the plan's bound must be 'registered'")
    whole, scale = assertion.whole_scores(units.contest.choice_ids)
    reported = units.scores(assertion)
    margin = int(reported.sum())
    if margin <= 0:
        raise VeedorError(
            f"{assertion.label} ({assertion.sentence.en}) has no margin in the reported votes; count all ballots"
        )
    lowest = min(int(whole.min()), 0)
    return Bounds(
        assertion=assertion,
        scale=scale,
        reported=reported,
        margin=margin,
        lowest=lowest,
        largest=reported - lowest * units.bounds(bound),
    )


def weights(every: Sequence[Bounds]) -> Integers:
    """Whole sampling weights: the largest u_p of each sheet over the assertions, in billionths, rounded up."""
    largest = np.zeros(len(every[0].largest), dtype=np.int64)
    for one in every:
        top = int(one.largest.max(initial=0))
        if top * UNIT < 2**62:
            parts = -(-(one.largest * UNIT) // one.margin)
        else:
            parts = np.array([-(-(int(value) * UNIT) // one.margin) for value in one.largest], dtype=np.int64)
        largest = np.maximum(largest, parts)
    return largest


def draws_without_error(total: Fraction, risk_limit: float) -> int:
    """Draws proportional to error bound until the limit is met if no sheet differs: ceil(ln alpha / ln(1 - 1/U))."""
    if total <= 1:
        return 1
    return ceil(log(risk_limit) / log1p(-float(1 / total)))


def overstatements(bounds_of: Bounds, units: Units, positions: Integers, audited: Integers) -> Integers:
    """e_p V of compared sheets: reported less audited score. audited: int64[compared, choice + 2]."""
    found = scores(bounds_of.assertion, units.contest, audited, units.registered[positions])
    return bounds_of.reported[positions] - found


def taints(bounds_of: Bounds, positions: Integers, over: Integers, weight: Integers) -> NDArray[np.float64]:
    """Overstatement of each compared sheet as a share of its sampling weight; 1 is the worst there can be."""
    share: NDArray[np.float64] = over / bounds_of.margin / (weight[positions] / UNIT)
    return share


def macro(taint: NDArray[np.float64], total: float) -> NDArray[np.float64]:
    """Kaplan-Markov P after each draw proportional to error bound: prod (1 - 1/U) / (1 - t_i), no optional stopping.

    A taint of 1 makes it 1 for good. `martingale.p_values` gives the P that is valid at any time.
    """
    with np.errstate(divide="ignore"):
        growth = np.cumsum(np.log1p(-1 / total) - np.log1p(-np.minimum(taint, 1.0)))
    values: NDArray[np.float64] = np.minimum(1.0, np.exp(np.minimum(growth, 0.0)))
    return values
