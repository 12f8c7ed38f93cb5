"""Text that looks regular and is not: what is read is what Python's csv module reads, strictly, or a fault is named."""

import csv
import itertools
from pathlib import Path

import polars as pl
import pytest

from tests.sheets.small import HEADER, ROWS, faults_of, read_text
from veedor.errors import InputError

SHORT = ["".join(letters) for n in range(1, 5) for letters in itertools.product('x",', repeat=n)]
MARKED = [cell for cell in SHORT if '"' in cell]


def by_csv(line: str) -> tuple[str, str]:
    """The second cell of a line, or what is wrong with the line."""
    try:
        (cells,) = csv.reader([line + "\n"], strict=True)
    except csv.Error:
        return "fault", "quotation marks that do not match"
    return ("cell", cells[1]) if len(cells) == 8 else ("fault", f"{len(cells)} cells")


def as_read(folder: Path, line: str) -> tuple[str, str]:
    """The same, as the sheets are read."""
    try:
        table = read_text(folder, f"{HEADER}\n{line}\n").table
    except InputError as error:
        (fault,) = error.faults
        assert fault.row == 2
        return "fault", fault.found
    return "cell", table["province"].cast(pl.String).fill_null("")[0]


@pytest.mark.slow
def test_quotation_marks_anywhere_in_a_cell_mean_what_they_mean_to_csv(tmp_path: Path) -> None:
    """Every cell of up to four of the characters `x`, `"` and `,`, and two longer ones that close in another cell."""
    assert len(MARKED) == 90
    for cell in (*MARKED, 'x",",', ',x","'):
        line = f"1,{cell},Escuela,200,50,40,3,2"
        assert as_read(tmp_path, line) == by_csv(line), cell


@pytest.mark.parametrize("cell", ['"Norte,"', '"Norte,,"', '"No,rte,"', '","'])
def test_a_delimiter_at_the_end_of_a_quoted_cell_does_not_stand_in_for_one_that_is_missing(
    tmp_path: Path, cell: str
) -> None:
    """As many delimiters as whole rows have; but the row below has a cell too few, which is no empty one."""
    short = "2,Norte,Escuela,210,60,30,1"
    (fault,) = faults_of(tmp_path, "\n".join([HEADER, f"1,{cell},Escuela,200,50,40,3,2", short]) + "\n")
    assert (fault.row, fault.found) == (3, "7 cells")


@pytest.mark.parametrize("quote", ['"', ""])
@pytest.mark.parametrize("ending", ["\r\n", "\n"])
def test_a_lone_carriage_return_ends_a_line_in_the_header_too(tmp_path: Path, ending: str, quote: str) -> None:
    """`Observación\\rotra`: the header ends before `otra`, a row of one cell, whatever ends the other lines."""
    lines = [f"{HEADER},Observación\rotra", *(f"{row},nada" for row in ROWS)]
    (fault,) = faults_of(tmp_path, (ending.join(lines) + ending).encode(), quote=quote)
    assert (fault.row, fault.found) == (2, "1 cells")


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r"])
def test_a_lone_carriage_return_above_the_header_ends_a_line(tmp_path: Path, ending: str) -> None:
    """`Resultados\\rfinales` are two lines: the header is in the third."""
    lines = ["Resultados\rfinales", HEADER, *ROWS]
    data = (ending.join(lines) + ending).encode()
    assert read_text(tmp_path, data, header_row=3).table["station"].to_list() == ["1", "2", "3"]
    with pytest.raises(InputError):
        read_text(tmp_path, data, header_row=2)


@pytest.mark.parametrize("mark", ["", '"'], ids=["plain", "quoted"])
def test_a_header_with_a_cell_as_long_as_a_file_is_a_fault_with_its_row(tmp_path: Path, mark: str) -> None:
    lines = [f"{HEADER},{mark}{'x' * 200_000}{mark}", *(f"{row},nada" for row in ROWS)]
    (fault,) = faults_of(tmp_path, "\n".join(lines) + "\n")
    assert (fault.row, fault.wanted) == (1, "names of columns")
