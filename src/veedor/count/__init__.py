"""Tally, outcome, distances, and what is still open."""

from veedor.count.absent import Absent, absent_by, absent_in, not_published
from veedor.count.as_json import count_as_json, count_document, places_of, series_document
from veedor.count.certainty import least_to_change
from veedor.count.decision import Decision, decision_of
from veedor.count.distance.distance import Distance, distances
from veedor.count.outcome import Outcome, decide
from veedor.count.outstanding import Open, open_part, statuses_of
from veedor.count.reason import rule_text
from veedor.count.series import State, certain_from, states_of
from veedor.count.thresholds import LineState, line_states
from veedor.count.totals import Tally, tallies_by, tally

__all__ = [
    "Absent",
    "Decision",
    "Distance",
    "LineState",
    "Open",
    "Outcome",
    "State",
    "Tally",
    "absent_by",
    "absent_in",
    "certain_from",
    "count_as_json",
    "count_document",
    "decide",
    "decision_of",
    "distances",
    "least_to_change",
    "line_states",
    "not_published",
    "open_part",
    "places_of",
    "rule_text",
    "series_document",
    "states_of",
    "statuses_of",
    "tallies_by",
    "tally",
]
