"""How many ballots an audit takes on average where chance decides: ballots read alone, or with their sheet's totals.

A fixed bet grows by E ln(1 + lambda (x - 1/2)) for each ballot if the report is right; ln(1 / risk limit) over the
growth of the best one is about the average number of ballots (Wald 1947).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log

import numpy as np

from veedor.audit.assertions.assertion import Assertion
from veedor.audit.protocol.plan import Kind
from veedor.audit.statistics.ballot_values import comparison_values, recorded_means
from veedor.audit.statistics.martingale import Floats
from veedor.audit.statistics.sample_sizes import ballot_comparison_draws
from veedor.audit.units import Units
from veedor.count.totals import Tally

BETS = np.concatenate([np.geomspace(1e-5, 0.1, 200), np.linspace(0.1, 1.998, 300)])
"""Bets that are tried for the expected growth."""
GRID = 2000
"""Steps of the grid that numbers of about the same size are put together on."""
TRIED = 2
"""Of how many assertions, those with the least margins, the ballots are worked out."""


@dataclass(frozen=True, kw_only=True)
class BallotSizes:
    """Ballots to compare with their records, to read alone and to read for ONEAudit, on average.

    For the assertion that needs most; None where an assertion's ballots are not those cast.
    """

    ballots_compared: int | None = None
    ballots_polled: int | None = None
    ballots_oneaudit: int | None = None


def by_chance(units: Units, every: Sequence[Assertion], limits: Sequence[float]) -> list[BallotSizes]:
    """Sample sizes for each risk limit."""
    if any(assertion.counts_registered for assertion in every):
        return [BallotSizes() for _ in limits]
    tally = units.tally()
    compared = [(float(one.margin(tally, tally.cast)), float(one.upper_bound)) for one in every]
    hardest = sorted(range(len(every)), key=lambda place: compared[place][0] / compared[place][1])[:TRIED]
    growth = {
        kind: min(best_growth(kind, every[place], units, tally, tally.cast) for place in hardest)
        for kind in ("ballot_polling", "oneaudit")
    }
    return [
        BallotSizes(
            ballots_compared=max(ballot_comparison_draws(margin, upper, limit) for margin, upper in compared),
            ballots_polled=draws_at(growth["ballot_polling"], limit, tally.cast),
            ballots_oneaudit=draws_at(growth["oneaudit"], limit, tally.cast),
        )
        for limit in limits
    ]


def draws_at(growth: float, risk_limit: float, most: int) -> int:
    """Draws in which the wealth grows to 1 / risk limit on average, at most `most`."""
    return most if growth <= 0 else min(ceil(-log(risk_limit) / growth), most)


def best_growth(kind: Kind, assertion: Assertion, units: Units, tally: Tally, ballots: int) -> float:
    """The growth of the best fixed bet for each ballot if the report is right; 0 where none grows."""
    values, counts = _population(kind, assertion, units, tally, ballots)
    share, gain = counts / counts.sum(), values - 0.5
    bets = BETS[1 + BETS * gain.min() > 0]
    return float((np.log1p(bets[:, None] * gain[None, :]) @ share).max(initial=0.0))


def _population(kind: Kind, assertion: Assertion, units: Units, tally: Tally, ballots: int) -> tuple[Floats, Floats]:
    """The numbers that the test would see of all ballots, and how many ballots give each."""
    columns = [*(assertion.scores[choice] for choice in units.contest.choice_ids), assertion.blank, assertion.null]
    h = np.array([float(assertion.assorter(score)) for score in columns])
    if kind == "ballot_polling":
        counts = units.figures.sum(axis=0)
        return h[counts > 0], counts[counts > 0].astype(np.float64)
    margin, upper = float(assertion.margin(tally, ballots)), float(assertion.upper_bound)
    means = recorded_means(assertion, units.contest.choice_ids, units.figures, np.maximum(units.cast, 1))
    x = comparison_values(np.repeat(means, len(h)), np.tile(h, len(means)), margin, upper)
    place = np.rint(x * GRID).astype(np.int64)
    counts = np.bincount(place, weights=units.figures.ravel())
    sums = np.bincount(place, weights=units.figures.ravel() * x)
    kept = counts > 0
    return sums[kept] / counts[kept], counts[kept].astype(np.float64)
