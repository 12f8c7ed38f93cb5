"""The real command in a process of its own: how it ended, how long it took, and how much memory."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

UNIT = 1024 if sys.platform == "linux" else 1
"""Bytes of one of ru_maxrss."""

WAITER = """\
import os, sys
process = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_, state, used = os.wait4(process, 0)
os.write(int(sys.argv[1]), f"{os.waitstatus_to_exitcode(state)} {used.ru_maxrss}".encode())
"""
"""A program that starts the command, waits for it, and says how it ended. Linux counts as memory of a process also what
the one held that started it: that must be a small one."""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a run of the command ended. status: negative if a signal ended it.

    megabytes: the most that its largest process held at once.
    """

    status: int
    out: str
    said: str
    seconds: float
    megabytes: float

    @property
    def fell(self) -> bool:
        """Whether it ended as no input may make it end: in any way but a result or a refusal, or with a traceback."""
        return self.status not in (0, 2) or "Traceback" in self.out + self.said


def environment(cache: Path) -> Mapping[str, str]:
    """This process's, with nothing that leads the command to other data, and a cache of its own."""
    return {name: value for name, value in os.environ.items() if not name.startswith("VEEDOR_")} | {
        "VEEDOR_CACHE": str(cache)
    }


def run(*arguments: str, cache: Path, at_most: float) -> Ended:
    """`veedor ARGUMENTS`, killed after so many seconds."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as end:
        started = time.monotonic()
        process = subprocess.Popen(
            [
                *(sys.executable, "-I", "-S", "-c", WAITER, str(end.fileno())),
                *(sys.executable, "-P", "-m", "veedor", *arguments),
            ],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=said,
            env=environment(cache),
            pass_fds=[end.fileno()],
            start_new_session=True,
        )
        try:
            process.wait(at_most)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        seconds = time.monotonic() - started
        status, largest = (text_in(end) or f"{-signal.SIGKILL} 0").split()
        return Ended(
            status=int(status),
            out=text_in(out),
            said=text_in(said),
            seconds=seconds,
            megabytes=int(largest) * UNIT / 1e6,
        )


def text_in(file: IO[bytes]) -> str:
    """All that was written to it."""
    file.seek(0)
    return file.read().decode(errors="replace")
