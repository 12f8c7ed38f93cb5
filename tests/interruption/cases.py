"""Small elections for tests: by hand, by chance, and simulated."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veedor.interruption.places import Places, places_of
from veedor.interruption.projection.donors import Donors, donors_of
from veedor.interruption.split import Split, split_at
from veedor.simulation import Parameters, draw, election_of, sheet_table
from veedor.simulation.definition import snapshot_times

Floats = NDArray[np.float64]


def tree(*paths: str) -> Places:
    """Places from paths such as "a/b/c", one for each station."""
    split = [path.split("/") for path in paths]
    levels = [f"level{depth}" for depth in range(len(split[0]))]
    return places_of(pl.DataFrame(split, schema=levels, orient="row"), levels)


def random_tree(rng: np.random.Generator, stations: int) -> Places:
    """Three levels: a few regions, towns, precincts."""
    paths = [f"{rng.integers(3)}/{rng.integers(3)}/{rng.integers(3)}" for _ in range(stations)]
    return tree(*paths)


def donors(places: Places, counted: list[bool], votes: Floats, registered: Floats) -> Donors:
    known = np.array(counted)
    return donors_of(places, counted=known, missing=~known, votes=votes, registered=registered)


def simulated_split(seed: int, *, stations: int = 600, scenario: str = "clean", order: str = "geography") -> Split:
    """A simulated election cut at its stop; universe: the official count."""
    parameters = Parameters(order=order)  # type: ignore[arg-type]  # one of its two words
    drawn = draw(stations, scenario, seed, parameters)
    election = election_of(drawn)
    before = drawn.preliminary.calendar.before - 1
    return split_at(
        election,
        election.contests[0],
        sheet_table(drawn, "preliminary", before),
        sheet_table(drawn, "official"),
        cut=snapshot_times(drawn, "preliminary")[before],
    )
