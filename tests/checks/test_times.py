import datetime as dt

import pytest

from tests.checks.world import ELECTION, EVENING, HOUR, STATIONS, Row, inputs, rows, series, spoiled
from veedor.checks import CheckInputs, run_checks
from veedor.finding import Finding, Verdict
from veedor.sheets.dataset import in_memory

MIDNIGHT = dt.datetime(2024, 5, 12, tzinfo=ELECTION.zone)
SECOND = dt.timedelta(seconds=1)


def timed(*states: list[Row]) -> Finding:
    return run_checks(inputs(preliminary=states), ["impossible_times"])[0]


def test_it_holds_for_times_in_order() -> None:
    finding = timed(rows()[:3], rows())
    # 18 sheets with a time and two states.
    assert (finding.verdict, finding.looked_at, finding.found) == (Verdict.HOLDS, 20, 0)


@pytest.mark.parametrize("station", STATIONS)
@pytest.mark.parametrize(
    ("when", "why"), [(MIDNIGHT - SECOND, "before_election_day"), (EVENING + SECOND, "after_snapshot")]
)
def test_every_time_of_arrival_is_guarded(station: str, when: dt.datetime, why: str) -> None:
    finding = timed(spoiled(rows(), station, arrived=when))
    assert finding.verdict is Verdict.DOES_NOT_HOLD
    assert [(item["station"], item["why"]) for item in finding.items] == [(station, why)]
    assert finding.effect[why] == 1


@pytest.mark.parametrize("when", [MIDNIGHT, EVENING])
def test_the_edges_are_possible(when: dt.datetime) -> None:
    assert timed(spoiled(rows(), "101", arrived=when)).verdict is Verdict.HOLDS


@pytest.mark.parametrize("station", STATIONS)
def test_an_arrival_that_moves_is_seen(station: str) -> None:
    finding = timed(rows(), spoiled(rows(), station, arrived=EVENING + SECOND))
    assert [(item["station"], item["why"]) for item in finding.items] == [(station, "arrival_changed")]


def test_a_state_from_before_election_day_is_seen() -> None:
    early = series("preliminary", [(MIDNIGHT - HOUR, [{**row, "arrived": None} for row in rows()])])
    given = CheckInputs(dataset=in_memory(ELECTION, [early]))
    finding = run_checks(given, ["impossible_times"])[0]
    assert finding.verdict is Verdict.DOES_NOT_HOLD
    assert finding.items[0]["why"] == "state_before_election_day"


def test_states_out_of_order_are_seen() -> None:
    from dataclasses import replace

    given = inputs(preliminary=[rows(), rows()])
    states = given.series["preliminary"]
    turned = replace(states, snapshots=states.snapshots[::-1])
    finding = run_checks(replace(given, dataset=in_memory(given.election, [turned])), ["impossible_times"])[0]
    assert [item["why"] for item in finding.items] == ["state_not_after_the_one_before"]
