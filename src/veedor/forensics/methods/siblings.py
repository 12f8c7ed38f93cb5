"""Each station against the other stations of its place: a beta-binomial's residual, and its exact tail.

A part x of a whole n (the leader's votes of the valid ones, voters who took part of those registered) is compared with
what the place's other stations predict: a beta-binomial distribution, whose mean is the others' proportion and whose
spread joins two parts, the error of that proportion and the scatter of stations within places. The scatter is the
election's own, by moments over the nearest 90 per cent of stations, so that a tenth of the sheets cannot hide itself.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc, betaln, chdtr, chdtri, expit, log_expit, logit

from veedor.forensics.stations import Flags, Floats, Ints

LEAST = 20
"""Votes, or voters, that a station and its place's others must have."""
FEWEST = 100
PRIOR = 2.0
"""Voters like everyone's that are added to a place's others."""
TRIM = 0.9
KEPT = float(chdtr(3, chdtri(1, 1 - TRIM)) / TRIM)
"""Mean of a chi-square with 1 degree of freedom below its TRIM quantile: what trimming leaves of a variance."""
ROUNDS = 30
NODES = 241
REACH = 8.0


@dataclass(frozen=True, kw_only=True)
class Compared:
    """rows: stations compared; x, n: part and whole; share: what the others predict, with what precision.

    z: residual by its standard error; scatter: correlation of two voters of a station beyond their place.
    """

    rows: Ints
    x: Floats
    n: Floats
    share: Floats
    precision: Floats
    z: Floats
    scatter: float


def compare(part: Ints, whole: Ints, places: Ints, able: Flags | None = None) -> Compared | None:
    """None with fewer than FEWEST stations that have a sibling, or where all are alike. able: stations to look at."""
    large = whole >= LEAST if able is None else able & (whole >= LEAST)
    if not large.any():
        return None
    in_whole, in_part = np.where(large, whole, 0).astype(np.float64), np.where(large, part, 0)
    others = np.bincount(places, weights=in_whole)[places] - in_whole
    rows = np.flatnonzero(large & (others >= LEAST)).astype(np.int64)
    if len(rows) < FEWEST:
        return None
    at = places[rows]
    n, x, m = in_whole[rows], in_part[rows].astype(np.float64), others[rows]
    w = np.bincount(places, weights=in_part)[at] - x
    size = (np.bincount(places, weights=in_whole**2)[at] - n**2) / m
    everyone = float(x.sum() / n.sum())
    if everyone in (0.0, 1.0):
        return None
    share = (w + PRIOR * everyone) / (m + PRIOR)
    rho = _scatter(x, n, m, size, share)
    spread = rho + (1 - rho) * (1 + (size - 1) * rho) / (m + PRIOR)
    precision = 1 / np.minimum(spread, 0.5) - 1
    z = (x - n * share) / np.sqrt(n * share * (1 - share) * (1 + (n - 1) / (precision + 1)))
    return Compared(rows=rows, x=x, n=n, share=share, precision=precision, z=z, scatter=rho)


def _scatter(x: Floats, n: Floats, m: Floats, size: Floats, share: Floats) -> float:
    """Correlation rho of voters within a station: E (x - np)^2 / (npq) = 1 + n/m + rho (n - 1 + n (size - 1) / m)."""
    middle = (share > 0.02) & (share < 0.98)
    if middle.sum() < 10:
        return 1e-4
    n, m, size, p = n[middle], m[middle], size[middle], share[middle]
    ratio = (x[middle] - n * p) ** 2 / (n * p * (1 - p))
    base, slope = 1 + n / m, n - 1 + n * (size - 1) / m
    keep, rho = int(np.ceil(TRIM * len(n))), 1e-4
    for _ in range(ROUNDS):
        kept = np.argpartition(ratio / (base + slope * rho), keep - 1)[:keep]
        before = rho
        rho = float(np.clip((ratio[kept] / KEPT - base[kept]).sum() / slope[kept].sum(), 1e-5, 0.4))
        if abs(rho - before) <= 1e-3 * rho:
            break
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
