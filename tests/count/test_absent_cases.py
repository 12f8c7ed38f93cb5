"""veedor count and check on small files after real ones: suppressed, illegible and missing figures."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from veedor.cli import application

HEAD = """
id = "m"
name = { en = "m" }
date = 2030-05-05
timezone = "UTC"

[[contests]]
id = "c"
name = { en = "c" }
rule = { kind = "plurality" }
choices = [CHOICES]

[[counts]]
id = "official"
kind = "official"
name = { en = "o" }
EXPECTED
sources = [{ file = "sheets.csv", layout = "file" }]

"""


def made(folder: Path, choices: str, layout: str, rows: str, expected: int | None = None) -> Path:
    listed = ", ".join(f'{{ id = "{c}", name = {{ en = "{c}" }} }}' for c in choices.split())
    head = HEAD.replace("CHOICES", listed).replace(
        "EXPECTED", "" if expected is None else f"expected_sheets = {expected}"
    )
    (folder / "election.toml").write_text(head + layout)
    (folder / "sheets.csv").write_text(rows)
    return folder


def run(*arguments: object) -> str:
    done = CliRunner().invoke(application(), [str(word) for word in arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def counted(folder: Path) -> dict[str, Any]:
    document = json.loads(run("count", folder, "--data", folder, "--json"))
    assert isinstance(document, dict)
    return document


def bounds(document: dict[str, Any]) -> dict[str, tuple[int, int, int | None]]:
    return {one["id"]: (one["votes"], one["votes_low"], one["votes_high"]) for one in document["choices"]}


@pytest.fixture
def illegible(tmp_path: Path) -> Path:
    layout = """
[layouts.file]
missing = ["", "ILEGIBLE"]
[layouts.file.columns]
station = "S"
registered = "Reg"
valid = "Valid"
votes = { A = "A", B = "B" }
"""
    rows = "S,Reg,A,B,Valid\n1,300,100,90,190\n2,300,80,95,175\n3,300,70,ILEGIBLE,170\n"
    return made(tmp_path, "A B", layout, rows, 3)


def test_an_illegible_figure_that_decides(illegible: Path) -> None:
    """Sheet 3 prints 170 valid votes and 70 for A: B has 100 there, and 285 to A's 250."""
    document = counted(illegible)
    assert bounds(document) == {"A": (250, 250, 250), "B": (185, 285, 285)}
    assert document["figures_absent"] == {
        "figures": 1,
        "sheets": 1,
        "by_choice": {"B": 1},
        "blank": 0,
        "null": 0,
        "votes_high": 100,
        "bounded_by": {"valid": 1},
    }
    outcome, part = document["outcome"], document["open"]
    assert (outcome["choices"], outcome["within_absent"]) == (["A"], False)
    assert outcome["reason"].endswith("what is absent could change it.")
    assert outcome["translations"]["es"]["reason"].endswith("lo que falta podría cambiarlo.")
    assert (part["sheets"], part["basis"], part["valid"], part["outcome_can_change"]) == (0, "absent", 100, True)


def test_the_terminal_says_it(illegible: Path) -> None:
    said = run("count", illegible, "--data", illegible)
    assert "1 figure is absent in 1 sheet, and adds nothing above: B 1." in said
    assert "at most 100 valid votes (bounded by printed valid votes in 1): B 285." in said
    assert "nothing: every expected sheet is counted" not in said
    [finding] = json.loads(run("check", illegible, "sums", "--data", illegible, "--json"))["findings"]
    assert (finding["verdict"], finding["looked_at"], finding["effect"]["not_comparable"]) == ("holds", 2, 1)


def test_a_combination_of_a_number_and_an_absent_figure_is_absent(tmp_path: Path) -> None:
    layout = """
[layouts.file]
missing = ["", "ILEGIBLE"]
[layouts.file.columns]
station = "S"
votes = { A = { sum = ["PAN", "PRI"] }, B = "MOR" }
"""
    rows = "S,PAN,PRI,MOR\n1,100,50,140\n2,90,ILEGIBLE,130\n3,,40,120\n4,ILEGIBLE,ILEGIBLE,110\n"
    document = counted(made(tmp_path, "A B", layout, rows))
    assert bounds(document) == {"A": (150, 150, None), "B": (500, 500, 500)}
    assert document["figures_absent"]["by_choice"] == {"A": 3}
    assert document["figures_absent"]["bounded_by"] == {"nothing": 3}


def test_a_long_file_with_an_empty_figure_and_a_choice_without_a_row(tmp_path: Path) -> None:
    layout = """
[layouts.file.columns]
station = "S"
[layouts.file.long]
choice = "cand"
votes = "votes"
labels = { A = "Ana", B = "Ben" }
"""
    document = counted(made(tmp_path, "A B", layout, "S,cand,votes\n1,Ana,100\n1,Ben,90\n2,Ana,50\n3,Ben,60\n3,Ana,\n"))
    assert document["rows_absent"] == 1, "B of sheet 2"
    assert bounds(document) == {"A": (150, 150, None), "B": (150, 150, 150)}
    assert document["figures_absent"]["by_choice"] == {"A": 1}


def test_gaps_without_sums(tmp_path: Path) -> None:
    layout = (
        '[layouts.file]\nmissing = ["", "*"]\n[layouts.file.columns]\nstation = "P"\nvotes = { A = "Ana", B = "Ben" }\n'
    )
    folder = made(tmp_path, "A B", layout, "P,Ana,Ben\nP1,100,90\nP2,44,\nP3,,60\nP4,70,60\n", 4)
    document = counted(folder)
    assert bounds(document) == {"A": (214, 214, None), "B": (210, 210, None)}
    assert document["figures_absent"]["figures"] == document["figures_absent"]["sheets"] == 2
    assert (document["open"]["basis"], document["open"]["valid"]) == ("absent", None)
    assert document["open"]["outcome_can_change"] is True
    assert "They hold an unknown number of valid votes" in run("count", folder, "--data", folder)


def test_suppressed_small_counts(tmp_path: Path) -> None:
    """Two small choices suppressed under 25 in two precincts; the printed totals have 5 and 20 votes more."""
    layout = """
[layouts.file]
missing = ["", "(< 25)"]
[layouts.file.columns]
station = "precinct"
[layouts.file.long]
choice = "candidate"
votes = "votes"
labels = { polis = "Pol", stapleton = "Sta", hammons = "Ham", helker = "Hel" }
valid = "Total"
"""
    first = "106,Pol,59\n106,Sta,159\n106,Ham,(< 25)\n106,Hel,(< 25)\n106,Total,226\n"
    second = "346,Pol,235\n346,Sta,570\n346,Ham,(< 25)\n346,Hel,26\n346,Total,836\n"
    folder = made(tmp_path, "polis stapleton hammons helker", layout, f"precinct,candidate,votes\n{first}{second}")
    document = counted(folder)
    assert bounds(document) == {
        "stapleton": (729, 729, 729),
        "polis": (294, 294, 294),
        "helker": (26, 26, 34),
        "hammons": (0, 5, 13),
    }
    assert (document["figures_absent"]["figures"], document["figures_absent"]["votes_high"]) == (3, 13)
    assert document["outcome"]["within_absent"] is True
    [finding] = json.loads(run("check", folder, "sums", "--data", folder, "--json"))["findings"]
    assert (finding["verdict"], finding["looked_at"], finding["effect"]["not_comparable"]) == ("undecided", 0, 2)


def test_missing_figures_beside_printed_sums(tmp_path: Path) -> None:
    """Three figures are NA; the stated votes are 451, the printed ones 553."""
    layout = """
[layouts.file]
missing = ["", "NA"]
[layouts.file.columns]
station = "mesa"
blank = "blancos"
null = "nulos"
valid = "validos"
cast = "emitidos"
votes = { Ana = "Ana", Blas = "Blas", Carla = "Carla" }
"""
    rows = "mesa,Ana,Blas,Carla,blancos,nulos,validos,emitidos\n1,100,50,10,3,2,160,165\n"
    rows += "2,80,NA,12,1,1,133,135\n3,90,40,NA,2,0,141,143\n4,NA,60,9,0,0,119,119\n"
    folder = made(tmp_path, "Ana Blas Carla", layout, rows)
    document = counted(folder)
    assert document["valid"] == 451
    assert bounds(document) == {"Ana": (270, 320, 320), "Blas": (150, 191, 191), "Carla": (31, 42, 42)}
    assert document["figures_absent"]["votes_high"] == 102
    [finding] = json.loads(run("check", folder, "sums", "--data", folder, "--json"))["findings"]
    assert (finding["verdict"], finding["looked_at"], finding["effect"]["not_comparable"]) == ("holds", 1, 3)
    assert "Not comparable, because a figure is absent: 3 sheets." in finding["summary"]
