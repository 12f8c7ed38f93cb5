"""An invented country: five nested levels of places of very unequal sizes, and stations in the lowest."""

from dataclasses import dataclass

import numpy as np

from veedor.simulation.names import place_names
from veedor.simulation.types import Floats, Ints

LEVELS = ("region", "province", "municipality", "locality", "precinct")

STATIONS_PER_PRECINCT = 6.5
"""Bolivia 2019: 34,555 stations in 5,296 precincts."""

CENTRE = (-28.0, -121.0)
"""Latitude and longitude of the country's middle: open ocean, so that it is nobody's."""

SCATTER = (2.2, 0.9, 0.35, 0.12, 0.02)
"""Degrees by which places scatter round the place above, broadest first; precincts by the last."""

WITHOUT_COORDINATES = 0.01
"""Share of precincts whose coordinates are unknown; at least one."""


@dataclass(frozen=True, kw_only=True)
class Geography:
    """Places and the stations in them. Stations are numbered 0, 1, ... place by place.

    levels: the levels of places, broadest first; names: for each of them, the names of its places.
    above: for each level, int[place] -> the place of the level above (for the broadest: all 0).
    precinct: int[station]. rank: int[station], 0, 1, ... within its precinct.
    urban: float[precinct], 0 (remote) to 1 (the largest city).
    latitude, longitude: float[precinct], degrees; NaN where unknown.
    """

    names: tuple[list[str], ...]
    above: tuple[Ints, ...]
    precinct: Ints
    rank: Ints
    urban: Floats
    latitude: Floats
    longitude: Floats
    levels: tuple[str, ...] = LEVELS

    @property
    def stations(self) -> int:
        """Number of stations."""
        return len(self.precinct)

    def places(self, level: int, of_precincts: Ints | None = None) -> Ints:
        """int[precinct] -> place of the level (0: region); or the same for the precincts given."""
        index = np.arange(len(self.names[-1])) if of_precincts is None else of_precincts
        for lower in range(len(self.names) - 1, level, -1):
            index = self.above[lower][index]
        return index


def draw_geography(rng: np.random.Generator, stations: int) -> Geography:
    """A country with that many stations. Numbers of places follow Bolivia's 2019, scaled."""
    sizes = _numbers_of_places(stations)
    above: list[Ints] = [np.zeros(sizes[0], dtype=np.int64)]
    # Regions are somewhat unequal, cities very much so: a few localities hold many of the precincts.
    for level, size in enumerate(sizes[1:], start=1):
        weights = rng.pareto(1.1, sizes[level - 1]) if level == 4 else rng.lognormal(0, 0.7, sizes[level - 1])
        above.append(np.repeat(np.arange(sizes[level - 1]), shared_out(rng, size, weights)))
    per_locality = np.bincount(above[4], minlength=sizes[3])
    weights = rng.lognormal(0, 0.9, sizes[4]) * per_locality[above[4]] ** 0.35
    per_precinct = shared_out(rng, stations, weights)
    names = tuple(place_names(rng, level, above[level], rank_within(above[level])) for level in range(len(LEVELS)))
    locality_stations = np.bincount(above[4], weights=per_precinct, minlength=sizes[3])
    urban = np.log(locality_stations) / np.log(max(locality_stations.max(), 2.0))
    latitude, longitude = coordinates(rng, above)
    precinct = np.repeat(np.arange(sizes[4]), per_precinct)
    return Geography(
        names=names,
        above=tuple(above),
        precinct=precinct,
        rank=rank_within(precinct),
        urban=urban[above[4]],
        latitude=latitude,
        longitude=longitude,
    )


def rank_within(group: Ints) -> Ints:
    """int[unit] group numbers that never fall -> 0, 1, ... within each group."""
    starts = np.flatnonzero(np.diff(group, prepend=group[0] - 1))
    lengths = np.diff(starts, append=len(group))
    return np.arange(len(group)) - np.repeat(starts, lengths)


def _numbers_of_places(stations: int) -> tuple[int, int, int, int, int]:
    regions = max(3, round(2 * stations**0.14))
    provinces = max(regions, round(stations**0.45))
    municipalities = max(provinces, round(stations**0.56))
    precincts = max(municipalities, round(stations / STATIONS_PER_PRECINCT))
    localities = max(municipalities, round(0.7 * precincts))
    return regions, provinces, municipalities, localities, max(precincts, localities)


def shared_out(rng: np.random.Generator, total: int, weights: Floats) -> Ints:
    """Share out total among the weights at random, at least 1 each. -> int[weight], sums to total."""
    return 1 + rng.multinomial(total - len(weights), weights / weights.sum())


def coordinates(rng: np.random.Generator, above: list[Ints]) -> tuple[Floats, Floats]:
    """Precincts scattered round their localities, those round their municipalities, and so on, inside the coast."""
    x, y = np.zeros(1), np.zeros(1)
    for parents, spread in zip(above, SCATTER[: len(above) - 1] + SCATTER[-1:], strict=True):
        x = x[parents] + rng.normal(0, spread, len(parents))
        y = y[parents] + rng.normal(0, spread, len(parents))
        x, y = _inside_the_coast(x, y)
    unknown = rng.random(len(x)) < WITHOUT_COORDINATES
    unknown[rng.integers(len(x))] = True
    latitude = np.where(unknown, np.nan, np.round(CENTRE[0] + y, 6))
    longitude = np.where(unknown, np.nan, np.round(CENTRE[1] + x, 6))
    return latitude, longitude


def _inside_the_coast(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Pull points beyond the coast back to just inside it. The coast is a bent oval in polar coordinates."""
    angle, radius = np.arctan2(y, x), np.hypot(x, y)
    coast = 3.6 + 0.7 * np.sin(2 * angle + 0.4) + 0.45 * np.sin(3 * angle) + 0.2 * np.sin(7 * angle + 1)
    factor = np.where(radius > coast, 0.97 * coast / np.maximum(radius, 1e-9), 1.0)
    return x * factor, y * factor
