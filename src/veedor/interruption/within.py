"""Within-place change: late minus early, with fixed effects at every level of geography.

Ordinary least squares of y (a choice's share, or the lead, on a sheet, in points of valid votes) on "late", with one
intercept for each place of a level. The level `whole` is the raw difference of means. Sheets weigh the same.

Standard errors: heteroscedasticity-robust with the small-sample factor n / (n - k), k counting every intercept (HC1);
and clustered by the finest place (CR1: G/(G-1) * (n-1)/(n-2), the intercepts being nested in the clusters).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from veedor.interruption.places import Codes
from veedor.interruption.split import Split

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Within:
    """One regression: the coefficient of "late" and its standard errors in points; n sheets in `places` places."""

    level: str
    of: str
    estimate: float | None
    se: float | None
    se_clustered: float | None
    n: int
    places: int


def demeaned(values: Floats, place: Codes, size: int) -> Floats:
    """values minus their place's mean; the last axis is the sheet's."""
    sheets = np.maximum(np.bincount(place, minlength=size), 1)
    if values.ndim == 1:
        return values - (np.bincount(place, values, size) / sheets)[place]
    return np.stack([demeaned(row, place, size) for row in values])


def late_effect(y: Floats, late: Floats, place: Codes, cluster: Codes, *, level: str, of: str) -> Within:
    """The regression for one outcome and one level. y, late: float[sheet]; place, cluster: int[sheet] from 0."""
    size = int(place.max(initial=-1)) + 1
    places = int(np.count_nonzero(np.bincount(place, minlength=size)))
    n = len(y)
    x, outcome = demeaned(late, place, size), demeaned(y, place, size)
    spread = float(x @ x)
    if spread < 1e-9 or n <= places + 1:
        return Within(level=level, of=of, estimate=None, se=None, se_clustered=None, n=n, places=places)
    estimate = float(x @ outcome) / spread
    scores = x * (outcome - estimate * x)
    sums = np.bincount(cluster, scores)
    clusters = int(np.count_nonzero(np.bincount(cluster)))
    clustered = None
    if clusters > 1:
        factor = clusters / (clusters - 1) * (n - 1) / (n - 2)
        clustered = float(np.sqrt(factor * float(sums @ sums))) / spread
    return Within(
        level=level,
        of=of,
        estimate=estimate,
        se=float(np.sqrt(float(scores @ scores) * n / (n - places - 1))) / spread,
        se_clustered=clustered,
        n=n,
        places=places,
    )


def leads(split: Split) -> tuple[Floats, NDArray[np.bool_]]:
    """Lead of each sheet with valid votes, in points of these (final values); and bool[station], which these are."""
    valid = split.final.sum(axis=1)
    usable = valid > 0
    return 100.0 * (split.final[usable, 0] - split.final[usable, 1]) / valid[usable], usable


def within_places(split: Split, shares: dict[str, Floats], usable: NDArray[np.bool_]) -> list[Within]:
    """Every outcome at every level. shares: outcome -> float[usable sheet] in points; usable: bool[station]."""
    late = split.missing[usable].astype(np.float64)
    cluster = split.places.codes[split.places.finest][usable]
    return [
        late_effect(share, late, codes[usable], cluster, level=level, of=name)
        for name, share in shares.items()
        for level, codes in zip(split.places.levels, split.places.codes, strict=True)
    ]
