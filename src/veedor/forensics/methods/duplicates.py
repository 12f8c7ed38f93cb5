"""Rows of results that are equal, within a place and between places, against simulation."""

from dataclasses import dataclass

import numpy as np

from veedor.forensics.stations import Stations

LEAST_VALID = 20
FEWEST = 100


@dataclass(frozen=True, kw_only=True)
class Duplicates:
    """Pairs of stations with the same votes for every choice: all of them, and those within one place."""

    stations: int
    pairs: int
    within: int


def duplicates(stations: Stations) -> Duplicates | None:
    """None with fewer than FEWEST stations of at least LEAST_VALID valid votes."""
    keep = stations.valid >= LEAST_VALID
    if keep.sum() < FEWEST:
        return None
    weights = np.random.Generator(np.random.PCG64(20191020)).integers(1, 2**62, stations.votes.shape[1] + 1)
    with np.errstate(over="ignore"):
        rows = (stations.votes[keep] * weights[:-1]).sum(axis=1)
        placed = rows + stations.finest[keep] * weights[-1]
    return Duplicates(stations=int(keep.sum()), pairs=_pairs(rows), within=_pairs(placed))


def _pairs(keys: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> int:
    """Pairs of equal keys; keys are 64-bit mixes of whole rows, so that a chance clash is out of reach."""
    counts = np.unique(keys, return_counts=True)[1]
    return int((counts * (counts - 1) // 2).sum())
