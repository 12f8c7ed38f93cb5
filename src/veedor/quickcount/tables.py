"""A file of stations as columns of text, every row with the line that an editor shows; and its figures as numbers."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from veedor.election.nearest import nearest_name
from veedor.errors import Fault, InputError, MissingDataError
from veedor.quickcount.definition import StationTable, listed
from veedor.sheets.formats.encoding import as_utf8
from veedor.sheets.formats.parquet_jsonl import parquet_columns
from veedor.sheets.formats.parquet_sizes import ParquetError, sizes_of
from veedor.sheets.formats.unpack import raw_of, read_raw, unpacked
from veedor.sheets.publications import inside

ROW = "\0row"
"""The column with the line of the file; for Parquet the row, counted from 1."""
STATION = "\0station"

SHOWN = 40
MOST = 10**9
"""No figure of a station is larger."""


def read_table(table: StationTable, data: Path, columns: Iterable[str]) -> pl.DataFrame:
    """The named columns as text, empty cells null, with ROW; only rows that `where` asks for. Raises VeedorError."""
    path = data / inside(table.file)
    if not path.is_file():
        raise MissingDataError(f"{path} is not there; point --data to the folder that holds {table.file}")
    raw = read_raw(path, table.file, within=data)
    raw_of(raw, path, table.file)
    wanted = list(dict.fromkeys([*columns, *table.where]))
    if table.kind == "parquet":
        found = _parquet(raw.data, table, wanted)
    else:
        found = _text(unpacked(raw.data, path.suffix, table.file, lines=True), table, wanted)
    kept = found.with_columns(pl.col(wanted).str.strip_chars().replace("", None))
    for column, value in table.where.items():
        if kept.filter(pl.col(column) == str(value)).is_empty():
            raise InputError([_no_such_cell(table, kept, column, str(value))])
        kept = kept.filter(pl.col(column) == str(value))
    if kept.is_empty():
        raise InputError([Fault(file=table.file, found="no row", wanted="a row for each station")])
    return _with_station(kept, table)


def _no_such_cell(table: StationTable, found: pl.DataFrame, column: str, value: str) -> Fault:
    there = found[column].drop_nulls().unique().sort().head(10).to_list()
    return Fault(
        file=table.file,
        column=column,
        found=f"no row with {value!r}",
        wanted="a value of `where` that rows have",
        remedy=f"its cells hold {', '.join(there)}" if there else "the column is empty",
    )


def _with_station(found: pl.DataFrame, table: StationTable) -> pl.DataFrame:
    """The station's ID as STATION, joined from its columns. Raises InputError for one that is absent or there twice."""
    if table.station is None:
        return found
    parts = listed(table.station)
    texts = [pl.col(part) for part in parts]
    if table.leading_zeros == "drop":
        texts = [text.str.replace(r"^0+(\d)", "$1") for text in texts]
    joined = found.with_columns(pl.concat_str(texts, separator="-").alias(STATION))
    faults = [
        Fault(file=table.file, row=row, column=" + ".join(parts), found="an empty cell", wanted="a station's ID")
        for row in joined.filter(pl.col(STATION).is_null())[ROW]
    ]
    again = joined.filter(pl.col(STATION).is_not_null() & ~pl.col(STATION).is_first_distinct())
    faults += [
        Fault(
            file=table.file,
            row=row,
            column=" + ".join(parts),
            found=f"the station {station!r} again",
            wanted="one row a station",
            remedy="compare the rows, and keep the one that is right",
        )
        for station, row in again.select(STATION, ROW).iter_rows()
    ]
    if faults:
        raise InputError(faults)
    return joined


def _parquet(content: bytes, table: StationTable, wanted: Sequence[str]) -> pl.DataFrame:
    try:
        sizes = sizes_of(content)
    except ParquetError as problem:
        fault = Fault(file=table.file, found=f"not readable as Parquet ({problem})", wanted="a whole Parquet file")
        raise InputError([fault]) from problem
    _require(table, [column.name for column in sizes.columns], wanted)
    found = parquet_columns(content, sizes, wanted, table.file)
    # A whole number held as 76.0 is 76; another fraction stays as it is, and is a fault where a figure is wanted.
    whole = [
        pl.when(pl.col(name) == pl.col(name).floor())
        .then(pl.col(name).cast(pl.Int64, strict=False).cast(pl.String))
        .otherwise(pl.col(name).cast(pl.String))
        .alias(name)
        if kind.is_float()
        else pl.col(name).cast(pl.String)
        for name, kind in found.schema.items()
    ]
    return found.select(whole).with_row_index(ROW, offset=1)


def _text(content: bytes, table: StationTable, wanted: Sequence[str]) -> pl.DataFrame:
    text, faults = as_utf8(content, table.encoding, table.file)
    if faults:
        raise InputError(faults)
    counted = table.kind == "counted"
    first, _, rest = text.partition(b"\n") if counted else (b"", b"", text)
    try:
        found = pl.read_csv(
            BytesIO(rest), separator=table.delimiter or ("|" if counted else ","), infer_schema=False, quote_char='"'
        )
    except (pl.exceptions.PolarsError, ValueError) as problem:
        remedy = "a row with more cells than the header, or a delimiter that is not this one" if rest.strip() else ""
        fault = Fault(
            file=table.file, found=str(problem).splitlines()[0], wanted="a table with a header row", remedy=remedy
        )
        raise InputError([fault]) from problem
    _require(table, found.columns, wanted)
    _check_once(table, found.columns, wanted)
    if counted:
        _check_number(table, first, found.height)
    return found.select(wanted).with_row_index(ROW, offset=3 if counted else 2)


def _check_once(table: StationTable, there: Sequence[str], wanted: Iterable[str]) -> None:
    """A column that is read must be there once: nobody can say which of two is meant (the reader renames one)."""
    faults = [
        Fault(file=table.file, column=name, found="that column twice", wanted="it once", remedy="rename the other one")
        for name in wanted
        if f"{name}_duplicated_0" in there
    ]
    if faults:
        raise InputError(faults)


def _check_number(table: StationTable, first: bytes, rows: int) -> None:
    """The first line must be the number of rows: a file cut short is not taken for a whole one."""
    said = first.strip().decode("utf-8", "replace")
    if said.isascii() and said.isdigit() and len(said) < 12 and int(said) == rows:
        return
    number = said.isascii() and said.isdigit()
    fault = Fault(
        file=table.file,
        row=1,
        found=f"{said[:60]!r}",
        wanted=f"the number of rows that follow the header, {rows}",
        remedy="get the file again: it may be cut short" if number else 'say format = "csv" if there is no such line',
    )
    raise InputError([fault])


def _require(table: StationTable, there: Sequence[str], wanted: Iterable[str]) -> None:
    faults = []
    for name in wanted:
        if name not in there:
            near = nearest_name(name, there)
            listing = ", ".join(there[:SHOWN]) + (", ..." if len(there) > SHOWN else "")
            remedy = f"did you mean {near!r}?" if near else f"its columns: {listing}"
            faults.append(Fault(file=table.file, found=f"no column {name!r}", wanted="that column", remedy=remedy))
    if faults:
        raise InputError(faults)


def figures(found: pl.DataFrame, columns: Sequence[str]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Sum of the columns' figures for each row, and where one of them is absent or no figure (the sum is then 0)."""
    numbers = [found[name].str.extract(r"^([0-9]{1,9})$").cast(pl.Int64) for name in columns]
    absent = np.zeros(found.height, dtype=np.bool_)
    total = np.zeros(found.height, dtype=np.int64)
    for each in numbers:
        absent |= each.is_null().to_numpy()
        total += each.fill_null(0).to_numpy()
    total[absent] = 0
    return total, absent


def figure_faults(table: StationTable, found: pl.DataFrame, columns: Iterable[str]) -> list[Fault]:
    """A fault for each cell that is no whole number: absent is not zero."""
    faults = []
    for name in columns:
        wrong = found.filter(~pl.col(name).str.contains(r"^[0-9]{1,9}$").fill_null(False))
        faults += [
            Fault(
                file=table.file,
                row=row,
                column=name,
                found="an empty cell" if cell is None else f"{cell[:40]!r}",
                wanted="a whole number of votes or voters",
                remedy="a station without all its figures is a missing one: take its row out, or use --skip-bad-rows",
            )
            for row, cell in wrong.select(ROW, name).iter_rows()
        ]
    return faults
