"""The bare outcome of a tally under a contest's rule: decided in whole votes; a tie is an outcome of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from veedor.count.seats import SeatRule, allocate
from veedor.count.totals import Tally
from veedor.election import Contest, Plurality, Quorum, Supermajority, TwoRound

Result = Literal["elected", "runoff", "tie", "undecided"]
Contested = Literal["office", "runoff", "seat"]


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The bare outcome, without words.

    result: elected, runoff, tie (the votes are equal where the rule must tell them apart) or undecided (no votes, or
      a figure that the rule needs is unknown).
    choices: who is elected, who meets in the runoff, or who ties; most votes first. A referendum's proposal that is
      not adopted: the other choice where there is exactly one, else nobody.
    seats: certain seats of each choice, where the rule gives seats.
    tied_for, places: what the tied choices tie for, and how many of it there are for them.
    settled: in a tie, choices that have their place whatever becomes of the tie.
    """

    result: Result
    choices: tuple[str, ...] = ()
    seats: Mapping[str, int] | None = None
    tied_for: Contested | None = None
    places: int = 0
    settled: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[object, ...]:
        """Two outcomes are the same if their keys are; the order of the choices does not matter."""
        seats = None if self.seats is None else frozenset(item for item in self.seats.items() if item[1])
        return self.result, frozenset(self.choices), seats, self.tied_for, self.places, frozenset(self.settled)


def decision_of(contest: Contest, tally: Tally) -> Decision:
    """The outcome without words: for callers that decide many times."""
    rule = contest.rule
    if tally.valid == 0:
        return Decision(result="undecided")
    if isinstance(rule, Plurality):
        return _plurality(rule.seats, tally)
    if isinstance(rule, TwoRound):
        return _two_round(rule, tally)
    if isinstance(rule, Supermajority):
        return _supermajority(rule, tally)
    return _seats(rule, tally)


def whole_of(of: str, tally: Tally) -> int:
    """The whole of which a rule's shares are shares: valid votes, or ballots cast."""
    return tally.valid if of == "valid" else tally.cast


def _plurality(seats: int, tally: Tally) -> Decision:
    order, votes = tally.ranking, tally.votes
    if seats >= len(order):
        return Decision(result="elected", choices=order)
    last = votes[order[seats - 1]]
    if votes[order[seats]] < last:
        return Decision(result="elected", choices=order[:seats])
    settled = tuple(c for c in order if votes[c] > last)
    tied = tuple(c for c in order if votes[c] == last)
    return Decision(result="tie", choices=tied, tied_for="office", places=seats - len(settled), settled=settled)


def _two_round(rule: TwoRound, tally: Tally) -> Decision:
    order, votes = tally.ranking, tally.votes
    # 1. Who is first, alone or not.
    first = votes[order[0]]
    leaders = tuple(c for c in order if votes[c] == first)
    # 2. A line that elects: the majority, or the alternative with its lead over the second.
    if first_round_line(rule, tally) is not None:
        if len(leaders) == 1:
            return Decision(result="elected", choices=leaders)
        return Decision(result="tie", choices=leaders, tied_for="office", places=1)
    # 3. Otherwise the two with the most votes meet; without a second there is nobody to meet.
    if len(order) == 1:
        return Decision(result="undecided")
    second = votes[order[1]]
    if len(order) > 2 and votes[order[2]] == second:
        settled = tuple(c for c in order if votes[c] > second)
        tied = tuple(c for c in order if votes[c] == second)
        return Decision(result="tie", choices=tied, tied_for="runoff", places=2 - len(settled), settled=settled)
    return Decision(result="runoff", choices=order[:2])


def first_round_line(rule: TwoRound, tally: Tally) -> Literal["majority", "alternative"] | None:
    """The line by which the first place wins in the first round, if it meets one."""
    numbers = sorted(tally.votes.values(), reverse=True)
    whole = whole_of(rule.of, tally)
    if rule.majority.met(numbers[0], whole):
        return "majority"
    if rule.alternative is None or rule.lead is None:
        return None
    # A choice that stands alone has nobody to lead.
    leads = len(numbers) == 1 or rule.lead.met(numbers[0] - numbers[1], whole)
    return "alternative" if leads and rule.alternative.met(numbers[0], whole) else None


def _supermajority(rule: Supermajority, tally: Tally) -> Decision:
    if rule.quorum is not None and tally.registered is None:
        return Decision(result="undecided")
    line_met = rule.line.met(tally.votes[rule.proposal], whole_of(rule.of, tally))
    if line_met and quorum_met(rule.quorum, rule.proposal, tally):
        return Decision(result="elected", choices=(rule.proposal,))
    others = tuple(c for c in tally.votes if c != rule.proposal)
    return Decision(result="elected", choices=others if len(others) == 1 else ())


def quorum_figure(quorum: Quorum, proposal: str, tally: Tally) -> int:
    """The votes that a quorum counts."""
    return {"cast": tally.cast, "valid": tally.valid, "proposal": tally.votes[proposal]}[quorum.counts]


def quorum_met(quorum: Quorum | None, proposal: str, tally: Tally) -> bool:
    """True if there is no quorum, or it is met; registered voters must be known where there is one."""
    if quorum is None:
        return True
    assert tally.registered is not None
    return quorum.threshold.met(quorum_figure(quorum, proposal, tally), tally.registered)


def _seats(rule: SeatRule, tally: Tally) -> Decision:
    allocation = allocate(rule, tally.votes, whole_of(rule.of, tally))
    if not allocation.qualified:
        return Decision(result="undecided", seats=allocation.seats)
    seated = tuple(c for c in tally.ranking if allocation.seats[c])
    if allocation.tied:
        return Decision(
            result="tie",
            choices=tuple(c for c in tally.ranking if c in allocation.tied),
            seats=allocation.seats,
            tied_for="seat",
            places=allocation.places,
            settled=seated,
        )
    return Decision(result="elected", choices=seated, seats=allocation.seats)
