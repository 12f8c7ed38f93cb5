"""How late each place is, from when its counted sheets passed and how many of its sheets did not.

Model. The time of a sheet, on a scale where those of all sheets are standard normal, is that of its place plus its own
deviation; a place's is that of the place above plus its own; all normal. Where a sheet passed in a batch its time is
the mean of its part of the scale; a missing sheet's is the mean of what is left above the stop, given its place.
Variances by moments; a few rounds of: places given sheets, missing sheets given places. So a place of which all of six
sheets are missing is later than a place of which one of one is.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import erfcx, ndtr, ndtri

from veedor.interruption.algebra import sums
from veedor.interruption.places import Codes, Places
from veedor.interruption.projection.lateness.passing import Passing

Floats = NDArray[np.float64]

ROUNDS = 5
LEAST_NOISE = 0.02
"""Least variance of sheets around their place: with batches all of a place may share a tick."""

EDGE = 1e-9
TINY = 1e-9


@dataclass(frozen=True, kw_only=True)
class Lateness:
    """sheets: float[station], a sheet's time less its place's; 0 where neither counted nor missing.

    places: for each level from the finest up to the one below the whole, float[finest place], how much later the place
    around it is than the place above that.
    """

    sheets: Floats
    places: Floats

    @property
    def whole(self) -> Floats:
        """float[finest place], its lateness altogether."""
        return np.asarray(self.places.sum(axis=0))


def lateness(places: Places, times: Passing) -> Lateness:
    """The lateness of every place; see the module."""
    use = np.flatnonzero(times.counted | times.missing)
    late = ~times.counted[use]
    code, stop = places.codes[-1][use], float(ndtri(min(max(times.share, EDGE), 1 - EDGE)))
    time = np.full(len(use), float(_hazard(np.array([stop]))[0]))
    time[~late] = _middle(times.low[use][~late], times.high[use][~late])
    left = np.where(late, 0.5, 0.0)
    number = np.bincount(code, minlength=places.sizes[-1])
    levels = [np.zeros(0)]
    for _ in range(ROUNDS):
        mean = sums(code, time, places.sizes[-1]) / np.maximum(number, 1)
        freedom = max(len(use) - int(np.count_nonzero(number)), 1)
        # A missing sheet's time is known as a mean only: what is left of its variance belongs to the sheets' own.
        square = float(np.sum((time - mean[code]) ** 2)) + float(left.sum()) * freedom / len(use)
        noise = max(square / freedom, LEAST_NOISE)
        levels = _shrunk(places, mean, noise / np.maximum(number, 1), number > 0)
        time[late], left[late] = _beyond(stop, levels[0][code[late]], noise)
    sheets = np.zeros(len(times.counted))
    sheets[use] = time - levels[0][code]
    steps = [levels[up] - levels[up + 1][parent] for up, parent in enumerate(reversed(places.parents[1:]))]
    around = [places.around(places.finest - up) for up in range(places.finest)]
    found = np.zeros((places.finest, places.sizes[-1]))
    for row, step, at in zip(found, steps, around, strict=True):
        row[:] = step[at]
    return Lateness(sheets=sheets, places=found)


def _hazard(values: Floats) -> Floats:
    """Density of the standard normal over what is left of it above. By erfcx: NumPy's exp differs between machines."""
    return np.asarray(np.sqrt(2 / np.pi) / erfcx(values / np.sqrt(2)))


def _density(values: Floats) -> Floats:
    return np.asarray(_hazard(values) * ndtr(-values))


def _middle(low: Floats, high: Floats) -> Floats:
    """The mean of a standard normal between two of its quantiles."""
    below, above = (ndtri(np.clip(share, EDGE, 1 - EDGE)) for share in (low, high))
    return np.asarray((_density(below) - _density(above)) / np.maximum(high - low, EDGE))


def _beyond(stop: float, mean: Floats, variance: float) -> tuple[Floats, Floats]:
    """Mean and variance of normals of one variance, given that they lie above the stop."""
    sd = float(np.sqrt(variance))
    step = (stop - mean) / sd
    hazard = _hazard(step)
    return mean + sd * hazard, variance * np.clip(1 + step * hazard - hazard * hazard, 0.01, 1.0)


def _shrunk(places: Places, mean: Floats, variance: Floats, known: NDArray[np.bool_]) -> list[Floats]:
    """Every place's own value given all the data, for each level, finest first, the whole last."""
    seen, spreads = [(mean, variance, known)], []
    for depth in range(places.finest, 0, -1):
        parent, size = places.parents[depth], places.sizes[depth - 1]
        spread = variance_between(*seen[-1], parent, size)
        seen.append(combined(*seen[-1], spread, parent, size))
        spreads.append(spread)
    found = [seen[-1][0]]
    for (own, sampling, has), spread, parent in zip(
        reversed(seen[:-1]), reversed(spreads), places.parents[1:], strict=True
    ):
        above = found[-1][parent]
        trust = np.where(has, spread / (spread + sampling + TINY), 0.0)
        found.append(above + trust * (own - above))
    return found[::-1]


def variance_between(mean: Floats, variance: Floats, known: NDArray[np.bool_], parent: Codes, size: int) -> float:
    """Variance of places around their parent, by moments, less what their own estimates vary; not below 0."""
    each = np.flatnonzero(known)
    siblings = np.bincount(parent[each], minlength=size)
    each = each[siblings[parent[each]] > 1]
    if not each.size:
        return 0.0
    up = parent[each]
    residual = mean[each] - (sums(up, mean[each], size) / np.maximum(siblings, 1))[up]
    sampling = float(np.sum(variance[each] * (1.0 - 1.0 / siblings[up])))
    freedom = float(np.sum(siblings[siblings > 1] - 1))
    return max((float(np.sum(residual * residual)) - sampling) / freedom, 0.0)


def combined(
    mean: Floats, variance: Floats, known: NDArray[np.bool_], spread: float, parent: Codes, size: int
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Each parent's mean, its variance, and whether it has any data, from its known children."""
    each = np.flatnonzero(known)
    up, precision = parent[each], 1.0 / (variance[each] + spread + TINY)
    total = sums(up, precision, size)
    safe = np.maximum(total, TINY)
    return sums(up, precision * mean[each], size) / safe, np.where(total > 0, 1.0 / safe, 0.0), total > 0
