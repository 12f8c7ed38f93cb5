"""A tree of places as a Gaussian model of one figure: its products in the metric of its covariance, and its sums.

y[sheet] = x[sheet] b + theta[place] + e[sheet], e ~ N(0, noise / weight); theta[place] ~ N(theta[place above],
S[level]), flat at the top. With W the covariance that this gives the counted sheets, every row r (y, or a column of x)
enters only through r' W^-1 r2: the sheets' deviations from their places, and each place's from its parent, weighted by
how surely each is known. One pass up gives these, one down what the missing sheets' total takes of each place's mean.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from veedor.interruption.algebra import added_up, gram, numbered, sums
from veedor.interruption.places import Codes, Places
from veedor.interruption.projection.lateness.places import combined, variance_between

Floats = NDArray[np.float64]
TINY = 1e-12


@dataclass(frozen=True, kw_only=True)
class Sheets:
    """The counted sheets with registered voters: at: int[sheet], their stations; place: int[sheet], the finest.

    A sheet's rate varies around its place's by chance, the less the more voters it has, and by more than chance
    (`beyond`, a share of the variance of a sheet of mean size), whatever its size. weights: float[sheet], 1 for the
    mean size; weight: float[finest place], their sum.
    """

    at: Codes
    place: Codes
    size: float
    beyond: float
    weights: Floats
    weight: Floats

    @classmethod
    def of(cls, places: Places, counted: NDArray[np.bool_], registered: Floats, votes: Floats) -> "Sheets":
        """Of the counted stations that have registered voters. votes: float[group, station], the leaders first."""
        at = np.flatnonzero(counted & (registered > 0))
        place, own = places.codes[-1][at], registered[at]
        size, beyond = float(own.mean()), _beyond_chance(place, own, votes[0, at], votes[1, at])
        weights = 1.0 / (beyond + (1 - beyond) * size / own)
        weight = sums(place, weights, places.sizes[-1])
        return cls(at=at, place=place, size=size, beyond=beyond, weights=weights, weight=weight)

    def squares(self, place: Codes, voters: Floats) -> Floats:
        """float[finest place], the variance of votes of sheets of so many voters, float[sheet], if `noise` is 1."""
        return sums(place, voters * (voters * self.beyond + (1 - self.beyond) * self.size), len(self.weight))

    def means(self, rows: Floats) -> Floats:
        """float[row, finest place], weighted means of float[row, sheet]; 0 in places without sheets."""
        return added_up(self.place, rows * self.weights, len(self.weight)) / np.maximum(self.weight, TINY)


def _beyond_chance(place: Codes, registered: Floats, first: Floats, second: Floats) -> float:
    """What of the variance of leads per voter, of a sheet of mean size around its place, is more than chance.

    By chance alone the lead of N voters varies by N (p1 + p2 - (p1 - p2)^2), p being shares of all voters.
    """
    size, voters = float(registered.mean()), float(registered.sum())
    weight, rate = registered / size, (first - second) / registered
    total = np.maximum(sums(place, weight), TINY)
    apart = rate - (sums(place, weight * rate) / total)[place]
    freedom = max(len(place) - int(np.count_nonzero(np.bincount(place))), 1)
    whole = float(np.sum(apart * apart * weight)) / freedom
    one, other = float(first.sum()) / voters, float(second.sum()) / voters
    chance = (one + other - (one - other) ** 2) / size
    return max(1.0 - chance / whole, 0.0) if whole > 0 else 0.0


@dataclass(frozen=True, kw_only=True)
class Components:
    """noise: variance of a sheet of average size around its place; spreads: of places around theirs, finest first."""

    noise: float
    spreads: tuple[float, ...]

    @property
    def deviation(self) -> float:
        """Standard deviation of places altogether: the scale of what a predictor can explain."""
        return float(np.sqrt(max(sum(self.spreads), 1e-6)))


def components(places: Places, sheets: Sheets, deviations: Floats, means: Floats) -> Components:
    """By moments. deviations: float[sheet] from the place's mean; means: float[finest place]."""
    freedom = max(len(sheets.at) - int(np.count_nonzero(sheets.weight)), 1)
    noise = max(float(np.sum(deviations * deviations * sheets.weights)) / freedom, 1e-9)
    seen, spreads = (means, noise / np.maximum(sheets.weight, TINY), sheets.weight > 0), []
    for depth in range(places.finest, 0, -1):
        parent, size = places.parents[depth], places.sizes[depth - 1]
        spreads.append(variance_between(*seen, parent, size))
        seen = combined(*seen, spreads[-1], parent, size)
    return Components(noise=noise, spreads=tuple(spreads))


@dataclass(frozen=True, kw_only=True)
class Step:
    """From one level to the next above: how surely each place is known, whether at all, and its parent."""

    variance: Floats
    known: NDArray[np.bool_]
    spread: float
    parent: Codes
    size: int


@dataclass(frozen=True, kw_only=True)
class Metric:
    """products: float[row, row], in the metric of the sheets' covariance; steps: finest first; top: variance left."""

    products: Floats
    steps: tuple[Step, ...]
    top: float


def metric(places: Places, sheets: Sheets, deviations: Floats, means: Floats, parts: Components) -> Metric:
    """deviations: float[row, sheet] from the place's mean, of those rows that vary within places, the first ones.

    means: float[row, finest place], of every row.
    """
    found = np.zeros((len(means), len(means)))
    inside = len(deviations)
    found[:inside, :inside] = gram(deviations * np.sqrt(sheets.weights / parts.noise))
    mean, variance, known = means, parts.noise / np.maximum(sheets.weight, TINY), sheets.weight > 0
    steps = []
    for depth, spread in zip(range(places.finest, 0, -1), parts.spreads, strict=True):
        parent, size = places.parents[depth], places.sizes[depth - 1]
        steps.append(Step(variance=variance, known=known, spread=spread, parent=parent, size=size))
        each = np.flatnonzero(known)
        up, precision = parent[each], 1.0 / (variance[each] + spread + TINY)
        total = sums(up, precision, size)
        safe = np.maximum(total, TINY)
        above = added_up(up, mean[:, each] * precision, size) / safe
        found += gram((mean[:, each] - above[:, up]) * np.sqrt(precision))
        mean, variance, known = above, np.where(total > 0, 1.0 / safe, 0.0), total > 0
    return Metric(products=found, steps=tuple(steps), top=float(variance[0]))


def missing_total(found: Metric, voters: Floats, noise: Floats) -> tuple[Floats, float]:
    """What of each finest place's mean enters the missing sheets' total, float[finest place]; and its variance.

    voters: float[finest place], of the missing sheets; noise: float[finest place], variance of their votes around it.
    """
    involved = np.flatnonzero(voters > 0)
    m, variance = voters[involved].copy(), noise[involved].copy()
    direct = []
    for step in found.steps:
        known, own = step.known[involved], step.variance[involved]
        joint = 1.0 / (own + step.spread + TINY)
        kept = np.where(known, step.spread * joint, 0.0)
        direct.append((involved, m * kept))
        variance = variance + m * m * np.where(known, kept * own, step.spread)
        m = m * np.where(known, own * joint, 1.0)
        above, position = numbered(step.parent[involved])
        m, variance, involved = sums(position, m, len(above)), sums(position, variance, len(above)), above
    total, shares = float(np.sum(variance + m * m * found.top)), m
    for step, (below, constant) in zip(reversed(found.steps), reversed(direct), strict=True):
        precision = np.where(step.known, 1.0 / (step.variance + step.spread + TINY), 0.0)
        gain = precision / np.maximum(sums(step.parent, precision, step.size), TINY)[step.parent]
        shares = shares[step.parent] * gain
        shares[below] += constant
    return shares, total
