"""python -m tests.mutants ROOM...: try a seeded sample of small changes to each module of a room.

ROOM is a folder or a module of the package: `count`, `audit/derive`, `cli/count`. Results are kept in out/mutants: a
second call goes on where the first was stopped. A change that was noticed stays so while its file is the same; one that
was not is tried again when anything in the tree has changed.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.changes import Change, sample
from tests.mutants.copies import OUT, copies, files_of, fingerprint
from tests.mutants.results import Results, report
from tests.mutants.tracing import Map, read_map, trace
from tests.mutants.trials import Outcome, Trial, start_in, try_all, warm

ARGUMENTS = ("-q", "--no-header", "-p", "no:cacheprovider", "-p", "no:xdist", "-W", "ignore")
ALSO = {"sheets": ("draft",)}
"""Folders of tests that test a room beside the one that bears its name."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """One call.

    mark: the tree's fingerprint; arguments: pytest's; until: the clock's time after which no change is begun.
    """

    root: Path
    out: Path
    seed: str
    each: int
    until: float
    mark: str
    arguments: Sequence[str]
    trees: Sequence[Path]
    results: Results


def main(words: Sequence[str]) -> int:
    """Try the changes and print what was noticed; 2 where there is nothing to try."""
    options = _options().parse_args(words)
    root = options.root.resolve()
    modules = [module for room in options.rooms for module in modules_of(root, room)]
    if not modules:
        _say(f"no module in {', '.join(options.rooms)}")
        return 2
    until = time.monotonic() + 60 * options.minutes if options.minutes else float("inf")
    out = root / OUT / "mutants"
    out.mkdir(parents=True, exist_ok=True)
    names = files_of(root)
    arguments = (*ARGUMENTS, "-m", "not slow") if options.quick else ARGUMENTS
    mark = fingerprint(root, names) + ("-quick" if options.quick else "")
    results = Results(out / f"seed-{options.seed}.jsonl", mark)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    warm(root)
    with copies(root, names, options.processes) as trees:
        run = Run(
            root=root,
            out=out,
            seed=options.seed,
            each=options.each,
            until=until,
            mark=mark,
            arguments=arguments,
            trees=trees,
            results=results,
        )
        for tests, members in _by_tests(root, modules, tuple(options.tests)).items():
            _try_group(run, tests, members)
    print(report(root, modules, options.each, options.seed, results))
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__.partition("\n")[0])
    parser.add_argument("rooms", nargs="+", metavar="ROOM")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--each", type=int, default=25, help="changes a module")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=0, help="begin no change after so long; 0: no limit")
    parser.add_argument("--tests", nargs="*", default=[], help="folders of tests, instead of the room's own")
    parser.add_argument(
        "--quick",
        action="store_true",
        help="leave out tests that are marked slow; a call without it then tries what these did not notice",
    )
    parser.add_argument("--root", type=Path, default=Path.cwd(), help="the tree, with src and tests in it")
    return parser


def modules_of(root: Path, room: str) -> list[str]:
    """The modules of a room, as files seen from the root: of a folder, or one; the package's name may be left out."""
    name = room.removesuffix(".py")
    for base in [root / "src", *sorted(path for path in (root / "src").iterdir() if path.is_dir())]:
        if (base / name).is_dir():
            found = sorted((base / name).rglob("*.py"))
        elif (base / f"{name}.py").is_file():
            found = [base / f"{name}.py"]
        else:
            continue
        return [path.relative_to(root).as_posix() for path in found if path.stat().st_size]
    return []


def folders_for(root: Path, module: str) -> tuple[str, ...]:
    """What pytest is called with for a module's room: the nearest folder of its name, without those of its sub-rooms.

    Of a command also those of the room that it calls.
    """
    parts = list(Path(module).with_suffix("").parts[2:])
    if parts[0] == "cli" and not (root / "tests" / "cli").is_dir():
        parts = [parts[-1].partition("_")[0]]
    for length in range(len(parts), 0, -1):
        folder = "/".join(("tests", *parts[:length]))
        if (root / folder).is_dir():
            also = [f"tests/{name}" for name in ALSO.get(parts[0], ()) if (root / f"tests/{name}").is_dir()]
            room = (root / module).parents[len(Path(module).parts) - 3 - length]
            if parts[0] == "cli":
                also += [
                    f"tests/{name}" for name in (parts[-1].partition("_")[0],) if (root / f"tests/{name}").is_dir()
                ]
            inner = [path.name for path in sorted((root / folder).iterdir()) if (room / path.name).is_dir()]
            return (folder, *also, *(f"--ignore={folder}/{name}" for name in inner if not name.startswith("_")))
    return ("tests",)


def _by_tests(root: Path, modules: Sequence[str], asked: tuple[str, ...]) -> dict[tuple[str, ...], list[str]]:
    groups: dict[tuple[str, ...], list[str]] = {}
    for module in modules:
        groups.setdefault(asked or folders_for(root, module), []).append(module)
    return groups


def _try_group(run: Run, tests: tuple[str, ...], modules: Sequence[str]) -> None:
    """Modules whose rooms have the same tests: traced once, then tried by a process for each copy of the tree."""
    sources = {module: (run.root / module).read_bytes() for module in modules}
    drawn = {module: sample(source, run.each, f"{run.seed}/{module}") for module, source in sources.items()}
    changes = [
        (module, each[number])
        for number in range(run.each)  # module by module in turn: a run that is stopped has tried some of each
        for module, each in drawn.items()
        if number < len(each) and run.results.of(sources[module], each[number]) is None
    ]
    if not changes or time.monotonic() > run.until:
        return
    found = _traced(run, tests)
    trials = [trial_of(found, module, change) for module, change in changes]
    _say(f"{' '.join(tests)}: {len(found.seconds)} tests, {len(trials)} changes to try")
    for test in found.failed:
        _say(f"left out, since it fails without any change: {test}")

    def work(number: int) -> None:
        screen = os.fdopen(os.dup(2), "w")

        def done(trial: Trial, outcome: Outcome) -> None:
            run.results.add(sources[trial.file], trial.change, outcome)
            print(f"{trial.file}:{trial.change.line} {outcome.by or 'NOT NOTICED'}", file=screen, flush=True)

        own = trials[number :: len(run.trees)]
        try_all(run.trees[number], own, run.arguments, done, go=lambda: time.monotonic() < run.until)

    for worker in [_forked(lambda number=number: work(number)) for number in range(len(run.trees))]:  # type: ignore[misc]
        os.waitpid(worker, 0)
    run.results.read()


def trial_of(found: Map, module: str, change: Change) -> Trial:
    """The tests that may notice a change: those that run its statement; of what importing runs, all of the room."""
    tests = set(found.seconds) if change.function is None else found.tests(module, *change.lines)
    order = in_order(tests, found.seconds)
    return Trial(file=module, change=change, tests=order, each=tuple(found.seconds[test] for test in order))


def in_order(tests: set[str], seconds: dict[str, float]) -> tuple[str, ...]:
    """File by file, the quickest files first: what the tests of a file share is made once."""
    files: dict[str, list[str]] = {}
    for test in sorted(tests, key=lambda test: (seconds[test], test)):
        files.setdefault(test.partition("::")[0], []).append(test)
    quickest = sorted(files.values(), key=lambda own: (sum(seconds[test] for test in own), own[0]))
    return tuple(test for own in quickest for test in own)


def _traced(run: Run, tests: tuple[str, ...]) -> Map:
    """The map of these tests, from an earlier call on the same tree or made now."""
    out = run.out / f"map-{run.mark}-{'-'.join(test.replace('/', '.') for test in tests)}"
    if not out.is_dir():
        _say(f"{' '.join(tests)}: a traced run")
        tree = run.trees[0]

        def traced() -> None:
            start_in(tree)
            trace(tree, tests, run.arguments, out)

        os.waitpid(_forked(traced), 0)
    return read_map(out)


def _forked(work: Callable[[], None]) -> int:
    """Do some work in another process, whose output is thrown away but for what it says on the screen's error."""
    child = os.fork()
    if not child:
        code = 1
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            work()
            code = 0
        finally:
            os._exit(code)
    return child


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
