"""Clean elections on this very election's stations: same sizes, geography, turnout and preferences, redrawn by chance.

Each place's turnout and shares are shrunk towards those of the place around it, level by level from the whole (as if
PRIOR voters more had voted like that), so that a unanimous village in a unanimous valley stays one; a station's own
probabilities scatter around them as much as this election's stations do around the others of their place (Dirichlet,
by the method of moments; around a mean that holds the station itself they would seem to scatter less).
What was done to an election before is in the fitted places too: the placebo is clean of faults within places only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from veedor.forensics.methods.siblings import compare
from veedor.forensics.stations import Floats, Ints, Stations

PRIOR = 50.0
LEAST_PRECISION = 5.0
MOST_PRECISION = 1e5


@dataclass(frozen=True, kw_only=True)
class Fit:
    """turnout: float[station]; shares: float[station, choice + 1], the last for blank and null; precisions."""

    turnout: Floats
    shares: Floats
    turnout_precision: float
    share_precision: float


def fit(stations: Stations) -> Fit:
    """Expected turnout and ballots of each station by its place."""
    nested = stations.down_to_finest
    registered = stations.registered.astype(np.float64)
    took_part = np.minimum(stations.turned_out, stations.registered).astype(np.float64)
    ballots = np.column_stack([stations.votes, stations.empty]).astype(np.float64)
    turnout = _shrunk(took_part[:, None], registered, nested)[:, 0]
    shares = _shrunk(ballots, ballots.sum(axis=1), nested)
    places = stations.finest
    return Fit(
        turnout=turnout,
        shares=shares,
        turnout_precision=_precision(stations.turned_out, stations.registered, places),
        share_precision=_precision(stations.leading, stations.cast, places),
    )


def redraw(stations: Stations, fitted: Fit, rng: np.random.Generator) -> Stations:
    """One clean election: ballots from the roll, then votes from the ballots."""
    p = np.clip(fitted.turnout, 1e-6, 1 - 1e-6)
    k = fitted.turnout_precision
    p = np.clip(rng.beta(p * k, (1 - p) * k), 0.0, 1.0)
    took_part = rng.binomial(stations.registered, p)
    took_part = np.where(stations.registered > 0, took_part, stations.turned_out).astype(np.int64)
    weights = rng.standard_gamma(np.maximum(fitted.shares, 1e-6) * fitted.share_precision)
    weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-300)
    weights = np.where(weights.sum(axis=1, keepdims=True) > 0.5, weights, fitted.shares)
    weights /= weights.sum(axis=1, keepdims=True)
    ballots = rng.multinomial(took_part, weights).astype(np.int64)
    votes = np.ascontiguousarray(ballots[:, :-1])
    return replace(stations, votes=votes, empty=ballots[:, -1], turned_out=took_part)


def _shrunk(parts: Floats, whole: Floats, nested: Sequence[Ints]) -> Floats:
    """float[station, part]: the finest place's proportions, each level's drawn towards those of the level around it."""
    around = parts.sum(axis=0) / max(float(whole.sum()), 1.0)
    outer = np.zeros(len(whole), dtype=np.int64)
    shrunk: Floats = around[None, :]
    for codes in nested:
        first = np.unique(codes, return_index=True)[1]
        sums = np.stack([np.bincount(codes, weights=column) for column in parts.T], axis=1)
        sizes = np.bincount(codes, weights=whole)
        shrunk = (sums + PRIOR * shrunk[outer[first]]) / (sizes + PRIOR)[:, None]
        outer = codes
    by_station: Floats = shrunk[outer]
    return by_station


def _precision(part: Ints, whole: Ints, places: Ints) -> float:
    """Precision of the beta whose correlation of two voters is that of stations within their places."""
    found = compare(part, whole, places, part <= whole)
    if found is None:
        return MOST_PRECISION
    return float(np.clip(1 / found.scatter - 1, LEAST_PRECISION, MOST_PRECISION))
