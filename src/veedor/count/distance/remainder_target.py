"""An allocation sought by largest remainders with a threshold, and what was found for it."""

from dataclasses import dataclass
from functools import cached_property

from veedor.count.distance.change import Change, How
from veedor.count.distance.two_round import at_least
from veedor.election import LargestRemainder

FURTHEST = 10**6
"""Votes are added up to this many times those there are; what needs more counts as out of reach."""


@dataclass(frozen=True)
class Found:
    """change: None where no number of votes does it. exact: whether fewer are proved not to."""

    change: Change | None
    exact: bool = True


@dataclass(frozen=True)
class Wanted:
    """The allocation sought. extra: blank and null votes where the threshold is of ballots cast."""

    rule: LargestRemainder
    votes: tuple[int, ...]
    seats: tuple[int, ...]
    extra: int
    how: How

    @cached_property
    def total(self) -> int:
        """The valid votes there are."""
        return sum(self.votes)

    @cached_property
    def most(self) -> int:
        """The most votes that can be moved, removed or added."""
        return (self.total + self.extra + 1) * FURTHEST if self.how == "add" else self.total - (self.how == "remove")

    def line(self, total: int) -> int:
        """The fewest votes with which a choice takes part, at least 1."""
        line = self.rule.threshold
        return 1 if line is None else max(1, at_least(line, total + self.extra))

    def whole(self, number: int) -> int:
        """The valid votes once `votes` are moved, removed or added."""
        return self.total + {"move": 0, "remove": -number, "add": number}[self.how]
