"""Seats from votes: each seat in turn goes to the choice with the largest claim. Exact integers throughout.

Highest averages (D'Hondt, Sainte-Laguë): the claim to a k-th seat is votes / divisor(k), with divisors 1, 2, 3, ...
or 1, 3, 5, ... Largest remainder: the claim to a k-th seat is what is left of the votes when a quota has been taken
off for each of the k - 1 seats before it; giving the seats one by one to the largest claim is the same as giving
whole quotas first and the rest by largest remainders. Hare quota: votes / seats, exact; Droop quota: the whole part
of votes / (seats + 1), plus 1. Quotas are taken of the votes of choices that meet the threshold.

Source: F. Pukelsheim, Proportional Representation (2nd ed., 2017), chapters 4 and 5.
"""

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from veedor.election import HighestAverages, LargestRemainder

SeatRule = HighestAverages | LargestRemainder
Claim = Callable[[int, int], Fraction]
"""(votes, k) -> claim to a k-th seat."""


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """seats: those that are certain, for every choice; tied: choices with equal claims to the `places` seats left."""

    seats: Mapping[str, int]
    tied: tuple[str, ...]
    places: int
    qualified: tuple[str, ...]


def divisor(rule: HighestAverages, k: int) -> int:
    """The divisor of the votes for a k-th seat, k from 1."""
    return k if rule.divisors == "dhondt" else 2 * k - 1


def quota(rule: LargestRemainder, votes: int) -> Fraction:
    """Votes that one seat costs, where the qualified choices have `votes` together."""
    if rule.quota == "hare":
        return Fraction(votes, rule.seats)
    return Fraction(votes // (rule.seats + 1) + 1)


def qualified_choices(rule: SeatRule, votes: Mapping[str, int], whole: int) -> tuple[str, ...]:
    """Choices with votes that meet the threshold of `whole` (valid votes or ballots cast)."""
    line = rule.threshold
    return tuple(c for c, number in votes.items() if number > 0 and (line is None or line.met(number, whole)))


def claims_of(rule: SeatRule, votes: int) -> Claim:
    """The claim under a rule, where the qualified choices have `votes` together."""
    if isinstance(rule, HighestAverages):
        return lambda number, k: Fraction(number, divisor(rule, k))
    price = quota(rule, votes)
    return lambda number, k: number - (k - 1) * price


def allocate(rule: SeatRule, votes: Mapping[str, int], whole: int) -> Allocation:
    """Seats of each choice. A tie leaves the seats with equal claims open and names who ties."""
    qualified = qualified_choices(rule, votes, whole)
    seats = dict.fromkeys(votes, 0)
    if not qualified:
        return Allocation(seats=seats, tied=(), places=rule.seats, qualified=())
    claim = claims_of(rule, sum(votes[c] for c in qualified))
    heap = [(-claim(votes[c], 1), position, c) for position, c in enumerate(qualified)]
    heapq.heapify(heap)
    left = rule.seats
    while left:
        top = heap[0][0]
        equal = []
        while heap and heap[0][0] == top:
            equal.append(heapq.heappop(heap))
        if len(equal) > left:
            return Allocation(seats=seats, tied=tuple(c for *_, c in equal), places=left, qualified=qualified)
        for _, position, c in equal:
            seats[c] += 1
            heapq.heappush(heap, (-claim(votes[c], seats[c] + 1), position, c))
        left -= len(equal)
    return Allocation(seats=seats, tied=(), places=0, qualified=qualified)
