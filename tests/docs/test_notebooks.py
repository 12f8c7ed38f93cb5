"""The example notebooks run from top to bottom, and end with the truth that the simulation wrote."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from veedor.simulation import simulate

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.filterwarnings("ignore")
def test_the_first_look_runs_and_ends_with_the_truth() -> None:
    path = ROOT / "examples" / "first_look.ipynb"
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    planted = simulate(2_000, "late_alteration", seed=2031).truth.planted
    last = notebook.cells[-1]["outputs"][0]["text"]
    assert last.startswith(f"{planted.height} stations altered, +")
    assert planted.height > 0
