"""How far each donor rule errs where nothing happened, and an interval that is as wide as that.

A donor rule's draws hold only the luck of the draw: not that late places vote unlike early ones. Two yardsticks show
what that amounts to, both of sheets published before the stop: parts hidden in the pattern of the missing ones
(`validation`), and the sheets that passed between an earlier cut and the stop (`rolling`). Each gives the rule's error
in votes of the lead for each registered voter; the calibrated standard deviation of the missing sheets' lead is the
root mean square of these errors times the missing sheets' registered voters, never below that of the rule's own draws.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from veedor.interruption.clock.order import Order
from veedor.interruption.projection.expected_leads import RULES, expected_leads
from veedor.interruption.projection.placebo_cuts import cuts_before
from veedor.interruption.projection.validation import late_like
from veedor.interruption.split import Split

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEAST_SHEETS = 10
"""A part of fewer sheets is no yardstick."""


@dataclass(frozen=True, kw_only=True)
class Yardsticks:
    """errors: rule -> root mean square error, in votes of the lead for each registered voter; parts: how many."""

    errors: dict[str, float]
    parts: int


@dataclass(frozen=True, kw_only=True)
class Calibrated:
    """An interval of the final lead as wide as the rule has been seen to err.

    sd, quantiles: fractions of valid votes, normal around the rule's mean; margin_sd: votes of the missing sheets'
    lead; p_outcome: as of the rule, with its draws stretched to this width; yardsticks: parts it was measured on.
    """

    sd: float
    quantiles: dict[str, float]
    margin_sd: float
    p_outcome: dict[str, float]
    yardsticks: int


def calibrated(
    mean: float,
    *,
    margin_sd: float,
    valid: float,
    levels: Iterable[float],
    p_outcome: dict[str, float],
    yardsticks: int,
) -> Calibrated:
    """The interval around a projected lead. valid: the projected valid votes of all sheets."""
    sd = margin_sd / valid
    normal = NormalDist()
    return Calibrated(
        sd=sd,
        quantiles={str(level): mean + sd * normal.inv_cdf(level) for level in levels},
        margin_sd=margin_sd,
        p_outcome=p_outcome,
        yardsticks=yardsticks,
    )


def yardsticks(split: Split, orders: Iterable[Order], *, hidings: int, rng: np.random.Generator) -> Yardsticks | None:
    """Every donor rule's error on hidden parts and at cuts before the stop; None where there are none."""
    registered = split.registered_at_cut.astype(np.float64)
    able = split.counted & (registered > 0)
    hidden = [late_like(split, rng) & able for _ in range(hidings)]
    parts = [(split.counted & ~part, part) for part in hidden]
    parts += [(counted, missing) for order in orders for _, counted, missing in cuts_before(split, order)]
    lead = split.rows_at_cut[0] - split.rows_at_cut[1]
    errors = [
        _relative(split, counted, missing, lead, registered)
        for counted, missing in parts
        if min(counted.sum(), missing.sum()) >= LEAST_SHEETS
    ]
    if not errors:
        return None
    square = np.mean(np.array(errors) ** 2, axis=0)
    return Yardsticks(
        errors={rule: float(np.sqrt(value)) for rule, value in zip(RULES, square, strict=True)}, parts=len(errors)
    )


def _relative(split: Split, counted: Flags, missing: Flags, lead: Floats, registered: Floats) -> Floats:
    absent = np.flatnonzero(missing)
    expected = expected_leads(
        split.places, counted=np.flatnonzero(counted), missing=absent, lead=lead, registered=registered
    )
    return np.asarray((lead[absent].sum() - expected) / registered[absent].sum())
