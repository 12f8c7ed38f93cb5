"""Within-place change: late minus early, with fixed effects at every level of geography.

Ordinary least squares of y (a choice's share, or the lead, on a sheet, in points of valid votes) on "late", with one
intercept for each place of a level. The level `whole` is the raw difference of means. Sheets weigh the same.

Standard errors: heteroscedasticity-robust with the small-sample factor n / (n - k), k counting every intercept (HC1);
and clustered by the finest place (CR1: G/(G-1) * (n-1)/(n-2), the intercepts being nested in the clusters).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from veedor.interruption.algebra import inner, sums
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


def late_effects(
    outcomes: dict[str, Floats], late: Floats, place: Codes, cluster: Codes, *, level: str
) -> list[Within]:
    """The regression of every outcome for one level. Outcomes and late: float[sheet]; place, cluster: int[sheet]."""
    size = int(place.max(initial=-1)) + 1
    places = int(np.count_nonzero(np.bincount(place, minlength=size)))
    clusters = int(np.count_nonzero(np.bincount(cluster)))
    n = len(late)
    x = demeaned(late, place, size)
    # Sheets of places that are wholly early or wholly late have x = 0 and add nothing below.
    inside = np.flatnonzero(np.abs(x) > 1e-12)
    x, cluster = x[inside], cluster[inside]
    spread = inner(x, x)
    known = spread > 1e-9 and n > places + 1
    return [
        _late_effect(values, x, inside, (place, size, cluster), level=level, of=name, counts=(n, places, clusters))
        if known
        else Within(level=level, of=name, estimate=None, se=None, se_clustered=None, n=n, places=places)
        for name, values in outcomes.items()
    ]


def _late_effect(
    y: Floats,
    x: Floats,
    inside: Codes,
    where: tuple[Codes, int, Codes],
    *,
    level: str,
    of: str,
    counts: tuple[int, int, int],
) -> Within:
    (place, size, cluster), (n, places, clusters) = where, counts
    outcome = demeaned(y, place, size)[inside]
    spread = inner(x, x)
    estimate = inner(x, outcome) / spread
    scores = x * (outcome - estimate * x)
    # The scores of all sheets add up to 0: with one cluster the error would come out as 0 and seem certain.
    clustered = None
    if clusters > 1:
        scored = sums(cluster, scores)
        factor = clusters / (clusters - 1) * (n - 1) / (n - 2)
        clustered = float(np.sqrt(factor * inner(scored, scored))) / spread
    return Within(
        level=level,
        of=of,
        estimate=estimate,
        se=float(np.sqrt(inner(scores, scores) * n / (n - places - 1))) / spread,
        se_clustered=clustered,
        n=n,
        places=places,
    )


def within_places(split: Split, shares: dict[str, Floats], usable: NDArray[np.bool_]) -> list[Within]:
    """Every outcome at every level. shares: outcome -> float[usable sheet] in points; usable: bool[station]."""
    late = split.missing[usable].astype(np.float64)
    cluster = split.places.codes[split.places.finest][usable]
    return [
        found
        for level, codes in zip(split.places.levels, split.places.codes, strict=True)
        for found in late_effects(shares, late, codes[usable], cluster, level=level)
    ]
