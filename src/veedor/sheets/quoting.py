"""Delimited text whose quotation marks do not follow the rules, read record by record with the csv module.

A mark inside an unquoted cell (`Col. "Bolivia"`) is taken as it stands. A record that still cannot be told is a fault
of its first line, and reading goes on with the next line.
"""

import csv
from collections.abc import Callable, Iterator, Sequence

import polars as pl

from veedor.election import Layout
from veedor.errors import Fault, InputError
from veedor.sheets.opening import LINE_LIMIT
from veedor.sheets.plan import Plan
from veedor.sheets.rows import ROW, Rows, check_number

LINES_OF_ONE_RECORD = 50
"""A quoted cell may hold line breaks, but a record of more lines than this is a quotation mark that nobody closed."""


def irregular_rows(
    data: bytes,
    layout: Layout,
    file: str,
    plan_for: Callable[[Sequence[str]], Plan],
    undecodable: Sequence[Fault],
) -> tuple[Plan, Rows]:
    """The rows of a UTF-8 text with `\\n` line ends; the same as read_delimited gives, all cells as text."""
    lines = data.decode().split("\n")
    records = _records(lines, layout)
    header = next((cells for line, cells in records if line >= layout.header_row), None)
    if not isinstance(header, list):
        raise InputError([Fault(file=file, row=layout.header_row, found="no header", wanted="the header in this row")])
    plan = plan_for(header)
    skipped = {fault.row for fault in undecodable}
    faults, rows, numbers = list(undecodable), [], []
    for line, cells in records:
        if line in skipped:
            continue
        if isinstance(cells, str):
            faults.append(_quote_fault(file, line, cells))
            check_number(faults)
        elif len(cells) != len(header):
            faults.append(_shape_fault(file, line, len(cells), len(header)))
            check_number(faults)
        else:
            rows.append(cells)
            numbers.append(line)
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(header)
    indices = {name: index for index, name in enumerate(plan.header)}
    frame = pl.DataFrame(
        [pl.Series(name, columns[indices[name]], dtype=pl.String) for name in plan.needed]
        + [pl.Series(ROW, numbers, dtype=pl.Int64)]
    )
    return plan, Rows(file=file, cells=frame, faults=tuple(faults))


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
