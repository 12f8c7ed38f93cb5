"""What a sample costs at each risk limit if errors come at expected rates: simulated, for ballots in closed form too.

Rates are of drawn sheets or ballots. A sheet overstates by some ballots, each misread in the worst way; a ballot by
one vote (half the assorter's bound) or two (all of it), in the winner's favour or against. Stark (2010), *Super-simple
simultaneous single-ballot risk-limiting audits*, gives the closed form for ballots.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, log, log1p

import numpy as np

from veedor.audit.assertions.assertion import Assertion
from veedor.audit.statistics import supersimple
from veedor.audit.statistics.ballot_values import comparison_null, comparison_values
from veedor.audit.statistics.martingale import Floats, Null, capped, stopping_times, wealth
from veedor.audit.statistics.sample_sizes import MOST_CELLS, Simulated, summary
from veedor.audit.statistics.sheet_comparison import Bounds
from veedor.errors import VeedorError

SHARE = 0.9
"""Share of the largest bet: that of a plan where nobody says otherwise."""
AUDITS, SEED = 400, 20191020
LONGEST = 64
"""Simulated audits stop after this multiple of the draws that no error would need."""


@dataclass(frozen=True, kw_only=True)
class Rates:
    """Expected errors. sheets: the share of them that overstates, each by `ballots` ballots; the others: of ballots."""

    sheets: float = 0.01
    ballots: int = 2
    one_over: float = 0.001
    two_over: float = 0.0001
    one_under: float = 0.001
    two_under: float = 0.0001

    def __post_init__(self) -> None:
        shares = (self.sheets, self.one_over, self.two_over, self.one_under, self.two_under)
        if min(shares) < 0 or max(shares) > 1 or sum(shares[1:]) > 1:
            raise VeedorError("expected rates of errors lie between 0 and 1, and those of ballots add up to 1 at most")
        if self.ballots < 0:
            raise VeedorError(f"a sheet overstates by 0 ballots or more, got {self.ballots}")


@dataclass(frozen=True, kw_only=True)
class ExpectedDraws:
    """Draws of the audits that confirm, of those simulated; None where fewer than nine in ten do."""

    confirmed: int
    mean: float | None
    median: float | None
    percentile_90: float | None


@dataclass(frozen=True, kw_only=True)
class ExpectedCost:
    """Sample sizes for a risk limit with errors; ballots_closed_form: None where the formula gives no number."""

    risk_limit: float
    sheets: ExpectedDraws
    ballots: ExpectedDraws
    ballots_closed_form: int | None


@dataclass(frozen=True, kw_only=True)
class ExpectedErrors:
    """Sample sizes of the closest assertion if errors come at these rates. rows: by risk limit."""

    rates: Rates
    audits: int
    share_of_largest_bet: float
    rows: tuple[ExpectedCost, ...]


def rate_of(text: str) -> float:
    """A rate of errors as people write it: '0.1 %' or 0.001, 0 too."""
    plain = text.strip()
    try:
        return float(Fraction(plain.removesuffix("%").strip()) / (100 if plain.endswith("%") else 1))
    except (ValueError, ZeroDivisionError):
        raise VeedorError(f"not a rate of errors: {text!r} (such as '0.1 %' or 0.001)") from None


def expected_costs(
    closest: Bounds,
    assertion: Assertion,
    margin: float,
    weight: Floats,
    rates: Rates,
    limits: Sequence[float],
    *,
    audits: int = AUDITS,
    seed: int = SEED,
) -> ExpectedErrors:
    """Rates and, for each risk limit, draws of sheets and ballots compared. margin: v of the closest assertion.

    weight: sampling weights of the sheets, in margins.
    """
    rng = np.random.default_rng(seed)
    sheets = simulated_sheets(closest, weight, rates, limits, audits, rng)
    upper = float(assertion.upper_bound)
    ballots = simulated_ballots(margin, upper, rates, limits, audits, rng)
    misread = supersimple.Misreadings(
        over_one=rates.one_over, over_two=rates.two_over, under_one=rates.one_under, under_two=rates.two_under
    )
    return ExpectedErrors(
        rates=rates,
        audits=audits,
        share_of_largest_bet=SHARE,
        rows=tuple(
            ExpectedCost(
                risk_limit=limit,
                sheets=_draws(sheets[place]),
                ballots=_draws(ballots[place]),
                # Stark's formula is of an assorter that is at most 1: v / u is what it calls the diluted margin.
                ballots_closed_form=supersimple.sample_size(margin / upper, limit, misread),
            )
            for place, limit in enumerate(limits)
        ),
    )


def simulated_sheets(
    closest: Bounds, weight: Floats, rates: Rates, limits: Sequence[float], audits: int, rng: np.random.Generator
) -> list[Simulated]:
    """Sheets drawn in proportion to weight, a random set of which overstates; another set in each audit."""
    total = float(weight.sum())
    spread = int(closest.assertion.whole_scores(closest.assertion.scores)[0].max()) - closest.lowest
    error = np.minimum(rates.ballots * spread, closest.largest) / closest.margin
    sums, null = np.cumsum(weight), Null(mean=1 - 1 / total, upper=np.inf)

    def numbers(draws: int) -> Floats:
        places = np.searchsorted(sums, rng.random((audits, draws)) * sums[-1], side="right")
        places = np.minimum(places, len(weight) - 1)
        # Whether a sheet overstates in an audit must be the same each time it is drawn there.
        key = rng.integers(1, 2**61, (audits, 1), dtype=np.uint64) * np.uint64(2) + np.uint64(1)
        mixed = (places.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15) * key
        wrong = ((mixed ^ (mixed >> np.uint64(31))) * np.uint64(0xBF58476D1CE4E5B9) >> np.uint64(40)) < np.uint64(
            round(rates.sheets * 2**24)
        )
        x: Floats = np.where(wrong, np.maximum(1 - error[places] / weight[places], 0.0), 1.0)
        return x

    first = ceil(log(min(limits)) / log1p(-1 / total)) if total > 1 else 1
    return _at_limits(numbers, null, first, limits, audits)


def simulated_ballots(
    margin: float, upper: float, rates: Rates, limits: Sequence[float], audits: int, rng: np.random.Generator
) -> list[Simulated]:
    """Ballots compared with their records, drawn with replacement."""
    shares = np.array([rates.two_over, rates.one_over, rates.one_under, rates.two_under])
    sizes = np.array([1.0, 0.5, -0.5, -1.0, 0.0]) * upper
    ends = np.cumsum(shares)

    def numbers(draws: int) -> Floats:
        omega = sizes[np.searchsorted(ends, rng.random((audits, draws)), side="right")]
        return comparison_values(omega, np.zeros_like(omega), margin, upper)

    first = ceil(log(1 / min(limits)) / -log1p(-margin / (2 * upper)))
    return _at_limits(numbers, comparison_null(margin, upper, None), first, limits, audits)


def _at_limits(
    numbers: Callable[[int], Floats], null: Null, first: int, limits: Sequence[float], audits: int
) -> list[Simulated]:
    """Draws until each limit is met, from audits that go on until all have met the least, or too long."""
    draws = 2 * first
    while True:
        after = wealth(numbers(draws), null, capped(SHARE))
        met = (after >= 1 / min(limits)).any(axis=1)
        if met.all() or draws >= LONGEST * first or 2 * draws * audits > MOST_CELLS:
            return [summary(stopping_times(after, limit), draws) for limit in limits]
        draws *= 2


def _draws(found: Simulated) -> ExpectedDraws:
    enough = found.confirmed >= 0.9 * found.audits
    return ExpectedDraws(
        confirmed=found.confirmed,
        mean=round(found.mean, 1) if enough else None,
        median=found.median if enough else None,
        percentile_90=round(found.percentile_90, 1) if enough else None,
    )
