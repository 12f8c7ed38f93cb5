"""veedor count on an election of four sheets: every figure and sentence that it prints can be worked out by hand."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from veedor.cli import application
from veedor.errors import VeedorError

DEFINITION = """
id = "small"
name = { en = "Small election" }
date = 2026-01-18
timezone = "America/La_Paz"
levels = [{ id = "region", name = { en = "Region" } }]

[[contests]]
id = "mayor"
name = { en = "Mayor" }
rule = { kind = "two_round", alternative = { at_least = "40 %" }, lead = { at_least = "10 points" } }
choices = [{ id = "A", name = { en = "Ana" } }, { id = "B", name = { en = "Bea" } }]

[[counts]]
id = "preliminary"
kind = "preliminary"
name = { en = "Preliminary count" }
sources = [{ files = "preliminary-{time:%Y%m%d_%H%M%S}.csv", layout = "plain" }]

[[counts]]
id = "official"
kind = "official"
name = { en = "Official count" }
sources = [{ file = "official.csv", layout = "plain", time = 2026-01-20T12:00:00 }]

[layouts.plain.columns]
station = "mesa"
registered = "inscritos"
blank = "blancos"
null = "nulos"
levels = { region = "region" }
votes = { A = "ana", B = "bea" }
"""

SHEETS = ("1,Norte,150,60,40,2,1", "2,Norte,150,55,45,0,0", "3,Sur,150,95,5,1,0", "4,Sur,150,60,40,0,3")
"""Valid votes: 100 on each. After two sheets 115 to 85, after three 210 to 90, in the end 270 to 130."""


def write(folder: Path, *, sheets: tuple[str, ...] = SHEETS, hours: int = 4) -> Path:
    """The election and its data: from 20:00 on, each hour's preliminary file holds one sheet more."""
    header = "mesa,region,inscritos,ana,bea,blancos,nulos"
    (folder / "election.toml").write_text(DEFINITION)
    for number in range(hours):
        path = folder / f"preliminary-20260118_{20 + number}0000.csv"
        path.write_text("\n".join([header, *sheets[: number + 1]]) + "\n")
    (folder / "official.csv").write_text("\n".join([header, *sheets]) + "\n")
    return folder


def run(folder: Path, *arguments: str) -> str:
    found = CliRunner().invoke(application(), ["count", str(folder), "--data", str(folder), *arguments])
    if found.exception is not None:
        raise found.exception
    return " ".join(found.stdout.split())


def document(folder: Path, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(folder, *arguments, "--json"))
    return found


AT_21 = ("--count", "preliminary", "--snapshot", "2026-01-18T21")


@pytest.mark.slow
def test_the_sheets_expected_are_those_of_the_count_that_tells_what_is_open(tmp_path: Path) -> None:
    folder = write(tmp_path)
    assert document(folder, *AT_21)["sheets"] == {"expected": 4, "counted": 2}
    assert ": 2 of 4 sheets" in run(folder, *AT_21)
    assert document(folder, *AT_21, "--universe", "none")["sheets"] == {"expected": None, "counted": 2}
    assert ": 2 sheets" in run(folder, *AT_21, "--universe", "none")


def test_what_is_open_is_said_with_the_lead_that_would_meet_the_line(tmp_path: Path) -> None:
    """A tenth of 400 valid votes is 40; the lead is 30 now: 10 of the 200 that are open are 5 points."""
    said = run(write(tmp_path), *AT_21)
    assert "2 sheets; 300 registered voters; 200 valid votes as the other count has them" in said
    assert "they can still change the outcome; lead needed among them for the line: 5.000000 points" in said


def test_nothing_is_open_where_every_sheet_is_counted(tmp_path: Path) -> None:
    said = run(write(tmp_path), "--count", "preliminary")
    assert "nothing: every expected sheet is counted" in said
    assert "lead needed" not in said


def test_open_sheets_without_a_roll_are_told_without_one(tmp_path: Path) -> None:
    unknown = tuple(",".join(["" if n == 2 else cell for n, cell in enumerate(row.split(","))]) for row in SHEETS)
    said = run(write(tmp_path, sheets=unknown), *AT_21)
    assert "2 sheets; 200 valid votes as the other count has them" in said
    assert "registered voters" not in said


@pytest.mark.slow
def test_the_outcome_and_its_reason_are_printed(tmp_path: Path) -> None:
    folder = write(tmp_path)
    said = run(folder)
    assert "Outcome elected: A" in said
    assert document(folder)["outcome"]["reason"] in said
    even = write(tmp_path, sheets=("1,Norte,150,50,50,0,0",))
    assert "Outcome runoff" in run(even)
    assert "elected: A, B" not in run(even)


THREE = "2026-01-18T21:00:00, 2026-01-18T22:00:00, 2026-01-18T23:00:00"


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("2026-01-18T21:40:00", THREE),
        ("2026-01-19T01:40:00+00:00", THREE),
        ("2031-01-01", THREE),
        ("2026-01-18T20:10", "2026-01-18T20:00:00, 2026-01-18T21:00:00, 2026-01-18T22:00:00"),
        ("yesterday", f"2026-01-18T20:00:00, {THREE}"),
    ],
)
def test_a_snapshot_that_is_not_there_is_answered_with_the_nearest_in_order(
    tmp_path: Path, asked: str, named: str
) -> None:
    """At 21:40 those of 22:00 (20 minutes), 21:00 (40) and 23:00 (80) are near, that of 20:00 (100) is not."""
    with pytest.raises(VeedorError) as caught:
        run(write(tmp_path), "--count", "preliminary", "--snapshot", asked)
    assert str(caught.value) == f"preliminary: no snapshot is called {asked!r}; the nearest are {named}"


def test_several_snapshots_with_one_beginning_are_named(tmp_path: Path) -> None:
    with pytest.raises(VeedorError) as caught:
        run(write(tmp_path), "--count", "preliminary", "--snapshot", "2026-01-18 2")
    assert f"several snapshots begin with '2026-01-18 2'; they are 2026-01-18T20:00:00, {THREE}" in str(caught.value)


@pytest.mark.slow
def test_every_snapshot_with_the_first_from_which_nothing_could_change(tmp_path: Path) -> None:
    """At 22:00 it is 210 to 90 with 100 open: 210 to 190 at the worst, still more than half of 400."""
    folder = write(tmp_path)
    said = run(folder, "--count", "preliminary", "--snapshot", "all")
    assert "snapshot sheets valid lead of valid outcome can change" in said
    assert "2026-01-18T21:00:00 2 200 30 15.0000 % elected A yes" in said
    assert "2026-01-18T22:00:00 3 300 120 40.0000 % elected A no" in said
    assert "The outcome could no longer change from 2026-01-18T22:00:00-04:00 on." in said
    assert (
        document(folder, "--count", "preliminary", "--snapshot", "all")["certain_from"] == "2026-01-18T22:00:00-04:00"
    )


def test_snapshots_that_leave_it_open_say_so(tmp_path: Path) -> None:
    said = run(write(tmp_path, hours=2), "--count", "preliminary", "--snapshot", "all")
    assert "As far as these snapshots show, the outcome could still change at each of them." in said
    assert "could no longer" not in said


def test_places_are_shown_with_their_figures(tmp_path: Path) -> None:
    said = run(write(tmp_path), "--by", "region")
    assert "region sheets registered cast valid blank null A B" in said
    assert "Norte 2 300 203 200 2 1 115 85" in said
    assert "Sur 2 300 204 200 1 3 155 45" in said
