"""Trying changes: each in a child process of its own, with the tests that run the changed statement, until one fails.

A change inside a function needs no new start: all tests are collected once, and each child gets the function's new
code put into the functions that are there already. A change that importing a module runs needs a pytest of its own.
A child that takes five times as long over a test as it took when traced, or ends in any other way than well, has
noticed the change.
"""

import contextlib
import gc
import importlib
import os
import re
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType

import pytest

from tests.mutants.changes import Change

LIBRARIES = ("numpy", "polars", "scipy.stats", "scipy.special", "pydantic", "hypothesis", "typer", "rich.console")
MEMORY = 8 * 2**30
FILES_OF_TESTS = "PYTEST_DEBUG_TEMPROOT"
"""The environment's name for the folder in which pytest gives tests theirs."""
LEAST_SECONDS, TIMES = 10, 5
WAITED = "waited for too long"
WALL = 6
"""A child may wait on the clock, and the machine may be busy: so many times its processor seconds, and a minute."""


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A change of a file (as seen from the tree), and the tests that may notice it, in the order to run them.

    each: processor seconds of each test in the traced run.
    """

    file: str
    change: Change
    tests: tuple[str, ...]
    each: tuple[float, ...]

    @property
    def seconds(self) -> float:
        """What all its tests took."""
        return sum(self.each)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """by: the test that failed, or how else the change was noticed; empty if it was not."""

    by: str

    @property
    def noticed(self) -> bool:
        """Whether anything failed."""
        return bool(self.by)


Done = Callable[[Trial, Outcome], None]
Go = Callable[[], bool]


def warm(root: Path) -> None:
    """Load what every child needs and no change touches: the libraries that the tree's code names."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in (root / "src").rglob("*.py"))
    for name in LIBRARIES:
        if re.search(rf"\b(import|from) {name.partition('.')[0]}\b", code):
            importlib.import_module(name)


def in_child(work: Callable[[int], None], seconds: float) -> Outcome:
    """Run `work` in a child, which writes to its argument, a pipe, what noticed. seconds: that it should take."""
    with tempfile.TemporaryDirectory(prefix="mutants-", ignore_cleanup_errors=True) as own:
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.environ[FILES_OF_TESTS] = own
            _as_child(work, writing, LEAST_SECONDS + int(TIMES * seconds))
        os.close(writing)
        status = _ended(child, 60 + WALL * (LEAST_SECONDS + TIMES * seconds))
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read(10_000).decode("utf-8", "replace")
    if said:
        return Outcome(by=said)
    if status is None:
        return Outcome(by=WAITED)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
        return Outcome(by="time")
    if status == 0:
        return Outcome(by="")
    return Outcome(by=f"exit {os.waitstatus_to_exitcode(status)}")


def _ended(child: int, seconds: float) -> int | None:
    """How a child ended; None if it had to be stopped after so long."""
    deadline = time.monotonic() + seconds
    status: int | None = None
    while status is None and time.monotonic() < deadline:
        ended, code = os.waitpid(child, os.WNOHANG)
        if ended:
            status = code
        else:
            time.sleep(0.01)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # the child's own group: what it started ends with it
    if status is None:
        os.waitpid(child, 0)
    return status


def _as_child(work: Callable[[int], None], writing: int, seconds: int) -> None:
    code = 70
    try:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nothing, number)
        work(writing)
        code = 0
    finally:
        os._exit(code)


def start_in(tree: Path) -> None:
    """Make this process one of the copied tree: what it imports from now on comes from there."""
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    os.environ["PYTHONPATH"] = str(tree / "src")
    own = {path.name.removesuffix(".py") for path in (tree / "src").iterdir()} | {"tests", "bench"}
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in own or str(getattr(module, "__file__", None)).startswith(f"{tree}/"):
            del sys.modules[name]
    sys.path[:0] = [str(tree / "src"), str(tree)]
    (tree.parent / "tmp").mkdir(exist_ok=True)
    os.environ.setdefault(FILES_OF_TESTS, str(tree.parent / "tmp"))
    os.chdir(tree)


# --- by a pytest of its own -------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, eq=False)
class Chosen:
    """A pytest plugin that keeps the tests named, in this order, and names those that failed."""

    tests: Sequence[str]
    failed: list[str]

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        order = {test: number for number, test in enumerate(self.tests)}
        items[:] = sorted((item for item in items if item.nodeid in order), key=lambda item: order[item.nodeid])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)


def try_anew(tree: Path, trial: Trial, arguments: Sequence[str]) -> Outcome:
    """Write the change into the tree, run pytest, and write the file back."""
    path = tree / trial.file
    source = path.read_bytes()

    def work(writing: int) -> None:
        start_in(tree)
        chosen = Chosen(tests=trial.tests, failed=[])
        code = pytest.main([*arguments, "-x", *_files(trial.tests)], plugins=[chosen])
        if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            os.write(writing, (chosen.failed or [f"pytest ended with {int(code)}"])[0].encode())

    path.write_bytes(trial.change.applied(source))
    try:
        return in_child(work, trial.seconds)
    finally:
        path.write_bytes(source)


# --- in functions that are there already ------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, eq=False)
class Loop:
    """A pytest plugin that, instead of running all tests, tries the changes. left: what could not be tried here."""

    tree: Path
    trials: Sequence[Trial]
    done: Done
    go: Go
    left: list[Trial]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        if not self._sound(session, items):
            self.left.extend(self.trials)
            return True
        for trial in self.trials:
            if not self.go():
                return True
            outcome = self._try(session, items, trial)
            if outcome is None or outcome.by == WAITED:  # by itself: a lock that a fork has taken along looks alike
                self.left.append(trial)
            else:
                self.done(trial, outcome)
        return True

    def _sound(self, session: pytest.Session, items: dict[str, pytest.Item]) -> bool:
        """Whether children of this process can run tests: not if it has threads, which a fork would leave behind."""
        if len(os.listdir("/proc/self/task")) > 1:
            return False
        few = sorted({trial.tests[0] for trial in self.trials if trial.tests})[:20]
        chosen = [(items[name], 60.0) for name in few]
        return not in_child(lambda writing: _run(session, chosen, writing), 10).noticed

    def _try(self, session: pytest.Session, items: dict[str, pytest.Item], trial: Trial) -> Outcome | None:
        codes = codes_of(trial, self.tree)
        found = [
            (one, codes[key])
            for one in gc.get_objects()
            if type(one) is FunctionType and (key := key_of(one.__code__)) in codes
        ]
        if not found:
            return None

        def work(writing: int) -> None:
            for function, code in found:
                function.__code__ = code
            _run(session, [(items[name], own) for name, own in zip(trial.tests, trial.each, strict=True)], writing)

        try:
            for function, code in found:
                if len(function.__code__.co_freevars) != len(code.co_freevars):
                    return None
            return in_child(work, trial.seconds)
        finally:
            found.clear()


def _run(session: pytest.Session, chosen: Sequence[tuple[pytest.Item, float]], writing: int) -> None:
    """Run tests, each with the processor seconds it should take, until one fails, which is written."""
    items = [item for item, _ in chosen]
    for (item, seconds), following in zip(chosen, [*items[1:], None], strict=True):
        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        own = int(time.process_time() + LEAST_SECONDS + TIMES * seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (min(own, most), most))
        try:
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        except (session.Failed, session.Interrupted, pytest.exit.Exception):
            os.write(writing, item.nodeid.encode())
            return
        if session.testsfailed:
            os.write(writing, item.nodeid.encode())
            return


Key = tuple[str, str, int]


def key_of(code: CodeType) -> Key:
    """A function's code by file, qualified name and line."""
    return code.co_filename, code.co_qualname, code.co_firstlineno


def codes_of(trial: Trial, tree: Path) -> dict[Key, CodeType]:
    """The changed code of the outermost function, and of the functions in it, by what they are called now."""
    assert trial.change.function is not None
    path = tree / trial.file
    source = path.read_bytes()
    before, after = (
        compile(text, str(path), "exec", dont_inherit=True) for text in (source, trial.change.applied(source))
    )
    name, line = trial.change.function
    olds, news = (
        [code for code in _inside(whole) if (code.co_qualname, code.co_firstlineno) == (name, line)]
        for whole in (before, after)
    )
    found: dict[Key, CodeType] = {}
    for old, new in zip(olds, news, strict=True):
        found[key_of(old)] = new
        inner = list(zip(_inside(old), _inside(new), strict=False))
        if all(one.co_qualname == other.co_qualname for one, other in inner):
            found.update((key_of(one), other) for one, other in inner)
    return found


def _inside(code: CodeType) -> Iterator[CodeType]:
    """Every code object inside one, itself not among them."""
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield one
            yield from _inside(one)


def _files(tests: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(test.partition("::")[0] for test in tests))


def try_all(tree: Path, trials: Sequence[Trial], arguments: Sequence[str], done: Done, *, go: Go) -> None:
    """Try every change in this process, which becomes one of the copied tree. go: whether to begin another."""
    inside = [trial for trial in trials if trial.change.function is not None and trial.tests]
    anew = [trial for trial in trials if trial not in inside]
    left: list[Trial] = []
    if inside:
        start_in(tree)
        files = _files([test for trial in inside for test in trial.tests])
        loop = Loop(tree=tree, trials=inside, done=done, go=go, left=left)
        pytest.main([*arguments, *files], plugins=[loop])
    for trial in [*anew, *left]:
        if not trial.tests:
            done(trial, Outcome(by=""))
        elif go():
            done(trial, try_anew(tree, trial, arguments))
