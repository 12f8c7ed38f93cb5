"""Revisions: the largest come first, other cells are counted apart, and a total that went down is said."""

import pytest

from tests.checks.world import EVENING, HOUR, Row, inputs, rows, spoiled
from tests.parsed import effect_of, items_of
from veedor.checks import run_checks
from veedor.finding import Finding


def revised(*states: list[Row], items: int | None = None) -> Finding:
    return run_checks(inputs(preliminary=states, items=items), ["revisions"])[0]


def test_names_that_change_are_counted_beside_the_sheets_whose_figures_do() -> None:
    """Two names and one figure: the revision of the figure is an event, those of the names are not."""
    later = spoiled(rows(), "101", precinct="Another name")
    later = spoiled(spoiled(later, "102", region="Another region"), "103", blank=9)
    effect = effect_of(revised(rows(), later))
    assert (effect["other_revisions"], effect["revised"]) == (2, 1)


@pytest.mark.parametrize("shown", [1, 2, 3])
def test_the_largest_revisions_are_shown_first(shown: int) -> None:
    """Revised by 1, by 30 and by 7 votes, in this order of stations."""
    later = spoiled(spoiled(spoiled(rows(), "101", blank=4), "105", blank=34), "109", blank=12)
    found = revised(rows(), later, items=shown)
    by_hand = [("105", 30), ("109", 7), ("101", 1)]
    assert [(item["station"], item["moved"]) for item in items_of(found)] == by_hand[:shown]
    assert found.items_total == 3


def test_revisions_of_one_size_come_in_the_order_of_publication() -> None:
    first = spoiled(rows(), "110", blank=5)
    second = spoiled(first, "102", blank=6)
    found = revised(rows(), first, second)
    assert [item["station"] for item in items_of(found)] == ["110", "102"]
    assert items_of(found)[0]["snapshot"] == (EVENING + HOUR).isoformat()


def test_it_is_said_how_many_totals_went_down() -> None:
    """Sheet 101 has 60 votes for A and 3 blank ones: with 50 and 1 two totals go down; with 61 none does."""
    down = revised(rows(), spoiled(rows(), "101", **{"votes.A": 50, "blank": 1}))
    assert [(fall["figure"], fall["votes"]) for fall in effect_of(down)["totals_down"]] == [("A", -10), ("blank", -2)]
    assert "Totals that went down from one state to the next: 2." in down.summary.en
    assert "Totales que bajaron de un estado al siguiente: 2." in down.summary.es
    up = revised(rows(), spoiled(rows(), "101", **{"votes.A": 61}))
    assert effect_of(up)["totals_down"] == []
    assert "went down" not in up.summary.en
