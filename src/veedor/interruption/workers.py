"""Who does the draws: this process's threads, or a dask cluster through the standard library's executor interface."""

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import cast

from veedor.errors import VeedorError


@contextmanager
def workers(scheduler: str | None) -> Iterator[Executor | None]:
    """An executor for `drawn`; None (own threads) without an address. Needs the extra `veedor[cluster]`."""
    if scheduler is None:
        yield None
        return
    try:
        from distributed import Client
    except ImportError:
        raise VeedorError("--scheduler needs dask.distributed: pip install 'veedor[cluster]'") from None
    try:
        client = Client(scheduler, timeout=10)  # type: ignore[no-untyped-call]  # distributed has no types
    except (OSError, TimeoutError, ValueError) as problem:
        raise VeedorError(f"no dask scheduler answers at {scheduler}: {problem}") from problem
    with client:
        yield cast(Executor, client.get_executor())  # type: ignore[no-untyped-call]
