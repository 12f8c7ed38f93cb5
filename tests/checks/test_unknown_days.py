"""A day or a time that nobody has filled in raises no alarm: sheets that arrive at any time are possible."""

import datetime as dt

import pytest

from tests.checks.world import CONTEST, ELECTION, EVENING, rows, table
from veedor.checks import CheckInputs, run_checks
from veedor.election import Election
from veedor.finding import Finding, Verdict
from veedor.sheets import series_of
from veedor.sheets.dataset import in_memory

DAY = dt.date(2024, 5, 12)
MIDNIGHT = dt.datetime(2024, 5, 13, tzinfo=ELECTION.zone)


def without_time(date: dt.date) -> Election:
    count = ELECTION.counts[1]
    source = count.sources[0].model_copy(update={"time": None})
    return ELECTION.model_copy(
        update={"date": date, "counts": (count.model_copy(update={"sources": (source,)}),), "interruptions": ()}
    )


def finding(date: dt.date, arrived: dt.datetime) -> Finding:
    """The check of times, of sheets that arrive at that time in a state without a time."""
    election = without_time(date)
    state = dt.datetime.combine(date + dt.timedelta(days=1), dt.time(), election.zone)
    made = table([{**row, "arrived": arrived} for row in rows()], election)
    series = series_of(election, CONTEST, election.counts[0], [(state, made)])
    (found,) = run_checks(CheckInputs(dataset=in_memory(election, [series])), ["impossible_times"])
    return found


def test_nothing_is_judged_where_neither_day_nor_time_is_known() -> None:
    found = finding(dt.date(2000, 1, 1), EVENING)
    assert (found.verdict, found.found, found.looked_at) == (Verdict.UNDECIDED, 0, 0)
    assert "neither the day of the vote nor the time" in found.summary.en


@pytest.mark.parametrize(("hours", "verdict"), [(-24, Verdict.DOES_NOT_HOLD), (0, Verdict.HOLDS), (30, Verdict.HOLDS)])
def test_a_state_without_a_time_bounds_no_arrival(hours: int, verdict: Verdict) -> None:
    assert finding(DAY, EVENING + dt.timedelta(hours=hours)).verdict is verdict
