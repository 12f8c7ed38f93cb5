"""Local outliers: each sheet against the other sheets of its place, with the false discovery rate held.

The leader's share of a station is compared with the share of all its place's other stations. The residual is
divided by its binomial standard error times an overdispersion that is estimated from the middle half of all residuals,
so that a few sheets cannot hide themselves.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import false_discovery_control, norm

from veedor.forensics.stations import Floats, Ints, Stations

RATE = 0.05
"""Expected share of false ones among the sheets listed (Benjamini & Hochberg 1995)."""
LEAST_VALID = 20
FEWEST = 100


@dataclass(frozen=True, kw_only=True)
class Outliers:
    """compared: row of each station looked at; z, q: its standardised residual and adjusted p-value.

    expected: votes for the leader that the place's others would give; listed: rows with q <= RATE, largest first.
    """

    compared: Ints
    z: Floats
    q: Floats
    expected: Floats
    dispersion: float
    listed: Ints


def local_outliers(stations: Stations) -> Outliers | None:
    """None with fewer than FEWEST stations that have a sibling."""
    codes, valid, leading = stations.finest, stations.valid, stations.leading
    large = valid >= LEAST_VALID
    place_valid = np.bincount(codes, weights=valid * large)[codes] if codes.size else np.zeros(0)
    place_votes = np.bincount(codes, weights=leading * large)[codes] if codes.size else np.zeros(0)
    others = place_valid - valid
    rows = np.flatnonzero(large & (others >= LEAST_VALID)).astype(np.int64)
    if len(rows) < FEWEST:
        return None
    n, m = valid[rows].astype(np.float64), others[rows]
    rest = (place_votes[rows] - leading[rows] + 0.5) / (m + 1)
    pooled = (place_votes[rows] + 0.5) / (place_valid[rows] + 1)
    raw = (leading[rows] / n - rest) / np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    quartiles = np.quantile(raw, (0.25, 0.75))
    dispersion = max(1.0, float(quartiles[1] - quartiles[0]) / (2 * float(norm.ppf(0.75))))
    z = raw / dispersion
    q = false_discovery_control(2 * norm.sf(np.abs(z)))
    hits = np.flatnonzero(q <= RATE)
    order = hits[np.argsort(-np.abs(z[hits]), kind="stable")]
    return Outliers(compared=rows, z=z, q=q, expected=rest * n, dispersion=dispersion, listed=order.astype(np.int64))
