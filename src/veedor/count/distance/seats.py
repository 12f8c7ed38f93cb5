"""The fewest votes that bring a given allocation of seats, exact; largest remainders here have no threshold.

An allocation is the only one possible when some level of claims separates the seats given from those not given: every
choice's claim to its last seat is at least the level, and its claim to a next seat is below it (Pukelsheim 2017,
section 4.6). At a level t (a whole number, claims being scaled to whole numbers) each choice's votes lie within
low..high, and both rise with t. A choice without a seat may also stay below the threshold instead. So:

  move    t where votes to be gained and votes to be given up cross; the sum stays
  add     the least t whose upper bounds nobody exceeds; remove: the greatest whose lower bounds all meet

Where a bound depends on the total itself (thresholds; the quota of largest remainders) the least total is found by
going up from a lower bound that is proved for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import lcm

from veedor.count.distance.change import Change, How, change_to, fitted
from veedor.count.distance.search import first_not_positive, first_true, last_true
from veedor.count.distance.two_round import at_least
from veedor.count.seats import SeatRule, divisor
from veedor.election import HighestAverages

MANY = 232_792_560 * 1_000
"""A large number that everything up to 20 divides."""
STEPS = 2_000
"""Totals tried one by one before the search is given up; met only by thresholds that together leave no room."""


@dataclass(frozen=True)
class Sought:
    """The allocation sought. extra: blank and null votes where the threshold is of ballots cast."""

    rule: SeatRule
    votes: tuple[int, ...]
    seats: tuple[int, ...]
    extra: int

    def threshold(self, total: int) -> int:
        """The fewest votes with which a choice takes part, at least 1."""
        line = self.rule.threshold
        return 1 if line is None else max(1, at_least(line, total + self.extra))

    @cached_property
    def divisors(self) -> tuple[tuple[int, int], ...]:
        """Divisors of each choice's last seat and of its next, for highest averages."""
        assert isinstance(self.rule, HighestAverages)
        rule = self.rule
        return tuple((divisor(rule, s) if s else 0, divisor(rule, s + 1)) for s in self.seats)

    @cached_property
    def scale(self) -> int:
        """Factor by which claims are multiplied so that levels are whole numbers."""
        if isinstance(self.rule, HighestAverages):
            rule = self.rule
            return lcm(*(divisor(rule, s) for s in self.seats if s))
        return self.rule.seats if self.rule.quota == "hare" else 1

    def price(self, total: int) -> int:
        """A seat's quota times the scale."""
        assert not isinstance(self.rule, HighestAverages)
        return total if self.rule.quota == "hare" else total // (self.rule.seats + 1) + 1

    def levels(self, total: int) -> tuple[int, int]:
        """Levels outside of which no allocation lies."""
        if isinstance(self.rule, HighestAverages):
            return 1, self.scale * (total + 1)
        price = self.price(total)
        return (1 if total >= self.rule.seats * (self.rule.seats + 1) else -price * self.rule.seats), price * 2

    def tiny(self, total: int) -> bool:
        """True if there are so few votes for each seat that the bounds at a level can contradict one another."""
        return total <= 16 * (self.rule.seats + len(self.votes))

    def all_levels(self, total: int) -> Sequence[int]:
        """Every level that can separate an allocation of few votes."""
        if isinstance(self.rule, HighestAverages):
            steps = {self.scale // divisor(self.rule, s) for s in self.seats if s}
            return sorted({step * number for step in steps for number in range(1, total + 1)})
        bottom, top = self.levels(total)
        return range(bottom, top + 1)

    def bounds(self, level: int, total: int) -> tuple[list[int], list[int]]:
        """The least and the most votes of each choice at a level, where the valid votes are `total`."""
        line, scale = self.threshold(total), self.scale
        if isinstance(self.rule, HighestAverages):
            lows = [-(-level * last // scale) for last, _ in self.divisors]
            highs = [-(-level * following // scale) - 1 for _, following in self.divisors]
        else:
            price = self.price(total)
            lows = [-(-(level + (s - 1) * price) // scale) if s else 0 for s in self.seats]
            highs = [-(-(level + s * price) // scale) - 1 for s in self.seats]
        low = [max(number, line) if s else 0 for number, s in zip(lows, self.seats, strict=True)]
        high = [number if s else max(number, line - 1) for number, s in zip(highs, self.seats, strict=True)]
        return low, high


def nearest_seats(sought: Sought, how: How) -> Change | None:
    """The least change after which exactly the seats sought are given, without a tie."""
    if how == "move":
        return _by_moving(sought)
    if sought.rule.threshold is not None and not _at_any_size(sought):
        return None
    return _by_total(sought, 1 if how == "add" else -1)


def _at_any_size(sought: Sought) -> bool:
    """True if some votes at all give the seats sought: an allocation of votes v is one of k v votes too.

    So one that no very large total allows is allowed by none: a choice that only just meets a threshold of 3 % has
    three of 100 seats, never one.
    """
    total = (sum(sought.votes) + 1) * MANY
    for extra in {0, sought.extra * MANY}:
        large = Sought(sought.rule, (total, *(0 for _ in sought.votes[1:])), sought.seats, extra)
        if _by_moving(large) is not None:
            return True
    return False


def _by_moving(sought: Sought) -> Change | None:
    votes, total = sought.votes, sum(sought.votes)
    if total == 0:
        return None

    def gained(level: int) -> int:
        return sum(max(0, a - v) for a, v in zip(sought.bounds(level, total)[0], votes, strict=True))

    def lost(level: int) -> int:
        return sum(max(0, v - b) for b, v in zip(sought.bounds(level, total)[1], votes, strict=True))

    def wide(level: int) -> bool:
        low, high = sought.bounds(level, total)
        return sum(high) >= total and _open(low, high)

    def narrow(level: int) -> bool:
        return sum(sought.bounds(level, total)[0]) <= total

    if sought.tiny(total):
        candidates = [level for level in sought.all_levels(total) if wide(level) and narrow(level)]
    else:
        bottom, top = sought.levels(total)
        first, last = first_true(wide, bottom, top), last_true(narrow, bottom, top)
        if first is None or last is None or first > last:
            return None
        crossing = first_true(lambda level: gained(level) >= lost(level), first, last)
        candidates = [last] if crossing is None else [level for level in (crossing - 1, crossing) if level >= first]
    if not candidates:
        return None
    low, high = sought.bounds(min(candidates, key=lambda level: max(gained(level), lost(level))), total)
    return change_to(votes, fitted(votes, low, high, total))


def _open(low: Sequence[int], high: Sequence[int]) -> bool:
    return all(a <= b for a, b in zip(low, high, strict=True))


def _by_total(sought: Sought, sign: int) -> Change | None:
    """By adding (sign 1) or removing (-1): the first number of votes that fits."""
    total, number = sum(sought.votes), _lower_bound(sought, sign)
    if number is None:
        return None
    for _ in range(STEPS):
        if total + sign * number < 1:
            if sign < 0:
                return None
            number = 1
        after = _fit(sought, total + sign * number, sign)
        if after is not None:
            return change_to(sought.votes, after)
        number = max(number + 1, _jump(sought, total + sign * number, sign))
    return None


def _fit(sought: Sought, total: int, sign: int) -> tuple[int, ...] | None:
    """Votes of that total, all of them at least (sign 1) or at most (-1) those before."""
    votes = sought.votes

    def limits(level: int) -> tuple[list[int], list[int]]:
        low, high = sought.bounds(level, total)
        if sign > 0:
            return [max(a, v) for a, v in zip(low, votes, strict=True)], high
        return low, [min(b, v) for b, v in zip(high, votes, strict=True)]

    def high_enough(level: int) -> bool:
        low, high = sought.bounds(level, total)
        return _open(low, high) and sum(limits(level)[1]) >= total and (sign < 0 or _open(votes, high))

    def low_enough(level: int) -> bool:
        low, _ = limits(level)
        return sum(low) <= total and (sign > 0 or _open(low, votes))

    if sought.tiny(total):
        first = next((t for t in sought.all_levels(total) if high_enough(t) and low_enough(t)), None)
    else:
        bottom, top = sought.levels(max(total, sum(votes)))
        first, last = first_true(high_enough, bottom, top), last_true(low_enough, bottom, top)
        if first is not None and (last is None or first > last):
            first = None
    return None if first is None else fitted(votes, *limits(first), total)


def _jump(sought: Sought, total: int, sign: int) -> int:
    """A number of votes below which nothing fits, given that the present total does not; 0 where none is proved.

    Highest averages only. Adding raises the threshold: the votes that choices with seats lack at the present level can
    only grow until another choice without a seat falls below the threshold. Removing lowers it: the votes that choices
    without a seat must give up can only grow.
    """
    if not isinstance(sought.rule, HighestAverages):
        return 0
    bottom, top = sought.levels(max(total, sum(sought.votes)))
    votes = sought.votes
    if sign > 0:
        level = first_true(
            lambda t: all(v <= b for v, b in zip(votes, sought.bounds(t, total)[1], strict=True)), bottom, top
        )
        if level is None:
            return 0
        need = sum(max(0, a - v) for a, v in zip(sought.bounds(level, total)[0], votes, strict=True))
        return min([need, *_releases(sought, total)])
    level = last_true(
        lambda t: all(a <= v for a, v in zip(sought.bounds(t, total)[0], votes, strict=True)), bottom, top
    )
    if level is None:
        return 0
    return sum(max(0, v - b) for b, v in zip(sought.bounds(level, total)[1], votes, strict=True))


def _releases(sought: Sought, total: int) -> list[int]:
    """Votes added at which the threshold first passes a choice without a seat that takes part at the present total."""
    line = sought.rule.threshold
    if line is None:
        return []
    base, found = sum(sought.votes), []
    for number, seats in zip(sought.votes, sought.seats, strict=True):
        if seats or number < sought.threshold(total):
            continue
        most = (number + 1) * line.share.denominator // max(1, line.share.numerator) + 1
        least = first_true(lambda t, number=number: sought.threshold(t) > number, total, max(total, most))  # type: ignore[misc]
        if least is not None:
            found.append(least - base)
    return found


def _lower_bound(sought: Sought, sign: int) -> int | None:
    """A number of votes below which nothing fits; None if nothing ever does."""
    if sign < 0 and any(s and not v for v, s in zip(sought.votes, sought.seats, strict=True)):
        return None
    if not isinstance(sought.rule, HighestAverages):
        return 0 if sum(sought.votes) <= STEPS else _lower_bound_of_quotas(sought, sign)
    if sought.rule.threshold is None:
        return 0
    return _lower_bound_of_threshold(sought, sign)


def _lower_bound_of_threshold(sought: Sought, sign: int) -> int | None:
    """Until every choice with seats meets the threshold of the total there is then."""
    line = sought.rule.threshold
    assert line is not None
    total, p, q = sum(sought.votes), line.share.numerator, line.share.denominator
    seated = [v for v, s in zip(sought.votes, sought.seats, strict=True) if s]
    if sign < 0:
        return first_true(lambda r: min(seated) >= sought.threshold(total - r), 0, total - 1)

    def missing(number: int) -> int:
        wanted = p * (total + number + sought.extra) + line.strict
        return sum(max(q * v, wanted) for v in seated) + q * (total - sum(seated)) - q * (total + number)

    furthest = q * total + len(seated) * (p * (total + sought.extra) + 1) + 1
    return first_not_positive(missing, 0, furthest)


def _lower_bound_of_quotas(sought: Sought, sign: int) -> int | None:
    """Largest remainders: the votes needed less the votes changed is convex in the quota, but for rounding."""
    rule, votes, total = sought.rule, sought.votes, sum(sought.votes)
    assert not isinstance(rule, HighestAverages)
    scale, seats = sought.scale, sought.seats
    pairs = list(zip(votes, seats, strict=True))
    per_price = 1 if rule.quota == "hare" else rule.seats + 1

    def missing(price: int) -> int:
        """Scaled votes that are needed at this price of a seat, less all that the price allows."""
        if sign > 0:
            level = max(scale * v - s * price for v, s in pairs if v) + 1
            need = sum(max(0, level + (s - 1) * price - scale * v) for v, s in pairs if s)
            most = price if rule.quota == "hare" else price * per_price - 1
            return need - scale * (most - total)
        level = min(scale * v - (s - 1) * price for v, s in pairs if s)
        need = sum(max(0, scale * v - (level + s * price - 1)) for v, s in pairs)
        least = price if rule.quota == "hare" else (price - 1) * per_price
        return need - scale * (total - least)

    now = sought.price(total)
    if sign > 0:
        price = first_not_positive(missing, now, now + 4 * total * (rule.seats + 1))
        if price is None or rule.quota == "hare":
            return None if price is None else max(0, price - total)
        # Within one Droop quota the votes needed are the same.
        return max(0, (price - 1) * per_price - total, missing(price) + price * per_price - 1 - total)
    steps = first_not_positive(lambda step: missing(now - step), 0, now - 1)
    if steps is None:
        return None
    price = now - steps
    if rule.quota == "hare":
        return max(0, total - price)
    return max(0, total - price * per_price + 1, missing(price) + total - (price - 1) * per_price)
