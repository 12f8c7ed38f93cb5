"""NIST reports: valid by the published JSON schema, whole by the reference checks, and true to the sheets."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import polars as pl
import pytest

from tests.sheets.export.tables import bolivia, small_table
from veedor.election import Contest, Count, Election, HighestAverages, Plurality, Supermajority
from veedor.errors import VeedorError
from veedor.sheets.nist.references import REFERENCES, reference_faults
from veedor.sheets.nist.write import nist_report, object_id, write_nist_json


@pytest.fixture(scope="module")
def schema(shared: Path) -> dict[str, Any]:
    path = shared / "data/nist/1500-100/NIST_V2_election_results_reporting.json"
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def valid(report: Any, schema: dict[str, Any]) -> list[str]:
    return [error.message for error in jsonschema.Draft4Validator(schema).iter_errors(report)]


def plain_report(table: pl.DataFrame, election: Election, contest: Contest, count: Count) -> dict[str, Any]:
    """The report as a reader of its file has it."""
    found: dict[str, Any] = json.loads(json.dumps(nist_report(table, election, contest, count)))
    return found


def unit(report: dict[str, Any], name: str) -> dict[str, Any]:
    [found] = [unit for unit in report["GpUnit"] if unit["@id"] == name]
    return dict(found)


def test_a_small_report_is_valid_and_says_what_the_sheets_say(schema: dict[str, Any]) -> None:
    election, contest, count, table = small_table()
    report = plain_report(table, election, contest, count)
    assert valid(report, schema) == []
    assert reference_faults(report, "x.json") == []
    first = unit(report, "station-1")
    assert first["VotersRegistered"] == 100
    assert first["ContactInformation"]["LatLng"]["Latitude"] == -16.5
    assert first["CountStatus"][0]["OtherType"] == "counted"
    assert "VotersRegistered" not in unit(report, "station-2")
    [told] = report["Election"]
    votes = told["Contest"][0]["ContestSelection"][0]["VoteCounts"]
    assert {(entry["GpUnitId"], entry["Type"], entry["Count"]) for entry in votes} == {
        ("station-1", "total", 30),
        ("station-2", "total", 0),
        ("station-a_20_b", "total", 7),
        ("station-a_5f_b", "other", 90),
        ("station-_3d_5", "other", 11),
    }
    blank = {entry["GpUnitId"]: entry["Undervotes"] for entry in told["Contest"][0]["OtherCounts"]}
    assert blank == {"station-1": 5, "station-2": 0, "station-a_20_b": 1}
    ballots = {entry["GpUnitId"]: entry for entry in told["BallotCounts"]}
    assert ballots["station-1"]["BallotsRejected"] == 2
    assert ballots["station-1"]["BallotsCast"] == 58, "as printed, though 57 is the sum"
    assert ballots["station-2"]["BallotsCast"] == 9
    assert "station-a_20_b" not in ballots, "it lacks its null votes, so its ballots cast are not known"
    assert (told["Contest"][0]["SubUnitsReported"], told["Contest"][0]["TotalSubUnits"]) == (3, 5)
    assert report["Status"] == "unofficial-partial"


def test_places_are_known_by_their_path_and_hold_their_parts(schema: dict[str, Any]) -> None:
    election, contest, count, table = small_table()
    report = plain_report(table, election, contest, count)
    places = {unit["@id"]: unit for unit in report["GpUnit"] if not unit["@id"].startswith("station-")}
    by_label = [
        (place["Name"]["Text"][0]["Content"], place["Type"], place.get("OtherType")) for place in places.values()
    ]
    assert by_label == [
        ("A small election", "other", "election"),
        ("North", "state", None),
        ("School", "other", "precinct"),
        ("South", "state", None),
        ("School", "other", "precinct"),
    ]
    assert places["election-scope"]["ComposingGpUnitIds"] == ["state-1", "state-3", "station-_3d_5"]
    assert places["state-3"]["ComposingGpUnitIds"] == ["precinct-4", "station-a_5f_b"]


RULES = {
    "CandidateContest": Plurality(kind="plurality", seats=3),
    "PartyContest": HighestAverages(kind="highest_averages", seats=5),
    "BallotMeasureContest": Supermajority(kind="supermajority", proposal="A"),
}


@pytest.mark.parametrize("kind", RULES)
def test_each_rule_has_the_standards_contest(schema: dict[str, Any], kind: str) -> None:
    election, contest, count, table = small_table()
    ruled: Contest = contest.model_copy(update={"rule": RULES[kind]})
    report = plain_report(table, election, ruled, count)
    assert valid(report, schema) == []
    assert reference_faults(report, "x.json") == []
    assert report["Election"][0]["Contest"][0]["@type"] == f"ElectionResults.{kind}"


def test_ids_of_different_names_differ_and_are_xml_names() -> None:
    names = ["a b", "a_b", "a_20_b", "ab", "a.b", "á", "a-b", "=1", ""]
    ids = [object_id("station", name) for name in names]
    assert len(set(ids)) == len(names)
    assert all(name.replace("-", "").replace("_", "").isalnum() and name.isascii() for name in ids)


def test_the_reference_table_is_that_of_the_schema(schema: dict[str, Any]) -> None:
    found: dict[str, set[str]] = {}
    for definition in schema["definitions"].values():
        for key, value in definition.get("properties", {}).items():
            kinds = value.get("refTypes") or value.get("items", {}).get("refTypes")
            if kinds:
                found.setdefault(key, set()).update(kind.removeprefix("ElectionResults.") for kind in kinds)
    assert {key: set(kinds) for key, kinds in REFERENCES.items()} == found


def spoiled(what: str) -> tuple[dict[str, Any], str]:
    """A report with one fault, and how the fault must be named."""
    election, contest, count, table = small_table()
    report = plain_report(table, election, contest, count)
    told = report["Election"][0]
    if what == "dangling":
        told["Contest"][0]["ContestSelection"][0]["VoteCounts"][0]["GpUnitId"] = "nowhere"
        return (
            report,
            "choice-A.GpUnitId: found 'nowhere', which no object has, wanted a ReportingDevice or ReportingUnit",
        )
    if what == "class":
        told["Candidate"][0]["PartyId"] = "station-1"
        return report, "candidate-A.PartyId: found 'station-1', which is a ReportingUnit, wanted a Coalition or Party"
    if what == "twice":
        report["GpUnit"][2]["@id"] = "station-1"
        return report, "station-1: found the id 2 times, wanted every object id once"
    if what == "circle":
        report["GpUnit"][2]["ComposingGpUnitIds"].append("state-1")
        return report, "state-1.ComposingGpUnitIds: found a unit inside itself"
    told["ElectionScopeId"] = 7
    return report, "ElectionReport.ElectionScopeId: found 7, which no object has, wanted a ReportingUnit"


@pytest.mark.parametrize("what", ["dangling", "class", "twice", "circle", "number"])
def test_every_broken_reference_is_named(what: str) -> None:
    report, named = spoiled(what)
    assert any(named in str(fault) for fault in reference_faults(report, "x.json"))


def test_the_same_table_gives_the_same_bytes(tmp_path: Path) -> None:
    election, contest, count, table = small_table()
    write_nist_json(tmp_path / "a.json", table, election, contest, count)
    write_nist_json(tmp_path / "b.json", table, election, contest, count)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "b.json"]


def test_no_sheet_no_report() -> None:
    election, contest, count, table = small_table()
    with pytest.raises(VeedorError, match="at least one sheet"):
        plain_report(table.clear(), election, contest, count)


@pytest.mark.slow
def test_bolivia_2019_validates_and_has_the_published_totals(shared: Path, schema: dict[str, Any]) -> None:
    election, contest, count, table = bolivia(shared)
    report = plain_report(table, election, contest, count)
    # The schema checks every object alone, so a tenth of the stations tests every shape; the whole takes minutes.
    part = plain_report(table.filter(pl.int_range(pl.len()) % 40 == 0), election, contest, count)
    assert valid(part, schema) == []
    assert reference_faults(report, "x.json") == []
    told = report["Election"][0]
    votes = {
        selection["@id"]: sum(entry["Count"] for entry in selection["VoteCounts"])
        for selection in told["Contest"][0]["ContestSelection"]
    }
    # Figures of the official count as published by the OEP on 25 October 2019.
    assert votes[object_id("choice", "MAS-IPSP")] == 2_889_359
    assert votes["choice-CC"] == 2_240_920
    assert sum(votes.values()) == 6_137_671
    assert sum(entry["Undervotes"] for entry in told["Contest"][0]["OtherCounts"]) == 93_507
    assert sum(entry["BallotsRejected"] for entry in told["BallotCounts"]) == 229_337
    stations = [unit for unit in report["GpUnit"] if unit["Type"] == "precinct"]
    assert (len(stations), sum(unit["VotersRegistered"] for unit in stations)) == (34_555, 7_315_364)
    precincts = [unit for unit in report["GpUnit"] if unit.get("OtherType") == "precinct"]
    assert len(precincts) == 5_296, "the full path is the key: bare names give 4,814"
