"""An election cut in two by an interruption: the sheets counted before it, and those that were missing.

The *universe* is the count that says which sheets there are, where they lie, and what they finally held: it is named
in every result, since projecting to another universe answers another question.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veedor.count import Open, open_part, tally
from veedor.election import Contest, Election
from veedor.errors import VeedorError
from veedor.interruption.places import Places, places_of
from veedor.rim.terminal import one_line
from veedor.sheets import VOTES, in_totals, valid_votes

Votes = NDArray[np.int64]

GROUPS = ("first", "second", "other")
"""The three groups of valid votes: the leader's, the runner-up's, and all others'."""

UNUSED = ("blank", "null")
"""Ballots cast that are not valid votes."""


@dataclass(frozen=True, kw_only=True)
class Split:
    """The universe's stations, in its order, with what was counted at the cut.

    count, cut: the interrupted count and its last publication before the stop; universe: the id of the other count.
    first, second: the two choices with the most votes at the cut.
    station: string[station]; counted: bool[station], whether the sheet was published at the cut.
    at_cut: int[station, group], votes as published at the cut, 0 where missing; registered_at_cut: int[station].
    final: int[station, group] and registered: int[station], as the universe has them.
    unused_at_cut, unused: int[station, 2], blank and null ballots (see UNUSED), likewise.
    registered_unknown: stations for which neither count states registered voters; they are given the mean of others.
    figures_absent: figures that sheets counted at the cut, or the universe's, lack; they are taken as 0.
    differs: bool[station], counted at the cut with other votes of any choice, or other blank or null ballots.
    outside: int[group], votes of sheets counted at the cut that the universe does not know; sheets_outside: how many.
    open: what was open at the cut: the sheets missing then, with the valid votes that the universe has for them
      (`veedor.count.open_part`). Corrections of counted sheets are not in it.
    """

    election: Election
    contest: Contest
    count: str
    cut: dt.datetime
    universe: str
    first: str
    second: str
    station: pl.Series
    places: Places
    counted: NDArray[np.bool_]
    at_cut: Votes
    registered_at_cut: Votes
    final: Votes
    registered: Votes
    unused_at_cut: Votes
    unused: Votes
    registered_unknown: int
    figures_absent: int
    differs: NDArray[np.bool_]
    outside: Votes
    sheets_outside: int
    open: Open

    @cached_property
    def rows_at_cut(self) -> NDArray[np.float64]:
        """float[group, station], the votes as published at the cut, each group's side by side."""
        return np.ascontiguousarray(self.at_cut.T, dtype=np.float64)

    @property
    def missing(self) -> NDArray[np.bool_]:
        """bool[station]: not counted at the cut."""
        return ~self.counted

    @property
    def base(self) -> Votes:
        """int[group]: the votes counted at the cut."""
        return np.asarray(self.at_cut[self.counted].sum(axis=0) + self.outside)


def lead_of(votes: NDArray[np.int64] | NDArray[np.float64]) -> float:
    """First minus second as a fraction of valid votes; votes: [group] or [station, group] to be added up."""
    total = votes.reshape(-1, len(GROUPS)).sum(axis=0)
    valid = float(total.sum())
    return float(total[0] - total[1]) / valid if valid else float("nan")


def split_at(
    election: Election, contest: Contest, counted: pl.DataFrame, universe: pl.DataFrame, *, cut: dt.datetime
) -> Split:
    """Cut an election. counted: the interrupted count's sheet table at the cut; universe: the other count's table.

    Raises VeedorError where there is nothing to project: no sheet counted, none missing, no registered voters known.
    """
    counted, universe = counted.filter(in_totals()), universe.filter(in_totals())
    if counted.is_empty() or universe.is_empty():
        raise VeedorError("an interruption needs sheets on both sides: no sheet is in the totals of one of the counts")
    first, second = _two_leaders(counted, contest)
    before = _grouped(counted, contest, first, second)
    after = _grouped(universe, contest, first, second)
    # Every array of a split runs along the universe's stations, so that the join has to keep their order.
    joined = after.join(before, on="station", how="left", suffix=" at cut", maintain_order="left")
    outside = before.join(after.select("station"), on="station", how="anti")
    known = joined["first at cut"].is_not_null().to_numpy()
    if not known.any():
        one, other = one_line(counted["station"][0]), one_line(universe["station"][0])
        raise VeedorError(
            f"no station of {counted['count'][0]} at {cut.isoformat()} is in {universe['count'][0]}: "
            f"are the identifiers written alike? ({one!r} in one, {other!r} in the other)"
        )
    if known.all():
        raise VeedorError(f"no sheet of {universe['count'][0]} was missing at {cut.isoformat()}: nothing to project")
    registered_at_cut, registered, unknown = _registered(joined)
    base, whole = tally(counted, contest), tally(universe, contest)
    came = universe.join(counted.select("station"), on="station", how="anti").select(counted.columns)
    with_those = tally(pl.concat([counted, came]), contest)
    return Split(
        election=election,
        contest=contest,
        count=str(counted["count"][0]),
        cut=cut,
        universe=str(universe["count"][0]),
        first=first,
        second=second,
        station=universe["station"],
        places=places_of(universe, election.level_ids),
        counted=known,
        at_cut=_matrix(joined, [f"{group} at cut" for group in GROUPS]),
        registered_at_cut=registered_at_cut,
        final=_matrix(joined, GROUPS),
        registered=registered,
        unused_at_cut=_matrix(joined, [f"{kind} at cut" for kind in UNUSED]),
        unused=_matrix(joined, UNUSED),
        registered_unknown=unknown,
        figures_absent=base.absent.figures + whole.absent.figures,
        differs=_differs(counted, universe, contest),
        outside=_matrix(outside, GROUPS).sum(axis=0),
        sheets_outside=outside.height,
        open=open_part(contest, base, universe=with_those),
    )


def _differs(counted: pl.DataFrame, universe: pl.DataFrame, contest: Contest) -> NDArray[np.bool_]:
    figures = [*(VOTES + choice for choice in contest.choice_ids), *UNUSED]
    before = counted.select("station", *(pl.col(figure).alias(f"{figure} at cut") for figure in figures))
    both = universe.select("station", *figures).join(before, on="station", how="left", maintain_order="left")
    other = [(pl.col(figure) != pl.col(f"{figure} at cut")).fill_null(value=False) for figure in figures]
    return both.select(pl.any_horizontal(other)).to_series().to_numpy()


def _registered(joined: pl.DataFrame) -> tuple[Votes, Votes, int]:
    """Registered voters at the cut and in the universe: what one count does not state is taken from the other."""
    filled = joined.select(
        pl.coalesce("registered at cut", "registered").alias("cut"),
        pl.coalesce("registered", "registered at cut").alias("universe"),
    )
    mean = filled["universe"].mean()
    if not isinstance(mean, int | float) or mean <= 0:
        raise VeedorError(
            "projections scale by registered voters, and no sheet states them: name their column in the layout"
        )
    known = filled.select(pl.all().fill_null(round(mean)))
    unknown = filled["universe"].null_count()
    return known["cut"].to_numpy().astype(np.int64), known["universe"].to_numpy().astype(np.int64), unknown


def _two_leaders(table: pl.DataFrame, contest: Contest) -> tuple[str, str]:
    if len(contest.choices) < 2:
        raise VeedorError(f"contest {contest.id} has one choice: there is no lead to speak of")
    totals = {choice: int(table[VOTES + choice].sum()) for choice in contest.choice_ids}
    first, second = sorted(totals, key=lambda choice: -totals[choice])[:2]
    return first, second


def _grouped(table: pl.DataFrame, contest: Contest, first: str, second: str) -> pl.DataFrame:
    return table.select(
        "station",
        pl.col(VOTES + first).fill_null(0).alias("first"),
        pl.col(VOTES + second).fill_null(0).alias("second"),
        (valid_votes(contest) - pl.col(VOTES + first).fill_null(0) - pl.col(VOTES + second).fill_null(0)).alias(
            "other"
        ),
        "registered",
        *UNUSED,
    )


def _matrix(table: pl.DataFrame, columns: "list[str] | tuple[str, ...]") -> Votes:
    return table.select(pl.col(list(columns)).fill_null(0)).to_numpy().astype(np.int64)
