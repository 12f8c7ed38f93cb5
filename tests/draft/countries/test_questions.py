"""The questions of a draft: asked at a terminal, written into the definition, told by every output until removed."""

from pathlib import Path

import pytest

from tests.draft.countries.program import Program
from tests.draft.doors import CASES
from veedor.cli import new as command
from veedor.draft.draft import draft_of
from veedor.election.read import read_election


def results(folder: Path) -> Path:
    """A file with a column that sums up some of the choices."""
    path = folder / "results.csv"
    path.write_bytes(CASES["sum of some: Others"](folder).files["results.csv"])
    return path


def test_questions_are_written_down_and_follow_count_and_check(tmp_path: Path, veedor: Program) -> None:
    answer = veedor("new", tmp_path / "my", "--from", results(tmp_path), "--json")
    [question] = answer.json["questions"]
    assert question["about"] == "Others"
    assert "Others = sum of 3 columns" in question["text"]
    assert question["choices"][0] == "a sum of some choices"
    counted = veedor("count", tmp_path / "my", "--data", tmp_path, "--json")
    assert counted.json["open_questions"] == [question["text"]]
    assert "1 open question in the definition" in counted.err
    checked = veedor("check", tmp_path / "my", "--data", tmp_path, "--json")
    assert (checked.status, checked.json["open_questions"]) == (0, [question["text"]])
    assert veedor("check", tmp_path / "my", "--data", tmp_path, "--strict").status == 1


def test_a_definition_without_questions_says_nothing_of_them(tmp_path: Path, veedor: Program) -> None:
    assert veedor("new", tmp_path / "my", "--from", results(tmp_path), "--yes").status == 0
    counted = veedor("count", tmp_path / "my", "--data", tmp_path, "--json")
    assert "open_questions" not in counted.json
    assert counted.err == ""
    assert read_election(tmp_path / "my").questions == ()


@pytest.mark.parametrize(("typed", "left"), [("1", 0), ("2", 1), ("", 1), ("9", 1), ("all", 1)])
def test_at_a_terminal_each_question_is_asked(
    tmp_path: Path, veedor: Program, monkeypatch: pytest.MonkeyPatch, typed: str, left: int
) -> None:
    monkeypatch.setattr(command, "_person", lambda: True)
    monkeypatch.setattr("typer.prompt", lambda *words, **options: typed)
    answer = veedor("new", tmp_path / "my", "--from", results(tmp_path))
    assert "Others = sum of 3 columns" in answer.err
    questions = read_election(tmp_path / "my").questions
    assert len(questions) == left
    assert all(("answered: all valid votes" in one.text) == (typed == "2") for one in questions)


def test_nothing_is_asked_where_nobody_wants_it(
    tmp_path: Path, veedor: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "_person", lambda: True)
    answer = veedor("new", tmp_path / "my", "--from", results(tmp_path), "--ask-nothing")
    assert answer.err == ""
    assert len(read_election(tmp_path / "my").questions) == 1


def test_each_column_has_its_role_its_reason_and_its_total(tmp_path: Path, veedor: Program) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(CASES["parts beside votes 0 True"](tmp_path).files["results.csv"])
    document = veedor("new", tmp_path / "my", "--from", path, "--json").json
    columns = {one["name"]: one for one in document["columns"]}
    assert list(columns) == path.read_text().split("\n")[0].split(",")
    assert columns["candidate"]["role"] == "choice"
    assert columns["votes"]["role"] == "votes"
    assert "votes = sum of 3 columns (early_votes, election_day, mail) in 18 of 18 rows" in columns["votes"]["why"]
    assert columns["mail"]["role"] == "part of the votes"
    assert columns["votes"]["total"] == sum(columns[name]["total"] for name in ("early_votes", "election_day", "mail"))


def test_rows_that_sum_others_are_listed_with_what_they_hold(tmp_path: Path, veedor: Program) -> None:
    case = CASES["total rows CUMULATIVE long"](tmp_path)
    (tmp_path / "r.csv").write_bytes(case.files["r.csv"])
    document = veedor("new", tmp_path / "my", "--from", tmp_path / "r.csv", "--json").json
    [left_out] = document["rows_left_out"]
    assert (left_out["rows"], left_out["holds"]) == (6, case.valid)
    assert left_out["rule"].startswith("precinct is 'CUMULATIVE': the sum of 24 other rows")
    assert "CUMULATIVE" in left_out["example"]


def test_members_that_are_not_read_are_named_with_their_rows(tmp_path: Path, veedor: Program) -> None:
    (tmp_path / "all.zip").write_bytes(CASES["members of a zip"](tmp_path).files["all.zip"])
    document = veedor("new", tmp_path / "my", "--from", tmp_path / "all.zip", "--json").json
    [not_read] = document["not_read"]
    assert (not_read["file"], not_read["member"], not_read["rows"]) == ("all.zip", "places.csv", 40)
    assert any("places.csv" in one["text"] for one in document["questions"])


def test_what_a_file_holds_cannot_leave_its_question(tmp_path: Path) -> None:
    """A label with quotes and marks is one text of the definition, and ends no line of a terminal."""
    rows = ['A"]\n[[x]]', "B", "C"]
    lines = ["precinct,candidate,votes"]
    for station in range(6):
        lines += [f'P{station},"{name.replace(chr(34), chr(34) * 2)}",{9 + station}' for name in rows]
        lines.append(f'P{station},"Total ""x""\x1b[31m\n[[y]]",{3 * (9 + station)}')
    (tmp_path / "r.csv").write_text("\n".join(lines) + "\n")
    draft = draft_of("my", [tmp_path / "r.csv"])
    assert len(draft.election.contests) == 1
    assert any("[[y]]" in one.text for one in draft.questions)
    assert all(one.text.isprintable() and one.about.isprintable() for one in draft.questions)
