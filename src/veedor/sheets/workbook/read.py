"""Spreadsheets (XLSX, XLS, ODS) through calamine, after a look at what it would not tell.

calamine gives a formula's last value, and nothing for a formula that was never calculated or an error such as #REF!.
So that neither passes for a figure or an empty cell, both are looked for in the XML of XLSX and ODS files, and are
faults in the columns that are read. XLS is a binary format: there a formula's last value is taken, and an error is an
empty cell.

calamine never sees the file itself: of an XLSX it gets a new one of the parts that were looked at, of an ODS the one
part that holds its worksheets.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from veedor.election import Layout
from veedor.errors import Fault, InputError
from veedor.sheets.formats.column_map import Plan, heading
from veedor.sheets.formats.column_types import frame_of
from veedor.sheets.formats.rows import Rows
from veedor.sheets.formats.zip_parts import Archive, LockedZipError, ZipError, packed
from veedor.sheets.workbook.apart import cells_apart
from veedor.sheets.workbook.parts import check_size, checked_names, refused, xlsx_book, xml_of
from veedor.sheets.workbook.scan import CELLS_LIMIT, Suspicious, look_at_ods, look_at_xlsx

PlanFor = Callable[[Sequence[str]], Plan]

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a compound file begins: an XLS, or an XLSX with a password."""

END_OF_ZIP = b"PK\5\6\0\0\0\0"
"""How the end of a zip begins: where an XLS holds one calamine may take the whole for an XLSX nobody looked at."""

ODS_LIMIT = 2**27
"""Bytes of the part of an ODS that holds its worksheets."""

ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"


@dataclass(frozen=True, kw_only=True)
class Worksheet:
    """One worksheet. names: of all in the workbook; start: row and column, from 0, of the first of its rows.

    suspicious: its formulas and errors, as far as they were looked for.
    """

    names: tuple[str, ...]
    start: tuple[int, int]
    rows: Sequence[Sequence[object]]
    suspicious: list[Suspicious]


def read_workbook(data: bytes, layout: Layout, file: str, plan_for: PlanFor, sheet: str | None) -> tuple[Plan, Rows]:
    """The rows of one worksheet; numbers stay numbers. Rows without any cell are skipped."""
    opened = open_worksheet(data, sheet, file)
    rows = opened.rows
    first_row, first_column = opened.start
    header_index = layout.header_row - 1 - first_row
    if layout.header_row == 0 and rows:
        header_index, names = -1, [""] * len(rows[0])
    elif not 0 <= header_index < len(rows):
        found = f"cells in the rows {first_row + 1} to {first_row + len(rows)}" if rows else "an empty worksheet"
        raise InputError([Fault(file=file, row=layout.header_row, found=found, wanted="the header in this row")])
    else:
        above = rows[max(0, header_index - layout.header_rows + 1) : header_index + 1]
        names = heading([["" if cell is None else _name(cell) for cell in row] for row in above])
    plan = plan_for(names)
    body = rows[header_index + 1 :]
    first = first_row + header_index + 2
    numbers = range(first, first + len(body))
    indices = {name: index for index, name in enumerate(plan.header)}
    cells = list(zip(*body, strict=True)) if body else [()] * len(plan.header)
    columns = [(name, cells[indices[name]]) for name in plan.needed]
    faults = [
        Fault(
            file=file,
            row=cell.row,
            column=plan.header[cell.column - first_column],
            found=cell.found,
            wanted="a value",
            remedy=cell.remedy,
        )
        for cell in opened.suspicious
        if cell.row > layout.header_row and _is_needed(plan, cell.column - first_column)
    ]
    return plan, Rows(
        file=file, cells=frame_of(columns, numbers, plan.coordinates, layout.decimal), cell_faults=tuple(faults)
    )


def open_worksheet(data: bytes, sheet: str | None, file: str, *, only_size: bool = False) -> Worksheet:
    """The worksheet of that name, or the first. Raises InputError.

    only_size: formulas and errors are not looked for, where the size is known without them.
    """
    try:
        if data.startswith(b"PK"):
            archive = Archive(data)
            if "content.xml" in archive.parts:
                return _ods(archive, sheet, file)
            return _xlsx(archive, sheet, file, only_size=only_size)
        if not data.startswith(COMPOUND):
            raise _unreadable(file, "it begins as none does")
        return _xls(data, sheet, file)
    except LockedZipError:
        raise _locked(file) from None
    except ZipError as problem:
        remedy = "download it again, or save it anew with a spreadsheet program"
        raise refused(file, f"a damaged spreadsheet ({problem})", "a whole file", remedy) from problem
    except (expat.ExpatError, UnicodeError, ValueError) as problem:
        raise refused(file, f"a damaged spreadsheet ({problem})", "a whole file", "download it again") from problem


def _xlsx(archive: Archive, sheet: str | None, file: str, *, only_size: bool) -> Worksheet:
    book = xlsx_book(archive, sheet, file)
    suspicious = look_at_xlsx(book.sheet, book.texts, file, only_size=only_size)
    alone = book.alone()
    names = book.names
    del book
    start, rows = _first_sheet(alone, file)
    return Worksheet(names=names, start=start, rows=rows, suspicious=suspicious)


def _first_sheet(workbook: bytes, file: str) -> tuple[tuple[int, int], Sequence[Sequence[object]]]:
    """Where the cells begin, and the cells, of a workbook's one worksheet."""
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0)
        return sheet.start or (0, 0), sheet.to_python()
    except CalamineError as problem:
        raise _unreadable(file, problem) from problem
    except BaseException as problem:
        if type(problem).__name__ != "PanicException":  # calamine's own, which has no name that can be imported
            raise
        raise _unreadable(file, problem) from problem


def _ods(archive: Archive, sheet: str | None, file: str) -> Worksheet:
    checked_names(archive, file)
    manifest = "META-INF/manifest.xml"
    parts = ["content.xml", *([manifest] if manifest in archive.parts else [])]
    check_size(archive, parts, file, ODS_LIMIT)
    if manifest in parts and b"encryption-data" in archive.read(manifest):
        raise _locked(file)
    content = xml_of(archive, "content.xml", file)
    _, suspicious = look_at_ods(content, sheet, file)
    alone = packed({"mimetype": ODS_TYPE, manifest: b"<manifest:manifest/>", "content.xml": content})
    cells = cells_apart(alone, sheet, file, most=CELLS_LIMIT)
    return Worksheet(names=cells.names, start=cells.start, rows=cells.rows, suspicious=suspicious)


def _xls(data: bytes, sheet: str | None, file: str) -> Worksheet:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise _locked(file)
    cells = cells_apart(data.replace(END_OF_ZIP, bytes(len(END_OF_ZIP))), sheet, file, most=CELLS_LIMIT)
    return Worksheet(names=cells.names, start=cells.start, rows=cells.rows, suspicious=[])


def _locked(file: str) -> InputError:
    return refused(file, "a workbook that needs a password", "one without", "open it and save it without")


def _unreadable(file: str, problem: object) -> InputError:
    found = f"not readable as a spreadsheet ({problem})"
    return refused(file, found, "a whole XLSX, XLS or ODS file", "download it again")


def _name(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _is_needed(plan: Plan, index: int) -> bool:
    return 0 <= index < len(plan.header) and plan.header[index] in plan.needed
