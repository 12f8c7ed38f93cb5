"""The extent of a worksheet, told from its XML without parsing it, where it is written as programs write it.

Everything is told by what stands around each `=` and after each `<`: attributes as name="value", rows as <row r="7">,
cells as <c r="B7" ...>. The look goes piece by piece: what fits a processor's cache is quick.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Indices = npt.NDArray[np.intp]

PIECE = 2**20
CONTEXT = 16
"""Bytes beyond a piece that are looked at: the longest reference, and what closes it."""

BLANK, MARK, EXCLAMATION, LESS, EQUALS = b' "!<='
NINE, BEFORE_A = b"9@"
LETTERS = 26


def usual_extent(xml: bytes) -> tuple[int, int] | None:
    """The last row and the last column in use, counted from 1, (0, 0) if there are no cells.

    None where there is a formula, an error, a comment or a document type, or anything else than the usual writing.
    """
    with ThreadPoolExecutor(2) as both:
        found = list(both.map(partial(_extent, xml), _pieces(xml)))
    known = [extent for extent in found if extent is not None]
    if len(known) < len(found):
        return None
    return max((row for row, _ in known), default=0), max((column for _, column in known), default=0)


def _pieces(xml: bytes) -> Iterator[tuple[int, int]]:
    """Where the text is cut: before tags."""
    start = 0
    while start < len(xml):
        end = xml.rfind(b"<", start + 1, start + PIECE) if len(xml) - start > PIECE else len(xml)
        end = end if end > start else len(xml)
        yield start, end
        start = end


def _extent(xml: bytes, piece: tuple[int, int]) -> tuple[int, int] | None:
    start, end = piece
    length = end - start
    window = xml[start : end + CONTEXT].ljust(length + CONTEXT)
    bytes_ = np.frombuffer(window, np.uint8)
    here, after, third = bytes_[:length], bytes_[1 : length + 1], bytes_[2 : length + 2]
    opens, equals = here == LESS, after == EQUALS
    if (equals & (third != MARK)).any() or (equals & (here <= BLANK)).any():
        return None
    if (opens & ((after == ord("f")) | (after == EXCLAMATION))).any():
        return None
    types = np.flatnonzero(equals & (here == ord("t")))
    if ((bytes_[types + 3] == ord("e")) & (bytes_[types + 4] == MARK)).any():
        return None
    named = np.flatnonzero(equals & (here == ord("r")))
    references = named[bytes_[named - 1] <= BLANK] + 3
    cells = int(np.count_nonzero(opens & (after == ord("c")) & (third <= ord(">"))))
    fifth = bytes_[4 : length + 4]
    rows = int(np.count_nonzero(opens & (after == ord("r")) & (third == ord("o")) & (fifth <= ord(">"))))
    letters = bytes_[references] > NINE
    if cells != np.count_nonzero(letters) or rows != len(references) - cells:
        return None
    return _furthest(window, bytes_, references, letters)


def _furthest(
    window: bytes, bytes_: Bytes, references: Indices, of_cells: npt.NDArray[np.bool_]
) -> tuple[int, int] | None:
    """The largest row and column that the references name, each from its place on; None if one is no reference."""
    if not len(references):
        return 0, 0
    of_cell = references[of_cells]
    first, second, third = (bytes_[of_cell + place].astype(np.int64) - BEFORE_A for place in (0, 1, 2))
    column = np.where(second > 0, first * LETTERS + second, first)
    column = np.where((second > 0) & (third > 0), column * LETTERS + third, column)
    if (np.maximum(first, np.maximum(second, third)) > LETTERS).any() or (first < 1).any():
        return None
    digits = references.copy()
    digits[of_cells] += 1 + (second > 0) + ((second > 0) & (third > 0))
    row = _largest(window, digits)
    return None if row is None else (row, int(column.max()) if len(column) else 0)


def _largest(window: bytes, starts: Indices) -> int | None:
    """The largest of the whole numbers that begin at these places and end before a `"`; None if one is no such number.

    Of eight bytes as one word, the lowest that is a `"` tells the length; of numbers as long the largest is also the
    last in the order of their text.
    """
    words = np.ndarray((len(window) - 7,), np.dtype("<u8"), buffer=window, strides=(1,))[starts]
    other = words ^ np.uint64(0x2222222222222222)
    marks = (other - np.uint64(0x0101010101010101)) & ~other & np.uint64(0x8080808080808080)
    ends = marks & (~marks + np.uint64(1))
    if not ends.all():
        return None
    length = int(ends.max()).bit_length() // 8 - 1
    longest = words[ends == ends.max()].byteswap() >> np.uint64(8 * (8 - length))
    text = int(longest.max()).to_bytes(8, "big")[8 - length :]
    return int(text) if text.isdigit() else None
