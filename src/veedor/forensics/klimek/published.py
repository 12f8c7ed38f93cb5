"""Klimek et al.'s own procedure, without its noise: shape from first maxima, fractions by a distance of histograms.

The honest share nu and turnout tau are the first local maxima of their densities (a normal kernel of 0.02, shares of
ballots cast), the spreads the root mean square to the left of them, theta the fourth root of the mean square to the
right of nu, as in the published program. Only f_i, f_e and alpha are then fitted, to the histogram of shares in steps
of 1 per cent. The authors average over simulated elections; here the expected histogram itself is compared.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.optimize import minimize

from veedor.forensics.klimek.model import Shape, share_components
from veedor.forensics.stations import Floats, Ints, Stations

KERNEL = 0.02
FINE = 2000
EDGES: Floats = np.arange(-0.005, 1.0051, 0.01)
Distance = Literal["squared", "relative"]
"""squared: sum of (model - seen)^2; relative: sum of ((model - seen) / (seen + 1))^2, the published program's."""


@dataclass(frozen=True, kw_only=True)
class Published:
    """Fractions, alpha, the shape that was held fixed, and the distance reached by stations squared."""

    f_i: float
    f_e: float
    shape: Shape
    distance: float


def first_maxima(stations: Stations) -> Shape | None:
    """The shape by first local maxima; alpha is a start only. None where a density has no maximum inside."""
    keep = stations.usable
    if not keep.any():
        return None
    turnout = stations.turned_out[keep] / stations.registered[keep]
    share = stations.leading[keep] / np.maximum(stations.cast[keep], 1)
    tau, nu = _first_maximum(turnout), _first_maximum(share)
    if tau is None or nu is None:
        return None
    right = share[share > nu] - nu
    return Shape(
        tau=tau,
        spread_turnout=_left(turnout, tau),
        nu=nu,
        spread_share=_left(share, nu),
        theta=float(np.mean(right**2) ** 0.25) if len(right) else 0.1,
        alpha=2.0,
    )


def published(stations: Stations, shape: Shape, distance: Distance = "squared") -> Published:
    """Fractions and alpha at the least distance, from two starts (Nelder and Mead)."""
    keep = stations.usable
    seen: Ints = np.histogram(stations.leading[keep] / np.maximum(stations.cast[keep], 1), bins=EDGES)[0]

    def apart(x: Floats) -> float:
        fixed = _with_alpha(shape, float(x[2]))
        mixed = np.array([1 - x[0] - x[1], x[0], x[1]]) @ share_components(fixed, EDGES) * seen.sum()
        by = seen + 1.0 if distance == "relative" else float(np.sqrt((seen**2).mean()))
        return float((((mixed - seen) / by) ** 2).sum())

    climbs = [
        minimize(apart, start, method="Nelder-Mead", bounds=[(0, 1), (0, 0.5), (0.3, 8)], options={"xatol": 1e-4})
        for start in ((0.5, 0.05, 2.0), (0.1, 0.01, 1.0))
    ]
    best = min(climbs, key=lambda found: float(found.fun))
    return Published(
        f_i=float(best.x[0]),
        f_e=float(best.x[1]),
        shape=_with_alpha(shape, float(best.x[2])),
        distance=float(best.fun),
    )


def _with_alpha(shape: Shape, alpha: float) -> Shape:
    return Shape(
        tau=shape.tau,
        spread_turnout=shape.spread_turnout,
        nu=shape.nu,
        spread_share=shape.spread_share,
        theta=shape.theta,
        alpha=alpha,
    )


def _first_maximum(values: Floats) -> float | None:
    """The lowest local maximum of the density that reaches a tenth of its highest point."""
    density = gaussian_filter1d(np.histogram(values, FINE, (0, 1))[0].astype(np.float64), KERNEL * FINE)
    inner = density[1:-1]
    peaks = np.flatnonzero((inner > density[:-2]) & (inner >= density[2:]) & (inner > 0.1 * density.max()))
    return float((peaks[0] + 1.5) / FINE) if len(peaks) else None


def _left(values: Floats, peak: float) -> float:
    below = values[values < peak] - peak
    return max(float(np.sqrt(np.mean(below**2))), 0.01) if len(below) else 0.01
