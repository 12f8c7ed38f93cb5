"""Writing files so that a crash or a full disk leaves the old content or the new, never half of either.

What is not whole yet stands beside its target as `.NAME.<16 hexadecimal digits>.part`, locked by its writer. A writer
that was killed left its lock go: whoever writes the same target next clears that away.
"""

import ctypes
import fcntl
import os
import re
import secrets
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from veedor.record.errors import LogError
from veedor.rim import foreign

MANY = 64
"""From this number of files on, waiting for the whole disk once is quicker than waiting for each of them."""


def read_file(path: Path, most: int) -> bytes:
    """A file that the user names: regular, of at most `most` bytes. LogError if it is not."""
    try:
        return foreign.read_file(path, most=most)
    except foreign.ForeignError as error:
        raise LogError(str(error)) from None


def write_atomically(contents: Mapping[Path, bytes], *, mode: int = 0o644) -> None:
    """Write each file to a temporary one beside it and flush it to disk; when all are, rename them in the order given.

    Raises LogError, and leaves nothing behind, if any cannot be written: renaming needs no more room on the disk.
    """
    temporary: dict[Path, Path] = {}
    path = next(iter(contents))
    try:
        with ExitStack() as stack:
            for path, data in contents.items():
                clear_parts(path)
                descriptor, temporary[path] = _locked_part(path, folder=False)
                stream = stack.enter_context(os.fdopen(descriptor, "wb"))
                stream.write(data)
                stream.flush()
                os.fchmod(descriptor, mode)
                os.fsync(descriptor)
            for path in contents:
                os.replace(temporary.pop(path), path)
        flush(sorted({path.parent for path in contents}))
    except OSError as error:
        raise LogError(f"{path} could not be written: {error.strerror}") from error
    finally:
        for part in temporary.values():
            part.unlink(missing_ok=True)


@contextmanager
def part_folder(target: Path) -> Iterator[Path]:
    """An empty folder beside the target to make it in; gone at the end, with whatever was not renamed out of it."""
    clear_parts(target)
    descriptor, part = _locked_part(target, folder=True)
    try:
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)
        os.close(descriptor)


def clear_parts(target: Path) -> None:
    """Delete what killed writers of this target left behind; a writer that is at work holds its lock."""
    ours = re.compile(rf"\.{re.escape(target.name)}\.[0-9a-f]{{16}}\.part")
    with suppress(OSError), os.scandir(target.parent) as found:
        for part in [Path(entry.path) for entry in found if ours.fullmatch(entry.name)]:
            with suppress(OSError):
                _clear(part)


def _clear(part: Path) -> None:
    descriptor = os.open(part, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if part.is_dir():
            shutil.rmtree(part, ignore_errors=True)
        else:
            part.unlink()
    finally:
        os.close(descriptor)


def _locked_part(target: Path, *, folder: bool) -> tuple[int, Path]:
    """A new part of the target, open and locked. One that was cleared away before it was locked is made again."""
    while True:
        part = target.parent / f".{target.name}.{secrets.token_hex(8)}.part"
        if folder:
            part.mkdir(mode=0o700)
            descriptor = os.open(part, os.O_RDONLY)
        else:
            descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with suppress(FileNotFoundError):
            if os.path.samestat(os.stat(part), os.fstat(descriptor)):
                return descriptor, part
        os.close(descriptor)


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
