"""The rooms, run for the dossier: each function gives one document of results/, as the room's own command prints it."""

import datetime as dt
from collections.abc import Mapping

import polars as pl

from veedor.checks import CheckInputs, findings_as_json, run_checks
from veedor.count import decide, tally
from veedor.dossier.geography import Geography
from veedor.dossier.opened import Opened, Publication
from veedor.election import Count, Election
from veedor.finding import Json, Text

NOWHERE_SHOWN = 200
"""How many places without coordinates the map's page lists; the count's tables have them all."""


def _count(opened: Opened, table: pl.DataFrame, count: Count, when: dt.datetime) -> Json:
    total = tally(table, opened.contest)
    outcome = decide(opened.contest, total)
    return {
        "election": opened.election.id,
        "contest": opened.contest.id,
        "count": count.id,
        "snapshot": when.isoformat(),
        "sheets": {"expected": count.expected_sheets, "counted": total.sheets},
        "registered": total.registered,
        "cast": total.cast,
        "valid": total.valid,
        "blank": total.blank,
        "null": total.null,
        "choices": [
            {"id": c, "votes": total.votes[c], "share_of_valid": total.votes[c] / total.valid if total.valid else None}
            for c in total.ranking
        ],
        "outcome": {
            "rule": "",
            "result": outcome.result,
            "choices": list(outcome.choices),
            "reason": outcome.reason.en,
            "translations": {"es": {"reason": outcome.reason.es}},
            "distances": [],
        },
        "open": {
            "sheets": (count.expected_sheets or total.sheets) - total.sheets,
            "registered": None,
            "outcome_can_change": None,
            "lead_needed": None,
        },
    }


def count_document(opened: Opened) -> Json:
    """`veedor count ELECTION --json`: the last state of the count shown."""
    return _count(opened, opened.table(opened.count.id), opened.count, _last(opened, opened.count.id).when)


def places_document(opened: Opened) -> Json:
    return {"places": []}


def timeline_document(opened: Opened) -> Json:
    """Every published state as `veedor count --count ID --snapshot WHEN --json` gives it, and the known stops."""
    zone = opened.election.zone
    return {
        "election": opened.election.id,
        "contest": opened.contest.id,
        "snapshots": [
            _count(opened, opened.series[state.count.id].at(state.when), state.count, state.when)
            for state in opened.publications
        ],
        "interruptions": [
            {
                "id": stop.id,
                "count": stop.count,
                "start": stop.start.astimezone(zone).isoformat(),
                "end": stop.end.astimezone(zone).isoformat(),
                "name": {"en": stop.name.text.en, "es": stop.name.text.es},
            }
            for stop in opened.election.interruptions
        ],
    }


def check_document(opened: Opened) -> Json:
    """`veedor check ELECTION --json`."""
    inputs = CheckInputs(election=opened.election, contest=opened.contest, series=opened.series, name=opened.name)
    return findings_as_json(opened.election, opened.contest, run_checks(inputs))


def _last(opened: Opened, count: str) -> Publication:
    return next(state for state in opened.publications if state.count.id == count and state.last)


def reason_of(count: Mapping[str, Json]) -> dict[str, str]:
    """Why a count gives its outcome, in both languages."""
    outcome = count["outcome"]
    return {"en": outcome["reason"], "es": outcome["translations"]["es"]["reason"]}


def map_document(opened: Opened) -> Json:
    """How many stations have coordinates, the places that have none, and what each publication lacks."""
    geography = opened.geography
    frame = geography.stations.select("latitude", "longitude").with_columns(pl.Series("place", geography.finest()))
    nowhere = frame.filter(pl.col("latitude").is_null() | pl.col("longitude").is_null())
    places = nowhere.group_by("place", maintain_order=True).agg(pl.len().alias("stations"))
    return {
        "election": opened.election.id,
        "stations_with_coordinates": frame.height - nowhere.height,
        "stations_without": nowhere.height,
        "places_without_total": places.height,
        "places_without": [
            {"path": list(geography.path(place)), "stations": stations}
            for place, stations in places.head(NOWHERE_SHOWN).iter_rows()
        ],
        "publications": [
            {
                "publication": state.number,
                "count": state.count.id,
                "snapshot": state.when.isoformat(),
                "missing": frame.height - int(present.sum()),
            }
            for state, present in zip(opened.publications, opened.present, strict=True)
        ],
    }


def first_level(election: Election, geography: Geography) -> str | None:
    """The broadest level with more than one place; the deepest where every level has one."""
    sizes = [int((geography.level == depth).sum()) for depth in range(len(election.level_ids))]
    several = [name for name, size in zip(election.level_ids, sizes, strict=True) if size > 1]
    return next(iter(several or election.level_ids[-1:]), None)


def local(moment: str) -> str:
    """A moment as commands take it, in the election's own time."""
    return dt.datetime.fromisoformat(moment).replace(tzinfo=None).isoformat()


def election_document(opened: Opened) -> Json:
    """What is counted and from which files: the facts that every page rests on."""
    election, contest = opened.election, opened.contest
    return {
        "election": election.id,
        "contest": contest.id,
        "name": _names(election.name.text),
        "date": election.date.isoformat(),
        "timezone": election.timezone,
        "levels": [{"id": level.id, "name": _names(level.name.text)} for level in election.levels],
        "choices": [
            {"id": choice.id, "name": _names(choice.name.text), "party": choice.party} for choice in contest.choices
        ],
        "counts": [
            {
                "id": count.id,
                "kind": count.kind,
                "name": _names(count.name.text),
                "authority": count.authority,
                "expected_sheets": count.expected_sheets,
                "snapshots": [s.when.isoformat() for s in opened.publications if s.count.id == count.id],
            }
            for count in election.counts
        ],
        "stations": opened.geography.stations.height,
        "first_level": first_level(election, opened.geography),
        "raw": list(opened.raw),
        "left_out": [
            {
                "file": fault.file,
                "row": fault.row,
                "column": fault.column,
                "found": fault.found,
                "wanted": fault.wanted,
            }
            for fault in opened.left_out
        ],
        "sources": [source.model_dump(mode="json") for source in election.sources],
    }


def _names(text: Text) -> dict[str, str]:
    return {"en": text.en, "es": text.es}


def place_name(place: Mapping[str, Json], level: str) -> str:
    """The name of a place in a document of places."""
    return str(place.get(level) or "")
