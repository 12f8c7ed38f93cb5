"""What was left out or read as one is told on standard error, and with --strict by the exit status."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.count.test_command_on_a_small_election import SHEETS, write
from tests.sheets.test_masked_sheets import HEAD, WIDE
from veedor.cli import application

SPOILED = (*SHEETS[:3], "4,Sur,150,sixty,40,0,3")


def run(*words: object) -> Result:
    return CliRunner().invoke(application(str(words[0])), list(map(str, words)))


def test_strict_is_silent_where_nothing_was_left_out(tmp_path: Path) -> None:
    folder = write(tmp_path)
    for more in ([], ["--snapshot", "all"]):
        words = ["count", str(folder), *more]
        assert (run(*words, "--strict").exit_code, run(*words, "--strict").stderr) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize("options", [[], ["--count", "preliminary"], ["--snapshot", "all"], ["--json"]])
def test_a_row_left_out_of_the_count_or_its_reference_makes_the_status_1(tmp_path: Path, options: list[str]) -> None:
    folder = write(tmp_path, sheets=SPOILED, hours=3)
    words: list[str | Path] = ["count", folder, "--skip-bad-rows", *options]
    plain, strict = run(*words), run(*words, "--strict")
    assert (plain.exit_code, strict.exit_code) == (0, 1)
    assert "left out 1 row that cannot be read" in strict.stderr
    assert (strict.stdout, strict.stderr) == (plain.stdout, plain.stderr)


@pytest.mark.slow
def test_a_station_in_two_spellings_makes_the_status_1(tmp_path: Path) -> None:
    folder = write(tmp_path, sheets=tuple(f"Ñ{row}" for row in SHEETS))
    path = folder / "preliminary-20260118_200000.csv"
    path.write_text(path.read_text().replace("Ñ", "N\u0303"))
    words: list[str | Path] = ["count", folder, "--count", "preliminary", "--snapshot", "all"]
    assert run(*words).exit_code == 0
    strict = run(*words, "--strict")
    assert "written in two ways" in strict.stderr
    assert strict.exit_code == 1


@pytest.mark.slow
def test_a_report_is_written_all_the_same(tmp_path: Path) -> None:
    folder = write(tmp_path, sheets=SPOILED)
    words: list[str | Path] = ["report", folder, "--out", tmp_path / "site", "--skip-bad-rows", "--json"]
    plain, strict = run(*words), run(*words, "--strict")
    assert (plain.exit_code, strict.exit_code) == (0, 1)
    document = json.loads(strict.stdout)
    assert len(document["left_out"]) == 2
    assert "spellings" not in document
    assert (tmp_path / "site/index.html").is_file()
    assert run("report", write(tmp_path), "--out", tmp_path / "whole", "--strict", "--json").exit_code == 0


@pytest.mark.slow
def test_an_interruption_says_what_was_left_out(tmp_path: Path) -> None:
    folder = write(tmp_path, sheets=SPOILED)
    options = ["--cut", "2026-01-18T21:00:00", "--draws", "10", "--skip-bad-rows"]
    assert "left out 2 rows that cannot be read" in run("interruption", folder, *options).stderr
    assert run("interruption", write(tmp_path), *options).stderr == ""


@pytest.mark.slow
@pytest.mark.parametrize("cause", ["a figure that is absent", "a question that is open", "nothing"])
def test_a_strict_report_minds_absent_figures_and_open_questions(tmp_path: Path, cause: str) -> None:
    question = '[[questions]]\nabout = "ana"\ntext = "s.csv: is ana one?"\nchoices = ["yes", "no"]\n'
    asked = question if "question" in cause else ""
    (tmp_path / "election.toml").write_text(HEAD + WIDE + asked)
    absent = "*" if "figure" in cause else "7"
    (tmp_path / "s.csv").write_text(f"station,ana,ben\n1,10,20\n2,8,{absent}\n")
    words: list[str | Path] = ["report", tmp_path, "--out", tmp_path / "site", "--strict", "--json"]
    found = run(*words)
    assert found.exit_code == (0 if cause == "nothing" else 1)
    document = json.loads(found.stdout)
    assert document.get("figures_absent") == (1 if "figure" in cause else None)
    assert len(document.get("open_questions", [])) == ("question" in cause)
    assert (tmp_path / "site/index.html").is_file()
