"""Places of which only totals are published (`if_empty`): in the totals, and no station that a check looks at."""

import pytest

from tests.checks.world import DEFINITION, EVENING, Row, rows, table
from veedor.checks import CheckInputs, run_checks
from veedor.election.read import election_from
from veedor.finding import Finding
from veedor.sheets import series_of
from veedor.sheets.dataset import in_memory

JOINED = DEFINITION.replace(
    'station = "station"', 'station = { join = ["precinct", "station"], separator = " / ", if_empty = "the total" }'
)
ELECTION = election_from(JOINED)
WHOLE: Row = {
    "station": "Far / the total",
    "region": "North",
    "precinct": "Far",
    "registered": 700,
    "votes.A": 0,
    "votes.B": 0,
    "votes.C": 0,
    "blank": 690,
    "null": 10,
}
"""A place in which nobody voted for a choice, all voted, and there are more ballots than a station has."""


def found(*more: Row) -> dict[str, Finding]:
    made = [*rows(), *more]
    states = [(EVENING, table(made, ELECTION))]
    series = series_of(ELECTION, ELECTION.contests[0], ELECTION.counts[1], states)
    return {each.check: each for each in run_checks(CheckInputs(dataset=in_memory(ELECTION, [series])))}


@pytest.mark.parametrize(
    "name", ["full_turnout", "zero_votes", "ballots_over_registered", "identical_rows", "stations_per_place"]
)
def test_a_whole_place_is_no_station_and_said_to_be_left_out(name: str) -> None:
    without, with_it = found()[name], found(WHOLE)[name]
    assert (with_it.looked_at, with_it.found, with_it.verdict) == (
        without.looked_at,
        without.found,
        without.verdict,
    )
    told = " Left out, because it is the total of a place whose stations are not published: 1 sheet."
    assert with_it.summary.en == without.summary.en + told
    as_station = {**WHOLE, "station": "Far / 1"}
    if name in ("full_turnout", "zero_votes"):
        assert found(as_station)[name].found == without.found + 1
