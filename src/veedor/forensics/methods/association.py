"""Turnout and the leader's share: correlation, slope, and the fingerprint's histogram (Sobyanin & Sukhovolsky 1993)."""

from dataclasses import dataclass

import numpy as np

from veedor.forensics.stations import Floats, Ints, Stations

BINS = 50
FEWEST = 100


@dataclass(frozen=True, kw_only=True)
class Association:
    """Weighted by nothing: each station counts once. slope: of leader's votes by registered on turnout, se clustered.

    beyond: slope minus the mean share; 0 where the share does not depend on turnout. se allows for places.
    full, unanimous, both: stations with turnout 1, with the leader's share 1, with both. nearly_both: turnout of at
    least 99 per cent and share 1.
    fingerprint: int[BINS, BINS] stations by turnout (rows) and share (columns), from 0 to 1.
    """

    stations: int
    correlation: float
    slope: float
    mean_share: float
    se: float
    within_slope: float
    full: int
    unanimous: int
    both: int
    nearly_both: int
    fingerprint: Ints

    @property
    def beyond(self) -> float:
        """Slope minus mean share."""
        return self.slope - self.mean_share


def association(stations: Stations) -> Association | None:
    """None with fewer than FEWEST usable stations, or where all have the same turnout."""
    keep = stations.usable
    if keep.sum() < FEWEST:
        return None
    turnout = stations.turned_out[keep] / stations.registered[keep]
    share = stations.leading[keep] / stations.valid[keep]
    if turnout.std() == 0 or share.std() == 0:
        return None
    of_roll = share * turnout
    places = stations.finest[keep]
    slope, se = _slope(turnout, of_roll, places)
    return Association(
        stations=int(keep.sum()),
        correlation=float(np.corrcoef(turnout, share)[0, 1]),
        slope=slope,
        mean_share=float(share.mean()),
        se=se,
        within_slope=_slope(_within(turnout, places), _within(of_roll, places), places)[0],
        full=int((stations.turned_out[keep] == stations.registered[keep]).sum()),
        unanimous=int((stations.leading[keep] == stations.valid[keep]).sum()),
        both=int(((turnout == 1) & (share == 1)).sum()),
        nearly_both=int(((turnout >= 0.99) & (share == 1)).sum()),
        fingerprint=np.histogram2d(turnout, share, bins=BINS, range=((0, 1), (0, 1)))[0].astype(np.int64),
    )


def _within(values: Floats, places: Ints) -> Floats:
    """Values minus their place's mean."""
    dense = np.unique(places, return_inverse=True)[1]
    sums, counts = np.bincount(dense, weights=values), np.bincount(dense)
    centred: Floats = values - (sums / counts)[dense]
    return centred


def _slope(x: Floats, y: Floats, places: Ints) -> tuple[float, float]:
    """Least-squares slope and its standard error, clustered by place."""
    centred = x - x.mean()
    total = _product(centred, centred)
    if total == 0:
        return 0.0, 0.0
    slope = _product(centred, y) / total
    residual = y - y.mean() - slope * centred
    scores = np.bincount(np.unique(places, return_inverse=True)[1], weights=centred * residual)
    return slope, float(np.sqrt((scores**2).sum()) / total)


def _product(x: Floats, y: Floats) -> float:
    """The sum of products, by NumPy's own sum: BLAS would add up in as many parts as it has threads."""
    return float((x * y).sum())
