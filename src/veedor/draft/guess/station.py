"""Which column, or which columns together, tell the polling stations of an unknown file apart."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import polars as pl

from veedor.draft.vocabulary import is_code, level_of

MOST_JOINED = 4
MOST_EMPTY = 0.1
"""Share of the rows in which the column of stations may be empty and still tell the others apart."""

FEW_REPEATED = 0.001
"""Share of the rows that may repeat a station of another row, for the columns to be what tells stations apart."""

TRIED_FIRST = 20_000
"""Rows in which columns must be unique before all rows are looked at."""


@dataclass(frozen=True, kw_only=True)
class StationGuess:
    """The columns (one, or several joined), the evidence, and how many rows repeat a station of an earlier row.

    empty: a column of the join that is empty in a few rows: totals of places without their stations.
    """

    columns: tuple[str, ...]
    why: str
    repeated: int
    stations: int
    empty: str | None = None


def station_in(
    cells: pl.DataFrame,
    roles: Mapping[str, str],
    figures: Collection[str],
    taken: Collection[str],
    choice: tuple[str, ...],
) -> StationGuess | None:
    """The best identifier. choice: in a long file, the column that tells the rows of one station apart."""
    choice = tuple(dict.fromkeys(choice))
    names = [name for name in cells.columns if name not in taken and cells[name].null_count() == 0]
    named = any(roles.get(name) == "station" for name in names)
    before = set() if named else _before_figures(cells.columns, taken, roles)
    able = [
        name
        for name in names
        if roles.get(name) == "station" or is_code(name) or level_of(name) or name not in figures or name in before
    ]
    rows = cells.height
    ranked = sorted(able, key=lambda name: (roles.get(name) != "station", not is_code(name), able.index(name)))
    if not ranked:
        return None
    beside = f"with {' and '.join(map(repr, choice))} " if choice else ""
    first = cells.head(TRIED_FIRST)
    for columns in _ways(cells, ranked, roles):
        if _distinct(first, [*columns, *choice]) < first.height:
            continue
        if _distinct(cells, [*columns, *choice]) == rows:
            stations = _distinct(cells, columns)
            joined = f"{' and '.join(map(repr, columns))} together are " if len(columns) > 1 else ""
            more = f" ({stations:,} stations)" if choice else ""
            why = f"{joined}{beside}unique in all {rows:,} rows{more}"
            return StationGuess(columns=columns, why=why, repeated=0, stations=stations)
    if (known := _where_known(cells, roles, figures, taken, choice)) is not None:
        return known
    if (nearly := _nearly(cells, list(_ways(cells, ranked, roles)), choice)) is not None:
        return nearly
    best = max(ranked, key=lambda name: (roles.get(name) == "station", cells[name].n_unique()))
    repeated = rows - _distinct(cells, [best, *choice])
    why = f"{best!r} repeats in {repeated:,} of {rows:,} rows"
    return StationGuess(columns=(best,), why=why, repeated=repeated, stations=cells[best].n_unique())


def _where_known(
    cells: pl.DataFrame,
    roles: Mapping[str, str],
    figures: Collection[str],
    taken: Collection[str],
    choice: tuple[str, ...],
) -> StationGuess | None:
    """The identifier of all rows but the few in which a station's column is empty: totals of a whole place, mostly."""
    for name in cells.columns:
        empty = cells[name].null_count()
        if roles.get(name) != "station" or name in taken or not 0 < empty <= MOST_EMPTY * cells.height:
            continue
        found = station_in(cells.filter(pl.col(name).is_not_null()), roles, figures, taken, choice)
        if found is not None and not found.repeated and name in found.columns:
            why = f"{found.why}; in {empty:,} more {name!r} is empty: totals of a place, without its stations?"
            alone = _without_stations(cells, name, [column for column in found.columns if column != name])
            return replace(found, why=why, repeated=empty, empty=name if alone else None)
    return None


def _without_stations(cells: pl.DataFrame, name: str, places: Sequence[str]) -> bool:
    """True if the places of the rows in which the station is empty have no other rows: no part is counted twice."""
    if not places:
        return False
    own, others = cells.filter(pl.col(name).is_null()), cells.filter(pl.col(name).is_not_null())
    return own.join(others, on=list(places), how="semi").is_empty()


def _nearly(cells: pl.DataFrame, ways: Sequence[tuple[str, ...]], choice: tuple[str, ...]) -> StationGuess | None:
    """Columns that few rows repeat: a sheet that was copied twice, mostly. Of several ways the one with fewest."""
    most = cells.height * FEW_REPEATED
    first = cells.head(TRIED_FIRST)
    found = [
        (cells.height - _distinct(cells, [*columns, *choice]), columns)
        for columns in ways
        if first.height - _distinct(first, [*columns, *choice]) <= most
    ]
    repeated, columns = min(found, key=lambda one: one[0], default=(cells.height, ()))
    if not found or repeated > most:
        return None
    together = " together" if len(columns) > 1 else ""
    why = f"{' and '.join(map(repr, columns))}{together} are unique but for {repeated:,} of {cells.height:,} rows"
    return StationGuess(columns=columns, why=why, repeated=repeated, stations=_distinct(cells, columns))


def _before_figures(columns: Sequence[str], taken: Collection[str], roles: Mapping[str, str]) -> set[str]:
    """Columns to the left of the first figure of a sheet: votes are seldom there, identifiers mostly."""
    figures = ("registered", "blank", "null", "valid", "cast")
    places = [index for index, name in enumerate(columns) if roles.get(name) in figures]
    return set(columns[: min(places)] if places else columns[:3])


def _distinct(cells: pl.DataFrame, columns: Sequence[str]) -> int:
    if len(columns) == 1:
        return cells[columns[0]].n_unique()
    return _hashes(cells, columns).n_unique() if columns else 0


def _hashes(cells: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """A number for each row's texts, which takes a tenth of the memory of the texts of all columns side by side.

    That two of a million rows have one by chance is one in ten million; they are then taken for one station's.
    """
    return cells.select(columns).hash_rows(seed=1)


def _ways(cells: pl.DataFrame, ranked: Sequence[str], roles: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Ways to identify a station, the likeliest first: one column, then station columns with others before them."""
    yield from ((name,) for name in ranked)
    stations = [name for name in ranked if roles.get(name) == "station"] or sorted(
        ranked, key=lambda name: -cells[name].n_unique()
    )[:2]
    order = {name: index for index, name in enumerate(cells.columns)}
    apart = {name: cells[name].n_unique() for name in ranked}
    others = sorted((name for name in ranked if name not in stations and apart[name] > 1), key=apart.__getitem__)
    for size in range(2, MOST_JOINED + 1):
        for station in stations[:3]:
            beside = [name for name in stations[:3] if name != station]
            rest = [*beside, *others][: 14 if size == 2 else 9]
            for more in combinations(rest, size - 1):
                yield tuple(sorted((station, *more), key=order.__getitem__))
