"""NIST reports read as sheets: our own, and such as others write."""

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.sheets.export.tables import SMALL, bolivia, small_table
from veedor.election import Election
from veedor.election.read import election_from
from veedor.errors import InputError
from veedor.sheets import FIGURES, in_totals, vote_columns
from veedor.sheets.nist.references import NAMESPACE
from veedor.sheets.nist.write import write_nist_json
from veedor.sheets.read import Sheets, read_sheets

LAYOUT = """
[layouts.plain]
format = "FORMAT"
[layouts.plain.columns]
station = "ExternalIdentifier"
"""


def nist_definition(election: str, name: str, kind: str) -> Election:
    """The definition with one NIST file in place of its layout."""
    head = election[: election.index("[layouts.plain.columns]")].replace("x.csv", name)
    return election_from(head + LAYOUT.replace("FORMAT", kind))


def read(election: Election, folder: Path, *, skip_bad_rows: bool = False) -> Sheets:
    return read_sheets(election, election.contests[0], election.counts[0], folder, skip_bad_rows=skip_bad_rows)


def as_xml(report: dict[str, Any]) -> bytes:
    """The JSON form in the XML form, as the standard has it: ObjectId and Language are attributes, ids are lists."""
    space = "http://itl.nist.gov/ns/voting/1500-100/v2"
    abstract = ("GpUnit", "Contest", "ContestSelection", "Party")

    def element(name: str, value: Any) -> ET.Element:
        found = ET.Element(f"{{{space}}}{name}")
        if isinstance(value, dict):
            for key, part in value.items():
                if key == "@id":
                    found.set("ObjectId", part)
                elif key == "@type":
                    if name in abstract:
                        found.set("{http://www.w3.org/2001/XMLSchema-instance}type", part.removeprefix(NAMESPACE))
                elif key == "Language":
                    found.set(key, part)
                elif key == "Content":
                    found.text = part
                elif isinstance(part, list) and key.endswith("Ids"):
                    found.append(element(key, " ".join(part)))
                else:
                    for one in part if isinstance(part, list) else [part]:
                        found.append(element(key, one))
        else:
            found.text = str(value)
        return found

    text = ET.tostring(element("ElectionReport", report), encoding="unicode")
    return text.encode()


def expected(table: pl.DataFrame) -> pl.DataFrame:
    """What of the small table a report can say: no blank outside the totals, ballots cast for every sheet."""
    return table.with_columns(
        pl.when(in_totals()).then("blank").alias("blank"), pl.lit(None, dtype=pl.Int64).alias("cast")
    )


@pytest.mark.parametrize("kind", ["nist-json", "nist-xml"])
def test_our_own_report_reads_back_as_the_same_sheets(tmp_path: Path, kind: str) -> None:
    election, contest, count, table = small_table()
    path = tmp_path / "x.json"
    write_nist_json(path, table, election, contest, count)
    if kind == "nist-xml":
        path.write_bytes(as_xml(json.loads(path.read_text())))
    found = read(nist_definition(SMALL, "x.json", kind), tmp_path)
    assert found.left_out == ()
    assert_frame_equal(found.table, expected(table), categorical_as_str=True)


US = """
id = "us"
name = { en = "Springfield" }
date = 2030-11-05
timezone = "America/Chicago"
levels = [{ id = "county", name = { en = "County" } }]
[[contests]]
id = "mayor"
name = { en = "Mayor of Springfield" }
rule = { kind = "plurality" }
choices = [{ id = "quimby", name = { en = "Joe Quimby" } }, { id = "bob", name = { en = "Bob Terwilliger" } }]
[[counts]]
id = "official"
kind = "official"
name = { en = "Canvass" }
sources = [{ file = "us.json", layout = "plain" }]
[layouts.plain]
format = "nist-json"
[layouts.plain.columns]
station = "Name"
null = "Overvotes"
"""


def text(content: str) -> dict[str, Any]:
    language = {"@type": "ElectionResults.LanguageString", "Content": content, "Language": "en-US"}
    return {"@type": "ElectionResults.InternationalizedText", "Text": [language]}


def unit(name: str, kind: str, label: str, *parts: str, **more: Any) -> dict[str, Any]:
    found = {"@type": "ElectionResults.ReportingUnit", "@id": name, "Type": kind, "Name": text(label), **more}
    return {**found, "ComposingGpUnitIds": list(parts)} if parts else found


def votes(place: str, kind: str, number: Any, **more: Any) -> dict[str, Any]:
    return {"@type": "ElectionResults.VoteCounts", "GpUnitId": place, "Type": kind, "Count": number, **more}


def candidate_contest(name: str, label: str, selections: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    return {
        "@type": "ElectionResults.CandidateContest",
        "@id": name,
        "Name": label,
        "ElectionDistrictId": "state",
        "VotesAllowed": 1,
        "VoteVariation": "plurality",
        "OtherCounts": [
            {"@type": "ElectionResults.OtherCounts", "GpUnitId": "p1", "Overvotes": 2, "Undervotes": 3.0},
            {"@type": "ElectionResults.OtherCounts", "GpUnitId": "p2", "Overvotes": 1, "Undervotes": 4},
        ],
        "ContestSelection": [
            {"@type": "ElectionResults.CandidateSelection", "@id": f"{name}-{who}", "CandidateIds": [who]}
            | {"VoteCounts": counts}
            for who, counts in selections.items()
        ],
    }


def us_report() -> dict[str, Any]:
    """As a county of the United States reports: types of voting, devices, a summary, absentee ballots at the county."""
    device = {"DeviceClass": {"@type": "ElectionResults.DeviceClass", "Type": "dre"}}
    quimby = [
        votes("p1", "election-day", 10),
        votes("p1", "early", 5.0),
        votes("p2", "total", 40),
        votes("p2", "election-day", 30),
        votes("p3", "total", 6, **device),
        votes("p3", "total", 4, **device),
        votes("shelby", "total", 65),
        votes("ogden", "absentee", 7),
        votes("o1", "total", 100),
    ]
    bob = [votes(place, "total", number) for place, number in {"p1": 1, "p2": 2, "p3": 3, "shelby": 6}.items()]
    bob += [votes("ogden", "absentee", 1), votes("o1", "total", 50)]
    people = {"qu": "Joe Quimby", "bo": "Bob Terwilliger"}
    return {
        "@type": "ElectionResults.ElectionReport",
        "Format": "precinct-level",
        "GpUnit": [
            unit("state", "state", "North Takoma", "shelby", "ogden"),
            unit("shelby", "county", "Shelby", "p1", "p2", "p3"),
            unit("ogden", "county", "Ogden", "o1"),
            unit("p1", "precinct", "Precinct 1", VotersRegistered=50),
            unit("p2", "precinct", "Precinct 2", VotersRegistered=60),
            unit("p3", "split-precinct", "Precinct 3"),
            unit("o1", "precinct", "Precinct 4"),
        ],
        "Election": [
            {
                "@type": "ElectionResults.Election",
                "ElectionScopeId": "state",
                "Candidate": [
                    {"@type": "ElectionResults.Candidate", "@id": name, "BallotName": text(label)}
                    for name, label in people.items()
                ],
                "Contest": [
                    candidate_contest("c1", "Sheriff", {"qu": [votes("p1", "total", 999)]}),
                    candidate_contest("c2", "Mayor of Springfield", {"qu": quimby, "bo": bob}),
                ],
            }
        ],
    }


def us(tmp_path: Path, report: dict[str, Any], definition: str = US) -> Sheets:
    (tmp_path / "us.json").write_text(json.dumps(report))
    return read(election_from(definition), tmp_path)


def test_a_report_of_a_united_states_county_is_read(tmp_path: Path) -> None:
    found = us(tmp_path, us_report())
    columns = ["station", "county", "registered", "votes.quimby", "votes.bob", "blank", "null"]
    # Shelby's own row is the sum of its precincts; Ogden's absentee ballots are nobody else's.
    assert found.table.select(columns).rows() == [
        ("Ogden", None, None, 7, 1, None, None),
        ("Precinct 1", "Shelby", 50, 15, 1, 3, 2),
        ("Precinct 2", "Shelby", 60, 40, 2, 4, 1),
        ("Precinct 3", "Shelby", None, 10, 3, None, None),
        ("Precinct 4", "Ogden", None, 100, 50, None, None),
    ]


def test_a_total_that_is_not_its_parts_sum_is_named(tmp_path: Path) -> None:
    report = us_report()
    report["Election"][0]["Contest"][1]["ContestSelection"][0]["VoteCounts"][6]["Count"] = 66
    with pytest.raises(InputError) as problem:
        us(tmp_path, report)
    named = (
        "us.json, row 2, column shelby, c2-qu: found a total of 66 over 3 counted units that have 65, wanted their sum"
    )
    assert named in str(problem.value)


def test_kinds_of_units_that_the_layout_drops_need_not_agree(tmp_path: Path) -> None:
    report = us_report()
    report["Election"][0]["Contest"][1]["ContestSelection"][0]["VoteCounts"][6]["Count"] = 66
    drop = US.replace('format = "nist-json"', 'format = "nist-json"\ndrop = [{ column = "Type", is = "county" }]')
    assert us(tmp_path, report, drop).table["station"].to_list() == [f"Precinct {number}" for number in (1, 2, 3, 4)]


@pytest.mark.parametrize("bad", [-1, 1.5, "10", True, None, "١٢", 10**30, "1e3"])
def test_a_count_that_is_no_whole_number_is_named_by_its_objects(tmp_path: Path, bad: Any) -> None:
    report = us_report()
    report["Election"][0]["Contest"][1]["ContestSelection"][0]["VoteCounts"][0]["Count"] = bad
    if bad == "10":
        assert us(tmp_path, report).table.height == 5
        return
    with pytest.raises(
        InputError, match=r"us\.json, row 4, column c2-qu at p1, Count: found .*, wanted a whole number"
    ):
        us(tmp_path, report)


def test_bad_rows_may_be_left_out_and_are_listed(tmp_path: Path) -> None:
    report = us_report()
    report["Election"][0]["Contest"][1]["ContestSelection"][0]["VoteCounts"][7]["Count"] = -7
    (tmp_path / "us.json").write_text(json.dumps(report))
    found = read(election_from(US), tmp_path, skip_bad_rows=True)
    assert "Ogden" not in found.table["station"].to_list()
    assert [fault.row for fault in found.left_out] == [3]


def test_a_suppressed_count_is_absent(tmp_path: Path) -> None:
    report = us_report()
    report["Election"][0]["Contest"][1]["ContestSelection"][0]["VoteCounts"][8]["IsSuppressedForPrivacy"] = True
    assert us(tmp_path, report).table.row(-1, named=True)["votes.quimby"] is None


def test_votes_that_no_choice_carries_are_named(tmp_path: Path) -> None:
    only_quimby = US.replace(', { id = "bob", name = { en = "Bob Terwilliger" } }', "")
    with pytest.raises(
        InputError, match=r"column c2-bo: found 63 votes for 'Bob Terwilliger', which no choice carries"
    ):
        us(tmp_path, us_report(), only_quimby)


def test_the_contest_must_be_clear(tmp_path: Path) -> None:
    other = US.replace('id = "mayor"', 'id = "judge"').replace("Mayor of Springfield", "Judge")
    with pytest.raises(InputError, match=r"found 0 of the contests Sheriff \(c1\); Mayor of Springfield \(c2\)"):
        us(tmp_path, us_report(), other)
    chosen = other.replace(
        'format = "nist-json"', 'format = "nist-json"\ncontest = { column = "ContestId", values = { judge = "c2" } }'
    )
    assert us(tmp_path, us_report(), chosen).table["votes.bob"].sum() == 57


def test_a_reference_to_nothing_is_named(tmp_path: Path) -> None:
    report = us_report()
    report["Election"][0]["Contest"][1]["ContestSelection"][0]["VoteCounts"][0]["GpUnitId"] = "p9"
    with pytest.raises(InputError, match=r"c2-qu\.GpUnitId: found 'p9', which no object has"):
        us(tmp_path, report)


HOSTILE_XML = {
    "doctype": (b'<!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>', "a document type declaration"),
    "external": (b'<!DOCTYPE r SYSTEM "file:///etc/passwd"><r/>', "a document type declaration"),
    "entity": (
        b'<ElectionReport xmlns="http://itl.nist.gov/ns/voting/1500-100/v2">&x;</ElectionReport>',
        "undefined entity",
    ),
    "version 1": (b'<ElectionReport xmlns="http://itl.nist.gov/ns/voting/1500-100/v1"/>', "namespace"),
    "cut": (b'<ElectionReport xmlns="http://itl.nist.gov/ns/voting/1500-100/v2">', "no element found"),
    "empty": (b"", "an empty file"),
    "deep": (b'<a xmlns="http://itl.nist.gov/ns/voting/1500-100/v2">' + b"<a>" * 10_000, "nested too deep"),
    "leaf": (b'<ElectionReport xmlns="http://itl.nist.gov/ns/voting/1500-100/v2"/>', "version 2 election report"),
    "text": (b"hello", "syntax error"),
}


@pytest.mark.parametrize("what", HOSTILE_XML)
def test_hostile_xml_is_refused(tmp_path: Path, what: str) -> None:
    data, named = HOSTILE_XML[what]
    (tmp_path / "x.xml").write_bytes(data)
    with pytest.raises(InputError, match=named):
        read(nist_definition(SMALL, "x.xml", "nist-xml"), tmp_path)


HOSTILE_JSON = {
    "cut": (b'{"@type": "ElectionResults.Elec', "Unterminated string"),
    "empty": (b"", "an empty file"),
    "deep": (b"[" * 200_000, "nested deeper than 64"),
    "list": (b"[]", "found a list"),
    "twice": (b'{"@type": "ElectionResults.ElectionReport", "GpUnit": [], "GpUnit": []}', "'GpUnit' twice"),
    "nan": (b'{"@type": "ElectionResults.ElectionReport", "SequenceStart": NaN}', "NaN is no number"),
    "digits": (b'{"SequenceStart": ' + b"1" * 5000 + b"}", "digits"),
    "type": (b'{"@type": "ElectionResults.Party"}', "@type 'ElectionResults.Party'"),
    "latin": ('{"@type": "é"}'.encode("latin-1"), "not UTF-8"),
    "shape": (b'{"@type": "ElectionResults.ElectionReport", "Election": {"a": 1}}', "objects of another shape"),
    "none": (b'{"@type": "ElectionResults.ElectionReport", "Election": []}', r"found 0 of the contests \(none\)"),
}


@pytest.mark.parametrize("what", HOSTILE_JSON)
def test_hostile_json_is_refused(tmp_path: Path, what: str) -> None:
    data, named = HOSTILE_JSON[what]
    (tmp_path / "x.json").write_bytes(data)
    with pytest.raises(InputError, match=named):
        read(nist_definition(SMALL, "x.json", "nist-json"), tmp_path)


@pytest.mark.slow
def test_any_object_of_another_type_is_an_input_error(tmp_path: Path) -> None:
    """Put a number, a text, a list or nothing at every place of a report: never anything but an InputError."""
    whole = json.dumps(us_report())
    places = [match.span() for match in re.finditer(r'(?<=: )("[^"]*"|[0-9.]+)', whole)][:160]
    refused = 0
    for number, (start, end) in enumerate(places):
        spoiled = whole[:start] + ("7", '"x"', "[]", "null", "{}")[number % 5] + whole[end:]
        try:
            us(tmp_path, json.loads(spoiled))
        except InputError:
            refused += 1
    assert refused > 50


@pytest.mark.slow
def test_bolivia_2019_reads_back_with_the_same_totals(shared: Path, tmp_path: Path) -> None:
    election, contest, count, table = bolivia(shared)
    write_nist_json(tmp_path / "x.json", table, election, contest, count)
    layout = nist_definition(SMALL, "x.json", "nist-json").layouts["plain"]
    source = count.sources[0].model_copy(update={"file": "x.json", "layout": "plain", "sha256": None})
    told = election.model_copy(update={"layouts": {"plain": layout}})
    found = read_sheets(told, contest, count.model_copy(update={"sources": (source,)}), tmp_path)
    names = [*vote_columns(contest), *FIGURES, *election.level_ids, "station", "latitude", "longitude"]
    assert_frame_equal(found.table.select(names), table.select(names), categorical_as_str=True)
