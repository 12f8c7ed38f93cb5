"""Whatever a command says in JSON of an election whose definition has open questions, the questions go with it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.count.test_out_of_totals import ANNULLED, DEFINITION
from veedor.cli import application

QUESTION = "s.csv: is 'void' out of the totals for good?"
COMMANDS = {
    "count": ["count", "ELECTION"],
    "count of all states": ["count", "ELECTION", "--snapshot", "all"],
    "check": ["check", "ELECTION", "sums"],
    "forensics": ["forensics", "ELECTION", "last_digit", "--placebo", "2"],
    "audit plan": ["audit", "plan", "ELECTION"],
    "export": ["export", "ELECTION", "--out", "ELECTION/out.csv"],
}


SLOW = ("forensics",)


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.slow] * (name in SLOW)) for name in COMMANDS])
def test_the_questions_go_with_every_answer(tmp_path: Path, name: str) -> None:
    asked = f'[[questions]]\nabout = "void"\ntext = "{QUESTION}"\n'
    (tmp_path / "election.toml").write_text(f"{DEFINITION}\n{asked}")
    (tmp_path / "s.csv").write_text(ANNULLED)
    words = [word.replace("ELECTION", str(tmp_path)) for word in COMMANDS[name]]
    found = CliRunner().invoke(application(), [*words, "--data", str(tmp_path), "--json"])
    assert found.exit_code == 0, found.output
    assert json.loads(found.stdout)["open_questions"] == [QUESTION]
    assert QUESTION in found.stderr
