"""The least change into one region (remainder_region), exact.

  1. without rounding, the least number of votes is the least point of a convex function: nothing below it fits;
  2. whole numbers are tried upward from there, each with the prices that the region allows, until votes fit.

By moving the total stays, and prices alone are tried: outward from the one that takes the fewest votes.
"""

from collections.abc import Iterator
from functools import cache
from itertools import count

from veedor.count.distance.change import Change, change_to
from veedor.count.distance.remainder_region import FINE, Region, lack, least_lack, least_moved, price_range
from veedor.count.distance.remainder_target import Found
from veedor.count.distance.remainder_votes import votes_at
from veedor.count.distance.search import (
    first_not_positive,
    first_not_positive_by_lines,
    last_not_negative,
    least_point_by_lines,
)

STEPS = 4_000
"""Pairs of a total and a price tried for one set of choices before its search is given up; Found.exact says so."""


def lower_bound(region: Region, bound: int, most: int) -> int | None:
    """A number of votes, at least `bound`, below which nothing fits; None where nothing up to `most` does."""
    return first_not_positive_by_lines(lambda k: least_lack(region, region.wanted.whole(k)), bound, most, 1)


def least_into(region: Region, bound: int, most: int) -> Found:
    """The least change of at least `bound` and at most `most` votes."""
    return _by_moving(region, most) if region.how == "move" else _by_total(region, bound, most)


def _by_total(region: Region, bound: int, most: int) -> Found:
    first, tried = lower_bound(region, bound, most), 0
    if first is None:
        return Found(None)
    for number in range(first, most + 1):
        total = region.wanted.whole(number)
        if least_lack(region, total) > 0:  # convex: once past the region, all further totals are
            break
        for price in _prices(region, total):
            after = votes_at(region, total, price)
            if after is not None:
                return Found(change_to(region.wanted.votes, after))
            tried += 1
            if tried > STEPS:
                return Found(None, exact=False)
        tried += 1
    return Found(None)


def _by_moving(region: Region, most: int) -> Found:
    total, tried = region.wanted.total, 0
    best: Change | None = None
    spread = _spread(region, total)
    if spread is None:
        return Found(None)
    middle = least_point_by_lines(cache(lambda price: int(least_moved(region, price) * FINE)), *spread)
    sides = [iter(range(middle, spread[1] + 1)), iter(range(middle - 1, spread[0] - 1, -1))]
    while sides:
        for side in list(sides):
            price = next(side, None)
            # Convex: once a price takes more than the best found, so do all beyond it on its side.
            if price is None or least_moved(region, price) > most:
                sides.remove(side)
                continue
            after = votes_at(region, total, price)
            change = None if after is None else change_to(region.wanted.votes, after)
            if change is not None and change.votes <= most:
                best, most = change, change.votes - 1
            tried += 1
            if tried > STEPS:
                return Found(best, exact=False)
    return Found(best)


def _prices(region: Region, total: int) -> Iterator[int]:
    """Prices at which votes may fit, from the middle outward: rounding leaves least room at the ends."""
    spread = _spread(region, total)
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


def _spread(region: Region, total: int) -> tuple[int, int] | None:
    """The least and the greatest price at which votes of this total may fit."""

    def of_price(price: int) -> int:
        return lack(region, total, price, 1)

    low, high = price_range(region, total)
    first = first_not_positive(of_price, low, high)
    if first is None:
        return None
    last = last_not_negative(lambda price: -of_price(price), first, high)
    return first, first if last is None else last
