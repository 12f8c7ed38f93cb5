"""Whole votes of a region at one total and one price: those with the least change.

At a level of claims each choice's votes lie within limits, and both limits rise with the level (see remainder_region):
a higher one has more votes gained and fewer lost. The level sought is where gains and losses meet, as far as the votes
then add up; within its limits the votes are moved as little as can be.
"""

from collections.abc import Callable
from functools import partial

from veedor.count.distance.change import fitted
from veedor.count.distance.remainder_region import Region, moved_outside, votes_inside
from veedor.count.distance.search import first_true, last_true

Limits = Callable[[int], tuple[list[int], list[int]]]
"""level -> the least and the most votes of each of those inside."""


def votes_at(region: Region, total: int, price: int) -> tuple[int, ...] | None:
    """The votes of this total and price with the least change; None where none fit."""
    how, line = region.how, region.wanted.line(total)
    bottom, top = votes_inside(region, total, price)
    if bottom > top or (how == "add" and any(v >= line for v in region.others)):
        return None
    limits = partial(_limits, region, price, line)
    level = _level(region, price, limits, (bottom, top), moved_outside(region, total, price))
    if level is None:
        return None
    low, high = limits(level)
    fall = sum(max(0, v - line + 1) for v in region.others) if how == "move" else 0
    inside = min(max(sum(region.ours) + fall, bottom, sum(low)), top, sum(high))
    ours = iter(fitted(region.ours, low, high, inside))
    floor = region.others if how == "add" else [0] * len(region.others)
    ceiling = [min(v, line - 1) if how == "remove" else line - 1 for v in region.others]
    theirs = iter(fitted(region.others, floor, ceiling, total - inside))
    return tuple(next(ours if here else theirs) for here in region.inside)


def _limits(region: Region, price: int, line: int, level: int) -> tuple[list[int], list[int]]:
    """The least and the most votes of each of those inside at a level."""
    low = [max(line, -(-(level + (s - 1) * price) // region.scale) if s else 0) for _, s in region.pairs]
    high = [-(-(level + s * price) // region.scale) - 1 for _, s in region.pairs]
    if region.how == "add":
        low = [max(least, v) for least, v in zip(low, region.ours, strict=True)]
    elif region.how == "remove":
        # Limits that contradict each other are left so: `_level` has to see that this level is too low.
        high = [min(most, v) if most >= least else most for least, most, v in zip(low, high, region.ours, strict=True)]
    return low, high


def _level(region: Region, price: int, limits: Limits, totals: tuple[int, int], outside: tuple[int, int]) -> int | None:
    """The level at which votes within the limits can be had with the fewest gained or lost.

    totals: the least and the most votes inside; outside: what those outside gain and lose.
    """
    ours, removing = region.ours, region.how == "remove"

    def gains(level: int) -> int:
        return outside[0] + sum(max(0, least - v) for least, v in zip(limits(level)[0], ours, strict=True))

    def losses(level: int) -> int:
        return outside[1] + sum(max(0, v - most) for most, v in zip(limits(level)[1], ours, strict=True))

    def cost(level: int) -> int:
        return max(gains(level), losses(level))

    def high_enough(level: int) -> bool:
        low, high = limits(level)
        fit = all(b >= a or (removing and b >= v) for a, b, v in zip(low, high, ours, strict=True))
        return fit and sum(high) >= totals[0]

    def low_enough(level: int) -> bool:
        low, _ = limits(level)
        return sum(low) <= totals[1] and (not removing or all(a <= v for a, v in zip(low, ours, strict=True)))

    lowest, highest = 1 if region.hare else -region.wanted.rule.seats, 2 * price
    if price < region.scale:  # so few votes that limits at a level may contradict one another: no search can halve
        return min((n for n in range(lowest, highest + 1) if high_enough(n) and low_enough(n)), key=cost, default=None)
    first, last = first_true(high_enough, lowest, highest), last_true(low_enough, lowest, highest)
    if first is None or last is None or first > last:
        return None
    cross = first_true(lambda level: gains(level) >= losses(level), first, last)
    return min([last] if cross is None else [max(first, cross - 1), cross], key=cost)
