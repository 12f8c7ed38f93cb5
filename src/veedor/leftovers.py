"""What is half made, marked and locked while it is made; what an ended program left behind is cleared away.

A program that is killed cannot clear away what it was writing. So a half-made file or folder has a name and a mark of
ours, and a lock that the system lets go of when the program ends, however it ends. Whoever writes there next deletes
what is marked and no longer locked; nothing else.
"""

import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PART = ".veedor-part"
"""How the name of a half-made file or folder ends."""
MARK = "being-written-by-veedor"
"""The locked file in a half-made folder."""
NEW, OLD = "new", "old"
"""In it: the folder that is made, and the one that it replaces."""
DAY = 24 * 3600
"""Seconds after which a leftover is nobody's, where there are no locks."""

_cleared: set[tuple[str, str]] = set()


@contextmanager
def half_made_file(path: Path) -> Iterator[Path]:
    """A temporary file beside the path, locked while the block runs, and gone at its end. Raises OSError."""
    _clear(path.parent, "", _clear_file)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=_prefix(path.name), suffix=PART)
    try:
        _lock(descriptor)
        if os.name == "nt":  # an open file cannot be renamed there
            os.close(descriptor)
            descriptor = -1
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)
        if descriptor >= 0:
            os.close(descriptor)


@contextmanager
def half_made_folder(path: Path) -> Iterator[Path]:
    """A folder beside the path with an empty folder `new` in it, to be renamed to the path; gone at the end.

    Raises OSError.
    """
    _clear(path.parent, path.name, lambda found: _clear_folder(found, path))
    home = Path(tempfile.mkdtemp(dir=path.parent, prefix=_prefix(path.name), suffix=PART))
    try:
        with (home / MARK).open("xb") as mark:
            _lock(mark.fileno())
            (home / NEW).mkdir()
            yield home
    finally:
        _remove(home)


def put_in_place(home: Path, path: Path) -> None:
    """The folder that was made in `home` takes the path's name; what was there stays until it does. Raises OSError."""
    try:
        if path.exists():
            path.rename(home / OLD)
        (home / NEW).rename(path)
    except BaseException:
        _put_back(home, path)
        raise


def _put_back(home: Path, path: Path) -> None:
    if (home / OLD).exists() and not path.exists():
        (home / OLD).rename(path)


def _clear_file(found: Path) -> None:
    descriptor = os.open(found, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    try:
        if stat.S_ISREG(os.fstat(descriptor).st_mode) and _nobody_s(descriptor):
            found.unlink()
    finally:
        os.close(descriptor)


def _clear_folder(found: Path, path: Path) -> None:
    """Delete a half-made folder, once the folder that it took away is back in its place."""
    if found.is_symlink() or (found / MARK).is_symlink() or not (found / MARK).is_file():
        return
    descriptor = os.open(found / MARK, os.O_RDWR)
    try:
        if not _nobody_s(descriptor):
            return
        _put_back(found, path)
        _remove(found)
    finally:
        os.close(descriptor)


def _clear(folder: Path, name: str, clear: Callable[[Path], None]) -> None:
    """Clear away what half-made files, or folders of that name, were left; once in a run, as a folder may be large."""
    key = (os.path.abspath(folder), name)
    if key in _cleared:
        return
    _cleared.add(key)
    start = re.escape(_prefix(name)) if name else r"\..+\."
    ours = re.compile(rf"{start}[a-z0-9_]{{8}}{re.escape(PART)}", re.DOTALL)
    for found in [one for one in os.listdir(folder) if ours.fullmatch(one)]:
        with suppress(OSError):  # somebody else's, or gone by now
            clear(folder / found)


def _remove(folder: Path) -> None:
    with suppress(RecursionError):  # somebody put folders into one another, a thousand deep
        shutil.rmtree(folder, ignore_errors=True)


def _prefix(name: str) -> str:
    return f".{name[:40]}."  # with the rest no longer than a name may be, whatever the letters


def _lock(descriptor: int) -> bool | None:
    """Lock an open file; False where somebody else has, None where there are no locks."""
    try:
        import fcntl
    except ImportError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def _nobody_s(descriptor: int) -> bool:
    """True if whoever made an open file has ended; without locks, if the file is old."""
    locked = _lock(descriptor)
    return locked or (locked is None and time.time() - os.fstat(descriptor).st_mtime > DAY)
