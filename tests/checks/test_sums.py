from typing import Any

import pytest

from tests.checks.world import FIGURES, STATIONS, VOTES, Row, inputs, rows, spoiled
from veedor.checks import run_checks
from veedor.finding import Finding, Verdict


def sums(made: list[Row]) -> Finding:
    return run_checks(inputs(made), ["sums"])[0]


def test_it_holds_where_every_sum_is_that_of_its_parts() -> None:
    finding = sums(rows())
    assert (finding.verdict, finding.looked_at, finding.found) == (Verdict.HOLDS, 18, 0)


@pytest.mark.parametrize("station", STATIONS)
@pytest.mark.parametrize("cell", [*FIGURES, "valid", "cast"])
@pytest.mark.parametrize("by", [1, -1, 100])
def test_every_cell_of_every_sheet_is_guarded(station: str, cell: str, by: int) -> None:
    clean = next(row for row in rows() if row["station"] == station)
    finding = sums(spoiled(rows(), station, **{cell: int(str(clean[cell])) + by}))
    assert finding.verdict is Verdict.DOES_NOT_HOLD
    assert {item["station"] for item in finding.items} == {station}
    assert finding.effect["votes"] == abs(by)
    # A vote belongs to both sums, a blank or null one to ballots cast only, and a printed sum to itself.
    touched = {"valid", "cast"} if cell in VOTES else {"cast"} if cell in ("blank", "null") else {cell}
    assert {item["figure"] for item in finding.items} == touched


def test_nothing_is_said_where_no_sum_is_printed() -> None:
    made: list[Row] = [{**row, "valid": None, "cast": None} for row in rows()]
    finding = sums(made)
    assert (finding.verdict, finding.looked_at) == (Verdict.UNDECIDED, 0)
    assert "no sheet prints" in finding.summary.en


def test_a_sheet_with_an_absent_part_is_held_only_to_the_parts_it_has() -> None:
    assert sums(spoiled(rows(), "101", **{"votes.C": None})).verdict is Verdict.HOLDS
    more = spoiled(spoiled(rows(), "101", **{"votes.C": None}), "101", **{"votes.A": 1000})
    assert sums(more).verdict is Verdict.DOES_NOT_HOLD


def test_sheets_outside_the_totals_are_not_looked_at() -> None:
    made = spoiled(rows(), "101", valid=1, status="annulled")
    finding = sums(made)
    assert (finding.verdict, finding.looked_at) == (Verdict.HOLDS, 17)


def test_the_largest_difference_comes_first_and_the_list_is_cut_but_counted() -> None:
    made = rows()
    for n, station in enumerate(STATIONS, start=1):
        made = spoiled(made, station, valid=1000 + n)
    finding = run_checks(inputs(made, items=5), ["sums"])[0]
    sizes = [abs(int(str(item["difference"]))) for item in finding.items]
    assert sizes == sorted(sizes, reverse=True)
    assert (len(finding.items), finding.items_total) == (5, 18)


def test_a_sheet_without_a_part_is_not_comparable_and_counted_as_such() -> None:
    made = spoiled(spoiled(rows(), "101", **{"votes.C": None}), "102", blank=None)
    finding = sums(made)
    assert (finding.verdict, finding.looked_at, finding.effect["not_comparable"]) == (Verdict.HOLDS, 17, 1)
    effect: Any = finding.effect
    assert [effect[name]["not_comparable"] for name in ("valid", "cast")] == [1, 2]
    assert finding.summary.en.endswith("Not comparable, because a figure is absent: 1 sheet.")
    assert finding.summary.es.endswith("No se puede comparar, porque falta una cifra: 1 acta.")


def test_nothing_is_said_where_no_sum_can_be_compared() -> None:
    finding = sums([{**row, "votes.C": None} for row in rows()])
    assert (finding.verdict, finding.looked_at, finding.effect["not_comparable"]) == (Verdict.UNDECIDED, 0, 18)
    assert "no printed sum can be compared" in finding.summary.en


def test_what_no_sheet_gives_is_not_asked_for() -> None:
    finding = sums([{**row, "blank": None, "null": None} for row in rows()])
    assert (finding.verdict, finding.looked_at, finding.effect["not_comparable"]) == (Verdict.HOLDS, 18, 0)
