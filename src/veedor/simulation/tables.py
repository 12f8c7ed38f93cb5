"""Arrays of a simulated election as sheet tables and series."""

import numpy as np
import polars as pl

from veedor.election import Election
from veedor.sheets import Series, schema, vote_columns
from veedor.simulation.definition import election_of, snapshot_times
from veedor.simulation.drawing import NEVER, CountHistory, Drawn
from veedor.simulation.types import Ints


def sheet_table(drawn: Drawn, count: str = "official", snapshot: int | None = None) -> pl.DataFrame:
    """The sheet table of one count at one snapshot (a number; None: the last), in the order of stations."""
    history = drawn.histories[count]
    snapshot = len(history.calendar.times) - 1 if snapshot is None else snapshot
    station = np.flatnonzero(history.present(snapshot))
    figures = history.figures(snapshot)[station]
    return _rows(drawn, election_of(drawn), count, station, figures, np.full(len(station), snapshot))


def series_drawn(drawn: Drawn, election: Election, count: str) -> Series:
    """A count's snapshots as what each of them changed."""
    history = drawn.histories[count]
    station, snapshot, change, figures = _changes(history)
    names = pl.Series("change", ["added", "revised", "withdrawn"]).gather(change)
    rows = _rows(drawn, election, count, station, figures, snapshot)
    return Series(
        election=election,
        contest=election.contests[0],
        count=next(item for item in election.counts if item.id == count),
        snapshots=snapshot_times(drawn, count),
        changes=rows.with_columns(names),
    )


def station_names(stations: int) -> pl.Series:
    """Identifiers of the stations, with leading zeros: text that looks like a number and is none."""
    width = max(6, len(str(stations)))
    return pl.Series("station", np.arange(1, stations + 1)).cast(pl.String).str.zfill(width)


def _changes(history: CountHistory) -> tuple[Ints, Ints, Ints, Ints]:
    """All changes, ordered by snapshot, kind of change, station: station, snapshot, kind (0 to 2), figures."""
    added, revised, withdrawn, returned = (
        np.flatnonzero(when != NEVER)
        for when in (history.published, history.corrected_at, history.withdrawn_at, history.returned_at)
    )
    station = np.concatenate([added, returned, revised, withdrawn])
    snapshot = np.concatenate(
        [
            history.published[added],
            history.returned_at[returned],
            history.corrected_at[revised],
            history.withdrawn_at[withdrawn],
        ]
    )
    change = np.repeat([0, 1, 2], [len(added) + len(returned), len(revised), len(withdrawn)])
    figures = np.concatenate(
        [history.typed[added], history.typed[returned], history.corrected[revised], history.typed[withdrawn]]
    )
    order = np.lexsort((station, change, snapshot))
    return station[order], snapshot[order], change[order], figures[order]


def _rows(drawn: Drawn, election: Election, count: str, station: Ints, figures: Ints, snapshot: Ints) -> pl.DataFrame:
    """Rows of the sheet table for stations (repeated where a station has several rows)."""
    contest, geography, history = election.contests[0], drawn.geography, drawn.histories[count]
    precinct = geography.precinct[station]
    printed = drawn.sheets
    times = history.calendar.times[snapshot]
    columns: dict[str, pl.Series | np.ndarray] = {
        "count": pl.Series([count]).cast(pl.Categorical()).new_from_index(0, len(station)),
        "snapshot": _moments(times, election.timezone),
        "station": station_names(geography.stations).gather(station),
        **{
            level: pl.Series(geography.names[i]).cast(pl.Categorical()).gather(geography.places(i)[precinct])
            for i, level in enumerate(geography.levels)
        },
        "registered": drawn.voters.registered[station],
        **{name: figures[:, i] for i, name in enumerate((*vote_columns(contest), "blank", "null"))},
        # The sums are those printed on the sheet, not of what was typed: a typing error shows as a sum that does not
        # fit.
        "valid": printed[:, :-2].sum(axis=1)[station],
        "cast": printed.sum(axis=1)[station],
        "status": pl.Series(["counted", "observed"])
        .cast(pl.Categorical())
        .gather(history.observed[station].astype(np.int64)),
        "latitude": pl.Series(geography.latitude[precinct]).fill_nan(None),
        "longitude": pl.Series(geography.longitude[precinct]).fill_nan(None),
        "arrived": _moments(history.arrived[station], election.timezone)
        if count == "preliminary"
        else pl.Series([None]).cast(pl.Datetime("us", election.timezone)).new_from_index(0, len(station)),
    }
    return pl.DataFrame(columns).select(*schema(election, contest))


def _moments(seconds: Ints, timezone: str) -> pl.Series:
    return pl.Series(seconds * 1_000_000).cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(timezone)
