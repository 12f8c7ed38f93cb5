"""veedor simulate, as a person or a program calls it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from veedor.cli.simulate import Scenario as Offered
from veedor.simulation import Scenario

pytestmark = pytest.mark.slow


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "veedor", "simulate", *arguments], capture_output=True, text=True, check=False
    )


def test_it_writes_the_election_and_says_what_it_planted(tmp_path: Path) -> None:
    out = tmp_path / "land"
    done = _run("--stations", "150", "--scenario", "switching", "--seed", "5", "--out", str(out), "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    truth = json.loads((out / "truth.json").read_text(encoding="utf-8"))
    assert document["totals"] == truth["totals"]
    assert document["planted"] == {name: truth["planted"][name] for name in ("stations", "votes")}
    assert (document["scenario"], document["seed"], document["stations"]) == ("switching", 5, 150)


def test_without_json_a_person_reads_it(tmp_path: Path) -> None:
    done = _run("--stations", "100", "--out", str(tmp_path / "land"))
    assert done.returncode == 0, done.stderr
    assert "100 stations" in done.stdout
    assert "planted: nothing" in done.stdout


def test_unusable_arguments_end_with_status_2_and_nothing_written(tmp_path: Path) -> None:
    for arguments in (["--stations", "7"], ["--stations", "100", "--scenario", "magic"], ["--stations", "many"]):
        done = _run(*arguments, "--out", str(tmp_path / "land"))
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_use_is_refused_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    done = _run("--stations", "100", "--out", str(tmp_path))
    assert done.returncode == 2
    assert "holds other files" in done.stderr


def test_the_command_offers_exactly_the_scenarios_there_are() -> None:
    assert [item.value for item in Offered] == [item.value for item in Scenario]
