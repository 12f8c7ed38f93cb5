"""Who does the work, by the standard library's executor interface: one thread, many, or for draws a dask cluster."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from concurrent.futures.thread import ThreadPoolExecutor
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from veedor.errors import MissingExtraError, VeedorError

MANY = 200_000
"""Stations from which on threads gain: below, they wait for each other between short calls, and cost twice the
processor time for the same result at the same time."""

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Here(Executor):
    """Does everything at once, in the thread that asks."""

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """fn(*args, **kwargs), done when this returns."""
        done: Future[_T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as problem:  # whoever asks for the result is given it
            done.set_exception(problem)
        return done


def side_by_side(stations: int, threads: int | None = None) -> Executor:
    """Threads of this process for an election of `stations` stations (default: one per processor)."""
    return ThreadPoolExecutor(threads or os.cpu_count()) if stations >= MANY else Here()


@contextmanager
def workers(scheduler: str | None) -> Iterator[Executor | None]:
    """An executor for `drawn`; None (own threads) without an address. Needs the extra `cluster`."""
    if scheduler is None:
        yield None
        return
    try:
        from distributed import Client
    except ImportError:
        raise MissingExtraError("--scheduler needs dask.distributed", extra="cluster") from None
    try:
        client = Client(scheduler, timeout=10)  # type: ignore[no-untyped-call]  # distributed has no types
    except (OSError, TimeoutError, ValueError) as problem:
        raise VeedorError(f"no dask scheduler answers at {scheduler}: {problem}") from problem
    with client:
        executor: Executor = client.get_executor()  # type: ignore[no-untyped-call]
        yield executor
