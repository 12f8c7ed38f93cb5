"""Tally, outcome, distances, and what is still open."""

from veedor.count.decision import Decision, decision_of
from veedor.count.lines import LineState, line_states
from veedor.count.outcome import Outcome, decide
from veedor.count.reason import rule_text
from veedor.count.tally import Tally, tallies_by, tally

__all__ = [
    "Decision",
    "LineState",
    "Outcome",
    "Tally",
    "decide",
    "decision_of",
    "line_states",
    "rule_text",
    "tallies_by",
    "tally",
]
