"""Lines as whole votes: how many votes meet a threshold, and by how many one is met or missed. All exact."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from veedor.count.decision import quorum_figure, whole_of
from veedor.count.totals import Tally
from veedor.election import Contest, Supermajority, Threshold, TwoRound

LineName = Literal["majority", "alternative", "lead", "line", "quorum"]


def least_meeting(line: Threshold, whole: int) -> int:
    """The fewest votes that meet the line of `whole`."""
    exact = line.share.numerator * whole
    if line.strict:
        return exact // line.share.denominator + 1
    return -(-exact // line.share.denominator)


@dataclass(frozen=True, kw_only=True)
class LineState:
    """The position of a choice against one threshold of its rule.

    votes: the votes compared (the lead's are those of the difference); whole: what the line is a share of.
    """

    name: LineName
    choice: str
    of: str
    line: Threshold
    votes: int
    whole: int

    @property
    def met(self) -> bool:
        """True if the line is met."""
        return self.line.met(self.votes, self.whole)

    @property
    def needed(self) -> int:
        """The fewest votes that meet the line."""
        return least_meeting(self.line, self.whole)

    @property
    def past(self) -> int:
        """Votes beyond the fewest that meet the line; negative: that many are missing."""
        return self.votes - self.needed

    @property
    def over_line(self) -> Fraction:
        """Votes over the line itself, which need not lie on a whole vote (Bolivia 2019: 34,671.9)."""
        return self.votes - self.line.share * self.whole


def line_states(contest: Contest, tally: Tally) -> tuple[LineState, ...]:
    """The lines of a two-round or supermajority rule, for the first choice or the proposal; none for other rules."""
    rule = contest.rule
    if tally.valid == 0:
        return ()
    if isinstance(rule, TwoRound):
        return _two_round(rule, tally)
    if isinstance(rule, Supermajority):
        return _supermajority(rule, tally)
    return ()


def _two_round(rule: TwoRound, tally: Tally) -> tuple[LineState, ...]:
    first, *rest = tally.ranking
    votes, whole = tally.votes[first], whole_of(rule.of, tally)
    lead = votes - tally.votes[rest[0]] if rest else 0
    lines: tuple[tuple[LineName, Threshold | None, int], ...] = (
        ("majority", rule.majority, votes),
        ("alternative", rule.alternative, votes),
        ("lead", rule.lead if rest else None, lead),
    )
    return tuple(
        LineState(name=name, choice=first, of=rule.of, line=line, votes=part, whole=whole)
        for name, line, part in lines
        if line is not None
    )


def _supermajority(rule: Supermajority, tally: Tally) -> tuple[LineState, ...]:
    votes, whole = tally.votes[rule.proposal], whole_of(rule.of, tally)
    line = LineState(name="line", choice=rule.proposal, of=rule.of, line=rule.line, votes=votes, whole=whole)
    if rule.quorum is None or tally.registered is None:
        return (line,)
    figure = quorum_figure(rule.quorum, rule.proposal, tally)
    quorum = LineState(
        name="quorum",
        choice=rule.proposal,
        of="registered",
        line=rule.quorum.threshold,
        votes=figure,
        whole=tally.registered,
    )
    return line, quorum
