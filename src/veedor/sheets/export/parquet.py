"""A sheet table as Parquet: types, time zone and absent cells as they are."""

from pathlib import Path

import polars as pl

from veedor.files import atomic


def write_parquet(path: Path, table: pl.DataFrame) -> None:
    """Write the sheet table; the file is there whole or not at all. Read back by `sheet_table_of`."""
    with atomic(path) as temporary:
        table.write_parquet(temporary)
