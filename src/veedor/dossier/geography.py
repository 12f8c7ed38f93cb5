"""Stations in the order of their places, and every place as a range of stations.

Stations are sorted by their full path, so that a place at any level is one unbroken range `[start, start + size)` and
its totals are differences of running sums. Place 0 is the whole election.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from veedor.election import Contest, Election
from veedor.sheets import in_totals, other_columns, vote_columns

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Geography:
    """stations: one row each (`station`, levels as text, `latitude`, `longitude`), in the dossier's order.

    level[place]: -1 for the whole, else the level's position; parent, start, size: int[place]; name: str[place].
    """

    stations: pl.DataFrame
    level: Ints
    parent: Ints
    start: Ints
    size: Ints
    name: tuple[str, ...]

    def path(self, place: int) -> tuple[str, ...]:
        """Names from the broadest level down to the place; empty for the whole."""
        names: list[str] = []
        while place > 0:
            names.append(self.name[place])
            place = int(self.parent[place])
        return tuple(reversed(names))

    def finest(self) -> Ints:
        """int[station]: the place at the deepest level that holds the station."""
        last = int(self.level.max())
        places = np.flatnonzero(self.level == last)
        return np.repeat(places, self.size[places])


def geography_of(election: Election, main: pl.DataFrame, others: Sequence[pl.DataFrame]) -> Geography:
    """Every station that any table holds; where tables differ about its place, `main` is followed, then the last."""
    stations = _stations(election.level_ids, [main, *others])
    size = stations.height
    level, parent, start, sizes = [np.array([-1])], [np.array([-1])], [np.array([0])], [np.array([size])]
    names = [""]
    above, offset = np.zeros(size, dtype=np.int64), 0
    changed = np.zeros(size, dtype=np.bool_)
    if size:
        changed[0] = True
    for depth, column in enumerate(election.level_ids):
        values = stations[column]
        # A place begins with every place around it, too: two towns of one name in neighbouring provinces stay two.
        changed = changed | (values != values.shift(1)).fill_null(True).to_numpy()
        first = np.flatnonzero(changed)
        offset += len(parent[-1])
        level.append(np.full(len(first), depth))
        parent.append(above[first])
        start.append(first)
        sizes.append(np.diff(first, append=size))
        names += values.gather(first).to_list()
        above = offset + np.cumsum(changed) - 1
    return Geography(
        stations=stations,
        level=np.concatenate(level),
        parent=np.concatenate(parent),
        start=np.concatenate(start),
        size=np.concatenate(sizes),
        name=tuple(names),
    )


def _stations(levels: Sequence[str], tables: Sequence[pl.DataFrame]) -> pl.DataFrame:
    columns = [pl.col("station"), *(pl.col(level).cast(pl.String).fill_null("") for level in levels)]
    place = [pl.col("latitude"), pl.col("longitude")]
    known = pl.concat([table.select(*columns, *place) for table in tables])
    located = known.filter(pl.col("latitude").is_not_null() & pl.col("longitude").is_not_null())
    union = known.drop("latitude", "longitude").unique(subset="station", keep="first", maintain_order=True)
    where = located.select("station", *place).unique(subset="station", keep="first", maintain_order=True)
    number = pl.col("station").cast(pl.Int64, strict=False).alias("number")
    joined = union.join(where, on="station", how="left", maintain_order="left").with_columns(number)
    return joined.sort(*levels, "number", "station", nulls_last=True).drop("number")


@dataclass(frozen=True, kw_only=True)
class Totals:
    """Of each place: int[place] each, votes int[choice, place]. Only sheets in the totals count.

    other: other ballots that were cast, all of them together.
    """

    sheets: Ints
    registered: Ints
    blank: Ints
    null: Ints
    other: Ints
    votes: Ints


def totals_of(geography: Geography, contest: Contest, table: pl.DataFrame) -> Totals:
    """Totals of a sheet table for every place."""
    numbers = _aligned(geography, contest, table)
    running = np.concatenate([np.zeros((len(numbers), 1), dtype=np.int64), np.cumsum(numbers, axis=1)], axis=1)
    sums = running[:, geography.start + geography.size] - running[:, geography.start]
    return Totals(sheets=sums[0], registered=sums[1], blank=sums[2], null=sums[3], other=sums[4], votes=sums[5:])


def figures_by_station(geography: Geography, contest: Contest, table: pl.DataFrame) -> dict[str, Ints]:
    """Figures by name, int[station] each, and `votes` int[choice, station]; 0 where not counted."""
    numbers = _aligned(geography, contest, table)
    return {
        "sheets": numbers[0],
        "registered": numbers[1],
        "blank": numbers[2],
        "null": numbers[3],
        "other": numbers[4],
        "votes": numbers[5:],
    }


def _aligned(geography: Geography, contest: Contest, table: pl.DataFrame) -> Ints:
    """int[figure, station]: whether counted, registered, blank, null, other ballots cast, votes of each choice."""
    figures = ["registered", "blank", "null", "other", *vote_columns(contest)]
    other = pl.sum_horizontal(pl.lit(0, dtype=pl.Int64), *other_columns(contest, of_cast=True)).alias("other")
    sheets = pl.lit(1, dtype=pl.Int64).alias("sheets")
    rows = table.filter(in_totals()).with_columns(other, sheets).select("station", *figures, "sheets")
    aligned = geography.stations.select("station").join(rows, on="station", how="left", maintain_order="left")
    return aligned.select("sheets", *figures).fill_null(0).to_numpy().astype(np.int64).T
