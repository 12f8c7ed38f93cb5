"""Is there a jump at the stop, in the order of a clock? Local linear regression, with placebo cuts beside it.

On both sides of the cut a straight line is fitted with triangular weights that fall to zero at the bandwidth; the
estimate is the distance of the two lines at the cut (Hahn, Todd and Van der Klaauw 2001). A *constant* on each side
would take any slope for a jump. `within` adds one intercept for each finest place. Standard errors are
heteroscedasticity-robust (HC1). Placebo cuts are laid where nothing happened, off the true cut by at least the
bandwidth: the share of them with |t| > 1.96 is how often this regression rejects on this very order.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from veedor.interruption.algebra import added_up, definite, inner, inverses, products
from veedor.interruption.places import Codes

Floats = NDArray[np.float64]

BANDWIDTHS = (2.5, 5.0, 10.0, 15.0)
"""In per cent of the universe's sheets."""

PLACEBO_STEP = 1.0
"""Per cent of the sheets between two placebo cuts."""

CRITICAL = 1.96


@dataclass(frozen=True, kw_only=True)
class Jump:
    """An estimated jump in points, at `cut` (per cent of sheets), from n sheets within the bandwidth.

    placebo_share: share of placebo cuts with |t| > 1.96; placebo_rank: share whose |t| is at least this one's.
    """

    clock: str
    cut: float
    bandwidth: float
    within: bool
    estimate: float | None
    se: float | None
    n: int
    placebo_cuts: int
    placebo_share: float | None
    placebo_rank: float | None


@dataclass(frozen=True, kw_only=True)
class Ordered:
    """Sheets sorted by a clock: position in per cent, the outcome in points, and the finest place of each."""

    position: Floats
    outcome: Floats
    place: Codes


def ordered(position: Floats, outcome: Floats, place: Codes) -> Ordered:
    """Sheets that have both a position and an outcome, sorted. All arrays are [sheet]."""
    usable = np.flatnonzero(~np.isnan(position) & ~np.isnan(outcome))
    usable = usable[np.argsort(position[usable], kind="stable")]
    return Ordered(position=position[usable], outcome=outcome[usable], place=place[usable])


def jump_at(sheets: Ordered, cut: float, bandwidth: float, *, within: bool) -> tuple[float, float, int] | None:
    """Estimate, standard error, n; None where a side has too few sheets to fit a line."""
    first, last = np.searchsorted(sheets.position, [cut - bandwidth, cut + bandwidth])
    x = sheets.position[first:last] - cut
    right = (x >= 0).astype(np.float64)
    if right.sum() < 10 or len(x) - right.sum() < 10:
        return None
    weight = 1.0 - np.abs(x) / bandwidth
    columns = np.stack([right, x * right, x * (1.0 - right)])
    place = sheets.place[first:last] if within else np.zeros(len(x), dtype=np.int64)
    return _weighted(columns, sheets.outcome[first:last], weight, place)


def _weighted(columns: Floats, y: Floats, weight: Floats, place: Codes) -> tuple[float, float, int] | None:
    """Weighted least squares of y on columns [k, sheet] with an intercept for each place; the first column's."""
    size = int(place.max()) + 1
    total = np.bincount(place, weight, size)
    places = int(np.count_nonzero(np.bincount(place, minlength=size)))
    rows = np.concatenate([columns, y[None]])
    x = rows - np.take(added_up(place, rows * weight, size) / np.maximum(total, 1e-300), place, axis=1)
    x, residual_of = x[:-1], x[-1]
    weighted = x * weight
    moments = products(weighted, x)
    freedom = int(np.count_nonzero(weight > 0)) - places - len(columns)
    if freedom < 1 or not definite(moments):
        return None
    inverse = inverses(moments[:, :, None])[:, :, 0]
    slopes = np.einsum("ij,j->i", inverse, products(weighted, residual_of[None])[:, 0])
    scores = weighted * (residual_of - np.einsum("k,ks->s", slopes, x))
    spread = products(scores, scores)
    n = freedom + places + len(columns)
    variance = inner(inverse[0], np.einsum("ij,j->i", spread, inverse[0]))
    return float(slopes[0]), float(np.sqrt(variance * n / freedom)), n


def jumps(clock: str, sheets: Ordered, cut: float) -> list[Jump]:
    """The jump at the cut for every bandwidth, raw and within places, each with its placebos."""
    return [
        _with_placebos(clock, sheets, cut, bandwidth, within=within)
        for bandwidth in BANDWIDTHS
        for within in (False, True)
    ]


def _with_placebos(clock: str, sheets: Ordered, cut: float, bandwidth: float, *, within: bool) -> Jump:
    true = jump_at(sheets, cut, bandwidth, within=within)
    low, high = float(sheets.position[0]) + bandwidth, float(sheets.position[-1]) - bandwidth
    grid = [place for place in np.arange(low, high, PLACEBO_STEP) if abs(place - cut) >= bandwidth]
    fits = [fit for place in grid if (fit := jump_at(sheets, float(place), bandwidth, within=within)) is not None]
    t = np.array([abs(estimate / se) for estimate, se, _ in fits if se > 0])
    known = true is not None and true[1] > 0
    return Jump(
        clock=clock,
        cut=cut,
        bandwidth=bandwidth,
        within=within,
        estimate=true[0] if true else None,
        se=true[1] if true else None,
        n=true[2] if true else 0,
        placebo_cuts=len(t),
        placebo_share=float(np.mean(t > CRITICAL)) if len(t) else None,
        placebo_rank=float(np.mean(t >= abs(true[0] / true[1]))) if true and known and len(t) else None,
    )
