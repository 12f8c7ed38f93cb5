"""The fewest votes that adopt a referendum's proposal, or keep it from being adopted. Monotone searches, exact."""

from collections.abc import Sequence

from veedor.count.distance.change import Change, How, change_to, fitted, least
from veedor.count.distance.search import first_true
from veedor.count.distance.two_round import FAR, least_added
from veedor.election import Supermajority


class Referendum:
    """The proposal's votes `yes`, its place among all votes, and what the lines are shares of.

    outside: blank and null votes; registered: voters on the rolls, None where there is no quorum to measure.
    """

    def __init__(self, rule: Supermajority, votes: Sequence[int], proposal: int, outside: int, registered: int | None):
        self.rule, self.votes, self.proposal = rule, votes, proposal
        self.outside, self.registered = outside, registered
        self.yes, self.total = votes[proposal], sum(votes)

    def line_met(self, yes: int, total: int) -> bool:
        """True if `yes` of `total` valid votes meets the line."""
        return self.rule.line.met(yes, total + (self.outside if self.rule.of == "cast" else 0))

    def quorum_met(self, yes: int, total: int) -> bool:
        """True if there is no quorum, or it is met."""
        quorum = self.rule.quorum
        if quorum is None:
            return True
        assert self.registered is not None
        figure = {"cast": total + self.outside, "valid": total, "proposal": yes}[quorum.counts]
        return quorum.threshold.met(figure, self.registered)

    def adopted(self, yes: int, total: int) -> bool:
        """True if the proposal is adopted; never without a valid vote."""
        return total > 0 and self.line_met(yes, total) and self.quorum_met(yes, total)

    def after(self, yes: int, total: int) -> Change:
        """The change to so many votes for the proposal and in all, the others' taken or given as they come."""
        moving = total == self.total
        low, high = [0] * len(self.votes), [total if moving or total > self.total else v for v in self.votes]
        if total > self.total:
            low = list(self.votes)
        low[self.proposal] = high[self.proposal] = yes
        return change_to(self.votes, fitted(self.votes, low, high, total))


def nearest_adoption(case: Referendum, how: How) -> Change | None:
    """The least change after which the proposal is adopted: all of it moves to, or is added to, or favours it."""
    yes, total = case.yes, case.total
    if how == "move":
        k = first_true(lambda k: case.adopted(yes + k, total), 0, total - yes)
        return None if k is None else case.after(yes + k, total)
    if how == "add":
        k = first_true(lambda k: case.adopted(yes + k, total + k), 0, _enough(case))
        return None if k is None else case.after(yes + k, total + k)
    # Removing from the others helps the line and may break the quorum, so the first number that meets the line decides.
    k = first_true(lambda k: case.line_met(yes, total - k), 0, total - yes)
    return case.after(yes, total - k) if k is not None and case.adopted(yes, total - k) else None


def nearest_rejection(case: Referendum, how: How) -> Change | None:
    """The least change after which there are valid votes and the proposal is not adopted."""
    yes, total = case.yes, case.total
    if len(case.votes) == 1 and how != "remove":
        return _alone(case, how)
    if how == "move":
        k = first_true(lambda k: not case.adopted(yes - k, total), 0, yes) if total else None
        return None if k is None else case.after(yes - k, total)
    if how == "add":
        low = 0 if total else 1
        k = first_true(lambda k: not case.line_met(yes, total + k) or not case.quorum_met(yes, total + k), low, low)
        if k is None:
            k = first_true(lambda k: not case.line_met(yes, total + k), low, _dilution(case))
        return None if k is None else case.after(yes, total + k)
    return least((_by_line(case), _by_quorum(case)))


def _alone(case: Referendum, how: How) -> Change | None:
    start = 0 if case.total else 1
    if (how == "move" and not case.total) or case.adopted(case.total + start, case.total + start):
        return None
    return change_to(case.votes, (case.total + start,))


def _by_line(case: Referendum) -> Change | None:
    def fails(k: int) -> bool:
        return not case.line_met(case.yes - k, case.total - k)

    k = first_true(fails, 0, min(case.yes, case.total - 1))
    return None if k is None else case.after(case.yes - k, case.total - k)


def _by_quorum(case: Referendum) -> Change | None:
    """From the proposal first, then from the others: the quorum may count either."""

    def fails(k: int) -> bool:
        return not case.quorum_met(max(0, case.yes - k), case.total - k)

    k = first_true(fails, 0, case.total - 1)
    return None if k is None else case.after(max(0, case.yes - k), case.total - k)


def _enough(case: Referendum) -> int:
    """Votes added to the proposal that meet line and quorum if any number does."""
    whole = case.total + (case.outside if case.rule.of == "cast" else 0)
    line = least_added(case.rule.line, case.yes, whole)
    return -1 if line >= FAR else line + (case.registered or 0) + 2


def _dilution(case: Referendum) -> int:
    """Votes added to the others that fail the line if any number does."""
    share = case.rule.line.share
    return (case.yes + 1) * share.denominator // share.numerator + 1 if share else 0
