"""Reconciliation where there are one or two choices, where a figure has one source, and what was looked at."""

import pytest

from tests.checks.world import (
    DEFINITION,
    EVENING,
    OFFICIAL_TIME,
    Row,
    inputs,
    rows,
    spoiled,
    table,
)
from tests.parsed import effect_of, items_of
from veedor.checks import CheckInputs, run_checks
from veedor.election.read import election_from
from veedor.finding import Finding
from veedor.sheets import series_of
from veedor.sheets.dataset import in_memory


def reconciled_of(choices: str, before: list[Row], after: list[Row]) -> Finding:
    """The reconciliation of two counts of an election that has these choices only."""
    ids = ", ".join(f'{{ id = "{name}", name = {{ en = "{name}" }} }}' for name in choices)
    votes = ", ".join(f'{name} = "{name}"' for name in choices)
    lines = DEFINITION.splitlines()
    lines = [f"choices = [{ids}]" if line.startswith("choices") else line for line in lines]
    lines = [f"votes = {{ {votes} }}" if line.startswith("votes") else line for line in lines]
    election = election_from("\n".join(lines))
    contest, counts = election.contests[0], {count.id: count for count in election.counts}
    states = {"preliminary": (EVENING, before), "official": (OFFICIAL_TIME, after)}
    series = [
        series_of(election, contest, counts[name], [(when, table(made, election))])
        for name, (when, made) in states.items()
    ]
    return run_checks(CheckInputs(dataset=in_memory(election, series)), ["reconciliation"])[0]


def sheets(**votes: tuple[int, ...]) -> list[Row]:
    """Sheets of the figures given: votes of each choice, a number a sheet."""
    names = list(votes)
    return [
        {"station": str(101 + n), **{f"votes.{name}": figure for name, figure in zip(names, row, strict=True)}}
        for n, row in enumerate(zip(*votes.values(), strict=True))
    ]


def test_the_lead_of_two_choices_is_told() -> None:
    """Before 150 to 90; sheet 101 changes to 90 to 60; sheet 103 is added with 20 to 25: 160 to 125 in the end."""
    found = reconciled_of("AB", sheets(A=(100, 50), B=(50, 40)), sheets(A=(90, 50, 20), B=(60, 40, 25)))
    assert effect_of(found)["lead"] == {
        "first": "A",
        "second": "B",
        "before": 60,
        "by_changed_sheets": -20,
        "by_added_sheets": -5,
        "by_missing_sheets": 0,
        "after": 35,
    }
    assert "the lead of A over B by -20 votes" in found.summary.en.replace("−", "-")


def test_one_choice_has_nobody_to_lead() -> None:
    found = reconciled_of("A", sheets(A=(100, 50)), sheets(A=(90, 50)))
    assert effect_of(found)["lead"] is None
    assert effect_of(found)["net"]["A"] == -10
    assert "lead" not in found.summary.en


@pytest.mark.parametrize("cell", ["blank", "null", "votes.C"])
def test_a_figure_that_one_source_never_prints_moves_nothing(cell: str) -> None:
    """Sheet 101 has two more votes for A in the later state; what the earlier one does not print is no change."""
    before = [{**row, cell: None} for row in rows()]
    found = run_checks(inputs(spoiled(rows(), "101", **{"votes.A": 62}), [before]), ["reconciliation"])[0]
    assert (items_of(found)[0]["moved"], effect_of(found)["votes"]) == (2, 2)
    assert sum(items_of(found)[0]["difference"].values()) == 2


def test_a_sheet_that_is_gone_was_looked_at_too() -> None:
    """18 sheets before; two are gone afterwards, and one has come: the 18 were looked for."""
    after = [row for row in rows() if row["station"] not in ("104", "117")] + [{**rows()[0], "station": "119"}]
    found = run_checks(inputs(after, [rows()]), ["reconciliation"])[0]
    effect = effect_of(found)
    assert found.looked_at == 18
    assert (effect["compared_sheets"], effect["missing_sheets"], effect["added_sheets"]) == (16, 2, 1)
