"""The studies of the two real elections, each made once by the command for all tests and workers of a run."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.once import made_once

Document = dict[str, Any]

DRAWS = 2_000


def _study(tmp_path_factory: pytest.TempPathFactory, name: str, *arguments: str) -> Document:
    def make(path: Path) -> None:
        command = [sys.executable, "-m", "veedor", "interruption", name, *arguments, "--json"]
        path.write_bytes(subprocess.run(command, capture_output=True, check=True).stdout)

    document: Document = json.loads(made_once(tmp_path_factory, f"interruption-{name}.json", make).read_text())
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
