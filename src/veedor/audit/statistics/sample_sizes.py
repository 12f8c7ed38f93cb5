"""Planning: how many sheets or ballots an audit needs, and how few altered or missing sheets would undo the outcome.

Closed forms where there are some, simulation with a seeded generator otherwise. Nothing here touches the public seed:
a plan is made, and its sample sizes are shown, before that seed exists.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, log, log1p

import numpy as np
from numpy.typing import NDArray

from veedor.audit.assertions.assertion import Assertion
from veedor.audit.statistics.martingale import Bet, Floats, Null, stopping_times, wealth
from veedor.audit.statistics.sheet_comparison import UNIT, Bounds, bounds, draws_without_error, weights
from veedor.audit.units import Bound, Units

Whole = NDArray[np.int64]
MOST_CELLS = 20_000_000
"""Simulated draws held in memory at once, over all audits."""


@dataclass(frozen=True, kw_only=True)
class Undoing:
    """The fewest sheets that could overturn an assertion.

    altered: sheets at the least, if votes are moved between choices and nothing else on the sheet changes.
    missing_average, missing_largest: sheets of average and of largest error bound, where a missing one counts as the
    worst that its reported ballots could hold.
    None: not even all sheets do.
    """

    assertion: str
    altered: int | None
    missing_average: int | None
    missing_largest: int | None


@dataclass(frozen=True, kw_only=True)
class Cost:
    """The cost of a sample at a risk limit if the report is right: draws, and expected different sheets and ballots."""

    risk_limit: float
    draws: int
    sheets: float
    ballots: float


@dataclass(frozen=True, kw_only=True)
class Simulated:
    """Draws that simulated audits needed. confirmed: how many of `audits` met the limit within `most` draws."""

    audits: int
    confirmed: int
    mean: float
    median: float
    percentile_90: float
    most: int


def undoing(units: Units, assertion: Assertion) -> Undoing:
    """The fewest altered or missing sheets that make the assertion false or leave it without a margin."""
    kept = bounds(units, assertion, "registered" if assertion.counts_registered else "ballots")
    whole, _ = assertion.whole_scores(units.contest.choice_ids)
    valid = units.figures[:, :-2].sum(axis=1)
    of_choices = units.figures[:, :-2] @ whole[:-3]
    altered = of_choices - int(whole[:-3].min()) * valid
    average = ceil(kept.margin * len(units.ids) / int(kept.largest.sum()))
    return Undoing(
        assertion=assertion.label,
        altered=_fewest(altered, kept.margin),
        missing_average=average if average <= len(units.ids) else None,
        missing_largest=_fewest(kept.largest, kept.margin),
    )


def costs(units: Units, every: Sequence[Bounds], risk_limits: Sequence[float]) -> list[Cost]:
    """The table over risk limits for sheets drawn proportional to error bound, if no sheet differs."""
    weight = weights(every)
    chance = weight / weight.sum()
    table = []
    for risk_limit in risk_limits:
        draws = max(draws_without_error(sampled_total(weight), risk_limit), 1)
        seen = 1 - (1 - chance) ** draws
        table.append(
            Cost(
                risk_limit=risk_limit,
                draws=draws,
                sheets=float(seen.sum()),
                ballots=float((seen * units.cast).sum()),
            )
        )
    return table


def sampled_total(weight: Whole) -> Fraction:
    """U of the sampling weights, in margins."""
    return Fraction(int(weight.sum()), UNIT)


def equal_probability_draws(bound: Bounds, risk_limit: float) -> int | None:
    """Sheets drawn with equal probability without replacement if none differs, with the largest bet.

    The number of sheet p is 1 - e_p / max u; a wrong outcome has a mean of at most 1 - 1 / (n max u).
    None: more than all sheets.
    """
    size = len(bound.largest)
    null = equal_probability_null(bound)
    left = size - np.arange(size)
    means = (size * null.mean - np.arange(size)) / left
    growth = -np.cumsum(np.log(np.where(means > 0, means, 1e-300)))
    enough = growth >= -log(risk_limit)
    return int(enough.argmax()) + 1 if enough.any() else None


def equal_probability_null(bound: Bounds) -> Null:
    """The null of sheets drawn with equal probability without replacement."""
    size, largest = len(bound.largest), int(bound.largest.max()) / bound.margin
    return Null(mean=1 - 1 / (size * largest), upper=np.inf, size=size)


def ballot_comparison_draws(margin: float, upper: float, risk_limit: float) -> int:
    """Ballots compared one by one if none differs, with the largest bet: ceil(ln(1/alpha) / -ln(1 - v / 2u))."""
    if not 0 < margin < 2 * upper:
        raise ValueError(f"the margin must lie between 0 and 2u = {2 * upper}, got {margin}")
    return ceil(log(1 / risk_limit) / -log1p(-margin / (2 * upper)))


def simulate_sheets(
    taint: Floats, chance: Floats, total: float, bet: Bet, risk_limit: float, audits: int, rng: np.random.Generator
) -> Simulated:
    """Audits of sheets drawn with replacement, where sheet p has this taint and this chance in each draw.

    total: U. Runs until every audit has met the limit or has made 64 times the draws needed without error.
    """
    first = ceil(log(risk_limit) / log1p(-1 / total)) if total > 1 else 1
    sums, state, draws = np.cumsum(chance), rng.bit_generator.state, 2 * first
    while True:
        rng.bit_generator.state = state  # the same draws again, and more of them
        places = np.searchsorted(sums, rng.random((draws, audits)).T * sums[-1], side="right")
        after = wealth(1 - taint[np.minimum(places, len(taint) - 1)], Null(mean=1 - 1 / total, upper=np.inf), bet)
        met = (after >= 1 / risk_limit).any(axis=1)
        if met.all() or draws >= 64 * first or 2 * draws * audits > MOST_CELLS:
            return summary(stopping_times(after, risk_limit), draws)
        draws *= 2


def summary(needed: Whole, most: int) -> Simulated:
    """Mean, median and 90th percentile of the draws that the confirming audits needed; 0 marks those that did not."""
    met = needed[needed > 0]
    return Simulated(
        audits=len(needed),
        confirmed=len(met),
        mean=float(met.mean()) if len(met) else float("nan"),
        median=float(np.median(met)) if len(met) else float("nan"),
        percentile_90=float(np.percentile(met, 90)) if len(met) else float("nan"),
        most=most,
    )


def hardest(units: Units, assertions: Sequence[Assertion], bound: Bound) -> list[tuple[Assertion, Bounds]]:
    """The assertions with their bounds, the one that needs most draws first: the close ones."""
    pairs = [(assertion, bounds(units, assertion, bound)) for assertion in assertions]
    return sorted(pairs, key=lambda pair: -pair[1].total)


def _fewest(amounts: Whole, margin: int) -> int | None:
    sums = np.cumsum(np.sort(amounts)[::-1])
    enough = sums >= margin
    return int(enough.argmax()) + 1 if enough.any() else None
