"""Snapshots and series: which files are read, what is the same station, what changed."""

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sheets.small import CSV, HEADER, ROWS, election, read, read_text
from veedor.election import Election
from veedor.errors import DefinitionError, InputError, MissingDataError, VeedorError
from veedor.sheets import schema, series_of
from veedor.sheets.read import read_series, read_sheets, snapshot_times

PATTERN = "acta.{time:%Y.%m.%d.%H.%M.%S}.*.csv"


def publish(folder: Path, *states: str, pattern: str = "acta.2024.03.03.{:02}.00.00.x.csv") -> list[Path]:
    """Files of states, an hour apart, from 20:00 on."""
    paths = [folder / pattern.format(20 + number) for number, _ in enumerate(states)]
    for path, state in zip(paths, states, strict=True):
        path.write_text(state)
    return paths


def at(hour: int) -> dt.datetime:
    return (
        dt.datetime(2024, 3, 3, hour + 4, tzinfo=dt.UTC)
        if hour < 20
        else dt.datetime(2024, 3, 4, hour - 20, tzinfo=dt.UTC)
    )


def series(elected: Election, folder: Path, *, skip_bad_rows: bool = False) -> Any:
    return read_series(elected, elected.contests[0], elected.counts[0], folder, skip_bad_rows=skip_bad_rows)


def of(*rows: str) -> str:
    return "\n".join((HEADER, *rows)) + "\n"


def in_series() -> Election:
    return election(sources=[{"files": PATTERN, "layout": "sheets"}])


def test_times_come_from_the_names_and_no_file_is_opened(tmp_path: Path) -> None:
    publish(tmp_path, "", "", "")
    (tmp_path / "acta.2024.03.03.txt").touch()
    (tmp_path / "acta.notes.x.csv").touch()
    elected = in_series()
    assert snapshot_times(elected, elected.counts[0], tmp_path) == (at(20), at(21), at(22))


@pytest.mark.parametrize(
    "name", ["acta.2024.03.03.ab.00.00.x.csv", "acta.2024.3.3.23.00.00.x.csv", "acta.20240303T230000.x.csv"]
)
def test_a_file_that_only_its_time_keeps_out_of_the_series_is_not_missed_in_silence(tmp_path: Path, name: str) -> None:
    publish(tmp_path, CSV, CSV)
    (tmp_path / name).write_text(CSV)
    elected = in_series()
    with pytest.raises(InputError) as caught:
        series(elected, tmp_path)
    (fault,) = caught.value.faults
    assert fault.file == name
    assert fault.wanted == f"a name as {PATTERN}"
    own = {"file": name, "time": "2024-03-03T23:00:00", "layout": "sheets"}
    assert len(series(election(sources=[{"files": PATTERN, "layout": "sheets"}, own]), tmp_path).snapshots) == 3


def test_a_time_that_is_none_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "acta.2024.13.03.20.00.00.x.csv").touch()
    with pytest.raises(InputError, match=r"acta\.2024\.13\.03"):
        snapshot_times(in_series(), in_series().counts[0], tmp_path)


def test_files_in_folders_match_patterns_with_folders(tmp_path: Path) -> None:
    (tmp_path / "day 1").mkdir()
    (tmp_path / "day 1" / "acta_20240303.csv").write_text(CSV)
    elected = election(sources=[{"files": "day*/acta_{time:%Y%m%d}.csv", "layout": "sheets"}])
    assert read(elected, tmp_path).when == at(0)


def test_one_snapshot_is_read_without_opening_the_others(tmp_path: Path) -> None:
    publish(tmp_path, "not a file of sheets", of(*ROWS[:2]), "nor this")
    elected = in_series()
    found = read_sheets(elected, elected.contests[0], elected.counts[0], tmp_path, when=at(21))
    assert found.table["station"].to_list() == ["1", "2"]
    assert found.when == at(21)
    assert [Path(one.file).name for one in found.files] == ["acta.2024.03.03.21.00.00.x.csv"]
    assert found.table["snapshot"].unique().to_list() == [at(21)]
    assert found.table["count"].cast(pl.String).unique().to_list() == ["official"]


def test_a_time_without_an_offset_is_in_the_elections_zone(tmp_path: Path) -> None:
    publish(tmp_path, CSV)
    elected = in_series()
    found = read_sheets(elected, elected.contests[0], elected.counts[0], tmp_path, when=dt.datetime(2024, 3, 3, 20))
    assert found.when == at(20)


def test_a_snapshot_that_is_not_there_names_those_that_are(tmp_path: Path) -> None:
    publish(tmp_path, CSV)
    elected = in_series()
    with pytest.raises(VeedorError, match="2024-03-03T20:00:00-04:00"):
        read_sheets(elected, elected.contests[0], elected.counts[0], tmp_path, when=at(21))


def test_a_source_without_a_time_is_of_the_end_of_election_day(tmp_path: Path) -> None:
    assert read_text(tmp_path, CSV).when == dt.datetime(2024, 3, 4, 4, tzinfo=dt.UTC)


def test_missing_files_are_all_named_with_folder_address_and_remedy(tmp_path: Path) -> None:
    sources = [
        {"file": "a.csv", "layout": "sheets", "url": "https://example.org/a.csv"},
        {"files": "b_*.csv", "layout": "sheets"},
    ]
    with pytest.raises(MissingDataError) as caught:
        read(election(sources=sources), tmp_path)
    for text in (str(tmp_path), "a.csv", "https://example.org/a.csv", "b_*.csv", "veedor fetch small", "--data"):
        assert text in str(caught.value)


@pytest.mark.parametrize("name", ["../secret.csv", "/etc/passwd", "a/../../b.csv", "C:\\x.csv"])
def test_names_that_lead_out_of_the_folder_are_refused(tmp_path: Path, name: str) -> None:
    for key in ("file", "files"):
        with pytest.raises(DefinitionError, match="inside the data folder"):
            read(election(sources=[{key: name, "layout": "sheets"}]), tmp_path)


def test_a_file_with_another_hash_is_refused_naming_both(tmp_path: Path) -> None:
    wanted = hashlib.sha256(CSV.encode()).hexdigest()
    (tmp_path / "sheets.csv").write_text(CSV)
    elected = election(sources=[{"file": "sheets.csv", "layout": "sheets", "sha256": wanted.upper()}])
    assert read(elected, tmp_path).table.height == 3
    (tmp_path / "sheets.csv").write_text(CSV + "\n1,2,3\n")
    found = hashlib.sha256(CSV.encode() + b"\n1,2,3\n").hexdigest()
    with pytest.raises(MissingDataError, match=f"{found}, wanted {wanted}"):
        read(elected, tmp_path)


def test_sources_of_one_time_are_one_state_even_with_other_columns(tmp_path: Path) -> None:
    (tmp_path / "home.csv").write_text(CSV)
    (tmp_path / "abroad.csv").write_text("Station;Red;Blue\n9;1;2\n")
    elected = election(
        sources=[
            {"file": "home.csv", "layout": "sheets", "time": "2024-03-03T20:00:00"},
            {"file": "abroad.csv", "layout": "abroad", "time": "2024-03-03T20:00:00-04:00"},
        ]
    )
    layouts = {
        **elected.layouts,
        "abroad": election(
            delimiter=";", columns={"station": "Station", "votes": {"red": "Red", "blue": "Blue"}}
        ).layouts["sheets"],
    }
    found = read(elected.model_copy(update={"layouts": layouts}), tmp_path)
    assert found.table["station"].to_list() == ["1", "2", "3", "9"]
    assert found.table["votes.red"].to_list() == [50, 60, 20, 1]
    assert found.table.filter(pl.col("station") == "9").select("province", "registered", "blank").row(0) == (None,) * 3
    assert len(found.files) == 2


def test_a_station_twice_with_other_figures_is_a_fault_of_each_row(tmp_path: Path) -> None:
    text = of(*ROWS, ROWS[0].replace(",50,", ",5,"))
    with pytest.raises(InputError) as caught:
        read_text(tmp_path, text)
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [(2, "station"), (5, "station")]
    assert "sheets.csv, row 2; sheets.csv, row 5" in caught.value.faults[0].found
    found = read_text(tmp_path, text, skip_bad_rows=True)
    assert found.table["station"].to_list() == ["2", "3"]  # which of the two is right cannot be told
    assert [fault.row for fault in found.left_out] == [2, 5]


def test_the_same_row_twice_is_a_fault_of_the_second_only(tmp_path: Path) -> None:
    text = of(*ROWS, ROWS[0])
    with pytest.raises(InputError, match="row 5, column station: found station 1 again, the same row"):
        read_text(tmp_path, text)
    found = read_text(tmp_path, text, skip_bad_rows=True)
    assert found.table.equals(read_text(tmp_path, CSV).table)
    assert [fault.row for fault in found.left_out] == [5]


def test_stations_with_other_figures_in_two_files_are_one_cause_and_the_remedy_says_join(tmp_path: Path) -> None:
    """Of eight stations in each of two files five are named a file, the other three are counted."""
    lines = [ROWS[0].replace("1,", f"{number},", 1) for number in range(1, 9)]
    (tmp_path / "part_1.csv").write_text(of(*lines))
    (tmp_path / "part_2.csv").write_text(of(*(line.replace(",50,", ",5,") for line in lines)))
    sources = [{"file": "part_1.csv", "layout": "sheets"}, {"file": "part_2.csv", "layout": "sheets"}]
    with pytest.raises(InputError) as caught:
        read(election(sources=sources), tmp_path)
    told = str(caught.value).splitlines()
    assert len(told) == 2 * (5 + 1) + 1  # and the way to read the rest all the same
    assert told[5].startswith("... and 3 more such, in rows 2 to 9")
    assert all('join = "station"' in line for line in (told[0], told[6]))


def test_a_station_in_two_files_of_one_state(tmp_path: Path) -> None:
    (tmp_path / "part_1.csv").write_text(of(*ROWS[:2]))
    (tmp_path / "part_2.csv").write_text(of(*ROWS[1:]))
    with pytest.raises(InputError, match=r"part_2\.csv, row 2"):
        read(election(sources=[{"files": "part_*.csv", "layout": "sheets"}]), tmp_path)


def test_a_series_holds_what_each_publication_changed(tmp_path: Path) -> None:
    revised, renamed = ROWS[1].replace(",60,", ",61,"), ROWS[0].replace("Escuela", "Colegio")
    publish(tmp_path, of(*ROWS[:2]), of(ROWS[0], revised, ROWS[2]), of(renamed, revised), of(renamed, revised, ROWS[2]))
    found = series(in_series(), tmp_path)
    assert found.changes.select("snapshot", "station", "change").rows() == [
        (at(20), "1", "added"),
        (at(20), "2", "added"),
        (at(21), "3", "added"),
        (at(21), "2", "revised"),
        (at(22), "1", "renamed"),
        (at(22), "3", "withdrawn"),
        (at(23), "3", "added"),
    ]
    assert found.snapshots == (at(20), at(21), at(22), at(23))


def test_publications_of_additions_add_up(tmp_path: Path) -> None:
    publish(tmp_path, of(ROWS[0]), of(ROWS[1]), of(ROWS[2], ROWS[0].replace(",50,", ",5,")))
    elected = in_series()
    count = elected.counts[0].model_copy(update={"publishes": "additions"})
    elected = elected.model_copy(update={"counts": (count,)})
    found = series(elected, tmp_path)
    assert sorted(found.at()["station"]) == ["1", "2", "3"]
    assert found.changes["change"].to_list() == ["added", "added", "added", "revised"]
    one = read_sheets(elected, elected.contests[0], count, tmp_path, when=at(21))
    assert one.table["station"].to_list() == ["1", "2"]
    assert len(one.files) == 2
    assert read(elected, tmp_path).table.sort("station").equals(found.at().sort("station"))


def test_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    publish(tmp_path, of(*ROWS), of("1,N,E,9,-1,0,0,0"), of("1,N"), "Mesa\n1\n")
    with pytest.raises(InputError) as caught:
        series(in_series(), tmp_path)
    files = [fault.file.split(".")[4] for fault in caught.value.faults]
    assert set(files) == {"21", "22", "23"}
    with pytest.raises(InputError) as caught:  # a header that does not fit cannot be skipped
        series(in_series(), tmp_path, skip_bad_rows=True)
    assert {fault.file.split(".")[4] for fault in caught.value.faults} == {"23"}


def test_a_series_lists_what_it_left_out(tmp_path: Path) -> None:
    publish(tmp_path, of(*ROWS), of(ROWS[0], "2,N", ROWS[2]))
    found = series(in_series(), tmp_path, skip_bad_rows=True)
    assert [(fault.file.split(".")[4], fault.row) for fault in found.left_out] == [("21", 3)]
    assert found.changes["change"].to_list() == ["added", "added", "added", "withdrawn"]


NO_SHEET = "found no tally sheet"


def test_a_header_alone_is_no_count_of_zero(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no tally sheet") as caught:
        read_text(tmp_path, of())
    assert [(fault.file, fault.row) for fault in caught.value.faults] == [("sheets.csv", None)]
    assert "--skip-bad-rows" in caught.value.faults[0].remedy
    gone_on = read_text(tmp_path, of(), skip_bad_rows=True)
    assert gone_on.table.is_empty()
    assert [NO_SHEET in str(fault) for fault in gone_on.left_out] == [True]


def test_one_of_several_files_without_sheets_is_named(tmp_path: Path) -> None:
    """A part of the country whose file came empty is no part without votes."""
    (tmp_path / "north.csv").write_text(of(*ROWS[:2]))
    (tmp_path / "south.csv").write_text(of())
    elected = election(sources=[{"file": f"{name}.csv", "layout": "sheets"} for name in ("north", "south")])
    with pytest.raises(InputError, match="no tally sheet") as caught:
        read(elected, tmp_path)
    assert [fault.file for fault in caught.value.faults] == ["south.csv"]
    gone_on = read(elected, tmp_path, skip_bad_rows=True)
    assert (gone_on.table.height, [fault.file for fault in gone_on.left_out]) == (2, ["south.csv"])


def test_a_file_whose_rows_are_all_dropped_has_no_sheets(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no tally sheet"):
        read_text(tmp_path, CSV, drop=[{"column": "Rojo", "is": ["50", "60", "20"]}])


def test_a_series_may_begin_before_the_first_sheet_but_not_end_without_one(tmp_path: Path) -> None:
    publish(tmp_path, of(), of(*ROWS[:2]))
    found = series(in_series(), tmp_path)
    assert [found.at(when).height for when in found.snapshots] == [0, 2]
    assert (
        read_sheets(in_series(), in_series().contests[0], in_series().counts[0], tmp_path, when=at(20)).table.height
        == 0
    )
    publish(tmp_path, of(), of(*ROWS[:2]), of())
    with pytest.raises(InputError, match="no tally sheet") as caught:
        series(in_series(), tmp_path)
    assert [fault.file for fault in caught.value.faults] == ["acta.2024.03.03.22.00.00.x.csv"]


def test_nothing_may_be_added_but_something_must_have_been(tmp_path: Path) -> None:
    elected = in_series()
    count = elected.counts[0].model_copy(update={"publishes": "additions"})
    elected = elected.model_copy(update={"counts": (count,)})
    publish(tmp_path, of(*ROWS[:2]), of())
    assert read(elected, tmp_path).table.height == 2
    assert series(elected, tmp_path).at(at(21)).height == 2
    publish(tmp_path, of(), of())
    for reading in (read, series):
        with pytest.raises(InputError, match="no tally sheet") as caught:
            reading(elected, tmp_path)
        assert [fault.file for fault in caught.value.faults] == ["acta.2024.03.03.21.00.00.x.csv"]


def test_progress_is_told(tmp_path: Path) -> None:
    publish(tmp_path, CSV, CSV)
    elected = in_series()
    told: list[tuple[int, int]] = []
    read_series(elected, elected.contests[0], elected.counts[0], tmp_path, progress=lambda *step: told.append(step))
    assert told == [(1, 2), (2, 2)]


def test_columns_may_come_in_another_order_in_each_file(tmp_path: Path) -> None:
    turned = "\n".join(",".join(reversed(line.split(","))) for line in CSV.splitlines())
    publish(tmp_path, CSV, turned)
    assert series(in_series(), tmp_path).changes["change"].to_list() == ["added"] * 3


STATE = st.dictionaries(
    st.sampled_from("abcdef"),
    st.tuples(st.sampled_from(["Norte", "Sur", None]), st.integers(0, 2), st.sampled_from([None, 0, 1])),
)


@pytest.mark.slow
@given(st.lists(STATE, min_size=1, max_size=6))
def test_a_series_gives_back_every_state(states: list[dict[str, tuple[str | None, int, int | None]]]) -> None:
    elected = election()
    contest, count = elected.contests[0], elected.counts[0]
    wanted = schema(elected, contest)

    def table(state: dict[str, tuple[str | None, int, int | None]], when: dt.datetime) -> pl.DataFrame:
        rows = [
            {
                "count": "official",
                "snapshot": when,
                "station": station,
                "province": place,
                "votes.red": red,
                "blank": blank,
            }
            for station, (place, red, blank) in state.items()
        ]
        return pl.DataFrame([{name: row.get(name) for name in wanted} for row in rows], schema=wanted)

    times = [at(20) + dt.timedelta(minutes=number) for number, _ in enumerate(states)]
    tables = [table(state, when) for state, when in zip(states, times, strict=True)]
    found = series_of(elected, contest, count, list(zip(times, tables, strict=True)))
    for when, state in zip(times, tables, strict=True):
        assert sorted(map(str, found.at(when).rows())) == sorted(map(str, state.rows()))
