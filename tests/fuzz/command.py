"""The command line of the fuzzers, and the table at their end."""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from tests.fuzz import finds
from tests.fuzz.judge import Ending
from tests.fuzz.supervise import Plan, Report, replayed_pairs, run
from tests.fuzz.targets import TARGETS, target_named
from veedor.rim.terminal import one_line


def main(arguments: Sequence[str]) -> int:
    """Fuzz, or try finds again. Exit status 1 if anything ended as nothing may, 2 for arguments that make no sense."""
    asked = _asked(arguments)
    if asked.list:
        _say("\n".join(f"{one.name:24} {one.weight:g}" for one in TARGETS.values()))
        return 0
    if asked.replay:
        return _replay(asked.replay)
    unknown = [name for name in asked.target if name not in TARGETS and not name.startswith("planted-")]
    if unknown:
        sys.stderr.write(f"no target {', '.join(unknown)}; there are {', '.join(TARGETS)}" + "\n")
        return 2
    chosen = [target_named(name) for name in dict.fromkeys(asked.target)] or list(TARGETS.values())
    chosen.sort(key=lambda one: -one.weight)  # the longest first, so that the last do not wait for one of them
    work = asked.work or Path(tempfile.mkdtemp(prefix="veedor-fuzz-"))
    plan = Plan(
        targets=chosen,
        seconds=asked.minutes * 60 * asked.processes,
        seed=asked.seed,
        processes=asked.processes,
        runs=asked.runs,
        plain=asked.plain,
        work=work,
        kept=asked.finds,
    )
    began = time.monotonic()
    try:
        reports = _with_progress(plan)
    finally:
        if asked.work is None:
            shutil.rmtree(work, ignore_errors=True)
    _show(reports, asked, time.monotonic() - began)
    return int(any(report.finds or report.problem for report in reports))


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Fuzz every parser of veedor.")
    parser.add_argument("--minutes", type=float, default=10, help="minutes in all, of each process (10)")
    parser.add_argument("--runs", type=int, help="inputs for each target in place of a time: the same in every run")
    parser.add_argument("--target", action="append", default=[], metavar="NAME", help="only this one; may be repeated")
    parser.add_argument("--seed", type=int, default=1, help="of everything left to chance (1)")
    parser.add_argument("--processes", type=int, default=2, help="workers side by side (2)")
    parser.add_argument("--plain", action="store_true", help="without coverage, as where atheris is not installed")
    parser.add_argument("--finds", type=Path, default=finds.FOLDER, metavar="DIR", help="where finds are kept")
    parser.add_argument(
        "--work", type=Path, metavar="DIR", help="folder for corpora and logs, kept; else a temporary one"
    )
    parser.add_argument("--replay", type=Path, nargs="+", metavar="FILE", help="try finds again: .../TARGET/HASH")
    parser.add_argument("--list", action="store_true", help="the targets' names and weights")
    return parser.parse_args(arguments)


def _replay(paths: Sequence[Path]) -> int:
    """Say how each find ends."""
    with tempfile.TemporaryDirectory(prefix="veedor-fuzz-") as scratch:
        pairs = [(path.resolve().parent.name, path.resolve()) for path in paths]
        endings = replayed_pairs(pairs, Path(scratch) / "scratch")
    for path, ending in endings.items():
        _say(f"{path.parent.name}/{path.name}: {_shown(ending)}")
    return int(any(not ending.allowed for ending in endings.values()))


def _with_progress(plan: Plan) -> list[Report]:
    """Run; on a terminal with a bar, in a pipe without."""
    if not sys.stderr.isatty():
        return run(plan, _silent)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("fuzzing", total=len(plan.targets))
        return run(plan, _advance(bar, task))


def _silent(report: Report) -> None:
    return


def _advance(bar: Progress, task: object) -> Callable[[Report], None]:
    seen: list[Report] = []

    def step(report: Report) -> None:
        seen.append(report)
        found = sum(len(one.finds) for one in seen)
        bar.update(task, advance=1, description=f"fuzzing, {found} finds, last {report.target}")  # type: ignore[arg-type]

    return step


def _show(reports: Sequence[Report], asked: argparse.Namespace, seconds: float) -> None:
    table = Table(box=None, pad_edge=False)
    for name in ("target", "inputs", "a second", "covered", "corpus", "endings", "finds"):
        table.add_column(name, justify="left" if name == "target" else "right", no_wrap=True)
    for report in sorted(reports, key=lambda one: one.target):
        covered = "" if report.covered is None else f"{report.covered:,}"
        speed = f"{report.done / report.seconds:,.0f}" if report.seconds else ""
        found = str(len(report.finds)) if report.finds else ""
        table.add_row(
            report.target, f"{report.done:,}", speed, covered, f"{report.corpus:,}", f"{report.ways:,}", found
        )
    Console(width=None if sys.stdout.isatty() else 120, highlight=False).print(table)
    _say(f"\n{sum(one.done for one in reports):,} inputs in {seconds:,.0f} s, seed {asked.seed}")
    for report in reports:
        if report.problem:
            _say(f"{report.target} {one_line(report.problem)}")
        for find in report.finds:
            where = "known before" if find.known else str(find.path)
            _say(f"{report.target}: {_shown(find.ending)}\n  {where}")
        if report.uncounted:
            _say(f"{report.target}: {report.uncounted} more inputs ended badly; they are seen once these are mended")
    if not any(report.finds or report.problem for report in reports):
        _say("nothing ended as it may not")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _shown(ending: Ending) -> str:
    return one_line(str(ending))
