"""Of several rows of one station the last, where the layout says by which column: the others are superseded."""

import polars as pl

from veedor.election import Layout
from veedor.errors import Fault, InputError
from veedor.rim.terminal import one_line
from veedor.sheets.formats.column_map import Plan, plain
from veedor.sheets.formats.convert import as_text, text_of
from veedor.sheets.formats.rows import ROW, shown

ORDERED = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?$"
)
"""A date, or a date and a time, as ISO 8601: of texts of one length and one offset the later one is the greater one."""

OFFSET = r"T.*(Z|[+-][0-9]{2}:?[0-9]{2})$"

FAULTS_SHOWN = 50


def only_latest(cells: pl.DataFrame, plan: Plan, layout: Layout, file: str) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The rows that no later one of their station replaces, and a sentence on the others.

    Raises InputError where the column does not say which row is later.
    """
    if layout.latest is None:
        return cells, ()
    station = text_of(cells, plan.targets["station"])
    rank = _rank(cells, plain(layout.latest), file)
    known = pl.DataFrame({ROW: cells[ROW], "station": station, "rank": rank})
    known = known.with_columns(pl.col("rank").max().over("station").alias("last"))
    gone = known.filter(pl.col("station").is_not_null() & (pl.col("rank") < pl.col("last")))
    if gone.is_empty():
        return cells, ()
    kept = cells.join(gone.select(ROW), on=ROW, how="anti", maintain_order="left")
    first = gone.row(0, named=True)
    by = known.filter((pl.col("station") == first["station"]) & (pl.col("rank") == pl.col("last")))[ROW][0]
    rows = "1 row is" if gone.height == 1 else f"{gone.height:,} rows are"
    stations = gone["station"].n_unique()
    note = (
        f"{file}: {rows} replaced by a later one of the same station ({stations:,} "
        f"{'station' if stations == 1 else 'stations'}, by {one_line(layout.latest)!r}), "
        f"such as row {first[ROW]} of {one_line(first['station'])} by row {by}"
    )
    return kept, (note,)


def _rank(cells: pl.DataFrame, column: str, file: str) -> pl.Series:
    """What grows with time: a whole number, or a moment."""
    text = as_text(cells[column]).str.strip_chars()
    if (number := text.cast(pl.Int64, strict=False)).null_count() == 0:
        return number
    good = text.str.contains(ORDERED).fill_null(value=False)
    if not good.all() or text.str.len_chars().n_unique() > 1 or text.str.extract(OFFSET).n_unique() > 1:
        bad = cells.select(ROW).with_columns(text.alias("text")).filter(~good)
        raise InputError(
            [
                Fault(
                    file=file,
                    row=row,
                    column=column,
                    found=shown(cell),
                    wanted="a date and time as 2030-05-05T20:00:00, all of one form, or a whole number",
                    remedy="`latest` in the layout is the column that says which row of a station is the last",
                )
                for row, cell in (bad if bad.height else cells.select(ROW, column)).head(FAULTS_SHOWN).iter_rows()
            ]
        )
    return text.str.replace(" ", "T", literal=True).rank("dense").cast(pl.Int64)
