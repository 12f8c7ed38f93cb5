"""Stations and places written in two ways. Expected values: worked out by hand beside each case."""

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.sheets.small import COLUMNS, HEADER, ROWS, election
from veedor.errors import InputError
from veedor.sheets.dataset import alike_in_all
from veedor.sheets.read import read_series, read_sheets
from veedor.sheets.series import Series
from veedor.sheets.spellings import clashes
from veedor.sheets.stations.alike import as_known, key_of, names_unified

PADDED = tuple(f"00000{row}" for row in ROWS)
"""The same sheets with 000001 for 1."""


def two_states(folder: Path, first: tuple[str, ...], second: tuple[str, ...]) -> Series:
    """A series of two states, a.csv a day before b.csv."""
    (folder / "a.csv").write_text("\n".join((HEADER, *first)), encoding="utf-8")
    (folder / "b.csv").write_text("\n".join((HEADER, *second)), encoding="utf-8")
    times = (("a.csv", "2024-03-04T12:00:00"), ("b.csv", "2024-03-05T12:00:00"))
    known = election(sources=[{"file": name, "time": time, "layout": "sheets"} for name, time in times])
    return read_series(known, known.contests[0], known.counts[0], folder)


def test_a_padded_number_is_the_station_of_the_state_before(tmp_path: Path) -> None:
    series = two_states(tmp_path, ROWS, PADDED)
    assert series.changes["change"].to_list() == ["added"] * 3
    assert series.at()["station"].to_list() == ["1", "2", "3"]
    (told,) = clashes([series.spellings])
    assert told.file == "b.csv"
    assert told.found == "3 stations written otherwise than in a.csv, row 2: '000001' for '1'"


def test_case_and_blanks_are_no_other_station(tmp_path: Path) -> None:
    series = two_states(tmp_path, ("M A,Norte,X,9,1,2,0,0",), ("m\u00a0 a,Norte,X,9,1,3,0,0",))
    assert series.changes["change"].to_list() == ["added", "revised"]


def test_two_spellings_in_one_state_are_two_stations_and_a_question(tmp_path: Path) -> None:
    both = (*ROWS, "01,Norte,Escuela,200,5,4,3,2")
    series = two_states(tmp_path, ROWS, both)
    assert series.at().height == 4
    (note,) = series.notes
    assert "'1' and '01'" in note
    assert note.endswith("are they one?")


def test_what_could_be_either_of_two_is_merged_with_none(tmp_path: Path) -> None:
    both = (*ROWS, "01,Norte,Escuela,200,5,4,3,2")
    series = two_states(tmp_path, both, ("001,Norte,Escuela,200,5,4,3,2",))
    assert series.at()["station"].to_list() == ["001"]


def test_keys_keep_zeros_within_numbers() -> None:
    texts = pl.Series(["010101001.01.1.0001", "100", "0", "000", "A007 B", "a7  b"])
    assert key_of(texts).to_list() == ["10101001.1.1.1", "100", "0", "0", "a7 b", "a7 b"]


def of_two_counts(folder: Path) -> dict[str, Series]:
    first = two_states(folder, ROWS, ROWS)
    (folder / "c.csv").write_text("\n".join((HEADER, *PADDED)), encoding="utf-8")
    known = election(sources=[{"file": "c.csv", "layout": "sheets"}])
    second = read_series(known, known.contests[0], known.counts[0], folder)
    return {"one": first, "other": second}


def test_counts_are_read_under_the_spelling_of_the_first(tmp_path: Path) -> None:
    found = alike_in_all(of_two_counts(tmp_path))
    assert found["other"].at()["station"].to_list() == ["1", "2", "3"]
    (told,) = clashes([found["other"].spellings])
    assert told.found == "3 stations written otherwise than in b.csv: '000001' for '1'"


def test_places_of_one_count_are_read_under_the_first_spelling(tmp_path: Path) -> None:
    series = two_states(tmp_path, ROWS, tuple(row.replace("Norte", "NORTE ") for row in ROWS))
    assert sorted(series.at()["province"].cast(pl.String)) == ["Norte", "Norte", "Sur"]
    assert series.notes == ("1 name of a place is written in two ways, read as one: 'Norte' and 'NORTE'",)


def places(*paths: tuple[str, str]) -> pl.DataFrame:
    return pl.DataFrame(paths, schema={"region": pl.Categorical, "town": pl.Categorical}, orient="row")


def test_names_are_one_within_their_place_only() -> None:
    # Two towns of one name, in capitals in one region: nothing says that they are one.
    (table,), notes = names_unified([places(("A", "San Juan"), ("B", "SAN JUAN"))], ["region", "town"])
    assert table["town"].cast(pl.String).to_list() == ["San Juan", "SAN JUAN"]
    assert notes == []


def test_accents_and_the_order_of_words_are_asked_about() -> None:
    table = places(("A", "San José"), ("A", "San Jose"), ("A", "Cruz Santa"), ("A", "Santa Cruz"), ("A", "Zona 1 2"))
    (same,), (note,) = names_unified([table], ["region", "town"])
    assert same.equals(table)
    assert "'San José' and 'San Jose', 'Cruz Santa' and 'Santa Cruz'; are they one?" in note


def test_more_stations_than_expected_are_told(tmp_path: Path) -> None:
    (tmp_path / "sheets.csv").write_text("\n".join((HEADER, *ROWS)), encoding="utf-8")
    known = election()
    count = known.counts[0].model_copy(update={"expected_sheets": 2})
    (note,) = read_sheets(known, known.contests[0], count, tmp_path).notes
    assert note.startswith("official has 3 stations, and 2 are expected")


def stations(folder: Path, column: dict[str, Any], *mesas: str) -> tuple[list[str], tuple[str, ...]]:
    """Stations that a definition's rule makes of these texts, and what was said of it."""
    lines = [f"{mesa},Norte,Escuela,200,50,{number},3,2" for number, mesa in enumerate(mesas)]
    (folder / "sheets.csv").write_text("\n".join((HEADER, *lines)), encoding="utf-8")
    known = election(columns={**COLUMNS, "station": column})
    found = read_sheets(known, known.contests[0], known.counts[0], folder, when=dt.datetime(2024, 3, 4))
    return found.table["station"].to_list(), found.notes


@pytest.mark.parametrize(
    ("rule", "mesas", "wanted"),
    [
        ({"column": "Mesa", "pad": 6}, ("1", "20"), ["000001", "000020"]),
        ({"column": "Mesa", "strip_zeros": True}, ("0010", "000"), ["10", "0"]),
        ({"column": "Mesa", "characters": [3, 5]}, ("ab123c", "xy777"), ["123", "777"]),
        (
            {"column": "Mesa", "split": ".", "keep": [1, 2], "separator": "/", "strip_zeros": True},
            ("0101.02.1.0001", "0101.03.1.0001"),
            ["101/02", "101/03"],
        ),
        ({"join": ["Recinto", "Mesa"], "pad": [9, 2], "separator": "."}, ("1",), ["00Escuela.01"]),
    ],
)
def test_identifiers_are_transformed_as_the_layout_says(
    tmp_path: Path, rule: dict[str, Any], mesas: tuple[str, ...], wanted: list[str]
) -> None:
    found, notes = stations(tmp_path, rule, *mesas)
    assert found == wanted
    assert notes[0].startswith("sheets.csv: station as the layout transforms it: ")
    assert notes[0].endswith(f" is {wanted[-1]}")


def test_a_text_without_the_part_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"row 3, column Mesa: found 'ab', wanted a text with 5 characters"):
        stations(tmp_path, {"column": "Mesa", "characters": [3, 5]}, "ab123", "ab")


def test_a_place_with_totals_only_is_one_sheet_and_named(tmp_path: Path) -> None:
    rule = {"join": ["Recinto", "Mesa"], "separator": " / ", "pad": [1, 2], "if_empty": "all"}
    found, notes = stations(tmp_path, rule, "1", "", "2")
    assert found == ["Escuela / 01", "Escuela / all", "Escuela / 02"]
    told = "1 sheet is the total of a whole place and not of a station, whose identifier is empty, and no check of "
    told += "stations looks at it: Escuela / all"
    assert notes[1] == f"sheets.csv: {told}"
    assert len(stations(tmp_path, rule, "1", "2")[1]) == 1
    with pytest.raises(InputError, match=r"row 3, column station: found station Escuela / all again"):
        stations(tmp_path, rule, "", "")


def test_a_row_without_any_part_of_an_identifier_is_no_place(tmp_path: Path) -> None:
    lines = ["1,Norte,Escuela,200,50,1,3,2", ",,,200,50,2,3,2"]
    (tmp_path / "sheets.csv").write_text("\n".join((HEADER, *lines)), encoding="utf-8")
    known = election(columns={**COLUMNS, "station": {"join": ["Recinto", "Mesa"], "if_empty": "all"}})
    with pytest.raises(InputError, match=r"row 3, column Recinto: found an empty cell, wanted the polling station"):
        read_sheets(known, known.contests[0], known.counts[0], tmp_path)


@pytest.mark.parametrize(
    ("columns", "wanted"),
    [
        ({"station": {"column": "Mesa", "if_empty": "all"}}, "if_empty goes with join"),
        ({"levels": {"province": {"join": ["Provincia", "Recinto"], "if_empty": "all"}}}, "if_empty is for station"),
    ],
)
def test_only_the_parts_of_a_station_stand_in(columns: dict[str, Any], wanted: str) -> None:
    with pytest.raises(ValueError, match=wanted):
        election(columns={**COLUMNS, **columns})


def test_a_figure_is_not_transformed() -> None:
    with pytest.raises(ValueError, match="are for station, levels and status"):
        election(columns={**COLUMNS, "blank": {"column": "Blancos", "pad": 6}})


def test_a_log_calls_stations_as_the_sheets_do() -> None:
    known = pl.Series(["000001", "000002", "A 3", "4", "04"])
    log = pl.Series(["1", "000002", "a  3", "004", "7", "02", None])
    # 004 could be 4 or 04; 7 is unknown; 02 is 000002 written otherwise.
    assert as_known(log, known).to_list() == ["000001", "000002", "A 3", "004", "7", "000002", None]


def test_two_texts_of_a_log_are_not_made_one_station() -> None:
    assert as_known(pl.Series(["1", "01"]), pl.Series(["0001"])).to_list() == ["1", "01"]
