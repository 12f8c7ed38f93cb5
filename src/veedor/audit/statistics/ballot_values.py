"""Ballots as the units: polling, comparison with cast vote records, and ONEAudit where only batch totals are known.

Each turns a drawn ballot into a number whose mean is more than one half if the assertion holds (Stark 2020). Then any
bet of `martingale` measures the risk.

- polling: h(ballot) itself, bound u;
- comparison: B = (1 - omega / u) / (2 - v / u), omega = h(record) - h(ballot), bound 2u / (2u - v);
- ONEAudit (Stark 2023, *Overstatement-Net-Equivalent Risk-Limiting Audit*): as comparison, where the record of a ballot
  known only by its batch is the batch's mean of h.

Worst cases (Bañuelos & Stark 2012): a ballot that cannot be found counts h = 0; a ballot without a record counts as if
its record were blank.
"""

from collections.abc import Sequence

import numpy as np

from veedor.audit.assertions.assertion import Assertion, Integers
from veedor.audit.statistics.martingale import EDGE, Bet, Floats, Null


def assorter_values(assertion: Assertion, votes: Sequence[str | None], found: Sequence[bool] | None = None) -> Floats:
    """h of each ballot; votes: the choice marked, or None for a blank or null one; not found: 0."""
    values_of: dict[str | None, float] = {None: float(assertion.assorter(assertion.blank))}
    values_of |= {choice: float(assertion.assorter(score)) for choice, score in assertion.scores.items()}
    here = np.array([values_of[vote] for vote in votes], dtype=np.float64)
    if found is not None:
        here[~np.asarray(found, dtype=bool)] = 0.0
    return here


def polling_null(assertion: Assertion, ballots: int | None) -> Null:
    """The null of ballot polling. ballots: how many there are, drawn without replacement; None: with."""
    return Null(mean=0.5, upper=float(assertion.upper_bound), size=ballots)


def comparison_values(recorded: Floats, seen: Floats, margin: float, upper: float) -> Floats:
    """B of each drawn ballot. recorded, seen: h as its record and as the ballot have it; margin: v, by the records."""
    values: Floats = (1 - (recorded - seen) / upper) / (2 - margin / upper)
    return values


def comparison_null(margin: float, upper: float, ballots: int | None) -> Null:
    """The null of ballot comparison and of ONEAudit."""
    return Null(mean=0.5, upper=2 / (2 - margin / upper), size=ballots)


def recorded_means(assertion: Assertion, choices: Sequence[str], totals: Integers, ballots: Integers) -> Floats:
    """The mean of h in each batch, which stands for the record of every ballot in it.

    totals: int64[batch, choice + 2], votes of each choice, blank and null; ballots: int64[batch], ballots that the
    manifest lists, at least as many as the totals; those without a record count one half.
    """
    whole, scale = assertion.whole_scores(choices)
    scores = totals @ whole[:-1] / scale
    low = float(assertion.lowest)
    means: Floats = (scores / ballots - low) / (-2 * low)
    return means


def expecting(margin: float, upper: float, two_vote_rate: float) -> Bet:
    """The bet of ALPHA that is best if this share of ballots overstates by two votes and the rest are right.

    Stark (2023), section 3.2: a fixed estimate of the mean of B, from the rate and the bound.
    """
    bound, right = 2 / (2 - margin / upper), 1 - two_vote_rate
    eta = (1 - bound * right) / (2 - 2 * bound) + bound * right - 0.5

    def bet(x: Floats, means: Floats, null: Null) -> Floats:
        amounts: Floats = np.maximum(eta / np.maximum(means, EDGE) - 1, 0.0) / np.maximum(null.upper - means, EDGE)
        return amounts

    return bet
