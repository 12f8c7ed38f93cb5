"""A simulation that is killed while it writes: nothing of it is left once the next one has ended."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

HALF_MADE = """
import os, runpy, signal
from veedor.simulation import writing
writing.truth_as_json = lambda truth: os.kill(os.getpid(), signal.SIGKILL)  # all files but the last are there
runpy.run_module("veedor", run_name="__main__", alter_sys=True)
"""
BETWEEN_THE_RENAMES = """
import os, runpy, signal, sys

def killed(rename):
    def renamed(old, new, **more):
        if os.fspath(new) == sys.argv[-1]:  # what was there has been taken away
            os.kill(os.getpid(), signal.SIGKILL)
        rename(old, new, **more)
    return renamed

os.rename, os.replace = killed(os.rename), killed(os.replace)
runpy.run_module("veedor", run_name="__main__", alter_sys=True)
"""


def veedor(*arguments: str, killed_by: str = "") -> None:
    """The command runs to its end, or until it kills itself."""
    start = ["-c", killed_by] if killed_by else ["-m", "veedor"]
    done = subprocess.run([sys.executable, "-P", *start, *arguments], check=False, capture_output=True, text=True)
    assert done.returncode == (-signal.SIGKILL if killed_by else 0), done.stderr


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_nothing_is_left_of_a_killed_simulation(tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = ("simulate", "--stations", "100", "--out", str(out))
    veedor(*command, killed_by=HALF_MADE)
    assert len(names(tmp_path)) == 1
    assert not out.exists()
    veedor(*command)
    assert names(tmp_path) == ["out"]
    assert len(names(out)) == 2 + 24


def test_nothing_is_left_of_one_that_took_an_earlier_election_away(tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = ("simulate", "--stations", "100", "--out", str(out))
    veedor(*command)
    veedor(*command, killed_by=BETWEEN_THE_RENAMES)
    assert not out.exists()
    veedor(*command)
    assert names(tmp_path) == ["out"]


def test_nothing_is_left_of_a_killed_demo(tmp_path: Path) -> None:
    command = ("demo", "--out", str(tmp_path))
    veedor(*command, killed_by=HALF_MADE)
    assert len(names(tmp_path)) == 1
    veedor(*command)
    assert names(tmp_path) == ["dossier", "election"]
