"""A sheet table as a NIST SP 1500-100 version 2 election results report, in its JSON form.

What stands where:

- a polling station is a ReportingUnit of Type `precinct`, its identifier in ExternalIdentifier; a place of a level is a
  ReportingUnit that is composed of the places or stations below it; its Type is the level's id where the standard knows
  it (country, state, county ...), else `other` with the level's id as OtherType;
- votes: VoteCounts of Type `total`. A sheet that is not in the totals (withheld, quarantined, pending, annulled) has
  Type `other` with the status as OtherType, so that nobody adds it to the totals by mistake;
- blank votes: OtherCounts.Undervotes of the contest (a ballot without a choice). Sheets outside the totals have none,
  because OtherCounts knows no Type;
- null votes: BallotCounts.BallotsRejected of the election. BallotsCast is as printed on the sheet, else the sum
  where every figure is there;
- registered voters: VotersRegistered; status: CountStatus; coordinates: ContactInformation.LatLng.

An absent figure is left out; zero is written as 0. The standard has no place for `arrived` and for printed valid votes.
The report depends on the table only (GeneratedDate is the snapshot's time): the same table gives the same bytes.
"""

import datetime as dt
import json
import re
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

import polars as pl

from veedor.document import Json
from veedor.election import (
    IN_TOTALS,
    Choice,
    Contest,
    Count,
    Election,
    HighestAverages,
    LargestRemainder,
    Names,
    Plurality,
    Supermajority,
    TwoRound,
)
from veedor.errors import VeedorError
from veedor.files import atomic
from veedor.sheets.nist.references import NAMESPACE, reference_faults
from veedor.sheets.table import VOTES, ballots_cast, columns_absent

PLACE_TYPES = frozenset(
    {"borough", "city", "country", "county", "municipality", "state", "town", "township", "village", "ward"}
)
"""Level ids that the standard knows as a ReportingUnitType of its own."""

WHOLE = "election-scope"
"""Id of the unit that holds everything."""

STATUS = {
    "counted": "completed",
    "observed": "completed",
    "withheld": "in-process",
    "quarantined": "in-process",
    "annulled": "completed",
    "pending": "not-processed",
}
"""Our status -> CountItemStatus. Our own word stands beside it as OtherType."""


def write_nist_json(path: Path, table: pl.DataFrame, election: Election, contest: Contest, count: Count) -> None:
    """Write the sheet table (one snapshot) as a report; the file is there whole or not at all."""
    report = nist_report(table, election, contest, count)
    faults = reference_faults(report, path.name)
    assert not faults, faults[0]
    with atomic(path) as temporary:
        temporary.write_text(json.dumps(report, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def nist_report(table: pl.DataFrame, election: Election, contest: Contest, count: Count) -> dict[str, Json]:
    """The ElectionReport of one snapshot's sheet table; stations are unique in it."""
    if table.is_empty():
        raise VeedorError("an election report needs at least one sheet; this snapshot has none")
    ids = [object_id("station", station) for station in table["station"]]
    rows = table.with_columns(pl.Series("unit", ids), _sum_of(table, contest).alias("sum"))
    counted = rows["status"].is_null() | rows["status"].cast(pl.String).is_in(IN_TOTALS)
    complete = count.expected_sheets is not None and int(counted.sum()) >= count.expected_sheets
    kinds = _count_types(rows)
    return {
        **_typed("ElectionReport"),
        "Format": "precinct-level",
        "GeneratedDate": _published(table),
        "Issuer": f"veedor, from the figures of {count.authority or count.name.en}",
        "IssuerAbbreviation": "veedor",
        "Notes": f"{count.kind} count {count.id}; blank votes are Undervotes, null votes are BallotsRejected",
        "SequenceStart": 1,
        "SequenceEnd": 1,
        # Unofficial in any case: a table does not say whether its figures were certified.
        "Status": "unofficial-complete" if complete else "unofficial-partial",
        "VendorApplicationId": f"veedor {version('veedor')}",
        "GpUnit": [*_places(rows, election), *_stations(rows)],
        "Party": [_party(choice) for choice in contest.choices] if _kind(contest) != "BallotMeasure" else [],
        "Election": [
            {
                **_typed("Election"),
                "ElectionScopeId": WHOLE,
                "Name": _text(election.name),
                "StartDate": election.date.isoformat(),
                "EndDate": election.date.isoformat(),
                **_election_type(contest),
                "ExternalIdentifier": [_identifier("election", election.id)],
                "Candidate": [_candidate(choice) for choice in contest.choices]
                if _kind(contest) == "Candidate"
                else [],
                "BallotCounts": list(_ballot_counts(rows, kinds)),
                "Contest": [_contest(rows, kinds, contest, count, int(counted.sum()), complete)],
            }
        ],
    }


def _published(table: pl.DataFrame) -> str:
    when = table["snapshot"].max()
    assert isinstance(when, dt.datetime)
    return when.replace(microsecond=0).isoformat()


def object_id(prefix: str, name: str) -> str:
    """An id for a name: letters, digits and `-` stay, every other character is `_hex_`; never the same twice."""
    return f"{prefix}-" + re.sub(r"[^A-Za-z0-9-]", lambda match: f"_{ord(match[0]):x}_", name)


def _typed(name: str) -> dict[str, Json]:
    return {"@type": NAMESPACE + name}


def _text(names: Names) -> dict[str, Json]:
    spellings = [("en", names.en)] + ([("es", names.es)] if names.es is not None else [])
    return {
        **_typed("InternationalizedText"),
        "Text": [{**_typed("LanguageString"), "Content": text, "Language": tag} for tag, text in spellings],
    }


def _identifier(what: str, value: str) -> dict[str, Json]:
    return {**_typed("ExternalIdentifier"), "Type": "other", "OtherType": f"{what} id", "Value": value}


def _kind(contest: Contest) -> str:
    """Candidate, Party or BallotMeasure: which of the standard's contests this is."""
    if isinstance(contest.rule, Supermajority):
        return "BallotMeasure"
    return "Party" if isinstance(contest.rule, (HighestAverages, LargestRemainder)) else "Candidate"


def _election_type(contest: Contest) -> dict[str, Json]:
    if _kind(contest) == "BallotMeasure":
        return {"Type": "other", "OtherType": "referendum"}
    return {"Type": "general"}


def _unit(name: str, label: str, kind: dict[str, Json]) -> dict[str, Json]:
    return {**_typed("ReportingUnit"), "@id": name, "Name": _text(Names(en=label)), **kind}


def _place_type(level: str) -> dict[str, Json]:
    return {"Type": level} if level in PLACE_TYPES else {"Type": "other", "OtherType": level}


def _places(rows: pl.DataFrame, election: Election) -> Iterator[dict[str, Json]]:
    """The whole, then every place, with the units it is composed of; a level without a name is passed over."""
    levels = election.level_ids
    paths = rows.select(pl.col("unit"), *(pl.col(level).cast(pl.String) for level in levels))
    parts: dict[str, dict[str, None]] = {WHOLE: {}}
    labels: dict[str, tuple[str, str]] = {}
    known: dict[tuple[str | None, ...], str] = {(): WHOLE}
    for unit, *path in paths.iter_rows():
        key = tuple(path)
        if key not in known:
            known[key] = _new_places(key, levels, known, parts, labels)
        parts[known[key]][unit] = None
    yield {**_unit(WHOLE, election.name.en, {"Type": "other", "OtherType": "election"}), **_composing(parts[WHOLE])}
    for place, (level, label) in labels.items():
        yield {**_unit(place, label, _place_type(level)), **_composing(parts[place])}


def _new_places(
    path: tuple[str | None, ...],
    levels: Sequence[str],
    known: dict[tuple[str | None, ...], str],
    parts: dict[str, dict[str, None]],
    labels: dict[str, tuple[str, str]],
) -> str:
    """The unit of the path's last named place; it and those above it are added where they are new."""
    above = WHOLE
    for depth, label in enumerate(path, start=1):
        key = path[:depth]
        if key not in known:
            if label is None:
                known[key] = above
            else:
                known[key] = f"{levels[depth - 1]}-{len(labels) + 1}"
                parts[known[key]] = {}
                parts[above][known[key]] = None
                labels[known[key]] = (levels[depth - 1], label)
        above = known[key]
    return above


def _composing(parts: dict[str, None]) -> dict[str, Json]:
    return {"ComposingGpUnitIds": list(parts)} if parts else {}


def _stations(rows: pl.DataFrame) -> Iterator[dict[str, Json]]:
    columns = rows.select("unit", "station", "registered", pl.col("status").cast(pl.String), "latitude", "longitude")
    for unit, station, registered, status, latitude, longitude in columns.iter_rows():
        found = _unit(unit, station, {"Type": "precinct"})
        found["ExternalIdentifier"] = [_identifier("station", station)]
        if registered is not None:
            found["VotersRegistered"] = registered
        if status is not None:
            found["CountStatus"] = [
                {**_typed("CountStatus"), "Status": STATUS[status], "Type": "other", "OtherType": status}
            ]
        if latitude is not None and longitude is not None:
            place = {**_typed("LatLng"), "Latitude": latitude, "Longitude": longitude}
            found["ContactInformation"] = {**_typed("ContactInformation"), "LatLng": place}
        yield found


def _party(choice: Choice) -> dict[str, Json]:
    color = {"Color": choice.color.removeprefix("#").lower()} if choice.color else {}
    name = Names(en=choice.party) if choice.party else choice.name
    identity = {**_typed("Party"), "@id": object_id("party", choice.id), "Name": _text(name)}
    identifier = [_identifier("choice", choice.id)]
    return {**identity, "Abbreviation": _text(Names(en=choice.id)), "ExternalIdentifier": identifier, **color}


def _candidate(choice: Choice) -> dict[str, Json]:
    return {
        **_typed("Candidate"),
        "@id": object_id("candidate", choice.id),
        "BallotName": _text(choice.name),
        "ExternalIdentifier": [_identifier("choice", choice.id)],
        "PartyId": object_id("party", choice.id),
    }


def _count_types(rows: pl.DataFrame) -> list[dict[str, Json]]:
    """For each row the Type of its counts: `total`, or the status of a sheet outside the totals."""
    statuses = rows["status"].cast(pl.String).to_list()
    return [
        {"Type": "total"} if status is None or status in IN_TOTALS else {"Type": "other", "OtherType": status}
        for status in statuses
    ]


def _sum_of(table: pl.DataFrame, contest: Contest) -> pl.Expr:
    """Ballots cast as computed; none of a sheet that lacks a figure which others give."""
    lacking = [pl.col(name).is_null() for name in columns_absent(table, contest)]
    return pl.when(~pl.any_horizontal(pl.lit(False), *lacking)).then(ballots_cast(contest))


def _ballot_counts(rows: pl.DataFrame, kinds: Sequence[dict[str, Json]]) -> Iterator[dict[str, Json]]:
    base = _typed("BallotCounts")
    columns = rows.select("unit", pl.coalesce("cast", "sum"), "null")
    for (unit, cast, null), kind in zip(columns.iter_rows(), kinds, strict=True):
        rejected = {} if null is None else {"BallotsRejected": null}
        known = {} if cast is None else {"BallotsCast": cast}
        if known or rejected:
            yield {**base, "GpUnitId": unit, **kind, **known, **rejected}


def _contest(
    rows: pl.DataFrame,
    kinds: Sequence[dict[str, Json]],
    contest: Contest,
    count: Count,
    counted: int,
    complete: bool,
) -> dict[str, Json]:
    # A table holds the sheets that came, not how many there should be: only the definition can say that.
    expected = {} if count.expected_sheets is None else {"TotalSubUnits": count.expected_sheets}
    status = {"Status": "completed" if complete else "in-process", "Type": "total"}
    return {
        **_typed(f"{_kind(contest)}Contest"),
        "@id": object_id("contest", contest.id),
        "ElectionDistrictId": WHOLE,
        "Name": contest.name.en,
        "ExternalIdentifier": [_identifier("contest", contest.id)],
        **_rule(contest),
        "SubUnitsReported": counted,
        **expected,
        "CountStatus": [{**_typed("CountStatus"), **status}],
        "ContestSelection": [
            {**_selection(choice, contest, number), "VoteCounts": list(_vote_counts(rows, kinds, choice))}
            for number, choice in enumerate(contest.choices, start=1)
        ],
        "OtherCounts": list(_blank_counts(rows, kinds)),
    }


def _rule(contest: Contest) -> dict[str, Json]:
    rule = contest.rule
    if isinstance(rule, Plurality):
        variation = "plurality" if rule.seats == 1 else "n-of-m"
        return {"VoteVariation": variation, "VotesAllowed": 1, "NumberElected": rule.seats}
    if isinstance(rule, TwoRound):
        return {"VoteVariation": "majority", "VotesAllowed": 1, "NumberElected": 1, "NumberRunoff": 2}
    if isinstance(rule, Supermajority):
        return {"VoteVariation": "super-majority", "Type": "referendum"}
    return {"VoteVariation": "proportional"}


def _selection(choice: Choice, contest: Contest, order: int) -> dict[str, Json]:
    kind = _kind(contest)
    base = {**_typed(f"{kind}Selection"), "@id": object_id("choice", choice.id), "SequenceOrder": order}
    if kind == "BallotMeasure":
        return {**base, "Selection": _text(choice.name), "ExternalIdentifier": [_identifier("choice", choice.id)]}
    if kind == "Party":
        return {**base, "PartyIds": [object_id("party", choice.id)]}
    return {**base, "CandidateIds": [object_id("candidate", choice.id)]}


def _vote_counts(rows: pl.DataFrame, kinds: Sequence[dict[str, Json]], choice: Choice) -> Iterator[dict[str, Json]]:
    base = _typed("VoteCounts")
    for (unit, votes), kind in zip(rows.select("unit", VOTES + choice.id).iter_rows(), kinds, strict=True):
        if votes is not None:
            yield {**base, "GpUnitId": unit, **kind, "Count": votes}


def _blank_counts(rows: pl.DataFrame, kinds: Sequence[dict[str, Json]]) -> Iterator[dict[str, Json]]:
    base = _typed("OtherCounts")
    for (unit, blank), kind in zip(rows.select("unit", "blank").iter_rows(), kinds, strict=True):
        if blank is not None and kind["Type"] == "total":
            yield {**base, "GpUnitId": unit, "Undervotes": blank}
