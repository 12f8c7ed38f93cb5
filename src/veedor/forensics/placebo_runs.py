"""Methods on the clean elections of the placebo, shared by whoever is free: each has a seed of its own."""

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from veedor.forensics.method import Measured
from veedor.forensics.placebo import Fit, redraw
from veedor.forensics.registry import METHODS
from veedor.forensics.stations import Stations

Found = Mapping[str, Measured | None]


@dataclass(frozen=True, kw_only=True)
class CleanElections:
    """The measures taken of every clean election. measured: each method on the election itself; repeats: how many."""

    stations: Stations
    fitted: Fit
    seed: int
    measured: Found
    repeats: Mapping[str, int]


def measure_clean(elections: CleanElections, draw: int) -> Found:
    """Every method that still runs, on clean election number `draw`."""
    seed = elections.seed
    clean = redraw(elections.stations, elections.fitted, np.random.default_rng((seed, draw)))
    return {
        name: METHODS[name].on_clean_election(clean, seed, own)
        for name, own in elections.measured.items()
        if own is not None and draw < elections.repeats[name]
    }


def measure_all(
    elections: CleanElections, aside: Executor, progress: Callable[[int, int], None] | None = None
) -> list[Found]:
    """All clean elections, in order: `aside` starts with the first ones, this thread with the last ones."""
    most = max(elections.repeats.values(), default=0)
    asked = [aside.submit(measure_clean, elections, draw) for draw in range(most)]
    own: dict[int, Found] = {}
    for draw in reversed(range(most)):
        if not asked[draw].cancel():
            break
        own[draw] = measure_clean(elections, draw)
        if progress is not None:
            progress(len(own), most)
    found = []
    for draw, future in enumerate(asked):
        found.append(own[draw] if draw in own else future.result())
        if progress is not None:
            progress(max(draw + 1, len(own)), most)
    return found
