"""The process that fuzzes one target for a while: guided by coverage where atheris is there, else by how inputs end.

    python -m tests.fuzz.worker TARGET FOLDER --seed N [--seconds S] [--runs N] [--plain]

Writes into FOLDER: `status.json`, how far it has come; `finds/`, the inputs that ended as none may, with what was said;
`now`, the input that it is trying, for whoever finds this process dead; `corpus/`, the inputs that led somewhere new.
"""

import argparse
import importlib.util
import json
import mmap
import os
import sys
import time
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from tests.fuzz.judge import Ending
    from tests.fuzz.target import Mutator, Target

BEGAN = time.monotonic()
LEAST_SECONDS = 4.0
"""For inputs, however long it took to load the program."""
NO_READERS = (
    "veedor.interruption",
    "veedor.forensics",
    "veedor.simulation",
    "veedor.dossier.pages",
    "veedor.dossier.show",
    "veedor.dossier.show.charts",
    "veedor.dossier.show.audit_charts",
    "veedor.cli",
)
"""Rooms that read nothing from outside: counting their lines would only make the program slow to load."""
LOADING = 8
"""Times as long as another may the first inputs take, for which the program is loaded."""
MOST_FINDS = 100
CORPUS = 400
STARTED = 3
"""Exit status of a process that could not begin: a fault of the target, or of the harness."""


class Now:
    """The input being tried, in memory that outlives the process."""

    def __init__(self, path: Path, most: int) -> None:
        with path.open("w+b") as stream:
            stream.truncate(most + 4)
            self._memory = mmap.mmap(stream.fileno(), most + 4)
        self._most = most

    def is_(self, data: bytes) -> None:
        """About to try this."""
        self._memory[:4] = (1 + len(data)).to_bytes(4, "big")
        self._memory[4 : 4 + len(data)] = data

    @staticmethod
    def read(path: Path) -> bytes | None:
        """What was being tried by a process that is gone; None if it had not begun."""
        try:
            whole = path.read_bytes()
        except OSError:
            return None
        size = int.from_bytes(whole[:4], "big") - 1
        return whole[4 : 4 + size] if size >= 0 else None


class Work:
    """Tries inputs one after the other, and keeps account of them."""

    def __init__(self, target: "Target", folder: Path, *, seconds: float | None, runs: int | None) -> None:
        from tests.fuzz.limits import Watch

        self.target, self.folder = target, folder
        self.seconds, self.runs = seconds, runs
        self.end: float | None = None
        self.done = 0
        self.ways: set[str] = set()
        self.found: dict[str, bytes] = {}
        self.watch = Watch()
        self.now = Now(folder / "now", 4 * target.most_bytes + (1 << 20))
        self._told = 0.0

    def begin(self) -> None:
        """From here on time counts; what the program took to load counts too, but for the least of seconds."""
        if self.seconds is not None:
            self.end = max(BEGAN + self.seconds, time.monotonic() + LEAST_SECONDS)

    @property
    def over(self) -> bool:
        """Whether time or runs are used up."""
        return (self.runs is not None and self.done >= self.runs) or (
            self.end is not None and time.monotonic() >= self.end
        )

    def take(self, data: bytes, *, watched: bool = True) -> bool:
        """Try an input. Whether it ended in a way that none did before."""
        from tests.fuzz.judge import judge

        self.now.is_(data)
        if watched:
            self.watch.lives()
        ending = judge(self.target, data)
        self.done += 1
        if not ending.allowed:
            self._keep(ending, data)
        new = ending.way not in self.ways
        self.ways.add(ending.way)
        if time.monotonic() - self._told > 1:
            self.tell()
        return new

    def _keep(self, ending: "Ending", data: bytes) -> None:
        """Keep the shortest input of each way."""
        before = self.found.get(ending.way)
        if (before is not None and len(before) <= len(data)) or (before is None and len(self.found) >= MOST_FINDS):
            return
        self.found[ending.way] = data
        name = sha256(ending.way.encode()).hexdigest()[:16]
        folder = self.folder / "finds"
        (folder / name).write_bytes(data)
        said = {"kind": ending.kind, "what": ending.what, "place": ending.place, "way": ending.way}
        (folder / f"{name}.json").write_text(json.dumps(said))

    def tell(self) -> None:
        """Write how far the work has come."""
        self._told = time.monotonic()
        status = {"done": self.done, "ways": len(self.ways), "finds": len(self.found)}
        path = self.folder / "status.json"
        path.with_suffix(".new").write_text(json.dumps(status))
        path.with_suffix(".new").replace(path)


def plain(work: Work, mutate: "Mutator", seeds: Sequence[bytes], seed: int, corpus: Path | None = None) -> None:
    """Fuzz guided by how inputs end: one that ends in a new way is changed further."""
    rng = Random(seed)
    pool = list(seeds)
    for data in pool:
        if not work.over:
            work.take(data)
    while not work.over:
        data = mutate(rng.choice(pool), rng)
        while rng.random() < 0.3:
            data = mutate(data, rng)
        data = data[: work.target.most_bytes * 2]
        if work.take(data):
            pool.append(data)
            if len(pool) > CORPUS:
                del pool[rng.randrange(len(seeds), len(pool))]
            if corpus is not None:
                (corpus / sha256(data).hexdigest()[:16]).write_bytes(data)


def guided(work: Work, mutate: "Mutator", seed: int, corpus: Path, atheris: Any) -> NoReturn:
    """Fuzz guided by coverage; ends the process."""

    def one(data: bytes) -> None:
        if work.over:
            work.tell()
            sys.stderr.flush()
            os._exit(0)
        work.take(data)

    def change(data: bytes, most: int, number: int) -> bytes:
        rng = Random(number)
        if rng.random() < 0.2:
            return bytes(atheris.Mutate(data, most))
        changed = mutate(data, rng)
        return changed if len(changed) <= most else data[:most]

    options = [
        f"-seed={seed % 2**31 or 1}",
        f"-max_len={work.target.most_bytes}",
        "-timeout=100000",  # the watch is ours
        "-rss_limit_mb=0",
        "-malloc_limit_mb=0",
        "-detect_leaks=0",
        "-len_control=0",
        "-reload=0",
        f"-artifact_prefix={work.folder}/",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], one, custom_mutator=change)
    atheris.Fuzz()
    sys.exit(STARTED)


def main(arguments: Sequence[str]) -> None:
    """Fuzz as told."""
    asked = _asked(arguments)
    atheris = None if asked.plain else _atheris()
    if atheris is not None:
        # From here on every module of ours is loaded with counters in it: before anything of ours is imported.
        atheris.instrument_imports(include=["veedor"], exclude=_no_readers()).__enter__()
    from tests.fuzz.limits import Watch, limit_memory
    from tests.fuzz.overlay import scratch
    from tests.fuzz.targets import target_named

    scratch()
    target = target_named(asked.target)
    own = list(target.seeds())
    seeds = [*own, *(path.read_bytes() for path in asked.more)]
    mutate = target.mutator(seeds)
    corpus = asked.folder / "corpus"
    for folder in (corpus, asked.folder / "finds"):
        folder.mkdir(parents=True, exist_ok=True)
    work = Work(target, asked.folder, seconds=asked.seconds, runs=asked.runs)
    loading = Watch(LOADING * work.watch.seconds)
    for data in own[:3]:  # everything that they need is loaded, which may take long, before memory is limited
        loading.lives()
        work.take(data, watched=False)
    limit_memory()
    work.begin()
    if atheris is None:
        kept = [path.read_bytes() for path in sorted(corpus.iterdir())]
        plain(work, mutate, [*seeds, *kept], asked.seed, corpus)
        work.watch.rests()
        work.tell()
        return
    for data in seeds:
        (corpus / sha256(data).hexdigest()[:16]).write_bytes(data)
    guided(work, mutate, asked.seed, corpus, atheris)


def _no_readers() -> list[str]:
    """Names of the modules in which no lines are counted."""
    (home,) = importlib.util.find_spec("veedor").submodule_search_locations  # type: ignore[union-attr,misc]
    parts = [path.relative_to(home).with_suffix("").parts for path in Path(home).rglob("*.py")]
    names = [".".join(("veedor", *part)).removesuffix(".__init__") for part in parts]
    return [name for name in names if name.startswith(NO_READERS)]


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.worker")
    parser.add_argument("target")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--runs", type=int)
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--more", type=Path, action="append", default=[])
    return parser.parse_args(arguments)


def _atheris() -> Any:
    """The module, or None where it is not installed."""
    try:
        import atheris
    except ImportError:
        return None
    return atheris


if __name__ == "__main__":
    main(sys.argv[1:])
