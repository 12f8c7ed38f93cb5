"""Limits of a process that tries inputs: memory, and time in which an input must end even inside a library."""

import contextlib
import faulthandler
import os
import sys
import time
from typing import IO

MEMORY = 2 * 2**30
"""Bytes of address space beyond what the process has when it begins."""
SECONDS = float(os.environ.get("VEEDOR_FUZZ_SECONDS", "15"))
"""Seconds by the clock after which the process is ended, whatever it is doing."""
_ARMED = 0.5
"""Seconds between two settings of the watch: setting it for each input would take longer than most inputs."""


def limit_memory(most: int = MEMORY) -> None:
    """From now on asking for more ends in a MemoryError, or in the process's death. Nothing where it cannot be done."""
    try:
        import resource
    except ImportError:
        return
    now = _address_space()
    if now and sys.platform == "linux":
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (now + most, now + most))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _address_space() -> int:
    try:
        with open("/proc/self/statm", "rb") as stream:
            pages = int(stream.read().split()[0])
    except OSError:
        return 0
    import resource

    return pages * resource.getpagesize()


class Watch:
    """Ends the process, with the stack on its error output, if it is not told within so many seconds that it lives."""

    def __init__(self, seconds: float = SECONDS, file: IO[str] | None = None) -> None:
        self.seconds = seconds
        self._file = file or sys.stderr
        self._set = 0.0

    def lives(self) -> None:
        """The process is about to try the next input."""
        now = time.monotonic()
        if now - self._set > _ARMED:
            faulthandler.dump_traceback_later(self.seconds, exit=True, file=self._file)
            self._set = now

    def rests(self) -> None:
        """Nothing is being tried now."""
        faulthandler.cancel_dump_traceback_later()
        self._set = 0.0
