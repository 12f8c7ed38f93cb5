"""The regressions in the study's document: estimates and shares of sheets as fractions, not in points."""

from dataclasses import dataclass

from veedor.interruption.regression.discontinuity import Jump
from veedor.interruption.regression.shuffles import Shuffled
from veedor.interruption.regression.within import Within


@dataclass(frozen=True, kw_only=True)
class WithinShown:
    """One regression: the coefficient of "late" and its standard errors; n sheets in `places` places of the level."""

    level: str
    of: str
    estimate: float | None
    se: float | None
    se_clustered: float | None
    n: int
    places: int


@dataclass(frozen=True, kw_only=True)
class ShuffledShown:
    """One outcome's test under the shuffles of one level: see `Shuffled`."""

    level: str
    of: str
    shuffles: int
    false_alarms: float | None
    sd: float | None
    p_value: float | None
    p_shuffled: float | None


@dataclass(frozen=True, kw_only=True)
class JumpShown:
    """An estimated jump at `cut` (share of sheets), from n sheets within the bandwidth: see `Jump`."""

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


def within_shown(each: Within) -> WithinShown:
    """A regression within places."""
    return WithinShown(
        level=each.level,
        of=each.of,
        estimate=_fraction(each.estimate),
        se=_fraction(each.se),
        se_clustered=_fraction(each.se_clustered),
        n=each.n,
        places=each.places,
    )


def shuffled_shown(each: Shuffled) -> ShuffledShown:
    """The shuffles of one level."""
    return ShuffledShown(
        level=each.level,
        of=each.of,
        shuffles=each.shuffles,
        false_alarms=each.false_alarms,
        sd=each.sd / 100.0,
        p_value=each.p_value,
        p_shuffled=each.p_shuffled,
    )


def jump_shown(jump: Jump) -> JumpShown:
    """A jump."""
    return JumpShown(
        clock=jump.clock,
        cut=jump.cut / 100,
        bandwidth=jump.bandwidth / 100,
        within=jump.within,
        estimate=_fraction(jump.estimate),
        se=_fraction(jump.se),
        n=jump.n,
        placebo_cuts=jump.placebo_cuts,
        placebo_share=jump.placebo_share,
        placebo_rank=jump.placebo_rank,
    )


def _fraction(points: float | None) -> float | None:
    return None if points is None else points / 100.0
