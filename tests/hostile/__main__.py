"""python -m tests.hostile: `veedor count --json` on each hostile file, in a process of its own.

Each is refused with exit status 2, the file's name, and what was found and wanted (of a spoiled cell also its row and
column, or the text before a zero byte), or gives the right figures and the hash of its bytes. No run shows a traceback,
takes more than 20 seconds or more than 2 GB. The exit status is 1 if any does not.
"""

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.hostile.command import Ended, run
from tests.hostile.test_files import CASES, FIGURES, elected
from veedor.simulation.toml import election_toml

SECONDS = 20.0
MEGABYTES = 2000.0
KILLED = 3 * SECONDS
"""Seconds after which a run is ended: long enough to see by how much it passes the limit."""


@dataclass(frozen=True, kw_only=True)
class Tried:
    """One file: the case's name, how the command ended on it, and what is wrong with that ('' if nothing is)."""

    name: str
    kind: str
    ended: Ended
    wrong: str


def main() -> int:
    """Try them all and print what became of them, by kind."""
    options = argparse.ArgumentParser(prog="python -m tests.hostile", description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--only", default="", metavar="TEXT", help="only the cases whose name has this text")
    options.add_argument("--said", action="store_true", help="print what each refusal says")
    chosen = options.parse_args()
    tried = []
    with tempfile.TemporaryDirectory() as folder:
        for number, name in enumerate(name for name in CASES if chosen.only in name):
            one = attempt(name, Path(folder) / str(number))
            tried.append(one)
            if one.wrong:
                print(f"{name}: {one.wrong}; it said {one.ended.said[:500]!r}", flush=True)
            elif chosen.said and one.ended.status:
                print(f"{name}: {one.ended.said.strip()[:500]}", flush=True)
    if not tried:
        print(f"no case has {chosen.only!r} in its name")
        return 2
    print(table(tried))
    return 1 if any(one.wrong for one in tried) else 0


def attempt(name: str, folder: Path) -> Tried:
    """Write the file with its definition, and count it."""
    file, data, right = CASES[name]
    folder.mkdir()
    (folder / file).write_bytes(data)
    (folder / "election.toml").write_text(election_toml(elected(file)), encoding="utf-8")
    ended = run("count", str(folder), "--json", cache=folder / "cache", at_most=KILLED)
    return Tried(name=name, kind=kind_of(name, file), ended=ended, wrong=wrong_with(name, ended, data, right))


def kind_of(name: str, file: str) -> str:
    """What is hostile about the file, in a word or two."""
    first, *rest = name.split(" ")
    if first in FIGURES:
        return f"{file} {first}"
    return f"{file} {rest[0]}" if first == file else f"{file} whole"


def wrong_with(name: str, ended: Ended, data: bytes, right: tuple[int, ...] | None) -> str:
    """What of the run is not as it must be; '' if all is."""
    if ended.seconds > SECONDS:
        return f"it took {ended.seconds:.1f} seconds"
    if ended.megabytes > MEGABYTES:
        return f"it took {ended.megabytes:.0f} MB"
    if ended.fell:
        return f"exit status {ended.status}, or a traceback"
    if ended.status == 0:
        return wrong_document(json.loads(ended.out), data, right)
    file = CASES[name][0]
    wanted = [file, "found ", "wanted "]
    if name.split(" ")[0] in FIGURES:
        wanted += ["row 2", "a byte of value 0" if b"\0" in data else name.split(" ")[0]]
    lacking = [part for part in wanted if part not in ended.said]
    if ended.out or len(ended.said) > 20_000:
        return f"{len(ended.out)} characters of a result beside a refusal of {len(ended.said)}"
    return f"the refusal lacks {lacking}" if lacking else ""


def wrong_document(document: dict[str, Any], data: bytes, right: tuple[int, ...] | None) -> str:
    """What is wrong with the printed figures and hash."""
    match document:
        case {"choices": [*choices], "blank": blank, "null": null, "files": [{"sha256": hashed}]}:
            votes = {one["id"]: one["votes"] for one in choices}
            found = (votes["red"], votes["blue"], blank, null)
        case _:
            return "the document is another"
    if found != right:
        return f"figures {found}, right are {right}"
    return "" if hashed == sha256(data).hexdigest() else f"the hash {hashed} of other bytes"


def table(tried: list[Tried]) -> str:
    """A line for each kind, and one for all."""
    kinds: dict[str, list[Tried]] = defaultdict(list)
    for one in tried:
        kinds[one.kind].append(one)
    lines = [f"{'':26}{'files':>7}{'refused':>9}{'counted':>9}{'wrong':>7}{'slowest s':>11}{'largest MB':>12}"]
    for kind, members in [*kinds.items(), ("all", tried)]:
        refused = sum(one.ended.status == 2 for one in members)
        counted = sum(one.ended.status == 0 for one in members)
        wrong = sum(bool(one.wrong) for one in members)
        slowest = max(one.ended.seconds for one in members)
        largest = max(one.ended.megabytes for one in members)
        lines.append(f"{kind:26}{len(members):7}{refused:9}{counted:9}{wrong:7}{slowest:11.2f}{largest:12.0f}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
