"""When each counted sheet passed: the share of all sheets that had passed before its tick, and after it.

Sheets of one tick (a second, a batch, a snapshot) cannot be told apart: each lies somewhere between the two shares. A
missing sheet passes after the stop, at a share that nobody knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from veedor.interruption.clock.order import Order

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

ENOUGH = 0.9
"""A clock is used if it has ticks of this share of the counted sheets."""


@dataclass(frozen=True, kw_only=True)
class Passing:
    """counted, missing: bool[station]; low, high: float[station], read only where counted: the shares of the module."""

    counted: Flags
    missing: Flags
    low: Floats
    high: Floats

    @property
    def share(self) -> float:
        """Share of the sheets that are counted."""
        counted = float(self.counted.sum())
        return counted / (counted + float(self.missing.sum()))


def finest_order(orders: Sequence[Order], counted: Flags) -> Order | None:
    """The order that tells most counted sheets apart, of those with a tick of ENOUGH of them."""
    able = [order for order in orders if np.mean(~np.isnan(order.position[counted])) >= ENOUGH]
    return max(able, key=lambda order: len(np.unique(order.position[counted])), default=None)


def passing(order: Order | None, counted: Flags, missing: Flags) -> Passing:
    """By an order's ticks. A counted sheet without one passed at some time before the stop."""
    low, high = np.zeros(len(counted)), np.ones(len(counted))
    share = float(counted.sum()) / float(counted.sum() + missing.sum())
    high[counted] = share
    if order is not None:
        known = np.flatnonzero(counted & ~np.isnan(order.position))
        tick, sheets = np.unique(order.position[known], return_inverse=True, return_counts=True)[1:]
        if known.size:
            end = share * np.cumsum(sheets) / known.size
            high[known], low[known] = end[tick], (end - share * sheets / known.size)[tick]
    return Passing(counted=counted, missing=missing, low=low, high=high)
