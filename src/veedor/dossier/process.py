"""The program that works beside a report, started before anything heavy is loaded here: both load at the same time.

This module loads nothing but the standard library.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LARGE = 1_000_000
"""Bytes of raw files from which on a report takes longer than a program to start: some 10,000 sheets."""

Process = subprocess.Popen[bytes]


def processors() -> int:
    """How many processors this program may use."""
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
    command = [sys.executable, "-c", "from veedor.dossier.beside import main; main()"]
    try:
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    except OSError:
        return None


def end(process: Process) -> None:
    """End the program, whatever it is doing; one that ended already is no matter."""
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:  # what was written to it last was never read
                continue
    process.wait()
