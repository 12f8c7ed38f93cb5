"""Commands that a command prints run as they are printed."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from veedor.cli.common import program

HERE = Path(sys.executable).parent


def called(words: list[str], folder: Path) -> str:
    """What the installed command prints in that folder, where its own folder is not on PATH."""
    environment = {**os.environ, "PATH": os.defpath}
    done = subprocess.run(words, cwd=folder, capture_output=True, encoding="utf-8", env=environment, check=False)
    assert done.returncode == 0, (words, done.stdout, done.stderr)
    return done.stdout


@pytest.mark.slow
def test_what_the_demo_prints_runs_where_veedor_is_not_on_the_path(tmp_path: Path) -> None:
    (tmp_path / ".venv").symlink_to(HERE.parent)
    printed = called([".venv/bin/veedor", "demo", "--out", "out/the demo"], tmp_path)
    commands = [shlex.split(line) for line in re.findall(r"^  (\S*veedor .*)$", printed, flags=re.MULTILINE)]
    assert [words[1] for words in commands] == ["simulate", "report", "count", "check", "verify"]
    assert {words[0] for words in commands} == {".venv/bin/veedor"}
    for words in commands:
        called(words, tmp_path)


def test_the_program_is_named_as_it_was_called(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    installed = tmp_path / "with space/veedor"
    installed.parent.mkdir()
    installed.write_text("#!/bin/sh\n")
    installed.chmod(0o755)
    monkeypatch.setattr(sys, "argv", [str(installed), "count"])
    monkeypatch.setenv("PATH", os.defpath)
    assert shlex.split(program()) == [str(installed)]
    monkeypatch.setenv("PATH", str(installed.parent))
    assert program() == "veedor"
    monkeypatch.setattr(sys, "argv", ["/somewhere/veedor/__main__.py"])
    assert shlex.split(program()) == [sys.executable, "-P", "-m", "veedor"]
    monkeypatch.setattr(sys, "argv", ["pytest"])
    assert program() == "veedor"
