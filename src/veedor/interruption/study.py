"""The whole study of an interruption: every layer of the question, from the files to figures."""

import datetime as dt
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veedor.election import Count, Election
from veedor.errors import VeedorError
from veedor.interruption.clock.clocks import Ticks, arrival_clock, arrived_clock, read_clocks, snapshot_clock
from veedor.interruption.clock.gaps import Gap, declared_gaps, gaps_of
from veedor.interruption.clock.order import Order, orders_of
from veedor.interruption.clock.timeline import Line, lines_of, timeline_level
from veedor.interruption.clock.unpublished import Unpublished, unpublished
from veedor.interruption.earlier import earlier_shares
from veedor.interruption.outstanding.missing_sheets import (
    Group,
    OwnEarlyLead,
    groups_by,
    missing_by_level,
    own_early_lead,
    precinct_groups,
)
from veedor.interruption.outstanding.needed_lead import Needed, needed_at
from veedor.interruption.projection.hierarchy import Hierarchy
from veedor.interruption.projection.lateness.passing import finest_order
from veedor.interruption.projection.placebo_cuts import PlaceboCuts, placebo_cuts
from veedor.interruption.projection.projection import Projection, donors_at, hierarchies_of, projections
from veedor.interruption.regression.discontinuity import Jump, jumps, ordered
from veedor.interruption.regression.shuffles import Shuffled, shuffled
from veedor.interruption.regression.trend import Slope, slopes
from veedor.interruption.regression.within import Within, within_places
from veedor.interruption.revised import Revised, revised_sheets
from veedor.interruption.split import Split, split_at
from veedor.interruption.workers import side_by_side
from veedor.sheets import VOTES, Series, in_totals
from veedor.sheets.dataset import Dataset
from veedor.sheets.side_tables import read_plain
from veedor.sheets.stations.alike import as_known

Floats = NDArray[np.float64]

DRAWS = 10_000
HIDINGS = 10
SHUFFLES = 500
"""Shuffles at the finest level; broader levels get SHUFFLES_ABOVE."""

SHUFFLES_ABOVE = 40

SHUFFLES_TREND = 100
"""Shuffles of each trend at the finest level."""

NOWHERE = "-"
"""The region of stations for which the universe names none."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True, repr=False)
class Study:
    """Every layer, for one contest. stop: the gap under study; others may be in `gaps`."""

    split: Split
    stop: Gap
    gaps: tuple[Gap, ...]
    clocks: tuple[Ticks, ...]
    lines: tuple[Line, ...]
    unpublished: tuple[Unpublished, ...]
    needed: Needed
    groups: tuple[Group, ...]
    by_level: dict[str, int]
    groupings: dict[str, tuple[tuple[Group, Group], ...]]
    regions: tuple[tuple[Group, Group], ...]
    projections: tuple[Projection, ...]
    placebo_cuts: tuple[PlaceboCuts, ...]
    earlier_matched: dict[str, dict[str, int]]
    within: tuple[Within, ...]
    shuffles: tuple[Shuffled, ...]
    own_early: OwnEarlyLead
    jumps: tuple[Jump, ...]
    slopes: tuple[Slope, ...]
    revised: Revised

    def __repr__(self) -> str:
        return f"<Study of {self.split.count} at {self.split.cut.isoformat()}, {len(self.projections)} projections>"


def study(
    dataset: Dataset,
    *,
    count: Count | None = None,
    cut: dt.datetime | None = None,
    universe: Count | None = None,
    draws: int = DRAWS,
    seed: int = 1,
    hidings: int = HIDINGS,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Study:
    """Study the interruption that the definition declares, else the longest gap of a count's snapshots.

    count, cut: another count and its last publication before the stop. universe: the count that says which sheets
    there are (default: the official one). Raises VeedorError where there is no stop to study.
    """
    election, data = dataset.election, dataset.folder
    found = at_stop(dataset, count=count, cut=cut, universe=universe)
    table = found.table
    return study_of(
        found.split,
        table=table,
        stop=found.stop,
        clocks=found.clocks,
        groupings=_groupings(election, table, data),
        earlier={
            vote.id: earlier_shares(vote, election, table.filter(in_totals()), data) for vote in election.earlier_votes
        },
        draws=draws,
        seed=seed,
        hidings=hidings,
        executor=executor,
        progress=progress,
    )


@dataclass(frozen=True, kw_only=True)
class AtStop:
    """An election at its stop. table: the universe's sheets; clocks: every one that there is, of all counts."""

    split: Split
    table: pl.DataFrame
    stop: Gap
    clocks: list[Ticks]


def at_stop(
    dataset: Dataset, *, count: Count | None = None, cut: dt.datetime | None = None, universe: Count | None = None
) -> AtStop:
    """Cut an election at the stop that is to be studied: as for `study`, which raises the same."""
    election, contest = dataset.election, dataset.contest
    series = dataset.read()
    found = [ticks for each in series.values() for ticks in (arrival_clock(each), arrived_clock(each))]
    arrivals = [ticks for ticks in found if ticks is not None]
    snapshots = [snapshot_clock(each) for each in series.values()]
    logs = read_clocks(election, contest, dataset.folder)
    found_stop = _stop(election, series, count=count, cut=cut)
    # Tables compare moments of one zone only; a definition may give the stop with an offset of its own.
    start, end = found_stop.start.astimezone(election.zone), found_stop.end.astimezone(election.zone)
    stop = replace(found_stop, start=start, end=end)
    table = series[(universe or _universe(election, stop.count)).id].at()
    last, state = _state_at(series[stop.count], stop.start)
    return AtStop(
        split=split_at(election, contest, state, table, cut=last),
        table=table,
        stop=stop,
        clocks=[*(_with_known(ticks, table) for ticks in logs), *snapshots, *arrivals],
    )


def study_of(
    split: Split,
    *,
    table: pl.DataFrame,
    stop: Gap,
    clocks: list[Ticks],
    groupings: dict[str, list[str | None]],
    earlier: dict[str, tuple[Floats, dict[str, int]]],
    draws: int = DRAWS,
    seed: int = 1,
    hidings: int = HIDINGS,
    shuffles: int = SHUFFLES,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Study:
    """The study of a split election with whatever clocks and groupings there are. table: the universe's sheets."""
    donors, universe = donors_at(split), table.filter(in_totals())
    regions = _regions(split, universe)
    shares, usable = _outcomes(split, universe)
    orders, before = _orders(split, clocks)
    order = finest_order(before, split.counted)
    hierarchies = hierarchies_of(split, order, {name: share for name, (share, _) in earlier.items()})
    # The regressions on sheets and the projections need nothing of each other: they run side by side.
    with side_by_side(len(split.counted), 1) as aside:
        regressions = aside.submit(_regressions, split, orders, shares, usable, shuffles=shuffles, seed=seed)
        placebos = _placebos(hierarchies)
        projected = projections(
            split,
            donors,
            hierarchies=hierarchies,
            draws=draws,
            seed=seed,
            hidings=hidings,
            cuts=placebos,
            executor=executor,
            progress=progress,
        )
        fitted = regressions.result()
    return Study(
        split=split,
        stop=stop,
        gaps=_gaps(split, clocks),
        clocks=tuple(clocks),
        lines=tuple(line for ticks in clocks for line in lines_of(ticks, split, regions)),
        unpublished=tuple(found for ticks in clocks if (found := unpublished(ticks, split, stop)) is not None),
        needed=needed_at(split),
        groups=tuple(precinct_groups(split)),
        by_level=missing_by_level(split, donors.level),
        groupings={name: tuple(groups_by(split, values)) for name, values in groupings.items()},
        regions=tuple(groups_by(split, regions.to_list())),
        projections=tuple(projected),
        placebo_cuts=tuple(placebos),
        earlier_matched={name: matched for name, (_, matched) in earlier.items()},
        within=fitted.within,
        shuffles=fitted.shuffles,
        own_early=own_early_lead(split),
        jumps=fitted.jumps,
        slopes=fitted.slopes,
        revised=revised_sheets(split),
    )


def _gaps(split: Split, clocks: list[Ticks]) -> tuple[Gap, ...]:
    return (*declared_gaps(split.election, clocks), *(gap for ticks in clocks for gap in gaps_of(ticks)))


def _regions(split: Split, universe: pl.DataFrame) -> pl.Series:
    """Each station's place of the level whose lines are drawn over time; one place for all where there is none."""
    level = timeline_level(split)
    if not level:
        return pl.Series([NOWHERE] * universe.height)
    return universe[split.places.levels[level]].cast(pl.String).fill_null(NOWHERE)


def _orders(split: Split, clocks: list[Ticks]) -> tuple[list[Order], list[Order]]:
    """The orders in which the sheets came, by every clock; and by the clocks of the interrupted count itself."""
    orders = [order for ticks in clocks if (order := orders_of(ticks, split)) is not None]
    own = {ticks.id for ticks in clocks if ticks.count == split.count}
    return orders, [order for order in orders if order.clock in own]


def _placebos(hierarchies: Mapping[str, Hierarchy]) -> list[PlaceboCuts]:
    """What each hierarchical rule would have said at earlier cuts of the count, where nothing happened."""
    return [
        placebo
        for rule, each in hierarchies.items()
        if each.order is not None and (placebo := placebo_cuts(each, each.order, rule=rule)) is not None
    ]


@dataclass(frozen=True, kw_only=True)
class _Regressions:
    """What is fitted to single sheets."""

    within: tuple[Within, ...]
    shuffles: tuple[Shuffled, ...]
    jumps: tuple[Jump, ...]
    slopes: tuple[Slope, ...]


def _regressions(
    split: Split,
    orders: list[Order],
    shares: dict[str, Floats],
    usable: NDArray[np.bool_],
    *,
    shuffles: int,
    seed: int,
) -> _Regressions:
    lead, leader = _spread(shares["lead"], usable), _spread(shares[split.first], usable)
    finest = split.places.codes[-1]
    return _Regressions(
        within=tuple(within_places(split, shares, usable)),
        shuffles=tuple(_shuffles(split, shares, usable, shuffles, seed)),
        jumps=tuple(
            jump
            for order in orders
            if order.cut is not None
            for jump in jumps(order.clock, ordered(order.position, lead, finest), order.cut)
        ),
        slopes=tuple(
            slope
            for number, order in enumerate(orders)
            for slope in slopes(
                order.clock,
                split.places,
                order.position,
                leader,
                shuffles=(min(shuffles, SHUFFLES_ABOVE), min(shuffles, SHUFFLES_TREND)),
                # A stream for each clock: the shuffles of one do not depend on how many another has drawn.
                rng=_stream(seed, 3000 + number),
            )
        ),
    )


def _outcomes(split: Split, universe: pl.DataFrame) -> tuple[dict[str, Floats], NDArray[np.bool_]]:
    """Lead and every choice's share of each sheet with valid votes, in points, on the universe's values."""
    valid = split.final.sum(axis=1)
    usable = valid > 0
    shares = {"lead": 100.0 * (split.final[usable, 0] - split.final[usable, 1]) / valid[usable]}
    for choice in split.contest.choice_ids:
        votes = universe[VOTES + choice].fill_null(0).to_numpy()
        shares[choice] = 100.0 * votes[usable] / valid[usable]
    return shares, usable


def _spread(values: Floats, usable: NDArray[np.bool_]) -> Floats:
    """float[station] out of float[usable sheet], NaN elsewhere."""
    spread = np.full(len(usable), np.nan)
    spread[usable] = values
    return spread


def _shuffles(
    split: Split, shares: dict[str, Floats], usable: NDArray[np.bool_], shuffles: int, seed: int
) -> list[Shuffled]:
    late = split.missing[usable].astype(np.float64)
    found = []
    for depth, (level, codes) in enumerate(zip(split.places.levels, split.places.codes, strict=True)):
        number = shuffles if depth == split.places.finest else min(shuffles, SHUFFLES_ABOVE)
        rng = _stream(seed, 1000 + depth)
        found += shuffled(shares, late, codes[usable], level=level, shuffles=number, rng=rng)
    return found


def _stream(seed: int, part: int) -> np.random.Generator:
    """A stream of chance of its own for each part of the study."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, part))))


def _stop(election: Election, series: Mapping[str, Series], *, count: Count | None, cut: dt.datetime | None) -> Gap:
    if cut is not None:
        chosen = count if count is not None else election.counts[0]
        later = [when for when in series[chosen.id].snapshots if when > cut]
        end = later[0] if later else cut
        return Gap(clock="given", count=chosen.id, start=cut, end=end, sheets_before=None, sheets_after=None)
    declared = [stop for stop in election.interruptions if count is None or stop.count == count.id]
    if declared:
        stop = declared[0]
        return Gap(
            clock="declared",
            count=stop.count,
            start=stop.start,
            end=stop.end,
            sheets_before=None,
            sheets_after=None,
            declared=stop.id,
        )
    gaps = [
        gap
        for name, each in series.items()
        if count is None or name == count.id
        for ticks in (snapshot_clock(each), arrived_clock(each))
        if ticks is not None
        for gap in gaps_of(ticks)
    ]
    if not gaps:
        raise VeedorError(
            f"{election.id} declares no interruption, and no gap stands out among the snapshots of its counts; "
            "declare one under [[interruptions]], or name the last publication before a stop with --cut"
        )
    return max(gaps, key=lambda gap: gap.seconds)


def _universe(election: Election, interrupted: str) -> Count:
    official = election.official_of(election.counts)
    return official if official is not None else election.count_named(interrupted)


def _with_known(ticks: Ticks, universe: pl.DataFrame) -> Ticks:
    """A clock whose stations are called as in the universe where they differ in how they are written only."""
    if ticks.sheets is None:
        return ticks
    stations = as_known(ticks.sheets["station"], universe["station"]).alias("station")
    return replace(ticks, sheets=ticks.sheets.with_columns(stations))


def _state_at(series: Series, start: dt.datetime) -> tuple[dt.datetime, pl.DataFrame]:
    """The state published last before the stop; without one, the sheets that say they had arrived by then."""
    before = [when for when in series.snapshots if when <= start]
    if before:
        return before[-1], series.at(before[-1])
    last = series.at()
    arrived = last.filter(pl.col("arrived") <= start)
    if arrived.is_empty():
        first = series.snapshots[0].isoformat()
        timed = last["arrived"].count()
        hint = f", and none of {timed:,} sheets says that it had arrived by then" if timed else ""
        raise VeedorError(
            f"{series.count.id} has no snapshot at or before {start.isoformat()}; its first is of {first}{hint}"
        )
    return start, arrived


def _groupings(election: Election, table: pl.DataFrame, data: Path) -> dict[str, list[str | None]]:
    stations = table.filter(in_totals()).select("station")
    found = {}
    for grouping in election.groupings:
        names = {label: value for value, labels in grouping.values.items() for label in labels}
        rows = read_plain(grouping, data, columns=[grouping.station, grouping.column]).unique(
            grouping.station, keep="first"
        )
        rows = rows.with_columns(as_known(rows[grouping.station], stations["station"]).alias(grouping.station))
        joined = stations.join(rows, left_on="station", right_on=grouping.station, how="left", maintain_order="left")
        found[grouping.id] = [names.get(label) for label in joined[grouping.column].to_list()]
    return found
