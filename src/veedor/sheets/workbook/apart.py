"""Worksheets of XLS and ODS files, read by calamine in a program of its own that may take so much memory and no more.

calamine reserves what such a file asks for, and where that cannot be had the whole program ends. XLS is a binary format
whose records only calamine knows; an ODS may repeat a cell as often as it likes. So the program that ends is not this
one.
"""

import io
import pickle
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from veedor.errors import InputError, VeedorError
from veedor.rim.process import python_command, run
from veedor.sheets.workbook.parts import named_sheet, refused

MEMORY = 3 * 2**29
"""Bytes of addresses that the program may take."""

SECONDS = 15
"""Seconds of a processor that the program may take."""

PATIENCE = 120
"""Seconds after which it is given up, however busy the machine is."""

LOCKED, REFUSED, WITHOUT, LARGE = 11, 12, 13, 14
"""How the program ends where the file needs a password, cannot be read, has no worksheet, or is too large."""

TOO_MUCH = (
    f"a spreadsheet that takes more than {MEMORY >> 20} MiB of memory or {SECONDS} s to read, or breaks what reads it"
)


@dataclass(frozen=True, kw_only=True)
class Cells:
    """A worksheet's cells. names: of all worksheets; start: row and column, from 0, of the first of its rows."""

    names: tuple[str, ...]
    start: tuple[int, int]
    rows: list[list[object]]


def cells_apart(data: bytes, sheet: str | None, file: str, *, most: int) -> Cells:
    """The cells of the worksheet of that name, or of the first. most: cells that it may have. Raises InputError."""
    with tempfile.TemporaryDirectory(prefix="veedor-") as folder:
        given, made = Path(folder) / "workbook", Path(folder) / "cells"
        given.write_bytes(data)
        try:
            ended = run(python_command(__name__, str(given), str(made), str(most), *_named(sheet)), seconds=PATIENCE)
        except VeedorError as problem:
            raise refused(file, f"{TOO_MUCH} ({problem})", "a spreadsheet of sheets", "save it as CSV") from None
        if ended.status:
            raise _refusal(ended.status, ended.said.strip(), file)
        names, start, rows = pickle.loads(made.read_bytes())  # noqa: S301 - our own program wrote it
    if rows is None:
        named_sheet(names, sheet, file)  # which says what there is
    return Cells(names=names, start=start, rows=rows)


def _named(sheet: str | None) -> tuple[str, ...]:
    return () if sheet is None else (sheet,)


def _refusal(status: int, said: str, file: str) -> InputError:
    match status:
        case _ if status == LOCKED:
            return refused(file, "a workbook that needs a password", "one without", "open it and save it without")
        case _ if status == WITHOUT:
            return refused(file, "a workbook without worksheets", "a worksheet")
        case _ if status == LARGE:
            return refused(file, said, "fewer cells", "delete what stands far from the table, or save it as CSV")
        case _ if status == REFUSED:
            return refused(
                file, f"not readable as a spreadsheet ({said})", "a whole XLSX, XLS or ODS file", "download it again"
            )
    return refused(file, TOO_MUCH, "a spreadsheet of sheets", "save it as CSV")


def main() -> None:
    """The program: reads a workbook, writes the cells of one worksheet."""
    given, made, most, *named = sys.argv[1:]
    _limit()
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, WorksheetNotFound

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(Path(given).read_bytes()))
        names = tuple(workbook.sheet_names)
        wanted = [name for name in names if not named or name == named[0]]
        wanted = wanted or [name for name in names if name.strip() == named[0].strip()]
        if named and len(wanted) != 1:
            Path(made).write_bytes(pickle.dumps((names, (0, 0), None)))
            return
        sheet = workbook.get_sheet_by_name(wanted[0]) if named else workbook.get_sheet_by_index(0)
        if sheet.total_height * sheet.total_width > int(most):
            sys.stderr.write(f"cells spread over {sheet.total_height} rows and {sheet.total_width} columns")
            sys.exit(LARGE)
        Path(made).write_bytes(pickle.dumps((names, sheet.start or (0, 0), sheet.to_python())))
    except PasswordError:
        sys.exit(LOCKED)
    except WorksheetNotFound:
        sys.exit(WITHOUT)
    except (CalamineError, OSError, ValueError) as problem:
        sys.stderr.write(str(problem)[:500])
        sys.exit(REFUSED)


def _limit() -> None:
    """No more memory and time than that, where the system can be told so."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))
