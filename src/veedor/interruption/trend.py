"""How the leader's share moves with the order of count, raw and among the sheets of one place.

A slope that vanishes within places says that *which places* came late moved the share, not when a place's sheets came.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from veedor.interruption.algebra import inner
from veedor.interruption.places import Places
from veedor.interruption.within import demeaned

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Slope:
    """Points of the leader's share for each per cent of sheets counted, with an intercept for each place of a level."""

    clock: str
    level: str
    slope: float | None
    se: float | None
    n: int


def slopes(clock: str, places: Places, position: Floats, share: Floats) -> list[Slope]:
    """The slope at every level. position, share: float[station], NaN where unknown; robust standard errors (HC1)."""
    usable = ~np.isnan(position) & ~np.isnan(share)
    return [
        _slope(clock, level, position[usable], share[usable], codes[usable])
        for level, codes in zip(places.levels, places.codes, strict=True)
    ]


def _slope(clock: str, level: str, position: Floats, share: Floats, place: NDArray[np.int64]) -> Slope:
    size = int(place.max(initial=-1)) + 1
    x, y = demeaned(position, place, size), demeaned(share, place, size)
    spread, n = inner(x, x), len(x)
    freedom = n - int(np.count_nonzero(np.bincount(place, minlength=size))) - 1
    if spread < 1e-9 or freedom < 1:
        return Slope(clock=clock, level=level, slope=None, se=None, n=n)
    slope = inner(x, y) / spread
    scores = x * (y - slope * x)
    return Slope(
        clock=clock, level=level, slope=slope, se=float(np.sqrt(inner(scores, scores) * n / freedom)) / spread, n=n
    )
