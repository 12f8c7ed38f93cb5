"""A file of unknown making, opened for `veedor new`: format, encoding, delimiter, header row, and its cells as text."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from veedor.draft.evidence import NotRead
from veedor.draft.open_json import rows_in
from veedor.draft.sniff import check_kind, is_report, shape_fault
from veedor.draft.titles import rows_of_names, titled
from veedor.draft.vocabulary import level_of, role_of
from veedor.draft.without_names import groups_in, long_records, question_of
from veedor.election import Format, Groups
from veedor.election.definition import Question
from veedor.errors import Fault, InputError
from veedor.sheets.formats.column_map import called, heading, plain
from veedor.sheets.formats.column_types import column_of
from veedor.sheets.formats.encoding import as_utf8, utf_16_without_mark
from veedor.sheets.formats.json_rows import parsed
from veedor.sheets.formats.parquet_jsonl import json_objects, parquet_columns
from veedor.sheets.formats.parquet_sizes import ParquetError, sizes_of
from veedor.sheets.formats.unpack import members, read_raw, unpacked
from veedor.sheets.pieces import bare
from veedor.sheets.table import FIGURES
from veedor.sheets.workbook.read import Worksheet, open_worksheet

SUFFIXES: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".tab": "csv",
    ".dat": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xlsb": "xlsx",
    ".xls": "xlsx",
    ".ods": "xlsx",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "nist-json",
    ".xml": "nist-xml",
}
PACKED = (".gz", ".xz", ".lzma", ".zip")
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
LOOKED_AT = 200
LOOKED_INTO = 2_000_000
"""Bytes in which rows in two encodings are looked for."""
"""Lines at the top of a text file by which delimiter and header are judged."""

MOST_BYTES = 2**27
"""Bytes of a file that is drafted from."""

MOST_COLUMNS = 700
"""Columns of a file of which each may be what the others add up to."""

MOST_MEMBERS = 200
"""Members of an archive that are looked at."""

PLACES_LOOKED_AT = 8
"""Columns from the left that may name the places of blocks."""

FEWEST_ROWS = 4

FEWEST_FIGURES = 2
"""Columns of figures without which a JSON document is no sheet."""

SHEETS_LOOKED_AT = 50
"""Worksheets of a workbook among which one with a table is looked for."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A file and how it was opened.

    cells: stripped text, null where empty; evidence: key of the layout -> why. address: what a layout calls the
    columns whose name here was put together from two rows of a header, or that have none of their own. beside: other
    worksheets or members with the same columns; others: those with other columns; not_read: what is no table.
    header_rows, groups, rows: as in a layout; rows is None where the format is not json. asked: what its shape leaves
    open. documents: other files of one row each, which are read with it; sheets: all worksheets that are read alike.
    fill_down: columns whose empty cells stand for the one above, and are filled here.
    """

    path: Path
    format: Format
    cells: pl.DataFrame
    header: tuple[str, ...]
    header_row: int = 1
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    member: str | None = None
    sheet: str | None = None
    data: bytes = b""
    evidence: dict[str, str] = field(default_factory=dict)
    address: dict[str, str] = field(default_factory=dict)
    beside: tuple["Opened", ...] = ()
    others: tuple["Opened", ...] = ()
    not_read: tuple[NotRead, ...] = ()
    header_rows: int = 1
    groups: Groups | None = None
    rows: str | None = None
    asked: tuple[Question, ...] = ()
    documents: tuple[Path, ...] = ()
    sheets: tuple[str, ...] = ()
    fill_down: tuple[str, ...] = ()


def open_unknown(path: Path) -> Opened:
    """Open the file, whatever it is. Raises InputError where it is none of the formats that veedor reads."""
    if not path.is_file():
        raise InputError([Fault(file=str(path), found="no such file", wanted="a file with results")])
    raw = read_raw(path, path.name).data
    member = _member(path, raw)
    inner = Path(member or (path.stem if path.suffix.lower() in PACKED else path.name))
    kind = SUFFIXES.get(inner.suffix.lower())
    if kind is None:
        known = ", ".join(sorted(SUFFIXES))
        raise InputError([Fault(file=path.name, found=f"the ending {inner.suffix or '(none)'!r}", wanted=known)])
    data = unpacked(raw, path.suffix, path.name, member=member, lines=kind in ("csv", "jsonl"))
    if not data:
        raise InputError([Fault(file=path.name, found="an empty file", wanted="tally sheets")])
    if len(data) > MOST_BYTES:
        found = f"{len(data)} bytes"
        remedy = "draft from its first rows: the definition fits the whole"
        raise InputError([Fault(file=path.name, found=found, wanted=f"at most {MOST_BYTES}", remedy=remedy)])
    check_kind(data, kind, path.name if member is None else f"{path.name} {member}")
    opened = _opened(path, member, data, kind, inner)
    if member is not None:
        opened = _with_other_members(opened, path, raw)
    if len(opened.header) > MOST_COLUMNS:
        found = f"{len(opened.header)} columns"
        raise InputError([Fault(file=path.name, found=found, wanted=f"at most {MOST_COLUMNS} to draft from")])
    return opened


def _opened(path: Path, member: str | None, data: bytes, kind: Format, inner: Path) -> Opened:
    if kind == "csv":
        return filled_down(_text(path, member, data, inner.suffix.lower() == ".tsv"))
    if kind == "xlsx":
        return _workbook(path, member, data)
    if kind == "nist-json" and (document := _document(path, member, data)) is not None:
        return document
    if kind in ("nist-json", "nist-xml"):
        return Opened(path=path, format=kind, cells=pl.DataFrame(), header=(), member=member, data=data)
    return _columnar(path, member, data, kind)


def _document(path: Path, member: str | None, data: bytes) -> Opened | None:
    """A JSON document with rows; None for a NIST report. Raises InputError for one without rows, with its shape."""
    try:
        value = parsed(data, "utf-8", path.name)
    except InputError:
        return None  # what is wrong with it is told where it is read
    if is_report(value):
        return None
    found = rows_in(value, path.name, bare(member or path.name))
    if found is None:
        raise InputError([shape_fault(value, path.name)])
    evidence = {"rows": f"{found.cells.height:,} entries there, with the same keys"} if found.path else {}
    return Opened(
        path=path,
        format="json",
        cells=_stripped(found.cells),
        header=tuple(found.address.get(name, name) for name in found.cells.columns),
        address=found.address,
        member=member,
        evidence=evidence,
        rows=found.path,
        asked=found.questions,
    )


def check_document(opened: Opened) -> None:
    """Raise InputError where a JSON document without a table has no figures either, alone or with others like it."""
    if opened.format != "json" or opened.rows != "":
        return
    figures = [name for name in opened.cells.columns if opened.cells[name].drop_nulls().str.contains(r"^\d+$").any()]
    if len([name for name in figures if opened.address.get(name) != "@file"]) < FEWEST_FIGURES:
        data = unpacked(read_raw(opened.path, opened.path.name).data, opened.path.suffix, opened.path.name, lines=False)
        raise InputError([shape_fault(parsed(data, "utf-8", opened.path.name), opened.path.name)])


def _member(path: Path, raw: bytes) -> str | None:
    """The file inside a zip: the only one, or the largest that looks like a table."""
    if path.suffix.lower() != ".zip":
        return None
    files = {name: size for name, size in members(raw, path.name).items() if Path(name).suffix.lower() in SUFFIXES}
    if not files:
        raise InputError([Fault(file=path.name, found="a zip without a table", wanted="one with results in it")])
    return max(files, key=lambda name: files[name])


def _with_other_members(opened: Opened, path: Path, raw: bytes) -> Opened:
    """The other members of a zip: those of the same columns are read beside this one, the others named."""
    beside: list[Opened] = []
    others: list[Opened] = []
    not_read: list[NotRead] = []
    left = MOST_BYTES
    for name, size in members(raw, path.name).items():
        if name == opened.member or name.startswith("__MACOSX/"):
            continue
        kind = SUFFIXES.get(Path(name).suffix.lower())
        if kind is None:
            not_read.append(NotRead(file=path.name, member=name, why=f"no table by its ending, {size:,} bytes"))
            continue
        left -= size
        if left < 0 or len(beside) + len(others) + len(not_read) >= MOST_MEMBERS:
            not_read.append(NotRead(file=path.name, member=name, why=f"not looked at, {size:,} bytes"))
            continue
        try:
            data = unpacked(raw, path.suffix, path.name, member=name, lines=kind in ("csv", "jsonl"))
            check_kind(data, kind, name)
            other = _opened(path, name, data, kind, Path(name))
        except InputError as problem:
            not_read.append(NotRead(file=path.name, member=name, why=str(problem).splitlines()[0]))
            continue
        if alike(other, opened):
            beside.append(other)
        else:
            others.append(other)
    return replace(opened, beside=tuple(beside), others=tuple(others), not_read=(*opened.not_read, *not_read))


def alike(one: Opened, other: Opened) -> bool:
    """Whether one layout reads both but for the worksheet."""
    return (one.format, one.header, one.header_row, one.delimiter, one.encoding == other.encoding or one.encoding) == (
        other.format,
        other.header,
        other.header_row,
        other.delimiter,
        True,
    ) and (
        bool(one.header) and (one.rows, one.groups, one.header_rows) == (other.rows, other.groups, other.header_rows)
    )


def _text(path: Path, member: str | None, data: bytes, tab: bool) -> Opened:
    text, encoding, why = _decoded(data, path.name)
    text = text.replace("\r\n", "\n")
    if text.count("\r") > text.count("\n"):
        text = text.replace("\r", "\n")  # line ends of old spreadsheets
    lines = text.split("\n", LOOKED_AT)[:LOOKED_AT]
    quote = '"'
    delimiter = "\t" if tab else _delimiter(lines)
    records = _records(lines, delimiter)
    header_row, header = _header(records)
    if not any(map(str.strip, header)):
        raise InputError([Fault(file=path.name, found="no header", wanted="a row of column names, and tally sheets")])
    if header_row == 1 and _headless(records, header_row, header):
        return _without_names(path, member, data, text, encoding, why, delimiter)
    if _headless(records, header_row, header):
        found = f"no row of column names: row {header_row} holds figures where the rows below it do"
        remedy = "put a row with a name for each column above it, in a copy, and draft from that"
        raise InputError([Fault(file=path.name, found=found, wanted="a header", remedy=remedy)])
    body = _body(data, text, encoding, header_row)
    del text, lines  # a large file is not to be held three times
    addresses, names, number, asked = _called(records, header_row, header, path.name)
    cells = _parsed(body, delimiter, names)
    above = header_row - 1
    evidence = {
        "encoding": why,
        "delimiter": f"{DELIMITERS.get(delimiter, delimiter)}: {len(header)} columns in row {header_row} and below",
        "header_row": f"the first row with {len(header)} names" + (f"; {above} above it" if above else ""),
    }
    return Opened(
        path=path,
        format="csv",
        cells=cells,
        header=tuple(addresses),
        address=_addressed(names, addresses),
        header_row=header_row,
        header_rows=number,
        encoding=encoding,
        delimiter=delimiter,
        quote=quote,
        member=member,
        evidence=evidence,
        asked=asked,
    )


def _without_names(
    path: Path, member: str | None, data: bytes, text: str, encoding: str, why: str, delimiter: str
) -> Opened:
    """A text without a row of column names: they are called by their places, or repeat in groups."""
    records = [record for record in _records(text.split("\n"), delimiter) if any(map(str.strip, record))]
    found = groups_in(records[:LOOKED_AT])
    if found is not None:
        records = long_records(records, found)
    width = max(map(len, records))
    names = [f"#{place}" for place in range(1, width + 1)]
    if found is not None:
        names = [*names[: found.groups.first - 1], *found.groups.columns]
    columns = {
        name: pl.Series([row[place] if place < len(row) else None for row in records], dtype=pl.String)
        for place, name in enumerate(names)
    }
    evidence = {
        "encoding": why,
        "delimiter": f"{DELIMITERS.get(delimiter, delimiter)}: {width} columns",
        "header_row": "row 1 holds figures where the rows below it do",
    }
    return Opened(
        path=path,
        format="csv",
        cells=_stripped(pl.DataFrame(columns)),
        header=tuple(names),
        header_row=0,
        encoding=encoding,
        delimiter=delimiter,
        member=member,
        evidence=evidence,
        groups=found.groups if found is not None else None,
        asked=(question_of(path.name, width, found),),
    )


def _body(data: bytes, text: str, encoding: str, header_row: int) -> bytes:
    """The header and what is below it, in UTF-8."""
    if encoding == "utf-8" and b"\r" not in data and not data.startswith(b"\xef\xbb\xbf"):
        start = 0
        for _ in range(header_row - 1):
            start = data.index(b"\n", start) + 1
        return data[start:] if start else data
    return text.split("\n", header_row - 1)[-1].encode()


def _records(lines: list[str], delimiter: str) -> list[list[str]]:
    """The cells of each row; none of a row that holds a cell longer than any name or figure, which reading names."""
    records: list[list[str]] = []
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=delimiter)
    while True:
        try:
            records += reader
            return records
        except csv.Error:
            records.append([])


def _decoded(data: bytes, file: str) -> tuple[str, str, str]:
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return data.decode("utf-32", "replace"), "utf-32", "a byte-order mark at the beginning"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace").lstrip("\ufeff"), "utf-16", "a byte-order mark at the beginning"
    if wide := utf_16_without_mark(data):
        return data.decode(wide, "replace"), wide, "every other byte is zero"
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        row = data.count(b"\n", 0, problem.start) + 1
        _one_encoding(data, file)
        encoding = _single_byte(data)
        why = f"byte 0x{data[problem.start]:02x} in row {row} is not UTF-8"
        return data.decode(encoding, "replace"), encoding, why
    if data.startswith(b"\xef\xbb\xbf"):
        return text, "utf-8", "a byte-order mark at the beginning"
    return text, "utf-8", "every byte is UTF-8" if not data.isascii() else "plain ASCII"


def _one_encoding(data: bytes, file: str) -> None:
    """Raise InputError where some rows are in UTF-8 and others are not, as where files were joined."""
    rows: dict[bool, list[int]] = {True: [], False: []}
    for number, line in enumerate(data[:LOOKED_INTO].split(b"\n")[:-1], start=1):
        if not line.isascii():
            rows[_is_utf8(line)].append(number)
    if not rows[True] or not rows[False]:
        return
    first, other = (", ".join(map(str, rows[kind][:3])) + (" ..." if len(rows[kind]) > 3 else "") for kind in rows)
    found = f"rows in UTF-8 ({first}) and rows in another encoding ({other})"
    remedy = "bring the parts into UTF-8, with iconv say, and join them again"
    raise InputError([Fault(file=file, row=rows[False][0], found=found, wanted="one encoding", remedy=remedy)])


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _single_byte(data: bytes) -> str:
    """Latin-1, Windows-1252, or Windows-1251: Cyrillic text has runs of high bytes, Latin text single ones."""
    sample = data[:2_000_000]
    runs = Counter(len(run) for run in re.findall(rb"[\xc0-\xff]+", sample))
    if sum(runs[length] for length in runs if length >= 4) > sum(runs.values()) / 4:
        return "windows-1251"
    try:
        return "windows-1252" if re.search(rb"[\x80-\x9f]", sample) and data.decode("cp1252") else "latin-1"
    except UnicodeDecodeError:
        return "latin-1"


def _delimiter(lines: list[str]) -> str:
    """The one that cuts most lines into the same number of cells, and into many."""

    def score(delimiter: str) -> tuple[float, int]:
        try:
            widths = Counter(len(record) for record in csv.reader(lines, delimiter=delimiter) if record)
        except csv.Error:  # a cell longer than any name or figure
            return 0.0, 0
        width, times = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]), default=(1, 0))
        return (times / max(1, len(lines)) if width > 1 else 0.0), width

    return max(DELIMITERS, key=score)


def _header(records: list[list[str]]) -> tuple[int, list[str]]:
    """The row (from 1) of the column names: the first as wide as most whose cells are filled and no figures."""
    widths = Counter(len(record) for record in records if len(record) > 1)
    width = widths.most_common(1)[0][0] if widths else 1
    for row, record in enumerate(records, start=1):
        filled = [cell for cell in record if cell.strip()]
        figures = [cell for cell in filled if re.fullmatch(r"[-+]?[\d.,\s]+%?", cell)]
        if len(record) >= width and len(filled) >= 0.7 * width and len(figures) < 0.3 * width:
            return row, record
    return 1, records[0] if records else []


def _headless(records: list[list[str]], row: int, header: list[str]) -> bool:
    """Whether the row of names is one of the sheets: a figure in each column that holds figures, and no names."""
    below = [record for record in records[row : row + 20] if len(record) == len(header)]
    if any(
        _is_number_of(cell.strip(), [record[place].strip() for record in below]) for place, cell in enumerate(header)
    ):
        return True
    if not below or len(header) < 3 or len(set(header)) == len(header) < 5:
        return False
    figures = 0
    for number, cell in enumerate(header):
        rest = [record[number].strip() for record in below if record[number].strip()]
        numeric = bool(rest) and sum(map(_is_figure, rest)) >= 0.9 * len(rest)
        if numeric and not _is_figure(cell.strip()):
            return False
        figures += numeric
    return figures >= 3 and figures >= len(header) / 3


def _is_number_of(cell: str, below: list[str]) -> bool:
    """True if a cell is the number of a station as all below it are: as many digits, no two alike."""
    alike = re.fullmatch(r"\d{5,}", cell) and all(one.isdecimal() and len(one) == len(cell) for one in below)
    return bool(alike) and len(below) > 1 and len({cell, *below}) == len(below) + 1


def _is_figure(cell: str) -> bool:
    return re.fullmatch(r"[-+]?\d[\d.,\s]*%?", cell) is not None


def _names(header: list[str], above: list[str]) -> tuple[list[str], list[str]]:
    """What a layout calls each column, and its name here: of a header in two rows both, where one says little.

    A column without any name has none here, and is not looked at.
    """
    bare = [plain(name) for name in header]
    addresses = called(bare)
    above = above if sum(bool(plain(name)) for name in above) > 1 else []  # one cell alone is a title
    upper = [plain(name) for name in above[: len(bare)]] + [""] * (len(bare) - len(above))
    names: list[str] = []
    title = ""
    for name, address, over, beside in zip(bare, addresses, upper, [*upper[1:], "."], strict=True):
        title = over or title
        both = f"{title} {name}".strip()
        cut = over and beside and role_of(name) in (None, "other") and role_of(both) in FIGURES
        own = both if cut or name != address else name
        names.append(own if own not in names and own not in addresses[len(names) + 1 :] else address if name else "")
    return addresses, names


def _called(
    records: list[list[str]], row: int, header: list[str], file: str
) -> tuple[list[str], list[str], int, tuple[Question, ...]]:
    """What a layout calls each column, its name here, how many rows hold names, and what is asked about them."""
    number = rows_of_names(records, row)
    addresses = called(heading(records[row - number : row]))
    found = titled(addresses, file) if number > 1 else None
    if found is None:
        addresses, names = _names(header, records[row - 2] if row > 1 else [])
        return addresses, names, 1, ()
    kept = dict(found.columns)
    return addresses, [kept.get(place, "") for place in range(len(addresses))], number, found.asked


def _addressed(names: list[str], addresses: list[str]) -> dict[str, str]:
    return {name: address for name, address in zip(names, addresses, strict=True) if name and name != address}


def _parsed(body: bytes, delimiter: str, header: list[str]) -> pl.DataFrame:
    """The cells below the header; rows of another width are cut or filled, to be named as faults when they are read."""
    names = [name or f"_duplicated_{number}" for number, name in enumerate(header)]
    try:
        cells = pl.read_csv(
            io.BytesIO(body),
            separator=delimiter,
            infer_schema=False,
            truncate_ragged_lines=True,
            has_header=False,
            skip_rows=1,
        )
        if cells.width == len(names):
            cells = cells.rename(dict(zip(cells.columns, names, strict=True)))
            return _with_rows(cells.select(_named_columns(cells))) if _bare(body, delimiter) else _stripped(cells)
    except pl.exceptions.PolarsError:
        pass
    rows = _records(body.decode().split("\n"), delimiter)[1:]
    columns = {
        name: pl.Series([row[number] if number < len(row) else None for row in rows], dtype=pl.String)
        for number, name in enumerate(names)
    }
    return _stripped(pl.DataFrame(columns))


def _stripped(cells: pl.DataFrame) -> pl.DataFrame:
    """Cells as text without blanks around them, null where empty; columns without a name are left out."""
    named = _named_columns(cells)
    columns: list[pl.Series] = []
    for name in named:  # one after the other: a large file is not to be held twice
        text = cells[name].cast(pl.String, strict=False).str.strip_chars()
        columns.append(text.set(text == "", None) if (text == "").any() else text)
        cells = cells.drop(name)
    texts = pl.DataFrame(columns)
    renamed = {name: name.strip().removeprefix("\ufeff") for name in named}
    if len(set(renamed.values())) == len(named):
        texts = texts.rename(renamed)
    return _with_rows(texts)


def _named_columns(cells: pl.DataFrame) -> list[str]:
    return [name for name in cells.columns if name.strip() and not name.startswith("_duplicated_")]


def _with_rows(texts: pl.DataFrame) -> pl.DataFrame:
    """Without the rows that hold nothing."""
    if not texts.width:
        return texts
    empty = texts.select(pl.all_horizontal(pl.all().is_null())).to_series()
    return texts.filter(~empty) if empty.any() else texts


def _bare(body: bytes, delimiter: str) -> bool:
    """Whether no cell can have blanks around it: plain ASCII without quotes, tabs, and blanks beside a delimiter."""
    mark = delimiter.encode()
    beside = [b" " + mark, mark + b" ", b" \n", b"\n ", b'"', b"\r", b"\x0b", b"\x0c"]
    beside += [] if mark == b"\t" else [b"\t"]
    return body.isascii() and b" " not in (body[:1], body[-1:]) and not any(one in body for one in beside)


def _workbook(path: Path, member: str | None, data: bytes) -> Opened:
    """The first worksheet with a table; those of the same columns beside it, and the others named."""
    first = open_worksheet(data, None, path.name, only_size=True)
    sheets = {name: first if name == first.names[0] else None for name in first.names}
    opened: Opened | None = None
    beside: list[Opened] = []
    others: list[Opened] = []
    not_read: list[NotRead] = []
    for number, name in enumerate(first.names):
        if number >= SHEETS_LOOKED_AT:
            not_read.append(NotRead(file=path.name, worksheet=name, why="not looked at"))
            continue
        sheet = sheets[name] or open_worksheet(data, name, path.name, only_size=True)
        table = len(sheet.rows) > 1 and len(sheet.rows[0]) > 2
        if not table:
            filled = sum(any(cell not in (None, "") for cell in row) for row in sheet.rows)
            not_read.append(NotRead(file=path.name, worksheet=name, rows=filled, why="no table of three columns"))
            continue
        one = filled_down(_worksheet(path, member, name, sheet))
        if opened is None:
            opened = one
        elif alike(one, opened):
            beside.append(one)
        else:
            others.append(one)
    if opened is None:
        opened = filled_down(_worksheet(path, member, first.names[0], first))
        not_read = [one for one in not_read if one.worksheet != first.names[0]]
    return replace(opened, beside=tuple(beside), others=tuple(others), not_read=tuple(not_read))


def _worksheet(path: Path, member: str | None, name: str, sheet: Worksheet) -> Opened:
    texts = [[_cell(value) for value in row] for row in sheet.rows]
    index, header = _header([[cell or "" for cell in row] for row in texts[:LOOKED_AT]])
    top = [[cell or "" for cell in row] for row in texts[:index]]
    addresses, names, rows_of_header, asked = _called(top, index, header, path.name)
    named = [(number, column) for number, column in enumerate(names) if column]
    columns = {one: [row[number] if number < len(row) else None for row in texts[index:]] for number, one in named}
    cells = pl.DataFrame({one: pl.Series(values, dtype=pl.String) for one, values in columns.items()})
    evidence = {"header_row": f"the first row with {len(named)} names"}
    if len(sheet.names) > 1:
        others = ", ".join(repr(other) for other in sheet.names if other != name)
        evidence["sheet"] = f"a worksheet with a table; the others are {others}"
    return Opened(
        path=path,
        format="xlsx",
        cells=_stripped(cells),
        header=tuple(addresses),
        address=_addressed(names, addresses),
        header_row=index + sheet.start[0],
        header_rows=rows_of_header,
        asked=asked,
        sheet=name if len(sheet.names) > 1 else None,
        member=member,
        evidence=evidence,
    )


def filled_down(opened: Opened) -> Opened:
    """The table, with the places of blocks that only their first row names in all of their rows."""
    cells = opened.cells
    names = [name for name in cells.columns[:PLACES_LOOKED_AT] if _names_blocks(cells, name)]
    if not names or opened.groups is not None:
        return opened
    asked = [
        Question(
            about=name,
            text=f"{opened.path.name}: {name!r} is empty in {cells[name].null_count():,} of {cells.height:,} rows, and "
            f"names a place in the first row of each block (such as {cells[name].drop_nulls()[0]!r}): does it hold "
            "for the rows below, up to the next? It was taken so",
            choices=("it does", "it does not: take it out of fill_down"),
            where=f"{opened.path.name}, column {name}",
        )
        for name in names
    ]
    return replace(
        opened,
        cells=cells.with_columns(pl.col(name).fill_null(strategy="forward") for name in names),
        fill_down=tuple(names),
        asked=(*opened.asked, *asked),
    )


def _names_blocks(cells: pl.DataFrame, name: str) -> bool:
    """True if a column of places has texts in few rows, the first among them, each text once."""
    texts = cells[name].drop_nulls()
    return (
        (level_of(name) is not None or role_of(name) is None)
        and cells.height >= FEWEST_ROWS
        and 1 < len(texts) <= cells.height / 2
        and cells[name][0] is not None
        and texts.n_unique() == len(texts)
        and not texts.str.contains(r"^[-+]?[\d.,\s]+%?$").any()
        and (level_of(name) is not None or name == cells.columns[0])
    )


def _cell(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _columnar(path: Path, member: str | None, data: bytes, kind: Format) -> Opened:
    cells = _parquet(data, path.name) if kind == "parquet" else _json_lines(data, path.name)
    whole = [
        pl.when(pl.col(name) == pl.col(name).floor())
        .then(pl.col(name).cast(pl.Int64, strict=False).cast(pl.String))
        .otherwise(pl.col(name).cast(pl.String))
        .alias(name)
        for name, dtype in cells.schema.items()
        if dtype.is_float()
    ]
    cells = cells.with_columns(whole)
    return Opened(path=path, format=kind, cells=_stripped(cells), header=tuple(cells.columns), member=member)


def _parquet(data: bytes, file: str) -> pl.DataFrame:
    """The columns that hold one value in each cell."""
    try:
        sizes = sizes_of(data)
    except ParquetError as problem:
        raise InputError([Fault(file=file, found=str(problem), wanted="a parquet table")]) from problem
    return parquet_columns(data, sizes, [column.name for column in sizes.columns if not column.nested], file)


def _json_lines(data: bytes, file: str) -> pl.DataFrame:
    """The values under the keys that lead to them, as layouts call them: `votes.A`; those that are lists left out."""
    data, faults = as_utf8(data, "utf-8", file)
    objects = json_objects(data, file, ())
    if faults or objects.faults:
        raise InputError([*faults, *objects.faults])
    columns = {name: objects.column(name) for name in objects.columns}
    return pl.DataFrame(
        [column_of(name, cells) for name, cells in columns.items() if not any(isinstance(cell, list) for cell in cells)]
    )
