"""A folder as one input: what differs from a folder that code makes, as a JSON text that a person can read.

    {"seed.json": {"text": "..."}, "answers/a-1.sig": {"base64": "..."}, "plan.json": "removed",
     "x": {"link": "../../etc/passwd"}, "y": "pipe", "z": "folder"}

So a find in a folder of fifty files is a few lines. Only regular files, links, pipes and folders are made; nothing is
made outside the folder.
"""

import atexit
import base64
import binascii
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

Change = dict[str, str] | str
Changes = dict[str, Change]
Files = Mapping[str, bytes]

DEEPEST = 6
"""Folders inside each other in a name: the system has a limit, and no reader is tested by it."""


def changes_of(data: bytes) -> Changes:
    """What the input says; nothing where it is no such text."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(document, dict):
        return {}
    return {name: change for name, change in document.items() if _is_name(name) and _is_change(change)}


def bytes_of(changes: Changes) -> bytes:
    """The inverse of `changes_of`."""
    return json.dumps(changes, indent=0, sort_keys=True, ensure_ascii=True).encode()


def content(data: bytes) -> Change:
    """The bytes as a file's content."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}
    return {"text": text}


def bytes_in(change: Change) -> bytes | None:
    """The bytes of a file's content; None of anything else."""
    if isinstance(change, str):
        return None
    if "text" in change:
        return change["text"].encode("utf-8", "surrogatepass")
    if "base64" not in change:
        return None
    try:
        return base64.b64decode(change["base64"])
    except (binascii.Error, ValueError):
        return b""


def _is_name(name: str) -> bool:
    parts = name.split("/")
    plain = all(part not in ("", ".", "..") and len(part.encode("utf-8", "replace")) <= 200 for part in parts)
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return plain and len(parts) <= DEEPEST and "\0" not in name


def _is_change(change: Any) -> bool:
    if isinstance(change, str):
        return change in ("removed", "pipe", "folder")
    known = {"text", "base64", "link"}
    return isinstance(change, dict) and len(change) == 1 and all(
        kind in known and isinstance(value, str) for kind, value in change.items()
    )  # fmt: skip


def files_in(folder: Path) -> dict[str, bytes]:
    """Every regular file of a folder by its name in it."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@cache
def scratch() -> Path:
    """The folder for everything that this process writes: given by whoever started it, and removes it, or its own."""
    folder = os.environ.get("VEEDOR_FUZZ_SCRATCH")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        return Path(folder)
    made = Path(tempfile.mkdtemp(prefix="veedor-fuzz-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


_open: list[Path] = []


@contextmanager
def folder_with(base: Files, data: bytes = b"") -> Iterator[Path]:
    """A new folder with the base's files and the changes; gone afterwards. Called the same in every run."""
    folder = scratch() / f"at-{len(_open)}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    _open.append(folder)
    try:
        for name, each in base.items():
            _write(folder / name, each)
        for name, change in changes_of(data).items():
            _apply(folder, name, change)
        yield folder
    finally:
        _open.remove(folder)
        shutil.rmtree(folder, ignore_errors=True)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _apply(folder: Path, name: str, change: Change) -> None:
    """Make one change; one that cannot be made (a file inside a file) is left out."""
    path = folder / name
    try:
        if any((folder / part).is_symlink() for part in _above(name)):
            return
        if path.is_symlink() or path.is_file():
            path.unlink()
        elif path.is_dir():
            shutil.rmtree(path)
        if change == "removed":
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        if change == "pipe":
            os.mkfifo(path)
        elif change == "folder":
            path.mkdir()
        elif isinstance(change, dict) and "link" in change:
            path.symlink_to(change["link"])
        else:
            path.write_bytes(bytes_in(change) or b"")
    except (OSError, ValueError):
        return


def _above(name: str) -> list[str]:
    parts = name.split("/")
    return ["/".join(parts[:number]) for number in range(1, len(parts))]


def smaller(data: bytes) -> Iterator[bytes]:
    """With one change less; then with the bytes of one change cut, by ever smaller pieces."""
    changes = changes_of(data)
    for name in changes:
        yield bytes_of({other: change for other, change in changes.items() if other != name})
    for name, change in changes.items():
        for shorter in cuts(bytes_in(change) or b""):
            yield bytes_of({**changes, name: content(shorter)})


def cuts(data: bytes) -> Iterator[bytes]:
    """The bytes without a piece: halves first, single bytes last."""
    size = len(data) // 2
    while size:
        for start in range(0, len(data), size):
            yield data[:start] + data[start + size :]
        size //= 2
    if len(data) == 1:
        yield b""
