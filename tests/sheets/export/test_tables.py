"""What is written is read back: CSV and Parquet."""

import csv
import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.sheets.export.tables import WHEN, small, small_table, table_of
from veedor.errors import InputError, VeedorError
from veedor.sheets import schema
from veedor.sheets.export.csv import read_table_csv, write_csv
from veedor.sheets.export.parquet import write_parquet

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
stations = st.text(st.sampled_from("=+-@\t\r\n'\"ab, 1é"), min_size=1, max_size=6)
figures = st.none() | st.integers(0, 10**9)


@st.composite
def tables(draw: st.DrawFn) -> pl.DataFrame:
    election, contest, _ = small()
    rows = [
        {
            "station": station,
            "state": draw(st.none() | texts),
            "precinct": draw(st.none() | stations),
            "registered": draw(figures),
            "votes.A": draw(figures),
            "votes.B.2": draw(figures),
            "blank": draw(figures),
            "null": draw(figures),
            "status": draw(st.sampled_from([None, "counted", "annulled"])),
            "latitude": draw(st.none() | st.floats(-90, 90)),
            "arrived": draw(st.none() | st.just(WHEN + dt.timedelta(microseconds=draw(st.integers(0, 10**12))))),
        }
        for station in draw(st.lists(stations, min_size=1, max_size=5, unique=True))
    ]
    return table_of(election, contest, rows)


@pytest.mark.slow
@given(tables())
def test_csv_read_back_is_the_same_table(tmp_path_factory: pytest.TempPathFactory, table: pl.DataFrame) -> None:
    election, contest, _ = small()
    path = tmp_path_factory.mktemp("csv") / "table.csv"
    write_csv(path, table)
    assert_frame_equal(read_table_csv(path, election, contest), table, categorical_as_str=True)


@pytest.mark.slow
@given(tables())
def test_parquet_read_back_is_the_same_table(tmp_path_factory: pytest.TempPathFactory, table: pl.DataFrame) -> None:
    path = tmp_path_factory.mktemp("parquet") / "table.parquet"
    write_parquet(path, table)
    assert_frame_equal(pl.read_parquet(path), table, categorical_as_str=True)


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_cell_begins_like_a_formula(tmp_path: Path, begin: str) -> None:
    election, contest, _ = small()
    table = table_of(election, contest, [{"station": f"{begin}cmd|' /C calc'!A0", "state": f"{begin}1"}])
    write_csv(tmp_path / "table.csv", table)
    with (tmp_path / "table.csv").open(newline="", encoding="utf-8") as file:
        [row] = csv.DictReader(file)
    assert row["station"][0] == "'"
    assert row["state"][0] == "'"


def test_zero_is_0_and_absent_is_nothing(tmp_path: Path) -> None:
    *_, table = small_table()
    write_csv(tmp_path / "table.csv", table)
    with (tmp_path / "table.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert (rows[1]["votes.A"], rows[1]["registered"]) == ("0", "")
    assert rows[0]["snapshot"].startswith("2030-05-05T20:00:00")
    assert rows[0]["snapshot"].endswith("-04:00")


def test_a_csv_of_another_shape_is_refused(tmp_path: Path) -> None:
    election, contest, _ = small()
    (tmp_path / "table.csv").write_text("station,votes\n1,2\n")
    with pytest.raises(InputError, match=r"table\.csv, row 1: found station, votes, wanted count, snapshot"):
        read_table_csv(tmp_path / "table.csv", election, contest)
    with pytest.raises(InputError, match=r"missing\.csv"):
        read_table_csv(tmp_path / "missing.csv", election, contest)


def test_nothing_is_left_where_writing_fails(tmp_path: Path) -> None:
    *_, table = small_table()
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "inside").touch()
    with pytest.raises(VeedorError, match="cannot write"):
        write_csv(tmp_path / "taken", table)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["taken"]


def test_the_columns_are_those_of_the_sheet_table(tmp_path: Path) -> None:
    election, contest, _, table = small_table()
    write_csv(tmp_path / "table.csv", table)
    assert (tmp_path / "table.csv").read_text().splitlines()[0].split(",") == list(schema(election, contest))
