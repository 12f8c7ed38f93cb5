"""The extent of a worksheet, told from its XML without parsing it, where it is written as programs write it.

Everything is told by what stands around each `=` and after each `<`: attributes as name="value", rows as <row r="7">,
cells as <c r="B7" ...>, each with one value at most, rows and cells in order. The look goes piece by piece: what fits a
processor's cache is quick.
"""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]
Words = npt.NDArray[np.uint64]
Columns = npt.NDArray[np.int64]

PIECE = 2**20
CONTEXT = 16
"""Bytes beyond a piece that are looked at: the longest reference, and what closes it."""

BLANK, MARK, LESS, EQUALS, AND, MORE, SLASH = b' "<=&>/'
NINE, BEFORE_A, ZERO = b"9@0"
LETTERS = 26

TABLE, FIGURE_END = b"<sheetData", b"</v>"
CELL_HEAD, ROW_HEAD = b'<c r="', b'<row r="'

OTHER, CELL, ROW, FIGURE, TEXT, CLOSE, ASKS, NONE = range(8)
KINDS = np.zeros(256, np.uint8)
KINDS[list(b"crvit/?!f")] = [CELL, ROW, FIGURE, TEXT, TEXT, CLOSE, ASKS, NONE, NONE]
"""What a tag may be by its first letter; NONE: a formula, a comment or a document type."""

MOST_OTHERS = 10_000
"""Tags of a piece that are none of these and are looked at one by one."""

_PREFIXED = re.compile(rb"<[^<>\s:/]{1,64}:(?:c|f|is|row|sheetData|v)[\s/>]")
"""A name with a prefix that means a part of a worksheet."""


class UnusualError(Exception):
    """The worksheet is not written in the usual way: it has to be parsed."""


@dataclass(frozen=True, kw_only=True)
class _Piece:
    """What one piece holds, and what joins it to those around it; numbers of rows are keys, see `_keys`.

    tables: how many tables of cells open. rows, columns: the largest number of a row and of a column. head: row and
    column of the first cell before any row opens here; None where there is none. opening, closing: the first and the
    last row that opens here, 0 without any. column: that of the last cell, 0 where a row opened since; None where there
    are neither.
    values: whether the first and the last of its cells and values is a value; None where it has neither.
    closes: whether its first tag closes a figure; left_open: whether a figure opens at its very end.
    """

    tables: int
    rows: int
    columns: int
    head: tuple[int, int] | None
    opening: int
    closing: int
    column: int | None
    values: tuple[bool, bool] | None
    closes: bool
    left_open: bool


def usual_extent(xml: bytes) -> tuple[int, int] | None:
    """The last row and the last column in use, counted from 1, (0, 0) if there are no cells.

    None where there is a formula, an error, a comment or a document type, or anything else than the usual writing.
    """
    begin, end = xml.find(TABLE), xml.rfind(TABLE[1:])
    try:
        _usual(begin >= 0)
        with ThreadPoolExecutor(2) as both:
            pieces = list(both.map(partial(_piece, xml, begin), _pieces(xml, max(end, begin + len(TABLE)))))
        _usual(sum(piece.tables for piece in pieces) == 1)
        _check_order(pieces)
    except UnusualError:
        return None
    return max((piece.rows for piece in pieces), default=0), max((piece.columns for piece in pieces), default=0)


def _pieces(xml: bytes, end: int) -> Iterator[tuple[int, int]]:
    """Where the text up to `end` is cut: before tags."""
    start = 0
    while start < end:
        cut = xml.rfind(b"<", start + 1, start + PIECE) if end - start > PIECE else end
        cut = cut if cut > start else end
        yield start, cut
        start = cut


def _check_order(pieces: list[_Piece]) -> None:
    """Rows come one after the other, and cells within them, each once and with one value, over all pieces."""
    row = column = 0
    value, left_open = True, False  # a value before any cell belongs to none
    for piece in pieces:
        if left_open and not piece.closes:
            raise UnusualError
        if piece.head is not None and (piece.head[0] != row or piece.head[1] <= column):
            raise UnusualError
        if piece.opening:
            if piece.opening <= row:
                raise UnusualError
            row = piece.closing
        if piece.column is not None:
            column = piece.column
        if piece.values is not None:
            if value and piece.values[0]:
                raise UnusualError
            value = piece.values[1]
        left_open = piece.left_open


def _usual(*conditions: bool | np.bool_) -> None:
    if not all(conditions):
        raise UnusualError


def _piece(xml: bytes, begin: int, piece: tuple[int, int]) -> _Piece:
    start, end = piece
    length = end - start
    window = xml[start : end + CONTEXT].ljust(length + CONTEXT)
    bytes_ = np.frombuffer(window, np.uint8)
    here = bytes_[:length]
    tags = np.flatnonzero(here == LESS)
    kinds = KINDS[bytes_[tags + 1]]
    ours = np.flatnonzero(kinds != CLOSE)
    kind, at = kinds[ours], tags[ours]
    second, third = bytes_[at + 2], bytes_[at + 3]
    asking = at[kind == ASKS]
    _usual(not (kind == NONE).any())
    _usual(not len(asking) or (start == 0 and len(asking) == 1 and int(asking[0]) == int(tags[0])))
    ended = second <= MORE
    cell = (kind == CELL) & ended
    row = (kind == ROW) & (second == ord("o")) & (third == ord("w")) & (bytes_[at + 4] <= MORE)
    figure = (kind == FIGURE) & ended
    inline = (kind == TEXT) & (second == ord("s")) & (third <= MORE)
    others = at[~(cell | row | figure | inline | ((kind == TEXT) & ended) | (kind == ASKS))].tolist()
    _usual(len(others) <= MOST_OTHERS)
    _usual(not any(_PREFIXED.match(window, place) for place in others))
    if window.find(b"&", 0, length) >= 0:
        _check_escaped(here, bytes_, tags)
    opens = ours[figure]
    left_open = bool(len(opens) and opens[-1] == len(tags) - 1)
    # A figure left open at the end closes in the next piece: `_check_order` sees to it.
    _check_figures(bytes_, tags, opens[: len(opens) - left_open])
    placed = cell | row
    references = _references(bytes_, length, max(begin - start, 0), at[placed], cell[placed])
    rows, columns, heads, rest = _places(window, bytes_, references, cell[placed])
    return _Piece(
        tables=sum(window.startswith(TABLE, place) for place in others),
        rows=rows,
        columns=columns,
        head=heads,
        opening=rest[0],
        closing=rest[1],
        column=rest[2],
        values=_values(cell, figure | inline),
        closes=bool(len(tags)) and window.startswith(FIGURE_END),
        left_open=left_open,
    )


def _check_escaped(here: Bytes, bytes_: Bytes, tags: Indices) -> None:
    """An escaped sign stands in texts only: in a figure calamine reads up to it."""
    owner = np.searchsorted(tags, np.flatnonzero(here == AND)) - 1
    _usual((owner >= 0).all())
    first, second = bytes_[tags[owner] + 1], bytes_[tags[owner] + 2]
    _usual(((first == ord("t")) & ((second == MORE) | (second == BLANK))).all())


def _check_figures(bytes_: Bytes, tags: Indices, opens: Indices) -> None:
    """The next tag after each <v> is </v>; after one that closes itself it is no matter."""
    here, after = tags[opens], tags[opens + 1]
    ended = (bytes_[after + 1] == SLASH) & (bytes_[after + 2] == ord("v")) & (bytes_[after + 3] == MORE)
    _usual((ended | (bytes_[here + 2] == SLASH)).all())


def _values(cell: Bools, value: Bools) -> tuple[bool, bool] | None:
    """Whether the first and the last of the cells and values are values; two values never follow one another."""
    kinds = value[cell | value]
    _usual(not (kinds[1:] & kinds[:-1]).any())
    return (bool(kinds[0]), bool(kinds[-1])) if len(kinds) else None


def _references(bytes_: Bytes, length: int, begin: int, ours: Indices, of_cells: Bools) -> Indices:
    """Where the reference of each row and cell begins, which is its first attribute; attributes as they should be.

    begin: where the table of cells begins, from where on no namespace may become another.
    """
    before = np.flatnonzero(bytes_[1 : length + 1] == EQUALS)
    name = bytes_[before]
    _usual((bytes_[before + 2] == MARK).all(), (name > BLANK).all())
    types = before[name == ord("t")]
    _usual(not ((bytes_[types + 3] == ord("e")) & (bytes_[types + 4] == MARK)).any())
    spaces = before[name == ord("s")]
    _usual(not ((bytes_[spaces - 1] == ord("n")) & (bytes_[spaces - 2] == ord("l")) & (spaces > begin)).any())
    named = before[name == ord("r")]
    references: Indices = named[bytes_[named - 1] <= BLANK] + 3
    _usual(len(references) == len(ours))
    _usual((references == ours + np.where(of_cells, len(CELL_HEAD), len(ROW_HEAD))).all())
    return references


def _places(
    window: bytes, bytes_: Bytes, references: Indices, of_cells: Bools
) -> tuple[int, int, tuple[int, int] | None, tuple[int, int, int | None]]:
    """The largest row and column; the first cell before any row; first and last row that opens, and the last column."""
    if not len(references):
        return 0, 0, None, (0, 0, None)
    of_cell, of_row = references[of_cells], references[~of_cells]
    column, width = _columns(bytes_, of_cell)
    words = np.ndarray((len(window) - 7,), np.dtype("<u8"), buffer=window, strides=(1,))
    own = words[of_cell + width]
    before = int(of_cells.argmin()) if len(of_row) else len(of_cell)  # cells of a row that opened in an earlier piece
    opened = words[of_row] if not before else np.concatenate((own[:1], words[of_row]))
    keys, told, largest = _keys(opened)
    _usual((keys[1:] > keys[:-1]).all())
    in_row = np.cumsum(~of_cells)[of_cells]
    at = in_row if before else in_row - 1
    _usual(not ((own ^ opened[at]) & told[at]).any())
    _usual(((column[1:] > column[:-1]) | (in_row[1:] != in_row[:-1])).all())
    last = None if not len(column) and not len(of_row) else int(column[-1]) if of_cells[-1] else 0
    head = (int(keys[0]), int(column[0])) if before else None
    ends = (int(keys[1 if before else 0]), int(keys[-1])) if len(of_row) else (0, 0)
    return largest, int(column.max(initial=0)), head, (*ends, last)


def _columns(bytes_: Bytes, of_cell: Indices) -> tuple[Columns, Indices]:
    """The column that each cell's letters name, and how many letters it has: one to three capitals."""
    first, second, third = (bytes_[of_cell + place].astype(np.int64) - BEFORE_A for place in (0, 1, 2))
    two, three = second > 0, (second > 0) & (third > 0)
    column = np.where(two, first * LETTERS + second, first)
    column = np.where(three, column * LETTERS + third, column)
    _usual((np.maximum(first, np.maximum(second, third)) <= LETTERS).all(), (first >= 1).all())
    return column, 1 + two.astype(np.intp) + three


def _keys(words: Words) -> tuple[Words, Words, int]:
    """Of whole numbers, each in the first bytes of a word and ended by a `"`: keys, masks, and the largest.

    The lowest byte that is a `"` tells the length; the mask covers the digits and it. The digits, the first of them no
    zero, are a key in the order of the numbers: the one with more digits is larger, of two as long the later text.
    """
    other = words ^ np.uint64(0x2222222222222222)
    marks = (other - np.uint64(0x0101010101010101)) & ~other & np.uint64(0x8080808080808080)
    ends = marks & (~marks + np.uint64(1))
    _usual(ends.all(), ((words & np.uint64(0xFF)) > ZERO).all())
    within = (ends >> np.uint64(7)) - np.uint64(1)
    digit = words ^ np.uint64(0x3030303030303030)
    no_digit = ((digit + np.uint64(0x7676767676767676)) | digit) & np.uint64(0x8080808080808080)
    _usual(not (no_digit & within).any())
    keys = (words & within).byteswap() >> (np.uint64(64) - np.bitwise_count(within).astype(np.uint64))
    largest = int(keys.max()).to_bytes(8, "big").lstrip(b"\0")
    return keys, (ends << np.uint64(1)) - np.uint64(1), int(largest)
