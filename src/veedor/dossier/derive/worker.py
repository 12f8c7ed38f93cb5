"""Work done in a process of its own, so that two processors work at once.

A fresh program and no fork, as polars' threads do not survive one: it reads the same files again and says so where
they are others by now. The same function gives the same answer wherever it runs.

Pickled on the program's standard input: the election (an Opened without its sheets) and then questions; on its standard
output: the answer to each, or what is wrong with the input. Whoever may write to a pickle decides what runs where it is
read; these come through the two pipes between this program and the one that it started, which nobody else has.
"""

import pickle
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, BinaryIO, ParamSpec, TypeVar

from veedor.dossier.derive.worker_process import processors, start
from veedor.dossier.input import Opened, open_sheets
from veedor.errors import VeedorError
from veedor.rim.process import Process, end
from veedor.rim.terminal import shield
from veedor.rim.unchanged import ChangedError, one_look

MANY = 10_000
"""Sheets from which on a room takes longer than a program to start."""

_P = ParamSpec("_P")
_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True)
class Question:
    """function: found again by its name. given: its arguments, with TheElection in the place of the one opened."""

    function: Callable[..., Any]
    given: tuple[Any, ...]


class TheElection:
    """Stands for the election that both processes have open."""


class Beside(Executor):
    """Another process with the same election open, behind the standard library's interface: one call after another.

    A call that the process ends without answering runs here. It raises VeedorError as the function does, and where the
    files are no longer what they were.
    """

    def __init__(self, process: Process, opened: Opened) -> None:
        self._process: Process | None = process
        self._opened = opened
        self._told = self._over = False
        self._thread = ThreadPoolExecutor(1)

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """fn(*args), from the other process; fn stands in a module that loads little."""
        return self._thread.submit(self._answer, fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the other process; with cancel_futures in the middle of what it does."""
        if cancel_futures:
            self._over = True
            self._end()
        self._thread.shutdown(wait, cancel_futures=cancel_futures)
        self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            end(process)

    def _answer(self, function: Callable[..., Any], *given: Any) -> Any:
        try:
            answer, problem = self._asked(function, given)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            self._end()
            if self._over:
                raise
            return function(*given)
        if problem is not None:
            raise problem
        return answer

    def _asked(self, function: Callable[..., Any], given: tuple[Any, ...]) -> tuple[Any, VeedorError | None]:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise EOFError
        if not self._told:
            pickle.dump(
                replace(self._opened, dataset=self._opened.dataset.unread(), aside=None, mixture=None), process.stdin
            )
            self._told = True
        sent = tuple(TheElection() if isinstance(one, Opened) else one for one in given)
        pickle.dump(Question(function=function, given=sent), process.stdin)
        process.stdin.flush()
        answer: tuple[Any, VeedorError | None] = pickle.load(process.stdout)  # noqa: S301 - our own process wrote it
        return answer


def worth_it(opened: Opened) -> bool:
    """True if there are two processors, and enough sheets."""
    return processors() > 1 and any(series.changes.height >= MANY for series in opened.series.values())


@contextmanager
def helped(opened: Opened, started: Process | None = None) -> Iterator[Opened]:
    """The election with a process beside it, where that is worth it. started: one that waits already."""
    if not worth_it(opened):
        if started is not None:
            end(started)
        yield opened
        return
    process = started or start()
    if process is None:
        yield opened
        return
    aside = Beside(process, opened)
    try:
        yield replace(opened, aside=aside)
    finally:
        aside.shutdown(cancel_futures=True)


def serve(questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer until there are no more questions, or nobody is left who asks."""
    try:
        given: Opened = pickle.load(questions)  # noqa: S301 - our own process wrote it
        election = cache(lambda: _open_again(given))
        while True:
            question: Question = pickle.load(questions)  # noqa: S301 - our own process wrote it
            pickle.dump(_answered(question, election), answers)
            answers.flush()
    except (EOFError, BrokenPipeError):
        return


def _answered(question: Question, election: Callable[[], Opened]) -> tuple[Any, VeedorError | None]:
    """The answer, or what is wrong."""
    try:
        given = [election() if isinstance(one, TheElection) else one for one in question.given]
        return question.function(*given), None
    except ChangedError as problem:
        return None, ChangedError(str(problem))
    except VeedorError as problem:  # of one class: those with fields of their own are not made again from their text
        return None, VeedorError(str(problem))


def _open_again(given: Opened) -> Opened:
    opened = open_sheets(given.dataset, claims=given.claims, record=given.record, cut=given.cut)
    if opened.raw != given.raw:
        raise ChangedError(f"the files in {given.dataset.folder} changed while they were read; start again")
    return opened


def main() -> None:
    """Serve the report that started this program."""
    import veedor.dossier.derive.interruption  # noqa: F401 - while the report's own process still loads

    shield()
    with one_look():
        serve(sys.stdin.buffer, sys.stdout.buffer)
