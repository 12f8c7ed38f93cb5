"""python -m tests.figures OLD [--data FOLDER]: are all figures those that an earlier state of the program gave?

OLD: a checkout of that state (`git worktree add ../old f66f9d6`). Both states write the dossiers of bolivia-2019 and
bolivia-2020 (their files in FOLDER/NAME) and of the demo's election; every number of every document and page is
compared. Exit status 1 if one differs.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.figures.compare import compare_folders

ROOT = Path(__file__).resolve().parents[2]
REAL = ("bolivia-2019", "bolivia-2020")
SIMULATE = ["simulate", "--stations", "2400", "--scenario", "late_alteration", "--seed", "2031", "--out", "demo"]
"""The election of `veedor demo`."""
SHOWN = 60


def main() -> int:
    """Write the dossiers, compare, and print what differs."""
    options = argparse.ArgumentParser(prog="python -m tests.figures")
    options.add_argument("old", type=Path)
    options.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    given = options.parse_args()
    status = 0
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        veedor(
            ROOT,
            home,
            "simulate",
            "--stations",
            "2400",
            "--scenario",
            "late_alteration",
            "--seed",
            "2031",
            "--out",
            "demo",
        )
        elections = {name: (name, given.data / name) for name in REAL if (given.data / name).is_dir()}
        elections["demo"] = (str(home / "demo"), home / "demo")
        for name, (election, data) in elections.items():
            for tree, out in ((given.old.resolve(), f"{name}-before"), (ROOT, f"{name}-after")):
                veedor(tree, home, "report", election, "--data", str(data), "--out", out, "--skip-bad-rows")
            found = compare_folders(home / f"{name}-before", home / f"{name}-after")
            print(f"{name}: {found.figures:,} figures of {found.files} files compared, {len(found.differences)} differ")
            for one in found.differences[:SHOWN]:
                print(f"  {one}")
            status |= bool(found.differences)
    return status


def veedor(tree: Path, home: Path, *words: str) -> None:
    """Run a command of the program in a checkout, with a cache of its own."""
    environment = {**os.environ, "PYTHONPATH": str(tree / "src"), "VEEDOR_CACHE": str(home / f"cache-{tree.name}")}
    command = [sys.executable, "-P", "-m", "veedor", *words]
    done = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(words)} in {tree}: exit status {done.returncode}\n{done.stderr}")


if __name__ == "__main__":
    sys.exit(main())
