"""A room run in a process of its own, so that two processors work at once.

A fresh program and no fork, as polars' threads do not survive one: it reads the same files again and says so where
they are others by now. The same room gives the same document wherever it runs.

python -m veedor.dossier.beside: a pickled Order on standard input; on standard output the pickled document, or what
is wrong with the input.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace

from veedor.dossier.opened import Opened, open_sheets
from veedor.errors import VeedorError
from veedor.finding import Json

MANY = 10_000
"""Sheets from which on a room takes longer than a program to start."""

Derive = Callable[[Opened], Json]


@dataclass(frozen=True, kw_only=True)
class Order:
    """derive: the room's function, found again by its name. opened: the election, but not its sheets."""

    derive: Derive
    opened: Opened


def worth_it(opened: Opened) -> bool:
    """Whether there are two processors, and enough sheets."""
    affinity = getattr(os, "sched_getaffinity", None)
    processors = len(affinity(0)) if affinity else os.cpu_count() or 1
    return processors > 1 and any(series.changes.height >= MANY for series in opened.series.values())


def derive_beside(derive: Derive, opened: Opened) -> Json:
    """What derive(opened) gives, from another process; from this one where no other can be had.

    Raises VeedorError as the room does, and where the files are no longer what they were.
    """
    order = pickle.dumps(Order(derive=derive, opened=replace(opened, series={})))
    try:
        command = [sys.executable, "-m", "veedor.dossier.beside"]
        done = subprocess.run(command, input=order, stdout=subprocess.PIPE, check=True)
    except (OSError, subprocess.CalledProcessError):
        return derive(opened)
    document, problem = pickle.loads(done.stdout)  # noqa: S301 - our own process wrote it
    if problem is not None:
        raise VeedorError(problem)
    return document


def answer(order: Order) -> tuple[Json, str | None]:
    """The document, or what is wrong."""
    given = order.opened
    try:
        opened = open_sheets(
            given.election,
            given.contest,
            name=given.name,
            definition=given.definition,
            data=given.data,
            skip_bad_rows=given.skip_bad_rows,
            claims=given.claims,
            record=given.record,
        )
        if opened.raw != given.raw:
            return None, f"the files in {given.data} changed while they were read; start again"
        return order.derive(opened), None
    except VeedorError as problem:
        return None, str(problem)


if __name__ == "__main__":
    sys.stdout.buffer.write(pickle.dumps(answer(pickle.load(sys.stdin.buffer))))  # noqa: S301 - our own process
