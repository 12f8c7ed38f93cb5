import pytest

from tests.checks.world import FIGURES, STATIONS, Row, inputs, rows, spoiled
from veedor.checks import run_checks
from veedor.finding import Finding, Verdict

CLEAN = {str(row["station"]): row for row in rows()}


def one(name: str, made: list[Row]) -> Finding:
    return run_checks(inputs(made), [name])[0]


def figure(station: str, name: str) -> int:
    return int(str(CLEAN[station][name]))


@pytest.mark.parametrize("name", ["ballots_over_registered", "full_turnout", "zero_votes"])
def test_they_hold_on_sheets_in_order(name: str) -> None:
    finding = one(name, rows())
    assert (finding.verdict, finding.looked_at, finding.found) == (Verdict.HOLDS, 18, 0)


@pytest.mark.parametrize("station", STATIONS)
@pytest.mark.parametrize("cell", [*FIGURES, "cast", "registered"])
def test_one_ballot_too_many_is_seen_wherever_it_is_written(station: str, cell: str) -> None:
    room = figure(station, "registered") - figure(station, "cast")
    value = figure(station, "cast") - 1 if cell == "registered" else figure(station, cell) + room + 1
    finding = one("ballots_over_registered", spoiled(rows(), station, **{cell: value}))
    assert finding.verdict is Verdict.DOES_NOT_HOLD
    assert [item["station"] for item in finding.items] == [station]
    assert (finding.effect["stations"], finding.effect["votes"]) == (1, 1)


@pytest.mark.parametrize("station", STATIONS)
@pytest.mark.parametrize("cell", [*FIGURES, "cast", "registered"])
def test_a_full_turnout_is_described_wherever_it_is_written(station: str, cell: str) -> None:
    room = figure(station, "registered") - figure(station, "cast")
    value = figure(station, "cast") if cell == "registered" else figure(station, cell) + room
    made = spoiled(rows(), station, **{cell: value})
    finding = one("full_turnout", made)
    assert finding.verdict is Verdict.UNDECIDED
    assert [item["station"] for item in finding.items] == [station]
    assert one("ballots_over_registered", made).verdict is Verdict.HOLDS


@pytest.mark.parametrize("station", STATIONS)
def test_a_sheet_without_votes_is_described(station: str) -> None:
    nothing = dict.fromkeys(("votes.A", "votes.B", "votes.C"), 0)
    finding = one("zero_votes", spoiled(rows(), station, **nothing))
    assert finding.verdict is Verdict.UNDECIDED
    assert [item["station"] for item in finding.items] == [station]
    assert (finding.effect["stations"], finding.effect["without_ballots"]) == (1, 0)


@pytest.mark.parametrize("cell", ["votes.A", "votes.B", "votes.C"])
def test_one_vote_is_a_vote(cell: str) -> None:
    nothing = dict.fromkeys(("votes.A", "votes.B", "votes.C"), 0)
    assert one("zero_votes", spoiled(rows(), "101", **{**nothing, cell: 1})).verdict is Verdict.HOLDS


def test_a_sheet_without_figures_is_told_from_one_with_zeros() -> None:
    absent = dict.fromkeys(FIGURES)
    finding = one("zero_votes", spoiled(rows(), "101", **absent))
    assert (finding.effect["without_figures"], finding.items[0]["without_figures"]) == (1, True)


@pytest.mark.parametrize("name", ["ballots_over_registered", "full_turnout"])
def test_nothing_is_said_without_a_roll(name: str) -> None:
    finding = one(name, [{**row, "registered": None} for row in rows()])
    assert (finding.verdict, finding.looked_at) == (Verdict.UNDECIDED, 0)


def test_sheets_outside_the_totals_are_not_looked_at() -> None:
    made = spoiled(rows(), "101", registered=1, status="withheld")
    assert one("ballots_over_registered", made).verdict is Verdict.HOLDS


@pytest.mark.parametrize("name", ["ballots_over_registered", "full_turnout"])
def test_ballots_of_a_sheet_that_lacks_a_figure_are_not_compared(name: str) -> None:
    made = spoiled(rows(), "101", **{"votes.C": None})
    assert (one(name, made).looked_at, one(name, made).effect["not_comparable"]) == (18, 0), "its printed sum will do"
    finding = one(name, spoiled(made, "101", cast=None))
    assert (finding.looked_at, finding.effect["not_comparable"]) == (17, 1)
    assert "Not comparable, because a figure is absent: 1 sheet." in finding.summary.en
    more = one("ballots_over_registered", spoiled(made, "101", cast=None, **{"votes.A": 1000}))
    assert (more.verdict, more.effect["not_comparable"]) == (Verdict.DOES_NOT_HOLD, 0)


def test_a_sheet_that_lacks_a_figure_may_have_votes() -> None:
    made = spoiled(rows(), "101", **{"votes.A": 0, "votes.B": 0, "votes.C": None})
    finding = one("zero_votes", made)
    assert (finding.verdict, finding.looked_at, finding.effect["not_comparable"]) == (Verdict.HOLDS, 17, 1)
