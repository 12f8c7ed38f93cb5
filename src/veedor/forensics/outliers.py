"""Local outliers: each sheet against the other sheets of its place, with the false discovery rate held.

The leader's votes of a station are compared with what its place's other stations predict: a beta-binomial
distribution, whose mean is the others' share and whose spread joins two parts, the error of that share and the scatter
of stations within places. The scatter is the election's own, by moments over all but the outermost 1 per cent of
stations, so that a few sheets cannot hide themselves. The tail is that distribution's own, integrated, not a normal's:
it holds for few votes, for shares near 0 or 1, and far out.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc, betaln, chdtr, chdtri, expit, log_expit, logit, ndtr

from veedor.forensics.adjusted import benjamini_hochberg
from veedor.forensics.stations import Floats, Ints, Stations

RATE = 0.05
"""Expected share of false ones among the sheets listed (Benjamini & Hochberg 1995)."""
LEAST_VALID = 20
FEWEST = 100
PRIOR = 2.0
"""Voters like everyone's that are added to a place's others."""
TRIM = 0.99
KEPT = float(chdtr(3, chdtri(1, 1 - TRIM)) / TRIM)
"""Mean of a chi-square with 1 degree of freedom below its TRIM quantile: what trimming leaves of a variance."""
EXACT_FROM = 2.8
"""Residuals nearer than this are given the normal's p-value: they are never listed."""
NODES = 241
REACH = 8.0


@dataclass(frozen=True, kw_only=True)
class Outliers:
    """compared: row of each station looked at; z: its residual by its standard error; p, q: two-sided, and adjusted.

    expected: votes for the leader that the place's others would give; dispersion: correlation of two voters of a
    station beyond their place; listed: positions in `compared` with q <= RATE, smallest p first.
    """

    compared: Ints
    z: Floats
    p: Floats
    q: Floats
    expected: Floats
    dispersion: float
    listed: Ints


def local_outliers(stations: Stations) -> Outliers | None:
    """None with fewer than FEWEST stations that have a sibling, or where all vote alike."""
    codes, valid, leading = stations.finest, stations.valid, stations.leading
    large = valid >= LEAST_VALID
    if not large.any():
        return None
    place_valid = np.bincount(codes, weights=valid * large)[codes]
    place_votes = np.bincount(codes, weights=leading * large)[codes]
    place_squares = np.bincount(codes, weights=(valid * large).astype(np.float64) ** 2)[codes]
    rows = np.flatnonzero(large & (place_valid - valid >= LEAST_VALID)).astype(np.int64)
    if len(rows) < FEWEST:
        return None
    n, x = valid[rows].astype(np.float64), leading[rows].astype(np.float64)
    m, w = place_valid[rows] - n, place_votes[rows] - x
    size = (place_squares[rows] - n**2) / m
    everyone = float(x.sum() / n.sum())
    if everyone in (0.0, 1.0):
        return None
    share = (w + PRIOR * everyone) / (m + PRIOR)
    rho = _scatter(x, n, m, size, share)
    spread = rho + (1 - rho) * (1 + (size - 1) * rho) / (m + PRIOR)
    precision = 1 / np.minimum(spread, 0.5) - 1
    z = (x - n * share) / np.sqrt(n * share * (1 - share) * (1 + (n - 1) / (precision + 1)))
    p = 2 * ndtr(-np.abs(z))
    far = np.flatnonzero(np.abs(z) > EXACT_FROM)
    p[far] = np.minimum(2 * tail(x[far], n[far], share[far] * precision[far], (1 - share[far]) * precision[far]), 1.0)
    q = benjamini_hochberg(p)
    hits = np.flatnonzero(q <= RATE)
    order = hits[np.argsort(p[hits], kind="stable")]
    return Outliers(compared=rows, z=z, p=p, q=q, expected=share * n, dispersion=rho, listed=order.astype(np.int64))


def _scatter(x: Floats, n: Floats, m: Floats, size: Floats, share: Floats) -> float:
    """Correlation rho of voters within a station: E (x - np)^2 / (npq) = 1 + n/m + rho (n - 1 + n (size - 1) / m)."""
    middle = (share > 0.02) & (share < 0.98)
    if middle.sum() < 10:
        return 1e-4
    n, m, size, p = n[middle], m[middle], size[middle], share[middle]
    ratio = (x[middle] - n * p) ** 2 / (n * p * (1 - p))
    base, slope = 1 + n / m, n - 1 + n * (size - 1) / m
    rho = 1e-4
    for _ in range(5):
        scaled = ratio / (base + slope * rho)
        kept = scaled <= np.quantile(scaled, TRIM)
        rho = float(np.clip((ratio[kept] / KEPT - base[kept]).sum() / slope[kept].sum(), 1e-5, 0.4))
    return rho


def tail(x: Floats, n: Floats, alpha: Floats, beta: Floats) -> Floats:
    """The smaller of P(X <= x) and P(X >= x) for a beta-binomial X of n trials.

    The binomial's tail is integrated over the logit of the proportion by the trapezoidal rule, between the
    distribution's mean and the share seen and REACH standard deviations beyond both.
    """
    mean, seen = alpha / (alpha + beta), (x + 0.5) / (n + 1)
    upper = seen > mean
    width = 1 / np.sqrt(np.minimum(alpha, beta) + 0.5) + 1 / np.sqrt(np.minimum(x, n - x) + 0.5)
    low = np.minimum(logit(mean), logit(seen)) - REACH * width
    high = np.maximum(logit(mean), logit(seen)) + REACH * width
    at = low[:, None] + (high - low)[:, None] * np.linspace(0, 1, NODES)
    density = np.exp(alpha[:, None] * log_expit(at) + beta[:, None] * log_expit(-at) - betaln(alpha, beta)[:, None])
    # P(K >= k) = I_p(k, n - k + 1) and P(K <= k) = I_{1 - p}(n - k, k + 1) for K ~ Bin(n, p)
    first = np.where(upper, x, n - x)[:, None]
    reached = np.where(
        first > 0,
        betainc(np.maximum(first, 0.5), (n[:, None] - first) + 1, expit(np.where(upper[:, None], at, -at))),
        1.0,
    )
    inside: Floats = (density * reached).sum(axis=1) * (high - low) / (NODES - 1)
    return inside
