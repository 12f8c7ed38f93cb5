"""Cells that hold blanks only, and times that a file keeps as times, in whatever zone."""

import datetime as dt
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from tests.sheets.small import COLUMNS, CSV, faults_of, named, read, read_text

PLACED = {**COLUMNS, "latitude": "lat"}
ARRIVED = {**COLUMNS, "arrived": "Hora"}
MOMENT = dt.datetime(2024, 3, 3, 23, 40, 57, tzinfo=dt.UTC)
"""19:40:57 in La Paz, which is four hours behind all the year round."""


def with_column(name: str, *cells: str) -> str:
    """The CSV with one column more."""
    return "\n".join(f"{line},{cell}" for line, cell in zip(CSV.splitlines(), (name, *cells), strict=True)) + "\n"


@pytest.mark.parametrize("blank", [" ", "   ", "\t"])
@pytest.mark.parametrize("labels", [["-"], ["", "-"]])
def test_a_coordinate_of_blanks_only_is_missing_whatever_else_means_so(
    tmp_path: Path, blank: str, labels: list[str]
) -> None:
    text = with_column("lat", "-16.5", blank, "-")
    table = read_text(tmp_path, text, columns=PLACED, missing=labels).table
    assert table["latitude"].to_list() == [-16.5, None, None]


def test_a_coordinate_that_is_a_word_is_no_missing_one(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, with_column("lat", "-16.5", "south", "0"), columns=PLACED)
    assert (fault.row, fault.column, fault.found) == (3, "lat", "'south'")


def arrivals(folder: Path, times: pl.Series, **layout: Any) -> list[Any]:
    """What is read from a Parquet file whose sheets arrived at these times."""
    cells = pl.read_csv(CSV.encode()).with_columns(pl.Series("Hora", times))
    cells.write_parquet(folder / "sheets.parquet")
    elected = named("sheets.parquet", columns=ARRIVED, format="parquet", **layout)
    found: list[Any] = read(elected, folder).table["arrived"].to_list()
    return found


@pytest.mark.parametrize("zone", ["UTC", "America/La_Paz", "Asia/Kathmandu"])
@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_a_time_kept_with_a_zone_is_that_moment(tmp_path: Path, zone: str, unit: Any) -> None:
    times = pl.Series([MOMENT, None, MOMENT], dtype=pl.Datetime(unit, "UTC")).dt.convert_time_zone(zone)
    found = arrivals(tmp_path, times)
    assert found == [MOMENT, None, MOMENT]
    assert found[0].tzinfo == ZoneInfo("America/La_Paz")


@pytest.mark.parametrize("layout", [{}, {"time_format": "%d/%m/%Y %H:%M:%S"}], ids=["ISO", "a form of its own"])
def test_a_time_kept_as_a_time_needs_no_form(tmp_path: Path, layout: dict[str, str]) -> None:
    """A layout that says how times are written in text serves a file that keeps them as times too."""
    local = pl.Series([MOMENT.astimezone(ZoneInfo("America/La_Paz")).replace(tzinfo=None)] * 3)
    assert arrivals(tmp_path, local, **layout) == [MOMENT] * 3
    assert arrivals(tmp_path, pl.Series([MOMENT] * 3), **layout) == [MOMENT] * 3
