"""python -m tests.hostile.replaced: the commands run while their file is replaced; hash and figures belong together.

The file of a small election is one version, A, then the other, B, then A again, from a thousand times a second to
twice: put in its place whole, or half overwritten where it lies. Both counts of the election are read from it, so that
some commands read it twice. Each run must show one version, with its hash and its figures, or end with status 2 and say
that the file changed. What a dossier shows must be, byte for byte, what a dossier of that version at rest shows; and so
must the dossiers afterwards, of files at rest, made with what the runs kept.

A file that lies half overwritten is a version of its own: its hash must stand beside its figures too.
"""

import argparse
import contextlib
import csv
import io
import json
import random
import re
import shutil
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.hostile.command import Ended, run
from tests.sheets.small import COLUMNS, HEADER, election
from veedor.election import Count
from veedor.simulation.toml import election_toml

Figures = tuple[int, int, int, int]
"""red, blue, blank, null"""

FILE = "sheets.csv"
SECONDS = 120.0
"""Seconds after which a run is ended."""
PAUSES = (0.0, 0.001, 0.01, 0.1, 0.5)
"""Seconds that a version may lie there: shorter than a command takes between two looks at it, and longer than most."""
ASKED = ((), ("--count", "preliminary"), ("--snapshot", "all"), ("--by", "province"))
"""What `count` is asked for in turn. The preliminary count is held against the official one: two looks at the file."""

CHANGED = re.compile(rf"{re.escape(FILE)} changed while it was read|the files in \S+ changed while they were read")
"""How a refusal says it; the second where the process beside a report found other files than the report did."""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two versions of the file, of one length. spread: they differ in a sheet out of so many."""

    sheets: int
    spread: int

    @cached_property
    def both(self) -> tuple[bytes, bytes]:
        """A, and B: some sheets have the votes of red and blue the other way round."""
        return self._text(412, 237), self._text(237, 412)

    def _text(self, red: int, blue: int) -> bytes:
        rows = [
            f"{number},{'Norte' if number % 2 else 'Sur'},Recinto {number % 9},999,"
            + (f"{red},{blue}" if number % self.spread == 0 else f"{300 + number % 7},{300 + number % 5}")
            + f",{number % 4},{number % 3}"
            for number in range(self.sheets)
        ]
        return "\n".join((HEADER, *rows, "")).encode()

    @cached_property
    def known(self) -> Mapping[str, tuple[str, Figures]]:
        """By hash: the version's name and its figures, added up here. Of A over B and B over A every length."""
        first, second = self.both
        places = [at for at, (one, other) in enumerate(zip(first, second, strict=True), 1) if one != other][:-1]
        between = [over[:at] + under[at:] for over, under in (self.both, self.both[::-1]) for at in places]
        named = [("A", first), ("B", second), *(("between", data) for data in between)]
        return {sha256(data).hexdigest(): (name, figures_in(data)) for name, data in named}


def figures_in(data: bytes) -> Figures:
    """The figures of a file, added up."""
    rows = list(csv.DictReader(io.StringIO(data.decode())))
    red, blue, blank, null = (sum(int(row[name]) for row in rows) for name in HEADER.split(",")[-4:])
    return red, blue, blank, null


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where it all lies: `data` the election, `cache` what runs keep, `dossiers`."""

    folder: Path
    pair: Pair

    @property
    def data(self) -> Path:
        """The election's folder."""
        return self.folder / "data"

    def put(self, version: bytes) -> None:
        """The file replaced whole, in one step."""
        (self.folder / "next.csv").write_bytes(version)
        (self.folder / "next.csv").replace(self.data / FILE)

    def overwrite_half(self, version: bytes) -> None:
        """The first half of the version written over what lies there."""
        with (self.data / FILE).open("r+b", buffering=0) as file:
            file.write(version[: len(version) // 2])


def placed(folder: Path, pair: Pair) -> Place:
    """The election written to the folder, with version A. Its two counts are read from the one file."""
    place = Place(folder=folder, pair=pair)
    place.data.mkdir()
    (folder / "dossiers").mkdir()
    small = election(columns=COLUMNS)
    official = small.counts[0]
    preliminary = Count.model_validate(
        official.model_dump(exclude_unset=True) | {"id": "preliminary", "kind": "preliminary"}
    )
    two = small.model_copy(update={"counts": (preliminary, official)})
    (place.data / "election.toml").write_text(election_toml(two), encoding="utf-8")
    place.put(pair.both[0])
    return place


@contextlib.contextmanager
def replacing(place: Place, seed: int) -> Iterator[Counter[str]]:
    """While the block runs the file is replaced; how often, and how."""
    over, done, rng = threading.Event(), Counter[str](), random.Random(seed)

    def replace() -> None:
        while not over.wait(rng.choice(PAUSES)):
            version = place.pair.both[done.total() % 2]
            if rng.random() < 0.2:
                place.overwrite_half(version)
                done["half"] += 1
            else:
                place.put(version)
                done["whole"] += 1

    thread = threading.Thread(target=replace)
    thread.start()
    try:
        yield done
    finally:
        over.set()
        thread.join()


def count(place: Place, number: int) -> str:
    """One run of `count --json`: A, B, between or refused; else what is wrong, in words."""
    ended = run(
        "count", str(place.data), "--json", *ASKED[number % len(ASKED)], cache=place.folder / "cache", at_most=SECONDS
    )
    if ended.status:
        return refused(ended)
    document = json.loads(ended.out)
    hashes = {one["sha256"] for one in document["files"] if one["file"] == FILE}
    states = [*document.get("snapshots", [document])]
    shown = [figures_of(state) for state in states]
    if "places" in document:
        shown.append(added(figures_of(one) for one in document["places"]))
    return together(place.pair, hashes, shown)


def report(place: Place, at_rest: Mapping[str, Mapping[str, bytes]], name: str = "run") -> str:
    """One run of `report`: as `count`. at_rest: by version, the files of the dossier that must be made of it."""
    out = place.folder / "dossiers" / name
    ended = run("report", str(place.data), "--out", str(out), cache=place.folder / "cache", at_most=SECONDS)
    if ended.status:
        return refused(ended) if not out.exists() else "refused, and a dossier is there"
    files = files_of(out)
    shutil.rmtree(out)
    return judged(place.pair, files, at_rest)


def judged(pair: Pair, files: Mapping[str, bytes], at_rest: Mapping[str, Mapping[str, bytes]]) -> str:
    """Which version a dossier is of; what is wrong with it, if anything is."""
    manifest = json.loads(files["results/manifest.json"])
    hashes = {one["sha256"] for one in manifest["raw"] if one["file"] == FILE}
    shown = [figures_of(json.loads(files["results/count.json"]))]
    shown += [
        figures_of(state)
        for each in json.loads(files["results/timeline.json"])["counts"]
        for state in each["snapshots"]
    ]
    shown.append(added(figures_of(one) for one in json.loads(files["results/places.json"])["places"]))
    shown += [in_table(files[f"tables/sheets-{one}.csv"]) for one in ("preliminary", "official")]
    found = together(pair, hashes, shown)
    differ = [name for name in files if found in at_rest and files[name] != at_rest[found].get(name)]
    return f"of {found}, but {differ} are others than of {found} at rest" if differ else found


def refused(ended: Ended) -> str:
    """Of a run that did not end well: whether it said what it must."""
    if ended.status == 2 and CHANGED.search(ended.said) and not ended.out:
        return "refused"
    return f"exit status {ended.status}: {ended.said[-2000:]}"


def together(pair: Pair, hashes: set[str], shown: list[Figures]) -> str:
    """The name of the one version that the hashes and all the figures are of; else what is wrong."""
    if len(hashes) != 1 or len(set(shown)) != 1:
        return f"{len(hashes)} hashes and figures {set(shown)}"
    hashed, figures = hashes.pop(), shown[0]
    if hashed not in pair.known:
        return f"the hash {hashed} of no version"
    name, right = pair.known[hashed]
    return name if figures == right else f"figures {figures} beside the hash of {name}, whose are {right}"


def figures_of(document: Mapping[str, Any]) -> Figures:
    """The figures in a document of the count, or of a place or a state in it."""
    listed = document["choices"]
    votes = {one["id"]: one["votes"] for one in listed} if isinstance(listed, list) else listed
    return votes["red"], votes["blue"], document["blank"], document["null"]


def added(all_figures: Iterator[Figures]) -> Figures:
    """Their sum."""
    red, blue, blank, null = (sum(column) for column in zip(*all_figures, strict=True))
    return red, blue, blank, null


def in_table(data: bytes) -> Figures:
    """The figures of a sheet table, added up."""
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    red, blue, blank, null = (
        sum(int(row[name]) for row in rows) for name in ("votes.red", "votes.blue", "blank", "null")
    )
    return red, blue, blank, null


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a dossier, by its path in it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def dossiers_at_rest(place: Place, cache: Path) -> dict[str, Mapping[str, bytes]]:
    """The dossiers of A and B, made with nothing but what the cache keeps, and then with A in the place."""
    made: dict[str, Mapping[str, bytes]] = {}
    for name, version in zip("BA", place.pair.both[::-1], strict=True):
        place.put(version)
        out = place.folder / "dossiers" / "rest"
        ended = run("report", str(place.data), "--out", str(out), cache=cache, at_most=SECONDS)
        if ended.status:
            raise RuntimeError(f"no dossier of {name} at rest: {ended.said}")
        made[name] = files_of(out)
        shutil.rmtree(out)
    return made


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of the runs of each command: how many of each kind, the wrong ones in words."""

    counted: Counter[str]
    reported: Counter[str]
    replaced: Counter[str]
    kept_wrong: tuple[str, ...]

    @property
    def wrong(self) -> list[str]:
        """All that is wrong."""
        runs = self.counted + self.reported
        return [text for text in runs if text not in ("A", "B", "between", "refused")] + list(self.kept_wrong)


def tried(folder: Path, pair: Pair, *, counts: int, reports: int, seed: int) -> Result:
    """So many runs of each command while the file is replaced, and two dossiers at rest before and after."""
    place = placed(folder, pair)
    at_rest = dossiers_at_rest(place, folder / "cache-at-rest") if reports else {}
    with replacing(place, seed) as replaced:
        counted = Counter(count(place, number) for number in range(counts))
        reported = Counter(report(place, at_rest) for _ in range(reports))
    after = dossiers_at_rest(place, folder / "cache") if reports else {}
    kept_wrong = [
        f"{name} of {version} at rest, afterwards, is another"
        for version, files in at_rest.items()
        for name in {**files, **after[version]}
        if files.get(name) != after[version].get(name)
    ]
    kept_wrong += [
        f"at rest, a dossier of {name} is {found}"
        for name, files in after.items()
        if (found := judged(pair, files, at_rest)) != name
    ]
    return Result(counted=counted, reported=reported, replaced=replaced, kept_wrong=tuple(kept_wrong))


def main() -> int:
    """Run the commands, print what became of them; 1 if anything is wrong."""
    options = argparse.ArgumentParser(
        prog="python -m tests.hostile.replaced", description=(__doc__ or "").partition("\n")[0]
    )
    options.add_argument("--count", type=int, default=190, help="runs of `count --json`")
    options.add_argument("--report", type=int, default=10, help="runs of `report`")
    options.add_argument("--sheets", type=int, default=12_000, help="sheets: from 10,000 a report has a second process")
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    pair = Pair(sheets=chosen.sheets, spread=max(chosen.sheets // 12, 2))
    with tempfile.TemporaryDirectory() as folder:
        result = tried(Path(folder), pair, counts=chosen.count, reports=chosen.report, seed=chosen.seed)
    print(f"{'':16}{'runs':>6}{'A':>6}{'B':>6}{'between':>9}{'refused':>9}{'mismatches':>12}")
    for name, runs in (("count --json", result.counted), ("report", result.reported)):
        right = [runs[kind] for kind in ("A", "B", "between", "refused")]
        print(
            f"{name:16}{runs.total():6}{right[0]:6}{right[1]:6}{right[2]:9}{right[3]:9}{runs.total() - sum(right):12}"
        )
    print(
        f"the file was replaced {result.replaced['whole']} times, and half overwritten {result.replaced['half']} times"
    )
    print(f"kept wrong: {len(result.kept_wrong)}")
    for text in result.wrong:
        print(text)
    return 1 if result.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
