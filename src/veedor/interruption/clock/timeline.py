"""The timeline: cumulative lead and leader's share as a clock goes on, against time and against share counted."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veedor.interruption.clock.clocks import Ticks
from veedor.interruption.split import Split
from veedor.sheets import VOTES

POINTS = 240
"""Points of a line at most: more than a screen shows."""

REGION_POINTS = 40

LEAST_REGION = 0.02
"""Share of all sheets from which on a region gets a line of its own."""


@dataclass(frozen=True, kw_only=True)
class Point:
    """counted: share of the universe's sheets passed; lead, share: of the valid votes passed (share: the leader's)."""

    when: dt.datetime | None
    counted: float
    lead: float
    share: float


@dataclass(frozen=True, kw_only=True)
class Line:
    """One clock's line; region: None for the whole, else the place of the level `timeline_level`."""

    clock: str
    region: str | None
    points: tuple[Point, ...]


def timeline_level(split: Split) -> int:
    """The broadest level of which no place holds more than 60 % of the sheets: what a reader calls regions."""
    for depth, (codes, size) in enumerate(zip(split.places.codes, split.places.sizes, strict=True)):
        if depth and np.bincount(codes, minlength=size).max() <= 0.6 * len(codes):
            return depth
    return split.places.finest


def lines_of(ticks: Ticks, split: Split, names: pl.Series) -> list[Line]:
    """The clock's lines: the whole, and for a clock by sheets each larger region. names: string[station] of regions."""
    if ticks.publications is not None:
        points = tuple(_publication_points(ticks.publications, split))
        return [Line(clock=ticks.id, region=None, points=points)] if points else []
    if ticks.sheets is None:
        return []
    return list(_sheet_lines(ticks, split, names))


def _publication_points(log: pl.DataFrame, split: Split) -> Iterator[Point]:
    first, second = VOTES + split.first, VOTES + split.second
    if not {first, second, "valid", "sheets"} <= set(log.columns):
        return
    shown = log.drop_nulls().filter(pl.col("valid") > 0).sort("when")
    changed = shown.filter(
        (pl.col("sheets") != pl.col("sheets").shift(1)).fill_null(value=True)
        | (pl.col("sheets") != pl.col("sheets").shift(-1)).fill_null(value=True)
    )
    for row in _thinned(changed, POINTS).iter_rows(named=True):
        yield Point(
            when=row["when"],
            counted=row["sheets"] / len(split.station),
            lead=(row[first] - row[second]) / row["valid"],
            share=row[first] / row["valid"],
        )


def _thinned(rows: pl.DataFrame, most: int) -> pl.DataFrame:
    """At most `most` rows, evenly along the sheets counted, and always the edges of long intervals."""
    if rows.height <= most:
        return rows
    even = np.unique(np.searchsorted(rows["sheets"].to_numpy(), np.linspace(0, rows["sheets"][-1], most)))
    seconds = rows["when"].diff().dt.total_seconds().fill_null(0).to_numpy()
    long = np.flatnonzero(seconds > 20 * max(float(np.median(seconds)), 1.0))
    keep = np.unique(np.concatenate([even, long, long - 1, [0, rows.height - 1]]))
    thinned: pl.DataFrame = rows[keep[(keep >= 0) & (keep < rows.height)].tolist()]
    return thinned


def _sheet_lines(ticks: Ticks, split: Split, names: pl.Series) -> Iterator[Line]:
    assert ticks.sheets is not None
    key = "when" if "when" in ticks.sheets.columns else "order"
    votes = pl.DataFrame(
        {
            "station": split.station,
            "region": names,
            "first": split.final[:, 0],
            "second": split.final[:, 1],
            "valid": split.final.sum(axis=1),
        }
    )
    passed = ticks.sheets.unique("station", keep="first").select("station", pl.col(key).alias("key"))
    rows = votes.join(passed, on="station", how="inner").sort("key")
    moments = rows["key"].to_list() if key == "when" else None
    totals = rows.select("first", "second", "valid").to_numpy()
    keys = rows["key"].to_physical().to_numpy()
    # Of all sheets there are: a clock that some never pass must not seem to reach the whole count.
    yield Line(clock=ticks.id, region=None, points=_points(totals, keys, moments, len(split.station), POINTS))
    regions = rows["region"].to_numpy()
    for name, sheets in sorted(names.value_counts().iter_rows()):
        if sheets >= LEAST_REGION * len(split.station):
            own = np.flatnonzero(regions == name)
            when = [moments[index] for index in own] if moments is not None else None
            if own.size:
                points = _points(totals[own], keys[own], when, sheets, REGION_POINTS)
                yield Line(clock=ticks.id, region=name, points=points)


def _points(
    totals: NDArray[np.int64],
    keys: NDArray[np.int64],
    moments: list[dt.datetime] | None,
    sheets: int,
    most: int,
) -> tuple[Point, ...]:
    """Cumulative figures at the end of ticks (sheets that passed together come together)."""
    cumulative = np.cumsum(totals, axis=0)
    ends = np.flatnonzero(np.append(keys[1:] != keys[:-1], True))
    chosen = ends[np.unique(np.linspace(0, len(ends) - 1, min(most, len(ends))).astype(np.int64))]
    return tuple(
        Point(
            when=moments[index] if moments is not None else None,
            counted=(index + 1) / sheets,
            lead=float(cumulative[index, 0] - cumulative[index, 1]) / float(cumulative[index, 2]),
            share=float(cumulative[index, 0]) / float(cumulative[index, 2]),
        )
        for index in chosen.tolist()
        if cumulative[index, 2] > 0
    )
