"""Places of a kind of election: levels as asked for, precincts as unequal as asked for."""

from itertools import pairwise

import numpy as np

from veedor.simulation.geography import LEVELS, Geography, coordinates, rank_within, shared_out
from veedor.simulation.kinds.kind import Kind
from veedor.simulation.names import place_names
from veedor.simulation.types import Floats, Ints


def kind_geography(rng: np.random.Generator, kind: Kind, stations: int) -> Geography:
    """A country of so many stations."""
    sizes = [min(kind.regions, stations)]
    for per in kind.stations_per:
        sizes.append(min(max(sizes[-1], round(stations / per)), stations))
    above: list[Ints] = [np.zeros(sizes[0], dtype=np.int64)]
    for outer, inner in pairwise(sizes):
        weights = rng.lognormal(0, 0.7, outer)
        above.append(np.repeat(np.arange(outer), shared_out(rng, inner, weights)))
    weights = np.minimum(1 + rng.pareto(kind.unequal, sizes[-1]), 60)
    per_precinct = shared_out(rng, stations, weights)
    precinct = np.repeat(np.arange(sizes[-1]), per_precinct)
    towns = np.bincount(above[-1], weights=per_precinct, minlength=sizes[-2])
    urban = np.log(towns) / np.log(max(float(towns.max()), 2.0))
    latitude, longitude = coordinates(rng, above)
    return Geography(
        names=tuple(
            place_names(rng, LEVELS.index(level), parents, rank_within(parents))
            for level, parents in zip(kind.levels, above, strict=True)
        ),
        above=tuple(above),
        precinct=precinct,
        rank=rank_within(precinct),
        urban=urban[above[-1]],
        latitude=latitude,
        longitude=longitude,
        levels=kind.levels,
    )


def by_level(rng: np.random.Generator, geography: Geography, spread: tuple[float, ...]) -> Floats:
    """float[precinct], normal effects of the places around it added up; spread: standard deviation by level."""
    total = np.zeros(len(geography.urban))
    for level, deviation in enumerate(spread):
        total += rng.normal(0, 1, len(geography.names[level]))[geography.places(level)] * deviation
    return total


def urbanity(geography: Geography) -> Floats:
    """float[precinct], how large the town around it is, standardised over stations."""
    urban, weight = geography.urban, np.bincount(geography.precinct, minlength=len(geography.urban))
    centred = urban - np.average(urban, weights=weight)
    return np.asarray(centred / max(float(np.sqrt(np.average(centred**2, weights=weight))), 1e-9))


def remoteness(rng: np.random.Generator, geography: Geography, kind: Kind) -> Floats:
    """float[precinct], mean about 0 and standard deviation about 1, of the shape asked for."""
    levels = np.sqrt(np.array(kind.remote_levels) / max(sum(kind.remote_levels), 1e-9))
    bell = by_level(rng, geography, tuple(levels))
    rank = (np.argsort(np.argsort(bell, kind="stable"), kind="stable") + 0.5) / len(bell)
    match kind.remote_shape:
        case "normal":
            return bell
        case "exponential":
            return np.asarray(-np.log(1 - rank) - 1)
        case "threshold":
            return np.where(rank > 0.8, 2.0, -0.5)
        case "uniform":
            return np.asarray((rank - 0.5) * np.sqrt(12))
