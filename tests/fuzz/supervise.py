"""Workers side by side: started, started again when they died, and what they found tried once more on its own."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fuzz import finds, limits
from tests.fuzz.judge import ROOT, Ending, place_in_dump
from tests.fuzz.shrink import shrunk
from tests.fuzz.target import Target
from tests.fuzz.worker import LOADING, Now

FORGIVEN = 3
"""Hangs of a target whose seconds are given back to it, so that one that is found at once does not use up its time."""
DEATHS = 12
"""How often a target's worker may die before the next target is begun."""
SHRINK_SECONDS = 10.0
CONFIRMED = 12
"""Finds of one target that are tried again on their own; the rest are counted."""


@dataclass(frozen=True, kw_only=True)
class Find:
    """An input that ended as none may. path: where it is kept; known: whether a find of that way was kept before."""

    target: str
    path: Path | None
    ending: Ending
    known: bool = False


@dataclass(kw_only=True)
class Report:
    """What became of one target. covered: parts of the code that were reached, None where nobody counted.

    problem: why it could not be run to its end.
    """

    target: str
    done: int = 0
    ways: int = 0
    corpus: int = 0
    covered: int | None = None
    seconds: float = 0.0
    finds: list[Find] = field(default_factory=list)
    uncounted: int = 0
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is asked for. seconds: of all workers together; runs: of each target, in place of a time."""

    targets: Sequence[Target]
    seconds: float
    seed: int
    processes: int
    runs: int | None
    plain: bool
    work: Path
    kept: Path

    def seconds_of(self, target: Target) -> float:
        """The target's part of the time."""
        return self.seconds * target.weight / sum(one.weight for one in self.targets)


def run(plan: Plan, step: Callable[[Report], None]) -> list[Report]:
    """Fuzz every target; step is called with the report of each as it ends."""

    def one(number: int) -> Report:
        target = plan.targets[number]
        try:
            report = _fuzz(plan, target, plan.seed * 1000 + number)
        finally:
            shutil.rmtree(_scratch(plan.work / target.name), ignore_errors=True)
        step(report)
        return report

    with ThreadPoolExecutor(plan.processes) as pool:
        return list(pool.map(one, range(len(plan.targets))))


def _fuzz(plan: Plan, target: Target, seed: int) -> Report:
    report = Report(target=target.name)
    folder = plan.work / target.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    began = time.monotonic()
    kept = [path for name, path in finds.kept(plan.kept) if name == target.name]
    try:
        before = replayed(target.name, kept, _scratch(folder))
    except RuntimeError as error:
        report.problem = str(error)
        return report
    known = [path for path, ending in before.items() if ending.kind != "died"]
    for death in range(DEATHS):
        back = limits.SECONDS * min(FORGIVEN, _hangs(folder))
        left = plan.seconds_of(target) + back - (time.monotonic() - began)
        if (plan.runs is None and left < 1 and death) or (plan.runs and report.done >= plan.runs):
            break
        if not _work(plan, target, folder, seed + death * 7919, max(left, 1), known, report):
            break
    report.seconds = time.monotonic() - began
    report.corpus = sum(1 for _ in (folder / "corpus").glob("*"))
    report.covered = _covered(folder / "log")
    _confirm(plan, target, folder, {ending.way for ending in before.values() if not ending.allowed}, report)
    return report


def _hangs(folder: Path) -> int:
    """How often the watch over the time has ended the target's worker."""
    log = folder / "log"
    return log.read_bytes().count(b"Timeout (") if log.exists() else 0


def _work(
    plan: Plan, target: Target, folder: Path, seed: int, seconds: float, known: Sequence[Path], report: Report
) -> bool:
    """One worker's life; whether there is reason for another."""
    command = [sys.executable, "-m", "tests.fuzz.worker", target.name, str(folder), f"--seed={seed}"]
    command += [f"--seconds={seconds}"] if plan.runs is None else [f"--runs={plan.runs - report.done}"]
    command += ["--plain"] if plan.plain else []
    command += [part for path in known for part in ("--more", str(path))]
    status = folder / "status.json"
    status.unlink(missing_ok=True)
    scratch = _scratch(folder)
    with (folder / "log").open("ab") as log:
        limit = None if plan.runs is not None else seconds + LOADING * limits.SECONDS + 60
        code = _wait(command, log.fileno(), scratch, limit)
    shutil.rmtree(scratch, ignore_errors=True)
    told = _json(status)
    report.done += told.get("done", 0)
    report.ways = max(report.ways, told.get("ways", 0))
    if code == 0:
        return False
    data = Now.read(folder / "now")
    said = (folder / "log").read_text("utf-8", "replace")[-6000:]
    if data is None:
        report.problem = f"could not begin: {_last(said)}"
        return False
    died = folder / "died"
    died.mkdir(exist_ok=True)
    (died / str(len(list(died.iterdir())))).write_bytes(data)
    return True


def _scratch(folder: Path) -> Path:
    """Where the processes of a target write; each removes what it made before the next begins."""
    inside = memory_folder()
    return folder / "scratch" if inside is None else inside / f"veedor-fuzz-{os.getpid()}-{folder.name}"


def memory_folder() -> Path | None:
    """A folder in memory, where the system has one: what waits for a disk tries few inputs."""
    folder = Path("/dev/shm")  # noqa: S108 - a name of our own is made in it
    return folder if folder.is_dir() and os.access(folder, os.W_OK) else None


def environment(scratch: Path) -> dict[str, str]:
    """For a process that tries inputs: one thread in each library, and a place of its own for what it writes."""
    threads = dict.fromkeys(("POLARS_MAX_THREADS", "RAYON_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    return {**os.environ, **threads, "VEEDOR_FUZZ_SCRATCH": str(scratch), "PYTHONHASHSEED": "0", "RUST_BACKTRACE": "0"}


def _wait(command: Sequence[str], log: int, scratch: Path, seconds: float | None) -> int:
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment(scratch), stdin=subprocess.DEVNULL, stdout=log, stderr=log
    )
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return -9
    finally:
        process.kill()
        process.wait()


def _json(path: Path) -> dict[str, Any]:
    try:
        document: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return document


def _last(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "it said nothing"


def _covered(log: Path) -> int | None:
    """Edges of the code that were reached, as the fuzzer's last line has them."""
    found = re.findall(rb"cov: (\d+)", log.read_bytes()) if log.exists() else []
    return int(found[-1]) if found else None


def replayed(target: str, paths: Iterable[Path], scratch: Path) -> dict[Path, Ending]:
    """How each input ends, each tried once in a process without counters; those that end the process too."""
    return replayed_pairs([(target, path) for path in paths], scratch)


def replayed_pairs(pairs: Sequence[tuple[str, Path]], scratch: Path) -> dict[Path, Ending]:
    """As `replayed`, of several targets."""
    endings: dict[Path, Ending] = {}
    left = list(pairs)
    while left:
        command = [
            sys.executable,
            "-m",
            "tests.fuzz.replay",
            *(part for name, path in left for part in (name, str(path))),
        ]
        done = subprocess.run(
            command, cwd=ROOT, env=environment(scratch), stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
        now = _take_lines(done.stdout, endings)
        if done.returncode and now is None:
            raise RuntimeError(f"{left[0][0]} cannot be replayed: {_last(done.stderr.decode('utf-8', 'replace'))}")
        if done.returncode and now is not None:
            endings[now] = _death(done.returncode, done.stderr.decode("utf-8", "replace"))
        left = [(name, path) for name, path in left if path not in endings]
    shutil.rmtree(scratch, ignore_errors=True)
    return endings


def _take_lines(said: bytes, endings: dict[Path, Ending]) -> Path | None:
    """Note the endings told; the input that was begun last, if its ending was not."""
    now: Path | None = None
    for line in said.splitlines():
        told = json.loads(line)
        if "now" in told:
            now = Path(told["now"])
        else:
            names = ("kind", "what", "place", "seconds")
            endings[Path(told["file"])] = Ending(**{name: told[name] for name in names})
            now = None
    return now


def _death(code: int, said: str) -> Ending:
    """What ended a process: the watch over its time, a signal, a library that gave up."""
    if "Timeout (" in said:
        what = f"not done after {_clock(said):g} seconds"
    else:
        first = next((line.strip() for line in said.splitlines() if line.strip()), "")
        what = f"the process ended with status {code}: {first[:200]}"
    return Ending(kind="died", what=what, place=place_in_dump(said))


def _clock(said: str) -> float:
    """The seconds that `faulthandler` says it waited: Timeout (0:00:15)!"""
    found = re.search(r"Timeout \((\d+):(\d+):([\d.]+)\)", said)
    return sum(float(part) * unit for part, unit in zip(found.groups(), (3600, 60, 1), strict=True)) if found else 0


def _confirm(plan: Plan, target: Target, folder: Path, before: set[str], report: Report) -> None:
    """Try what was found once more, on its own; make it small, and keep it."""
    scratch = _scratch(folder)
    found = sorted(path for path in (folder / "finds").glob("*") if not path.suffix) if folder.exists() else []
    found += sorted((folder / "died").glob("*"))
    report.uncounted = max(0, len(found) - CONFIRMED)
    try:
        endings = replayed(target.name, found[:CONFIRMED], scratch)
    except RuntimeError as error:
        report.problem = report.problem or str(error)
        return
    for path, ending in endings.items():
        if ending.allowed or ending.way in {one.ending.way for one in report.finds}:
            continue
        if ending.way in before:
            report.finds.append(Find(target=target.name, path=None, ending=ending, known=True))
            continue
        small = _small(target, path, ending, scratch)
        report.finds.append(Find(target=target.name, path=finds.keep(target.name, small, plan.kept), ending=ending))


def _small(target: Target, path: Path, ending: Ending, scratch: Path) -> bytes:
    """The find made small. One that ends the process is tried in a process for each attempt."""
    if ending.kind != "died":
        command = [sys.executable, "-m", "tests.fuzz.replay", f"--shrink={SHRINK_SECONDS}", target.name, str(path)]
        with (path.parent / "shrink-log").open("ab") as log:
            _wait(command, log.fileno(), scratch, SHRINK_SECONDS * 3 + limits.SECONDS)
        return path.read_bytes()
    attempt = path.with_suffix(".attempt")

    def same(candidate: bytes) -> bool:
        attempt.write_bytes(candidate)
        return replayed(target.name, [attempt], scratch)[attempt].way == ending.way

    slow = "not done after" in ending.what
    return shrunk(
        path.read_bytes(), same, seconds=4 * SHRINK_SECONDS if slow else 2 * SHRINK_SECONDS, smaller=target.smaller
    )
