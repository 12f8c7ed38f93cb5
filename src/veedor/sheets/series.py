"""A count's snapshots, kept as what each publication changed."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from veedor.election import Contest, Count, Election
from veedor.errors import Fault, VeedorError
from veedor.sheets.formats.unpack import RawFile
from veedor.sheets.spellings import NONE
from veedor.sheets.table import FIGURES, LINE, MOST, OTHER, VOTES

CHANGES = ("added", "revised", "withdrawn", "renamed")
"""revised: a figure, the status or the time of arrival is another; renamed: only the place's names or coordinates."""


@dataclass(frozen=True, kw_only=True)
class Series:
    """A count's snapshots, oldest first.

    changes: the sheet table plus `change` (one of CHANGES), ordered by snapshot; the row's `snapshot` is the
      publication that made the change; a withdrawn row repeats the figures it had. Unchanged sheets have no row.
    left_out: rows that were not read because they are faulty and the reader was told to go on.
    files: what it was read from, as it was then, each with its snapshot; none of a series made in memory.
    spellings: how its stations that are not ASCII are written (`spellings`).
    rows_absent: figures without a row that were read as 0 though no layout says so, in all its files.
    notes: what else whoever uses it should know (see `Sheets`).
    """

    election: Election
    contest: Contest
    count: Count
    snapshots: tuple[dt.datetime, ...]
    changes: pl.DataFrame
    left_out: tuple[Fault, ...] = ()
    files: tuple[tuple[dt.datetime, RawFile], ...] = ()
    spellings: pl.DataFrame = field(default_factory=lambda: NONE)
    rows_absent: int = 0
    notes: tuple[str, ...] = ()

    def at(self, when: dt.datetime | None = None) -> pl.DataFrame:
        """The sheet table as published at the snapshot `when` (the last if None), in the order of first appearance."""
        when = self.snapshots[-1] if when is None else when
        if when not in self.snapshots:
            raise VeedorError(f"{self.count.id} has no snapshot of {when.isoformat()}")
        stamp = pl.lit(when).dt.convert_time_zone(self.election.timezone)
        known = self.changes.filter(pl.col("snapshot") <= stamp)
        last = known.unique(subset="station", keep="last", maintain_order=True)
        current = last.filter(pl.col("change") != "withdrawn").drop("change")
        return current.with_columns(stamp.alias("snapshot"))


def series_of(
    election: Election, contest: Contest, count: Count, states: Sequence[tuple[dt.datetime, pl.DataFrame]]
) -> Series:
    """A series from whole sheet tables in memory, oldest first: for simulations and tests."""
    previous: pl.DataFrame | None = None
    parts: list[pl.DataFrame] = []
    for when, state in states:
        parts.append(changes_between(previous, state, when, election.timezone))
        previous = state
    return Series(
        election=election,
        contest=contest,
        count=count,
        snapshots=tuple(when for when, _ in states),
        changes=pl.concat(parts),
    )


def changes_between(
    previous: pl.DataFrame | None, state: pl.DataFrame, when: dt.datetime, timezone: str
) -> pl.DataFrame:
    """Rows that the snapshot `when` added, revised, renamed and withdrew against the one before (None: nothing before).

    Stations are unique within each table. Every column but `snapshot` counts as content.
    """
    stamp = pl.lit(when).dt.convert_time_zone(timezone).alias("snapshot")
    state = state.with_columns(stamp)
    if previous is None:
        return state.with_columns(pl.lit("added").alias("change"))
    figures = {name for name in state.columns if name.startswith((VOTES, OTHER, MOST, LINE))} | {
        *FIGURES,
        "status",
        "arrived",
    }
    content = [name for name in state.columns if name not in ("snapshot", "station", "count")]
    row = _row_before(previous, state)
    joined = state.hstack(previous.select(pl.col(content).gather(row).name.suffix(" before")))
    known = row.is_not_null()
    revised, renamed = (_differs(joined, names) for names in (figures, set(content) - figures))
    change = pl.when(~known).then(pl.lit("added")).when(revised).then(pl.lit("revised"))
    changed = state.with_columns(change.when(renamed).then(pl.lit("renamed")).alias("change")).drop_nulls("change")
    gone = np.ones(previous.height, dtype=np.bool_)
    gone[row.drop_nulls().to_numpy()] = False
    withdrawn = previous.filter(gone).with_columns(stamp, pl.lit("withdrawn").alias("change"))
    return pl.concat(
        [changed.sort(pl.col("change") != "added", maintain_order=True), withdrawn.select(changed.columns)]
    )


def _row_before(previous: pl.DataFrame, state: pl.DataFrame) -> pl.Series:
    """For each row of the state the row of the same station in the table before, null where there is none."""
    rows = previous.select("station", pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"))
    return state.select("station").join(rows, on="station", how="left", maintain_order="left")["row"]


def _differs(joined: pl.DataFrame, names: Collection[str]) -> pl.Series:
    """True if any of the columns differs between a row and its like before; an absent row's columns are null."""
    different = (pl.col(name).ne_missing(pl.col(f"{name} before")) for name in sorted(names))
    return joined.select(pl.any_horizontal(pl.lit(value=False), *different).alias("differs")).to_series()
