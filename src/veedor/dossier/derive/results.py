"""The rooms, run for the dossier: each function gives one document of results/, as the room's own command prints it."""

import datetime as dt

import polars as pl

from veedor.checks import CheckInputs, findings_as_json, run_checks
from veedor.count import absent_by, open_part, places_of, states_of, statuses_of, tallies_by, tally
from veedor.count import count_document as document_of_count
from veedor.count.as_json import CountDocument, PlaceTotals, series_document
from veedor.document import Json, as_json
from veedor.dossier.derive.documents import (
    AftermathShown,
    ChoiceShown,
    CountShown,
    DocumentShown,
    ElectionDocument,
    LevelShown,
    MapDocument,
    PlaceWithout,
    PublicationShown,
    RowLeftOut,
    Stop,
    TimelineDocument,
)
from veedor.dossier.geography import Geography
from veedor.dossier.input import Opened
from veedor.election import Count, Election
from veedor.sheets import path_to
from veedor.sheets.spellings import clashes

NOTES_SHOWN = 200
"""How many notes on the files a dossier lists."""

NOWHERE_SHOWN = 200
"""How many places without coordinates the map's page lists; the count's tables have them all."""


def count_document(opened: Opened) -> Json:
    """`veedor count ELECTION --json`: the last state of the count shown."""
    return as_json(_count(opened, None))


def places_document(opened: Opened) -> Json:
    """`veedor count ELECTION --by LEVEL --json` for the broadest level with more than one place."""
    level = first_level(opened.election, opened.geography)
    if level is None:
        return as_json(_count(opened, []))
    table, path = opened.table(opened.count.id), path_to(opened.election, level)
    totals = tallies_by(table, opened.election, opened.contest, level)
    return as_json(_count(opened, places_of(totals, path, absent_by(table, opened.contest, path))))


def state_document(opened: Opened, count: Count, when: dt.datetime | None) -> CountDocument:
    """`veedor count ELECTION --count ID --snapshot WHEN --json`; the last snapshot if `when` is None."""
    series = opened.series[count.id]
    return _state(opened, count, series.at(when), when or series.snapshots[-1], None)


def _count(opened: Opened, places: list[PlaceTotals] | None) -> CountDocument:
    count = opened.count
    return _state(opened, count, opened.table(count.id), opened.publications_of(count.id)[-1].when, places)


def _state(
    opened: Opened, count: Count, table: pl.DataFrame, when: dt.datetime, places: list[PlaceTotals] | None
) -> CountDocument:
    total = tally(table, opened.contest)
    part = open_part(opened.contest, total, statuses=statuses_of(table), expected=count.expected_sheets)
    local_time = when.astimezone(opened.election.zone)
    return document_of_count(
        opened.election, opened.contest, count, local_time, total, part, expected=count.expected_sheets, places=places
    )


def timeline_document(opened: Opened) -> Json:
    """Each count as `veedor count ELECTION --count ID --snapshot all --json` gives it, and the known stops.

    What was open in another count than the one shown is told with the official one's last state as the universe.
    """
    election, contest, zone = opened.election, opened.contest, opened.election.zone
    official = tally(opened.table(opened.count.id), contest) if opened.count.kind == "official" else None
    counts = []
    for series in opened.series.values():
        universe = None if series.count.id == opened.count.id else official
        expected = series.count.expected_sheets or (universe.sheets if universe else None)
        states = states_of(series, expected=expected, universe=universe)
        counts.append(series_document(election, contest, series.count, states, expected))
    stops = [
        Stop(
            id=stop.id,
            count=stop.count,
            start=stop.start.astimezone(zone).isoformat(),
            end=stop.end.astimezone(zone).isoformat(),
            name=stop.name.text,
        )
        for stop in election.interruptions
    ]
    return as_json(TimelineDocument(election=election.id, contest=contest.id, counts=counts, interruptions=stops))


def check_document(opened: Opened) -> Json:
    """`veedor check ELECTION --json`."""
    inputs = CheckInputs(dataset=opened.dataset)
    return findings_as_json(opened.election, opened.contest, run_checks(inputs))


def map_document(opened: Opened) -> Json:
    """Number of stations with coordinates, the places without, and the sheets that each snapshot lacks."""
    geography = opened.geography
    frame = geography.stations.select("latitude", "longitude").with_columns(pl.Series("place", geography.finest()))
    nowhere = frame.filter(pl.col("latitude").is_null() | pl.col("longitude").is_null())
    places = nowhere.group_by("place", maintain_order=True).agg(pl.len().alias("stations"))
    document = MapDocument(
        election=opened.election.id,
        stations_with_coordinates=frame.height - nowhere.height,
        stations_without=nowhere.height,
        places_without_total=places.height,
        places_without=[
            PlaceWithout(path=geography.path(place), stations=stations)
            for place, stations in places.head(NOWHERE_SHOWN).iter_rows()
        ],
        publications=[
            PublicationShown(
                publication=state.number,
                count=state.count.id,
                snapshot=state.when.isoformat(),
                missing=frame.height - int(present.sum()),
            )
            for state, present in zip(opened.publications, opened.present, strict=True)
        ],
    )
    return as_json(document)


def first_level(election: Election, geography: Geography) -> str | None:
    """The broadest level with more than one place; the deepest where every level has one."""
    sizes = [int((geography.level == depth).sum()) for depth in range(len(election.level_ids))]
    several = [name for name, size in zip(election.level_ids, sizes, strict=True) if size > 1]
    return next(iter(several or election.level_ids[-1:]), None)


def local(moment: str) -> str:
    """A moment as commands take it, in the election's own time."""
    return dt.datetime.fromisoformat(moment).replace(tzinfo=None).isoformat()


def election_document(opened: Opened) -> Json:
    """The election, its counts and its files: the facts on which every page rests."""
    election, contest = opened.election, opened.contest
    document = ElectionDocument(
        election=election.id,
        contest=contest.id,
        name=election.name.text,
        date=election.date.isoformat(),
        timezone=election.timezone,
        levels=[LevelShown(id=level.id, name=level.name.text) for level in election.levels],
        choices=[ChoiceShown(id=one.id, name=one.name.text, party=one.party) for one in contest.choices],
        counts=[
            CountShown(
                id=count.id,
                kind=count.kind,
                name=count.name.text,
                authority=count.authority,
                expected_sheets=count.expected_sheets,
                snapshots=[s.when.isoformat() for s in opened.publications if s.count.id == count.id],
            )
            for count in election.counts
        ],
        aftermath=_aftermath(election) or None,
        cut=opened.cut,
        open_questions=list(election.open_questions) if election.questions else None,
        notes=notes_of(opened) or None,
        stations=opened.geography.stations.height,
        first_level=first_level(election, opened.geography),
        raw=opened.raw,
        left_out=[
            RowLeftOut(file=one.file, row=one.row, column=one.column, found=one.found, wanted=one.wanted)
            for one in opened.left_out
        ],
        sources=election.sources,
    )
    return as_json(document)


def _aftermath(election: Election) -> list[AftermathShown]:
    """What became of the election, in order of time."""
    return [
        AftermathShown(
            date=one.date.isoformat(),
            what=one.what.text,
            source=DocumentShown(
                title=one.source.title,
                publisher=one.source.publisher,
                date=None if one.source.date is None else one.source.date.isoformat(),
                url=one.source.url,
                language=one.source.language,
                note=None if one.source.note is None else one.source.note.text,
            ),
            headline=one.headline,
        )
        for one in sorted(election.aftermath, key=lambda one: one.date)
    ]


def notes_of(opened: Opened) -> list[str]:
    """What was said of the files when they were read, each thing once."""
    spellings = [str(fault) for fault in clashes(one.spellings for one in opened.series.values())]
    return [*dict.fromkeys([*(note for one in opened.series.values() for note in one.notes), *spellings])][:NOTES_SHOWN]
