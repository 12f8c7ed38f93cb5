"""Tables that are not sheets: workbooks whose formulas are read as the values they hold, refused where too large."""

from pathlib import Path

import openpyxl
import polars as pl
import pytest
import xlsxwriter

from veedor.election import Grouping, Names
from veedor.errors import InputError
from veedor.sheets.side_tables import read_plain


def _table(file: str) -> Grouping:
    return Grouping(id="area", name=Names(en="Area"), file=file, station="Mesa", column="Zona", values={"town": ("1",)})


def test_formulas_are_read_as_the_values_they_hold(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "log.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Mesa", "Zona", "Nota"])
    sheet.write_row(1, 0, [7, 1, 'r="9999999"'])
    sheet.write_formula(2, 0, '=A2+IF(B2="x",0,1)', value=8)
    sheet.write_row(2, 1, [2, None])
    book.close()
    found = read_plain(_table("log.xlsx"), tmp_path, columns=["Mesa", "Zona"])
    assert found.equals(pl.DataFrame({"Mesa": ["7", "8"], "Zona": ["1", "2"]}))


def test_a_column_that_is_not_there_names_those_that_are(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "log.xlsx")
    book.add_worksheet().write_row(0, 0, ["Mesa", "Nota"])
    book.close()
    with pytest.raises(InputError, match="its columns: Mesa, Nota"):
        read_plain(_table("log.xlsx"), tmp_path, columns=["Mesa", "Zona"])


@pytest.mark.parametrize("formula", ["=1+1", '=IF(A1="r=",1,2)'])
def test_formulas_do_not_hide_that_a_worksheet_is_too_large(tmp_path: Path, formula: str) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "Mesa"
    book.active["A2"] = formula
    book.active["XFD1048576"] = 1
    book.save(tmp_path / "log.xlsx")
    with pytest.raises(InputError, match="cells spread over 1048576 rows"):
        read_plain(_table("log.xlsx"), tmp_path, columns=["Mesa"])
