"""The real command in a process of its own: how it ended, how long it took, and how much memory."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

UNIT = 1024 if sys.platform == "linux" else 1
"""Bytes of one of ru_maxrss."""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a run of the command ended. status: negative if a signal ended it.

    megabytes: the most that its largest process held at once. Linux begins a process with what its parent holds, so it
    is never less than that of the program which calls it.
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
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as said:
        started = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "veedor", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=said,
            env=environment(cache),
        )
        killer = threading.Timer(at_most, process.kill)
        killer.start()
        _, state, used = os.wait4(process.pid, 0)  # and not process.wait: it does not tell of memory
        killer.cancel()
        seconds = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(state)
        out.seek(0)
        said.seek(0)
        return Ended(
            status=process.returncode,
            out=out.read().decode(errors="replace"),
            said=said.read().decode(errors="replace"),
            seconds=seconds,
            megabytes=used.ru_maxrss * UNIT / 1e6,
        )
