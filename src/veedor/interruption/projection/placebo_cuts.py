"""Placebo cuts for the projection: how far off is it where nothing happened?

At cuts before the stop the sheets passed so far project those that passed between that cut and the stop: only sheets
from before the stop are used, so nothing that happened after it can touch the yardstick. The projection at the stop is
then compared with these: it stands out if its error, in calibrated standard deviations, is larger than nearly all of
theirs.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from veedor.interruption.clock.order import Order
from veedor.interruption.projection.hierarchy import Hierarchy
from veedor.interruption.sentences import SIGNIFICANT
from veedor.interruption.split import Split
from veedor.interruption.workers import side_by_side

Floats = NDArray[np.float64]

FIRST_SHARE = 0.5
"""The first placebo cut: this share of the sheets passed at the stop. Earlier ones would project most of the count."""

LAST_SHARE = 0.95
CUTS = 20

LEAST_SHEETS = 100
LEAST_CUTS = 4
"""With fewer, nothing is said of how the rule errs in this election. With fewer than 19 the stop stands out where it
errs more than all of them."""

Cut = tuple[float, NDArray[np.bool_], NDArray[np.bool_]]
"""Position in per cent of the universe, and bool[station] of the sheets passed by then and of those still to come."""


@dataclass(frozen=True, kw_only=True)
class PlaceboCuts:
    """Errors of the projection at placebo cuts and at the stop, in calibrated standard deviations.

    Positive: more lead came. cuts: share of the universe's sheets passed at each placebo cut; z: float[cut].
    rank: share of the placebo cuts, counting the stop as one more, whose error is at least as large as the stop's.
    """

    rule: str
    clock: str
    cuts: tuple[float, ...]
    z: tuple[float, ...]
    z_at_stop: float
    rank: float

    @property
    def stands_out(self) -> bool:
        """True if the stop is among the 5 % that err most, or, with fewer cuts, the one that does."""
        return self.rank <= max(SIGNIFICANT, 1.0 / (len(self.z) + 1))


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


def placebo_cuts(hierarchy: Hierarchy, order: Order, *, rule: str) -> PlaceboCuts | None:
    """Project at every placebo cut of a clock; None where the clock tells too few cuts apart."""
    split = hierarchy.split
    # The counted sheets' own later corrections are another layer: the missing sheets alone are held against theirs.
    stop = hierarchy.error(split.counted, split.missing, _lead(split.final.T))
    if not np.isfinite(stop):
        return None
    before = _lead(split.rows_at_cut)

    def error(cut: Cut) -> float:
        return hierarchy.error(cut[1], cut[2], before)

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


def _lead(rows: NDArray[np.int64] | Floats) -> Floats:
    """float[station], first less second choice, of [group, station]."""
    return np.asarray(rows[0] - rows[1], dtype=np.float64)
