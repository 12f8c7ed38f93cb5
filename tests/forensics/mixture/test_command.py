"""The mixture as a command, and by its earlier name."""

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from veedor.simulation import simulate, write_simulated

pytest.importorskip("jax")
pytestmark = pytest.mark.slow

OPTIONS = shlex.split("--variant bl --stations 60 --chains 2 --warmup 10 --draws 10 --seed 3 --json")
DEPRECATED = "veedor forensics ELECTION mixture is deprecated: use veedor mixture ELECTION, with the same options\n"


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    code = "from veedor.cli import main; main()"
    return subprocess.run([sys.executable, "-c", code, *words], capture_output=True, encoding="utf-8", check=True)


def test_the_earlier_name_prints_the_same_document_and_says_on_stderr_that_it_is_deprecated(tmp_path: Path) -> None:
    folder = str(tmp_path / "town")
    write_simulated(simulate(200, "clean", 1), Path(folder))
    own, earlier = run("mixture", folder, *OPTIONS), run("forensics", folder, "mixture", *OPTIONS)
    assert own.stderr == ""
    assert earlier.stderr == DEPRECATED
    first, second = json.loads(own.stdout), json.loads(earlier.stdout)
    for document in (first, second):
        del document["cpu_seconds"], document["wall_seconds"]
    assert first == second
    assert first["findings"][0]["command"].startswith(f"veedor mixture {folder} --variant bl --stations 60 ")
