"""python -m tests.figures.printed TREE OUT [--real] [--data FOLDER]: what every command of a state prints.

TREE: a checkout. A file for each step goes into OUT: lines, exit status, both streams, with keys, hashes and the time
of day struck out. Two such folders are compared with `diff -r`: a change of words is seen, and nothing else may differ.
The steps are those of `release/smoke.py` with the refusals, notes and tables that they leave out, each at 160 and at 80
columns, then bolivia-2019 where its files are in FOLDER.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from release.smoke import prepare, steps

ROOT = Path(__file__).resolve().parents[2]
TOWN = (
    "veedor --help; veedor count -h; veedor audit --help; veedor audit plan --help; veedor record --help",
    "veedor quickcount; veedor record watch -h; veedor simulate --help",
    "veedor count; true",
    "veedor cuont; true",
    "veedor count town --sno; true",
    "veedor check town --items many; true",
    "veedor count town --turnout much; true",
    "veedor count nowhere; true",
    "veedor count town --universe none --turnout 0.8",
    "veedor count town --count preliminary --by region",
    "veedor count town --count preliminary --snapshot all",
    "veedor count town --json",
    "veedor check town --json",
    "veedor interruption town --draws 100 --like 3",
    "veedor forensics town digits nothing --placebo 2; true",
    "veedor claims demo/election --strict; true",
    "veedor claims town; true",
    "veedor audit plan town --out x; true",
    "veedor audit plan town --risk-limit 5; true",
    "veedor audit strata town --level region; true",
    "veedor audit status audit; true",
    "veedor quickcount estimate sampled",
    "veedor quickcount release sampled",
    "veedor quickcount compare intervals.csv",
    "veedor quickcount design sampled --salt salt --margin 2; true",
    "veedor quickcount draw sampled --seed 31415926535897932384 --salt salt --out again.csv",
    "veedor quickcount draw sampled --seed 31415926535897932384 --salt salt --out again.csv; true",
    "veedor verify site --json",
    "sed -i 's/\\(.*\\)1/\\12/' site/results/count.json || true; veedor verify site; true",
    "veedor export town --out sheets.txt; true",
    "veedor simulate --stations 200 --kind nothing --out other; true",
    "veedor record checkpoint log",
    "veedor record append town --log log --key log.key",
    "veedor record prove log --out x --since 1; veedor record prove log --all --out receipts",
    "veedor record prove log --out x --station none; true",
    "veedor record watch log --policy policy --copy copy2 --once --election town",
    "veedor record verify 0.tlog-proof --policy joint.policy; true",
    "veedor new messy --from messy.csv --ask-nothing; veedor count messy --data . ; true",
    "veedor new messy2 --from messy.csv --yes --json; true",
)
BOLIVIA = (
    "veedor count bolivia-2019",
    "veedor count bolivia-2019 --by department --strict; true",
    "veedor count bolivia-2019 --count preliminary",
    "veedor count bolivia-2019 --count preliminary --snapshot all | tail -20",
    "veedor check bolivia-2019 --items 3",
    "veedor interruption bolivia-2019 --draws 100",
    "veedor audit plan bolivia-2019",
    "veedor forensics bolivia-2019 --placebo 2",
    "veedor claims bolivia-2019",
)
MESSY = "mesa;region;north;south\n1;a;10;20\n2;b;x;7\n3;b;5;\n1;a;10;20\n"
NOISE = (
    (re.compile(r"\b[0-9a-f]{8,}\b"), "HEX"),
    (re.compile(r"[A-Za-z0-9+/=]{27,}"), "BASE64"),
    (re.compile(r"\b20(2[4-9]|3[0-9])-\d\d-\d\dT\d\d:\d\d:\d\d([+-]\d\d:\d\d)?"), "NOW"),
)


def main() -> int:
    """Run the steps and write what they print."""
    options = argparse.ArgumentParser(prog="python -m tests.figures.printed")
    options.add_argument("tree", type=Path)
    options.add_argument("out", type=Path)
    options.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    options.add_argument("--real", action="store_true", help="bolivia-2019 only")
    given = options.parse_args()
    given.out.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as home:
        scratch = Path(home)
        prepare(scratch)
        (scratch / "messy.csv").write_text(MESSY, encoding="utf-8")
        settings = _settings(given.tree.resolve(), scratch)
        for number, (lines, extra) in enumerate(_all(given.data, real=given.real)):
            text = _printed(lines, scratch, {**settings, **extra})
            (given.out / f"{number:03}.txt").write_text(text, encoding="utf-8")
    return 0


def _all(data: Path, *, real: bool) -> Iterator[tuple[str, dict[str, str]]]:
    narrow = {"COLUMNS": "80"}
    for step in () if real else steps(ROOT):
        yield step.lines, {}
    for line in () if real else TOWN:
        yield line, {}
        yield line, narrow
    if (data / "bolivia-2019").is_dir():
        for line in BOLIVIA:
            yield line, {"VEEDOR_DATA": str(data / "bolivia-2019")}
            if "count" in line:
                yield line, {"VEEDOR_DATA": str(data / "bolivia-2019"), **narrow}


def _settings(tree: Path, scratch: Path) -> dict[str, str]:
    """The environment in which `veedor` is the program of that checkout."""
    programs = scratch / "bin"
    programs.mkdir()
    (programs / "veedor").write_text(f'#!/bin/sh\nexec {sys.executable} -P -m veedor "$@"\n', encoding="utf-8")
    (programs / "veedor").chmod(0o755)
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("VEEDOR_", "COLUMNS"))},
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(tree / "src"),
        "VEEDOR_RECORD_PASSPHRASE": "a long passphrase",
        "XDG_CACHE_HOME": str(scratch / "cache"),
        "VEEDOR_CACHE": str(scratch / "cache/veedor"),
    }


def _printed(lines: str, scratch: Path, settings: dict[str, str]) -> str:
    done = subprocess.run(
        ["bash", "-eu", "-c", lines],
        cwd=scratch,
        env=settings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    parts = [lines, f"status {done.returncode}", done.stdout.decode(), "--- standard error", done.stderr.decode()]
    text = "\n".join(parts).replace(str(scratch), "HOME")
    for pattern, word in NOISE:
        text = pattern.sub(word, text)
    return text


if __name__ == "__main__":
    sys.exit(main())
