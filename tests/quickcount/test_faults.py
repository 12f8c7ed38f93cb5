"""Input that cannot be used is named: file, row, column, what to do; and nothing is dropped without a word."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.conftest import ROOT
from tests.quickcount.small import DEFINITION, REPORTS, SAMPLE, write
from veedor.cli import application
from veedor.errors import VeedorError


def run(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(
        application("quickcount"), ["quickcount", "estimate", str(folder), "--replicates", "100", *options]
    )


def refused(folder: Path, *options: str) -> str:
    ran = run(folder, *options)
    assert isinstance(ran.exception, VeedorError), ran.output
    return str(ran.exception)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("A1,30,", "A1,,", "reports.csv, row 2, column x: found an empty cell, wanted a whole number"),
        ("A1,30,", "A1,3O,", "reports.csv, row 2, column x: found '3O'"),
        ("A1,30,", "A1,-3,", "reports.csv, row 2, column x: found '-3'"),
        ("A2,", "A1,", "reports.csv, row 3, column station: found the station 'A1' again"),
        ("A2,", "A3,", "reports.csv, row 3, column station: found the station 'A3', wanted a station of the sample"),
        ("A2,", ",", "reports.csv, row 3, column station: found an empty cell"),
        ("station,x", "station,xx", "no column 'x'"),
        ("null,total,time", "null,total,time,x", "reports.csv, column x: found that column twice"),
    ],
)
def test_a_report_that_cannot_be_used_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in refused(write(tmp_path, reports=REPORTS.replace(old, new, 1)))


def test_bad_rows_are_left_out_and_listed_where_asked(tmp_path: Path) -> None:
    folder = write(tmp_path, reports=REPORTS.replace("A1,30,", "A1,,", 1).replace("E2,", "E3,", 1))
    ran = run(folder, "--skip-bad-rows", "--json")
    found = json.loads(ran.stdout)
    assert found["received"] == 7
    assert [line.split(": ")[0] for line in found["left_out"]] == [
        "reports.csv, row 2, column x",
        "reports.csv, row 10, column station",
    ]
    assert "left out 2 rows" in ran.stderr


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('null = "null"', 'nul = "null"', "quickcount.toml, row 17, column reports.nul: found an unknown key 'nul'"),
        ('id = "y"', 'id = "x"', "choices with an ID each, got 'x' twice"),
        ('id = "y"', 'id = "null"', "choices with other IDs than 'null'"),
        ('file = "frame.csv"', 'file = "../frame.csv"', "a name inside the data folder"),
        ('file = "frame.csv"', 'file = "fram.csv"', "fram.csv is not there"),
        ('total = "total"', 'total = "totl"', "no column 'totl', wanted that column (did you mean 'total'?)"),
        ("[reports]", '[reports]\nwhere = { time = "never" }', "no row with 'never'"),
        ('[frame]\nfile = "frame.csv"', "[frame]\nstations = 0", "frame"),
    ],
)
def test_a_definition_that_cannot_be_used_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in refused(write(tmp_path, definition=DEFINITION.replace(old, new, 1)))


def test_post_strata_need_a_frame(tmp_path: Path) -> None:
    start = DEFINITION.index("[sample]")
    definition = DEFINITION[start:] + '[post_strata]\ncolumns = ["group"]\n'
    assert "[post_strata] needs [frame]" in refused(write(tmp_path, definition=definition))
    assert "has no [post_strata]" in refused(write(tmp_path), "--cells", "merged")


def test_a_threshold_of_nobody_is_refused(tmp_path: Path) -> None:
    definition = DEFINITION + '[[thresholds]]\nchoice = "z"\nshare = 50\n'
    assert "thresholds of choices that there are (x, y), got 'z'" in refused(write(tmp_path, definition=definition))


def test_strata_that_the_frame_lacks_are_named(tmp_path: Path) -> None:
    assert "sample.csv, row 2: found the stratum 'Z'" in refused(
        write(tmp_path, sample=SAMPLE.replace(",A,", ",Z,", 1))
    )


@pytest.mark.parametrize(("first", "said"), [("8", "found '8', wanted the number of rows"), ("station", "format")])
def test_a_counted_file_must_have_as_many_rows_as_it_says(tmp_path: Path, first: str, said: str) -> None:
    folder = write(tmp_path, definition=DEFINITION.replace("reports.csv", "reports.txt"))
    rows = REPORTS.replace(",", "|")
    (folder / "reports.txt").write_text(f"{first}\n{rows}", encoding="utf-8")
    message = refused(folder)
    assert said in message
    assert "reports.txt, row 1" in message
    (folder / "reports.txt").write_text(f"9\n{rows}", encoding="utf-8")
    assert "9 of 10 stations" in run(folder).output


def test_reports_up_to_a_moment(tmp_path: Path) -> None:
    folder = write(tmp_path)
    assert json.loads(run(folder, "--json", "--until", "2021-06-06T20:30:00").stdout)["received"] == 4
    assert "no report up to" in refused(folder, "--until", "2021-06-05")
    bad = write(tmp_path, reports=REPORTS.replace("2021-06-06T20:00:00", "half past", 1))
    assert "row 2, column time: found 'half past'" in refused(bad, "--until", "2021-06-06")


def test_choices_are_those_of_the_contest(tmp_path: Path) -> None:
    folder = write(tmp_path, definition='contest = "president"\n' + DEFINITION)
    assert "row 1, column contest: found 'president', wanted an election.toml beside this file" in refused(folder)
    shutil.copyfile(ROOT / "elections/bolivia-2020/election.toml", folder / "election.toml")
    message = refused(folder)
    assert "column choices[1].id: found 'x', wanted a choice of the contest president: CREEMOS, ADN" in message
    write(tmp_path, definition='contest = "presidents"\n' + DEFINITION)
    assert "did you mean 'president'?" in refused(folder)
    write(tmp_path)
    assert json.loads(run(folder, "--json").stdout)["election"] == "bolivia-2020"


def test_one_report_has_no_error_and_so_no_estimate(tmp_path: Path) -> None:
    folder = write(tmp_path, reports="\n".join(REPORTS.splitlines()[:2]))
    assert "one report alone" in refused(folder)


def test_without_any_voter_there_is_no_turnout(tmp_path: Path) -> None:
    """And a report without a vote counts as one that is there."""
    reports = REPORTS.replace("A1,30,20,0,50", "A1,0,0,0,0", 1)
    folder = write(tmp_path, sample=SAMPLE.replace("100", "0"), reports=reports)
    found = json.loads(run(folder, "--json").stdout)
    assert found["turnout"] is None
    assert "so there is no turnout" in " ".join(note["en"] for note in found["notes"])
    assert found["received"] == 9


def test_a_folder_without_a_quick_count_is_named(tmp_path: Path) -> None:
    assert "quickcount.toml is not there" in refused(tmp_path)


def test_what_a_person_reads(tmp_path: Path) -> None:
    ran = run(write(tmp_path))
    assert "9 of 10 stations of the sample reported; 10.0 % are missing" in ran.output
    assert "late shift: 2 points" in ran.output
    assert "note: 1 stratum has one report" in ran.stderr
    assert "y - x" in ran.output
