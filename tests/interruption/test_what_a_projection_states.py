"""What a projection states beside its mean: quantiles, spread, outcomes; and what a point estimate does not."""

from dataclasses import replace
from functools import cache
from math import sqrt

import numpy as np
import pytest

from tests.interruption.cases import simulated_split
from veedor.election import HighestAverages, Plurality, Supermajority
from veedor.election.rules import Rule
from veedor.interruption.projection.calibration import Yardsticks
from veedor.interruption.projection.hierarchical import Total
from veedor.interruption.projection.projection import DRAWN, Projection, donors_at, outcome_shares, projections

RULES = ("pooled", *DRAWN)
NORMAL = {"0.025": -1.959964, "0.1": -1.281552, "0.25": -0.674490, "0.5": 0.0}
"""Quantiles of the standard normal distribution below its middle; those above are the same with the other sign."""


@cache
def projected(error: float) -> tuple[Projection, ...]:
    """The projections of donor rules, where each rule has been seen to err by so many votes a registered voter."""
    split = simulated_split(7, stations=300)
    errors = Yardsticks(errors=dict.fromkeys(RULES, error), parts=9)
    found = projections(split, donors_at(split), earlier={}, draws=60, seed=1, hidings=2, errors=errors)
    return tuple(each for each in found if each.rule in RULES)


def test_quantiles_of_the_draws_are_stated_in_pairs_around_the_middle() -> None:
    wanted = ["0.025", "0.1", "0.25", "0.5", "0.75", "0.9", "0.975"]
    drawn = [each for each in projected(0.0) if each.rule != "pooled"]
    assert drawn
    for each in drawn:
        assert list(each.quantiles) == wanted
        assert list(each.quantiles.values()) == sorted(each.quantiles.values())


def test_a_calibrated_interval_is_normal_around_the_mean() -> None:
    for each in projected(0.05):
        found = each.calibrated
        assert found is not None
        middle = found.quantiles["0.5"]
        for level, z in NORMAL.items():
            above = str(1 - float(level))
            assert found.quantiles[level] == pytest.approx(middle + z * found.sd, abs=1e-6 * found.sd)
            assert found.quantiles[above] == pytest.approx(middle - z * found.sd, abs=1e-6 * found.sd)


def test_a_point_estimate_has_no_draws_no_spread_and_no_quantiles() -> None:
    (pooled,) = (each for each in projected(0.0) if each.rule == "pooled")
    assert (pooled.draws, pooled.sd, pooled.margin_sd, pooled.quantiles) == (0, None, None, {})
    assert all(each.draws == 60 and each.sd is not None for each in projected(0.0) if each.rule != "pooled")


def test_a_rule_that_never_erred_keeps_its_own_width_and_its_own_outcomes() -> None:
    for each in projected(0.0):
        found = each.calibrated
        assert found is not None
        assert found.yardsticks == 9
        if each.rule != "pooled":
            assert each.margin_sd is not None
            assert found.margin_sd == pytest.approx(each.margin_sd)
            assert found.p_outcome == pytest.approx(each.p_outcome)


@pytest.mark.parametrize("error", [0.0, 0.5])
def test_outcomes_of_a_calibrated_interval_are_all_there_are(error: float) -> None:
    split = simulated_split(7, stations=300)
    first, second = split.first, split.second
    for each in projected(error):
        found = each.calibrated
        assert found is not None
        if each.rule == "pooled":
            assert found.p_outcome == {}, "a point cannot be stretched"
        else:
            assert set(found.p_outcome) == {f"elected {first}", f"elected {second}", f"runoff {first} {second}"}
            assert sum(found.p_outcome.values()) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        (Plurality(kind="plurality"), (0.75, 0.0)),
        (Plurality(kind="plurality", seats=2), None),
        (Supermajority(kind="supermajority", proposal="yes"), None),
        (HighestAverages(kind="highest_averages", seats=1), None),
    ],
    ids=["one seat", "two seats", "a referendum", "seats by lists"],
)
def test_outcomes_are_told_only_where_the_two_leaders_decide_them(
    rule: Rule, wanted: tuple[float, float] | None
) -> None:
    """Of four draws the first leads in three, and one is even: where a seat goes to the most votes, that elects nobody.

    Two seats hang on the third choice, a referendum on its line, seats by lists on all of them: nothing is said.
    """
    split = simulated_split(1, stations=200)
    split = replace(split, contest=split.contest.model_copy(update={"rule": rule}))
    draws = np.array([[51.0, 40, 9], [46, 45, 9], [40, 40, 20], [60, 30, 10]])
    shares = outcome_shares(split, draws)
    if wanted is None:
        assert shares == {}
    else:
        assert shares == {f"elected {split.first}": wanted[0], f"elected {split.second}": wanted[1]}


def test_the_spread_of_the_lead_is_that_of_the_first_less_the_second() -> None:
    """Var(first - second) = 4 + 9 - 2 * 1 = 11, whatever the third does."""
    covariance = np.array([[4.0, 1.0, -2.0], [1.0, 9.0, -6.0], [-2.0, -6.0, 16.0]])
    total = Total(mean=np.array([50.0, 30.0, 20.0]), covariance=covariance)
    assert total.lead == 20.0
    assert total.lead_sd == pytest.approx(sqrt(11))
