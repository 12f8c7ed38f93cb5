"""The studies of the two real elections, each made once by the command for all tests and workers of a run."""

import fcntl
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

Document = dict[str, Any]

DRAWS = 2_000


def _study(tmp_path_factory: pytest.TempPathFactory, name: str, *arguments: str) -> Document:
    root = tmp_path_factory.getbasetemp()
    # With several workers each has its own folder below one of the run's: what one has made all others read.
    shared = root.parent if root.name.startswith("popen") else root
    path = shared / f"interruption-{name}.json"
    with (shared / f"interruption-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            command = [sys.executable, "-m", "veedor", "interruption", name, *arguments, "--json"]
            done = subprocess.run(command, capture_output=True, check=True)
            path.write_bytes(done.stdout)
    document: Document = json.loads(path.read_text())
    return document


@pytest.fixture(scope="session")
def bolivia_2019(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Document:
    """`veedor interruption bolivia-2019 --json` with DRAWS draws."""
    data = str(shared / "data" / "bolivia-2019")
    return _study(tmp_path_factory, "bolivia-2019", "--data", data, "--draws", str(DRAWS))


@pytest.fixture(scope="session")
def bolivia_2020(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Document:
    """The transfer case; a publication of it has rows with a cell too many, which are left out."""
    data = str(shared / "data" / "bolivia-2020")
    return _study(tmp_path_factory, "bolivia-2020", "--data", data, "--draws", "500", "--skip-bad-rows")
