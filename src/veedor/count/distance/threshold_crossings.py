"""Allocations that come about when a choice just passes the threshold for seats, or just falls below it.

Several seats move then, so that these are no passings of one seat. They only name outcomes to look at, nearest first;
how far each is, is worked out like for any other.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from veedor.count.distance.change import HOWS, How
from veedor.count.distance.search import first_true
from veedor.count.distance.two_round import at_least
from veedor.count.seats import SeatRule, allocate

CLOSEST = 6
"""For each way of changing votes: how many choices nearest to the threshold are looked at, and outcomes named."""
PARTNERS = 6
"""From and to how many of the largest choices their votes come and go."""
BEYOND = 3
"""Votes up to which more than the fewest are tried, in case the fewest bring a tie."""


@dataclass(frozen=True)
class _Crossing:
    """A choice at `place` that passes the threshold (rises) or falls below it, with at least this many votes."""

    votes: int
    place: int
    rises: bool
    how: How


def crossing_allocations(rule: SeatRule, votes: Mapping[str, int], extra: int) -> list[dict[str, int]]:
    """Seats of each choice in the nearest such outcomes, for each way of changing votes.

    extra: blank and null votes where the threshold is of ballots cast.
    """
    if rule.threshold is None:
        return []
    ids, numbers = tuple(votes), tuple(votes.values())
    now = tuple(allocate(rule, votes, sum(numbers) + extra).seats.values())
    cost: dict[How, dict[tuple[int, ...], int]] = {how: {} for how in HOWS}
    for crossing in _crossings(rule, numbers, extra):
        found = cost[crossing.how]
        for number in range(crossing.votes, crossing.votes + BEYOND):
            for after in _ways(crossing, numbers, number):
                given = allocate(rule, dict(zip(ids, after, strict=True)), sum(after) + extra)
                seats = tuple(given.seats.values())
                if given.qualified and not given.tied and seats != now:
                    found[seats] = min(found.get(seats, number), number)
    nearest = [seats for found in cost.values() for seats in sorted(found, key=found.__getitem__)[:CLOSEST]]
    return [dict(zip(ids, seats, strict=True)) for seats in dict.fromkeys(nearest)]


def _crossings(rule: SeatRule, votes: Sequence[int], extra: int) -> Iterator[_Crossing]:
    line, total = rule.threshold, sum(votes)
    assert line is not None

    def needed(whole: int) -> int:
        return max(1, at_least(line, whole + extra))

    def fewest(place: int, rises: bool, how: How) -> int | None:
        own = {"move": 1 if rises else -1, "add": int(rises), "remove": -int(not rises)}[how]
        whole = {"move": 0, "add": 1, "remove": -1}[how]

        def across(number: int) -> bool:
            return (votes[place] + own * number >= needed(total + whole * number)) == rises

        most = 1000 * (total + extra + 1) if how == "add" else total - (how == "remove")
        return first_true(across, 0, most)

    for how in HOWS:
        found = []
        for place, number in enumerate(votes):
            rises = number < needed(total)
            least = fewest(place, rises, how)
            if least is not None:
                found.append(_Crossing(least, place, rises, how))
        yield from sorted(found, key=lambda crossing: crossing.votes)[:CLOSEST]


def _ways(crossing: _Crossing, votes: Sequence[int], number: int) -> Iterator[tuple[int, ...]]:
    """The votes after a crossing: the other choices give or get the votes, each of the largest in turn first."""
    place, own = crossing.place, 0
    if crossing.rises and crossing.how != "remove":
        own = number
    elif not crossing.rises and crossing.how != "add":
        own = -number
    theirs = -own if crossing.how == "move" else (number if crossing.how == "add" else -number) - own
    others = sorted((i for i in range(len(votes)) if i != place), key=lambda i: -votes[i])
    if votes[place] + own < 0 or sum(votes[i] for i in others) + theirs < 0:
        return
    for first in others[:PARTNERS] if theirs else others[:1]:
        after = [v + own if i == place else v for i, v in enumerate(votes)]
        left = theirs
        for i in (first, *(i for i in others if i != first)):
            step = max(left, -after[i])
            after[i] += step
            left -= step
        yield tuple(after)
