"""Outcome: what a contest's rule makes of a tally, with the reason in words."""

from dataclasses import dataclass

from veedor.count.decision import Decision, decision_of
from veedor.count.reason import absent_reason, reason_for
from veedor.count.thresholds import LineState, line_states
from veedor.count.totals import Tally
from veedor.count.within import certain_within
from veedor.election import Contest
from veedor.finding import Text
from veedor.notebook import definitions, one_line


@dataclass(frozen=True, kw_only=True, repr=False)
class Outcome(Decision):
    """A decision with its reason, and the lines of its rule: which were met or missed, by how many votes.

    It is that of the figures stated. within_absent: whether it is the same whatever absent figures hold within their
    bounds; where it is not, the reason says so.
    """

    reason: Text
    lines: tuple[LineState, ...] = ()
    within_absent: bool = True

    def __repr__(self) -> str:
        return one_line(f"<Outcome {self.result} {', '.join(self.choices)}: {self.reason.en}>")

    def _repr_html_(self) -> str:
        return definitions(f"{self.result} {', '.join(self.choices)}", [("reason", self.reason.en)])


def decide(contest: Contest, tally: Tally) -> Outcome:
    """The outcome of a contest's rule for a tally, with the reason in English and Spanish."""
    decision = decision_of(contest, tally)
    certain = certain_within(contest, tally, decision)
    reason = reason_for(contest, tally, decision)
    return Outcome(
        result=decision.result,
        choices=decision.choices,
        seats=decision.seats,
        tied_for=decision.tied_for,
        places=decision.places,
        settled=decision.settled,
        reason=reason if certain else absent_reason(reason, tally),
        lines=line_states(contest, tally),
        within_absent=certain,
    )
