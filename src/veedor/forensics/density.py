"""Resampled kernel density (after Rozenas 2017): density of the leader's share at coarse fractions beyond resampling.

The share's density is taken on a fine grid by a Gaussian kernel and compared with the highest density over resamples
in which each station's votes are drawn anew from its own share, itself drawn from Beta(w + 1/2, n - w + 1/2). The
statistic is the mass at coarse fractions above that maximum. It cannot be negative, so that 0 is not what chance gives:
its null distribution is that of the placebo. It is not the authors' algorithm (a mixture fit), only its idea.
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from veedor.forensics.stations import Floats, Ints, Stations

CELLS = 2000
KERNEL = 2.0
"""Standard deviation of the kernel, in cells of 1/2000."""
FEWEST = 100
RESAMPLES = 20


@dataclass(frozen=True, kw_only=True)
class Excess:
    """share: of stations, above the maximum at coarse fractions; grid, density, ceiling: float[cell]."""

    stations: int
    share: float
    density: Floats
    ceiling: Floats


def resampled_density(stations: Stations, rng: np.random.Generator, resamples: int = RESAMPLES) -> Excess | None:
    """None with fewer than FEWEST usable stations. Shares of 0 and 1 are left out."""
    keep = (stations.valid > 0) & (stations.leading > 0) & (stations.leading < stations.valid)
    if keep.sum() < FEWEST:
        return None
    n, w = stations.valid[keep], stations.leading[keep]
    density = _density(w, n)
    ceiling = np.zeros(CELLS + 1)
    for _ in range(resamples):
        drawn = rng.binomial(n, rng.beta(w + 0.5, n - w + 0.5))
        ceiling = np.maximum(ceiling, _density(drawn, n))
    coarse = np.unique([round(CELLS * i / j) for j in range(2, 11) for i in range(1, j)])
    near = np.unique(np.clip(coarse[:, None] + np.arange(-2, 3), 0, CELLS))
    share = float(np.maximum(density - ceiling, 0)[near].sum())
    return Excess(stations=len(n), share=share, density=density, ceiling=ceiling)


def _density(part: Ints, whole: Ints) -> Floats:
    """Share of stations in each cell, smoothed; part = 0 and part = whole are left out."""
    inside = (part > 0) & (part < whole)
    cells = (2 * CELLS * part[inside] + whole[inside]) // (2 * whole[inside])
    counts = np.bincount(cells, minlength=CELLS + 1).astype(np.float64)
    smooth: Floats = gaussian_filter1d(counts, KERNEL, mode="constant") / len(part)
    return smooth
