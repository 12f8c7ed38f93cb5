"""Party lines of one candidate (fusion in New York, coalitions in Mexico): kept beside the total, added up by hand.

Ann: 50 + 30 + 33 = 113 on the line DEM, 5 + 3 = 8 on WFP, 121 in all. Ben: 40 + 60 + 21 = 121 REP, 8 + 2 + 4 = 14 CON.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from veedor.cli import application
from veedor.draft.draft import draft_of
from veedor.election.read import election_from
from veedor.errors import DefinitionError

DEFINITION = """
id = "o"
name = { en = "o" }
date = 2030-05-05
timezone = "America/Lima"
levels = [{ id = "place", name = { en = "Place" } }]
[[contests]]
id = "c"
name = { en = "c" }
rule = { kind = "plurality" }
choices = [{ id = "A", name = { en = "A" } }, { id = "B.2", name = { en = "B" } }]
[[counts]]
id = "official"
kind = "official"
name = { en = "Official" }
"""
LONG = """
sources = [{ file = "s.csv", layout = "f" }]
[layouts.f.columns]
station = "mesa"
levels = { place = "place" }
[layouts.f.long]
choice = "candidate"
votes = "votes"
lines_in = "party"
lines = { A = ["DEM", "WFP"], "B.2" = ["REP", "CON"] }
labels = { A = "Ann", "B.2" = "Ben" }
"""
ROWS = [
    "1,X,Ann,DEM,50",
    "1,X,Ann,WFP,5",
    "1,X,Ben,REP,40",
    "1,X,Ben,CON,8",
    "2,X,Ann,DEM,30",
    "2,X,Ann,WFP,3",
    "2,X,Ben,REP,60",
    "2,X,Ben,CON,2",
    "3,Y,Ann,DEM,33",
    "3,Y,Ben,REP,21",
    "3,Y,Ben,CON,4",
]
SHEETS = "\n".join(["mesa,place,candidate,party,votes", *ROWS]) + "\n"
WIDE = """
sources = [{ file = "s.csv", layout = "f" }]
[layouts.f]
missing = ["", "*"]
[layouts.f.columns]
station = "mesa"
[layouts.f.columns.votes]
A = { sum = ["PAN", "PRI", "PAN_PRI"], lines = ["PAN", "PRI", "PAN and PRI"] }
"B.2" = "MORENA"
"""
COALITION = "mesa,PAN,PRI,PAN_PRI,MORENA\n1,10,20,3,30\n2,11,21,4,30\n"


def printed(folder: Path, definition: str, sheets: str, *words: str) -> str:
    (folder / "election.toml").write_text(DEFINITION + definition)
    (folder / "s.csv").write_text(sheets)
    found = CliRunner().invoke(application(), ["count", str(folder), "--data", str(folder), *words])
    assert found.exit_code == 0, found.output
    return found.stdout


def document(folder: Path, definition: str, sheets: str, *words: str) -> Any:
    return json.loads(printed(folder, definition, sheets, "--json", *words))


def lines(totals: Any) -> dict[str, Any]:
    return {one["id"]: one.get("lines") for one in totals["choices"]}


@pytest.fixture
def long(tmp_path: Path) -> Any:
    return document(tmp_path, LONG, SHEETS, "--by", "place")


def test_the_lines_of_a_long_file_stand_beside_their_sum(long: Any) -> None:
    assert {one["id"]: one["votes"] for one in long["choices"]} == {"A": 121, "B.2": 135}
    assert lines(long) == {"A": {"DEM": 113, "WFP": 8}, "B.2": {"REP": 121, "CON": 14}}


def test_a_line_that_no_sheet_of_a_place_has_is_absent_there_and_not_zero(long: Any) -> None:
    assert [lines(place)["A"] for place in long["places"]] == [{"DEM": 80, "WFP": 8}, {"DEM": 33}]


def test_lines_of_a_state_are_those_of_its_series(tmp_path: Path) -> None:
    states = document(tmp_path, LONG, SHEETS, "--snapshot", "all")
    assert lines(states["snapshots"][0]) == {"A": {"DEM": 113, "WFP": 8}, "B.2": {"REP": 121, "CON": 14}}


def test_lines_that_do_not_add_up_are_not_shown_and_it_is_said(tmp_path: Path) -> None:
    other = SHEETS.replace("3,Y,Ben,CON,4", "3,Y,Ben,LIB,4")
    (ben,) = [one for one in document(tmp_path, LONG, other)["choices"] if one["id"] == "B.2"]
    assert (ben.get("lines"), ben["lines_sum"], ben["votes"]) == (None, 131, 135)
    text = printed(tmp_path, LONG, other)
    assert "B.2: its party lines add up to 131, not to its 135 votes, and are not shown." in text
    assert "CON" not in text


def test_the_table_shows_lines_under_their_choice(tmp_path: Path) -> None:
    first = [line.split()[0] for line in printed(tmp_path, LONG, SHEETS).splitlines() if line[:1] in "AB " and line]
    assert first[:6] == ["B.2", "REP", "CON", "A", "DEM", "WFP"]


def test_columns_that_are_added_up_are_lines_where_they_have_names(tmp_path: Path) -> None:
    assert lines(document(tmp_path, WIDE, COALITION)) == {"A": {"PAN": 21, "PRI": 41, "PAN and PRI": 7}, "B.2": None}


def test_lines_of_a_sheet_whose_sum_is_absent_add_nothing(tmp_path: Path) -> None:
    found = document(tmp_path, WIDE, COALITION + "3,12,22,*,30\n")
    assert found["figures_absent"]["by_choice"] == {"A": 1}
    assert lines(found)["A"] == {"PAN": 21, "PRI": 41, "PAN and PRI": 7}


def test_paper_and_machines_add_up_line_by_line(tmp_path: Path) -> None:
    two = WIDE.replace("]\n[layouts.f]", ', { file = "t.csv", layout = "f", add = "station" }]\n[layouts.f]', 1)
    (tmp_path / "t.csv").write_text("mesa,PAN,PRI,PAN_PRI,MORENA\n1,1,2,3,4\n2,1,1,1,1\n")
    found = document(tmp_path, two.replace('"f" }, {', '"f" }, {'), COALITION)
    assert lines(found)["A"] == {"PAN": 23, "PRI": 44, "PAN and PRI": 11}


@pytest.mark.parametrize(
    ("definition", "said"),
    [
        (WIDE.replace('"PAN", "PRI", "PAN and PRI"', '"PAN", "PRI"'), "lines go with sum"),
        (WIDE.replace('"B.2" = "MORENA"', '"B.2" = { names = ["MORENA"], lines = ["M"] }'), "lines go with sum"),
        (LONG.replace('lines_in = "party"\n', ""), "lines and lines_in go together"),
        (LONG.replace('["DEM", "WFP"]', '["DEM", "DEM"]'), "each named once"),
        (LONG.replace("lines = { A", "lines = { C"), "'C'"),
    ],
)
def test_a_definition_that_names_lines_wrongly_is_told(definition: str, said: str) -> None:
    with pytest.raises(DefinitionError, match=said):
        election_from(DEFINITION + definition, file="election.toml")


def test_a_draft_keeps_the_lines_of_fusion(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text(SHEETS)
    layout = draft_of("d", [tmp_path / "s.csv"]).election.layouts["file"]
    assert layout.long is not None
    assert layout.long.lines == {"Ann": ("DEM", "WFP"), "Ben": ("REP", "CON")}
    assert layout.long.lines_in == "party"


def test_a_draft_keeps_the_lines_of_a_coalition(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text(COALITION)
    votes = draft_of("d", [tmp_path / "s.csv"]).election.layouts["file"].columns.votes
    assert votes["PAN-PRI"].lines == ("PAN", "PRI", "PAN_PRI")
