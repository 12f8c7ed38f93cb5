"""Contests, tallies and brute force for the tests of the count."""

from collections.abc import Iterator
from itertools import product

from veedor.count import Decision, Tally, decision_of
from veedor.count.distance.change import How, change_to
from veedor.election import (
    Choice,
    Contest,
    HighestAverages,
    LargestRemainder,
    Names,
    Plurality,
    Supermajority,
    TwoRound,
)

AnyRule = Plurality | TwoRound | Supermajority | HighestAverages | LargestRemainder
Key = tuple[object, ...]


def contest_of(rule: AnyRule, *ids: str) -> Contest:
    choices = tuple(Choice(id=name, name=Names(en=name)) for name in ids)
    return Contest(id="contest", name=Names(en="Contest"), rule=rule, choices=choices)


def tally_of(blank: int = 0, null: int = 0, registered: int | None = None, **votes: int) -> Tally:
    return Tally(sheets=1, registered=registered, votes=votes, blank=blank, null=null)


def with_votes(tally: Tally, after: tuple[int, ...]) -> Tally:
    votes = dict(zip(tally.votes, after, strict=True))
    return Tally(sheets=1, registered=tally.registered, votes=votes, blank=tally.blank, null=tally.null)


def compositions(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """All ways of writing total as a sum of whole numbers."""
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in compositions(total - first, parts - 1):
            yield (first, *rest)


def all_changes(votes: tuple[int, ...], how: How, most_added: int) -> Iterator[tuple[int, ...]]:
    """Every list of votes that moving, removing, or adding up to most_added votes can bring."""
    if how == "move":
        yield from compositions(sum(votes), len(votes))
    elif how == "remove":
        yield from product(*(range(number + 1) for number in votes))
    else:
        for number in range(most_added + 1):
            for steps in compositions(number, len(votes)):
                yield tuple(a + b for a, b in zip(votes, steps, strict=True))


def brute_force(contest: Contest, tally: Tally, how: How, most_added: int) -> dict[Key, int]:
    """The fewest votes that bring each outcome, by trying them all."""
    votes = tuple(tally.votes.values())
    best: dict[Key, int] = {}
    for after in all_changes(votes, how, most_added):
        key = decision_of(contest, with_votes(tally, after)).key
        cost = change_to(votes, after).votes
        best[key] = min(best.get(key, cost), cost)
    return best


def elected(*choices: str, seats: dict[str, int] | None = None) -> Decision:
    return Decision(result="elected", choices=choices, seats=seats)
