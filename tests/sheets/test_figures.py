"""Whole numbers, degrees, times and words out of cells."""

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.sheets.small import COLUMNS, CSV, HEADER, election, faults_of, read_text, with_cell
from veedor.election.layout import MOST_VOTES
from veedor.errors import DefinitionError

NOT_WHOLE_NUMBERS = {
    "-5": "negative",
    "−5": "negative",
    "12.5": "fractions",
    "12,5": "fractions",
    "1/2": "fractions",
    "1e3": "fractions",
    "1٢": "0 to 9",  # digits of two scripts: who wrote them?
    "١۲": "0 to 9",  # Arabic and Persian digits, of which some look alike
    "5²": "0 to 9",
    str(MOST_VOTES + 1): "no sheet holds more",
    str(2**31): "no sheet holds more",
    "9" * 30: "no sheet holds more",
    "=SUM(E2:F2)": "formula",
    "@A1": "formula",
    "#REF!": "error",
    "1.234": "thousands",
    "n/a": "missing",
    "NaN": "missing",
    "inf": "missing",
    "+5": "missing",
    "1_000": "missing",
    "0x1F": "missing",
    "TRUE": "missing",
}


@pytest.mark.parametrize(
    ("cell", "number"),
    [("١٢", 12), ("۱۲", 12), ("१२", 12), ("১২", 12), ("๑๒", 12), ("１２", 12), (" ٠٧ ", 7)],
)
def test_digits_of_another_script_are_figures(tmp_path: Path, cell: str, number: int) -> None:
    # Unicode, chapter 22.3: decimal digits of each script are ten characters in a row, in their order.
    assert read_text(tmp_path, with_cell("Rojo", f'"{cell}"')).table["votes.red"][1] == number


@pytest.mark.parametrize("cell", NOT_WHOLE_NUMBERS)
def test_what_is_not_a_whole_number_is_a_fault(tmp_path: Path, cell: str) -> None:
    text = with_cell("Rojo", f'"{cell}"')
    (fault,) = faults_of(tmp_path, text)
    assert (fault.file, fault.row, fault.column) == ("sheets.csv", 3, "Rojo")
    assert NOT_WHOLE_NUMBERS[cell] in fault.remedy
    assert read_text(tmp_path, text, skip_bad_rows=True).table["station"].to_list() == ["1", "3"]


@pytest.mark.parametrize(
    ("cell", "layout", "figure"),
    [
        ("7", {}, 7),
        (" 7 ", {}, 7),
        ("007", {}, 7),
        ("7.0", {}, 7),
        ("7,0", {"decimal": ","}, 7),
        (str(MOST_VOTES), {}, MOST_VOTES),
        ("", {}, None),
        ("s/d", {"missing": "s/d"}, None),
        ("-", {"missing": ["", "-"]}, None),
        ("s/d", {"missing": ["", "s/d"]}, None),
        ("1.234", {"thousands": ".", "decimal": ","}, 1234),
        ("1 234", {"thousands": " "}, 1234),
        ("1\u00a0234.0", {"thousands": " "}, 1234),
        ("1234", {"thousands": "."}, 1234),
    ],
)
def test_figures(tmp_path: Path, cell: str, layout: dict[str, Any], figure: int | None) -> None:
    found = read_text(tmp_path, with_cell("Rojo", f'"{cell}"'), **layout)
    assert found.table["votes.red"].to_list() == [50, figure, 20]


def test_wrong_groups_of_thousands_are_a_fault(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, with_cell("Rojo", "12.34"), thousands=".", decimal=",")
    assert (fault.row, fault.found) == (3, "'12.34'")


def test_an_empty_cell_is_a_fault_where_it_does_not_mean_absent(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, with_cell("Rojo", ""), missing=["-"])
    assert (fault.row, fault.column, fault.found) == (3, "Rojo", "an empty cell")


def test_several_columns_are_added_and_joined(tmp_path: Path) -> None:
    columns = {
        **COLUMNS,
        "station": {"join": ["Recinto", "Mesa"], "separator": "/"},
        "votes": {"red": {"sum": ["Rojo", "Azul"]}, "blue": "Nulos"},
        "levels": {"province": {"value": "Todo"}},
    }
    table = read_text(tmp_path, with_cell("Azul", ""), columns=columns).table
    assert table["station"].to_list() == ["Escuela/1", "Escuela/2", "Plaza/3"]
    assert table["votes.red"].to_list() == [90, None, 110]  # an absent figure and a number are absent
    assert table["province"].cast(pl.String).to_list() == ["Todo"] * 3
    assert table["precinct"].null_count() == 3


def test_a_station_of_which_a_part_is_empty_is_a_fault(tmp_path: Path) -> None:
    columns = {**COLUMNS, "station": {"join": ["Recinto", "Mesa"]}}
    (fault,) = faults_of(tmp_path, with_cell("Recinto", ""), columns=columns)
    assert fault.row == 3


STATUS = {**COLUMNS, "status": "Estado"}
WORDS = {"Computada": "counted", "Anulada": "annulled"}


def with_column(name: str, cells: list[str]) -> str:
    return "\n".join(f"{line},{cell}" for line, cell in zip(CSV.splitlines(), [name, *cells], strict=True))


def test_status_words(tmp_path: Path) -> None:
    text = with_column("Estado", ["Computada", "Anulada", ""])
    table = read_text(tmp_path, text, columns=STATUS, status=WORDS).table
    assert table["status"].cast(pl.String).to_list() == ["counted", "annulled", None]


def test_a_status_word_that_is_not_listed_is_a_fault(tmp_path: Path) -> None:
    text = with_column("Estado", ["Computada", "Anuladas", "Computada"])
    (fault,) = faults_of(tmp_path, text, columns=STATUS, status=WORDS)
    assert (fault.row, fault.column, fault.remedy) == (3, "Estado", "is it 'Anulada'?")


COORDINATES = {**COLUMNS, "latitude": "lat"}


def test_coordinates(tmp_path: Path) -> None:
    table = read_text(tmp_path, with_column("lat", ["-16.5", "", " 0 "]), columns=COORDINATES).table
    assert table["latitude"].to_list() == [-16.5, None, 0.0]
    text = (
        with_column("lat", ["-16,5", "1", "2"])
        .replace(",-16,5", ';"-16,5"')
        .replace(",", ";")
        .replace("-16;5", "-16,5")
    )
    assert read_text(tmp_path, text, columns=COORDINATES, delimiter=";", decimal=",").table["latitude"][0] == -16.5


@pytest.mark.parametrize("cell", ["-90.5", "nan", "inf", "1e9", "16S", "١"])
def test_what_is_no_latitude(tmp_path: Path, cell: str) -> None:
    (fault,) = faults_of(tmp_path, with_column("lat", ["1", cell, "2"]), columns=COORDINATES)
    assert (fault.row, fault.column) == (3, "lat")


ARRIVED = {**COLUMNS, "arrived": "Hora"}
LA_PAZ = dt.timezone(dt.timedelta(hours=-4))


@pytest.mark.parametrize(
    ("cell", "time_format"),
    [
        ("2024-03-03T19:40:57", None),
        ("2024-03-03 19:40:57", None),
        ("2024-03-03T23:40:57Z", None),
        ("2024-03-03T23:40:57.000+00:00", None),
        ("2024-03-03T18:40:57-0500", None),
        ("03/03/2024 19:40:57", "%d/%m/%Y %H:%M:%S"),
        ("03/03/2024 23:40:57 +0000", "%d/%m/%Y %H:%M:%S %z"),
    ],
)
def test_times_of_arrival(tmp_path: Path, cell: str, time_format: str | None) -> None:
    table = read_text(tmp_path, with_column("Hora", ["", cell, ""]), columns=ARRIVED, time_format=time_format).table
    assert table["arrived"].to_list() == [None, dt.datetime(2024, 3, 3, 19, 40, 57, tzinfo=LA_PAZ), None]


@pytest.mark.parametrize("cell", ["19:40", "2024-02-30T10:00:00", "03/03/2024", "١"])
def test_what_is_no_time(tmp_path: Path, cell: str) -> None:
    (fault,) = faults_of(tmp_path, with_column("Hora", ["", cell, ""]), columns=ARRIVED)
    assert (fault.row, fault.column) == (3, "Hora")


def test_rows_of_another_contest_are_not_read_and_cannot_be_faulty(tmp_path: Path) -> None:
    text = "\n".join(
        [HEADER + ",Cargo", "1,N,E,9,5,4,0,0,Alcalde", "1,N,E,9,-,x,0,0,Concejal", "2,N,E,9,5,4,0,0,Alcalde "]
    )
    contest = {"column": "Cargo", "values": {"mayor": "Alcalde"}}
    assert read_text(tmp_path, text, contest=contest).table["station"].to_list() == ["1", "2"]
    (fault,) = faults_of(tmp_path, text, contest={"column": "Cargo", "values": {"mayor": "Intendente"}})
    assert "'Alcalde'" in fault.found
    assert "'Intendente'" in fault.wanted
    with pytest.raises(DefinitionError, match=r"layouts\.sheets\.contest\.values"):
        read_text(tmp_path, text, contest={"column": "Cargo", "values": {"council": "Concejal"}})


def test_rows_that_the_layout_drops_are_no_sheets(tmp_path: Path) -> None:
    text = CSV + "TOTAL,,,=SUM(D2:D4),130,160,4,6\n"
    drop = [{"column": "Mesa", "is": "TOTAL"}]
    assert read_text(tmp_path, text, drop=drop).table["station"].to_list() == ["1", "2", "3"]


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    text = "\n".join([HEADER, "1,N,E,9,-5,4.5,0,0", "2,N,E", ",N,E,9,5,4,0,x", "4,N,E,9,5,4,0,0"])
    assert [(fault.row, fault.column) for fault in faults_of(tmp_path, text)] == [
        (2, "Rojo"),
        (2, "Azul"),
        (3, None),
        (4, "Mesa"),
        (4, "Nulos"),
    ]


def test_the_election_of_these_tests_is_sound() -> None:
    assert election().contests[0].choice_ids == ("red", "blue")
