"""Which columns of figures are the sum of others: the judge between readings of a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import polars as pl

ROWS = 3_000
"""Rows by which a sum is looked for; it is then held to all rows."""

HOLDS = 0.95
"""Share of rows in which a column must equal the sum of others to be their sum: some sheets have faults."""

FEW_ROWS = 8
"""With fewer rows any figure is soon the sum of some others: only all others, or columns in a row, are looked at."""

MOST_TRIED = 12
"""Columns among which every subset is tried."""


@dataclass(frozen=True, kw_only=True)
class SumFound:
    """A column that is the sum of others. rows: in how many of `compared` rows with a figure above 0."""

    total: str
    parts: tuple[str, ...]
    rows: int
    compared: int

    @property
    def words(self) -> str:
        """The evidence in words."""
        listed = ", ".join(self.parts[:4]) + (" ..." if len(self.parts) > 4 else "")
        return f"{self.total} = sum of {len(self.parts)} columns ({listed}) in {self.rows:,} of {self.compared:,} rows"


def agreement(total: np.ndarray, parts: Sequence[np.ndarray]) -> tuple[int, int]:
    """In how many rows the parts add up to the total, and how many rows have one above 0."""
    rows = total > 0
    whole = np.sum(np.stack([part[rows] for part in parts]), axis=0) if parts else np.zeros(int(rows.sum()))
    return int((whole == total[rows]).sum()), int(rows.sum())


def sum_found(total: str, others: Sequence[str], values: Mapping[str, np.ndarray]) -> SumFound | None:
    """The two or more of the others that add up to the total in nearly all rows; None if none do."""
    target = values[total]
    rows = np.flatnonzero(target > 0)
    if len(rows) < 2:
        return None
    tried = rows[:: max(1, len(rows) // ROWS)]
    aim = target[tried]
    names = [name for name in others if values[name][tried].any() and (values[name][tried] <= aim).mean() >= HOLDS]
    if len(names) < 2:
        return None
    table = np.column_stack([values[name][tried] for name in names])
    for chosen in _ways(table, aim):
        parts = [names[place] for place in chosen]
        if len(parts) < 2 or (table[:, list(chosen)].sum(axis=1) == aim).mean() < HOLDS:
            continue
        agree, compared = agreement(target, [values[name] for name in parts])
        if agree >= HOLDS * compared:
            return SumFound(total=total, parts=tuple(parts), rows=agree, compared=compared)
    return None


def _ways(table: np.ndarray, aim: np.ndarray) -> "list[tuple[int, ...]]":
    """Sets of columns that may add up to the aim, the likeliest first."""
    width = table.shape[1]
    ways: list[tuple[int, ...]] = [tuple(range(width))]
    before = np.concatenate([np.zeros((len(table), 1), dtype=np.int64), np.cumsum(table, axis=1)], axis=1)
    for first in range(width):
        shares = (before[:, first + 1 :] - before[:, [first]] == aim[:, None]).mean(axis=0)
        ways += [tuple(range(first, first + 1 + int(at))) for at in np.flatnonzero(shares >= HOLDS)]
    if len(aim) < FEW_ROWS:
        return ways
    # A sum of independent columns shows in the coefficients: 1 where a column is a part, 0 where it is none.
    found, *_ = np.linalg.lstsq(table.astype(float), aim.astype(float), rcond=None)
    whole = np.rint(found)
    if np.abs(found - whole).max() < 0.2 and set(whole.tolist()) <= {0.0, 1.0}:
        ways.append(tuple(int(place) for place in np.flatnonzero(whole)))
    if width <= MOST_TRIED:
        few, short = table[:FEW_ROWS], aim[:FEW_ROWS]
        ways += [
            chosen
            for size in range(2, width)
            for chosen in combinations(range(width), size)
            if (few[:, list(chosen)].sum(axis=1) == short).mean() >= HOLDS
        ]
    return ways


def totals_among(names: Sequence[str], values: Mapping[str, np.ndarray]) -> list[SumFound]:
    """Every column that is the sum of others, the smallest first; one that is a sum is no part of another."""
    found: list[SumFound] = []
    order = sorted(names, key=lambda name: int(values[name].sum()))
    for number, name in enumerate(order):
        known = {one.total for one in found}
        smaller = set(order[:number]) - known
        one = sum_found(name, [other for other in names if other in smaller], values)
        if one is not None:
            found.append(one)
    return found


def arrays(figures: Mapping[str, pl.Series], names: Sequence[str]) -> dict[str, np.ndarray]:
    """The columns as whole numbers; an absent figure is 0 here."""
    return {name: figures[name].fill_null(0).to_numpy() for name in names}
