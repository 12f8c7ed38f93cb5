"""A simulated election as arrays: everything that happened, station by station.

Each part has its own generator, spawned from the seed: a scenario's election is the clean one of the same seed plus
the planted faults. NumPy promises the same numbers for the same version of NumPy only.
"""

from dataclasses import dataclass

import numpy as np

from veedor.simulation import arrival, faults
from veedor.simulation.arrival import Calendar
from veedor.simulation.faults import Planted
from veedor.simulation.geography import Geography, draw_geography
from veedor.simulation.parameters import DEFAULT, Parameters, Scenario, check_stations, scenario_named
from veedor.simulation.types import Flags, Floats, Ints
from veedor.simulation.voters import Voters, draw_voters

OBSERVED = 0.01
"""Share of the preliminary count's sheets with the status `observed`; they are in the totals."""

NEVER = -1


@dataclass(frozen=True, kw_only=True)
class CountHistory:
    """Publication of each station by one count. Snapshots are numbers, 0 the first; NEVER where it did not happen.

    typed: int[station, figure] (choices, blank, null) as first published; corrected: the same after correction.
    published, corrected_at, withdrawn_at, returned_at: int[station], the snapshot in which it happened.
    arrived: int[station], seconds since 1970. observed: bool[station].
    """

    calendar: Calendar
    arrived: Ints
    published: Ints
    typed: Ints
    corrected: Ints
    corrected_at: Ints
    withdrawn_at: Ints
    returned_at: Ints
    observed: Flags

    def present(self, snapshot: int) -> Flags:
        """True if each station is in the snapshot. bool[station]"""
        there = (self.published != NEVER) & (self.published <= snapshot)
        gone = (self.withdrawn_at != NEVER) & (self.withdrawn_at <= snapshot)
        back = (self.returned_at != NEVER) & (self.returned_at <= snapshot)
        present: Flags = there & (~gone | back)
        return present

    def figures(self, snapshot: int) -> Ints:
        """int[station, figure] as typed at the snapshot; rows of stations that are not present mean nothing."""
        put_right = (self.corrected_at != NEVER) & (self.corrected_at <= snapshot)
        return np.where(put_right[:, np.newaxis], self.corrected, self.typed)


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """sheets: int[station, figure], what the tally sheets bear (and print as sums); voters.votes is the truth.

    misread: stations whose first published preliminary figures differ from their sheet.
    kind: the name of the kind of election, None for the demo's; clock: whether the time of every sheet is published.
    """

    scenario: Scenario
    seed: int
    parameters: Parameters
    geography: Geography
    voters: Voters
    planted: Planted
    sheets: Ints
    preliminary: CountHistory
    official: CountHistory
    misread: Ints
    kind: str | None = None
    clock: bool = False

    @property
    def histories(self) -> dict[str, CountHistory]:
        """Both counts by id."""
        return {"preliminary": self.preliminary, "official": self.official}


def draw(stations: int, scenario: Scenario | str, seed: int, parameters: Parameters = DEFAULT) -> Drawn:
    """Simulate an election of 100 to 1,200,000 stations, as arrays: the quick way for hundreds of elections."""
    check_stations(stations)
    scenario = scenario_named(scenario)
    parts = [np.random.Generator(np.random.PCG64(part)) for part in np.random.SeedSequence(seed).spawn(6)]
    places, electorate, preliminary_order, official_order, typing, planting = parts
    geography = draw_geography(places, stations)
    return publish(
        scenario,
        seed,
        parameters,
        geography,
        draw_voters(electorate, geography, parameters),
        lateness=arrival.draw_lateness(preliminary_order, geography, parameters.order),
        official_lateness=arrival.draw_lateness(official_order, geography, parameters.order),
        typing=typing,
        planting=planting,
    )


def publish(
    scenario: Scenario,
    seed: int,
    parameters: Parameters,
    geography: Geography,
    voters: Voters,
    *,
    lateness: Floats,
    official_lateness: Floats,
    typing: np.random.Generator,
    planting: np.random.Generator,
) -> Drawn:
    """Both counts of an electorate, with the scenario's fault. lateness: float[station], the higher, the later."""
    arrived = arrival.preliminary_arrivals(lateness)
    calendar = arrival.preliminary_calendar(parameters)
    published = np.searchsorted(calendar.times, arrived)
    published[_missing(typing, geography, parameters)] = NEVER
    planted = faults.plant(planting, scenario, parameters, geography, voters, published >= calendar.before)
    official_typed = voters.votes.copy()
    official_typed[planted.station] += planted.delta
    # A fault on paper is typed by both counts; one of the official typing leaves the preliminary count as people voted.
    sheets = official_typed if planted.on_paper else voters.votes
    preliminary, misread = _preliminary(typing, parameters, voters.registered, sheets, calendar, arrived, published)
    return Drawn(
        scenario=scenario,
        seed=seed,
        parameters=parameters,
        geography=geography,
        voters=voters,
        planted=planted,
        sheets=sheets,
        preliminary=preliminary,
        official=_official(parameters, official_lateness, official_typed),
        misread=misread,
    )


def _missing(rng: np.random.Generator, geography: Geography, parameters: Parameters) -> Flags:
    """Stations whose sheet the preliminary count never publishes: remote ones rather, where the order is tied."""
    chance = np.full(geography.stations, parameters.missing)
    if parameters.order == "geography":
        weight = (1.5 - geography.urban)[geography.precinct]
        chance = np.minimum(1, chance * weight / weight.mean())
    return rng.random(geography.stations) < chance


def _preliminary(
    rng: np.random.Generator,
    parameters: Parameters,
    registered: Ints,
    sheets: Ints,
    calendar: Calendar,
    arrived: Ints,
    published: Ints,
) -> tuple[CountHistory, Ints]:
    """The preliminary count: typing errors, some of them put right later, and a few sheets withdrawn."""
    misread, delta = faults.mistyped(rng, Voters(registered=registered, votes=sheets), parameters.misread, bounded=True)
    # Errors are drawn for every sheet and sifted afterwards: which sheets are missing does not change the others'
    # errors.
    seen = published[misread] != NEVER
    misread, delta = misread[seen], delta[seen]
    typed = sheets.copy()
    typed[misread] += delta
    last = len(calendar.times) - 1
    stations = len(sheets)
    put_right = np.zeros(stations, dtype=np.bool_)
    put_right[misread] = rng.random(len(misread)) < parameters.corrected
    corrected_at = _later(rng, published, put_right, last)
    taken_back = (rng.random(stations) < parameters.withdrawn) & (corrected_at == NEVER)
    withdrawn_at = _later(rng, published, taken_back, last)
    returns = (withdrawn_at != NEVER) & (rng.random(stations) < 0.5)
    history = CountHistory(
        calendar=calendar,
        arrived=arrived,
        published=published,
        typed=typed,
        corrected=sheets,
        corrected_at=corrected_at,
        withdrawn_at=withdrawn_at,
        returned_at=_later(rng, withdrawn_at, returns, last),
        observed=rng.random(stations) < OBSERVED,
    )
    return history, misread


def _later(rng: np.random.Generator, first: Ints, chosen: Flags, last: int) -> Ints:
    """For the chosen stations a snapshot after the first one, up to the last; NEVER where none is left."""
    later = np.full(len(first), NEVER, dtype=np.int64)
    rows = np.flatnonzero(chosen & (first != NEVER) & (first < last))
    later[rows] = rng.integers(first[rows] + 1, last + 1)
    return later


def _official(parameters: Parameters, lateness: Floats, typed: Ints) -> CountHistory:
    """The official count publishes every sheet once and corrects nothing."""
    calendar = arrival.official_calendar(parameters)
    arrived = arrival.official_arrivals(lateness)
    never = np.full(len(typed), NEVER, dtype=np.int64)
    return CountHistory(
        calendar=calendar,
        arrived=arrived,
        published=np.searchsorted(calendar.times, arrived),
        typed=typed,
        corrected=typed,
        corrected_at=never,
        withdrawn_at=never,
        returned_at=never,
        observed=np.zeros(len(typed), dtype=np.bool_),
    )
