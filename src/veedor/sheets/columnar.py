"""Parquet and JSON lines."""

import io
import json
from collections.abc import Callable, Sequence

import polars as pl

from veedor.election import Layout
from veedor.errors import Fault, InputError
from veedor.sheets.cells import frame_of
from veedor.sheets.encoding import as_utf8
from veedor.sheets.opening import LINE_LIMIT, LINES_LIMIT
from veedor.sheets.plan import Plan
from veedor.sheets.rows import ROW, Rows

PlanFor = Callable[[Sequence[str]], Plan]


def read_parquet(data: bytes, file: str, plan_for: PlanFor) -> tuple[Plan, Rows]:
    """The needed columns of a Parquet file with their own types; rows are counted from 1."""
    try:
        names = list(pl.read_parquet_schema(io.BytesIO(data)))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as problem:
        raise _unreadable(file, problem) from problem
    plan = plan_for(names)
    stripped = dict(zip(plan.header, names, strict=True))
    try:
        height = pl.scan_parquet(io.BytesIO(data)).select(pl.len()).collect().item()
        if height > LINES_LIMIT:
            raise InputError([Fault(file=file, found=f"{height} rows", wanted=f"at most {LINES_LIMIT}")])
        frame = pl.read_parquet(io.BytesIO(data), columns=[stripped[name] for name in plan.needed])
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as problem:
        raise _unreadable(file, problem) from problem
    if frame.is_empty():
        raise InputError([Fault(file=file, found="a file without rows", wanted="rows")])
    frame = frame.rename({stripped[name]: name for name in plan.needed}).with_columns(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias(ROW)
    )
    return plan, Rows(file=file, cells=frame)


def _unreadable(file: str, problem: BaseException) -> InputError:
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
    skipped = {fault.row for fault in faults}
    objects: list[dict[str, object]] = []
    numbers: list[int] = []
    header: dict[str, None] = {}
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.strip() or number in skipped:
            continue
        try:
            found = _object(line)
        except (ValueError, RecursionError) as problem:
            faults.append(Fault(file=file, row=number, found=f"no JSON object ({problem})", wanted="one JSON object"))
            continue
        objects.append(found)
        numbers.append(number)
        header.update(dict.fromkeys(found))
    if not objects and not faults:
        raise InputError([Fault(file=file, found="an empty file", wanted="one JSON object on each line")])
    if not objects:
        raise InputError(faults)
    plan = plan_for(list(header))
    original = dict(zip(plan.header, header, strict=True))
    columns = [(name, [row.get(original[name]) for row in objects]) for name in plan.needed]
    listed = _lists(columns, numbers, file)
    columns = [(name, [None if isinstance(cell, list) else cell for cell in cells]) for name, cells in columns]
    return plan, Rows(
        file=file,
        cells=frame_of(columns, numbers, plan.coordinates, layout.decimal),
        cell_faults=tuple(listed),
        faults=tuple(faults),
    )


def _lists(columns: Sequence[tuple[str, Sequence[object]]], numbers: Sequence[int], file: str) -> list[Fault]:
    return [
        Fault(file=file, row=row, column=name, found="a list", wanted="one value")
        for name, cells in columns
        for row, cell in zip(numbers, cells, strict=True)
        if isinstance(cell, list)
    ]


def _object(line: bytes) -> dict[str, object]:
    if len(line) > LINE_LIMIT:
        raise ValueError(f"a line longer than {LINE_LIMIT} bytes")
    found = json.loads(line, object_pairs_hook=_unique, parse_constant=_refuse)
    if not isinstance(found, dict):
        raise ValueError(f"a {type(found).__name__}")
    return _flat(found) if any(isinstance(value, dict) for value in found.values()) else found


def _flat(found: dict[str, object]) -> dict[str, object]:
    flat: dict[str, object] = {}
    for key, value in found.items():
        inside = {f"{key}.{name}": part for name, part in _flat(value).items()} if isinstance(value, dict) else None
        for name, part in (inside if inside is not None else {key: value}).items():
            if name in flat:
                raise ValueError(f"two values called '{name}'")
            flat[name] = part
    return flat


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key that occurs twice")
    return found


def _refuse(text: str) -> object:
    raise ValueError(f"{text} is no number")
