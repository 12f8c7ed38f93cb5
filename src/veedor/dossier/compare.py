"""Two folders of a dossier compared figure by figure: the file, where in it, what was found, what is derived again."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from veedor.dossier import chunks

SHOWN = 60
"""Longest piece of a value that a difference quotes."""

ABSENT = "nothing"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One figure that is not what the raw files give. where: a JSON path, a row and column, or a line; else empty."""

    file: str
    where: str
    found: str
    derived: str

    def __str__(self) -> str:
        place = f"{self.file}, {self.where}" if self.where else self.file
        return f"{place}: found {self.found}, derived again {self.derived}"


def differences(file: str, found: bytes, derived: bytes) -> list[Difference]:
    """Every figure that differs between two versions of a dossier's file; none if the bytes are the same."""
    if found == derived:
        return []
    try:
        listed = list(_by_kind(file, found.decode(), derived.decode()))
    except (UnicodeDecodeError, ValueError, RecursionError, csv.Error):
        listed = []
    return listed or [
        Difference(file=file, where="", found=f"{len(found):,} other bytes", derived=f"{len(derived):,} bytes")
    ]


def _by_kind(file: str, found: str, derived: str) -> Iterator[Difference]:
    if file.endswith(".json"):
        return _values(file, "", json.loads(found), json.loads(derived))
    if file.startswith("data/"):
        return _values(file, "", chunks.value_of(found, file), chunks.value_of(derived, file))
    if file.endswith(".csv"):
        return _cells(file, found, derived)
    return _lines(file, found, derived)


def _values(file: str, path: str, found: Any, derived: Any) -> Iterator[Difference]:
    if isinstance(found, dict) and isinstance(derived, dict):
        for key in dict.fromkeys([*derived, *found]):
            inner = f"{path}.{key}" if path else str(key)
            yield from _values(file, inner, found.get(key, _Missing), derived.get(key, _Missing))
    elif isinstance(found, list) and isinstance(derived, list):
        for number, (left, right) in enumerate(zip_longest(found, derived, fillvalue=_Missing)):
            yield from _values(file, f"{path}[{number}]", left, right)
    elif type(found) is not type(derived) or found != derived:
        yield Difference(file=file, where=path, found=_quoted(found), derived=_quoted(derived))


class _Missing:
    """Stands where one side has no value."""


def _quoted(value: Any) -> str:
    if value is _Missing:
        return ABSENT
    return _cut(json.dumps(value, ensure_ascii=False))


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _cells(file: str, found: str, derived: str) -> Iterator[Difference]:
    names = next(csv.reader(io.StringIO(derived)), [])
    both = zip_longest(csv.reader(io.StringIO(found)), csv.reader(io.StringIO(derived)), fillvalue=())
    for row, (left, right) in enumerate(both, start=1):
        if left == right:
            continue
        for column, (cell, other) in enumerate(zip_longest(left, right, fillvalue=None)):
            if cell != other:
                name = names[column] if column < len(names) else f"number {column + 1}"
                yield Difference(file=file, where=f"row {row}, column {name}", found=_cell(cell), derived=_cell(other))


def _cell(value: str | None) -> str:
    return ABSENT if value is None else _cut(repr(value))


def _lines(file: str, found: str, derived: str) -> Iterator[Difference]:
    both = zip_longest(found.split("\n"), derived.split("\n"), fillvalue=None)
    for number, (left, right) in enumerate(both, start=1):
        if left != right:
            left_part, right_part = _around(left, right)
            yield Difference(file=file, where=f"line {number}", found=left_part, derived=right_part)


def _around(left: str | None, right: str | None) -> tuple[str, str]:
    """The piece of two lines where they part."""
    if left is None or right is None:
        return _cell(left), _cell(right)
    first = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    start = max(0, first - 20)
    return _cut(repr(left[start:])), _cut(repr(right[start:]))
