"""Two versions of a dossier's file compared figure by figure: where in it, what was found, what is derived again."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import Any, Protocol

from veedor.dossier.derive import page_data
from veedor.errors import VeedorError
from veedor.rim import hostile_json
from veedor.rim.terminal import one_line

SHOWN = 60
"""Longest piece of a value that a difference quotes."""

MOST = 1_000
"""Differences that are told of one file: whoever filled it with others must not fill our memory with them."""

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
        return one_line(f"{place}: found {self.found}, derived again {self.derived}")


def differences(file: str, found: bytes, derived: bytes) -> list[Difference]:
    """The figures that differ between two versions of a dossier's file; none if the bytes are the same."""
    if found == derived:
        return []
    problem = ""
    try:
        listed = list(islice(_by_kind(file, found.decode(), derived.decode()), MOST + 1))
    except (UnicodeDecodeError, csv.Error) as error:
        listed, problem = [], f" ({error})"
    except VeedorError as error:
        listed, problem = [], f" ({getattr(error, 'problem', error)})"
    if len(listed) > MOST:
        listed[MOST] = Difference(file=file, where="", found=f"more differences than these {MOST:,}", derived="none")
    other = "other bytes" if len(found) == len(derived) else "bytes"
    whole = Difference(file=file, where="", found=f"{len(found):,} {other}{problem}", derived=f"{len(derived):,} bytes")
    return listed or [whole]


def _by_kind(file: str, found: str, derived: str) -> Iterator[Difference]:
    if file.endswith((".json", ".geojson")):
        return _values(file, "", hostile_json.loads(found.encode(), file), hostile_json.loads(derived.encode(), file))
    if file.startswith("data/"):
        return _values(file, "", page_data.value_of(found, file), page_data.value_of(derived, file))
    if file.endswith(".csv"):
        return _cells(file, found, derived)
    return _lines(file, found, derived)


def _values(file: str, path: str, found: Any, derived: Any) -> Iterator[Difference]:
    if isinstance(found, dict) and isinstance(derived, dict):
        for key in dict.fromkeys([*derived, *found]):
            inner = f"{path}.{_cut(key)}" if path else _cut(key)
            yield from _values(file, inner, found.get(key, _Missing), derived.get(key, _Missing))
    elif isinstance(found, list) and isinstance(derived, list):
        for number, (left, right) in enumerate(zip_longest(found, derived, fillvalue=_Missing)):
            yield from _values(file, f"{path}[{number}]", left, right)
    elif type(found) is not type(derived) or found != derived:
        left, right = _told(found, derived)
        yield Difference(file=file, where=path, found=left, derived=right)


class _Missing:
    """Stands where one side has no value."""


def _told(found: Any, derived: Any) -> tuple[str, str]:
    """Two values as JSON, from where they part if they are long texts."""
    if isinstance(found, str) and isinstance(derived, str):
        return _around(found, derived, quoted=_as_json)
    return _quoted(found), _quoted(derived)


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
                one, two = _around(cell, other)
                yield Difference(file=file, where=f"row {row}, column {name}", found=one, derived=two)


def _lines(file: str, found: str, derived: str) -> Iterator[Difference]:
    both = zip_longest(found.split("\n"), derived.split("\n"), fillvalue=None)
    for number, (left, right) in enumerate(both, start=1):
        if left != right:
            one, two = _around(left, right)
            yield Difference(file=file, where=f"line {number}", found=one, derived=two)


def _as_text(text: str, *, codes: bool) -> str:
    return ascii(text) if codes else repr(text)


def _as_json(text: str, *, codes: bool) -> str:
    return json.dumps(text, ensure_ascii=codes)


class _Quoted(Protocol):
    """A text in quotation marks; with codes in the place of all letters but those of ASCII."""

    def __call__(self, text: str, *, codes: bool) -> str: ...


def _around(left: str | None, right: str | None, quoted: _Quoted = _as_text) -> tuple[str, str]:
    """The piece of two texts where they part, with the codes of letters where those of one may look like the other's.

    The Cyrillic о and the Latin o are drawn alike: who compares them by eye sees no difference.
    """
    if left is None or right is None:
        one, two = (ABSENT if text is None else _cut(quoted(text, codes=False)) for text in (left, right))
        return one, two
    first = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    start = max(0, first - 20) if max(len(left), len(right)) > SHOWN else 0
    codes = not (left[first : first + 1].isascii() and right[first : first + 1].isascii())
    one, two = (_cut(quoted(text[start : start + SHOWN + 1], codes=codes)) for text in (left, right))
    return one, two
