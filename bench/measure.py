"""What a benchmark hands back, and how time and memory are taken."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Skip(Exception):  # noqa: N818 - not an error: the benchmark cannot run here, for the reason given
    """The benchmark cannot run here."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """One measurement: ours against a peer's on the same work in the same run, or against a limit.

    unit: 's', 'GB' or 'MB'. most: the largest ratio of ours to theirs that is accepted.
    """

    what: str
    ours: float
    theirs: float
    peer: str
    unit: str = "s"
    most: float = 1.0

    @property
    def ratio(self) -> float:
        """Ours by theirs; below 1 is quicker or smaller."""
        return self.ours / self.theirs

    @property
    def within(self) -> bool:
        """Whether the ratio is accepted."""
        return self.ratio <= self.most


@dataclass(frozen=True, kw_only=True)
class Process:
    """A finished process: wall seconds, peak memory in GB (10^9 bytes), and what it printed."""

    seconds: float
    memory: float
    output: str


def against_limit(what: str, ours: float, limit: float, unit: str = "s") -> Result:
    """A measurement against a limit of its own unit."""
    return Result(what=what, ours=ours, theirs=limit, peer="limit", unit=unit)


def paired(ours: Callable[[], object], theirs: Callable[[], object], rounds: int = 5) -> tuple[float, float]:
    """Least wall seconds of each, taken in turns so that a busy machine hits both alike. The first turn warms up."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for turn in range(rounds + 1):
        for function, taken in zip((ours, theirs), seconds, strict=True):
            start = time.perf_counter()
            function()
            if turn:
                taken.append(time.perf_counter() - start)
    return min(seconds[0]), min(seconds[1])


def process(
    arguments: Sequence[str], *, accepted: Sequence[int] = (0,), environment: Mapping[str, str] | None = None
) -> Process:
    """Run a program to its end, alone; raise with what it said if its exit status is not an accepted one.

    environment: variables that it is given beside this process's own.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report"
        spawn = [sys.executable, "-I", "-S", str(ROOT / "bench" / "_spawn.py"), str(report), *arguments]
        around = {**os.environ, **(environment or {})}
        done = subprocess.run(spawn, capture_output=True, cwd=ROOT, check=True, env=around)
        seconds, memory, status = report.read_text().split()
    if int(status) not in accepted:
        said = done.stderr.decode(errors="replace")[-2000:]
        raise RuntimeError(f"{' '.join(arguments)} ended with {status}:\n{said}")
    return Process(seconds=float(seconds), memory=float(memory), output=done.stdout.decode())


def veedor(*arguments: str, environment: Mapping[str, str] | None = None) -> Process:
    """Run the command line as a whole process, from start-up to exit."""
    return process([sys.executable, "-m", "veedor", *arguments], environment=environment)


def best_of(rounds: int, run: Callable[[], Process]) -> Process:
    """The quickest of several runs."""
    return min((run() for _ in range(rounds)), key=lambda done: done.seconds)
