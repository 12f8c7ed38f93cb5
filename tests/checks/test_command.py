import json
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import polars as pl
import pytest
import typer
from typer.testing import CliRunner, Result

from tests.checks.world import DEFINITION, Row, rows, spoiled
from veedor.cli.check import register, summary_of
from veedor.errors import VeedorError
from veedor.finding import Finding, Verdict


def write(folder: Path, name: str, made: list[Row]) -> None:
    frame = pl.DataFrame(made).with_columns(pl.col("arrived").dt.to_string("iso:strict"))
    frame.rename({f"votes.{choice}": choice for choice in "ABC"}).write_csv(folder / name)


@pytest.fixture
def election(tmp_path: Path) -> Path:
    """An election with two counts; the preliminary one prints a wrong sum at station 105."""
    (tmp_path / "election.toml").write_text(DEFINITION, encoding="utf-8")
    write(tmp_path, "official.csv", rows())
    write(tmp_path, "preliminary-20240512_190000.csv", spoiled(rows()[:9], "105", valid=1))
    write(tmp_path, "preliminary-20240512_220000.csv", spoiled(rows(), "105", valid=1))
    return tmp_path


def veedor(*arguments: str | Path) -> Result:
    app = typer.Typer()
    app.callback()(lambda: None)
    register(app)
    return CliRunner().invoke(app, ["check", *map(str, arguments)])


def test_json_is_one_document_and_nothing_else(election: Path) -> None:
    result = veedor(election, "sums", "zero_votes", "--json")
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    verdicts = [(finding["check"], finding["effect"]["count"], finding["verdict"]) for finding in document["findings"]]
    assert verdicts == [
        ("sums", "official", "holds"),
        ("sums", "preliminary", "does_not_hold"),
        ("zero_votes", "official", "holds"),
        ("zero_votes", "preliminary", "holds"),
    ]
    assert document["findings"][0]["command"] == f"veedor check {election} sums"


def test_the_table_names_every_check_and_verdict(election: Path) -> None:
    result = veedor(election, "sums", "reconciliation")
    assert result.exit_code == 0
    assert "does not hold" in result.stdout
    assert "undecided" not in result.stdout
    assert "reconciliation" in result.stdout


def test_what_does_not_hold_is_shown_first_and_named_last_while_the_json_keeps_its_order(election: Path) -> None:
    lines = veedor(election, "zero_votes", "sums").stdout.splitlines()
    shown = [" ".join(line.split()[:2]) for line in lines if line.startswith(("sums", "zero_votes"))]
    assert shown == ["sums does", "sums holds", "zero_votes holds", "zero_votes holds"]
    assert lines[-1] == "Does not hold: sums."
    document = json.loads(veedor(election, "zero_votes", "sums", "--json").stdout)
    assert [finding["verdict"] for finding in document["findings"]] == ["holds", "does_not_hold", "holds", "holds"]


DECIDED = "All that could be decided hold. 1 of 2 findings undecided."


def verdicts(*pairs: tuple[str, Verdict]) -> list[Finding]:
    return [cast("Finding", SimpleNamespace(check=check, verdict=verdict)) for check, verdict in pairs]


@pytest.mark.parametrize(
    ("findings", "line"),
    [
        ([("a", Verdict.HOLDS), ("b", Verdict.HOLDS)], "All hold."),
        (
            [("a", Verdict.HOLDS), ("b", Verdict.UNDECIDED)],
            "All that could be decided hold. 1 of 2 findings undecided.",
        ),
        ([("a", Verdict.UNDECIDED)], "Nothing could be decided. 1 of 1 finding undecided."),
        (
            [("b", Verdict.DOES_NOT_HOLD), ("a", Verdict.UNDECIDED), ("b", Verdict.DOES_NOT_HOLD)],
            "Does not hold: b. 1 of 3 findings undecided.",
        ),
    ],
)
def test_the_last_line_counts_nothing_but_what_was_undecided(findings: list[tuple[str, Verdict]], line: str) -> None:
    assert summary_of(verdicts(*findings)) == line


def test_strict_exits_with_one_only_if_something_does_not_hold(election: Path) -> None:
    assert veedor(election, "sums", "--strict").exit_code == 1
    assert veedor(election, "zero_votes", "--strict").exit_code == 0


def test_two_sides_are_named(election: Path) -> None:
    result = veedor(
        election, "reconciliation", "--from", "preliminary@2024-05-12T19:00:00", "--to", "preliminary", "--json"
    )
    effect = json.loads(result.stdout)["findings"][0]["effect"]
    assert (effect["compared_sheets"], effect["added_sheets"]) == (9, 9)


@pytest.mark.slow
def test_items_are_as_many_as_asked_for(election: Path) -> None:
    write(election, "official.csv", [{**row, "valid": 1} for row in rows()])
    for asked, listed in (("2", 2), ("0", 18)):
        finding = json.loads(veedor(election, "sums", "--items", asked, "--json").stdout)["findings"][0]
        assert (len(finding["items"]), finding["items_total"]) == (listed, 18)


def test_a_wrong_name_is_refused_before_any_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "election.toml").write_text(DEFINITION, encoding="utf-8")
    result = veedor(tmp_path, "sum")
    assert isinstance(result.exception, VeedorError)
    assert "did you mean 'sums'" in str(result.exception)


def test_bad_rows_stop_the_command_unless_it_is_told_to_go_on(election: Path) -> None:
    write(election, "official.csv", [*rows(), rows()[4]])
    stopped = veedor(election, "duplicate_stations")
    assert isinstance(stopped.exception, VeedorError)
    result = veedor(election, "duplicate_stations", "--skip-bad-rows", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["findings"][0]["found"] == 1
    assert "left out 1 row" in result.stderr


def test_rows_left_out_are_in_the_json(election: Path) -> None:
    path = election / "official.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[-1] + ",1"]) + "\n", encoding="utf-8")
    document = json.loads(veedor(election, "zero_votes", "--skip-bad-rows", "--json").stdout)
    assert len(document["left_out"]) == 1
    assert f"official.csv, row {len(lines) + 1}: found" in document["left_out"][0]


def test_nothing_left_out_leaves_no_key(election: Path) -> None:
    assert "left_out" not in json.loads(veedor(election, "zero_votes", "--skip-bad-rows", "--json").stdout)
