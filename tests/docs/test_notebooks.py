"""The example notebooks run from top to bottom and give what stands in them; their code is typed."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tests.docs.notebooks import NOTEBOOKS, ROOT, execute, printed, read
from veedor.simulation import simulate

pytestmark = pytest.mark.slow


def executed(name: str) -> tuple[list[str], list[str]]:
    """What each cell of a notebook printed when it was written, and what it prints now."""
    notebook = read(name)
    before = printed(notebook)
    execute(notebook)
    return before, printed(notebook)


@pytest.mark.filterwarnings("ignore")
def test_the_first_look_runs_and_ends_with_the_truth() -> None:
    before, now = executed("first_look.ipynb")
    planted = simulate(2_000, "late_alteration", seed=2031).truth.planted
    assert now[-1].startswith(f"{planted.height} stations altered, +")
    assert planted.height > 0
    assert now == before


@pytest.mark.filterwarnings("ignore")
def test_bolivia_2019_gives_what_stands_in_it(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VEEDOR_DATA", str(shared / "data" / "bolivia-2019"))
    before, now = executed("bolivia_2019.ipynb")
    assert "MAS-IPSP 2,889,359, CC 2,240,920" in now[1]
    assert "lead 7.87 points" in now[3]
    assert now == before


def test_their_code_is_typed(tmp_path: Path) -> None:
    """Statisticians copy it: mypy --strict on every code cell, as one module a notebook."""
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
        code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
        (tmp_path / f"{path.stem}.py").write_text(code + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(ROOT / ".mypy_cache"), str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={**os.environ}, check=False)
    assert done.returncode == 0, done.stdout
