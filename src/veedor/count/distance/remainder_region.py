"""Votes that give an allocation by largest remainders while exactly certain choices pass the threshold.

They are the whole points of a convex region in few unknowns: the whole total (it sets the threshold), the price of a
seat (it is set by the total of those that pass) and the level of claims that separates seats given from seats not
given (see nearest_seats). Hence

  1. without rounding, the least number of votes is the least point of a convex function: nothing below it fits;
  2. whole numbers are tried upward from there, each with the prices that the region allows, until votes fit.

A price is the total of those inside for the Hare quota (a quota times the seats), and a quota for Droop's.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from itertools import count

from veedor.count.distance.change import change_to, fitted
from veedor.count.distance.remainder_target import Found, Wanted
from veedor.count.distance.search import (
    first_not_positive,
    first_not_positive_by_lines,
    first_true,
    last_not_negative,
    last_true,
    least_point_by_lines,
)

STEPS = 4_000
"""Pairs of a total and a price tried for one set of choices before its search is given up; Found.exact says so."""
FINE = 1 << 64
"""Steps between two whole prices where nothing is rounded: far finer than the corners of a region lie apart."""


@dataclass(frozen=True)
class Region:
    """The votes that give the seats sought while exactly the choices `inside` pass the threshold.

    loose: the others may pass it or not. Such a region only bounds (lower_bound): it holds those of every set.
    """

    wanted: Wanted
    inside: tuple[bool, ...]
    loose: bool = False

    @cached_property
    def ours(self) -> list[int]:
        """Votes of those inside."""
        return [v for v, i in zip(self.wanted.votes, self.inside, strict=True) if i]

    @cached_property
    def others(self) -> list[int]:
        """Votes of those outside."""
        return [v for v, i in zip(self.wanted.votes, self.inside, strict=True) if not i]

    @cached_property
    def pairs(self) -> list[tuple[int, int]]:
        """Votes and seats of those inside."""
        return list(zip(self.ours, (s for s, i in zip(self.wanted.seats, self.inside, strict=True) if i), strict=True))

    @cached_property
    def hare(self) -> bool:
        """True if the quota is Hare's, not Droop's."""
        return self.wanted.rule.quota == "hare"

    @cached_property
    def scale(self) -> int:
        """Factor by which claims are multiplied so that levels are whole numbers."""
        return self.wanted.rule.seats if self.hare else 1

    # --- the search --------------------------------------------------------------------------------------------------

    def lower_bound(self, bound: int, most: int) -> int | None:
        """A number of votes, at least `bound`, below which nothing fits; None where nothing up to `most` does."""
        return first_not_positive_by_lines(lambda k: self._least_lack(self.wanted.whole(k)), bound, most, 1)

    def least(self, bound: int, most: int) -> Found:
        """The least change of at least `bound` and at most `most` votes."""
        return self._by_moving(most) if self.wanted.how == "move" else self._by_total(bound, most)

    def _by_total(self, bound: int, most: int) -> Found:
        first, tried = self.lower_bound(bound, most), 0
        if first is None:
            return Found(None)
        for number in range(first, most + 1):
            if self._least_lack(self.wanted.whole(number)) > 0:
                break
            total = self.wanted.whole(number)
            for price in self._prices(total):
                after = self._fit(total, price)
                if after is not None:
                    return Found(change_to(self.wanted.votes, after))
                tried += 1
                if tried > STEPS:
                    return Found(None, exact=False)
            tried += 1
        return Found(None)

    def _by_moving(self, most: int) -> Found:
        total, best, tried = self.wanted.total, None, 0
        spread = self._spread(total)
        if spread is None:
            return Found(None)
        middle = least_point_by_lines(cache(lambda price: int(self._moved(price) * FINE)), *spread)
        sides = [iter(range(middle, spread[1] + 1)), iter(range(middle - 1, spread[0] - 1, -1))]
        while sides:
            for side in list(sides):
                price = next(side, None)
                if price is None or self._moved(price) > most:
                    sides.remove(side)
                    continue
                after = self._fit(total, price)
                change = None if after is None else change_to(self.wanted.votes, after)
                if change is not None and change.votes <= most:
                    best, most = change, change.votes - 1
                tried += 1
                if tried > STEPS:
                    return Found(best, exact=False)
        return Found(best)

    def _prices(self, total: int) -> Iterator[int]:
        """Prices at which votes may fit, from the middle outward."""
        spread = self._spread(total)
        if spread is None:
            return
        low, high = spread
        middle = (low + high) // 2
        for step in count():
            if middle + step > high and middle - step < low:
                return
            if middle + step <= high:
                yield middle + step
            if step and middle - step >= low:
                yield middle - step

    def _spread(self, total: int) -> tuple[int, int] | None:
        """The least and the greatest price at which votes of this total may fit."""

        def lack(price: int) -> int:
            return self._lack(total, price, 1)

        first = first_not_positive(lack, *self._price_range(total))
        if first is None:
            return None
        last = last_not_negative(lambda price: -lack(price), first, self._price_range(total)[1])
        return first, first if last is None else last

    def _least_lack(self, total: int) -> int:
        """Zero or less if the region without rounding holds votes of this total; within 1, in units below 1 / 2**40."""
        lack = cache(lambda price: self._lack(total, price, FINE))
        # Every price up to the total: narrower bounds in whole prices would not be convex in the total.
        return lack(least_point_by_lines(lack, FINE, (total + 1) * FINE)) >> 24

    def _price_range(self, total: int) -> tuple[int, int]:
        """Prices outside of which the votes of those inside do not add up."""
        least, most = self._outside(self.wanted.line(total) - 1, 1)
        low, high, step = max(0, total - most), max(0, total - least), self.wanted.rule.seats + 1
        return (max(1, low), max(1, high)) if self.hare else (low // step + 1, high // step + 1)

    # --- the region without rounding ---------------------------------------------------------------------------------

    @cached_property
    def share(self) -> tuple[int, int, int]:
        """The threshold's share p / q, and whether it must be passed."""
        line = self.wanted.rule.threshold
        return (0, 1, 0) if line is None else (line.share.numerator, line.share.denominator, int(line.strict))

    def _lines(self, total: int, fine: int) -> tuple[int, int]:
        """The least votes of those inside and the most of those outside, in units of 1 / (scale x q)."""
        p, q, strict = self.share
        if fine == 1:
            line = self.wanted.line(total)
            return line * q * self.scale, (line - 1) * q * self.scale
        exact = p * (total + self.wanted.extra) + strict
        return max(q, exact) * self.scale, max(0, exact - 1) * self.scale

    def _outside(self, high: int, unit: int) -> tuple[int, int]:
        """The least and the most votes of all those outside together."""
        if self.wanted.how == "remove":
            return 0, sum(min(v * unit, high) for v in self.others)
        return sum(self.others) * unit if self.wanted.how == "add" else 0, len(self.others) * high

    def _lack(self, total: int, price: int, fine: int) -> int:
        """Zero or less where the region holds votes of this total at this price; convex in both.

        The price is in steps of 1 / fine; with fine = 1 the threshold is rounded to whole votes.
        """
        how, q, more = self.wanted.how, self.share[1], self.wanted.rule.seats + 1
        unit, one = q * self.scale * fine, q * fine
        low, high = (number * fine for number in self._lines(total, fine))
        least, most = self._outside(high, unit)
        block = (price * q * self.scale,) * 2 if self.hare else ((price - fine) * more * q, price * more * q - unit)
        if self.loose:
            least = sum(self.others) * unit if how == "add" else 0
        bottom, top = max(block[0], total * unit - most), min(block[1], total * unit - least)
        level = max((max(low, v * unit) if how == "add" else low) - q * s * price for v, s in self.pairs) + one
        need = sum(
            max(low, v * unit if how == "add" else 0, level + q * (s - 1) * price if s else 0) for v, s in self.pairs
        )
        if self.loose:
            seated = min(v * unit - q * (s - 1) * price for v, s in self.pairs) if how == "remove" else level
            return max(need - min(block[1], total * unit - least), block[0] - total * unit, level - seated)
        terms = [need - top, bottom - top]
        if how == "add":
            terms.append(max(self.others, default=0) * unit - high if self.others else 0)
        elif how == "remove":
            highest = min(v * unit - q * (s - 1) * price for v, s in self.pairs if s)
            room = sum(min(v * unit, highest + q * s * price - one) for v, s in self.pairs)
            terms += [low - min(self.ours) * unit, level - highest, bottom - room]
        return max(terms)

    def _moved(self, price: int) -> Fraction:
        """The fewest votes moved at a price without rounding."""
        total, unit = self.wanted.total, self.scale
        line = self.wanted.line(total)
        own, theirs = self._shift(total, price)

        def gains(level: int) -> int:
            return own * unit + sum(
                max(0, max(line * unit, level + (s - 1) * price if s else 0) - v * unit) for v, s in self.pairs
            )

        def losses(level: int) -> int:
            return theirs * unit + sum(max(0, v * unit - (level + s * price - 1)) for v, s in self.pairs)

        lowest = max(line * unit - s * price for _, s in self.pairs) + 1
        cross = first_true(
            lambda level: gains(level) >= losses(level), lowest, max(lowest, 4 * unit * (total + 1) + price)
        )
        if cross is None or cross == lowest:
            return Fraction(gains(lowest), unit)
        # Both are straight between two whole levels: the point where they meet.
        before, after = losses(cross - 1) - gains(cross - 1), gains(cross) - losses(cross)
        rise = Fraction(before, before + after) * (gains(cross) - gains(cross - 1))
        return (gains(cross - 1) + rise) / unit

    # --- whole votes -------------------------------------------------------------------------------------------------

    def _totals(self, total: int, price: int) -> tuple[int, int]:
        """The least and the most votes of those inside."""
        more = self.wanted.rule.seats + 1
        least, most = self._outside(self.wanted.line(total) - 1, 1)
        block = (price, price) if self.hare else (more * (price - 1), more * price - 1)
        return max(block[0], total - most), min(block[1], total - least)

    def _shift(self, total: int, price: int) -> tuple[int, int]:
        """By moving: votes that those outside gain; votes that leave those outside or come inside on balance."""
        if self.wanted.how != "move":
            return 0, 0
        line, (bottom, top) = self.wanted.line(total), self._totals(total, price)
        fall = sum(max(0, v - line + 1) for v in self.others)
        balance = min(max(fall, bottom - sum(self.ours)), top - sum(self.ours))
        return max(0, fall - balance), max(balance, fall)

    def _fit(self, total: int, price: int) -> tuple[int, ...] | None:
        """The votes of this total and price with the least change."""
        how, line, own = self.wanted.how, self.wanted.line(total), sum(self.ours)
        bottom, top = self._totals(total, price)
        if bottom > top or (how == "add" and any(v >= line for v in self.others)):
            return None
        limits = self._limits_at(price, line)
        level = self._level(price, limits, (bottom, top), self._shift(total, price))
        if level is None:
            return None
        low, high = limits(level)
        fall = sum(max(0, v - line + 1) for v in self.others) if how == "move" else 0
        inside = min(max(own + fall, bottom, sum(low)), top, sum(high))
        ours = iter(fitted(self.ours, low, high, inside))
        floor = self.others if how == "add" else [0] * len(self.others)
        ceiling = [min(v, line - 1) if how == "remove" else line - 1 for v in self.others]
        theirs = iter(fitted(self.others, floor, ceiling, total - inside))
        return tuple(next(ours if here else theirs) for here in self.inside)

    def _limits_at(self, price: int, line: int) -> Callable[[int], tuple[list[int], list[int]]]:
        """level -> the least and the most votes of each of those inside."""
        how = self.wanted.how

        def limits(level: int) -> tuple[list[int], list[int]]:
            low = [max(line, -(-(level + (s - 1) * price) // self.scale) if s else 0) for _, s in self.pairs]
            high = [-(-(level + s * price) // self.scale) - 1 for _, s in self.pairs]
            if how == "add":
                low = [max(a, v) for a, v in zip(low, self.ours, strict=True)]
            elif how == "remove":
                high = [min(b, v) if b >= a else b for a, b, v in zip(low, high, self.ours, strict=True)]
            return low, high

        return limits

    def _level(
        self,
        price: int,
        limits: Callable[[int], tuple[list[int], list[int]]],
        totals: tuple[int, int],
        shift: tuple[int, int],
    ) -> int | None:
        """The level at which votes within the limits can be had with the fewest gained or lost."""
        lowering = self.wanted.how == "remove"

        def gains(level: int) -> int:
            return shift[0] + sum(max(0, a - v) for a, v in zip(limits(level)[0], self.ours, strict=True))

        def losses(level: int) -> int:
            return shift[1] + sum(max(0, v - b) for b, v in zip(limits(level)[1], self.ours, strict=True))

        def wide(level: int) -> bool:
            low, high = limits(level)
            fit = all(b >= a or (lowering and b >= v) for a, b, v in zip(low, high, self.ours, strict=True))
            return fit and sum(high) >= totals[0]

        def narrow(level: int) -> bool:
            low, _ = limits(level)
            return sum(low) <= totals[1] and (not lowering or all(a <= v for a, v in zip(low, self.ours, strict=True)))

        lowest = 1 if self.hare else -self.wanted.rule.seats
        if price < self.scale:  # bounds at a level may contradict one another
            levels = [level for level in range(lowest, 2 * price + 1) if wide(level) and narrow(level)]
            return min(levels, key=lambda level: max(gains(level), losses(level)), default=None)
        first, last = first_true(wide, lowest, 2 * price), last_true(narrow, lowest, 2 * price)
        if first is None or last is None or first > last:
            return None
        cross = first_true(lambda level: gains(level) >= losses(level), first, last)
        near = [last] if cross is None else [max(first, cross - 1), cross]
        return min(near, key=lambda level: max(gains(level), losses(level)))
