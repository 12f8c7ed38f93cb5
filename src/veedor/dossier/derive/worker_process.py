"""The program that works beside a report, started before anything heavy is loaded here: both load at the same time.

This module loads little more than the standard library.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from veedor.rim.process import Process, end, python_command
from veedor.rim.process import start as start_program

LARGE = 1_000_000
"""Bytes of raw files from which on a report takes longer than a program to start: some 10,000 sheets."""


def processors() -> int:
    """Number of processors that this program may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


@contextmanager
def started_for(data: Path) -> Iterator[Process | None]:
    """The program for a report on the raw files in a folder, if there are two processors and enough to do."""
    process = start() if processors() > 1 and _size(data) >= LARGE else None
    try:
        yield process
    finally:
        if process is not None:
            end(process)


def _size(folder: Path) -> int:
    try:
        return sum(path.stat().st_size for path in folder.iterdir() if path.is_file())
    except OSError:  # whoever reads the files will say so
        return 0


def start() -> Process | None:
    """The program, waiting for questions (`beside`); None where none can be started."""
    return start_program(python_command("veedor.dossier.derive.worker"))
