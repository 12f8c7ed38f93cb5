"""What donor rules expect without drawing, and the intervals as wide as they err."""

import numpy as np
import pytest

from tests.interruption.cases import simulated_split
from veedor.interruption.clock.clocks import Ticks
from veedor.interruption.clock.order import Order, orders_of
from veedor.interruption.projection.calibration import yardsticks
from veedor.interruption.projection.draws import drawn
from veedor.interruption.projection.expected_leads import RULES, expected_leads
from veedor.interruption.projection.placebo_cuts import LAST_SHARE, cuts_before
from veedor.interruption.projection.projection import DRAWN, donors_at, projections
from veedor.interruption.split import Split
from veedor.simulation import Parameters, draw, sheet_table


def _order(split: Split, seed: int) -> Order:
    arrived = sheet_table(draw(600, "clean", seed, Parameters()), "preliminary").select("station", when="arrived")
    name = split.election.name.text
    order = orders_of(Ticks(id="arrival", count="preliminary", name=name, sheets=arrived), split)
    assert order is not None
    return order


@pytest.mark.parametrize("order", ["random", "geography"])
def test_expected_leads_are_the_means_of_the_draws(order: str) -> None:
    """3,000 draws of each rule: their mean within four of its standard errors; pooled has no draws but its own sum."""
    split = simulated_split(7, order=order)
    donors = donors_at(split)
    registered = np.where(split.counted, split.registered_at_cut, split.registered).astype(np.float64)
    found = expected_leads(
        split.places,
        counted=np.flatnonzero(split.counted),
        missing=np.flatnonzero(split.missing),
        lead=split.rows_at_cut[0] - split.rows_at_cut[1],
        registered=registered,
    )
    for rule, expected in zip(RULES[1:], found[1:], strict=True):
        totals = drawn(DRAWN[rule], donors, draws=3_000, seed=4)
        leads = totals[:, 0] - totals[:, 1]
        assert abs(leads.mean() - expected) < 4 * leads.std() / np.sqrt(len(leads))
    point = projections(split, donors, earlier={}, draws=10, seed=1, hidings=2)[0]
    assert found[0] == pytest.approx(point.margin)


def test_cuts_before_the_stop_use_only_sheets_from_before_it() -> None:
    split = simulated_split(7)
    order = _order(split, 7)
    cuts = cuts_before(split, order)
    assert len(cuts) >= 19
    for end, counted, missing in cuts:
        assert not (counted & missing).any()
        assert not ((counted | missing) & split.missing).any()
        assert (order.position[counted] <= end).all()
        assert (order.position[missing] > end).all()
    assert cuts[-1][1].sum() / split.counted.sum() == pytest.approx(LAST_SHARE, abs=0.01)


def test_what_came_after_the_stop_does_not_touch_the_yardsticks() -> None:
    """The yardsticks with every missing sheet's votes exchanged between the two leaders are the same numbers."""
    split = simulated_split(7)
    order = _order(split, 7)
    final = split.final.copy()
    final[split.missing] = final[split.missing][:, [1, 0, 2]]
    other = Split(**{**{name: getattr(split, name) for name in split.__dataclass_fields__}, "final": final})
    found, same = (yardsticks(each, [order], hidings=5, rng=np.random.default_rng(1)) for each in (split, other))
    assert found is not None
    assert found == same
    assert found.parts >= 24


def test_calibrated_intervals_are_never_narrower_than_the_rules_own() -> None:
    split = simulated_split(7)
    errors = yardsticks(split, [_order(split, 7)], hidings=5, rng=np.random.default_rng(1))
    for each in projections(split, donors_at(split), earlier={}, draws=200, seed=1, hidings=4, errors=errors):
        assert each.calibrated is not None
        assert each.sd is None or each.calibrated.sd >= each.sd * 0.999
        low, high = (each.calibrated.quantiles[q] for q in ("0.025", "0.975"))
        assert (high - low) / 2 == pytest.approx(1.959964 * each.calibrated.sd)
        assert (high + low) / 2 == pytest.approx(each.mean, abs=2e-5)


def test_without_yardsticks_donor_rules_have_no_calibrated_interval() -> None:
    split = simulated_split(7)
    assert yardsticks(split, [], hidings=0, rng=np.random.default_rng(1)) is None
    found = projections(split, donors_at(split), earlier={}, draws=100, seed=1, hidings=2)
    assert [each.rule for each in found if each.calibrated is not None] == ["hierarchical"]
