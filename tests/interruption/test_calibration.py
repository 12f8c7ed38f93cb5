"""Earlier cuts, hidden parts, and the intervals: what they use and how wide they are."""

import numpy as np
import pytest

from tests.interruption.cases import simulated_split
from veedor.interruption.clock.clocks import Ticks
from veedor.interruption.clock.order import Order, orders_of
from veedor.interruption.projection.hierarchy import Hierarchy
from veedor.interruption.projection.lateness.learned import CUTS_MAY_ERR
from veedor.interruption.projection.placebo_cuts import CUTS, LAST_SHARE, PlaceboCuts, cuts_before, placebo_cuts
from veedor.interruption.projection.projection import donors_at, hierarchies_of, projections
from veedor.interruption.projection.validation import unlike_others, validate
from veedor.interruption.split import Split
from veedor.simulation import Parameters, draw, sheet_table


def _order(split: Split, seed: int) -> Order:
    arrived = sheet_table(draw(600, "clean", seed, Parameters()), "preliminary").select("station", when="arrived")
    name = split.election.name.text
    order = orders_of(Ticks(id="arrival", count="preliminary", name=name, sheets=arrived), split)
    assert order is not None
    return order


def _hierarchy(split: Split, order: Order | None) -> Hierarchy:
    return hierarchies_of(split, order, {})["hierarchical"]


def test_cuts_before_the_stop_use_only_sheets_from_before_it() -> None:
    split = simulated_split(7)
    order = _order(split, 7)
    cuts = cuts_before(split, order)
    assert len(cuts) == CUTS >= 19
    for end, counted, missing in cuts:
        assert not (counted & missing).any()
        assert not ((counted | missing) & split.missing).any()
        assert (order.position[counted] <= end).all()
        assert (order.position[missing] > end).all()
    assert cuts[-1][1].sum() / split.counted.sum() == pytest.approx(LAST_SHARE, abs=0.01)


def test_what_came_after_the_stop_touches_neither_the_projection_nor_its_width() -> None:
    """With every missing sheet's votes exchanged between the two leaders, both are the same numbers."""
    split = simulated_split(7)
    order = _order(split, 7)
    final = split.final.copy()
    final[split.missing] = final[split.missing][:, [1, 0, 2]]
    other = Split(**{**{name: getattr(split, name) for name in split.__dataclass_fields__}, "final": final})
    said = []
    for each in (split, other):
        hierarchy = _hierarchy(each, order)
        cuts = placebo_cuts(hierarchy, order, rule="hierarchical")
        assert cuts is not None
        found = hierarchy.forecast(each.counted, each.missing)
        assert found is not None
        checked = validate(hierarchy, found=found, hidings=3, rng=np.random.default_rng(1), cuts=cuts.z)
        said.append((cuts.z, found.lead, found.calibrated_sd, checked))
    assert said[0] == said[1]


def test_calibrated_intervals_are_never_narrower_than_the_rules_own() -> None:
    split = simulated_split(7)
    hierarchies = hierarchies_of(split, _order(split, 7), {})
    for each in projections(split, donors_at(split), hierarchies=hierarchies, draws=2_000, seed=1, hidings=4):
        assert each.calibrated is not None
        # Of 2,000 draws a standard deviation errs by 1.6 %: four of them.
        assert each.margin_sd is None or each.calibrated.margin_sd >= each.margin_sd * (1 - 0.064)
        low, high = (each.calibrated.quantiles[q] for q in ("0.025", "0.975"))
        assert (high - low) / 2 == pytest.approx(1.959964 * each.calibrated.sd)
        assert (high + low) / 2 == pytest.approx(each.mean, abs=2e-4)


def test_validation_is_repeatable_and_says_how_many() -> None:
    hierarchy = _hierarchy(simulated_split(3), None)
    found = hierarchy.forecast(hierarchy.split.counted, hierarchy.split.missing)
    assert found is not None
    first, second = (validate(hierarchy, found=found, hidings=6, rng=np.random.default_rng(1)) for _ in range(2))
    assert first == second
    assert first.widening >= 1.0
    assert first.widening == pytest.approx(found.calibrated_sd / found.sd)
    assert [(each.hidden, each.hidings) for each in first.coverage] == [("random", 6), ("late_like", 6)]
    for each in first.coverage:
        assert 0 <= each.coverage["0.5"] <= each.coverage["0.8"] <= each.coverage["0.95"] <= 1


def test_cuts_that_err_far_more_than_those_of_other_elections_widen_the_interval() -> None:
    assert unlike_others([]) == 1.0
    assert unlike_others([1.0, -1.2, 0.3]) == 1.0
    assert unlike_others([6.0] * 20) == pytest.approx(6.0 / CUTS_MAY_ERR)
    hierarchy = _hierarchy(simulated_split(3), None)
    found = hierarchy.forecast(hierarchy.split.counted, hierarchy.split.missing)
    assert found is not None
    wide = validate(hierarchy, found=found, hidings=2, rng=np.random.default_rng(1), cuts=[6.0] * 20)
    assert wide.widening == pytest.approx(found.calibrated_sd / found.sd * 6.0 / CUTS_MAY_ERR)
    # Errors of 6 standard deviations are 1.5 of the widened ones: inside 95 % (1.96), outside 80 % (1.28).
    assert wide.coverage[-1].hidden == "cuts"
    assert (wide.coverage[-1].coverage["0.8"], wide.coverage[-1].coverage["0.95"]) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("rank", "cuts", "out"), [(1 / 21, 20, True), (2 / 21, 20, False), (1 / 9, 8, True), (2 / 9, 8, False)]
)
def test_the_stop_stands_out_among_the_worst_twentieth_or_as_the_worst_of_few(
    rank: float, cuts: int, out: bool
) -> None:
    found = PlaceboCuts(rule="r", clock="c", cuts=(0.5,) * cuts, z=(1.0,) * cuts, z_at_stop=2.0, rank=rank)
    assert found.stands_out is out
