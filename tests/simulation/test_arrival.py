"""The order of arrival: tied to geography it moves the lead, untied it does not."""

import numpy as np
import pytest

from veedor.simulation import CountHistory, Parameters, draw
from veedor.simulation.arrival import HOUR
from veedor.simulation.drawing import Drawn
from veedor.simulation.parameters import Order

SEEDS = range(60)
STATIONS = 1000


def _lead(history: CountHistory, snapshot: int) -> float:
    """First minus second choice, in points of valid votes."""
    totals = history.figures(snapshot)[history.present(snapshot)].sum(axis=0)
    return float(100 * (totals[0] - totals[1]) / totals[:-2].sum())


def _shifts(order: Order, count: str) -> np.ndarray:
    """Final lead minus the lead at a third of the snapshots, for each seed."""
    shifts = []
    for seed in SEEDS:
        history = draw(STATIONS, "clean", seed, Parameters(order=order)).histories[count]
        shifts.append(_lead(history, 11) - _lead(history, 3))
    return np.array(shifts)


@pytest.mark.slow
@pytest.mark.parametrize("count", ["preliminary", "official"])
def test_tied_to_geography_the_lead_moves_by_points(count: str) -> None:
    shifts = _shifts("geography", count)
    error = shifts.std(ddof=1) / np.sqrt(len(shifts))
    assert shifts.mean() > 3
    assert shifts.mean() / error > 6


@pytest.mark.slow
@pytest.mark.parametrize("count", ["preliminary", "official"])
def test_untied_the_lead_does_not_move_on_average(count: str) -> None:
    shifts = _shifts("random", count)
    error = shifts.std(ddof=1) / np.sqrt(len(shifts))
    assert abs(shifts.mean()) < 3.3 * error  # one seeded draw in a thousand would be further out
    assert error < 0.3  # and the test is sharp enough to see a third of a point


@pytest.mark.slow
def test_tied_to_places_alone_the_lead_moves_both_ways() -> None:
    shifts, random = _shifts("places", "preliminary"), _shifts("random", "preliminary")
    assert abs(shifts.mean()) < 3.3 * shifts.std(ddof=1) / np.sqrt(len(shifts))
    assert shifts.std() > 2 * random.std()  # but by more than chance: whole places are missing


def _published_before_the_stop(drawn: Drawn) -> tuple[int, int]:
    before = drawn.preliminary.calendar.before
    return int(drawn.preliminary.present(before - 1).sum()), before


def test_publication_stops_where_and_for_how_long_it_is_asked_to() -> None:
    drawn = draw(5000, "clean", 3, Parameters(stop_after=0.6, stop_hours=10, missing=0, withdrawn=0))
    sheets, before = _published_before_the_stop(drawn)
    assert sheets == pytest.approx(0.6 * 5000, abs=2)
    times = drawn.preliminary.calendar.times
    assert times[before] - times[before - 1] == 10 * HOUR
    steps = np.delete(np.diff(times), before - 1)
    assert (steps < 10 * HOUR).all()


def test_sheets_go_on_arriving_while_publication_stops() -> None:
    drawn = draw(5000, "clean", 3)
    history, before = drawn.preliminary, drawn.preliminary.calendar.before
    stop, resumption = history.calendar.times[before - 1 : before + 1]
    during = (history.arrived > stop) & (history.arrived <= resumption)
    assert 0.1 < during.mean() < 0.16
    assert set(history.published[during]) <= {-1, before}


def test_without_a_stop_publications_follow_the_count() -> None:
    drawn = draw(5000, "clean", 3, Parameters(stop_after=None, snapshots=10, missing=0, withdrawn=0))
    sheets = [int(drawn.preliminary.present(snapshot).sum()) for snapshot in range(10)]
    assert sheets == pytest.approx([500 * step for step in range(1, 11)], abs=2)


def test_a_places_sheets_arrive_together_when_tied() -> None:
    def within(order: Order) -> float:
        """Spread of arrival ranks within precincts, as a share of the spread over all stations."""
        drawn = draw(4000, "clean", 8, Parameters(order=order))
        ranks = drawn.preliminary.arrived.argsort().argsort().astype(float)
        means = np.bincount(drawn.geography.precinct, ranks) / np.bincount(drawn.geography.precinct)
        return float((ranks - means[drawn.geography.precinct]).std() / ranks.std())

    assert within("geography") < 0.6
    assert within("places") < 0.7
    assert within("random") > 0.8
