"""Tables that are not sheets (logs, groupings, an earlier vote), read as they are: every cell as text."""

import datetime as dt
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

import polars as pl

from veedor.election import PlainTable
from veedor.election.nearest import nearest_name
from veedor.errors import Fault, InputError, MissingDataError
from veedor.sheets.formats.encoding import as_utf8
from veedor.sheets.formats.parquet_jsonl import parquet_columns
from veedor.sheets.formats.parquet_sizes import ParquetError, sizes_of
from veedor.sheets.formats.unpack import raw_of, read_raw, unpacked
from veedor.sheets.publications import inside
from veedor.sheets.spellings import composed
from veedor.sheets.workbook.read import open_worksheet

SHOWN = 50
"""Columns that a fault lists."""

WORKBOOKS = (".xlsx", ".xls", ".ods")
EXACT = 2.0**53
"""Below it a float holds every whole number."""


def read_plain(table: PlainTable, data: Path, *, columns: Iterable[str]) -> pl.DataFrame:
    """The named columns of a table as text; cells that are empty are null. data: the folder of the election's files.

    A worksheet's whole numbers come without a decimal point, its moments as ISO 8601.
    Raises MissingDataError without the file, InputError where it is not what the definition says.
    """
    path = data / inside(table.file)
    if not path.is_file():
        raise MissingDataError(f"{path} is not there; point --data to the folder that holds {table.file}")
    raw = read_raw(path, table.file, within=data)
    named = raw_of(raw, path, table.file)
    if table.sha256 is not None and named.sha256 != table.sha256.lower():
        raise MissingDataError(f"{path} is not the file that the definition names: its SHA-256 differs")
    wanted = list(dict.fromkeys(columns))
    suffix = Path(table.file).suffix.lower()
    if suffix in WORKBOOKS:
        found = _worksheet(raw.data, table, wanted)
    elif suffix == ".parquet":
        found = _parquet(raw.data, table, wanted)
    elif suffix in (".jsonl", ".ndjson"):
        found = pl.read_ndjson(BytesIO(raw.data)).cast(pl.String)
    else:
        found = _delimited(unpacked(raw.data, suffix, table.file, member=table.member, lines=True), table)
    _require(found, wanted, table)
    texts = found.select(pl.col(wanted).str.strip_chars().replace("", None))
    # Stations are matched by their text, and the sheet tables have it in the composed form.
    return texts.with_columns(composed(texts[name]) for name in wanted)


def _require(found: pl.DataFrame, wanted: Iterable[str], table: PlainTable) -> None:
    faults = []
    for name in wanted:
        if name not in found.columns:
            near = nearest_name(name, found.columns)
            listed = ", ".join(found.columns[:SHOWN]) + (", ..." if len(found.columns) > SHOWN else "")
            remedy = f"did you mean {near!r}?" if near else f"its columns: {listed}"
            faults.append(Fault(file=table.file, found=f"no column {name!r}", wanted="that column", remedy=remedy))
    if faults:
        raise InputError(faults)


def _parquet(content: bytes, table: PlainTable, wanted: list[str]) -> pl.DataFrame:
    """The columns wanted that are there; if one is not, none of their cells but all their names."""
    try:
        sizes = sizes_of(content)
    except ParquetError as problem:
        fault = Fault(file=table.file, found=f"not readable as Parquet ({problem})", wanted="a whole Parquet file")
        raise InputError([fault]) from problem
    names = [column.name for column in sizes.columns]
    if not set(wanted) <= set(names):
        return pl.DataFrame(schema={name: pl.String() for name in names})
    return parquet_columns(content, sizes, wanted, table.file).select(pl.all().cast(pl.String))


def _delimited(text: bytes, table: PlainTable) -> pl.DataFrame:
    content, faults = as_utf8(text, table.encoding, table.file)
    if faults:
        raise InputError(faults)
    try:
        return pl.read_csv(
            content, separator=table.delimiter, infer_schema=False, skip_lines=table.header_row - 1, quote_char='"'
        )
    except (pl.exceptions.PolarsError, ValueError) as problem:
        fault = Fault(file=table.file, found=str(problem).splitlines()[0], wanted="a table with a header row")
        raise InputError([fault]) from problem


def _worksheet(content: bytes, table: PlainTable, wanted: list[str]) -> pl.DataFrame:
    # Sizes, encryption and damage are refused here; formulas and errors are read as the values they hold.
    sheet = open_worksheet(content, table.sheet, table.file, only_size=True)
    place = table.header_row - 1 - sheet.start[0]
    if not 0 <= place < len(sheet.rows):
        raise InputError([Fault(file=table.file, found="no header row", wanted=f"one in row {table.header_row}")])
    header = [str(cell) for cell in sheet.rows[place]]
    # All columns only where one is wanted that is not there: the message then lists what is.
    places = {name: place for place, name in enumerate(header) if name}
    named = {name: places[name] for name in (wanted if places.keys() >= set(wanted) else places)}
    body = sheet.rows[place + 1 :]
    return pl.DataFrame({name: _texts([row[place] for row in body]) for name, place in named.items()})


def _texts(cells: list[object]) -> pl.Series:
    """The cells of one column as text; whole numbers, which most are, all at once."""
    if set(map(type, cells)) == {float}:
        figures = pl.Series(cells, dtype=pl.Float64)
        if bool(((figures == figures.floor()) & (figures.abs() < EXACT)).all()):
            return figures.cast(pl.Int64).cast(pl.String)
    return pl.Series([_text(cell) for cell in cells], dtype=pl.String)


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (dt.datetime, dt.date)):
        return cell.isoformat()
    return str(cell)
