"""What takes long is made once in a run of the tests, whichever worker asks first: the others wait and read it."""

import fcntl
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The file or folder that `make` makes at the path it is given. Tests must not change it.

    name: of this thing in the whole run. With several workers each has its own folder below one of the run's.
    """
    root = factory.getbasetemp()
    shared = root.parent if root.name.startswith("popen") else root
    path, done = shared / name, shared / f"{name}.done"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            make(path)
            done.touch()
    return path
