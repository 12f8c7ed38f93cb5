"""What the stations that did not report could do to an estimate: a late shift, the tipping point, the worst case."""

from dataclasses import dataclass

import numpy as np

from veedor.quickcount.night import Missing, Night

Z = 1.96
"""Of a two-sided interval of 95 %."""

Interval = tuple[float, float]


def around(value: float, half: float, low: float = 0.0, high: float = 1.0) -> Interval:
    """value ± half, within [low, high]."""
    return max(low, value - half), min(high, value + half)


def tipping_point(difference: float, missing_share: float) -> float | None:
    """The difference among the missing stations at which the leader changes; None where none is missing.

    Below -1 no result of the missing stations, of equal size and turnout, changes the leader.
    """
    return -difference * (1.0 - missing_share) / missing_share if missing_share > 0 else None


def worst_case_equal_turnout(share: float, missing_share: float) -> Interval:
    """A share if all missing votes go to another choice, or to this one, at the turnout of those that reported."""
    low = share * (1.0 - missing_share)
    return low, low + missing_share


@dataclass(frozen=True, kw_only=True)
class Most:
    """Votes of the election in stations that reported, and the most there can be in those that did not.

    without_roll: missing stations without registered voters; each is taken as the largest such station that reported.
    """

    received: float
    missing: float
    without_roll: int

    def shares(self, share: float) -> Interval:
        """A share of the received votes if all missing registered voters vote for others, or for this choice."""
        votes, total = share * self.received, self.received + self.missing
        return votes / total, (votes + self.missing) / total


def most_missing(night: Night, missing: Missing) -> Most:
    """The bound by registered voters: a station has at most as many votes as voters."""
    without = missing.roll == 0
    largest = 0
    if without.any():
        alike = night.total[night.roll == 0] if night.roll is not None else night.total
        largest = int(alike.max()) if len(alike) else int(night.total.max())
    at_most = np.where(without, largest, missing.roll)
    return Most(
        received=float(night.design_weight @ night.total),
        missing=float(missing.weight @ at_most),
        without_roll=int(without.sum()),
    )
