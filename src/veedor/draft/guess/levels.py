"""Which columns of an unknown file are places, and which place holds which: the broader has fewer names."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from veedor.draft.vocabulary import LEVELS, is_code, level_of, plain_words, slug

MOST = 24
"""Columns that are looked at as places."""

RATHER = 0.8
"""Share of rows in which a narrower place must lie in its usual broader place, for a column whose name says a place."""

SURELY = 0.95
"""The same for a column whose name says nothing."""


@dataclass(frozen=True, kw_only=True)
class LevelGuess:
    """One level: its id, names, column, and the evidence."""

    id: str
    en: str
    es: str
    column: str
    why: str


def levels_in(
    cells: pl.DataFrame,
    station: Collection[str],
    taken: Collection[str],
    figures: Collection[str],
    roles: Mapping[str, str],
) -> tuple[LevelGuess, ...]:
    """The levels, broadest first. roles: columns that are something else by name and content are in `taken`."""
    names = [name for name in cells.columns if name not in taken and name not in station]
    texts = [name for name in names if name not in figures and roles.get(name) not in ("station", "choice", "arrived")]
    by_level: dict[str, str] = {}
    for name in sorted([*texts, *(name for name in names if name in figures)], key=lambda name: _rank(name, figures)):
        level = level_of(name)
        if level is not None and level not in by_level and (name in texts or _is_code_place(name, cells)):
            by_level[level] = name
    if sum(name in texts for name in by_level.values()) >= 2:
        # Numbers beside names are mostly codes within the place above: the third municipality of a province.
        by_level = {level: name for level, name in by_level.items() if name in texts}
    named = {name: level for level, name in by_level.items()}
    last = max((cells.columns.index(name) for name in named), default=len(texts))
    unnamed = [name for name in texts if level_of(name) is None and not is_code(name)]
    unnamed = [name for name in unnamed if cells.columns.index(name) < last and roles.get(name) is None]
    candidates = [*named, *(name for name in unnamed if 2 <= cells[name].n_unique() <= cells.height / 3)]
    candidates = [name for name in candidates if _is_place(cells, name, name in named)]
    ordered = sorted(
        candidates[:MOST],
        key=lambda name: (named.get(name) == "precinct", cells[name].n_unique(), cells.columns.index(name)),
    )
    kept = _longest_chain(cells, ordered, named)
    return tuple(_level(cells, kept, named))


def _longest_chain(cells: pl.DataFrame, ordered: Sequence[str], named: Mapping[str, str]) -> list[tuple[str, float]]:
    """Of columns from few names to many the longest row in which each lies in the one before; the share beside it.

    Polling places are taken as they are: in every town there is a School No. 1.
    """
    best: dict[str, tuple[float, list[tuple[str, float]]]] = {}
    for index, name in enumerate(ordered):
        best[name] = (1.0 if name in named else 0.5, [(name, 1.0)])
        for broad in ordered[:index]:
            share = within(cells, name, broad)
            score, chain = best[broad]
            enough = 0.0 if named.get(name) == "precinct" else RATHER if name in named else SURELY
            if share >= enough and score + share > best[name][0]:
                best[name] = (score + share, [*chain, (name, share)])
    return max(best.values(), default=(0.0, []), key=lambda found: found[0])[1]


def _rank(name: str, figures: Collection[str]) -> tuple[bool, bool]:
    """Names before codes, texts before numbers."""
    return is_code(name), name in figures


def _is_code_place(name: str, cells: pl.DataFrame) -> bool:
    """True if a column of numbers may stand for places: one that has a name for places and repeats them."""
    return level_of(name) is not None and 2 <= cells[name].n_unique() <= cells.height / 2


def _is_place(cells: pl.DataFrame, name: str, named: bool) -> bool:
    distinct = cells[name].n_unique()
    known = 1 - cells[name].null_count() / max(1, cells.height)
    return known >= 0.5 and distinct >= 1 and (named or known == 1) and (distinct < cells.height or cells.height < 20)


def within(cells: pl.DataFrame, narrow: str, broad: str) -> float:
    """Share of rows in which the narrow place lies in the broad place where most of its rows lie."""
    if narrow == broad:
        return 1.0
    pairs = cells.select(pl.col(narrow).alias("narrow"), pl.col(broad).alias("broad")).drop_nulls()
    if pairs.is_empty():
        return 0.0
    most = pairs.group_by("narrow", "broad").len().group_by("narrow").agg(pl.col("len").max())
    return int(most["len"].sum()) / pairs.height


def _level(cells: pl.DataFrame, kept: Sequence[tuple[str, float]], named: Mapping[str, str]) -> list[LevelGuess]:
    found = []
    taken: set[str] = {"count", "snapshot", "station", "registered", "blank", "null", "valid", "cast", "status"}
    for index, (name, share) in enumerate(kept):
        level = named.get(name)
        why = f"{cells[name].n_unique():,} names"
        if index:
            broad = kept[index - 1][0]
            why += f"; in {share:.1%} of the rows each lies in one {broad!r}"
        if level is None:
            identifier = slug(plain_words(name).replace(" ", "-"), taken, f"level-{index + 1}")
            found.append(LevelGuess(id=identifier, en=name, es=name, column=name, why=why))
        else:
            taken.add(level)
            _, english, spanish = LEVELS[level]
            found.append(LevelGuess(id=level, en=english, es=spanish, column=name, why=why))
    return found
