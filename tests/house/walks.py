"""python -m tests.house.walks [TREE]: the files that five walks through the program pass, in their order.

TREE: a checkout of another state of the program. A walk is a command, run and watched: a file is passed when one of its
functions is called. Only the rooms that the walk is about are listed; what they rest on is the same for all.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

WALKS = {
    "a cell to a total": (("sheets/", "count/tally", "count/totals"), ["count", "demo", "--json"]),
    "a definition to its rule": (("election/", "count/"), ["count", "demo", "--universe", "none", "--json"]),
    "a finding to its page": (("checks/", "finding", "dossier/"), ["report", "demo", "--out", "site"]),
    "an audit plan": (("audit/", "draw/"), ["audit", "plan", "demo", "--json"]),
    "a projection": (("interruption/",), ["interruption", "demo", "--draws", "20", "--json"]),
}
"""Each walk's rooms, and the command."""

WATCHED = """
import json, sys
from pathlib import Path
passed = {}
def watch(frame, event, _):
    if event == "call" and frame.f_code.co_name not in ("<module>", "<lambda>") and frame.f_code.co_name.islower():
        passed.setdefault(frame.f_code.co_filename)
words, out = json.loads(sys.argv[1]), sys.argv[2]
import threading
from veedor.cli import application
import veedor
home = Path(veedor.__file__).parent
threading.setprofile(watch)
sys.setprofile(watch)
try:
    application(words[0])(words, prog_name="veedor", standalone_mode=False)
except SystemExit:
    pass
sys.setprofile(None)
inside = [Path(name) for name in passed if name.startswith(str(home)) and name.endswith(".py")]
Path(out).write_text(json.dumps([path.relative_to(home).as_posix() for path in inside]))
"""


def passed(tree: Path, home: Path, words: list[str]) -> list[str]:
    """The modules whose functions a command calls, by their path in the package."""
    out = home / "passed.json"
    environment = {**os.environ, "PYTHONPATH": str(tree / "src"), "VEEDOR_CACHE": str(home / "cache")}
    command = [sys.executable, "-P", "-c", WATCHED, json.dumps(words), str(out)]
    subprocess.run(command, cwd=home, env=environment, stdout=subprocess.DEVNULL, check=True)
    found: list[str] = json.loads(out.read_text())
    return found


def main() -> None:
    """Print how many files each walk passes, and which."""
    tree = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        passed(tree, home, ["simulate", "--stations", "120", "--scenario", "clean", "--seed", "1", "--out", "demo"])
        for name, (rooms, words) in WALKS.items():
            files = [file for file in passed(tree, home, words) if file.startswith(rooms)]
            print(f"{name}: {len(files)} files\n  {' '.join(files)}")


if __name__ == "__main__":
    main()
