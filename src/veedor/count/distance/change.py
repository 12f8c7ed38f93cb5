"""A change of votes: a number moved, removed or added, and the votes of each choice afterwards.

Ballots are taken as they are but for the choices' votes: votes move among choices, are removed from choices, or are
added to choices. Blank and null votes stay; ballots cast follow the valid votes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

How = Literal["move", "remove", "add"]
HOWS: tuple[How, ...] = ("move", "remove", "add")


@dataclass(frozen=True, kw_only=True)
class Change:
    """votes: how many are moved, removed or added; after: votes of each choice then, in ballot order."""

    votes: int
    after: tuple[int, ...]


def change_to(before: Sequence[int], after: Iterable[int]) -> Change:
    """The change between two lists of votes: with equal sums the votes that moved, else the difference."""
    result = tuple(after)
    gains = sum(max(0, b - a) for a, b in zip(before, result, strict=True))
    losses = sum(max(0, a - b) for a, b in zip(before, result, strict=True))
    return Change(votes=max(gains, losses), after=result)


def least(changes: Iterable[Change | None]) -> Change | None:
    """The change of the fewest votes; None where there is none."""
    return min((change for change in changes if change is not None), key=lambda change: change.votes, default=None)


def fitted(before: Sequence[int], low: Sequence[int], high: Sequence[int], total: int) -> tuple[int, ...]:
    """Votes within low..high that sum to total with the least moved: clipped first, then balanced.

    What is missing goes to the choices with the most votes that have room, what is over comes from those.
    sum(low) <= total <= sum(high) must hold.
    """
    after = [min(max(number, bottom), top) for number, bottom, top in zip(before, low, high, strict=True)]
    rest = total - sum(after)
    for index in sorted(range(len(after)), key=lambda i: -before[i]):
        step = min(rest, high[index] - after[index]) if rest > 0 else max(rest, low[index] - after[index])
        after[index] += step
        rest -= step
    assert rest == 0
    return tuple(after)
