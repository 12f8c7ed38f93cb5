"""How many stations to draw, and how many of each stratum.

Voters for a margin E at z (NDI, *The Quick Count and Election Observation*): n = p (1 - p) / (E²/z² + p (1 - p) / N)
with p = 1/2, as for a sample of single voters; times a design effect it is one of stations.
Stations are the voters over the mean of a station, to the nearest.

Proportional allocation is n_h = n N_h / N; Neyman's (1934) n_h = n N_h S_h / sum of N_h S_h, S_h the standard deviation
within the stratum. A stratum has at least `minimum` stations and at most all of its own; fractions are rounded by
largest remainders, ties in the strata's order.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from veedor.errors import VeedorError

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Needed:
    """Size for a margin: voters, and the stations that hold as many."""

    voters: int
    stations: int


def size_for(margin: float, z: float, voters: int, per_station: float, design_effect: float = 1.0) -> Needed:
    """The formula above. margin: half the interval, a fraction; voters: N; per_station: mean voters of a station."""
    variance = 0.25
    simple = variance / ((margin / z) ** 2 + variance / voters)
    asked = min(float(voters), simple * design_effect)
    return Needed(voters=round(asked), stations=max(1, round(asked / per_station)))


def allocated(stations: Sequence[int], weights: Floats, size: int, minimum: int) -> list[int]:
    """Stations to draw of each stratum, in proportion to weights. stations: of each stratum. Raises VeedorError."""
    most = np.array(stations, dtype=np.int64)
    least = np.minimum(most, minimum)
    if not least.sum() <= size <= most.sum():
        raise VeedorError(
            f"a sample of {size:,} stations: wanted {int(least.sum()):,} to {int(most.sum()):,}, which is `minimum` of "
            "each stratum, and all stations"
        )
    fixed = np.full(len(most), -1, dtype=np.int64)
    while True:
        free = fixed < 0
        share = _shares(weights, most, free, size - int(fixed[~free].sum()))
        low, high = free & (share < least), free & (share > most)
        # What is bound more strongly goes first, so that the rest is shared once.
        if (least - share)[low].sum() >= (share - most)[high].sum() and low.any():
            fixed[low] = least[low]
        elif high.any():
            fixed[high] = most[high]
        else:
            break
    whole = np.where(free, np.floor(share), fixed).astype(np.int64)
    rest = np.where(free & (whole < most), share - whole, -1.0)
    for at in np.argsort(-rest, kind="stable")[: size - int(whole.sum())]:
        whole[at] += 1
    return [int(each) for each in whole]


def _shares(weights: Floats, most: npt.NDArray[np.int64], free: npt.NDArray[np.bool_], size: int) -> Floats:
    """float[stratum], the free strata's part of what is left; by their stations where nothing is known to vary."""
    mine = np.where(free, weights, 0.0)
    mine = mine if mine.sum() > 0 else np.where(free, most, 0).astype(np.float64)
    shares: Floats = size * mine / mine.sum() if mine.sum() > 0 else mine
    return shares
