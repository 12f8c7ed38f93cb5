"""How the leader's share moves with the order of count, raw and among the sheets of one place.

A slope that vanishes within places says that *which places* came late moved the share, not when a place's sheets came.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from veedor.interruption.algebra import inner, sums
from veedor.interruption.places import Places
from veedor.interruption.regression.shuffles import CRITICAL, anew, short
from veedor.interruption.regression.within import demeaned

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Slope:
    """Points of the leader's share for each per cent of sheets counted, with an intercept for each place of a level.

    p_value: two-sided, by the slope's exact variance over all ways to shuffle the sheets of each place (a place's sums
    of squares of x and y over n - 1; Cochran, Sampling Techniques) and a normal distribution; false_alarms: share of
    the `shuffles` drawn in which the test by robust errors rejects at 5 %.
    """

    clock: str
    level: str
    slope: float | None
    se: float | None
    n: int
    p_value: float | None = None
    shuffles: int = 0
    false_alarms: float | None = None


def slopes(
    clock: str,
    places: Places,
    position: Floats,
    share: Floats,
    *,
    shuffles: tuple[int, int] = (0, 0),
    rng: np.random.Generator | None = None,
) -> list[Slope]:
    """The slope at every level. position, share: float[station], NaN where unknown; robust standard errors (HC1).

    shuffles: how many at the levels above the finest, and at the finest; rng: for them.
    """
    # The same sheets at every level, so that slopes differ by the intercepts alone and can be compared.
    usable = ~np.isnan(position) & ~np.isnan(share)
    return [
        _slope(
            clock,
            level,
            position[usable],
            share[usable],
            codes[usable],
            shuffles=shuffles[depth == places.finest],
            rng=rng if rng is not None else np.random.default_rng(0),
        )
        for depth, (level, codes) in enumerate(zip(places.levels, places.codes, strict=True))
    ]


def _slope(
    clock: str,
    level: str,
    position: Floats,
    share: Floats,
    place: NDArray[np.int64],
    *,
    shuffles: int,
    rng: np.random.Generator,
) -> Slope:
    size = int(place.max(initial=-1)) + 1
    x, y = demeaned(position, place, size), demeaned(share, place, size)
    spread, n = inner(x, x), len(x)
    freedom = n - int(np.count_nonzero(np.bincount(place, minlength=size))) - 1
    if spread < 1e-9 or freedom < 1:
        return Slope(clock=clock, level=level, slope=None, se=None, n=n)
    slope = inner(x, y) / spread
    scores = x * (y - slope * x)
    sheets = np.bincount(place, minlength=size)
    # A place of one sheet cannot be shuffled: its squares are 0, and the 1 below them only avoids 0 / 0.
    variance = inner(sums(place, x * x, size) / np.maximum(sheets - 1, 1), sums(place, y * y, size))
    rejected = _rejected(x, y, place, n / freedom, shuffles, rng)
    return Slope(
        clock=clock,
        level=level,
        slope=slope,
        se=float(np.sqrt(inner(scores, scores) * n / freedom)) / spread,
        n=n,
        p_value=math.erfc(abs(slope) * spread / math.sqrt(2.0 * variance)) if variance > 0 else None,
        shuffles=shuffles,
        false_alarms=rejected / shuffles if shuffles else None,
    )


def _rejected(
    x: Floats, y: Floats, place: NDArray[np.int64], factor: float, shuffles: int, rng: np.random.Generator
) -> int:
    """In how many shuffles of x within places the slope lies beyond its robust error; x, y: places' means taken off."""
    sorted_by_place, codes = np.argsort(place, kind="stable"), short(place)
    y, spread, fourth = y[sorted_by_place], inner(x, x), inner(x * x, x * x)
    rejected = 0
    for _ in range(shuffles):
        dealt = np.take(x, anew(codes, rng))
        both = dealt * y
        slope = float(np.add.reduce(both)) / spread
        # The sum of x^2 (y - b x)^2, expanded.
        square = inner(both, both) - 2.0 * slope * inner(dealt * dealt, both) + slope**2 * fourth
        rejected += slope**2 * spread**2 > CRITICAL**2 * factor * max(square, 0.0)
    return rejected
