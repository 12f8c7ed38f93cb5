"""Placebo cuts for the projection: how far off is it where nothing happened?

Late places vote unlike early ones, so a projection errs more than its interval says, at any cut. At cuts before the
stop the sheets passed so far project those that passed between that cut and the stop: only sheets from before the
stop are used, so nothing that happened after it can touch the yardstick. The projection at the stop is then compared
with these: it stands out if its error, in its own standard deviations, is larger than nearly all of theirs.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from veedor.interruption.clock.order import Order
from veedor.interruption.projection.hierarchical import project
from veedor.interruption.split import Split
from veedor.interruption.workers import side_by_side

Floats = NDArray[np.float64]

FIRST_SHARE = 0.5
"""The first placebo cut: this share of the sheets passed at the stop. Earlier ones would project most of the count."""

LAST_SHARE = 0.95
CUTS = 30

LEAST_SHEETS = 100
LEAST_CUTS = 19
"""With fewer, none could be told to be among the 5 % that err most."""

Cut = tuple[float, NDArray[np.bool_], NDArray[np.bool_]]
"""Position in per cent of the universe, and bool[station] of the sheets passed by then and of those still to come."""


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


def cuts_before(split: Split, order: Order) -> list[Cut]:
    """The placebo cuts of a clock; none where it tells too few sheets apart."""
    usable = split.counted & ~np.isnan(order.position) & (split.registered_at_cut > 0)
    positions = order.position[usable]
    if positions.size < LEAST_SHEETS:
        return []
    ends = np.unique(np.quantile(positions, np.linspace(FIRST_SHARE, LAST_SHARE, CUTS), method="lower"))
    # The last tick takes the last sheets with it where a clock ticks by few batches: no sheet is left to project.
    return [
        (end, usable & (order.position <= end), usable & (order.position > end))
        for end in ends.tolist()
        if end < positions.max()
    ]


def placebo_cuts(split: Split, order: Order, covariates: Floats, *, rule: str) -> PlaceboCuts | None:
    """Project at every placebo cut of a clock; None where the clock tells too few cuts apart.

    covariates: float[k, station] of the hierarchical projection called `rule`.
    """
    # The counted sheets' own later corrections are another layer: the missing sheets alone are held against theirs.
    stop = _error(split, covariates, counted=split.counted, missing=split.missing, held=_lead(split.final.T))
    if not np.isfinite(stop):
        return None
    before = _lead(split.rows_at_cut)

    def error(cut: Cut) -> float:
        return _error(split, covariates, counted=cut[1], missing=cut[2], held=before)

    cuts = cuts_before(split, order)
    with side_by_side(len(split.counted)) as threads:
        errors = list(threads.map(error, cuts))
    found = [(end, z) for (end, _, _), z in zip(cuts, errors, strict=True) if np.isfinite(z)]
    if len(found) < LEAST_CUTS:
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
        votes=split.rows_at_cut,
        registered=registered,
        registered_missing=np.where(split.counted, registered, split.registered),
        covariates=covariates,
    )
    spread = total.lead_sd
    return (float(held[missing].sum()) - total.lead) / spread if spread > 0 else float("nan")


def _lead(rows: NDArray[np.int64] | Floats) -> Floats:
    """float[station], first less second choice, of [group, station]."""
    return np.asarray(rows[0] - rows[1], dtype=np.float64)
