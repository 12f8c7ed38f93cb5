"""Columns and rows that look like others: totals below, stations without figures, words that are no status."""

import random
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.draft.test_draft import totals_by
from veedor.draft.draft import Draft, draft_of

HEADER = "Mesa;Provincia;Inscritos;Lista Roja;Lista Azul;Blancos;Nulos;Emitidos"
Row = list[object]


def sheets(number: int = 40) -> list[Row]:
    draw = random.Random(3)
    made: list[Row] = []
    for n in range(number):
        red, blue, blank, null = (draw.randint(10, 90), draw.randint(10, 90), draw.randint(0, 5), draw.randint(0, 5))
        cast = red + blue + blank + null
        made.append([f"M-{n + 1:03d}", ("Norte", "Sur")[n % 2], cast + 20, red, blue, blank, null, cast])
    return made


def drafted(folder: Path, header: str, rows: list[Row]) -> tuple[Draft, dict[str, Any]]:
    """The draft for these rows, and the layout that it makes of them."""
    path = folder / "resultados.csv"
    path.write_text("\n".join([header, *(";".join(map(str, row)) for row in rows)]) + "\n")
    draft = draft_of("my", [path])
    layout: dict[str, Any] = tomllib.loads(draft.text)["layouts"]["file"]
    return draft, layout


@pytest.mark.parametrize("place", ["TOTAL", "Total general"])
def test_a_row_of_totals_is_found_in_whatever_column_it_says_so(tmp_path: Path, place: str) -> None:
    """The station is empty in the row that sums all others up, its province says Total."""
    rows = sheets()
    sums = [sum(int(str(row[column])) for row in rows) for column in range(2, 8)]
    draft, layout = drafted(tmp_path, HEADER, [*rows, ["", place, *sums]])
    assert layout["drop"] == [{"column": "Provincia", "is": place}]
    found = totals_by(draft)
    assert (found["sheets"], found["registered"], found["Lista Roja"]) == (40, sums[0], sums[1])


def test_a_last_row_of_two_cells_is_a_sheet_that_has_not_come_and_no_footer(tmp_path: Path) -> None:
    """The last two stations are named with their province, and have no figure yet: they are not dropped."""
    waiting: list[Row] = [["M-041", "Norte", *[""] * 6], ["M-042", "Sur", *[""] * 6]]
    _, layout = drafted(tmp_path, HEADER, [*sheets(), *waiting])
    assert "drop" not in layout


@pytest.mark.slow
def test_a_last_row_of_one_cell_is_a_footer(tmp_path: Path) -> None:
    note = "Fuente: tribunal electoral"
    draft, layout = drafted(tmp_path, HEADER, [*sheets(), [note, *[""] * 7]])
    assert layout["drop"] == [{"column": "Mesa", "is": note}]
    assert totals_by(draft)["sheets"] == 40


TWICE = "Color;Mesa;Provincia;Inscritos;Lista Roja;Lista Azul;Blancos;Nulos;Emitidos"


def twice(more_on_the_roll: int) -> list[Row]:
    """Each station has a row of each of two colours; on the roll of the second stand so many more."""
    return [
        [color, station, province, int(str(roll)) + more, *figures]
        for color, more in (("Verde", 0), ("Gris", more_on_the_roll))
        for station, province, roll, *figures in sheets()
    ]


def test_two_rows_of_a_station_with_one_roll_are_two_contests(tmp_path: Path) -> None:
    """The voters are the same, so that what the colour tells apart is what they voted on."""
    draft, layout = drafted(tmp_path, TWICE, twice(0))
    assert layout["contest"]["column"] == "Color"
    assert totals_by(draft)["sheets"] == 40


@pytest.mark.slow
def test_two_rows_of_a_station_with_two_rolls_are_two_stations(tmp_path: Path) -> None:
    """The voters are others, so that the colour tells where they vote: the number of a station is not all its name."""
    draft, layout = drafted(tmp_path, TWICE, twice(7))
    assert "contest" not in layout
    assert totals_by(draft)["sheets"] == 80


REMARKS = "Mesa;Provincia;Observaciones;Inscritos;Votos"


@pytest.mark.slow
@pytest.mark.parametrize("remarks", [401, 500])
def test_a_column_of_hundreds_of_texts_holds_no_choices_though_some_say_blank_and_null(
    tmp_path: Path, remarks: int
) -> None:
    """One row a station, with a remark of its own: `En blanco` and `Nulos` among them make it no long file."""
    texts = ["En blanco", "Nulos", *(f"Llegada {number}" for number in range(remarks - 2))]
    rows: list[Row] = [[f"M-{n:04d}", "Norte", text, 300 + n % 7, 100 + n % 90] for n, text in enumerate(texts)]
    draft, layout = drafted(tmp_path, REMARKS, rows)
    assert "long" not in layout
    assert any("no columns of votes" in todo for todo in draft.todo) or "votes" in layout["columns"]


WITH_STATUS = f"{HEADER};Estado del acta"


@pytest.mark.parametrize(("words", "taken"), [(3, True), (12, True), (13, False), (20, False)])
def test_a_status_has_few_words_and_a_column_of_many_is_free_text(tmp_path: Path, words: int, taken: bool) -> None:
    """Twelve words an authority may have for what became of a sheet; where there are more, somebody wrote notes."""
    notes = [f"Computada por la oficina {chr(ord('A') + number)}" for number in range(words)]
    _, layout = drafted(tmp_path, WITH_STATUS, [[*row, notes[n % words]] for n, row in enumerate(sheets())])
    assert ("status" in layout) == taken
