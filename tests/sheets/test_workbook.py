"""XLSX, ODS and XLS: what calamine gives, and what it would not tell."""

import datetime as dt
import re
import struct
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import odf.opendocument
import odf.table
import odf.text
import openpyxl
import polars as pl
import pytest
import xlsxwriter

from tests.sheets.small import COLUMNS, CSV, named, read
from veedor.errors import Fault, InputError
from veedor.sheets.workbook import parts as workbook_parts
from veedor.sheets.workbook import scan
from veedor.sheets.workbook.extent import usual_extent

Cells = list[list[Any]]


def cells() -> Cells:
    """The small election's rows, figures and stations as numbers."""
    return [[int(cell) if cell.isdigit() else cell for cell in line.split(",")] for line in CSV.splitlines()]


def xlsx(path: Path, rows: Sequence[Sequence[Any]], sheet: str = "Hoja 1") -> Path:
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet(sheet)
    for number, row in enumerate(rows):
        for index, cell in enumerate(row):
            if isinstance(cell, tuple):
                page.write_formula(number, index, cell[0], None, cell[1])
            else:
                page.write(number, index, cell)
    book.close()
    return path


def ods(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    document = odf.opendocument.OpenDocumentSpreadsheet()
    table = odf.table.Table(name="Hoja 1")
    for row in rows:
        line = odf.table.TableRow()
        for cell in row:
            kind = "float" if isinstance(cell, int) else "string"
            value = {"value": str(cell)} if kind == "float" else {}
            made = odf.table.TableCell(valuetype=kind, **value)
            made.addElement(odf.text.P(text=str(cell)))
            line.addElement(made)
        table.addElement(line)
    document.spreadsheet.addElement(table)
    document.save(str(path))
    return path


def table_of(folder: Path, file: str = "sheets.xlsx", **layout: Any) -> pl.DataFrame:
    return read(named(file, format="xlsx", **layout), folder).table


def faults_of(folder: Path, file: str = "sheets.xlsx", **layout: Any) -> tuple[Fault, ...]:
    with pytest.raises(InputError) as caught:
        table_of(folder, file, **layout)
    return caught.value.faults


@pytest.fixture
def from_csv(tmp_path: Path) -> pl.DataFrame:
    (tmp_path / "sheets.csv").write_text(CSV)
    return read(named("sheets.csv"), tmp_path).table


@pytest.mark.slow
def test_xlsx_and_ods_give_what_csv_gives(tmp_path: Path, from_csv: pl.DataFrame) -> None:
    xlsx(tmp_path / "sheets.xlsx", cells())
    ods(tmp_path / "sheets.ods", cells())
    assert table_of(tmp_path).equals(from_csv)
    assert table_of(tmp_path, "sheets.ods").equals(from_csv)


def test_numbers_kept_as_text_and_empty_cells(tmp_path: Path) -> None:
    rows = cells()
    rows[2][4], rows[3][4] = "60", ""
    xlsx(tmp_path / "sheets.xlsx", rows)
    assert table_of(tmp_path)["votes.red"].to_list() == [50, 60, None]


def test_the_worksheet_is_found_by_name(tmp_path: Path, from_csv: pl.DataFrame) -> None:
    book = openpyxl.Workbook()
    book.active.append(["something else"])
    page = book.create_sheet("Resultados ")
    for row in cells():
        page.append(row)
    book.save(tmp_path / "sheets.xlsx")
    assert table_of(tmp_path, sheet="Resultados ").equals(from_csv)
    assert table_of(tmp_path, sheet="Resultados").equals(from_csv)
    (fault,) = faults_of(tmp_path, sheet="Resultado 2020")
    assert "'Sheet', 'Resultados '" in fault.found


def test_rows_are_counted_as_the_spreadsheet_shows_them(tmp_path: Path) -> None:
    rows = [[], ["Elecciones"], [], *cells()]
    rows[5][4] = -1
    xlsx(tmp_path / "sheets.xlsx", [[None, *row] for row in rows])
    (fault,) = faults_of(tmp_path, header_row=4)
    assert (fault.row, fault.column, fault.found) == (6, "Rojo", "'-1.0'")
    (fault,) = faults_of(tmp_path, header_row=1)
    assert (fault.row, fault.found) == (1, "cells in the rows 2 to 7")


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (12.5, "'12.5'"),
        (1e12, "'1000000000000.0'"),
        (True, "'TRUE'"),
        ("x", "'x'"),
        ("1.234", "'1.234'"),
    ],
)
def test_cells_that_are_no_figures(tmp_path: Path, cell: Any, found: str) -> None:
    rows = cells()
    rows[2][4] = cell
    xlsx(tmp_path / "sheets.xlsx", rows)
    (fault,) = faults_of(tmp_path)
    assert (fault.row, fault.column, fault.found) == (3, "Rojo", found)


def test_a_fraction_beside_text_is_not_taken_for_thousands(tmp_path: Path) -> None:
    rows = cells()
    rows[1][4], rows[2][4] = "1.050", 1.234
    xlsx(tmp_path / "sheets.xlsx", rows)
    (fault,) = faults_of(tmp_path, thousands=".", decimal=",")
    assert (fault.row, fault.found) == (3, "'1.234 as a number'")


def test_a_date_is_no_figure(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    rows = cells()
    rows[2][4] = dt.datetime(2024, 3, 3)
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "sheets.xlsx")
    (fault,) = faults_of(tmp_path)
    assert (fault.row, fault.column, fault.found) == (3, "Rojo", "'2024-03-03'")


def test_times_of_arrival_may_be_dates_of_the_spreadsheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row, arrived in zip(cells(), ["Hora", dt.datetime(2024, 3, 3, 19, 40, 57), None, None], strict=True):
        book.active.append([*row, arrived])
    book.save(tmp_path / "sheets.xlsx")
    table = table_of(tmp_path, columns={**COLUMNS, "arrived": "Hora"})
    expected = dt.datetime(2024, 3, 3, 23, 40, 57, tzinfo=dt.UTC)  # La Paz is four hours behind
    assert table["arrived"].to_list() == [expected, None, None]


def test_a_formula_is_a_fault_even_where_its_last_value_is_a_figure(tmp_path: Path) -> None:
    rows = cells()
    rows[2][4] = ("=50+10", 60)
    rows[3][5] = ('="9"&"0"', "90")
    xlsx(tmp_path / "sheets.xlsx", rows)
    found = [(fault.row, fault.column, fault.found) for fault in faults_of(tmp_path)]
    assert found == [(3, "Rojo", "a formula"), (4, "Azul", "a formula")]
    left = read(named("sheets.xlsx", format="xlsx"), tmp_path, skip_bad_rows=True)
    assert left.table["station"].to_list() == ["1"]


def test_a_formula_that_was_never_calculated_does_not_pass_for_an_empty_cell(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    rows = cells()
    rows[2][4] = "=50+10"
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "sheets.xlsx")
    (fault,) = faults_of(tmp_path)
    assert (fault.row, fault.column, fault.found) == (3, "Rojo", "a formula")


@pytest.mark.parametrize("error", ["#REF!", "#DIV/0!", "#N/A"])
def test_an_error_does_not_pass_for_an_empty_cell(tmp_path: Path, error: str) -> None:
    book = openpyxl.Workbook()
    rows = cells()
    rows[2][4] = error
    for row in rows:
        book.active.append(row)
    book.active["E3"].data_type = "e"
    book.save(tmp_path / "sheets.xlsx")
    (fault,) = faults_of(tmp_path)
    assert (fault.row, fault.column) == (3, "Rojo")
    assert "error" in fault.found


def test_formulas_in_columns_and_rows_that_are_not_read_do_not_matter(tmp_path: Path, from_csv: pl.DataFrame) -> None:
    rows = [[*row, "Suma" if number == 0 else ("=1+1", 2)] for number, row in enumerate(cells())]
    rows.append(["TOTAL", "", "", ("=SUM(D2:D4)", 600), 130, 160, 4, 6])
    xlsx(tmp_path / "sheets.xlsx", rows)
    assert table_of(tmp_path, drop=[{"column": "Mesa", "is": "TOTAL"}]).equals(from_csv)


@pytest.mark.slow
def test_formulas_and_errors_in_ods(tmp_path: Path) -> None:
    ods(tmp_path / "plain.ods", cells())
    with zipfile.ZipFile(tmp_path / "plain.ods") as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    content = parts["content.xml"].decode()
    content = re.sub('(<table:table-cell)( [^>]*office:value="60")', r'\1 table:formula="of:=50+10"\2', content)
    content = re.sub(
        '<table:table-cell [^>]*office:value="90"[^>]*><text:p>90</text:p>',
        '<table:table-cell table:formula="of:=[.#REF!]" office:value-type="string"><text:p>#REF!</text:p>',
        content,
    )
    parts["content.xml"] = content.encode()
    with zipfile.ZipFile(tmp_path / "sheets.ods", "w") as made:
        for name, data in parts.items():
            made.writestr(name, data)
    found = [(fault.row, fault.column) for fault in faults_of(tmp_path, "sheets.ods")]
    assert found == [(3, "Rojo"), (4, "Azul")]


def test_empty_and_cut_workbooks(tmp_path: Path) -> None:
    whole = xlsx(tmp_path / "whole.xlsx", cells()).read_bytes()
    for left in (0, 3, 100, len(whole) // 2, len(whole) - 1):
        (tmp_path / "sheets.xlsx").write_bytes(whole[:left])
        (fault,) = faults_of(tmp_path)
        assert fault.file == "sheets.xlsx"
    xlsx(tmp_path / "sheets.xlsx", [])
    (fault,) = faults_of(tmp_path)
    assert fault.found == "an empty worksheet"


@pytest.mark.slow
def test_files_that_are_no_spreadsheet(tmp_path: Path) -> None:
    for data in (b"Mesa,Rojo\n1,2\n", b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)):
        (tmp_path / "sheets.xlsx").write_bytes(data)
        (fault,) = faults_of(tmp_path)
        assert "not readable as a spreadsheet" in fault.found
    with zipfile.ZipFile(tmp_path / "sheets.xlsx", "w") as archive:
        archive.writestr("readme.txt", "x")
    (fault,) = faults_of(tmp_path)
    assert "a zip without a spreadsheet" in fault.found
    with zipfile.ZipFile(tmp_path / "sheets.xlsx", "w") as archive:
        archive.writestr("xl/workbook.bin", "x")
    (fault,) = faults_of(tmp_path)
    assert "XLSB" in fault.found


def compound(*streams: str) -> bytes:
    """A compound file (MS-CFB) with empty streams of these names: how an encrypted XLSX begins."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    fat = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)
    entries = b""
    for number, name in enumerate(("Root Entry", *streams)):
        utf = (name + "\0").encode("utf-16-le")
        child = 1 if number == 0 else 0xFFFFFFFF
        right = number + 1 if 0 < number < len(streams) else 0xFFFFFFFF
        entries += utf.ljust(64, b"\0") + struct.pack("<HBB", len(utf), 5 if number == 0 else 2, 1)
        entries += struct.pack("<III", 0xFFFFFFFF, right, child) + bytes(36) + struct.pack("<IQ", 0xFFFFFFFE, 0)
    return header + fat + entries.ljust(512, b"\0")


def test_an_encrypted_xlsx_says_that_it_needs_a_password(tmp_path: Path) -> None:
    (tmp_path / "sheets.xlsx").write_bytes(compound("EncryptionInfo", "EncryptedPackage"))
    (fault,) = faults_of(tmp_path)
    assert "password" in fault.found


def test_an_encrypted_ods_says_that_it_needs_a_password(tmp_path: Path) -> None:
    ods(tmp_path / "plain.ods", cells())
    with zipfile.ZipFile(tmp_path / "plain.ods") as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    secret = b'manifest:full-path="content.xml"'
    parts["META-INF/manifest.xml"] = re.sub(
        rb"<manifest:file-entry [^>]*" + secret + rb"[^>]*/>",
        b"<manifest:file-entry manifest:media-type='text/xml' "
        + secret
        + b"><manifest:encryption-data/></manifest:file-entry>",
        parts["META-INF/manifest.xml"],
    )
    assert b"encryption-data" in parts["META-INF/manifest.xml"]
    parts["content.xml"] = bytes(range(256)) * 4
    with zipfile.ZipFile(tmp_path / "sheets.ods", "w") as made:
        for name, data in parts.items():
            made.writestr(name, data)
    (fault,) = faults_of(tmp_path, "sheets.ods")
    assert "password" in fault.found


IN_ONE_GIGABYTE = """
import resource, sys
from pathlib import Path
from tests.sheets.small import named, read
from veedor.errors import InputError
resource.setrlimit(resource.RLIMIT_AS, (1500 << 20, 1500 << 20))
try:
    read(named(sys.argv[2], format="xlsx"), Path(sys.argv[1]))
except InputError as problem:
    print(problem)
"""


def refused_in_bounded_memory(folder: Path, file: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", IN_ONE_GIGABYTE, str(folder), file],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_two_cells_in_opposite_corners_do_not_take_all_memory(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "Mesa"
    book.active["XFD1048576"] = 1
    book.save(tmp_path / "sheets.xlsx")
    assert "cells spread over 1048576 rows" in refused_in_bounded_memory(tmp_path, "sheets.xlsx")


@pytest.mark.slow
def test_a_cell_far_from_its_row_does_not_take_all_memory(tmp_path: Path) -> None:
    xlsx(tmp_path / "plain.xlsx", cells())
    part = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as whole:
        xml = whole.read(part)
    for comment in (b"", b"<!-- looked at cell by cell -->"):
        moved = xml.replace(b'r="H4"', b'r="XFD1048576"').replace(b"<sheetData>", comment + b"<sheetData>")
        assert moved.count(b"XFD1048576") == 1
        with_part(tmp_path / "plain.xlsx", tmp_path / "sheets.xlsx", part, [moved])
        assert "the cell 'XFD1048576' in row 4" in refused_in_bounded_memory(tmp_path, "sheets.xlsx")


@pytest.mark.slow
@pytest.mark.parametrize(("rows", "columns"), [(0, 0), (1, 1), (9, 26), (10, 27), (100, 702), (12, 703), (20_000, 3)])
def test_the_extent_of_a_worksheet_as_a_program_writes_it(tmp_path: Path, rows: int, columns: int) -> None:
    xlsx(tmp_path / "sheets.xlsx", [[row * column for column in range(columns)] for row in range(rows)])
    with zipfile.ZipFile(tmp_path / "sheets.xlsx") as whole:
        xml = whole.read("xl/worksheets/sheet1.xml")
    assert usual_extent(xml) == (rows, columns)
    if rows:
        assert usual_extent(xml.replace(b"<v>", b"<f>1</f><v>", 1)) is None
        assert usual_extent(xml.replace(b"<c ", b'<c t="e" ', 1)) is None
        assert usual_extent(xml.replace(b'r="A1"', b"r='A1'", 1)) is None
        assert usual_extent(xml.replace(b' r="A1"', b"", 1)) is None


@pytest.mark.slow
def test_rows_that_stand_for_a_million_do_not_take_all_memory(tmp_path: Path) -> None:
    ods(tmp_path / "plain.ods", cells())
    with zipfile.ZipFile(tmp_path / "plain.ods") as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    parts["content.xml"] = (
        parts["content.xml"]
        .replace(b"<table:table-row>", b'<table:table-row table:number-rows-repeated="1000000">')
        .replace(b"<table:table-cell ", b'<table:table-cell table:number-columns-repeated="1000" ', 1)
    )
    with zipfile.ZipFile(tmp_path / "sheets.ods", "w") as made:
        for name, data in parts.items():
            made.writestr(name, data)
    assert "cells spread over" in refused_in_bounded_memory(tmp_path, "sheets.ods")


def with_part(source: Path, target: Path, part: str, pieces: Sequence[bytes]) -> None:
    """The workbook with another content of one part."""
    with zipfile.ZipFile(source) as whole, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in whole.namelist():
            if name != part:
                made.writestr(name, whole.read(name))
        with made.open(part, "w") as stream:
            for piece in pieces:
                stream.write(piece)


@pytest.mark.slow
def test_a_cell_of_three_gigabytes_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    whole = xlsx(tmp_path / "whole.xlsx", cells())
    text = b"<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><si><t>"
    with_part(
        whole, tmp_path / "sheets.xlsx", "xl/sharedStrings.xml", [text, *[b"a" * 2**20] * 300, b"</t></si></sst>"]
    )
    assert "a cell longer than 1 MiB" in refused_in_bounded_memory(tmp_path, "sheets.xlsx")


def test_a_workbook_that_unpacks_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    xlsx(tmp_path / "sheets.xlsx", cells())
    monkeypatch.setattr(workbook_parts, "UNPACKED_LIMIT", 1000)
    (fault,) = faults_of(tmp_path)
    assert "when unpacked" in fault.found


def test_one_long_text_in_very_many_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = cells()
    rows[1][1] = rows[2][1] = "Norte" * 1000
    xlsx(tmp_path / "sheets.xlsx", rows)
    assert table_of(tmp_path).height == 3
    monkeypatch.setattr(scan, "TEXT_LIMIT", 10_000)
    (fault,) = faults_of(tmp_path)
    assert "a text of 50" in fault.found


@pytest.mark.parametrize("spelling", [b't = "e"', b"t='e'", b't="e"'])
def test_errors_are_found_however_the_attributes_are_spelt(tmp_path: Path, spelling: bytes) -> None:
    whole = xlsx(tmp_path / "whole.xlsx", cells())
    part = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(whole) as archive:
        xml = archive.read(part)
    assert b'<c r="E3"><v>60</v></c>' in xml
    changed = xml.replace(b'<c r="E3"><v>60</v></c>', b'<c r="E3" ' + spelling + b"><v>#REF!</v></c>")
    with_part(whole, tmp_path / "sheets.xlsx", part, [changed])
    (fault,) = faults_of(tmp_path)
    assert (fault.row, fault.column) == (3, "Rojo")


def test_workbooks_with_a_document_type_are_refused(tmp_path: Path) -> None:
    whole = xlsx(tmp_path / "whole.xlsx", cells())
    part = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(whole) as archive:
        xml = archive.read(part)
    changed = xml.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa">]><worksheet', 1)
    with_part(whole, tmp_path / "sheets.xlsx", part, [changed])
    (fault,) = faults_of(tmp_path)
    assert "document type" in fault.found


@pytest.mark.slow
def test_garbled_workbooks_give_our_own_errors_only(tmp_path: Path) -> None:
    whole = xlsx(tmp_path / "whole.xlsx", cells()).read_bytes()
    for place in range(0, len(whole), 41):
        (tmp_path / "sheets.xlsx").write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        try:
            table = table_of(tmp_path)
        except InputError:
            continue
        assert table.height == 3


class PanicException(BaseException):
    """What a Python binding raises where its Rust code panics; it is no Exception."""


def test_a_panic_inside_calamine_is_told_like_any_unreadable_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Panicking:
        @staticmethod
        def from_filelike(_: object) -> None:
            raise PanicException("index out of bounds")

    xlsx(tmp_path / "sheets.xlsx", cells())
    monkeypatch.setattr("veedor.sheets.workbook.read.CalamineWorkbook", Panicking)
    (fault,) = faults_of(tmp_path)
    assert fault.found == "not readable as a spreadsheet (index out of bounds)"


def test_long_station_numbers_that_the_spreadsheet_rounded_are_faults(tmp_path: Path) -> None:
    rows = cells()
    rows[1][0], rows[2][0], rows[3][0] = 1001, 109900001001000123, 109900001001
    xlsx(tmp_path / "sheets.xlsx", rows)
    (fault,) = faults_of(tmp_path)
    assert (fault.row, fault.column) == (3, "Mesa")
    rows[2][0] = "109900001001000123"
    xlsx(tmp_path / "sheets.xlsx", rows)
    assert table_of(tmp_path)["station"].to_list() == ["1001", "109900001001000123", "109900001001"]
