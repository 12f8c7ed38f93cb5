"""What a Parquet file says of its sizes, read before anything is unpacked: rows, columns, pages and their bytes.

A few bytes of a Parquet file can stand for gigabytes: a page says how large it unpacks and how many values it holds,
and a run of one value repeated a thousand million times takes five bytes. The footer tells where the pages are, and
each page's header what it holds; both are read here, in the compact form of Thrift, and nothing else is.

Source: Apache Parquet format 2.x, parquet.thrift (FileMetaData, ColumnMetaData, PageHeader) and the Thrift compact
protocol.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from veedor.sheets.formats.column_map import MOST_COLUMNS

MAGIC = b"PAR1"
MOST_GROUPS = 100_000
MOST_PAGES = 1_000_000
MOST_ITEMS = 5_000_000
"""Values in the footer."""

DEPTH = 16

_BOOLEANS = {1: True, 2: False}
_STOP, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = 0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12


class ParquetError(Exception):
    """The bytes are no Parquet file as it is read here; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column at the top. nested: whether others are inside it.

    values, unpacked: how many values and bytes all its pages hold, as the pages say.
    """

    name: str
    nested: bool
    values: int
    unpacked: int


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """rows: as the footer says; columns: those at the top, in order, each with all that is inside it."""

    rows: int
    columns: tuple[Column, ...]


def sizes_of(data: bytes) -> Sizes:
    """The sizes of a Parquet file. Raises ParquetError."""
    footer = _footer(data)
    schema, groups, rows = _structs(footer.get(2)), _structs(footer.get(4, [])), footer.get(3)
    if not isinstance(rows, int):
        raise ParquetError("a footer without a number of rows")
    if len(schema) > MOST_COLUMNS:
        raise ParquetError(f"{len(schema)} columns; at most {MOST_COLUMNS} are read")
    if len(groups) > MOST_GROUPS:
        raise ParquetError(f"{len(groups)} row groups; at most {MOST_GROUPS} are read")
    names = list(_columns(schema))
    totals = {name: [0, 0] for name, _ in names}
    if len(totals) < len(names):
        raise ParquetError(f"{len(names)} columns with {len(totals)} names")
    pages = 0
    for chunk in _chunks(groups):
        path = chunk.get(3)
        name = _text(path[0]) if isinstance(path, list) and path else ""
        if name not in totals:
            raise ParquetError("a column of a row group that the schema does not have")
        for values, unpacked in _pages(data, chunk):
            totals[name][0] += values
            totals[name][1] += unpacked
            pages += 1
            if pages > MOST_PAGES:
                raise ParquetError(f"more than {MOST_PAGES} pages")
    return Sizes(
        rows=rows,
        columns=tuple(
            Column(name=name, nested=nested, values=totals[name][0], unpacked=totals[name][1]) for name, nested in names
        ),
    )


def _footer(data: bytes) -> dict[int, Any]:
    if len(data) < 12 or not data.startswith(MAGIC) or not data.endswith(MAGIC):
        raise ParquetError("no Parquet file (PAR1 at both ends), or one that is cut off")
    length = int.from_bytes(data[-8:-4], "little")
    start = len(data) - 8 - length
    if start < len(MAGIC):
        raise ParquetError("a footer that is longer than the file")
    return _Thrift(data, start, len(data) - 8).struct()


def _structs(value: Any) -> list[dict[int, Any]]:
    """A list of structs."""
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise ParquetError("a footer that is none")
    return value


def _columns(schema: Sequence[dict[int, Any]]) -> Iterator[tuple[str, bool]]:
    """Name of each column at the top of the schema tree, and whether it holds others."""
    at = 1
    while at < len(schema):
        waiting = _children(schema[at])
        yield _text(schema[at].get(4)), waiting > 0
        at += 1
        while waiting > 0 and at < len(schema):
            waiting += _children(schema[at]) - 1
            at += 1


def _children(node: dict[int, Any]) -> int:
    number = node.get(5, 0)
    return number if isinstance(number, int) else 0


def _chunks(groups: Sequence[dict[int, Any]]) -> Iterator[dict[int, Any]]:
    """The metadata of each column of each row group."""
    for group in groups:
        for chunk in _structs(group.get(1, [])):
            told = chunk.get(3)
            if chunk.get(1) is not None or not isinstance(told, dict):
                raise ParquetError("a column that lies in another file, or says nothing of itself")
            yield told


def _pages(data: bytes, chunk: dict[int, Any]) -> Iterator[tuple[int, int]]:
    """Values and unpacked bytes of each page of a column of a row group, as the page's header says."""
    begins = [at for at in (chunk.get(9), chunk.get(11)) if isinstance(at, int) and at > 0]
    packed = chunk.get(7)
    if not begins or not isinstance(packed, int):
        raise ParquetError("a column whose place is not told")
    at = min(begins)
    end = at + packed
    if not len(MAGIC) <= at <= end <= len(data):
        raise ParquetError("a column that lies outside the file")
    while at < end:
        reader = _Thrift(data, at, end)
        header = reader.struct()
        unpacked, size = header.get(2), header.get(3)
        if not isinstance(unpacked, int) or not isinstance(size, int) or unpacked < 0 or size < 0:
            raise ParquetError("a page of no size")
        told = header.get(5) or header.get(8) or {}
        values = told.get(1, 0) if isinstance(told, dict) else 0
        yield values if isinstance(values, int) and values > 0 else 0, unpacked
        at = reader.at + size
    if at != end:
        raise ParquetError("a page that is longer than its column")


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""


class _Thrift:
    """Values of the compact protocol, between two places of the data."""

    def __init__(self, data: bytes, at: int, end: int) -> None:
        self._data = data
        self.at = at
        self._end = end
        self._items = 0

    def struct(self, depth: int = 0) -> dict[int, Any]:
        """The fields of a struct, by number."""
        found: dict[int, Any] = {}
        field = 0
        while True:
            head = self._byte()
            kind = head & 0x0F
            if kind == _STOP:
                return found
            field = field + (head >> 4) if head >> 4 else self._signed()
            found[field] = self._value(kind, depth)

    def _value(self, kind: int, depth: int) -> Any:
        self._items += 1
        if self._items > MOST_ITEMS:
            raise ParquetError("a footer that is too long")
        if depth > DEPTH:
            raise ParquetError("values nested without end")
        match kind:
            case _ if kind in _BOOLEANS:
                return _BOOLEANS[kind]
            case _ if kind == _BYTE:
                return self._byte()
            case _ if kind in (_I16, _I32, _I64):
                return self._signed()
            case _ if kind == _DOUBLE:
                return self._bytes(8)
            case _ if kind == _BINARY:
                return self._bytes(self._unsigned())
            case _ if kind in (_LIST, _SET):
                return self._list(depth)
            case _ if kind == _MAP:
                return self._map(depth)
            case _ if kind == _STRUCT:
                return self.struct(depth + 1)
        raise ParquetError("a footer that cannot be read")

    def _list(self, depth: int) -> list[Any]:
        head = self._byte()
        number = head >> 4 if head >> 4 != 15 else self._unsigned()
        if number > self._end - self.at:
            raise ParquetError("a list that is longer than the file")
        kind = head & 0x0F
        return [self._byte() == 1 if kind in _BOOLEANS else self._value(kind, depth + 1) for _ in range(number)]

    def _map(self, depth: int) -> list[Any]:
        number = self._unsigned()
        if number > self._end - self.at:
            raise ParquetError("a map that is longer than the file")
        kinds = self._byte() if number else 0
        return [(self._value(kinds >> 4, depth + 1), self._value(kinds & 0x0F, depth + 1)) for _ in range(number)]

    def _byte(self) -> int:
        if self.at >= self._end:
            raise ParquetError("a file that is cut off")
        self.at += 1
        return self._data[self.at - 1]

    def _bytes(self, length: int) -> bytes:
        if length > self._end - self.at:
            raise ParquetError("a text that is longer than the file")
        self.at += length
        return self._data[self.at - length : self.at]

    def _unsigned(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 0x7F) << shift
            if not byte & 0x80:
                return value
            shift += 7
            if shift > 63:
                raise ParquetError("a number without end")

    def _signed(self) -> int:
        value = self._unsigned()
        return (value >> 1) ^ -(value & 1)
