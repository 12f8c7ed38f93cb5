"""The mixture as a command, and by its earlier name."""

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from veedor.cli import application
from veedor.simulation import simulate, write_simulated

pytest.importorskip("jax")
pytestmark = pytest.mark.slow

OPTIONS = shlex.split("--variant rn --stations 60 --chains 2 --warmup 10 --draws 10 --seed 3 --json")
DEPRECATED = "veedor forensics ELECTION mixture is deprecated: use veedor mixture ELECTION, with the same options\n"


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    code = "from veedor.cli import main; main()"
    return subprocess.run([sys.executable, "-c", code, *words], capture_output=True, encoding="utf-8", check=True)


def test_the_earlier_name_prints_the_document_and_says_on_stderr_that_it_is_deprecated(tmp_path: Path) -> None:
    folder = str(tmp_path / "town")
    write_simulated(simulate(200, "clean", 1), Path(folder))
    earlier = run("forensics", folder, "mixture", *OPTIONS)
    assert earlier.stderr == DEPRECATED
    document = json.loads(earlier.stdout)
    assert document["findings"][0]["command"].startswith(f"veedor mixture {folder} --variant rn --stations 60 ")


def test_both_names_ask_for_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr("veedor.cli.mixture.run_mixture", lambda *words, **options: asked.append((words, options)))
    for words in (
        ("mixture", "nowhere"),
        ("forensics", "nowhere", "mixture"),
        ("forensics", "nowhere", "--method", "mixture"),
    ):
        result = CliRunner().invoke(application(words[0]), [*words, *OPTIONS])
        assert result.exit_code == 0, result.output
    assert asked[0] == asked[1] == asked[2]
    assert len(asked) == 3
