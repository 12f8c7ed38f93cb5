"""Which columns of an unknown file hold votes: those that sum to the valid votes, or else the figures that are left."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import polars as pl

from veedor.draft.vocabulary import number_at_end, plain_words, slug

SAMPLE = 5_000
"""Rows by which sums are tried."""

MOST = 400
"""Columns among which a sum is looked for."""

ENOUGH = 0.5
"""Share of rows in which votes must sum to the valid votes: sheets with arithmetic faults are what checks look for."""


MOST_OTHERS = 3
"""Columns of ballots that are no valid votes beside those that are: blank, null, contested."""

MOST_UNNAMED, SAMPLE_UNNAMED = 60, 500
SHARE = r"^\s*-?[0-9]{0,3}([.,][0-9]+)?\s*[%٪]?\s*$"

SURE = 0.9
"""The same where no name says which column is the sum."""


@dataclass(frozen=True, kw_only=True)
class VoteGuess:
    """One choice: its id, name, and column, or the columns of the parties that put it up together."""

    id: str
    name: str
    columns: tuple[str, ...]
    why: str = ""


def votes_by_sum(
    cells: pl.DataFrame, pool: Sequence[str], figures: Mapping[str, pl.Series], single: Mapping[str, str]
) -> tuple[tuple[VoteGuess, ...], str]:
    """The choices that the sheets' own sums speak for, and why; none if no columns do.

    pool: columns of figures, in the file's order. Their names do not matter: candidates are called Mesa and Blanco.
    """
    for names in (pool[:MOST], *_families(pool)):
        found, why = _by_sum(names, figures, single) if names else ([], "")
        if found:
            return votes_named(cells, found), why
    return (), ""


def votes_by_any_sum(
    cells: pl.DataFrame, pool: Sequence[str], figures: Mapping[str, pl.Series]
) -> tuple[tuple[VoteGuess, ...], str, str]:
    """Where no name says what is what: the most columns in a row whose sum is another column; why; and that column.

    Of those and the columns among them the smallest sum: what is cast is the valid votes and blank and null ones.
    """
    names = list(pool[:MOST_UNNAMED])
    sums = {name: figures[name].fill_null(0).to_numpy() for name in names}
    found: list[tuple[list[str], str]] = []
    for target in names:
        rest = [name for name in names if name != target]
        rows = np.flatnonzero(sums[target] > 0)
        if len(rest) < 2 or len(rows) == 0:
            continue
        tried = rows[:: max(1, len(rows) // SAMPLE_UNNAMED)]
        first, last, share = _best_run(np.column_stack([sums[name][tried] for name in rest]), sums[target][tried])
        run = rest[first:last]
        if share >= SURE and len(run) > 1 and all(sums[name].any() for name in run):
            found.append((run, target))
    if not found:
        return (), "", ""
    most = max(found, key=lambda one: len(one[0]))[0]
    inner = [one for one in found if set(one[0]) <= set(most) and len(one[0]) >= len(most) - MOST_OTHERS]
    run, total = min(inner, key=lambda one: float(sums[one[1]].sum()))
    return votes_named(cells, run), f"the sum of these is the column {total!r}; TODO is it the valid votes?", total


def total_among(pool: Sequence[str], figures: Mapping[str, pl.Series], single: Mapping[str, str]) -> tuple[str, str]:
    """The column of the pool that is the sum of all others (and of blank and null votes), and how it is; else "", "".

    With two others at least: a choice that has as many votes as the only other one is no sum.
    """
    parts = [role for role in ("blank", "null") if role in single]
    ways = [tuple(part for part, taken in zip(parts, bits, strict=True) if taken) for bits in _bits(len(parts))]
    values = {name: figures[name].fill_null(0).to_numpy() for name in [*pool, *(single[role] for role in parts)]}
    whole = sum((values[name] for name in pool), np.int64(0))
    for name in pool if len(pool) > 2 else ():
        for way in ways:
            spare = sum((values[single[role]] for role in way), np.int64(0))
            rows = values[name] > 0
            if rows.any() and (2 * values[name] == whole + spare)[rows].mean() >= SURE:
                named = " and ".join(repr(single[role]) for role in way)
                return name, f"the sum of the votes and {named}" if way else ""
    return "", ""


def _bits(number: int) -> list[tuple[bool, ...]]:
    """All ways of taking some of so many things, most of them first."""
    return list(product((True, False), repeat=number))


def votes_by_place(
    cells: pl.DataFrame, pool: Sequence[str], figures: Mapping[str, pl.Series], single: Mapping[str, str]
) -> tuple[tuple[VoteGuess, ...], str]:
    """Without sums: the columns of figures that are nothing else, and why."""
    if not pool:
        return (), ""
    names, why = _by_place(cells, pool, figures, single)
    return votes_named(cells, names), why


def _families(pool: Sequence[str]) -> list[list[str]]:
    """Columns numbered alike: `Voix 1`, `Voix 2` among others."""
    stems: dict[str, list[str]] = {}
    for name in pool:
        stems.setdefault(name.removesuffix(number_at_end(name)), []).append(name)
    return [names for names in stems.values() if len(names) > 1]


def _by_sum(pool: Sequence[str], figures: Mapping[str, pl.Series], single: Mapping[str, str]) -> tuple[list[str], str]:
    """The run of columns whose sum is the valid votes (or the ballots cast less blank and null) most often."""
    sums = {name: figures[name].fill_null(0).to_numpy() for name in [*pool, *single.values()]}
    targets: list[tuple[str, np.ndarray]] = []
    spare = sum((sums[single[role]] for role in ("blank", "null") if role in single), 0)
    if "valid" in single:
        targets.append((f"the column {single['valid']!r}", sums[single["valid"]]))
    if "cast" in single:
        parts = "".join(f" less {single[role]!r}" for role in ("blank", "null") if role in single)
        targets.append((f"the column {single['cast']!r}{parts}", sums[single["cast"]] - spare))
        targets.append((f"the column {single['cast']!r}", sums[single["cast"]]))
    for label, target in targets:
        rows = np.flatnonzero(target > 0)
        if len(rows) == 0:
            continue
        tried = rows[:: max(1, len(rows) // SAMPLE)]
        first, last, share = _best_run(np.column_stack([sums[name][tried] for name in pool]), target[tried])
        if share >= ENOUGH:
            names = list(pool[first:last])
            while len(names) > 2 and not sums[names[0]].any():
                names.pop(0)  # an empty column before the first choice is mostly a code
            agree = int(np.equal(sum(sums[name] for name in names), target).sum())
            return names, f"the sum of these is {label} in {agree:,} of {len(target):,} rows"
    return [], ""


def _best_run(columns: np.ndarray, target: np.ndarray) -> tuple[int, int, float]:
    """First and last (exclusive) of the columns in a row that sum to the target in most rows; of equals the longest."""
    before = np.concatenate([np.zeros((len(columns), 1), dtype=np.int64), np.cumsum(columns, axis=1)], axis=1)
    best = (0.0, 0, 0, 0)
    for first in range(columns.shape[1]):
        agree = (before[:, first + 1 :] - before[:, [first]] == target[:, None]).mean(axis=0)
        for offset, share in enumerate(agree):
            best = max(best, (float(share), offset + 1, first, first + 1 + offset))
    return best[2], best[3], best[0]


def _by_place(
    cells: pl.DataFrame, pool: Sequence[str], figures: Mapping[str, pl.Series], single: Mapping[str, str]
) -> tuple[list[str], str]:
    """All figures that are left, from the first figure of the sheet on, where there is one to the left of them."""
    order = {name: index for index, name in enumerate(cells.columns)}
    texts = [order[name] for name in cells.columns if name not in figures and not _is_share(cells[name])]
    last_text = max((place for place in texts if place < order[pool[-1]]), default=-1)
    names = [name for name in pool if order[name] > last_text]
    names = names if len(names) > 1 else list(pool)  # one figure after a text is the text's, as the votes of a winner
    registered = single.get("registered")
    why = "figures that are nothing else"
    if registered is not None:
        most = figures[registered].fill_null(0).to_numpy()
        total = sum((figures[name].fill_null(0).to_numpy() for name in names), np.int64(0))
        fits = int((total <= most).sum())
        why += f"; their sum is within the registered voters in {fits:,} of {len(most):,} rows"
    return names, why


def _is_share(cells: pl.Series) -> bool:
    """Whether a column holds shares of votes, which stand among them and end no row of places."""
    texts = cells.drop_nulls()
    return len(texts) > 0 and bool(texts.str.contains(SHARE).mean() == 1)


def votes_named(cells: pl.DataFrame, names: Sequence[str]) -> tuple[VoteGuess, ...]:
    """The choices of these columns, with the parties that put one up together in one."""
    taken: set[str] = {"count", "snapshot", "station", "registered", "blank", "null", "valid", "cast", "status"}
    found: list[VoteGuess] = []
    for group in _coalitions(names):
        label = "-".join(part for part in group if not _parts_of(part, set(names))) if len(group) > 1 else group[0]
        name = _name_beside(cells, group[0]) or (" + ".join(label.split("-")) if len(group) > 1 else group[0])
        why = "the names of these columns join one another: one choice of several parties" if len(group) > 1 else ""
        identifier = slug(label if name == group[0] or len(group) > 1 else name, taken, f"choice-{len(found) + 1}")
        found.append(VoteGuess(id=identifier, name=" ".join(name.split()), columns=tuple(group), why=why))
    return tuple(found)


def _coalitions(names: Sequence[str]) -> list[list[str]]:
    """Columns grouped: PAN, PRI and PAN_PRI belong together, because the third names the first two."""
    known = set(names)
    group = {name: {name} for name in names}
    for name in names:
        for part in _parts_of(name, known):
            merged = group[name] | group[part]
            for member in merged:
                group[member] = merged
    done: list[list[str]] = []
    for name in names:
        if not any(name in members for members in done):
            done.append([member for member in names if member in group[name]])
    return done


def _parts_of(name: str, known: set[str]) -> list[str]:
    """The columns that a column's name joins, if all its parts are columns; `NVA_ALIANZA` may be one of them."""
    marks = [match.span() for match in re.finditer(r"[_\-/+]", name)]
    ends = [*(first for first, _ in marks), len(name)]
    parts: list[str] = []
    start = 0
    while start < len(name):
        texts = ((name[start:end].strip(), end) for end in reversed(ends) if end > start)
        part, end = next(((text, end) for text, end in texts if text in known and text != name), ("", 0))
        if not part:
            return []
        parts.append(part)
        start = end + 1
    return parts if len(parts) > 1 else []


def _name_beside(cells: pl.DataFrame, column: str) -> str | None:
    """For `Voix 3` the one text of `Nom candidat 3`, where a column of that number holds a name."""
    number = number_at_end(column)
    if not number:
        return None
    for name in cells.columns:
        words = plain_words(name)
        if (
            name != column
            and number_at_end(name) == number != name
            and re.search(r"nom|name|nombre|liste|candidat", words)
        ):
            texts = cells[name].drop_nulls().unique()
            if len(texts) == 1 and not str(texts[0]).isdigit():
                return str(texts[0])
    return None
