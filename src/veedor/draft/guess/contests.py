"""The contests of a file: the column that tells them apart, and the one that is taken."""

import re
from collections.abc import Sequence

import polars as pl

from veedor.draft.guess.found import ContestGuess
from veedor.draft.guess.long import labels_in, special_of
from veedor.draft.guess.same_twice import MOST_CONTESTS
from veedor.draft.vocabulary import BALLOTS, PRESIDENT, level_of, plain_words, role_of


def one_contest(cells: pl.DataFrame) -> tuple[pl.DataFrame, ContestGuess | None]:
    """The rows of one contest, and which that is; all rows and None where there is one contest only."""
    named = [
        name
        for name in cells.columns
        if role_of(name) == "contest" or re.search(BALLOTS, plain_words(name)) is not None
    ]
    for name in named:
        if (found := _contest_of(cells, name)) is not None:
            return cells.filter(pl.col(name) == found.value), found
    beside = _contest_beside(cells)
    found = _contest_of(cells, beside) if beside is not None else None
    return (cells, None) if found is None else (cells.filter(pl.col(found.column) == found.value), found)


def _contest_of(cells: pl.DataFrame, name: str) -> ContestGuess | None:
    """The contest that is taken of those that a column tells apart; None where it tells none."""
    counts = cells[name].drop_nulls().value_counts(sort=True)
    words = [str(word) for word in counts[name]]
    if not 2 <= len(words) <= MOST_CONTESTS or all(word.isdigit() for word in words):
        return None
    value = next((word for word in words if re.search(PRESIDENT, plain_words(word))), words[0])
    rows = int(counts.filter(pl.col(name) == value)["count"][0])
    why = f"{len(words)} contests; this one has {rows:,} of {cells.height:,} rows"
    others = tuple(word for word in words if word != value)
    return ContestGuess(column=name, value=value, others=others, why=why)


def _contest_beside(cells: pl.DataFrame) -> str | None:
    """A column of few words without which the stations repeat, and with which they do not."""
    stations = [name for name in cells.columns if role_of(name) == "station" and cells[name].n_unique() < cells.height]
    rolls = [name for name in cells.columns if role_of(name) == "registered"]
    for name in cells.columns:
        if role_of(name) in ("choice", "votes", "status", "station") or len(special_of(labels_in(cells, name))[0]) >= 2:
            continue
        few = 2 <= cells[name].n_unique() <= 12 and cells[name].null_count() == 0 and level_of(name) is None
        words = few and not cells[name].str.contains(r"^[0-9.,]+$").any()
        if words and any(_crossed(cells, station, name, rolls) for station in stations):
            return name
    return None


def _crossed(cells: pl.DataFrame, station: str, name: str, rolls: Sequence[str]) -> bool:
    """True if each station has a row for each word, with the same roll: a place would have stations of its own."""
    own = cells[station].n_unique()
    if any(cells.select(station, roll).n_unique() > own for roll in rolls):
        return False
    return cells.height >= 0.8 * own * cells[name].n_unique() and cells.select(station, name).is_unique().all()
