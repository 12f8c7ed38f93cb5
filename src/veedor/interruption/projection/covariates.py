"""Covariates of a projection, and their slopes: how votes per registered voter go with them, within a region.

The slopes are estimated from the means of the finest places by weighted least squares, with an intercept for each
place two levels above the finest (else one for all). A place of weight w (registered voters over a sheet's mean) is
weighted 1 / (s + e / w), e being the variance of a sheet around its place and s that of places around their region.
Their covariance allows for places that are alike: it is clustered by the level above the finest (CR1), where there is
one below the intercepts.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from veedor.interruption.algebra import added_up, gram, inner, numbered, products, pseudo_inverse, sums
from veedor.interruption.places import Codes, Places

Floats = NDArray[np.float64]
TINY = 1e-12


@dataclass(frozen=True, kw_only=True)
class Slopes:
    """value: float[covariate, group]; covariance: float[covariate and group, covariate and group], group the faster."""

    value: Floats
    covariance: Floats


def sizes(places: Places) -> Floats:
    """float[4, station]: how small a station's place is, at the finest level and the one above: 1/n and log n stations.

    Small places often vote unlike the larger ones around them; without this, a place of one sheet that is missing
    would be taken for its neighbours.
    """
    rows = []
    for codes, size in list(zip(places.codes, places.sizes, strict=True))[-2:]:
        stations = np.bincount(codes, minlength=size)[codes].astype(np.float64)
        rows += [1.0 / stations, np.log(stations)]
    return np.stack(rows)


def fitted_slopes(
    places: Places, rates: Floats, covariates: Floats, *, known: NDArray[np.bool_], weight: Floats, noise: Floats
) -> Slopes:
    """Slopes of the finest places' rates, float[group, place], on covariates, float[covariate, place].

    known: bool[place], whether any sheet is counted; weight: float[place]; noise: float[group, group] of one sheet.
    """
    many, groups = len(covariates), len(rates)
    if not many:
        return Slopes(value=np.zeros((0, groups)), covariance=np.zeros((0, 0)))
    seen = np.flatnonzero(known)
    outer = max(places.finest - 2, 0)
    region = places.around(outer)[seen]
    y, x, variance = (
        np.take(rates, seen, axis=1),
        np.take(covariates, seen, axis=1),
        float(np.trace(noise)) / weight[seen],
    )
    spread = _spread(y, region, variance)
    trust = 1.0 / np.maximum(spread + variance, TINY)
    y, x = _centred(y, region, trust), _varying(x, _centred(x, region, trust))
    bread = pseudo_inverse(products(x * trust, x))
    value = np.einsum("kl,lg->kg", bread, products(x * trust, y))
    residual = y - np.einsum("kg,kp->gp", value, x)
    cluster = places.around(places.finest - 1 if places.finest - 1 > outer else places.finest)[seen]
    meat = _clustered((x * trust)[:, None] * residual, cluster)
    # Every group has the same covariates, hence one bread; the meat runs over pairs (covariate, group).
    by = np.einsum("kl,gh->kglh", bread, np.eye(groups)).reshape(many * groups, -1)
    return Slopes(value=value, covariance=products(products(by, meat), by))


def _spread(y: Floats, region: Codes, variance: Floats) -> float:
    """Variance of places around their region, summed over groups, by moments; variance: of each place's own mean."""
    residual = _centred(y, region, np.ones(len(region)))
    freedom = len(region) - int(np.count_nonzero(np.bincount(region)))
    square = sum(inner(row, row) for row in residual)
    return max(square / freedom - float(variance.mean()), 0.0) if freedom > 0 else 0.0


def _centred(rows: Floats, region: Codes, trust: Floats) -> Floats:
    """Each row of float[row, place] less its region's weighted mean."""
    size = int(region.max(initial=-1)) + 1
    mean = added_up(region, rows * trust, size) / np.maximum(sums(region, trust, size), TINY)
    return rows - np.take(mean, region, axis=1)


def _varying(rows: Floats, centred: Floats) -> Floats:
    """The centred rows; one that does not vary within regions (but for rounding) is 0, and takes no slope."""
    varies = [inner(inside, inside) > 1e-12 * inner(row, row) for row, inside in zip(rows, centred, strict=True)]
    return np.where(np.array(varies)[:, None], centred, 0.0)


def _clustered(scores: Floats, cluster: Codes) -> Floats:
    """The sum over clusters of outer products of scores, float[covariate, group, place], with G / (G - 1)."""
    own, position = numbered(cluster)
    scored = added_up(position, scores.reshape(-1, scores.shape[-1]), len(own))
    return gram(scored) * len(own) / max(len(own) - 1, 1)
