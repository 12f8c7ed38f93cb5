"""A projection by partial pooling: each place borrows from the places around it as much as its own data are thin.

Model. y[s] = (first, second, other) votes of sheet s per registered voter. y[s] = theta[place of s] + e[s] with
e[s] ~ N(0, E * mean(N) / N[s]); theta[place] ~ N(theta[place one level up], S[level]); flat at the top.
E and each S are estimated from the counted sheets by moments (within-place and between-place covariances, less the
sampling covariance of the places' estimates, cut to positive semi-definite).

Everything being Gaussian and a tree, the total over missing sheets has an exact mean and covariance: one pass up for
the estimates, one more for the total's coefficients. Nothing is drawn until the end. Uncertainty of E and S is not
in it; `validation` measures what that costs and widens the intervals by it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from veedor.interruption.places import Codes, Places

Floats = NDArray[np.float64]
TINY = 1e-12


@dataclass(frozen=True, kw_only=True)
class Total:
    """Votes of all missing sheets together: mean float[group] and covariance float[group, group]."""

    mean: Floats
    covariance: Floats

    def widened(self, factor: float) -> "Total":
        """The same mean with every standard deviation times the factor."""
        return Total(mean=self.mean, covariance=self.covariance * factor**2)

    def draws(self, rng: np.random.Generator, number: int) -> Floats:
        """float[draw, group], not below zero."""
        return np.maximum(rng.multivariate_normal(self.mean, self.covariance, size=number, method="eigh"), 0.0)


@dataclass(frozen=True, kw_only=True)
class _Estimates:
    """What the sheets below say of each place of a level: mean [place, group], covariance; known: if there are any."""

    mean: Floats
    covariance: Floats
    known: NDArray[np.bool_]


def project(
    places: Places,
    *,
    counted: NDArray[np.bool_],
    missing: NDArray[np.bool_],
    votes: Floats,
    registered: Floats,
    registered_missing: Floats,
    covariates: Floats | None = None,
) -> Total:
    """The total over the missing sheets. counted, missing: bool[station]; votes: float[station, group] of the counted.

    registered: float[station] as the counted sheets state it; registered_missing: float[station] of the universe.
    covariates: float[station, k], known of counted and missing sheets alike; they act linearly on the rates, with
      slopes estimated among the counted sheets of the same place two levels up from the finest.
    """
    usable = np.flatnonzero(counted & (registered > 0))
    rates = votes[usable] / registered[usable, None]
    weights = registered[usable] / registered[usable].mean()
    explained = np.zeros(rates.shape[1])
    if covariates is not None:
        slopes = _slopes(places.codes[max(len(places.levels) - 3, 0)][usable], covariates[usable], rates, weights)
        rates = rates - covariates[usable] @ slopes
        explained = (registered_missing[missing, None] * (covariates[missing] @ slopes)).sum(axis=0)
    upward, spreads, noise = _upward(places, usable, rates, weights)
    size = float(registered[usable].mean())
    total = _total(places, missing, registered_missing, upward, spreads, noise * size)
    return Total(mean=total.mean + explained, covariance=total.covariance)


def sizes(places: Places) -> Floats:
    """float[station, 4]: how small a station's place is, at the finest level and the one above: 1/n and log n stations.

    Small places often vote unlike the larger ones around them; without this, a place of one sheet that is missing
    would be taken for its neighbours.
    """
    columns = []
    for codes, size in list(zip(places.codes, places.sizes, strict=True))[-2:]:
        stations = np.bincount(codes, minlength=size)[codes].astype(np.float64)
        columns += [1.0 / stations, np.log(stations)]
    return np.stack(columns, axis=1)


def _slopes(place: Codes, covariates: Floats, rates: Floats, weights: Floats) -> Floats:
    """float[covariate, group]: weighted least squares with an intercept for each place."""
    size = int(place.max(initial=-1)) + 1
    weight = np.maximum(np.bincount(place, weights, size), TINY)

    def inner(values: Floats) -> Floats:
        centre = _sum_by(place, values * weights[:, None], size) / weight[:, None]
        return (values - centre[place]) * np.sqrt(weights)[:, None]

    return np.asarray(np.linalg.lstsq(inner(covariates), inner(rates), rcond=None)[0])


def _upward(
    places: Places, usable: Codes, rates: Floats, weights: Floats
) -> tuple[list[_Estimates], list[Floats], Floats]:
    """Estimates for every level, finest first, the covariance of each level around the one above, and the sheets'."""
    finest = places.codes[-1][usable]
    size = places.sizes[-1]
    weight = np.bincount(finest, weights, size)
    sheets = np.bincount(finest, minlength=size)
    mean = _sum_by(finest, rates * weights[:, None], size) / np.maximum(weight, TINY)[:, None]
    residual = (rates - mean[finest]) * np.sqrt(weights)[:, None]
    freedom = max(int(sheets.sum()) - int(np.count_nonzero(sheets)), 1)
    noise = _semidefinite(residual.T @ residual / freedom)
    covariance = noise / np.maximum(weight, TINY)[:, None, None]
    estimates = [_Estimates(mean=mean, covariance=covariance, known=sheets > 0)]
    spreads = []
    for depth in range(len(places.levels) - 1, 0, -1):
        parent = _parents(places, depth)
        spread = _between(estimates[-1], parent)
        spreads.append(spread)
        estimates.append(_combined(estimates[-1], parent, places.sizes[depth - 1], spread))
    return estimates, spreads, noise


def _parents(places: Places, depth: int) -> Codes:
    """For each place of a level, the place one level up."""
    parent = np.zeros(places.sizes[depth], dtype=np.int64)
    parent[places.codes[depth]] = places.codes[depth - 1]
    return parent


def _between(below: _Estimates, parent: Codes) -> Floats:
    """Covariance of places around their parent: between known siblings, less what their own estimates vary."""
    known = below.known
    up, mean = parent[known], below.mean[known]
    size = int(parent.max(initial=-1)) + 1
    siblings = np.bincount(up, minlength=size)
    centre = _sum_by(up, mean, size) / np.maximum(siblings, 1)[:, None]
    family = siblings[up] > 1
    if not family.any():
        return np.zeros((mean.shape[1], mean.shape[1]))
    residual = (mean - centre[up])[family]
    freedom = float(np.sum(siblings[siblings > 1] - 1))
    # Each place's own covariance enters the sum of squares (k - 1) / k times, k siblings.
    share = (1.0 - 1.0 / siblings[up][family])[:, None, None]
    sampling = np.sum(below.covariance[known][family] * share, axis=0)
    return _semidefinite((residual.T @ residual - sampling) / freedom)


def _combined(below: _Estimates, parent: Codes, size: int, spread: Floats) -> _Estimates:
    """Each parent from its known children, weighted by how surely each speaks for the parent."""
    known = below.known
    groups = below.mean.shape[1]
    precision = _inverse(below.covariance[known] + spread + TINY * np.eye(groups))
    up = parent[known]
    total = _added_up(up, precision, size)
    weighted = _added_up(up, np.einsum("cij,cj->ci", precision, below.mean[known]), size)
    has = np.bincount(up, minlength=size) > 0
    covariance = np.zeros_like(total)
    covariance[has] = _inverse(total[has])
    return _Estimates(mean=np.einsum("pij,pj->pi", covariance, weighted), covariance=covariance, known=has)


def _total(
    places: Places,
    missing: NDArray[np.bool_],
    registered: Floats,
    estimates: list[_Estimates],
    spreads: list[Floats],
    noise: Floats,
) -> Total:
    """Mean and covariance of sum N[s] y[s] over missing sheets.

    Going up, the sum over the sheets below a place is M theta[place] + constant + noise of covariance Q.
    A child with data has theta = C S^-1 theta[parent] + C V^-1 m + N(0, C), C = (S^-1 + V^-1)^-1, its own estimate
    being m with covariance V; a child without data has theta = theta[parent] + N(0, S).
    """
    groups = noise.shape[0]
    voters = np.bincount(places.codes[-1][missing], registered[missing], places.sizes[-1])
    coefficient = voters[:, None, None] * np.eye(groups)
    constant = np.zeros((places.sizes[-1], groups))
    covariance = voters[:, None, None] * noise
    waiting = voters > 0
    for step, depth in enumerate(range(len(places.levels) - 1, 0, -1)):
        parent = _parents(places, depth)
        involved = np.flatnonzero(waiting)
        below, spread = estimates[step], spreads[step]
        known = below.known[involved]
        # With V the covariance of the place's own estimate: C S^-1 = V (S + V)^-1 and C V^-1 = S (S + V)^-1.
        joint = _inverse(below.covariance[involved] + spread + TINY * np.eye(groups))
        to_parent = np.where(known[:, None, None], below.covariance[involved] @ joint, np.eye(groups))
        own = np.where(known[:, None, None], spread @ joint, 0.0)
        left = np.where(known[:, None, None], own @ below.covariance[involved], spread)
        m = coefficient[involved]
        size = places.sizes[depth - 1]
        up = parent[involved]
        shift = np.einsum("cij,cj->ci", m @ own, below.mean[involved])
        coefficient = _added_up(up, m @ to_parent, size)
        constant = _added_up(up, constant[involved] + shift, size)
        covariance = _added_up(up, covariance[involved] + m @ left @ np.swapaxes(m, 1, 2), size)
        waiting = np.bincount(up, minlength=size) > 0
    top = estimates[-1]
    m = coefficient[0]
    total = m @ top.mean[0] + constant[0]
    spread_total = covariance[0] + m @ top.covariance[0] @ m.T
    return Total(mean=total, covariance=_semidefinite(spread_total))


def _sum_by(codes: Codes, values: Floats, size: int) -> Floats:
    return np.stack([np.bincount(codes, values[:, group], size) for group in range(values.shape[1])], axis=1)


def _added_up(codes: Codes, values: Floats, size: int) -> Floats:
    """Sums by code of float[row, ...]; codes rise, as those of places ordered by their parent do."""
    total = np.zeros((size, *values.shape[1:]))
    if len(codes):
        starts = np.flatnonzero(np.concatenate(([True], codes[1:] != codes[:-1])))
        total[codes[starts]] = np.add.reduceat(values, starts, axis=0)
    return total


def _inverse(matrices: Floats) -> Floats:
    """Inverses of symmetric float[many, 3, 3] by cofactors: for thousands of small ones quicker than one by one."""
    a, b, c = matrices[:, 0, 0], matrices[:, 0, 1], matrices[:, 0, 2]
    d, e, f = matrices[:, 1, 1], matrices[:, 1, 2], matrices[:, 2, 2]
    one, two, three = d * f - e * e, c * e - b * f, b * e - c * d
    scale = 1.0 / (a * one + b * two + c * three)
    four, five, six = a * f - c * c, b * c - a * e, a * d - b * b
    cells = (one, two, three, two, four, five, three, five, six)
    return np.stack([cell * scale for cell in cells], axis=1).reshape(-1, 3, 3)


def _semidefinite(matrix: Floats) -> Floats:
    """The nearest positive semi-definite matrix: negative variances are estimates of none."""
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    return np.asarray((vectors * np.maximum(values, 0.0)) @ vectors.T)
