"""Files in folders that somebody else made: regular files only, within their folder, size first, bytes read once.

A name in such a folder may be a link to one of the reader's own files, a pipe that never ends, a device, or a file of
terabytes. A file is opened once, without waiting; what is then asked is asked of what was opened, so that
nobody can put another file in its place between the question and the reading.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Literal

from veedor.errors import SAID, VeedorError
from veedor.rim.terminal import one_line
from veedor.rim.unchanged import changed
from veedor.saying import figures

CHUNK = 1 << 20
ENTRIES = 2_000_000
"""Names of a folder and all that is in it, at most."""

Kind = Literal["file", "folder", "link", "other"]


class ForeignError(VeedorError):
    """A file is not what may be read: no regular file, a link out of its folder, too large, or not to be opened."""


class MissingFileError(ForeignError):
    """There is no such file."""


@dataclass(frozen=True, kw_only=True)
class Content:
    """The bytes of a file, as they were read once. sha256: of these very bytes."""

    data: bytes

    @cached_property
    def sha256(self) -> str:
        """Hexadecimal SHA-256 of the bytes."""
        return sha256(self.data).hexdigest()


@contextmanager
def open_file(path: Path, *, within: Path | None = None) -> Iterator[BinaryIO]:
    """A regular file, opened for reading. Raises ForeignError.

    within: the folder that the file must lie in once all links are followed; the path itself may then be a link inside
    it. Without a folder links are followed wherever they lead, as for a file that the user names.
    """
    stream = os.fdopen(_descriptor(path, within), "rb")
    with stream:
        yield stream


def read_file(path: Path, *, most: int, within: Path | None = None) -> bytes:
    """All bytes of a regular file of at most `most` bytes. Raises ForeignError; see `open_file`."""
    with open_file(path, within=within) as stream:
        size = os.fstat(stream.fileno()).st_size
        if size > most:
            raise ForeignError(
                SAID.say(
                    "foreign.size", path=str(one_line(str(path))), size=figures(f"{size:,}"), most=figures(f"{most:,}")
                )
            )
        try:
            data = stream.read(most + 1)  # it may have grown since
        except OSError as problem:
            raise ForeignError(
                SAID.say("foreign.not_read", path=str(one_line(str(path))), why=problem.strerror or str(problem))
            ) from None
    if len(data) > most:
        raise ForeignError(SAID.say("foreign.too_large", path=str(one_line(str(path))), most=figures(f"{most:,}")))
    return data


def read_content(path: Path, *, most: int, within: Path | None = None) -> Content:
    """As `read_file`, with the hash of what was read."""
    return Content(data=read_file(path, most=most, within=within))


def hash_of(stream: BinaryIO) -> str:
    """Hexadecimal SHA-256 of what a stream still holds, however much that is."""
    digest = sha256()
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _descriptor(path: Path, within: Path | None) -> int:
    """Opened without waiting for a pipe's other end and without becoming a terminal's program."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        before = path.stat()
        if not stat.S_ISREG(before.st_mode):  # opening a device may do something already
            raise ForeignError(
                SAID.say("foreign.not_regular", path=str(one_line(str(path))), what=_what(before.st_mode))
            )
        descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0))
    except (FileNotFoundError, NotADirectoryError):
        raise MissingFileError(SAID.say("foreign.not_there", path=str(one_line(str(path))))) from None
    except ValueError:  # a zero byte in a name
        raise MissingFileError(SAID.say("foreign.no_name", path=str(one_line(str(path)[:200])))) from None
    except OSError as problem:
        circle = problem.errno == errno.ELOOP
        said = SAID.say("foreign.circle") if circle else problem.strerror or str(problem)
        raise ForeignError(SAID.say("foreign.not_read", path=str(one_line(str(path))), why=said)) from None
    try:
        opened = os.fstat(descriptor)
        if not stat.S_ISREG(opened.st_mode):
            raise ForeignError(
                SAID.say("foreign.not_regular", path=str(one_line(str(path))), what=_what(opened.st_mode))
            )
        if within is not None:
            _check_inside(path, within, opened)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _check_inside(path: Path, within: Path, opened: os.stat_result) -> None:
    """The opened file must be the one that the path leads to inside the folder."""
    try:
        real = path.resolve(strict=True)
        inside = real.is_relative_to(within.resolve(strict=True))
        same = os.path.samestat(os.stat(real, follow_symlinks=False), opened)
    except OSError:
        inside = same = False
    if inside and not same:
        raise changed(path)
    if not inside:
        raise ForeignError(SAID.say("foreign.leads_out", path=one_line(str(path)), folder=one_line(str(within))))


def _what(mode: int) -> str:
    kinds = (
        (stat.S_ISDIR, "folder"),
        (stat.S_ISFIFO, "pipe"),
        (stat.S_ISSOCK, "socket"),
        (stat.S_ISLNK, "link"),
    )
    return SAID.say(f"kind_of_file.{next((name for test, name in kinds if test(mode)), 'device')}")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One name in a folder. path: relative to it, with slashes. size: bytes, of a file."""

    path: str
    kind: Kind
    size: int


def entries(folder: Path) -> Iterator[Entry]:
    """Everything in a folder and its folders, hidden names too; no link is followed. Raises ForeignError."""
    waiting = [""]
    number = 0
    while waiting:
        inner = waiting.pop()
        try:
            with os.scandir(folder / inner if inner else folder) as found:
                listed = sorted(found, key=lambda one: one.name)
        except OSError as problem:
            raise ForeignError(
                SAID.say(
                    "foreign.not_looked_into",
                    folder=one_line(str(folder / inner)),
                    why=problem.strerror or str(problem),
                )
            ) from None
        for one in listed:
            number += 1
            if number > ENTRIES:
                raise ForeignError(
                    SAID.say("foreign.too_many", folder=str(one_line(str(folder))), most=figures(f"{ENTRIES:,}"))
                )
            entry = _entry(one, f"{inner}/{one.name}" if inner else one.name)
            if entry.kind == "folder":
                waiting.append(entry.path)
            yield entry


def _entry(one: "os.DirEntry[str]", path: str) -> Entry:
    try:
        status = one.stat(follow_symlinks=False)
    except OSError:  # gone since
        return Entry(path=path, kind="other", size=0)
    mode = status.st_mode
    if stat.S_ISREG(mode):
        return Entry(path=path, kind="file", size=status.st_size)
    return Entry(path=path, kind="folder" if stat.S_ISDIR(mode) else "link" if stat.S_ISLNK(mode) else "other", size=0)
