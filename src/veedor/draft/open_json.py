"""A JSON document of unknown shape: where its rows are, found by what repeats, and their values as columns."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from veedor.draft.vocabulary import role_of
from veedor.election.definition import Question
from veedor.sheets.formats.column_types import column_of
from veedor.sheets.formats.json_rows import KEY, UP, Document, objects_in

DEEPEST = 5
ALIKE = 0.5
"""Share of the keys of an entry that most others must have for entries to be rows."""

LOOKED_AT = 200
STATION = "station"
CHOICE = "choice"


@dataclass(frozen=True, kw_only=True)
class JsonRows:
    """The rows of a document. path: to them, empty where it is one itself; cells: as text.

    address: what a layout calls columns that are renamed here.
    """

    path: str
    cells: pl.DataFrame
    address: dict[str, str]
    questions: tuple[Question, ...]


def rows_in(value: object, file: str, stem: str) -> JsonRows | None:
    """The largest table of a document, or the document itself as one row; None where it is no object."""
    tables = sorted(_tables(value, ()), key=lambda one: -one[1])
    if tables:
        path = ".".join(tables[0][0])
        questions = tuple(_beside(file, path, tables[1:]))
        told: dict[str, str] = {}
    elif isinstance(value, dict) and value:
        path, questions, told = "", (), {"@file": stem}
    else:
        return None
    objects, _ = objects_in([Document(file=file, value=value, told=told)], path)
    cells = {name: objects.column(name) for name in objects.columns}
    plain = {name: column for name, column in cells.items() if not any(isinstance(one, list) for one in column)}
    columns = [column_of(name, column) for name, column in plain.items()]
    frame = pl.DataFrame([_text(column) for column in columns])
    names = _names(frame.columns)
    if path.count("*") > 1 and (label := _label(frame, names)) is not None:
        names[label] = CHOICE
    first = [name for name in frame.columns if names[name] == STATION]
    frame = frame.select([*first, *(name for name in frame.columns if name not in first)]).rename(names)
    address = {name: original for original, name in names.items() if name != original}
    return JsonRows(path=path, cells=frame, address=address, questions=questions)


def _tables(value: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], int]]:
    """Paths to entries that are alike, with how many there are; of entries that hold lists of such, those inside."""
    if len(path) > DEEPEST or any("." in step for step in path):
        return
    if isinstance(value, list | dict):
        entries = list(value.values()) if isinstance(value, dict) else value
        rows = [entry for entry in entries if isinstance(entry, dict)]
        if entries and len(rows) == len(entries) and _alike(rows, keyed=isinstance(value, dict)):
            inner = _inner(rows)
            if inner is not None:
                number = sum(len(part) for row in rows if isinstance(part := row.get(inner), list))
                yield (*path, "*", inner, "*"), number
            else:
                yield (*path, "*"), len(rows)
            return
    if isinstance(value, dict):
        nested = [part for part in value.values() if isinstance(part, list | dict)]
        found = [list(_tables(part, (*path, "*"))) for part in nested]
        if len(nested) == len(value) > 1 and all(found) and len({one[0] for each in found for one in each}) == 1:
            yield found[0][0][0], sum(one[1] for each in found for one in each)
            return
        for key, part in value.items():
            yield from _tables(part, (*path, key))


def _alike(rows: Sequence[dict[str, object]], *, keyed: bool) -> bool:
    """True if entries have most of their keys in common. keyed: in an object, where two at least must hold figures."""
    some = rows[:LOOKED_AT]
    times = Counter(key for row in some for key in row)
    often = {key for key, number in times.items() if number >= ALIKE * len(some)}
    if not often or sum(len(often & set(row)) >= ALIKE * len(row) for row in some) < 0.9 * len(some):
        return False
    return not keyed or (len(rows) > 1 and sum(_figures(row) > 0 for row in some) >= ALIKE * len(some))


def _inner(rows: Sequence[dict[str, object]]) -> str | None:
    """The one key under which entries have lists of objects: the votes of each sheet."""
    keys = Counter(
        key
        for row in rows[:LOOKED_AT]
        for key, part in row.items()
        if isinstance(part, list) and part and all(isinstance(one, dict) for one in part)
    )
    often = [key for key, number in keys.items() if number >= ALIKE * len(rows[:LOOKED_AT])]
    return often[0] if len(often) == 1 and "." not in often[0] else None


def _figures(value: dict[str, object]) -> int:
    """How many numbers an object holds, in objects inside it, too."""
    return sum(
        _figures(part) if isinstance(part, dict) else isinstance(part, int | float) and not isinstance(part, bool)
        for part in value.values()
    )


def _beside(file: str, path: str, others: Sequence[tuple[tuple[str, ...], int]]) -> Iterator[Question]:
    """Other tables in the document, which are not read."""
    for steps, number in others:
        other = ".".join(steps)
        text = f"{file}: {number:,} entries under {other!r} are not read beside those under {path!r}: are they results?"
        yield Question(about=other, text=text, choices=("they are not", "they are"), where=f"{file}, rows")


def _text(column: pl.Series) -> pl.Series:
    if column.dtype.is_float() and bool((column.drop_nulls() == column.drop_nulls().floor()).all()):
        return column.cast(pl.Int64).cast(pl.String)
    return column.cast(pl.String)


def _label(cells: pl.DataFrame, names: dict[str, str]) -> str | None:
    """The one text of the rows of a list inside each sheet that repeats in the others: whose votes they are."""
    if any(role_of(name) == "choice" for name in names.values()):
        return None
    able = [
        name
        for name in cells.columns
        if not name.startswith((UP, "@"))
        and not cells[name].drop_nulls().str.contains(r"^[\d.,]*$").any()
        and 1 < cells[name].n_unique() <= cells.height / 2
    ]
    return able[0] if len(able) == 1 and CHOICE not in names.values() else None


def _names(columns: Sequence[str]) -> dict[str, str]:
    """What each column is called here: without the keys that lead to it, where no other is called so."""
    bare = {name: _bare(name) for name in columns}
    times = Counter(bare.values())
    names = {name: own if times[own] == 1 and own else name for name, own in bare.items()}
    told = [name for name in (KEY, "@file", f"{UP}{KEY}") if name in names]
    if told and STATION not in names.values():
        names[told[0]] = STATION
    return names


def _bare(name: str) -> str:
    if name.startswith("@"):
        return name
    return name.rpartition("/")[2].rpartition(".")[2]
