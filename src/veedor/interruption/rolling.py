"""Placebo cuts for the projection: how far off is it where nothing happened?

Late places vote unlike early ones, so a projection errs more than its interval says, at any cut. At cuts before the
stop the sheets passed so far project those that passed between that cut and the stop: only sheets from before the
stop are used, so nothing that happened after it can touch the yardstick. The projection at the stop is then compared
with these: it stands out if its error, in its own standard deviations, is larger than nearly all of theirs.
"""

import os
from concurrent.futures.thread import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from veedor.interruption.hierarchical import project
from veedor.interruption.order import Order
from veedor.interruption.split import Split

Floats = NDArray[np.float64]

FIRST_SHARE = 0.3
"""The first placebo cut: this share of the sheets passed at the stop."""

LAST_SHARE = 0.95
CUTS = 30

LEAD = np.array([1.0, -1.0, 0.0])


@dataclass(frozen=True, kw_only=True)
class PlaceboCuts:
    """Errors of the projection at placebo cuts and at the stop, in its standard deviations; positive: more lead came.

    cuts: share of the universe's sheets passed at each placebo cut; z: float[cut].
    rank: share of the placebo cuts, counting the stop as one more, whose error is at least as large as the stop's.
    """

    rule: str
    clock: str
    cuts: tuple[float, ...]
    z: tuple[float, ...]
    z_at_stop: float
    rank: float


def placebo_cuts(split: Split, order: Order, covariates: Floats, *, rule: str) -> PlaceboCuts | None:
    """Project at every placebo cut of a clock; None where the clock tells too few cuts apart.

    covariates: float[station, k] of the hierarchical projection called `rule`.
    """
    votes = split.final.astype(np.float64)
    stop = _error(split, covariates, counted=split.counted, missing=split.missing, held=votes)
    usable = split.counted & ~np.isnan(order.position) & (split.registered_at_cut > 0)
    positions = order.position[usable]
    if positions.size < 100 or not np.isfinite(stop):
        return None
    ends = np.unique(np.quantile(positions, np.linspace(FIRST_SHARE, LAST_SHARE, CUTS)))
    before = split.at_cut.astype(np.float64)

    def error(end: float) -> float:
        passed = order.position <= end
        return _error(split, covariates, counted=usable & passed, missing=usable & ~passed, held=before)

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        errors = list(threads.map(error, ends.tolist()))
    pairs = zip(ends.tolist(), errors, strict=True)
    found = [(end, z) for end, z in pairs if np.isfinite(z)]
    if len(found) < 10:
        return None
    z = np.array([value for _, value in found])
    return PlaceboCuts(
        rule=rule,
        clock=order.clock,
        cuts=tuple(end / 100.0 for end, _ in found),
        z=tuple(float(value) for value in z),
        z_at_stop=stop,
        rank=float((np.sum(np.abs(z) >= abs(stop)) + 1) / (len(z) + 1)),
    )


def _error(
    split: Split, covariates: Floats, *, counted: NDArray[np.bool_], missing: NDArray[np.bool_], held: Floats
) -> float:
    """(held - projected) / standard deviation of the missing sheets' lead in votes; NaN where too few are left."""
    if missing.sum() < 10 or counted.sum() < 10:
        return float("nan")
    registered = split.registered_at_cut.astype(np.float64)
    total = project(
        split.places,
        counted=counted,
        missing=missing,
        votes=split.at_cut.astype(np.float64),
        registered=registered,
        registered_missing=np.where(split.counted, registered, split.registered),
        covariates=covariates,
    )
    spread = float(np.sqrt(LEAD @ total.covariance @ LEAD))
    actual = float(held[missing].sum(axis=0) @ LEAD)
    return (actual - float(LEAD @ total.mean)) / spread if spread > 0 else float("nan")
