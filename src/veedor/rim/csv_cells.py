"""Tables as CSV, written and read: UTF-8, commas, a newline after each row, and no cell that a spreadsheet runs.

A spreadsheet runs a cell that begins with = + - @, a tab or a carriage return as a formula. Such a text is written with
an apostrophe before it; so is one that begins with an apostrophe, so that `unguard` takes exactly one away.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from veedor.errors import SAID, Fault, InputError, VeedorError

GUARD = "'"
RUNS = r"^[=+\-@\t\r\x{FEFF}\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]"
"""How a cell begins that a spreadsheet might run, for polars: those signs and their wide forms, and the mark
that would be taken for the file's own if it came first."""
DANGEROUS = RUNS[:-1] + "']"
"""As RUNS, and what looks like a guarded cell."""
_RUNS = re.compile(r"[=+\-@\t\r\ufeff\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


def guard(cell: str) -> str:
    """The text as a cell that no spreadsheet runs."""
    return GUARD + cell if cell[:1] == GUARD or _RUNS.match(cell) else cell


def unguard(cell: str) -> str:
    """The text that `guard` was given."""
    return cell[1:] if cell[:1] == GUARD else cell


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table as CSV, every cell guarded; `rows_of` reads it back."""
    return _written(header, ([guard(cell) for cell in row] for row in rows))


def raw_csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str]], *, reader: str) -> bytes:
    """A table for a program that takes cells as they are. VeedorError names the first cell that needed a guard.

    reader: that program, for the message.
    """
    return _written(header, (_refusing(row, number, reader) for number, row in enumerate(rows, start=2)))


def _refusing(row: Sequence[str], number: int, reader: str) -> Sequence[str]:
    for cell in row:
        if _RUNS.match(cell) and not _NUMBER.fullmatch(cell):
            raise VeedorError(SAID.say("cells.formula", number=number, cell=repr(cell[:40]), reader=reader))
    return row


def _written(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    lines = _Lines()
    writer = csv.writer(lines, lineterminator=_Lines.END)
    writer.writerow([guard(name) for name in header])
    writer.writerows(rows)
    return "".join(lines.written).encode()


class _Lines:
    """Takes the rows of csv.writer. It quotes a carriage return only where that is part of how rows end."""

    END = "\r\n"

    def __init__(self) -> None:
        self.written: list[str] = []

    def write(self, line: str) -> None:
        self.written.append(line.removesuffix(self.END) + "\n")


def rows_of(data: bytes, file: str) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a table that `csv_bytes` wrote, or a person after its model; cells without their guard.

    Every row must have as many cells as the header. Raises VeedorError; file: what it calls the file.
    """
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise VeedorError(SAID.say("cells.not_csv", file=file, why=str(error))) from None
    if not rows:
        raise VeedorError(SAID.say("cells.empty", file=file))
    header, body = rows[0], [row for row in rows[1:] if row]
    faults = [
        Fault(
            file=file,
            row=number,
            found=SAID.say("cells.number", n=len(row)),
            wanted=SAID.say("cells.as_header", n=len(header)),
        )
        for number, row in enumerate(body, start=2)
        if len(row) != len(header)
    ]
    if faults:
        raise InputError(faults)
    return [unguard(name) for name in header], [[unguard(cell) for cell in row] for row in body]
