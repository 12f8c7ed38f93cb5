"""A sheet table as CSV: UTF-8, comma, quoted where needed, times in ISO 8601 with offset, absent cells empty.

A text cell that a spreadsheet would run as a formula is written with an apostrophe before it (`rim.csv_cells` says
which); so is one that begins with an apostrophe, so that `unguarded` takes exactly one away.
"""

from pathlib import Path

import polars as pl

from veedor.election import Contest, Election
from veedor.errors import Fault, InputError
from veedor.files import atomic
from veedor.rim.csv_cells import DANGEROUS, GUARD
from veedor.sheets.table import schema

TIME_FORMAT = "%Y-%m-%dT%H:%M:%S%.6f%:z"


def write_csv(path: Path, table: pl.DataFrame) -> None:
    """Write the sheet table; the file is there whole or not at all. Read back by `read_table_csv`."""
    with atomic(path) as temporary:
        csv_cells(table).write_csv(temporary, quote_style="necessary", line_terminator="\n")


def csv_cells(table: pl.DataFrame) -> pl.DataFrame:
    """The table's cells as the file holds them: text guarded, times as text."""
    return table.with_columns(
        *(guarded(name) for name, kind in table.schema.items() if kind in (pl.String, pl.Categorical)),
        *(
            pl.col(name).dt.to_string(TIME_FORMAT)
            for name, kind in table.schema.items()
            if isinstance(kind, pl.Datetime)
        ),
    )


def guarded(name: str) -> pl.Expr:
    """A column's texts, made harmless for spreadsheets."""
    text = pl.col(name).cast(pl.String)
    return pl.when(text.str.contains(DANGEROUS)).then(GUARD + text).otherwise(text).alias(name)


def unguarded(name: str) -> pl.Expr:
    """A column's texts as they were before `guarded`."""
    text = pl.col(name)
    return pl.when(text.str.starts_with(GUARD)).then(text.str.slice(1)).otherwise(text).alias(name)


def read_table_csv(path: Path, election: Election, contest: Contest) -> pl.DataFrame:
    """The sheet table that `write_csv` wrote. An empty unquoted cell is absent."""
    wanted = schema(election, contest)
    try:
        cells = pl.read_csv(path, infer_schema=False)
    except (pl.exceptions.PolarsError, OSError, UnicodeDecodeError) as error:
        raise InputError(
            [Fault(file=path.name, found=str(error), wanted="a table that veedor wrote as CSV")]
        ) from error
    if cells.columns != list(wanted):
        raise InputError(
            [Fault(file=path.name, row=1, found=", ".join(cells.columns), wanted=", ".join(wanted))],
        )
    return cells.with_columns(*(_typed(name, kind) for name, kind in wanted.items()))


def _typed(name: str, kind: pl.DataType) -> pl.Expr:
    if isinstance(kind, pl.Datetime):
        time = pl.col(name).str.to_datetime(TIME_FORMAT, time_unit="us")
        return time.dt.convert_time_zone(kind.time_zone or "UTC")
    if kind in (pl.String, pl.Categorical):
        return unguarded(name).cast(kind)
    return pl.col(name).cast(kind)
