"""The count at every snapshot of a series, and when its outcome became certain. No snapshot is tallied twice."""

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from veedor.count.absent import NOTHING, absent_of, measures
from veedor.count.lines import line_measures, lines_of
from veedor.count.outcome import Outcome, decide
from veedor.count.outstanding import OUT_OF_TOTALS, Open, open_part
from veedor.count.totals import LARGEST, Tally, gaps, others_of
from veedor.errors import VeedorError
from veedor.sheets import Series, columns_absent, in_totals, other_columns, vote_columns


@dataclass(frozen=True, kw_only=True)
class State:
    """One snapshot: totals, outcome and what was open. lead: votes of the first less those of the second, if any."""

    snapshot: dt.datetime
    tally: Tally
    outcome: Outcome
    lead: int | None
    open: Open


def states_of(
    series: Series,
    *,
    expected: int | None = None,
    universe: Tally | None = None,
    turnout: Fraction | None = None,
) -> tuple[State, ...]:
    """Every snapshot, oldest first. expected defaults to the count's own number; universe, turnout: see open_part."""
    wanted = series.count.expected_sheets if expected is None else expected
    states = []
    for snapshot, tally, statuses in _tallies(series):
        votes = sorted(tally.votes.values(), reverse=True)
        states.append(
            State(
                snapshot=snapshot,
                tally=tally,
                outcome=decide(series.contest, tally),
                lead=votes[0] - votes[1] if len(votes) > 1 else None,
                open=open_part(
                    series.contest, tally, statuses=statuses, expected=wanted, universe=universe, turnout=turnout
                ),
            )
        )
    return tuple(states)


def certain_from(states: tuple[State, ...]) -> dt.datetime | None:
    """The first snapshot from which on, at every later one too, the outcome could no longer change; None if never."""
    found = None
    for state in reversed(states):
        if state.open.outcome_can_change is not False:
            break
        found = state.snapshot
    return found


def _tallies(series: Series) -> list[tuple[dt.datetime, Tally, dict[str, int]]]:
    """Totals of each snapshot: what every change adds less what the same station had before, summed up over time."""
    votes = vote_columns(series.contest)
    figures = (*votes, "registered", "blank", "null", *other_columns(series.contest))
    changes = series.changes
    largest = changes.select(pl.max_horizontal(pl.col(*figures).abs().max())).item() if changes.height else 0
    if (largest or 0) * max(1, changes.height) > LARGEST:
        raise VeedorError("a sheet's figures are far too large to be added up over a series (run `veedor check`)")
    status = pl.col("status").cast(pl.String)
    present = pl.col("change") != "withdrawn"
    counted = in_totals() & present
    known = [
        *(pl.when(counted).then(pl.col(name)).otherwise(0).fill_null(0).alias(name) for name in figures),
        counted.cast(pl.Int64).alias("sheets"),
        (counted & pl.col("registered").is_not_null()).cast(pl.Int64).alias("stated"),
        *((present & (status == name)).fill_null(False).cast(pl.Int64).alias(name) for name in OUT_OF_TOTALS),
    ]
    lacking = columns_absent(changes, series.contest)
    changes, absent = measures(changes, series.contest, lacking) if lacking else (changes, [])
    absent_names = [one.meta.output_name() for one in absent]
    known += [
        pl.when(counted).then(one).otherwise(0).alias(name) for one, name in zip(absent, absent_names, strict=True)
    ]
    lacks = [*gaps(changes, series.contest), *line_measures(changes, series.contest)]
    known += [pl.when(counted).then(gap).otherwise(0).alias(gap.meta.output_name()) for gap in lacks]
    absent_names += [gap.meta.output_name() for gap in lacks]
    names = (*figures, "sheets", "stated", *OUT_OF_TOTALS, *absent_names)
    frame = changes.select("snapshot", "station", *known)
    before = frame.with_row_index("row").select(pl.col("row").shift().over("station")).to_series()
    sums = (
        frame.with_columns((pl.col(*names) - pl.col(*names).gather(before)).fill_null(pl.col(*names)))
        .group_by("snapshot")
        .agg(pl.col(*names).sum())
        .sort("snapshot")
        .with_columns(pl.col(*names).cum_sum())
    )
    return _by_snapshot(series, sums)


def _by_snapshot(series: Series, sums: pl.DataFrame) -> list[tuple[dt.datetime, Tally, dict[str, int]]]:
    """One tally for each snapshot; one that changed nothing repeats the state before."""
    rows = {row["snapshot"]: row for row in sums.iter_rows(named=True)}
    last: dict[str, int] = dict.fromkeys((name for name in sums.columns if name != "snapshot"), 0)
    found = []
    for snapshot in series.snapshots:
        last = rows.get(snapshot, last)
        tally = Tally(
            sheets=last["sheets"],
            registered=last["registered"] if last["stated"] else None,
            votes={
                c: last[name] for c, name in zip(series.contest.choice_ids, vote_columns(series.contest), strict=True)
            },
            blank=last["blank"],
            null=last["null"],
            **others_of(series.contest, last),
            absent=absent_of(last) if "lack.figures" in last else NOTHING,
            lines=lines_of(last),
        )
        found.append((snapshot, tally, {name: last[name] for name in OUT_OF_TOTALS}))
    return found
