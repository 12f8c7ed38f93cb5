"""Rows of one published file on their way to the sheet table: cells by column name, and the row each came from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from veedor.errors import SHOWN_FAULTS, Fault, InputError

ROW = "\0row"
"""Column with the row of the file, as an editor shows it; no published column can bear this name."""

MOST_FAULTS = 100_000
"""Faulty rows of a file that are told one by one, left out or not; a file with more is refused as a whole."""

SHOWN = 60
"""Longest text of a cell that a fault repeats."""


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Cells of one file: the columns asked for under their published names, and ROW.

    cell_faults: what is wrong with cells of rows that are in `cells`; it matters only if the row is a sheet's.
    faults: rows that are not in `cells` because their shape is wrong (too few or too many cells, say).
    """

    file: str
    cells: pl.DataFrame
    cell_faults: tuple[Fault, ...] = ()
    faults: tuple[Fault, ...] = ()


def shown(cell: object) -> str:
    """A cell's content as a fault repeats it: quoted, printable, cut where long."""
    if cell is None:
        return "an empty cell"
    text = str(cell)
    if not text.strip():
        return "an empty cell"
    cut = text if len(text) <= SHOWN else f"{text[:SHOWN]}... ({len(text)} characters)"
    return repr(cut) if not cut.isprintable() else f"'{cut}'"


def without(rows: pl.DataFrame, faults: Iterable[Fault]) -> pl.DataFrame:
    """The rows that no fault names."""
    bad = {fault.row for fault in faults if fault.row is not None}
    return rows.filter(~pl.col(ROW).is_in(list(bad))) if bad else rows


def check_number(faults: Sequence[Fault]) -> None:
    """Raise InputError where there are so many faults that the layout, not the rows, must be wrong."""
    if len(faults) > MOST_FAULTS:
        first = faults[0]
        wanted = "a layout that fits the file, or another file"
        many = Fault(file=first.file, found=f"more than {MOST_FAULTS} faults such as these", wanted=wanted)
        raise InputError([many, *faults[: SHOWN_FAULTS - 1]])


def few(bad: pl.Series) -> pl.Series:
    """Faulty rows; of more than can be told the first, for `check_number` to refuse the file by."""
    return bad if int(bad.sum()) <= MOST_FAULTS else bad & (bad.cum_sum() <= MOST_FAULTS + 1)
