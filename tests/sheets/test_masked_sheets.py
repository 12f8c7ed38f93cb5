"""A sheet whose figures are all masked has come, without figures; only empty cells announce one that has not."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from veedor.cli import application

HEAD = """
id = "masked"
name = { en = "Masked" }
date = 2031-05-04
timezone = "UTC"

[[contests]]
id = "mayor"
name = { en = "Mayor" }
choices = [{ id = "ana", name = { en = "Ana" } }, { id = "ben", name = { en = "Ben" } }]
rule = { kind = "plurality" }

[[counts]]
id = "official"
kind = "official"
name = { en = "Official" }
sources = [{ file = "s.csv", layout = "s" }]
"""
WIDE = """
[layouts.s]
missing = ["", "*"]
columns.station = "station"
columns.votes = { ana = "ana", ben = "ben" }
"""
LONG = """
[layouts.s]
missing = ["", "*"]
columns.station = "station"
long = { choice = "name", votes = "votes", labels = { ana = "Ana", ben = "Ben" } }
"""
WIDE_ROWS = "station,ana,ben\n1,10,20\n2,*,*\n3,,\n4,*,\n"
LONG_ROWS = "station,name,votes\n1,Ana,10\n1,Ben,20\n2,Ana,*\n2,Ben,*\n3,Ana,\n3,Ben,\n4,Ana,*\n4,Ben,\n"


def veedor(*words: object) -> tuple[int, str]:
    answer = CliRunner().invoke(application(), list(map(str, words)))
    return answer.exit_code, answer.stdout


@pytest.mark.parametrize(("layout", "rows"), [(WIDE, WIDE_ROWS), (LONG, LONG_ROWS)], ids=["wide", "long"])
def test_a_masked_sheet_counts_and_an_empty_one_is_pending(tmp_path: Path, layout: str, rows: str) -> None:
    """By hand: sheets 1, 2 and 4 have come, 2 and 4 without their two figures; of sheet 3 nothing is said."""
    (tmp_path / "election.toml").write_text(HEAD + layout)
    (tmp_path / "s.csv").write_text(rows)
    status, text = veedor("count", tmp_path, "--json")
    found = json.loads(text)
    assert status == 0
    assert (found["sheets"]["counted"], found["valid"]) == (3, 30)
    assert (found["figures_absent"]["figures"], found["figures_absent"]["sheets"]) == (4, 2)
    # What is exported says the same, with the cells left empty.
    status, text = veedor("export", tmp_path, "--out", tmp_path / "out.csv")
    assert status == 0, text
    lines = (tmp_path / "out.csv").read_text().splitlines()
    at = lines[0].split(",").index("status")
    assert [line.split(",")[at] for line in lines[1:]] == ["", "counted", "pending", "counted"]


def test_strict_says_that_figures_are_absent(tmp_path: Path) -> None:
    (tmp_path / "election.toml").write_text(HEAD + WIDE)
    (tmp_path / "s.csv").write_text("station,ana,ben\n1,10,20\n2,5,6\n")
    for words in ((), ("--snapshot", "all")):
        assert veedor("count", tmp_path, "--strict", *words)[0] == 0
    (tmp_path / "s.csv").write_text("station,ana,ben\n1,10,20\n2,*,6\n")
    for words in ((), ("--snapshot", "all")):
        assert veedor("count", tmp_path, *words)[0] == 0
        assert veedor("count", tmp_path, "--strict", *words)[0] == 1


def test_strict_says_that_a_question_is_open(tmp_path: Path) -> None:
    asked = '\n[[questions]]\nabout = "ben"\ntext = "is ben a choice?"\n'
    (tmp_path / "election.toml").write_text(HEAD + WIDE + asked)
    (tmp_path / "s.csv").write_text("station,ana,ben\n1,10,20\n")
    assert veedor("count", tmp_path)[0] == 0
    assert veedor("count", tmp_path, "--strict")[0] == 1
