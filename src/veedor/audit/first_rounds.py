"""How many draws the rounds of a plan take where nobody says: a fifth more than if nothing differs, then 2 and 4 times.

For ballots read alone, or compared with their sheet's totals, chance decides even if the report is right: there the
first round is a half more than the draws in which the best fixed bet grows to 1 / risk limit on average.
"""

from collections.abc import Callable
from math import ceil, log

import numpy as np

from veedor.audit.assertion import Assertion
from veedor.audit.ballot_audit import bet_of
from veedor.audit.ballots import comparison_null, comparison_values, recorded_means
from veedor.audit.batch import UNIT
from veedor.audit.kinds import Parts
from veedor.audit.martingale import Bet, Floats, Null, wealth
from veedor.audit.plan import BALLOT_KINDS, Kind, RiskTest
from veedor.audit.planning import equal_probability_null
from veedor.audit.strata_audit import region_depth, regions
from veedor.audit.stratified import Stratum, stratified_risk
from veedor.audit.units import Units
from veedor.errors import VeedorError

GROWTH, GROWTH_OF_CHANCE = 1.2, 1.5
NEVER = "this test never meets the risk limit here; choose another test or count all ballots"
BETS = np.linspace(0.002, 1.998, 999)
"""Bets that are tried for the expected growth."""


def default_rounds(
    kind: Kind, sampling: str, test: RiskTest, risk_limit: float, units: Units, parts: Parts, level: str | None
) -> tuple[int, ...]:
    """Draws of the first round and, with the earlier ones, of each next."""
    most = parts.ballots if kind in BALLOT_KINDS else len(parts.weight)
    if kind == "regions":
        return _grown(_regions(units, parts, test, risk_limit, level or ""), GROWTH, None)
    if kind == "ballot_comparison":
        return _grown(_comparison(parts, test, risk_limit), GROWTH, most)
    if kind in BALLOT_KINDS:
        needed = [_by_chance(kind, assertion, units, parts, risk_limit) for assertion in parts.assertions]
        return _grown(max(needed), GROWTH_OF_CHANCE, most)
    if sampling == "equal_probability":
        bet = test.bet()
        nulls = [equal_probability_null(bound) for bound in parts.bounds]
        return _grown(max(_clean(null, bet, risk_limit, most) or most for null in nulls), GROWTH, most)
    return _grown(_proportional(parts, test, risk_limit), GROWTH, None)


def _grown(first: int, growth: float, most: int | None) -> tuple[int, ...]:
    sizes = [ceil(growth * first * factor) for factor in (1, 2, 4)]
    return tuple(sorted(set(sizes if most is None else [min(size, most) for size in sizes])))


def _clean(null: Null, bet: Bet, risk_limit: float, most: int, value: float = 1.0) -> int | None:
    """Draws until the limit is met if nothing differs, by the test itself; None if `most` do not suffice."""
    if null.size is not None:
        most = min(most, null.size)
    met = wealth(np.full(most, value), null, bet) >= 1 / risk_limit
    return int(met.argmax()) + 1 if met.any() else None


def _proportional(parts: Parts, test: RiskTest, risk_limit: float) -> int:
    total = max(int(parts.weight.sum()) / UNIT, 1.0)
    most = ceil(64 * total * -log(risk_limit)) + 1
    found = _clean(Null(mean=1 - 1 / total, upper=np.inf), test.bet(), risk_limit, most)
    if found is None:
        raise VeedorError(NEVER)
    return found


def _comparison(parts: Parts, test: RiskTest, risk_limit: float) -> int:
    needed = []
    for assertion in parts.assertions:
        margin, upper = float(assertion.margin(parts.tally, parts.ballots)), float(assertion.upper_bound)
        null = comparison_null(margin, upper, parts.ballots)
        most = ceil(64 * 2 * upper / margin * -log(risk_limit)) + 1
        bet = bet_of(test, "ballot_comparison", margin, upper)
        needed.append(_clean(null, bet, risk_limit, most, 1 / (2 - margin / upper)) or parts.ballots)
    return max(needed)


def _by_chance(kind: Kind, assertion: Assertion, units: Units, parts: Parts, risk_limit: float) -> int:
    """Draws in which the best fixed bet grows to 1 / risk limit on average if the report is right."""
    values, counts = _population(kind, assertion, units, parts)
    there = counts > 0
    share, gain = counts[there] / counts.sum(), values[there] - 0.5
    bets = BETS[1 + BETS * gain.min() > 0]
    growth = np.log1p(bets[:, None] * gain[None, :]) @ share
    if not len(growth) or growth.max() <= 0:
        return parts.ballots
    return min(ceil(-log(risk_limit) / float(growth.max())), parts.ballots)


def _population(kind: Kind, assertion: Assertion, units: Units, parts: Parts) -> tuple[Floats, Floats]:
    """The numbers that the test would see of all ballots, and how many ballots give each."""
    columns = [*(assertion.scores[choice] for choice in units.contest.choice_ids), assertion.blank, assertion.null]
    h = np.array([float(assertion.assorter(score)) for score in columns])
    if kind == "ballot_polling":
        return h, units.figures.sum(axis=0).astype(np.float64)
    margin, upper = float(assertion.margin(parts.tally, parts.ballots)), float(assertion.upper_bound)
    means = recorded_means(assertion, units.contest.choice_ids, units.figures, np.maximum(units.cast, 1))
    x = comparison_values(np.repeat(means, len(h)), np.tile(h, len(means)), margin, upper)
    rounded, place = np.unique(np.round(x, 4), return_inverse=True)
    counts: Floats = np.bincount(place.ravel(), weights=units.figures.ravel()).astype(np.float64)
    return rounded, counts


def _regions(units: Units, parts: Parts, test: RiskTest, risk_limit: float, level: str) -> int:
    """Draws in all, shared out by weight, until the combined risk meets the limit if no sheet differs."""
    depth = region_depth(level, units.levels)
    weights = [float(parts.weight[places].sum()) / UNIT for places in regions(units, depth).values()]
    total, share = sum(weights), test.share
    assert share is not None

    def risk(draws: int) -> float:
        strata = [Stratum(x=np.ones(ceil(draws * weight / total)), total=weight) for weight in weights if weight > 0]
        return stratified_risk(strata, share, "product")

    first = ceil(total * -log(risk_limit))
    return _least(lambda draws: risk(draws) <= risk_limit, first, 1024 * first)


def _least(enough: Callable[[int], bool], start: int, most: int) -> int:
    """Within a half per cent, the least number for which `enough` is true, taken to be true of all greater ones."""
    high = max(start, 1)
    while not enough(high):
        high *= 2
        if high > most:
            raise VeedorError(NEVER)
    low = 0
    while high - low > max(1, high // 200):
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
