"""The stations of one count as arrays: what every forensic method looks at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veedor.election import Contest, Election, Plurality
from veedor.sheets import columns_absent, in_totals, unused_columns, vote_columns
from veedor.sheets.stations.identifiers import is_whole_place

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Stations:
    """Whole numbers by station, in the table's order.

    registered: 0 where the sheet has none; votes: int[station, choice]; empty: blank and null ballots.
    turned_out: voters who took part: ballots cast as printed (or issued) where the sheet says, else as computed.
    leader: column of the choice with the most votes; places: for each level, broadest first, a dense code per station.
    where: float[station, 2], longitude and latitude in degrees, NaN where unknown; None where no station has any.
    left_out: sheets that are not among them because they lack a figure. whole_places: sheets that are not among them
      because they are the totals of a place whose stations are not published.
    of: what the contest's rule takes shares of.
    """

    names: tuple[str, ...]
    choices: tuple[str, ...]
    registered: Ints
    votes: Ints
    empty: Ints
    turned_out: Ints
    leader: int
    levels: tuple[str, ...]
    places: tuple[Ints, ...]
    where: Floats | None = None
    left_out: int = 0
    whole_places: int = 0
    of: Literal["valid", "cast"] = "cast"

    @property
    def whole(self) -> Ints:
        """What the rule takes shares of: valid votes, or ballots cast."""
        return self.valid if self.of == "valid" else self.cast

    @property
    def valid(self) -> Ints:
        """Valid votes: the sum of the choices'."""
        total: Ints = self.votes.sum(axis=1)
        return total

    @property
    def cast(self) -> Ints:
        """Ballots cast: valid, blank and null."""
        total: Ints = self.valid + self.empty
        return total

    @property
    def leading(self) -> Ints:
        """The leader's votes."""
        column: Ints = self.votes[:, self.leader]
        return column

    @property
    def usable(self) -> Flags:
        """Stations with a roll, valid votes, and no more ballots than voters on it."""
        return (self.registered > 0) & (self.valid > 0) & (self.turned_out > 0) & (self.turned_out <= self.registered)

    @property
    def down_to_finest(self) -> tuple[Ints, ...]:
        """Codes of each level from the broadest to the finest that groups stations: fewer places than stations."""
        for depth in range(len(self.places), 0, -1):
            codes = self.places[depth - 1]
            if codes.size and 2 * (int(codes.max()) + 1) <= codes.size:
                return self.places[:depth]
        return ()

    @property
    def finest(self) -> Ints:
        """The last of `down_to_finest`; all stations in one place where no level groups them."""
        nested = self.down_to_finest
        return nested[-1] if nested else np.zeros(len(self.names), dtype=np.int64)


def stations_of(table: pl.DataFrame, election: Election, contest: Contest) -> Stations:
    """The sheets of a table that are in the totals and lack no figure that the table's sheets give.

    Totals of places whose stations are not published (`if_empty`) are none. A sheet that lacks a figure is left out: as
    a 0 it would be a digit, a share and a row that nobody wrote.
    """
    in_all, whole = table.filter(in_totals()), is_whole_place(election)
    counted = in_all if whole is None else in_all.filter(~whole)
    lacking = columns_absent(counted, contest)
    rows = counted.filter(~pl.any_horizontal(pl.col(name).is_null() for name in lacking)) if lacking else counted
    votes = rows.select(pl.col(name).fill_null(0) for name in vote_columns(contest)).to_numpy().astype(np.int64)
    empty = rows.select(pl.sum_horizontal(*unused_columns(contest)).cast(pl.Int64)).to_series().to_numpy()
    return Stations(
        names=tuple(rows["station"].to_list()),
        choices=contest.choice_ids,
        registered=rows["registered"].fill_null(0).to_numpy().astype(np.int64),
        votes=np.ascontiguousarray(votes),
        empty=empty.astype(np.int64),
        turned_out=rows["cast"].fill_null(pl.Series(votes.sum(axis=1) + empty)).to_numpy().astype(np.int64),
        leader=int(votes.sum(axis=0).argmax()) if rows.height else 0,
        levels=election.level_ids,
        places=_places(rows, election.level_ids),
        where=_where(rows),
        left_out=counted.height - rows.height,
        whole_places=in_all.height - counted.height,
        of="valid" if isinstance(contest.rule, Plurality) else contest.rule.of,
    )


def _where(rows: pl.DataFrame) -> Floats | None:
    degrees = rows.select(pl.col("longitude", "latitude").cast(pl.Float64).fill_null(float("nan"))).to_numpy()
    return degrees if np.isfinite(degrees).all(axis=1).any() else None


def _places(rows: pl.DataFrame, levels: Sequence[str]) -> tuple[Ints, ...]:
    outer = np.zeros(rows.height, dtype=np.int64)
    found = []
    for level in levels:
        within = rows.select(pl.col(level).cast(pl.String).fill_null("").rank("dense")).to_series().to_numpy()
        pairs = outer * (int(within.max(initial=0)) + 1) + within.astype(np.int64)
        outer = np.unique(pairs, return_inverse=True)[1].astype(np.int64)
        found.append(outer)
    return tuple(found)
