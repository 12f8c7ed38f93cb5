"""When each sheet arrives, and in which publication it appears. Times are whole seconds since 1970, UTC."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from veedor.simulation.geography import Geography
from veedor.simulation.parameters import Order, Parameters
from veedor.simulation.types import Floats, Ints

ELECTION_DAY = dt.date(2031, 5, 18)
TIMEZONE = "Etc/GMT+8"
"""Eight hours behind UTC (the sign is POSIX's), all year."""

POLLS_CLOSE = int(dt.datetime(2031, 5, 18, 17, tzinfo=dt.timezone(dt.timedelta(hours=-8))).timestamp())
HOUR = 3600


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """times: int[snapshot], strictly rising. before: how many of them precede the stop (all, if there is none)."""

    times: Ints
    before: int


def draw_lateness(rng: np.random.Generator, geography: Geography, order: Order) -> Floats:
    """float[station], the higher, the later. Whole places come late together unless the order is random."""
    noise = rng.normal(0, 1, geography.stations)
    regions = rng.normal(0, 1, len(geography.names[0]))[geography.places(0)]
    precincts = rng.normal(0, 1, len(geography.urban))
    if order == "random":
        return noise
    if order == "places":
        localities = rng.normal(0, 1, len(geography.names[3]))[geography.places(3)]
        alike: Floats = 0.4 * regions + 0.7 * localities + 0.7 * precincts
        return alike[geography.precinct] + 0.5 * noise
    spread = max(float(geography.urban.std()), 1e-9)
    remote: Floats = (geography.urban.mean() - geography.urban) / spread
    place: Floats = remote + 0.4 * regions + 0.5 * precincts
    return place[geography.precinct] + 0.5 * noise


def preliminary_arrivals(lateness: Floats) -> Ints:
    """Most sheets within five hours of the close of the polls, the last ones forty hours after it."""
    return POLLS_CLOSE + np.round(HOUR * _preliminary_hours(_quantiles(lateness))).astype(np.int64)


def official_arrivals(lateness: Floats) -> Ints:
    """From the next morning on, over four days."""
    return POLLS_CLOSE + np.round(HOUR * _official_hours(_quantiles(lateness))).astype(np.int64)


def preliminary_calendar(parameters: Parameters) -> Calendar:
    """Publications at even steps of the count until the stop, then from the resumption to the end."""
    snapshots, stop = parameters.snapshots, parameters.stop_after
    end = float(_preliminary_hours(np.array([1.0]))[0]) + 0.25
    if stop is None:
        hours = _preliminary_hours(np.arange(1, snapshots + 1) / snapshots)
        hours[-1] = end
        return Calendar(times=_seconds(hours), before=snapshots)
    before = min(snapshots - 1, max(1, round(0.7 * snapshots)))
    hours = _preliminary_hours(stop * np.arange(1, before + 1) / before)
    resumed = hours[-1] + parameters.stop_hours
    after = snapshots - before
    last = max(end, resumed + 0.5 * (after - 1))
    later = np.linspace(resumed, last, after) if after > 1 else np.array([last])
    return Calendar(times=_seconds(np.concatenate([hours, later])), before=before)


def official_calendar(parameters: Parameters) -> Calendar:
    """Publications at even steps of the count, without a stop."""
    hours = _official_hours(np.arange(1, parameters.snapshots + 1) / parameters.snapshots)
    hours[-1] += 0.25
    return Calendar(times=_seconds(hours), before=parameters.snapshots)


def _quantiles(lateness: Floats) -> Floats:
    ranks = np.empty(len(lateness))
    ranks[np.argsort(lateness, kind="stable")] = np.arange(len(lateness))
    return (ranks + 0.5) / len(lateness)


def _preliminary_hours(share: Floats) -> Floats:
    hours: Floats = 0.5 + 4.5 * share + 35 * (np.maximum(share - 0.8, 0) / 0.2) ** 2
    return hours


def _official_hours(share: Floats) -> Floats:
    hours: Floats = 15 + 96 * share**1.2
    return hours


def _seconds(hours: Floats) -> Ints:
    return POLLS_CLOSE + np.ceil(HOUR * hours).astype(np.int64)
