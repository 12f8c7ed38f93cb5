"""`make lowest` runs every command there is, and tells when one does not do what it should."""

import re
from pathlib import Path

from openpyxl import load_workbook

from release import smoke
from tests.conftest import ROOT

RECORD = ROOT / "docs/guide/record.md"  # run by a test that make lowest calls


def test_every_command_is_run() -> None:
    """The reference of the commands is what the program itself says: tests/docs/test_commands.py."""
    reference = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
    commands = re.findall(r"^## `veedor ([a-z -]+)`$", reference, flags=re.MULTILINE)
    assert len(commands) > 30
    steps = [*smoke.steps(ROOT), *smoke.steps_with_extras(), *smoke.guide(RECORD)]
    lines = "\n".join(step.lines for step in steps if not step.refused)
    refused = "\n".join(step.lines for step in steps if step.refused)
    missing = [command for command in commands if not re.search(rf"\bveedor {command}\b", lines)]
    assert missing == ["fetch"], "release/smoke.py runs each command once"
    assert "veedor fetch far" in refused


def test_a_step_that_fails_or_traces_is_told(tmp_path: Path) -> None:
    steps = [
        smoke.Step(lines="true"),
        smoke.Step(lines="exit 1"),
        smoke.Step(lines="exit 2", refused=True),
        smoke.Step(lines="true", refused=True),
        smoke.Step(lines="echo Traceback; exit 2", refused=True),
        smoke.Step(lines="test -f sheets.xlsx && test -f far/election.toml"),
    ]
    assert [good for good, _ in smoke.run(steps, tmp_path, tmp_path)] == [True, False, True, False, False, True]


def test_the_spreadsheet_is_one(tmp_path: Path) -> None:
    smoke.prepare(tmp_path)
    sheet = load_workbook(tmp_path / "sheets.xlsx").active
    assert sheet is not None
    assert list(sheet.values) == [("station", "north", "south"), ("1", 20, 10), ("2", 7, 12)]
