"""veedor count, as a person runs it, on the published sheets of Bolivia 2019."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from veedor.cli import application
from veedor.errors import VeedorError


def run(shared: Path, *arguments: str) -> str:
    data = str(shared / "data" / "bolivia-2019")
    found = CliRunner().invoke(application(), ["count", "bolivia-2019", "--data", data, *arguments])
    if found.exception is not None:
        raise found.exception
    return found.stdout


def document(shared: Path, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(shared, *arguments, "--json"))
    return found


def test_the_official_count(shared: Path) -> None:
    """Totals: vectors/interruption/bolivia-2019-findings.json, B01."""
    found = document(shared)
    assert found["sheets"] == {"expected": 34_555, "counted": 34_555}
    figures = {name: found[name] for name in ("registered", "valid", "blank", "null")}
    assert figures == {"registered": 7_315_364, "valid": 6_137_671, "blank": 93_507, "null": 229_337}
    assert [choice["id"] for choice in found["choices"][:2]] == ["MAS-IPSP", "CC"]
    outcome = found["outcome"]
    assert (outcome["rule"], outcome["result"], outcome["choices"]) == ("two_round", "elected", ["MAS-IPSP"])
    nearest = outcome["distances"][0]
    assert nearest == {
        "to": {"result": "runoff", "choices": ["MAS-IPSP", "CC"]},
        "votes": 17_336,
        "how": "move",
        "from": {"MAS-IPSP": 17_336},
        "gives": {"CC": 17_336},
        "binds": "lead",
        "exact": True,
    }
    lead = next(line for line in outcome["lines"] if line["line"] == "lead")
    assert lead["votes_over_line"] == 34_671.9
    assert found["open"]["outcome_can_change"] is False


@pytest.mark.slow
@pytest.mark.parametrize("when", ["2019-10-20T19:40:57", "2019-10-20T19:40", "2019-10-20 19", "2019-10-20T23:40:57Z"])
def test_the_preliminary_count_at_its_stop(shared: Path, when: str) -> None:
    """B04: the lead needed among the rest is 21.135857709821952 points."""
    found = document(shared, "--count", "preliminary", "--snapshot", when)
    assert found["sheets"]["counted"] == 28_975
    assert found["outcome"]["result"] == "runoff"
    assert found["open"]["sheets"] == 5_580
    assert found["open"]["outcome_can_change"] is True
    assert found["open"]["lead_needed"] == pytest.approx(0.21135857709821952, abs=1e-15)


@pytest.mark.slow
def test_every_snapshot(shared: Path) -> None:
    found = document(shared, "--count", "preliminary", "--snapshot", "all")
    assert found["certain_from"] is None
    assert [state["sheets"]["counted"] for state in found["snapshots"]] == [28_975, 32_806]
    last = found["snapshots"][1]
    assert last["outcome"]["result"] == "elected"
    assert last["lead"] / last["valid"] == pytest.approx(0.10149857, abs=1e-8)


@pytest.mark.slow
def test_places_add_up(shared: Path) -> None:
    found = document(shared, "--by", "department")
    assert sum(place["valid"] for place in found["places"]) == found["valid"]
    assert set(found["places"][0]["path"]) == {"country", "department"}
    assert list(found["places"][0])[1:] == [
        "sheets",
        "registered",
        "cast",
        "valid",
        "blank",
        "null",
        "choices",
        "figures_absent",
    ]


@pytest.mark.slow
def test_the_readable_table(shared: Path) -> None:
    text = run(shared)
    assert "34,671.9 votes over the line" in text
    assert "17,336 moved from MAS-IPSP to CC: runoff of MAS-IPSP and CC" in text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--count", "prelim"], "did you mean 'preliminary'"),
        (["--contest", "presidents"], "did you mean 'president'"),
        (["--by", "departement"], "did you mean 'department'"),
        (["--universe", "offical", "--count", "preliminary"], "did you mean 'official'"),
        (["--count", "preliminary", "--snapshot", "2019-10-2"], "several snapshots begin with"),
        (["--count", "preliminary", "--snapshot", "yesterday"], "no snapshot is called 'yesterday'"),
        (["--turnout", "88"], "a share lies between 0 and 1"),
    ],
)
def test_wrong_names_are_answered_with_the_nearest(shared: Path, arguments: list[str], message: str) -> None:
    with pytest.raises(VeedorError, match=message):
        run(shared, *arguments)
