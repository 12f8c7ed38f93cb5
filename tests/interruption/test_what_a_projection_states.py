"""What a projection states beside its mean: quantiles, spread, outcomes; and what a point estimate does not."""

from dataclasses import replace
from functools import cache
from math import sqrt

import numpy as np
import pytest

from tests.interruption.cases import simulated_split
from veedor.election import HighestAverages, Plurality, Supermajority
from veedor.election.rules import Rule
from veedor.interruption.projection.calibration import Width
from veedor.interruption.projection.hierarchical import Total
from veedor.interruption.projection.projection import (
    DRAWN,
    Projection,
    donors_at,
    hierarchies_of,
    outcome_shares,
    projections,
)

RULES = ("pooled", *DRAWN)
NORMAL = {"0.025": -1.959964, "0.1": -1.281552, "0.25": -0.674490, "0.5": 0.0}
"""Quantiles of the standard normal distribution below its middle; those above are the same with the other sign."""


@cache
def everything() -> tuple[Projection, ...]:
    split = simulated_split(7, stations=300)
    hierarchies = hierarchies_of(split, None, {})
    return tuple(projections(split, donors_at(split), hierarchies=hierarchies, draws=60, seed=1, hidings=2))


def donor_rules() -> list[Projection]:
    return [each for each in everything() if each.rule in RULES]


def test_quantiles_of_the_draws_are_stated_in_pairs_around_the_middle() -> None:
    wanted = ["0.025", "0.1", "0.25", "0.5", "0.75", "0.9", "0.975"]
    drawn = [each for each in donor_rules() if each.rule != "pooled"]
    assert drawn
    for each in drawn:
        assert list(each.quantiles) == wanted
        assert list(each.quantiles.values()) == sorted(each.quantiles.values())


def test_the_hierarchical_rules_calibrated_interval_is_normal_around_the_mean() -> None:
    found = everything()[-1].calibrated
    assert found is not None
    middle = found.quantiles["0.5"]
    for level, z in NORMAL.items():
        above = str(1 - float(level))
        assert found.quantiles[level] == pytest.approx(middle + z * found.sd, abs=1e-6 * found.sd)
        assert found.quantiles[above] == pytest.approx(middle - z * found.sd, abs=1e-6 * found.sd)


def test_a_donor_rules_calibrated_interval_contains_the_hierarchical_ones_at_every_level() -> None:
    best = everything()[-1].calibrated
    assert best is not None
    for each in donor_rules():
        found = each.calibrated
        assert found is not None
        for level in ("0.025", "0.1", "0.25"):
            above = str(1 - float(level))
            slack = 0.02 * (best.quantiles[above] - best.quantiles[level])  # their missing votes differ in number too
            assert found.quantiles[level] <= best.quantiles[level] + slack
            assert found.quantiles[above] >= best.quantiles[above] - slack


def test_a_gap_moves_both_ends_outwards_and_leaves_the_middle() -> None:
    # 1.959964 * 2 + 3 = 6.919928 above and below; as a normal's standard deviation 6.919928 / 1.959964.
    width = Width(sd=2.0, gap=3.0)
    assert width.reach(0.5) == 0.0
    assert width.reach(0.975) == pytest.approx(6.919928, abs=1e-5)
    assert width.reach(0.025) == pytest.approx(-6.919928, abs=1e-5)
    assert width.told == pytest.approx(6.919928 / 1.959964, abs=1e-5)


def test_a_point_estimate_has_no_draws_no_spread_and_no_quantiles() -> None:
    (pooled,) = (each for each in donor_rules() if each.rule == "pooled")
    assert (pooled.draws, pooled.sd, pooled.margin_sd, pooled.quantiles) == (0, None, None, {})
    assert all(each.draws == 60 and each.sd is not None for each in donor_rules() if each.rule != "pooled")


def test_outcomes_of_a_calibrated_interval_are_all_there_are() -> None:
    split = simulated_split(7, stations=300)
    first, second = split.first, split.second
    for each in everything():
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
