"""Sheets whose status keeps them out of the totals, statuses that are absent, and what a command says of them.

Expected figures are added up by hand beside each file.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from veedor.cli import application

DEFINITION = """
id = "t"
name = { en = "t" }
date = 2030-05-05
timezone = "UTC"
levels = [{ id = "place", name = { en = "Place" } }]
[[contests]]
id = "c"
name = { en = "c" }
rule = { kind = "plurality" }
choices = [{ id = "A", name = { en = "A" } }, { id = "B", name = { en = "B" } }]
[[counts]]
id = "official"
kind = "official"
name = { en = "Official" }
expected_sheets = 4
sources = [{ file = "s.csv", layout = "f" }]
[layouts.f]
missing = ["", "NA"]
status = { ok = "counted", void = "annulled", late = "pending" }
[layouts.f.columns]
station = "station"
status = "state"
levels = { place = "place" }
votes = { A = "A", B = "B" }
"""
ANNULLED = "station,place,state,A,B\n1,X,ok,10,20\n2,X,ok,12,21\n3,Y,void,0,0\n4,Y,ok,9,8\n"


def run(folder: Path, sheets: str, *words: str, definition: str = DEFINITION) -> str:
    (folder / "election.toml").write_text(definition)
    (folder / "s.csv").write_text(sheets)
    command, *rest = words
    found = CliRunner().invoke(application(), [command, str(folder), "--data", str(folder), *rest])
    assert found.exit_code == 0, found.output
    return found.output


def document(folder: Path, sheets: str, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(folder, sheets, "count", "--json", *words))
    return found


def test_an_annulled_sheet_is_named_beside_the_counted_ones(tmp_path: Path) -> None:
    shown = run(tmp_path, ANNULLED, "count")
    assert "3 of 4 sheets; in no total: 1 annulled" in shown
    assert "nothing: 1 sheet is annulled and in no total, every other expected sheet is counted" in shown


def test_an_annulled_sheet_is_named_beside_open_ones(tmp_path: Path) -> None:
    shown = run(tmp_path, ANNULLED.replace("9,8", "9,8").replace("4,Y,ok", "4,Y,late"), "count")
    assert "1 sheet; received but not counted: 1 pending; not open: 1 annulled" in shown


def test_the_check_of_missing_sheets_counts_those_in_no_total(tmp_path: Path) -> None:
    found = json.loads(run(tmp_path, ANNULLED, "check", "missing_sheets", "--json"))
    (finding,) = found["findings"]
    assert finding["effect"]["not_in_totals"] == 1
    assert "1 sheet of this state is in no total" in finding["summary"]


def test_what_is_missing_is_no_place_and_no_status(tmp_path: Path) -> None:
    sheets = "station,place,state,A,B\n1,X,ok,10,20\n2, NA ,NA,12,21\n"
    found = document(tmp_path, sheets, "--by", "place")
    # Both sheets are in the totals: nothing says that the second is not.
    assert (found["sheets"]["counted"], found["valid"]) == (2, 63)
    assert [place["path"]["place"] for place in found["places"]] == ["X", None]


def test_a_status_word_that_the_definition_does_not_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "election.toml").write_text(DEFINITION)
    (tmp_path / "s.csv").write_text(ANNULLED.replace("void", "ERROR MATERIAL"))
    found = CliRunner().invoke(application(), ["count", str(tmp_path), "--data", str(tmp_path)])
    assert found.exit_code != 0
    assert "'ERROR MATERIAL'" in str(found.exception)


@pytest.mark.parametrize("words", [["count"], ["check", "missing_sheets"]])
def test_more_stations_than_expected_are_said_everywhere(tmp_path: Path, words: list[str]) -> None:
    fewer = DEFINITION.replace("expected_sheets = 4", "expected_sheets = 3")
    shown = run(tmp_path, ANNULLED, *words, definition=fewer)
    assert "official has 4 stations, and 3 are expected" in shown
    sentence = {"count": "More stations than expected: 4, and 3 are expected.", "check": "There are 4 stations, 1 more"}
    assert sentence[words[0]] in " ".join(shown.split())
