"""A count as one JSON document; its keys are described in docs/reference/json-count.md."""

import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction

import polars as pl

from veedor.count.decision import Decision
from veedor.count.distance.distance import Distance, distances
from veedor.count.outcome import Outcome, decide
from veedor.count.outstanding import Open
from veedor.count.reason import rule_text
from veedor.count.series import State, certain_from
from veedor.count.thresholds import LineState
from veedor.count.totals import Tally
from veedor.election import Contest, Count, Election
from veedor.finding import Json
from veedor.languages import others
from veedor.sheets import VOTES


def count_as_json(
    election: Election,
    contest: Contest,
    count: Count,
    snapshot: dt.datetime | None,
    tally: Tally,
    open_part: Open,
    *,
    expected: int | None = None,
    places: Sequence[Mapping[str, Json]] | None = None,
) -> dict[str, Json]:
    """One state of a count: totals, outcome with its distances, what is open, and places if given."""
    outcome = decide(contest, tally)
    document: dict[str, Json] = {
        "election": election.id,
        "contest": contest.id,
        "count": count.id,
        "snapshot": None if snapshot is None else snapshot.isoformat(),
        **totals_as_json(tally, expected),
        "outcome": outcome_as_json(contest, outcome, distances(contest, tally)),
        "open": open_as_json(open_part),
    }
    if places is not None:
        document["places"] = list(places)
    return document


def totals_as_json(tally: Tally, expected: int | None) -> dict[str, Json]:
    """Sheets, registered, cast, valid, blank, null and the choices, most votes first."""
    return {
        "sheets": {"expected": expected, "counted": tally.sheets},
        "registered": tally.registered,
        "cast": tally.cast,
        "valid": tally.valid,
        "blank": tally.blank,
        "null": tally.null,
        "choices": [
            {"id": c, "votes": tally.votes[c], "share_of_valid": _number(tally.share_of_valid(c))}
            for c in tally.ranking
        ],
    }


def outcome_as_json(contest: Contest, outcome: Outcome, found: Sequence[Distance]) -> dict[str, Json]:
    """The outcome, its rule in words, its lines and its distances, nearest first."""
    rule = rule_text(contest)
    return {
        "rule": contest.rule.kind,
        "rule_text": rule.en,
        **_decision(outcome),
        "reason": outcome.reason.en,
        "lines": [_line(line) for line in outcome.lines],
        "distances": [
            {
                "to": _decision(distance.to),
                "votes": distance.votes,
                "how": distance.how,
                "from": dict(distance.taken),
                "gives": dict(distance.given),
                "binds": distance.binds,
                "exact": distance.exact,
            }
            for distance in found
        ],
        "translations": {code: {"rule_text": rule.to(code), "reason": outcome.reason.to(code)} for code in others()},
    }


def open_as_json(part: Open) -> dict[str, Json]:
    """What is open; shares are fractions of the open valid votes."""
    return {
        "sheets": part.sheets,
        "not_received": part.not_received,
        "by_status": dict(part.by_status),
        "registered": part.registered,
        "valid": part.valid,
        "basis": part.basis,
        "outcome_can_change": part.outcome_can_change,
        "votes_to_change": part.votes_to_change,
        "lead_needed": _number(part.lead_needed),
        "share_needed": _number(part.share_needed),
    }


def places_as_json(totals: pl.DataFrame, path: Sequence[str]) -> list[dict[str, Json]]:
    """The same totals for each place of `tallies_by`, with the place's path by level."""
    places = []
    for row in totals.iter_rows(named=True):
        tally = Tally(
            sheets=row["sheets"],
            registered=row["registered"],
            votes={name.removeprefix(VOTES): row[name] for name in totals.columns if name.startswith(VOTES)},
            blank=row["blank"],
            null=row["null"],
        )
        places.append({"path": {level: row[level] for level in path}, **totals_as_json(tally, None)})
    return places


def series_as_json(
    election: Election, contest: Contest, count: Count, states: tuple[State, ...], expected: int | None
) -> dict[str, Json]:
    """Every snapshot of a count, and the first from which on its outcome could no longer change."""
    since = certain_from(states)
    return {
        "election": election.id,
        "contest": contest.id,
        "count": count.id,
        "certain_from": None if since is None else since.isoformat(),
        "snapshots": [
            {
                "snapshot": state.snapshot.isoformat(),
                **totals_as_json(state.tally, expected),
                "outcome": {**_decision(state.outcome), "reason": state.outcome.reason.en},
                "lead": state.lead,
                "open": open_as_json(state.open),
            }
            for state in states
        ],
    }


def _decision(decision: Decision) -> dict[str, Json]:
    document: dict[str, Json] = {"result": decision.result, "choices": list(decision.choices)}
    if decision.seats is not None:
        document["seats"] = dict(decision.seats)
    if decision.result == "tie":
        document.update(tied_for=decision.tied_for, places=decision.places, settled=list(decision.settled))
    return document


def _line(state: LineState) -> dict[str, Json]:
    return {
        "line": state.name,
        "choice": state.choice,
        "of": state.of,
        "share": float(state.line.share),
        "strict": state.line.strict,
        "votes": state.votes,
        "whole": state.whole,
        "needed": state.needed,
        "met": state.met,
        "votes_over_line": _number(state.over_line),
    }


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
