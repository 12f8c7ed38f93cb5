"""The example notebooks, run from top to bottom: `python -m tests.docs.notebooks` writes what they print now.

Bolivia's is run on the files of ../shared/data, or those of VEEDOR_SHARED; without them it is left as it is.
"""

import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "examples"
NEEDS = {"bolivia_2019.ipynb": "bolivia-2019"}
"""Notebooks that are run on the files of a real election."""


def read(name: str) -> nbformat.NotebookNode:
    """A notebook as it stands."""
    notebook: nbformat.NotebookNode = nbformat.read(NOTEBOOKS / name, as_version=4)  # type: ignore[no-untyped-call]
    return notebook


def execute(notebook: nbformat.NotebookNode) -> None:
    """Run every cell in a kernel of its own."""
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute()


def printed(notebook: nbformat.NotebookNode) -> list[str]:
    """A text for each cell that prints: the kernel hands one over in as many parts as its clock will have it."""
    cells = [
        "".join("".join(output.get("text", "")) for output in cell.outputs if output.get("name") != "stderr")
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]
    return [text for text in cells if text]


def main() -> None:
    """Run all, and write those whose output is another."""
    shared = Path(os.environ.get("VEEDOR_SHARED", ROOT.parent / "shared"))
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        data = shared / "data" / NEEDS.get(path.name, "")
        if path.name in NEEDS and not data.is_dir():
            sys.stderr.write(f"{path.name}: left as it is, {data} is not there\n")
            continue
        os.environ.pop("VEEDOR_DATA", None)
        if path.name in NEEDS:
            os.environ["VEEDOR_DATA"] = str(data)
        notebook = read(path.name)
        before = printed(notebook)
        execute(notebook)
        if printed(notebook) != before:
            for cell in notebook.cells:
                cell.metadata.pop("execution", None)  # times of day
            nbformat.write(notebook, path)  # type: ignore[no-untyped-call]
            sys.stdout.write(f"{path.name}: written\n")


if __name__ == "__main__":
    main()
