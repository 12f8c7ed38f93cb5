"""How many draws the rounds of a plan take where nobody says: a fifth more than if nothing differs, then 2 and 4 times.

For ballots read alone, or compared with their sheet's totals, chance decides even if the report is right: there the
first round is a half more than the draws in which the best fixed bet grows to 1 / risk limit on average.
"""

from collections.abc import Callable
from math import ceil, log

import numpy as np

from veedor.audit.planning.ballot_sizes import best_growth, draws_at
from veedor.audit.protocol.by_kind import Parts
from veedor.audit.protocol.plan import BALLOT_KINDS, Kind, RiskTest
from veedor.audit.rounds.ballots import bet_of
from veedor.audit.rounds.regions import region_depth, regions
from veedor.audit.statistics.ballot_values import comparison_null
from veedor.audit.statistics.martingale import Bet, Null, wealth
from veedor.audit.statistics.sample_sizes import equal_probability_null
from veedor.audit.statistics.sheet_comparison import UNIT
from veedor.audit.statistics.stratified import Stratum, stratified_risk
from veedor.audit.units import Units
from veedor.errors import VeedorError

GROWTH, GROWTH_OF_CHANCE = 1.2, 1.5
NEVER = "this test never meets the risk limit here; choose another test or count all ballots"


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
        growth = min(best_growth(kind, one, units, parts.tally, parts.ballots) for one in parts.assertions)
        return _grown(draws_at(growth, risk_limit, most), GROWTH_OF_CHANCE, most)
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
