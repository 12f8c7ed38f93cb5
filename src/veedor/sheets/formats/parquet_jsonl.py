"""Parquet and JSON lines."""

import io
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from veedor.election import Layout
from veedor.errors import Fault, InputError, VeedorError
from veedor.rim.hostile_json import JsonError, loads_line
from veedor.sheets.formats.column_map import MOST_COLUMNS, Plan
from veedor.sheets.formats.column_types import frame_of
from veedor.sheets.formats.encoding import as_utf8
from veedor.sheets.formats.parquet_sizes import ParquetError, Sizes, sizes_of
from veedor.sheets.formats.rows import ROW, Rows, check_number
from veedor.sheets.formats.unpack import FILE_LIMIT, LINE_LIMIT, LINES_LIMIT

PlanFor = Callable[[Sequence[str]], Plan]


PARQUET_CELLS = 40_000_000
"""Rows times columns read of a Parquet file: forty columns of a million sheets."""

PARQUET_TEXT = 2**29
"""Bytes of all texts of a Parquet file: it stores a text once, however many rows have it."""

JSON_LIMIT = 2**28
"""Bytes of a text of JSON objects: their values lie in memory one by one."""

PLAIN = (pl.String, pl.Boolean, pl.Date, pl.Datetime, pl.Time, pl.Null)
"""Types of a column that are read as they are, beside numbers."""

BROKEN = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, OverflowError)


def read_parquet(data: bytes, file: str, plan_for: PlanFor) -> tuple[Plan, Rows]:
    """The needed columns of a Parquet file with their own types; rows are counted from 1."""
    try:
        sizes = sizes_of(data)
    except ParquetError as problem:
        raise _unreadable(file, str(problem)) from problem
    names = [column.name for column in sizes.columns]
    plan = plan_for(names)
    stripped = dict(zip(plan.header, names, strict=True))
    frame = parquet_columns(data, sizes, [stripped[name] for name in plan.needed], file)
    if frame.is_empty():
        raise InputError([Fault(file=file, found="a file without rows", wanted="rows")])
    frame = frame.rename({stripped[name]: name for name in plan.needed}).with_columns(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias(ROW)
    )
    return plan, Rows(file=file, cells=frame)


def parquet_columns(data: bytes, sizes: Sizes, names: Sequence[str], file: str) -> pl.DataFrame:
    """Columns of a Parquet file: texts, numbers, times. Raises InputError, before they are unpacked if too large."""
    needed = set(names)
    columns = [column for column in sizes.columns if column.name in needed]
    faults = [
        Fault(file=file, column=column.name, found="lists or tables in its cells", wanted="one value in each cell")
        for column in columns
        if column.nested
    ] or [
        Fault(file=file, column=column.name, found=f"{column.values} values", wanted=f"{sizes.rows}, one for each row")
        for column in columns
        if column.values != sizes.rows
    ]
    if faults:
        raise InputError(faults)
    if sizes.rows > LINES_LIMIT or sizes.rows * len(columns) > PARQUET_CELLS:
        found = f"{sizes.rows} rows, of which {len(columns)} columns are read"
        wanted = f"at most {LINES_LIMIT} rows and {PARQUET_CELLS} cells"
        raise InputError([Fault(file=file, found=found, wanted=wanted)])
    if (unpacked := sum(column.unpacked for column in columns)) > FILE_LIMIT:
        raise InputError([Fault(file=file, found=f"{unpacked} bytes when unpacked", wanted=f"at most {FILE_LIMIT}")])
    try:
        frame = pl.read_parquet(io.BytesIO(data), columns=list(names))
        if frame.height != sizes.rows:
            raise InputError([Fault(file=file, found=f"{frame.height} rows", wanted=f"{sizes.rows}, as its end says")])
        texts = 0
        read = []
        for column in frame.get_columns():
            read.append(_readable(column, file))
            texts += _length(read[-1], file)
            if texts > PARQUET_TEXT:
                found = f"texts of more than {PARQUET_TEXT} bytes in all"
                raise InputError([Fault(file=file, found=found, wanted="shorter texts")])
    except BROKEN as problem:
        raise _unreadable(file, problem) from problem
    return pl.DataFrame(read)


def _readable(column: pl.Series, file: str) -> pl.Series:
    """The column as text, number or time. Raises InputError for any other type, and where a cell would be lost."""
    kind = column.dtype
    if kind in PLAIN or (kind.is_numeric() and not kind.is_decimal()):
        return column
    if isinstance(kind, pl.Decimal):
        whole = kind.scale == 0
        made = column.cast(pl.Int64 if whole else pl.Float64, strict=False)
    elif kind in (pl.Categorical, pl.Enum, pl.Binary):
        made = column.cast(pl.String, strict=False)
    else:
        raise InputError([Fault(file=file, column=column.name, found=f"a column of {kind}", wanted="texts or numbers")])
    if made.null_count() != column.null_count():
        row = int((made.is_null() & column.is_not_null()).arg_true()[0]) + 1
        wanted = "numbers of at most 18 digits" if kind.is_decimal() else "text in UTF-8"
        raise InputError([Fault(file=file, row=row, column=column.name, found=f"a cell of {kind}", wanted=wanted)])
    return made


def _length(column: pl.Series, file: str) -> int:
    """Bytes of a column's texts, none of which is longer than any line of a text file. Raises InputError."""
    if column.dtype != pl.String:
        return 0
    lengths = column.str.len_bytes()
    longest = lengths.max()
    if isinstance(longest, int) and longest > LINE_LIMIT:
        row = int(lengths.arg_max() or 0) + 1
        found = f"a text of {longest} bytes"
        raise InputError([Fault(file=file, row=row, column=column.name, found=found, wanted="texts of at most 1 MiB")])
    return int(lengths.cast(pl.Int64).sum())


def _unreadable(file: str, problem: BaseException | str) -> InputError:
    first = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
    return InputError(
        [
            Fault(
                file=file,
                found=f"not readable as Parquet ({first})",
                wanted="a whole Parquet file",
                remedy="download it again",
            )
        ]
    )


def read_json_lines(data: bytes, layout: Layout, file: str, plan_for: PlanFor) -> tuple[Plan, Rows]:
    """One JSON object on each line; a key that a line lacks is an absent cell. Blank lines are skipped.

    A value inside an object is called by the keys that lead to it, with a dot between them: `votes.A`.
    """
    data, faults = as_utf8(data, layout.encoding, file)
    objects = json_objects(data, file, {fault.row for fault in faults})
    faults += objects.faults
    if not objects.numbers:
        raise InputError(faults or [Fault(file=file, found="an empty file", wanted="one JSON object on each line")])
    plan = plan_for(list(objects.columns))
    original = dict(zip(plan.header, objects.columns, strict=True))
    columns = [(name, objects.column(original[name])) for name in plan.needed]
    listed = lists_among(columns, objects.numbers, file)
    columns = [(name, [None if isinstance(cell, list) else cell for cell in cells]) for name, cells in columns]
    return plan, Rows(
        file=file,
        cells=frame_of(columns, objects.numbers, plan.coordinates, layout.decimal),
        cell_faults=tuple(listed),
        faults=tuple(faults),
    )


@dataclass(kw_only=True)
class JsonObjects:
    """The values of one object on each line. columns: by key, the values there are.

    places: by key, which objects these are of; none for a key that all up to its last have. numbers: the line of each
    object; faults: lines that hold none.
    """

    columns: dict[str, list[object]] = field(default_factory=dict)
    places: dict[str, list[int]] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def take(self, number: int, values: dict[str, object]) -> None:
        """The object of the next line that holds one."""
        height = len(self.numbers)
        for key, value in values.items():
            cells = self.columns.get(key)
            if cells is None:
                cells = self.columns[key] = []
            if len(cells) < height and key not in self.places:
                self.places[key] = list(range(len(cells)))
            if key in self.places:
                self.places[key].append(height)
            cells.append(value)
        self.numbers.append(number)

    def column(self, name: str) -> list[object]:
        """All cells of a column, None where a line lacks the key."""
        cells = self.columns[name]
        found: list[object] = [None] * len(self.numbers)
        if name not in self.places:
            found[: len(cells)] = cells
        for place, cell in zip(self.places.get(name, ()), cells, strict=False):
            found[place] = cell
        return found


def json_objects(data: bytes, file: str, skipped: Collection[int | None]) -> JsonObjects:
    """The objects on the lines of a UTF-8 text but for those skipped. Raises InputError where it is too large."""
    if len(data) > JSON_LIMIT:
        raise InputError([Fault(file=file, found=f"{len(data)} bytes of JSON", wanted=f"at most {JSON_LIMIT}")])
    found = JsonObjects()
    alike: dict[object, object] = {}
    for number, line in enumerate(_split(data), start=1):
        if not line or line.isspace() or number in skipped:
            continue
        try:
            values = _object(line)
        except (ValueError, VeedorError) as problem:
            said = problem.problem if isinstance(problem, JsonError) else problem
            found.faults.append(
                Fault(file=file, row=number, found=f"no JSON object ({said})", wanted="one JSON object")
            )
            check_number(found.faults)
            continue
        for key, value in values.items():
            if type(value) is str:
                values[key] = alike.setdefault(value, value)
        found.take(number, values)
        if len(found.columns) > MOST_COLUMNS:
            raise InputError([Fault(file=file, row=number, found=f"more than {MOST_COLUMNS} keys", wanted="sheets")])
    return found


def _split(data: bytes) -> Iterator[bytes]:
    """The lines of a text, without a list of all of them."""
    at = 0
    while (end := data.find(b"\n", at)) >= 0:
        yield data[at:end]
        at = end + 1
    if at < len(data):
        yield data[at:]


def lists_among(columns: Sequence[tuple[str, Sequence[object]]], numbers: Sequence[int], file: str) -> list[Fault]:
    """A fault for each cell that holds a list."""
    faults: list[Fault] = []
    for name, cells in columns:
        for row, cell in zip(numbers, cells, strict=True):
            if isinstance(cell, list):
                faults.append(Fault(file=file, row=row, column=name, found="a list", wanted="one value"))
                check_number(faults)
    return faults


def _object(line: bytes) -> dict[str, object]:
    if len(line) > LINE_LIMIT:
        raise ValueError(f"a line longer than {LINE_LIMIT} bytes")
    found = loads_line(line)
    if not isinstance(found, dict):
        raise ValueError(f"a {type(found).__name__}")
    return flat(found) if any(isinstance(value, dict) for value in found.values()) else {**found}


def flat(found: Mapping[str, object]) -> dict[str, object]:
    """The values of an object, those inside others by the keys that lead to them, a dot between. Raises ValueError."""
    result: dict[str, object] = {}
    for key, value in found.items():
        inside = {f"{key}.{name}": part for name, part in flat(value).items()} if isinstance(value, dict) else None
        for name, part in (inside if inside is not None else {key: value}).items():
            if name in result:
                raise ValueError(f"two values called '{name[:60]}'")
            result[name] = part
    return result
