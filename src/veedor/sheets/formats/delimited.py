"""CSV and TSV. What polars reads as records of one shape is taken if it is so; else each record is looked at."""

import csv
import io
from collections.abc import Callable, Sequence
from itertools import islice

import numpy as np
import numpy.typing as npt
import polars as pl

from veedor.election import Layout
from veedor.errors import Fault, InputError
from veedor.sheets.formats.column_map import Plan, heading, with_unnamed
from veedor.sheets.formats.delimited_irregular import irregular_rows
from veedor.sheets.formats.encoding import as_utf8, says_utf8
from veedor.sheets.formats.rows import MOST_FAULTS, ROW, Rows, check_number
from veedor.sheets.formats.unpack import LINE_LIMIT

PlanFor = Callable[[Sequence[str]], Plan]
Positions = npt.NDArray[np.int32]
"""Places in a text, or numbers of its lines: no file is so large that they need more bytes."""

NEWLINE, RETURN = 10, 13

PIECE = 2**17

CELLS_LIMIT = 100_000_000
"""Cells of a file: a hundred for each of a million sheets."""

QUOTES_LIMIT = 20_000
"""Quotation marks up to which the cells between them are looked at one by one."""


def read_delimited(data: bytes, layout: Layout, file: str, plan_for: PlanFor) -> tuple[Plan, Rows]:
    """The rows of a delimited text, and the plan made for its header.

    Cells are text, or whole numbers and coordinates where every cell of the column is one. Rows without any
    character are skipped. Raises InputError where no row can be told: an empty file, a header that does not fit.
    """
    _check_cells(data, layout, file)
    unseen = says_utf8(data, layout.encoding) and b"\0" not in data
    regular = _regular_rows(data, layout, plan_for) if unseen else None
    if regular is not None:
        return regular[0], Rows(file=file, cells=regular[1])
    data, undecodable = as_utf8(data, layout.encoding, file)
    regular = None if unseen or undecodable else _regular_rows(data, layout, plan_for)
    if regular is not None:
        return regular[0], Rows(file=file, cells=regular[1])
    data, newlines = _with_line_ends(data)
    if data.isspace() or not data:
        raise InputError([Fault(file=file, found="an empty file", wanted="a header and rows")])
    records = _records(data, newlines, layout)
    if records is None:
        return irregular_rows(data, layout, file, plan_for, undecodable)
    starts, ends, cells, lines = records
    body = slice(_header_index(lines, layout, file) + 1, None)
    plan = plan_for(_names(data, records, body.start, layout, file))
    width = len(plan.header)
    faults = list(undecodable)
    starts, ends, cells, lines = starts[body], ends[body], cells[body], lines[body]
    too_long = (ends - starts) > LINE_LIMIT
    blank = ends == starts
    good = _fitting(cells, width, layout) & ~too_long
    odd = (
        place
        for place in np.flatnonzero(~good & ~blank)
        if cells[place] >= width or not _hollow(data[starts[place] : ends[place]], layout)
    )
    bad = list(islice(odd, MOST_FAULTS + 1))
    faults += [
        shape_fault(file, int(line), int(count), _wanted(width, layout), too_long=bool(long), least=width)
        for line, count, long in zip(lines[bad], cells[bad], too_long[bad], strict=True)
    ]
    check_number(faults)
    if undecodable:
        good &= ~np.isin(lines, [fault.row or 0 for fault in undecodable])
    text = _kept(data, starts, ends, good)
    frame = _read(text, layout, plan, int(good.sum()))
    if frame is None:
        return irregular_rows(data, layout, file, plan_for, undecodable)
    frame = _needed(frame, plan).with_columns(pl.Series(ROW, lines[good], dtype=pl.Int64))
    return plan, Rows(file=file, cells=frame, faults=tuple(faults))


def _check_cells(data: bytes, layout: Layout, file: str) -> None:
    """Raise InputError where there are more cells than are read: each takes 16 bytes, however short it is."""
    if len(data) > CELLS_LIMIT and data.count(layout.delimiter.encode()) > CELLS_LIMIT:
        found = f"more than {CELLS_LIMIT} cells"
        raise InputError([Fault(file=file, found=found, wanted="a file with fewer", remedy="split it by region")])


def _regular_rows(data: bytes, layout: Layout, plan_for: PlanFor) -> tuple[Plan, pl.DataFrame] | None:
    """The rows of a text in which each line is a record with as many cells as the header; None if it is another.

    polars refuses bytes that are not UTF-8, and records with too many cells; one with too few has no last cell. Where
    a last cell is empty, none has too few if there are as many delimiters as records with the right number have.
    """
    if not data.endswith(b"\n"):
        return None
    end = 0
    for _ in range(layout.header_row or 1):
        end = data.find(b"\n", end) + 1
        if end == 0:
            return None
    names = _names_above(data[:end], layout)
    if names is None:
        return None
    end = end if layout.header_row else 0
    quotes = _quotes(data, end, layout.quote)
    if quotes is None or not _regular(data, quotes, layout):
        return None
    inside = b"".join([data[opening:closing] for opening, closing in quotes.reshape(-1, 2).tolist()])
    height = 0 if b"\n" in inside else _lines(data, end)
    if not height:
        return None
    try:
        plan = plan_for(names)
    except InputError:  # records may have more cells than the header names
        return None
    frame = _read(data, layout, plan, height, skipped=layout.header_row)
    if frame is None:
        return None
    if frame[:, -1].null_count():
        delimiter = layout.delimiter.encode()
        if data.count(delimiter, end) - inside.count(delimiter) != height * (len(names) - 1):
            return None
    first = layout.header_row + 1
    return plan, _needed(frame, plan).with_columns(pl.int_range(first, first + height, dtype=pl.Int64).alias(ROW))


def _names_above(head: bytes, layout: Layout) -> list[str] | None:
    """The names of the columns by the first lines of a text; None where these are not told apart by their ends alone.

    head: up to the end of the row of names, or of the first row where there are no names.
    """
    if layout.quote and layout.quote.encode() in head:
        return None
    try:
        text = head.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None
    if "\r" in text:
        return None
    lines = text.removesuffix("\n").split("\n")
    try:
        rows = [header_names(line, layout) for line in lines[-layout.header_rows :]]
    except csv.Error:  # a cell longer than any name of a column
        return None
    return heading(rows) if layout.header_row else [""] * len(rows[0])


def _header_index(lines: Positions, layout: Layout, file: str) -> int:
    """Which record holds the names, -1 if none does. Raises InputError where there is no such row."""
    if layout.header_row == 0:
        return -1
    header = int(np.searchsorted(lines, layout.header_row))
    if header >= len(lines) or lines[header] != layout.header_row:
        found = f"{len(lines)} rows"
        raise InputError([Fault(file=file, row=layout.header_row, found=found, wanted="the header in this row")])
    return header


def _names(
    data: bytes, records: tuple[Positions, Positions, Positions, Positions], body: int, layout: Layout, file: str
) -> list[str]:
    """The names of the columns; in columns that repeat as many as the longest row has. body: the first record below."""
    starts, ends, cells, lines = records
    below = cells[body:]
    if layout.header_row == 0:
        return [""] * int(below.max() if layout.groups else np.bincount(below).argmax())
    own = [place for place in range(body) if lines[place] > layout.header_row - layout.header_rows]
    try:
        rows = [header_names(data[starts[place] : ends[place]].decode(), layout) for place in own]
    except csv.Error as error:
        found = f"no header ({error})"
        raise InputError([Fault(file=file, row=layout.header_row, found=found, wanted="names of columns")]) from None
    names = heading(rows)
    if layout.groups is not None:
        return [*names, *[""] * (int(below.max(initial=0)) - len(names))]
    return with_unnamed(names, int(np.bincount(cells[body - 1 :]).argmax()), layout)


def _fitting(cells: Positions, width: int, layout: Layout) -> npt.NDArray[np.bool_]:
    """Which records have as many cells as there are columns, or as many groups of columns as they like."""
    whole: npt.NDArray[np.bool_] = cells == width
    if layout.groups is not None:
        first, each = layout.groups.first - 1, len(layout.groups.columns)
        rest = (width - first) % each  # 1 where each row ends in a mark
        whole |= (cells >= first) & (cells <= width) & ((cells - first) % each == rest)
    return whole


def _hollow(record: bytes, layout: Layout) -> bool:
    """True if a record has no character but marks between cells and blanks: a line that parts others."""
    return len(record) <= LINE_LIMIT and not record.strip(f"{layout.delimiter} \t".encode())


def _quotes(data: bytes, start: int, quote: str) -> Positions | None:
    """Where the quotation marks stand from `start` on; None where there are many."""
    found: list[int] = []
    at = data.find(quote.encode(), start) if quote else -1
    while at >= 0:
        found.append(at)
        at = data.find(quote.encode(), at + 1) if len(found) <= QUOTES_LIMIT else -1
    return np.array(found, dtype=np.int32) if len(found) <= QUOTES_LIMIT else None


def _lines(data: bytes, start: int) -> int:
    """How many newlines there are from `start` on; none where a `\\r` is not before one.

    Piece by piece: what fits a processor's cache is quick.
    """
    newlines = stray = 0
    returned = b"\r" in data
    for at in range(start, len(data), PIECE):
        piece = np.frombuffer(data, np.uint8, min(PIECE, len(data) - at), at)
        ends = piece == NEWLINE
        newlines += int(np.count_nonzero(ends))
        if returned:
            returns = piece == RETURN
            last = bool(returns[-1]) and data[at + PIECE : at + PIECE + 1] == b"\n"
            stray += int(np.count_nonzero(returns)) - int(np.count_nonzero(returns[:-1] & ends[1:])) - last
    return 0 if stray else newlines


def _with_line_ends(data: bytes) -> tuple[bytes, Positions]:
    """The text, each line ended by `\\n` or `\\r\\n` (a lone `\\r` becomes `\\n`), and its newlines."""
    if not data.endswith(b"\n"):
        data += b"\n"
    bytes_ = np.frombuffer(data, dtype=np.uint8)
    newlines = _where(data, NEWLINE)
    returns = np.count_nonzero(bytes_ == RETURN)
    if returns and returns != np.count_nonzero(bytes_[newlines - 1] == RETURN):
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        newlines = _where(data, NEWLINE)
    return data, newlines


def _where(data: bytes, byte: int) -> Positions:
    """The places of a byte, found piece by piece."""
    found = [np.zeros(0, np.int32)]
    for at in range(0, len(data), PIECE):
        piece = np.frombuffer(data, np.uint8, min(PIECE, len(data) - at), at)
        found.append((np.flatnonzero(piece == byte) + at).astype(np.int32))
    return np.concatenate(found)


def header_names(line: str, layout: Layout) -> list[str]:
    """Cells of one line of text."""
    if not layout.quote:
        return line.split(layout.delimiter)
    reader = csv.reader(io.StringIO(line), delimiter=layout.delimiter, quotechar=layout.quote)
    return next(reader, [])


def shape_fault(file: str, row: int, cells: int, wanted: str, *, least: int, too_long: bool = False) -> Fault:
    """A row whose number of cells is not the header's. wanted: in words; least: fewer cells than this are too few."""
    if too_long:
        return Fault(file=file, row=row, found=f"a row longer than {LINE_LIMIT} bytes", wanted="rows of at most 1 MiB")
    remedy = "is the file cut off here?"
    if cells > least:
        remedy = f"is a delimiter inside a cell not quoted? or call columns beyond the header '#{least + 1}' and so on"
    return Fault(file=file, row=row, found=f"{cells} cells", wanted=wanted, remedy=remedy)


def _wanted(width: int, layout: Layout) -> str:
    """How many cells a row should have, in words."""
    if layout.groups is not None:
        return f"{layout.groups.first - 1} and then groups of {len(layout.groups.columns)}"
    return f"{width}, as in {'the header' if layout.header_row else 'most rows'}"


def _records(
    data: bytes, newlines: Positions, layout: Layout
) -> tuple[Positions, Positions, Positions, Positions] | None:
    """Start, end, number of cells and line of each record; None where quotation marks are used irregularly.

    A record's end is that of its last cell: the line end that follows is not part of it.
    """
    bytes_ = np.frombuffer(data, dtype=np.uint8)
    ends = newlines
    delimiters = _where(data, ord(layout.delimiter))
    quotes = np.zeros(0, dtype=np.int32)
    if layout.quote and layout.quote.encode() in data:
        quotes = _where(data, ord(layout.quote))
        if not _regular(data, quotes, layout):
            return None
        ends = np.delete(newlines, _inside(newlines, quotes))
    starts = np.concatenate((np.zeros(1, dtype=np.int32), ends[:-1] + np.int32(1)))
    before: Positions = np.concatenate((np.zeros(1, np.int32), np.searchsorted(delimiters, ends).astype(np.int32)))
    cells: Positions = before[1:] - before[:-1] + np.int32(1)
    if len(quoted := _inside(delimiters, quotes)):
        cells -= np.bincount(np.searchsorted(ends, delimiters[quoted]), minlength=len(ends)).astype(np.int32)
    if len(newlines) == len(ends):
        lines = np.arange(1, len(ends) + 1, dtype=np.int32)
    else:
        lines = np.concatenate(([0], np.searchsorted(newlines, ends)[:-1] + 1)).astype(np.int32) + np.int32(1)
    after_return = (ends > starts) & (bytes_[ends - 1] == RETURN)
    return starts, ends - after_return, cells, lines


def _inside(positions: Positions, quotes: Positions) -> Positions:
    """Indices of the positions that are inside quotation marks, which open and close in turn."""
    first = np.searchsorted(positions, quotes[::2]).astype(np.int32)
    last = np.searchsorted(positions, quotes[1::2]).astype(np.int32)
    holding = last > first
    first, length = first[holding], (last - first)[holding]
    before = np.cumsum(length, dtype=np.int32) - length
    inside = np.repeat(first - before, length) + np.arange(int(length.sum()), dtype=np.int32)
    return inside.astype(np.int32, copy=False)


def _regular(data: bytes, quotes: Positions, layout: Layout) -> bool:
    """True if every quotation mark opens a cell, closes one, or is doubled inside one."""
    if len(quotes) % 2:
        return False
    if not len(quotes):
        return True
    bytes_ = np.frombuffer(data, dtype=np.uint8)
    delimiter, quote = ord(layout.delimiter), ord(layout.quote)
    opening, closing = quotes[::2], quotes[1::2]
    before = np.where(opening > 0, bytes_[opening - 1], NEWLINE)
    after = bytes_[closing + 1]
    after = np.where(after == RETURN, NEWLINE, after)
    doubled = np.zeros(len(opening), dtype=bool)
    doubled[1:] = closing[:-1] + 1 == opening[1:]
    opens = (before == delimiter) | (before == NEWLINE) | doubled
    closes = (after == delimiter) | (after == NEWLINE) | (after == quote)
    return bool(opens.all() and closes.all())


def _kept(data: bytes, starts: Positions, ends: Positions, good: npt.NDArray[np.bool_]) -> bytes:
    """The text of the good records only."""
    if not good.any():
        return b""
    if good.all():
        return data[starts[0] :]
    edges = np.flatnonzero(np.diff(good, prepend=False, append=False))
    bounds = np.append(starts, len(data))[edges].tolist()
    text, view = io.BytesIO(), memoryview(data)
    for first, last in zip(bounds[::2], bounds[1::2], strict=True):
        text.write(view[first:last])
    return text.getvalue()


def _read(text: bytes, layout: Layout, plan: Plan, height: int, *, skipped: int = 0) -> pl.DataFrame | None:
    """The columns of well-formed records, called by their places; None where polars does not see the same records.

    All columns where lines are skipped, else those that the plan needs.
    """
    if not text:
        return pl.DataFrame(schema={str(index): pl.String() for index in range(len(plan.header))})
    typed = b"+" not in text and layout.decimal == "."
    for as_text in (False, True) if typed else (True,):
        try:
            frame = _parse(text, layout, plan, as_text=as_text, skipped=skipped)
        except pl.exceptions.PolarsError:  # another shape, a cell of another kind, bytes that are no text
            continue
        if frame.height == height:
            return frame
    return None


def _parse(text: bytes, layout: Layout, plan: Plan, *, as_text: bool, skipped: int) -> pl.DataFrame:
    """skipped: lines before the first record. With some every column is read, which refuses a record too long."""
    indices = {name: index for index, name in enumerate(plan.header)}
    schema: dict[str, pl.DataType] = {str(index): pl.String() for index in range(len(plan.header))}
    if not as_text:
        schema |= {str(indices[name]): pl.Int32() for name in plan.figures}  # a larger figure is read as text
        schema |= {str(indices[name]): pl.Float64() for name in plan.coordinates}
    return pl.read_csv(
        text,
        has_header=False,
        columns=None if skipped else [indices[name] for name in plan.needed],
        schema=schema,
        separator=layout.delimiter,
        quote_char=layout.quote or None,
        skip_lines=skipped,
    )


def _needed(frame: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """The columns that are needed, by name."""
    indices = {name: index for index, name in enumerate(plan.header)}
    return frame.select(pl.col(str(indices[name])).alias(name) for name in plan.needed)
