"""The election that Klimek et al. (2012) describe: how many stations each cell of the fingerprint would hold.

A station's honest turnout T and share v of the leader are normal, cut off at 0 and 1, and independent. With
probability f_i ballots are added and switched (xi ~ |N(0, theta)|), with f_e nearly all are (xi = 1 - |N(0, 0.075)|):
turnout becomes 1 - (1 - xi)(1 - T), the leader's votes T v + xi (1 - T) + xi^alpha (1 - v) T of the roll. Nothing is
drawn: xi is taken slice by slice, honest turnout by strata of equal chance, the share by the normal's integral.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import ndtr, ndtri

from veedor.forensics.stations import Floats, Ints, Stations

EXTREME = 0.075
"""Standard deviation of what an extreme station leaves untouched."""
BINS = 30
SLICES = 40
"""Slices of xi from 0 to 1; half as many for extreme stations."""
PARTS = 3
"""Points of a slice at which turnout is taken."""
STRATA = 8
"""Strata of equal chance of the honest turnout."""
TINY = 1e-9


@dataclass(frozen=True, kw_only=True)
class Shape:
    """Honest turnout: mean tau, sd spread_turnout; honest share: nu, spread_share; theta and alpha as above."""

    tau: float
    spread_turnout: float
    nu: float
    spread_share: float
    theta: float
    alpha: float


def cells(stations: Stations, bins: int = BINS) -> Ints:
    """int[bins, bins]: usable stations by turnout (rows) and the leader's share of valid votes, from 0 to 1."""
    keep = stations.usable
    turnout = stations.turned_out[keep] / stations.registered[keep]
    share = stations.leading[keep] / stations.valid[keep]
    counts = np.histogram2d(turnout, share, bins=bins, range=((0, 1), (0, 1)))[0]
    return counts.astype(np.int64)


def components(shape: Shape, bins: int = BINS) -> Floats:
    """float[3, bins, bins]: chance of each cell for an honest, an incremental, and an extreme station."""
    edges = np.linspace(0, 1, bins + 1)
    rows = np.diff(_below(edges, shape.tau, shape.spread_turnout))
    columns = np.diff(_below(edges, shape.nu, shape.spread_share))
    found = [np.outer(rows, columns)]
    turnout, chances = _strata(shape)
    for xi, weights in (_incremental(shape), _extreme()):
        rows_of = _rows(shape, xi, chances, edges)
        columns_of = _columns(shape, (xi[:-1] + xi[1:])[:, None] / 2, turnout, edges)
        mixed = (weights[:, None, None] * rows_of).reshape(-1, bins).T @ columns_of.reshape(-1, bins)
        found.append(mixed)
    return np.stack(found)


def share_components(shape: Shape, edges: Floats) -> Floats:
    """float[3, cells]: chance that the share falls between neighbouring edges, for the same three kinds."""
    found = [np.diff(_below(edges, shape.nu, shape.spread_share))]
    turnout, chances = _strata(shape)
    for xi, weights in (_incremental(shape), _extreme()):
        columns_of = _columns(shape, (xi[:-1] + xi[1:])[:, None] / 2, turnout, edges)
        found.append(np.einsum("q,t,qtj->j", weights, np.diff(chances), columns_of))
    return np.stack(found)


def mean_gain(shape: Shape) -> tuple[float, float]:
    """Leader's votes by registered voter that an incremental and an extreme station gains, on average."""
    turnout, _ = _strata(shape)
    share = Shape(
        tau=shape.nu,
        spread_turnout=shape.spread_share,
        nu=shape.nu,
        spread_share=shape.spread_share,
        theta=shape.theta,
        alpha=shape.alpha,
    )
    others = 1 - float(_strata(share)[0].mean())
    gains = []
    for xi, weights in (_incremental(shape), _extreme()):
        middle = (xi[:-1] + xi[1:])[:, None] / 2
        gained = middle * (1 - turnout) + middle**shape.alpha * others * turnout
        gains.append(float(weights @ gained.mean(axis=1)))
    return gains[0], gains[1]


def drawn(shape: Shape, fractions: tuple[float, float], rolls: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """One election of the model on these rolls: ballots cast and the leader's votes, whole numbers by station."""
    size = len(rolls)
    turnout = _truncated(rng, shape.tau, shape.spread_turnout, size)
    share = _truncated(rng, shape.nu, shape.spread_share, size)
    cast = rng.binomial(rolls, turnout)
    leader = rng.binomial(cast, share)
    kind = rng.choice(3, size, p=(1 - sum(fractions), *fractions))
    added = _truncated(rng, 0.0, shape.theta, size)
    xi = np.select([kind == 1, kind == 2], [added, 1 - _truncated(rng, 0.0, EXTREME, size)], 0.0)
    home, opposed = rng.binomial(rolls - cast, xi), rng.binomial(cast - leader, xi**shape.alpha)
    return (cast + home).astype(np.int64), (leader + home + opposed).astype(np.int64)


def _strata(shape: Shape) -> tuple[Floats, Floats]:
    """Middle of each stratum of honest turnout; chance of a turnout below each of their ends, from 0 to 1."""
    chances = np.linspace(0, 1, STRATA + 1)
    low, high = ndtr(-shape.tau / shape.spread_turnout), ndtr((1 - shape.tau) / shape.spread_turnout)
    middle = ndtri(low + (chances[:-1] + chances[1:]) / 2 * (high - low))
    return np.clip(shape.tau + shape.spread_turnout * middle, TINY, 1 - TINY), chances


def _incremental(shape: Shape) -> tuple[Floats, Floats]:
    """Ends of the slices of xi, and the chance of each."""
    ends = np.linspace(0, 1 - TINY, SLICES + 1)
    return ends, np.diff(_below(ends, 0.0, shape.theta)) / _below(ends[-1:], 0.0, shape.theta)[0]


@cache
def _extreme() -> tuple[Floats, Floats]:
    left = np.linspace(4 * EXTREME, TINY, SLICES // 2 + 1)
    chance = -np.diff(ndtr(left / EXTREME))
    return 1 - left, chance / chance.sum()


def _rows(shape: Shape, xi: Floats, chances: Floats, edges: Floats) -> Floats:
    """float[slice, stratum, bins]: chance of a stratum's turnout in each cell, averaged over the slice of xi."""
    inside = (np.arange(PARTS) + 0.5) / PARTS
    points = (xi[:-1, None] + np.diff(xi)[:, None] * inside).ravel()
    below = _below(1 - (1 - edges) / (1 - points[:, None]), shape.tau, shape.spread_turnout)
    below[:, -1] = 1.0
    part = np.clip(below[:, None, :], chances[:-1, None], chances[1:, None])
    by_slice = part.reshape(len(xi) - 1, PARTS, len(chances) - 1, len(edges)).mean(axis=1)
    return np.diff(by_slice, axis=2)


def _columns(shape: Shape, xi: Floats, turnout: Floats, edges: Floats) -> Floats:
    """float[slice, stratum, cells]: chance of each cell of the share; the slice's width is added to the spread."""
    moved = xi**shape.alpha
    after = 1 - (1 - xi) * (1 - turnout)
    slope = turnout * (1 - moved) / after
    middle = (xi * (1 - turnout) + moved * turnout) / after + slope * shape.nu
    spread = np.sqrt((slope * shape.spread_share) ** 2 + np.gradient(middle, axis=0) ** 2 / 12)
    z = (edges - middle[..., None]) / spread[..., None]
    below = ndtr(z)
    below -= below[..., :1]
    below /= np.maximum(below[..., -1:], 1e-300)
    return np.diff(below, axis=2)


def _below(x: Floats, mean: float, sd: float) -> Floats:
    """Distribution function of a normal cut off at 0 and 1."""
    low, high = ndtr(-mean / sd), ndtr((1 - mean) / sd)
    chance: Floats = (ndtr((np.clip(x, 0, 1) - mean) / sd) - low) / max(high - low, 1e-300)
    return chance


def _truncated(rng: np.random.Generator, mean: float, sd: float, size: int) -> Floats:
    low, high = ndtr(-mean / sd), ndtr((1 - mean) / sd)
    return np.clip(mean + sd * ndtri(rng.uniform(low, high, size)), 0.0, 1.0)
