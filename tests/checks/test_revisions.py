import pytest

from tests.checks.world import FIGURES, STATIONS, Row, inputs, rows, spoiled
from tests.parsed import effect_of, items_of
from veedor.checks import run_checks
from veedor.finding import Finding, Verdict


def revised(*states: list[Row]) -> Finding:
    return run_checks(inputs(preliminary=states), ["revisions"])[0]


def without(station: str) -> list[Row]:
    return [row for row in rows() if row["station"] != station]


def test_it_holds_where_a_count_only_grows() -> None:
    finding = revised(rows()[:4], rows()[:9], rows())
    assert (finding.verdict, finding.looked_at, finding.found) == (Verdict.HOLDS, 18, 0)


def test_nothing_is_said_of_one_state() -> None:
    finding = revised(rows())
    assert (finding.verdict, finding.looked_at) == (Verdict.UNDECIDED, 0)


@pytest.mark.parametrize("station", STATIONS)
@pytest.mark.parametrize("cell", [*FIGURES, "registered"])
def test_every_figure_that_changes_is_seen(station: str, cell: str) -> None:
    clean = next(row for row in rows() if row["station"] == station)
    finding = revised(rows(), spoiled(rows(), station, **{cell: int(str(clean[cell])) - 2}))
    assert finding.verdict is Verdict.DOES_NOT_HOLD
    assert [(item["station"], item["change"]) for item in items_of(finding)] == [(station, "revised")]
    assert (effect_of(finding)["revised"], effect_of(finding)["withdrawn"]) == (1, 0)
    if cell != "registered":
        key = cell.removeprefix("votes.")
        assert effect_of(finding)["net"][key] == effect_of(finding)["votes_down"][key] == -2
        assert [(fall["figure"], fall["votes"]) for fall in effect_of(finding)["totals_down"]] == [(key, -2)]


@pytest.mark.parametrize("station", STATIONS)
def test_every_sheet_withdrawn_and_returned_is_seen(station: str) -> None:
    finding = revised(rows(), without(station), spoiled(rows(), station, blank=9))
    assert finding.verdict is Verdict.DOES_NOT_HOLD
    assert {item["station"] for item in items_of(finding)} == {station}
    assert {item["change"] for item in items_of(finding)} == {"withdrawn", "returned"}
    effect = effect_of(finding)
    assert (effect["withdrawn_sheets"], effect["returned"], effect["returned_with_other_figures"]) == (1, 1, 1)
    assert effect["still_withdrawn"] == 0
    clean = next(row for row in rows() if row["station"] == station)
    assert effect["net"]["blank"] == 9 - int(str(clean["blank"]))


def test_a_sheet_that_does_not_return_is_told() -> None:
    effect = revised(rows(), without("110"), without("110")).effect
    assert (effect["withdrawn"], effect["returned"], effect["still_withdrawn"]) == (1, 0, 1)


def test_a_sheet_set_aside_by_status_takes_its_votes_out_of_the_totals() -> None:
    finding = revised(rows(), spoiled(rows(), "101", status="annulled"))
    assert (finding.verdict, effect_of(finding)["status_changes"]) == (Verdict.DOES_NOT_HOLD, 1)
    assert effect_of(finding)["net"] == {"A": -60, "B": -40, "C": -10, "blank": -3, "null": -2}


def test_a_name_that_changes_is_no_revision_of_figures() -> None:
    finding = revised(rows(), spoiled(rows(), "101", precinct="Another name"))
    assert (finding.verdict, effect_of(finding)["other_revisions"]) == (Verdict.HOLDS, 1)


def test_the_place_with_most_events_is_named_at_each_level() -> None:
    later = spoiled(spoiled(spoiled(rows(), "101", blank=9), "102", blank=9), "118", blank=9)
    region, precinct = effect_of(revised(rows(), later))["concentration"]
    assert (region["place"], region["events"], region["sheets"]) == ({"region": "Region 0"}, 2, 9)
    assert (precinct["place"]["precinct"], precinct["events"], precinct["sheets"]) == ("Precinct 0", 2, 3)
    assert (precinct["share_of_events"], precinct["share_of_sheets"]) == (2 / 3, 3 / 18)
