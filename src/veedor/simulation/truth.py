"""What really happened in a simulated election, for whoever tests a method on it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from veedor.document import Json
from veedor.election import Election
from veedor.sheets import vote_columns
from veedor.simulation.definition import local_time, snapshot_times
from veedor.simulation.drawing import NEVER, Drawn
from veedor.simulation.parameters import Parameters, Scenario, parameters_as_json
from veedor.simulation.tables import station_names
from veedor.simulation.types import Ints


@dataclass(frozen=True, kw_only=True)
class Totals:
    """Whole votes over a set of stations; votes by choice."""

    sheets: int
    registered: int
    votes: Mapping[str, int]
    blank: int
    null: int

    @property
    def valid(self) -> int:
        """Votes for all choices."""
        return sum(self.votes.values())

    @property
    def cast(self) -> int:
        """Ballots cast."""
        return self.valid + self.blank + self.null


@dataclass(frozen=True, kw_only=True)
class Stop:
    """The interruption of the preliminary count: the last snapshot before and the first after, and their sheets."""

    start: dt.datetime
    end: dt.datetime
    sheets_before: int
    sheets_after: int


@dataclass(frozen=True, kw_only=True)
class Truth:
    """totals: how people voted. published: what each count said at each snapshot, oldest first.

    planted: one row for each station touched by the scenario's fault: `station`, `copied_from` (or null), and the
      difference of every figure (votes.<choice>, blank, null), reported minus true. on_paper: whether the sheet itself
      bears the fault (so both counts have it), or the official count was typed wrongly.
    misread: the same for the preliminary count's ordinary typing errors, against the sheet; `corrected` says whether a
      later snapshot put it right.
    missing: stations that the preliminary count never published. withdrawn: those that it took back; `returned`.
    """

    scenario: Scenario
    kind: str | None
    seed: int
    stations: int
    parameters: Parameters
    totals: Totals
    published: Mapping[str, Sequence[tuple[dt.datetime, Totals]]]
    planted: pl.DataFrame
    on_paper: bool
    misread: pl.DataFrame
    missing: pl.Series
    withdrawn: pl.DataFrame
    stop: Stop | None

    @property
    def votes_altered(self) -> int:
        """Votes added, moved or typed too many or too few by the planted fault: positive differences over all figures,
        or the negative ones if those are more."""
        deltas = self.planted.select(pl.exclude("station", "copied_from")).to_numpy()
        return int(max(deltas.clip(min=0).sum(), -deltas.clip(max=0).sum()))


def truth_of(drawn: Drawn, election: Election) -> Truth:
    """The truth of a simulated election."""
    stations = station_names(drawn.geography.stations)
    history = drawn.preliminary
    planted = drawn.planted
    # -1 stands for no source, but gather would take it as the last station.
    copied = stations.gather(np.maximum(planted.source, 0)).set(pl.Series(planted.source == -1), None)
    misread_delta = history.typed[drawn.misread] - drawn.sheets[drawn.misread]
    withdrawn = np.flatnonzero(history.withdrawn_at != NEVER)
    return Truth(
        scenario=drawn.scenario,
        kind=drawn.kind,
        seed=drawn.seed,
        stations=drawn.geography.stations,
        parameters=drawn.parameters,
        totals=_totals(drawn, drawn.voters.votes, np.ones(len(stations), dtype=np.bool_), election),
        published={count: _published(drawn, count, election) for count in drawn.histories},
        planted=_differences(stations.gather(planted.station), {"copied_from": copied}, planted.delta, election),
        on_paper=planted.on_paper,
        misread=_differences(
            stations.gather(drawn.misread),
            {"corrected": pl.Series(history.corrected_at[drawn.misread] != NEVER)},
            misread_delta,
            election,
        ),
        missing=stations.gather(np.flatnonzero(history.published == NEVER)).alias("missing"),
        withdrawn=pl.DataFrame(
            {"station": stations.gather(withdrawn), "returned": history.returned_at[withdrawn] != NEVER}
        ),
        stop=_stop(drawn),
    )


def truth_as_json(truth: Truth) -> dict[str, Json]:
    """The truth as truth.json holds it."""
    return {
        "scenario": truth.scenario.value,
        "kind": truth.kind,
        "seed": truth.seed,
        "stations": truth.stations,
        "parameters": parameters_as_json(truth.parameters),
        "totals": totals_as_json(truth.totals),
        "published": {
            count: [{"snapshot": when.isoformat(), **totals_as_json(totals)} for when, totals in states]
            for count, states in truth.published.items()
        },
        "interruption": None if truth.stop is None else _stop_as_json(truth.stop),
        "planted": {
            "stations": truth.planted.height,
            "votes": truth.votes_altered,
            "on_paper": truth.on_paper,
            "items": truth.planted.to_dicts(),
        },
        "misread": truth.misread.to_dicts(),
        "missing": truth.missing.to_list(),
        "withdrawn": truth.withdrawn.to_dicts(),
    }


def totals_as_json(totals: Totals) -> dict[str, Json]:
    """Totals with the names of `veedor count --json`."""
    return {
        "sheets": totals.sheets,
        "registered": totals.registered,
        "cast": totals.cast,
        "valid": totals.valid,
        "blank": totals.blank,
        "null": totals.null,
        "votes": dict(totals.votes),
    }


def _totals(drawn: Drawn, figures: Ints, present: np.ndarray, election: Election) -> Totals:
    sums = [int(value) for value in figures[present].sum(axis=0)]
    return Totals(
        sheets=int(present.sum()),
        registered=int(drawn.voters.registered[present].sum()),
        votes=dict(zip(election.contests[0].choice_ids, sums[:-2], strict=True)),
        blank=sums[-2],
        null=sums[-1],
    )


def _published(drawn: Drawn, count: str, election: Election) -> list[tuple[dt.datetime, Totals]]:
    history = drawn.histories[count]
    return [
        (when, _totals(drawn, history.figures(snapshot), history.present(snapshot), election))
        for snapshot, when in enumerate(snapshot_times(drawn, count))
    ]


def _differences(station: pl.Series, more: Mapping[str, pl.Series], delta: Ints, election: Election) -> pl.DataFrame:
    names = (*vote_columns(election.contests[0]), "blank", "null")
    return pl.DataFrame({"station": station, **more, **{name: delta[:, i] for i, name in enumerate(names)}})


def _stop(drawn: Drawn) -> Stop | None:
    if drawn.parameters.stop_after is None:
        return None
    history, before = drawn.preliminary, drawn.preliminary.calendar.before
    times = history.calendar.times
    return Stop(
        start=local_time(int(times[before - 1])),
        end=local_time(int(times[before])),
        sheets_before=int(history.present(before - 1).sum()),
        sheets_after=int(history.present(before).sum()),
    )


def _stop_as_json(stop: Stop) -> dict[str, Any]:
    return {
        "count": "preliminary",
        "from": stop.start.isoformat(),
        "to": stop.end.isoformat(),
        "sheets_before": stop.sheets_before,
        "sheets_after": stop.sheets_after,
    }
