"""Thousands of stations as fewer weighted ones: a lattice whose weights keep every moment up to the third.

A station's log likelihood is a smooth function of (log-odds of turning out, log-odds of the leader's share of the
valid votes, registered). Its value at a station is Lagrange's cubic interpolation of its values at 4 x 4 x 4 lattice
points, so the sum over stations is a sum over lattice points with fixed weights, for every parameter. Stations near an
edge, small ones and those with few others in their part of the lattice stay as they are. The error that is left is
measured: the sampler's draws are weighed by the likelihood of all stations (see `reweigh`).
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from veedor.forensics.mixture.data import Counts
from veedor.forensics.stations import Floats, Ints

STEP = 0.25
"""Of the lattice, in log-odds."""
SIZE_STEP = 50.0
"""Of the lattice, in registered voters."""
EDGE = 4
"""Counts (abstained, for the leader, for others) below which a station stays as it is."""
SMALLEST = 50
ROUNDS = 8
"""Of leaving stations out of the lattice that need more points of their own than the one row they are."""


def thin(counts: Counts) -> Counts:
    """The same sum of log likelihoods, nearly, over fewer rows."""
    keep = _alone(counts)
    if keep.all():
        return counts
    keys, weights = _lattice(counts, np.flatnonzero(~keep))
    points, where = _distinct(keys)
    if len(points) + int(keep.sum()) >= counts.stations:
        return counts
    mass = np.bincount(where, weights=weights, minlength=len(points))
    group, turnout, share, size = points.T
    registered = size * SIZE_STEP
    valid = registered / (1 + np.exp(-turnout * STEP))
    leading = valid / (1 + np.exp(-share * STEP))
    return replace(
        counts,
        registered=np.concatenate([counts.registered[keep], registered]),
        abstained=np.concatenate([counts.abstained[keep], registered - valid]),
        leading=np.concatenate([counts.leading[keep], leading]),
        weight=np.concatenate([counts.weight[keep], mass]),
        group=np.concatenate([counts.group[keep], group]),
    )


def _alone(counts: Counts) -> NDArray[np.bool_]:
    """Stations that stay as they are."""
    others = counts.registered - counts.abstained - counts.leading
    least = np.minimum(np.minimum(counts.abstained, counts.leading), others)
    keep: NDArray[np.bool_] = (least < EDGE) | (counts.registered < SMALLEST)
    for _ in range(ROUNDS):
        rest = np.flatnonzero(~keep)
        if len(rest) == 0:
            break
        _, where = _distinct(_lattice(counts, rest)[0])
        shares = (1 / np.bincount(where))[where]  # of a point, by the number of stations it serves
        keep[rest[shares.reshape(len(rest), -1).sum(axis=1) > 1]] = True
    return keep


def _lattice(counts: Counts, rows: Ints) -> tuple[Ints, Floats]:
    """Lattice points int[row * 64, 4] (group, turnout, share, size) and the weight of each for its station."""
    registered, abstained, leading = counts.registered[rows], counts.abstained[rows], counts.leading[rows]
    valid = registered - abstained
    places = [np.log(valid / abstained) / STEP, np.log(leading / (valid - leading)) / STEP, registered / SIZE_STEP]
    starts = [np.floor(place).astype(np.int64) - 1 for place in places]
    # A size below the smallest lattice point would need a negative roll: the interpolation then starts at 1.
    starts[2] = np.maximum(starts[2], 1)
    shares = [_cubic(place - start) for place, start in zip(places, starts, strict=True)]
    weights = np.einsum("ri,rj,rk->rijk", *shares) * counts.weight[rows, None, None, None]
    offsets = np.stack(np.meshgrid(*[np.arange(4)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    points = np.stack(starts, axis=1)[:, None, :] + offsets
    group = np.broadcast_to(counts.group[rows, None, None], (len(rows), 64, 1))
    keys: Ints = np.concatenate([group, points], axis=2).reshape(-1, 4)
    return keys, weights.reshape(-1)


def _distinct(keys: Ints) -> tuple[Ints, Ints]:
    """Distinct rows, and the place of each row among them: by one number a row, which sorts faster than rows do."""
    least = keys.min(axis=0)
    shape = keys.max(axis=0) - least + 1
    numbers, where = np.unique(np.ravel_multi_index(tuple((keys - least).T), tuple(shape)), return_inverse=True)
    points: Ints = np.stack(np.unravel_index(numbers, tuple(shape)), axis=1).astype(np.int64) + least
    return points, where.astype(np.int64)


def _cubic(t: Floats) -> Floats:
    """Lagrange's weights at 0, 1, 2, 3 for a value at t; float[row, 4]."""
    a, b, c, d = t, t - 1, t - 2, t - 3
    found: Floats = np.stack([-b * c * d / 6, a * c * d / 2, -a * b * d / 2, a * b * c / 6], axis=1)
    return found
