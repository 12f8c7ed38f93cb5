"""Intervals of the final lead that hold it as often as they say.

The hierarchical rules' are normal, as wide as `lateness.learned` and the election's own earlier cuts ask for. A donor
rule's draws hold only the luck of the draw: not that late places vote unlike early ones, so that no width of its own is
honest. Its calibrated interval is, around its own mean, as wide as it must be to contain the hierarchical rule's: the
distance between their means is part of what it errs by.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist

LEVEL = 0.975
"""The quantile by which a calibrated interval's standard deviation is told."""


@dataclass(frozen=True, kw_only=True)
class Width:
    """Of the missing sheets' lead, in votes: normal with this sd, beyond a gap on both sides of the rule's own mean."""

    sd: float
    gap: float = 0.0

    def reach(self, level: float) -> float:
        """How far the quantile `level` lies above the mean (below: negative)."""
        z = NormalDist().inv_cdf(level)
        return self.sd * z + (self.gap if z > 0 else -self.gap if z < 0 else 0.0)

    @property
    def told(self) -> float:
        """Standard deviation of the normal with the same 95 % interval."""
        return self.reach(LEVEL) / NormalDist().inv_cdf(LEVEL)


@dataclass(frozen=True, kw_only=True)
class Calibrated:
    """An interval of the final lead as wide as projections of this sort err.

    sd, quantiles: fractions of valid votes, around the rule's mean, sd being that of the normal with the same 95 %
    interval; margin_sd: the same in votes of the missing sheets' lead; p_outcome: as of the rule, with its draws
    stretched to this width; yardsticks: hidden parts and earlier cuts of this election that it was checked on.
    """

    sd: float
    quantiles: dict[str, float]
    margin_sd: float
    p_outcome: dict[str, float]
    yardsticks: int


def calibrated(
    mean: float,
    *,
    width: Width,
    valid: float,
    levels: Iterable[float],
    p_outcome: dict[str, float],
    yardsticks: int,
) -> Calibrated:
    """The interval around a projected lead. valid: the projected valid votes of all sheets."""
    return Calibrated(
        sd=width.told / valid,
        quantiles={str(level): mean + width.reach(level) / valid for level in levels},
        margin_sd=width.told,
        p_outcome=p_outcome,
        yardsticks=yardsticks,
    )
