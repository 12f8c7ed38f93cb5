"""Files that one command reads more than once: each time they must be the same.

A file may be replaced while a command runs. What is read once is one version of it, whatever happens to the file
meanwhile; but figures of one version beside a hash or other figures of the next would belong to no publication.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from veedor.errors import SAID, VeedorError


class ChangedError(VeedorError):
    """A file is another than it was when the same command read it before. No room goes on without it."""


_lock = threading.Lock()
_seen: dict[str, str] | None = None


@contextmanager
def one_look() -> Iterator[None]:
    """While the block runs, what `note` is told of a file must be the same each time. A block inside starts afresh."""
    global _seen
    before, _seen = _seen, {}
    try:
        yield
    finally:
        _seen = before


def note(path: Path, sha256: str) -> None:
    """Remember the hash of the bytes that were read. Raises ChangedError if others were read before."""
    with _lock:
        if _seen is not None and _seen.setdefault(os.path.abspath(path), sha256) != sha256:
            raise changed(path)


def changed(path: Path) -> ChangedError:
    """The error, in words."""
    return ChangedError(SAID.say("file.changed", path=str(path)))
