"""A count of one state whose sheets say when they arrived: the state at a stop is put together from these times."""

import datetime as dt

import pytest

from tests.checks.world import EVENING, HOUR, OFFICIAL_TIME, rows, series
from veedor.errors import VeedorError
from veedor.interruption.clock.clocks import arrived_clock
from veedor.interruption.clock.gaps import gaps_of
from veedor.interruption.study import _state_at
from veedor.sheets import Series


def arriving(states: int = 1) -> Series:
    """18 sheets: one every ten minutes from 19:00 on, the last six of them five hours later; the first says nothing."""
    made = []
    for number, row in enumerate(rows()):
        late = 5 * HOUR if number >= 12 else dt.timedelta(0)
        arrived = EVENING + number * dt.timedelta(minutes=10) + late
        made.append({**row, "arrived": arrived if number else None})
    return series("official", [(OFFICIAL_TIME + number * HOUR, made) for number in range(states)])


def test_the_sheets_that_had_arrived_are_the_state_at_the_stop() -> None:
    when, state = _state_at(arriving(), EVENING + 2 * HOUR)
    # Sheets 2 to 12 say that they had arrived by 21:00; the first, which says nothing, is not taken for one of them.
    assert state["station"].to_list() == [str(number) for number in range(102, 113)]
    assert when == EVENING + 2 * HOUR


def test_a_published_state_comes_before_times_of_arrival() -> None:
    when, state = _state_at(arriving(), OFFICIAL_TIME)
    assert (when, state.height) == (OFFICIAL_TIME, 18)


def test_the_stop_is_the_gap_between_arrivals() -> None:
    ticks = arrived_clock(arriving())
    assert ticks is not None
    (gap,) = gaps_of(ticks)
    # From 20:50, the twelfth sheet, to 19:00 and 120 minutes and five hours later.
    assert (gap.start, gap.end) == (EVENING + dt.timedelta(minutes=110), EVENING + 7 * HOUR)
    assert (gap.sheets_before, gap.sheets_after) == (11, 12)


def test_snapshots_order_the_sheets_where_there_are_enough() -> None:
    assert arrived_clock(arriving(states=3)) is None


def test_a_stop_before_all_is_refused_with_what_is_known() -> None:
    with pytest.raises(VeedorError, match="none of 17 sheets says that it had arrived by then"):
        _state_at(arriving(), EVENING - HOUR)
