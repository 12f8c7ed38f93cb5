"""Where stations lie, as numbers: one dense code per place and level, from the whole down to the finest level.

A place is known by its full path: bare names repeat (in Bolivia 2019, 5,296 precincts bear 4,814 names).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

Codes = NDArray[np.int64]

WHOLE = "whole"
"""The level above all: every station lies in it."""


@dataclass(frozen=True, kw_only=True)
class Places:
    """levels: WHOLE and the election's levels, broadest first; codes: for each level, int[station] from 0 to size - 1.

    Stations with the same code at a level have the same code at every broader one.
    """

    levels: tuple[str, ...]
    codes: tuple[Codes, ...]
    sizes: tuple[int, ...]

    @property
    def finest(self) -> int:
        """Index of the finest level."""
        return len(self.levels) - 1

    @cached_property
    def parents(self) -> tuple[Codes, ...]:
        """For each level, int[place], the place one level up; of the first level, none. They rise with the place."""
        above = [np.zeros(0, dtype=np.int64)]
        for outer, inner, size in zip(self.codes, self.codes[1:], self.sizes[1:], strict=False):
            parent = np.zeros(size, dtype=np.int64)
            parent[inner] = outer
            above.append(parent)
        return tuple(above)

    def around(self, depth: int) -> Codes:
        """int[finest place], the place of a broader level around each."""
        found = np.arange(self.sizes[-1])
        for level in range(self.finest, depth, -1):
            found = self.parents[level][found]
        return found


def places_of(table: pl.DataFrame, levels: Sequence[str]) -> Places:
    """The places of a sheet table's rows. levels: broadest first; a level that is null is a place of its own."""
    codes = [np.zeros(table.height, dtype=np.int64)]
    for level in levels:
        within = table.select(pl.col(level).cast(pl.String).fill_null("").rank("dense")).to_series().to_numpy()
        codes.append(_dense(codes[-1], within.astype(np.int64)))
    return Places(
        levels=(WHOLE, *levels),
        codes=tuple(codes),
        sizes=tuple(int(code.max(initial=-1)) + 1 for code in codes),
    )


def _dense(outer: Codes, inner: Codes) -> Codes:
    """Pairs of an outer and an inner number as numbers from 0 without gaps, ordered by the outer one first."""
    if not outer.size:
        return outer
    pairs = outer * (int(inner.max()) + 1) + inner
    dense: Codes = np.unique(pairs, return_inverse=True)[1].astype(np.int64)
    return dense
