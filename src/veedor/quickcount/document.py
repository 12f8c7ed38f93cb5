"""What `veedor quickcount estimate --json` prints. Shares, errors and differences are fractions, not per cent."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from veedor.document import LEFT_OUT
from veedor.finding import Text
from veedor.quickcount.weights import Collapsed


@dataclass(frozen=True, kw_only=True)
class StrataShown:
    """Strata of the frame, those with a report, and those that were not taken as they are."""

    frame: int
    received: int
    collapsed: Sequence[Collapsed]


@dataclass(frozen=True, kw_only=True)
class EstimateShown:
    """A choice's share of all votes, or that of the null votes (`null`).

    se_linear, se_bootstrap: standard errors by linearisation and by the rescaling bootstrap. sampling: of 95 %; shift:
    widened by the late-shift allowance; bound: if all missing voters voted against, or for it (null where their number
    is not known); bound_equal_turnout: the same at the turnout of the stations that reported. design_effect: variance
    over that of a random sample of as many voters.
    """

    choice: str
    name: Text
    share: float
    se_linear: float
    se_bootstrap: float
    sampling: Sequence[float]
    shift: Sequence[float]
    bound: Sequence[float] | None
    bound_equal_turnout: Sequence[float]
    design_effect: float | None


@dataclass(frozen=True, kw_only=True)
class TurnoutShown:
    """All votes over registered voters of the stations that reported, weighted; in the same form as a share."""

    share: float
    se_linear: float
    se_bootstrap: float
    sampling: Sequence[float]
    shift: Sequence[float]
    bound: Sequence[float]


@dataclass(frozen=True, kw_only=True)
class DifferenceShown:
    """Share of the first minus that of the second choice, with its own error.

    shift: twice the allowance of one share. tipping_point: the difference in the missing stations at which the order
    changes, null where none is missing; below -1 nothing that they say changes it at equal turnout.
    """

    first: str
    second: str
    share: float
    se: float
    se_bootstrap: float
    sampling: Sequence[float]
    shift: Sequence[float]
    tipping_point: float | None


@dataclass(frozen=True, kw_only=True)
class ThresholdShown:
    """A choice's share minus a threshold; one-sided limits of 95 % for all thresholds together (Bonferroni).

    answer: `above` or `below` where the limit and the allowance for the missing say so, else `undecided`.
    """

    choice: str
    threshold: float
    difference: float
    se: float
    limits: Sequence[float]
    shift: Sequence[float]
    answer: str


@dataclass(frozen=True, kw_only=True)
class AllowanceShown:
    """By how much the share in missing stations may differ from that in the others (late shift). why: the rule."""

    share: float
    why: Text


@dataclass(frozen=True, kw_only=True)
class MethodShown:
    """How the estimate was made. finite_correction: whether the frame is known, so that errors have it."""

    estimator: str
    cells: str
    single: str
    level: float
    replicates: int
    finite_correction: bool
    errors_agree: bool
    error_ratio: Sequence[float]


@dataclass(frozen=True, kw_only=True)
class EstimateDocument:
    """The estimate of one moment.

    received, planned: stations; missing_share: 1 - received / planned. latest: time of the last report used, where it
    is known; left_out: rows of the reports that were not used.
    """

    election: str
    received: int
    planned: int
    strata: StrataShown
    missing_share: float
    latest: str | None
    allowance: AllowanceShown
    estimates: Sequence[EstimateShown]
    turnout: TurnoutShown | None
    differences: Sequence[DifferenceShown]
    thresholds: Sequence[ThresholdShown]
    method: MethodShown
    seed: int
    notes: Sequence[Text]
    left_out: Sequence[str] | None = field(default=None, metadata=LEFT_OUT)
