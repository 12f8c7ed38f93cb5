"""Counts and states without a station in common: a question, and nothing withdrawn, added or missing."""

import pytest

from tests.checks.world import inputs, rows
from veedor.checks import run_checks
from veedor.finding import Verdict


def renamed(made: list[dict[str, object]]) -> list[dict[str, object]]:
    """The same sheets under identifiers of another kind."""
    return [{**row, "station": f"X-{row['station']}-9"} for row in made]


@pytest.mark.parametrize("check", ["reconciliation", "registered_differs", "geography_differs", "missing_sheets"])
def test_counts_with_no_station_in_common_are_undecided(check: str) -> None:
    for finding in run_checks(inputs(rows(), [renamed(rows())]), [check]):
        assert finding.verdict is Verdict.UNDECIDED
        assert finding.found == 0
        assert "no station of one is in the other: are the identifiers written alike?" in finding.summary.en
        assert "¿están escritos igual los identificadores?" in finding.summary.es


def test_states_with_no_station_in_common_are_no_revision() -> None:
    findings = run_checks(inputs(preliminary=[rows(), renamed(rows())]), ["revisions"])
    (finding,) = [one for one in findings if one.effect["count"] == "preliminary"]
    assert (finding.verdict, finding.found, finding.items_total) == (Verdict.UNDECIDED, 0, 0)
    assert finding.effect["withdrawn_sheets"] == 0
    assert "are the identifiers written alike?" in finding.summary.en


def test_one_station_in_common_is_enough_to_compare() -> None:
    mixed = [rows()[0], *renamed(rows()[1:])]
    (finding,) = run_checks(inputs(preliminary=[rows(), mixed]), ["revisions"])
    # 18 stations: one stays, 17 go, 17 come.
    assert finding.effect["withdrawn_sheets"] == 17
    assert finding.verdict is Verdict.DOES_NOT_HOLD
