import pytest

from tests.checks.world import STATIONS, Row, inputs, rows, spoiled
from tests.parsed import effect_of, items_of
from veedor.checks import run_checks
from veedor.finding import Finding, Verdict


def between(name: str, official: list[Row], preliminary: list[Row]) -> Finding:
    return run_checks(inputs(official, [preliminary]), [name])[0]


@pytest.mark.parametrize("name", ["registered_differs", "geography_differs"])
def test_they_hold_where_two_counts_agree(name: str) -> None:
    finding = between(name, rows(), rows()[:10])
    assert (finding.verdict, finding.looked_at, finding.found) == (Verdict.HOLDS, 10, 0)


@pytest.mark.parametrize("name", ["registered_differs", "geography_differs"])
def test_nothing_is_said_of_one_count(name: str) -> None:
    finding = run_checks(inputs(rows()), [name])[0]
    assert (finding.verdict, finding.looked_at) == (Verdict.UNDECIDED, 0)


@pytest.mark.parametrize("station", STATIONS)
@pytest.mark.parametrize("side", ["official", "preliminary"])
def test_every_roll_is_compared(station: str, side: str) -> None:
    off = spoiled(rows(), station, registered=243)
    finding = between("registered_differs", *((off, rows()) if side == "official" else (rows(), off)))
    assert finding.verdict is Verdict.DOES_NOT_HOLD
    assert [item["station"] for item in items_of(finding)] == [station]
    change = 3 if side == "official" else -3
    assert (effect_of(finding)["registered"], effect_of(finding)["stations"]) == ({"net": change, "absolute": 3}, 1)


@pytest.mark.parametrize("station", STATIONS)
@pytest.mark.parametrize("side", ["official", "preliminary"])
@pytest.mark.parametrize("level", ["region", "precinct"])
def test_every_name_is_compared(station: str, side: str, level: str) -> None:
    off = spoiled(rows(), station, **{level: "Elsewhere"})
    finding = between("geography_differs", *((off, rows()) if side == "official" else (rows(), off)))
    assert finding.verdict is Verdict.DOES_NOT_HOLD
    assert [item["station"] for item in items_of(finding)] == [station]
    assert effect_of(finding)["levels"][level] == 1
    assert items_of(finding)[0]["to" if side == "official" else "from"][level] == "Elsewhere"


def test_capitals_and_spaces_are_no_other_name_but_are_counted() -> None:
    shouted = [{**row, "region": f" {str(row['region']).upper()} "} for row in rows()]
    finding = between("geography_differs", rows(), shouted)
    assert (finding.verdict, effect_of(finding)["only_capitals_or_spaces"]) == (Verdict.HOLDS, 18)


def test_a_level_that_one_count_does_not_name_is_not_compared() -> None:
    finding = between("geography_differs", rows(), [{**row, "precinct": None} for row in rows()])
    assert (finding.verdict, finding.looked_at) == (Verdict.HOLDS, 18)
    assert "precinct" not in effect_of(finding)["levels"]


def test_a_roll_that_one_count_does_not_give_is_not_compared() -> None:
    finding = between("registered_differs", rows(), [{**row, "registered": None} for row in rows()])
    assert (finding.verdict, finding.looked_at) == (Verdict.UNDECIDED, 0)


def test_the_state_before_a_known_stop_is_compared_too() -> None:
    # States at 19, 20, 21 and 22 h; the stop begins at 20 h.
    findings = run_checks(inputs(rows(), [rows()[:2], rows()[:5], rows()[:9], rows()]), ["registered_differs"])
    assert [finding.looked_at for finding in findings] == [5, 18]
    assert "--from preliminary@2024-05-12T20:00:00 --to official" in str(findings[0].command)
