"""Writing files so that a crash or a full disk leaves the old content or the new, never half of either."""

import ctypes
import os
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from veedor.record.errors import LogError

MANY = 64
"""From so many files on, waiting for the whole disk once is quicker than waiting for each of them."""


def write_atomically(contents: Mapping[Path, bytes], *, mode: int = 0o644) -> None:
    """Write each file to a temporary one beside it and flush it to disk; when all are, rename them in the order given.

    Raises LogError, and leaves nothing behind, if any cannot be written: renaming needs no more room on the disk.
    """
    temporary: dict[Path, str] = {}
    path = next(iter(contents))
    try:
        for path, data in contents.items():
            descriptor, temporary[path] = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fchmod(stream.fileno(), mode)
                os.fsync(stream.fileno())
        for path in contents:
            os.replace(temporary.pop(path), path)
        flush(sorted({path.parent for path in contents}))
    except OSError as error:
        raise LogError(f"{path} could not be written: {error.strerror}") from error
    finally:
        for name in temporary.values():
            Path(name).unlink(missing_ok=True)


def flush(paths: Iterable[Path]) -> None:
    """Wait until the content of these files, or the names in these folders, are on disk."""
    waiting = list(paths)
    if len(waiting) > MANY and _flush_whole_disk(waiting):
        return
    for path in waiting:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _flush_whole_disk(paths: list[Path]) -> bool:
    """One syncfs(2) for thousands of files, where the system has it and they lie on one disk; whether it was done."""
    syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None) if sys.platform == "linux" else None
    if syncfs is None or len({path.stat().st_dev for path in paths}) > 1:
        return False
    descriptor = os.open(paths[0], os.O_RDONLY)
    try:
        if syncfs(descriptor) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(paths[0].parent))
    finally:
        os.close(descriptor)
    return True
