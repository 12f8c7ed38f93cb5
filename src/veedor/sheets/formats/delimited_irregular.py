"""Delimited text whose quotation marks do not follow the rules, read record by record with the csv module.

A mark inside an unquoted cell (`Col. "Bolivia"`) is taken as it stands. A record that still cannot be told is a fault
of its first line, and reading goes on with the next line.
"""

import csv
import io
from collections.abc import Callable, Iterator, Sequence

import polars as pl

from veedor.election import Layout
from veedor.errors import Fault, InputError
from veedor.sheets.formats.column_map import Plan, heading
from veedor.sheets.formats.rows import ROW, Rows, check_number
from veedor.sheets.formats.unpack import LINE_LIMIT

IRREGULAR_LIMIT = 2**26
"""Bytes of a file that is read record by record: that takes a hundred times as long as any other."""

LINES_OF_ONE_RECORD = 50
"""A quoted cell may hold line breaks, but a record of more lines than this is a quotation mark that nobody closed."""


def irregular_rows(
    data: bytes,
    layout: Layout,
    file: str,
    plan_for: Callable[[Sequence[str]], Plan],
    undecodable: Sequence[Fault],
) -> tuple[Plan, Rows]:
    """The rows of a UTF-8 text; the same as read_delimited gives, all cells as text. Raises InputError."""
    if len(data) > IRREGULAR_LIMIT:
        raise _too_large(data, layout, file)
    lines = data.replace(b"\r\n", b"\n").decode().split("\n")
    records = _records(lines, layout)
    header = _header(records, lines, layout, file)
    plan = plan_for(header)
    skipped = {fault.row for fault in undecodable}
    faults = list(undecodable)
    numbers: list[int] = []
    indices = {name: index for index, name in enumerate(plan.header)}
    columns: list[tuple[int, list[str]]] = [(indices[name], []) for name in plan.needed]
    alike: dict[str, str] = {}
    for line, cells in records:
        if line in skipped:
            continue
        if isinstance(cells, str):
            faults.append(_quote_fault(file, line, cells))
            check_number(faults)
        elif len(cells) != len(header):
            if len(cells) < len(header) and not any(map(str.strip, cells)):
                continue
            faults.append(_shape_fault(file, line, len(cells), len(header)))
            check_number(faults)
        else:
            for index, column in columns:
                column.append(alike.setdefault(cells[index], cells[index]))
            numbers.append(line)
    frame = pl.DataFrame(
        [pl.Series(name, column, dtype=pl.String) for name, (_, column) in zip(plan.needed, columns, strict=True)]
        + [pl.Series(ROW, numbers, dtype=pl.Int64)]
    )
    return plan, Rows(file=file, cells=frame, faults=tuple(faults))


def _header(
    records: Iterator[tuple[int, list[str] | str]], lines: Sequence[str], layout: Layout, file: str
) -> list[str]:
    """The names of the columns, taken from the records; where there are none, as many as the first record has."""
    rows: list[list[str]] = []
    for line, cells in records if layout.header_row else _records(lines, layout):
        if isinstance(cells, list) and line > layout.header_row - layout.header_rows:
            rows.append(cells)
        if line >= layout.header_row:
            break
    if not rows:
        raise InputError([Fault(file=file, row=layout.header_row, found="no header", wanted="the header in this row")])
    return heading(rows) if layout.header_row else [""] * len(rows[0])


def _too_large(data: bytes, layout: Layout, file: str) -> InputError:
    """The error of a file that cannot be read record by record; it names the first line that would have to be."""
    mark = layout.quote.encode()
    row = None
    for number, line in enumerate(io.BytesIO(data), start=1):
        if mark and mark in line and isinstance(_quoted([line.decode().rstrip("\r\n")], layout)[1], str):
            row = number
            break
    megabytes = IRREGULAR_LIMIT >> 20
    return InputError(
        [
            Fault(
                file=file,
                row=row,
                found="quotation marks or line ends that do not follow the rules of CSV",
                wanted=f"a mark inside a cell doubled; only files of at most {megabytes} MiB are read all the same",
                remedy="correct the row, write quote = '' in the layout if marks mean nothing, or split the file",
            )
        ]
    )


def _records(lines: Sequence[str], layout: Layout) -> Iterator[tuple[int, list[str] | str]]:
    """Each record's line, counted from 1, and its cells, or what is wrong with it."""
    index = 0
    while index < len(lines):
        line = lines[index]
        if not line:
            index += 1
        elif len(line) > LINE_LIMIT:
            yield index + 1, f"a line longer than {LINE_LIMIT} bytes"
            index += 1
        elif not layout.quote or layout.quote not in line:
            yield index + 1, line.split(layout.delimiter)
            index += 1
        else:
            taken, cells = _quoted(lines[index : index + LINES_OF_ONE_RECORD], layout)
            yield index + 1, cells
            index += taken


def _quoted(lines: Sequence[str], layout: Layout) -> tuple[int, list[str] | str]:
    """How many of the lines the record that begins in the first takes, and its cells or what is wrong with it."""
    reader = csv.reader(
        (line + "\n" for line in lines), delimiter=layout.delimiter, quotechar=layout.quote, strict=True
    )
    try:
        cells = next(reader)
    except csv.Error:
        return 1, "quotation marks that do not match"
    return reader.line_num, cells


def _quote_fault(file: str, row: int, found: str) -> Fault:
    return Fault(file=file, row=row, found=found, wanted="cells in quotation marks, a mark inside one doubled")


def _shape_fault(file: str, row: int, cells: int, wanted: int) -> Fault:
    return Fault(file=file, row=row, found=f"{cells} cells", wanted=f"{wanted}, as in the header")
