"""Exact searches over whole numbers: monotone predicates and convex functions."""

from collections.abc import Callable

Predicate = Callable[[int], bool]
Cost = Callable[[int], int]


def first_true(predicate: Predicate, low: int, high: int) -> int | None:
    """The least number in low..high for which a predicate that never turns false again is true."""
    if low > high or not predicate(high):
        return None
    while low < high:
        middle = (low + high) // 2
        if predicate(middle):
            high = middle
        else:
            low = middle + 1
    return low


def last_true(predicate: Predicate, low: int, high: int) -> int | None:
    """The greatest number in low..high for which a predicate that never turns true again is true."""
    found = first_true(lambda number: predicate(-number), -high, -low)
    return None if found is None else -found


def least_point(cost: Cost, low: int, high: int) -> int:
    """The least number in low..high at which a convex function is smallest."""
    while low < high:
        middle = (low + high) // 2
        if cost(middle + 1) >= cost(middle):
            high = middle
        else:
            low = middle + 1
    return low


def first_not_positive(cost: Cost, low: int, high: int) -> int | None:
    """The least number in low..high at which a convex function is zero or less."""
    if low > high:
        return None
    bottom = least_point(cost, low, high)
    return first_true(lambda number: cost(number) <= 0, low, bottom)


def last_not_negative(gain: Cost, low: int, high: int) -> int | None:
    """The greatest number in low..high at which a concave function is zero or more."""
    found = first_not_positive(lambda number: -gain(-number), -high, -low)
    return None if found is None else -found


def least_point_by_lines(cost: Cost, low: int, high: int) -> int:
    """A number in low..high at which a convex function is smallest; few steps where it has few straight pieces.

    The lines that touch it at both ends meet near the least point; every other step halves.
    """
    halve = False
    while high - low > 2:
        first, last = cost(low), cost(high)
        fall, rise = first - cost(low + 1), last - cost(high - 1)
        if fall <= 0 or rise <= 0:
            return low if fall <= 0 else high
        meet = low + (first - last + rise * (high - low)) // (fall + rise)
        middle = (low + high) // 2 if halve else min(max(meet, low + 1), high - 2)
        halve = not halve
        if cost(middle + 1) >= cost(middle):
            high = middle
        else:
            low = middle + 1
    return min(range(low, high + 1), key=cost)


def first_not_positive_by_lines(cost: Cost, low: int, high: int, error: int = 0) -> int | None:
    """As first_not_positive, by lines that touch a convex function from below; for costs known to within `error`."""
    while low <= high:
        now = cost(low)
        if now <= 0:
            return low
        if low == high:
            return None
        fall = now - cost(low + 1)
        if fall <= -error:
            return None
        low += max(1, now // (fall + error + 1))
    return None
