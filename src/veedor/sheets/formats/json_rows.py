"""Any JSON document whose rows a path names: a list, a list inside an object, an object by station, one file a station.

A path is keys with dots between them, and `*` for each entry of a list or an object: `data.sheets.*`. `*` alone, the
default, is each entry of the document, and the empty path the document itself. In a row a value inside an object is
called by the keys that lead to it (`votes.A`), `@key` is the key under which the row stands, and `../name` a value of
the object around it. What that cannot say, jq makes of the file.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from veedor.election import Layout
from veedor.errors import Fault, InputError
from veedor.rim.hostile_json import JsonError, loads
from veedor.sheets.formats.column_map import MOST_COLUMNS, Plan
from veedor.sheets.formats.column_types import frame_of
from veedor.sheets.formats.encoding import as_utf8
from veedor.sheets.formats.parquet_jsonl import JsonObjects, PlanFor, flat, lists_among
from veedor.sheets.formats.rows import Rows, check_number

UP = "../"
KEY = "@key"

DOCUMENT_LIMIT = 2**26
"""Bytes of a JSON document: all of it lies in memory at once, ten times as large. Lines may be four times as many."""

MOST_ROWS = 4_000_000
"""Entries of a JSON document that are read as rows."""


@dataclass(frozen=True, kw_only=True)
class Document:
    """A parsed JSON document. file: what faults call it; told: what its rows know beside it (`@file`)."""

    file: str
    value: object
    told: Mapping[str, str] = field(default_factory=dict)


def parsed(data: bytes, encoding: str, file: str) -> object:
    """The value of a JSON document. Raises InputError."""
    if len(data) > DOCUMENT_LIMIT:
        remedy = "make a line of each of its rows (jq -c), and read it as jsonl"
        fault = Fault(file=file, found=f"{len(data)} bytes of JSON", wanted=f"at most {DOCUMENT_LIMIT}", remedy=remedy)
        raise InputError([fault])
    data, faults = as_utf8(data, encoding, file)
    if faults:
        raise InputError(faults)
    try:
        return loads(data, file, most_bytes=max(len(data), 1))
    except JsonError as problem:
        fault = Fault(file=file, row=problem.line, found=f"no JSON document ({problem.problem})", wanted="one")
        raise InputError([fault]) from None


def rows_of(objects: JsonObjects, layout: Layout, file: str, plan_for: PlanFor) -> tuple[Plan, Rows]:
    """The cells of rows, each counted from 1 in their order."""
    plan = plan_for(list(objects.columns))
    names = dict(zip(plan.header, objects.columns, strict=True))
    columns = [(name, objects.column(names[name])) for name in plan.needed]
    listed = lists_among(columns, objects.numbers, file)
    columns = [(name, [None if isinstance(cell, list) else cell for cell in cells]) for name, cells in columns]
    frame = frame_of(columns, objects.numbers, plan.coordinates, layout.decimal)
    return plan, Rows(file=file, cells=frame, cell_faults=tuple(listed), faults=tuple(objects.faults))


def objects_in(documents: Sequence[Document], path: str) -> tuple[JsonObjects, tuple[str, ...]]:
    """The rows of documents of one kind, one after the other, and the file of each.

    Raises InputError where the path leads to none.
    """
    found = JsonObjects()
    files: list[str] = []
    for document in documents:
        before = len(files)
        for row in _rows(document, path):
            files.append(document.file)
            if isinstance(row, str):
                found.faults.append(Fault(file=document.file, row=len(files), found=row, wanted="an object of figures"))
                check_number(found.faults)
                continue
            found.take(len(files), {**row, **document.told})
            if len(found.columns) > MOST_COLUMNS or len(files) > MOST_ROWS:
                many = f"more than {MOST_COLUMNS} keys in its rows, or {MOST_ROWS} rows"
                remedy = "name the path to the rows as `rows`, or make lines of it with jq"
                fault = Fault(file=document.file, row=len(files), found=many, wanted="sheets", remedy=remedy)
                raise InputError([fault])
        if len(files) == before:
            raise InputError([_no_rows(document, path, "an empty list or object")])
    return found, tuple(files)


def _rows(document: Document, path: str) -> Iterator[dict[str, object] | str]:
    """Each row as a flat object, or what it is instead of one."""
    steps = path.split(".") if path else []
    for value, around, key in _entries(document.value, steps, [], None, document, path):
        if not isinstance(value, dict):
            yield f"{_kind(value)} where a row should be"
            continue
        try:
            row = flat(value)
        except ValueError as problem:
            yield f"an object with {problem}"
            continue
        if key is not None:
            row.setdefault(KEY, key)
        for up, (outer, name) in enumerate(reversed(around), start=1):
            own = {inside: part for inside, part in outer.items() if not isinstance(part, dict | list)}
            row |= {UP * up + inside: part for inside, part in own.items()}
            if name is not None:
                row[f"{UP * up}{KEY}"] = name
        yield row


Around = list[tuple[dict[str, object], str | None]]
"""The objects around a row, the outermost first, each with the key under which it stands."""


def _entries(
    value: object, steps: Sequence[str], around: Around, key: str | None, document: Document, path: str
) -> Iterator[tuple[object, Around, str | None]]:
    """What the steps lead to, with the objects around it, and the key of the last `*` in an object."""
    if not steps:
        yield value, around, key
        return
    step, *rest = steps
    if step == "*" and isinstance(value, list):
        for entry in value:
            yield from _entries(entry, rest, around, key, document, path)
    elif step == "*" and isinstance(value, dict):
        for name, entry in value.items():
            yield from _entries(entry, rest, [*around, (value, key)], name, document, path)
    elif isinstance(value, dict) and step in value:
        yield from _entries(value[step], rest, [*around, (value, key)], None, document, path)
    elif not (isinstance(value, dict) and "*" in path.split(".")[: path.split(".").index(step)]):
        raise InputError([_no_rows(document, path, _there(value, step))])


def _no_rows(document: Document, path: str, found: str) -> Fault:
    wanted = f"rows under the path {path!r}" if path else "one object, the row"
    remedy = "name the path to the rows as `rows` in the layout, such as 'data.sheets.*'"
    return Fault(file=document.file, found=found, wanted=wanted, remedy=f"{remedy}; or make lines of it with jq")


def _there(value: object, step: str) -> str:
    if isinstance(value, dict):
        return f"no key {step!r} among {', '.join(map(repr, list(value)[:8])) or 'none'}"
    return f"{_kind(value)} where the path goes on with {step!r}"


def _kind(value: object) -> str:
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return "an object" if isinstance(value, dict) else f"the value {str(value)[:40]!r}"
