"""The published files of Bolivia's elections of 2019 and 2020, against figures that others published or derived."""

import csv
import datetime as dt
import lzma
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from veedor.election import Election
from veedor.election.read import read_election
from veedor.errors import InputError
from veedor.sheets import Series
from veedor.sheets.read import Sheets, read_series, read_sheets, snapshot_times

LA_PAZ = dt.timezone(dt.timedelta(hours=-4))


def sheets_of(election: Election, data: Path, count: str, when: dt.datetime | None = None) -> Sheets:
    chosen = next(known for known in election.counts if known.id == count)
    return read_sheets(election, election.contests[0], chosen, data, when=when)


def totals(table: pl.DataFrame, *names: str) -> tuple[int, ...]:
    return table.select(names).sum().row(0)


def test_the_official_count_of_2019(shared: Path) -> None:
    """Totals of the official count of 25 October 2019, as the electoral authority announced them."""
    election = read_election("bolivia-2019")
    table = sheets_of(election, shared / "data" / "bolivia-2019", "official").table
    assert table.height == 34_555
    names = ("registered", "votes.MAS-IPSP", "votes.CC", "blank", "null")
    assert totals(table, *names) == (7_315_364, 2_889_359, 2_240_920, 93_507, 229_337)
    assert sum(totals(table, *(f"votes.{choice}" for choice in election.contests[0].choice_ids))) == 6_137_671
    # The precinct is unique only with its full path: 5,296 of them, 4,814 bare names (data/README.md).
    assert table.select(election.level_ids).n_unique() == 5_296
    assert table["precinct"].n_unique() == 4_814
    assert table["latitude"].null_count() < 100


@pytest.mark.slow
def test_the_preliminary_count_of_2019(shared: Path) -> None:
    """28,975 sheets in the last publication before the stop, 32,806 in the first after it."""
    election = read_election("bolivia-2019")
    data = shared / "data" / "bolivia-2019"
    first, second = snapshot_times(election, election.counts[0], data)
    assert (first, second) == (
        dt.datetime(2019, 10, 20, 19, 40, 57, tzinfo=LA_PAZ),
        dt.datetime(2019, 10, 21, 18, 29, 53, tzinfo=LA_PAZ),
    )
    series = read_series(election, election.contests[0], election.counts[0], data)
    assert (series.at(first).height, series.at(second).height) == (28_975, 32_806)
    for when in (first, second):
        alone = sheets_of(election, data, "preliminary", when).table
        assert alone.sort("station").equals(series.at(when).sort("station"))


@cache
def of_2020(data: Path) -> Series:
    election = read_election("bolivia-2020")
    return read_series(election, election.contests[0], election.counts[0], data, skip_bad_rows=True)


def test_the_malformed_publication_of_2020_names_its_16_rows(shared: Path) -> None:
    data = shared / "data" / "bolivia-2020"
    election = read_election("bolivia-2020")
    when = dt.datetime(2020, 10, 19, 1, 38, 33, tzinfo=LA_PAZ)
    with pytest.raises(InputError) as caught:
        sheets_of(election, data, "publications", when)
    with lzma.open(next((data / "published").glob("*_20201019_013833_*.csv.xz")), "rt", encoding="latin-1") as lines:
        rows = [number for number, line in enumerate(lines, start=1) if line.count(",") != 39]
    assert len(rows) == 16
    assert [fault.row for fault in caught.value.faults] == rows
    assert {fault.file.split("EG2020_")[1][:15] for fault in caught.value.faults} == {"20201019_013833"}


@pytest.mark.slow
def test_the_24_publications_of_2020_change_what_the_derived_log_says(shared: Path) -> None:
    """The log holds the events of all 86 publications; those between two of ours are added up."""
    data = shared / "data" / "bolivia-2020"
    series = of_2020(data)
    assert len(series.snapshots) == 24
    left_out = {fault.row for fault in series.left_out}
    assert len(left_out) == 16
    skipped_at = dt.datetime(2020, 10, 19, 1, 38, 33, tzinfo=LA_PAZ)
    skipped = stations_in_rows(data, left_out)

    state: dict[str, tuple[str, ...]] = {}
    expected: list[tuple[dt.datetime, str, str]] = []
    events = iter(logged(data))
    event = next(events, None)
    before: dict[str, tuple[str, ...]] = {}
    for when in series.snapshots:
        while event is not None and event[0] <= when:
            _, operation, station, figures = event
            if operation == "withdraw":
                del state[station]
            else:
                state[station] = figures
            event = next(events, None)
        now = {station: figures for station, figures in state.items() if when != skipped_at or station not in skipped}
        expected += [(when, station, "added") for station in now.keys() - before.keys()]
        expected += [(when, station, "withdrawn") for station in before.keys() - now.keys()]
        expected += [(when, one, "revised") for one in now.keys() & before.keys() if now[one] != before[one]]
        before = dict(now)
    found = series.changes.filter(pl.col("change") != "renamed").select("snapshot", "station", "change")
    assert sorted(found.rows()) == sorted(expected)
    counts = {change: sum(1 for *_, found in expected if found == change) for change in ("revised", "withdrawn")}
    assert counts == {"revised": 1, "withdrawn": 12}
    assert [station for _, station, change in expected if change == "revised"] == ["1726"]


def logged(data: Path) -> list[tuple[dt.datetime, str, str, tuple[str, ...]]]:
    """The derived log: time, operation, station, figures."""
    with lzma.open(data / "derived_event_log.csv.xz", "rt", encoding="utf-8") as lines:
        return [
            (dt.datetime.fromisoformat(time).replace(tzinfo=LA_PAZ), operation, station, tuple(figures))
            for time, operation, station, _, *figures in list(csv.reader(lines))[1:]
        ]


def stations_in_rows(data: Path, rows: set[int | None]) -> set[str]:
    with lzma.open(next((data / "published").glob("*_20201019_013833_*.csv.xz")), "rt", encoding="latin-1") as lines:
        return {line.split(",")[0] for number, line in enumerate(lines, start=1) if number in rows}


@pytest.mark.slow
def test_each_publication_of_2020_has_the_totals_of_the_derived_timeline(shared: Path) -> None:
    data = shared / "data" / "bolivia-2020"
    series = of_2020(data)
    with (data / "derived_timeline.csv").open(encoding="utf-8") as lines:
        timeline = {
            dt.datetime.fromisoformat(row["snapshot"]).replace(tzinfo=LA_PAZ): row for row in csv.DictReader(lines)
        }
    columns = {
        "inscritos_habilitados": "registered",
        "mas_ipsp": "votes.MAS-IPSP",
        "cc": "votes.CC",
        "creemos": "votes.CREEMOS",
        "voto_valido": "valid",
        "voto_blanco": "blank",
        "voto_nulo": "null",
    }
    compared = 0
    for when in series.snapshots:
        if when == dt.datetime(2020, 10, 19, 1, 38, 33, tzinfo=LA_PAZ):
            continue  # 16 rows are left out of it
        table, row = series.at(when), timeline[when.astimezone(LA_PAZ)]
        assert table.height == int(row["sheets"])
        assert totals(table, *columns.values()) == tuple(int(row[name]) for name in columns)
        compared += 1
    assert compared == 23


@pytest.mark.slow
def test_the_final_count_of_2020(shared: Path) -> None:
    """Totals of the official final count as the electoral authority published them, home and abroad together."""
    election = read_election("bolivia-2020")
    found = sheets_of(election, shared / "data" / "bolivia-2020", "official")
    assert totals(found.table, "votes.MAS-IPSP", "votes.CC", "valid") == (3_394_052, 1_775_953, 6_159_211)
    assert sum(totals(found.table, *(f"votes.{choice}" for choice in election.contests[0].choice_ids))) == 6_159_211
    assert len(found.files) == 2
    abroad = found.table.filter(pl.col("department").is_null())
    assert abroad.height == 1_442  # sheets from abroad carry no department, province and municipality
