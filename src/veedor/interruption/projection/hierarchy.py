"""The hierarchical rule of a split election: one forecast at the stop, others of hidden parts and at earlier cuts.

All are made alike, so that what is seen on sheets published before the stop says what to expect of those after it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from veedor.interruption.clock.order import Order
from veedor.interruption.projection.lateness.forecast import Forecast, forecast
from veedor.interruption.projection.lateness.passing import passing
from veedor.interruption.projection.lateness.places import Lateness, lateness
from veedor.interruption.split import Split

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEAST_SHEETS = 10
"""With fewer sheets on either side an error says nothing."""


@dataclass(frozen=True, kw_only=True)
class Hierarchy:
    """A split, the order in which its sheets came (None: only that some came after the stop), and earlier votes.

    earlier: float[k, station], shares.
    """

    split: Split
    order: Order | None
    earlier: Floats

    @property
    def registered(self) -> Floats:
        """float[station]: as the interrupted count states it where the sheet is counted, else as the universe does."""
        split = self.split
        return np.where(split.counted, split.registered_at_cut, split.registered).astype(np.float64)

    def late(self, counted: Flags, missing: Flags) -> Lateness:
        """How late every place is if these sheets are counted and those missing."""
        return lateness(self.split.places, passing(self.order, counted, missing))

    def forecast(self, counted: Flags, missing: Flags, late: Lateness | None = None) -> Forecast | None:
        """The missing sheets from the counted ones, at their values at the cut; None where there are none of either."""
        registered = self.registered
        missing = missing & (registered > 0)
        if not missing.any() or not (counted & (registered > 0)).any():
            return None
        return forecast(
            self.split.places,
            counted=counted,
            missing=missing,
            votes=self.split.rows_at_cut,
            registered=registered,
            late=self.late(counted, missing) if late is None else late,
            earlier=self.earlier,
        )

    def error(self, counted: Flags, missing: Flags, held: Floats, late: Lateness | None = None) -> float:
        """(held - forecast) / calibrated standard deviation of the missing sheets' lead; NaN where they are too few.

        held: float[station], first less second choice.
        """
        if min(int((missing & (self.registered > 0)).sum()), int(counted.sum())) < LEAST_SHEETS:
            return float("nan")
        found = self.forecast(counted, missing, late)
        if found is None or not found.calibrated_sd > 0:
            return float("nan")
        return (float(held[missing & (self.registered > 0)].sum()) - found.lead) / found.calibrated_sd
