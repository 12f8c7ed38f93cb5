"""What kind of election a forecast takes this one for, by what can be seen at the stop, in figures."""

from dataclasses import dataclass
from typing import Literal

from veedor.interruption.clock.order import Order
from veedor.interruption.projection.lateness.forecast import Forecast
from veedor.interruption.projection.lateness.learned import BENT
from veedor.interruption.split import Split

Kind = Literal["unrelated", "tied", "bending"]
"""Late places vote like early ones, as far as can be seen; unlike them, the more so the later; or ever more so."""


@dataclass(frozen=True, kw_only=True)
class LatenessTold:
    """kind: see `Kind`; clock: whose order was used, null where no clock tells one.

    tied: probability that votes go with lateness by more than a trace; bend: by how many standard errors the relation
    bends (positive: more lead the later); votes: what lateness adds to the lead of the missing sheets. widest_low,
    widest_high: ends of the interval that speaks against a count outside of it, as fractions of valid votes: the
    calibrated 95 % one where what lateness adds is no matter; where it is, the 99 % one if lateness counted up to two
    and a half times as much beyond the stop as before it; between them in part.
    """

    kind: Kind
    clock: str | None
    tied: float
    bend: float
    votes: float
    widest_low: float
    widest_high: float


def lateness_told(split: Split, order: Order | None, found: Forecast, *, cut_factor: float) -> LatenessTold:
    """cut_factor: by how much the election's own earlier cuts widen its intervals."""
    whole = split.base + found.mean
    reach = found.widest_reach * cut_factor
    lead, valid = float(whole[0] - whole[1]), float(whole.sum())
    tied = found.tied_to_lateness
    # A bend counts where it points the way of the slope: then what is beyond the stop may be far more of the same.
    bent = tied >= 0.5 and found.bent >= BENT and found.late_votes != 0
    return LatenessTold(
        kind="bending" if bent else "tied" if tied >= 0.5 else "unrelated",
        clock=None if order is None else order.clock,
        tied=tied,
        bend=found.bend,
        votes=found.late_votes,
        widest_low=(lead - reach) / valid,
        widest_high=(lead + reach) / valid,
    )
