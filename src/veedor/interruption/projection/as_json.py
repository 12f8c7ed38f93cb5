"""The projections in the study's document: leads as fractions of valid votes, margins in votes."""

from collections.abc import Mapping
from dataclasses import dataclass

from veedor.interruption.projection.calibration import Calibrated
from veedor.interruption.projection.late_places import LatenessTold
from veedor.interruption.projection.projection import Projection
from veedor.interruption.projection.validation import Validation


@dataclass(frozen=True, kw_only=True)
class CalibratedShown:
    """An interval as wide as such projections err; yardsticks: parts of this election that it was checked on."""

    sd: float
    quantiles: Mapping[str, float]
    p_outcome: Mapping[str, float]
    missing_lead_votes_sd: float
    yardsticks: int


@dataclass(frozen=True, kw_only=True)
class ProjectionShown:
    """One rule's projection of the final lead: see `Projection`. missing_lead_votes: of the missing sheets, in votes.

    values: which the counted sheets keep, those of the cut or the universe's final ones. sd: null for a point estimate.
    """

    rule: str
    universe: str
    values: str
    draws: int
    mean: float
    sd: float | None
    quantiles: Mapping[str, float]
    p_outcome: Mapping[str, float]
    observed: float
    observed_alike: float
    missing_lead_votes: float
    missing_lead_votes_sd: float | None
    unexplained_votes: float
    calibrated: CalibratedShown | None
    validation: Validation | None
    lateness: LatenessTold | None


def projection_shown(each: Projection) -> ProjectionShown:
    """A projection."""
    return ProjectionShown(
        rule=each.rule,
        universe=each.universe,
        values=each.values,
        draws=each.draws,
        mean=each.mean,
        sd=each.sd,
        quantiles=each.quantiles,
        p_outcome=each.p_outcome,
        observed=each.observed,
        observed_alike=each.observed_alike,
        missing_lead_votes=each.margin,
        missing_lead_votes_sd=each.margin_sd,
        unexplained_votes=each.unexplained_votes,
        calibrated=None if each.calibrated is None else _calibrated(each.calibrated),
        validation=each.validation,
        lateness=each.lateness,
    )


def _calibrated(each: Calibrated) -> CalibratedShown:
    return CalibratedShown(
        sd=each.sd,
        quantiles=each.quantiles,
        p_outcome=each.p_outcome,
        missing_lead_votes_sd=each.margin_sd,
        yardsticks=each.yardsticks,
    )
