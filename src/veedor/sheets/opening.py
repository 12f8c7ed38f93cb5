"""Bytes of a published file, unpacked within limits: a file that unpacks to gigabytes is refused before it does."""

import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from veedor.errors import Fault, InputError

FILE_LIMIT = 4 * 2**30
"""Bytes of a whole file, unpacked."""

LINE_LIMIT = 2**20
"""Bytes of one line of a text file; a tally sheet's row has some hundreds."""

LINES_LIMIT = 50_000_000
"""Lines of a text file: fifty for each of a million sheets."""

CHUNK = 2**20

AT_ONCE = LINES_LIMIT
"""Bytes of a file that is read in one piece; so many lines as not to be taken have more."""

PACKED = (".gz", ".xz", ".lzma", ".zip")

BROKEN = (EOFError, OSError, lzma.LZMAError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError)
"""What the standard library raises for an archive that is cut, damaged, encrypted or of an unknown kind."""


def read_bytes(path: Path, name: str, *, member: str | None = None, lines: bool) -> bytes:
    """The unpacked content of the file at `path`; `.gz`, `.xz` and `.zip` are unpacked.

    name: what faults call the file. member: the file inside a zip; not needed where it holds one only.
    lines: whether it is a text of lines, each within LINE_LIMIT.
    """
    try:
        if path.suffix.lower() not in PACKED and path.stat().st_size <= AT_ONCE:
            data = path.read_bytes()
            if lines:
                _check_lines(data, name)
            return data
        with _unpacked(path, name, member) as stream:
            return _within_limits(stream, name, lines=lines)
    except BROKEN as problem:
        raise _broken(path, name, problem) from problem


@contextmanager
def _unpacked(path: Path, name: str, member: str | None) -> Iterator[BinaryIO]:
    match path.suffix.lower():
        case ".gz":
            with gzip.open(path) as stream:
                yield cast(BinaryIO, stream)
        case ".xz" | ".lzma":
            with path.open("rb") as raw, io.BufferedReader(_Xz(raw), CHUNK) as stream:
                yield cast(BinaryIO, stream)
        case ".zip":
            with zipfile.ZipFile(path) as archive, archive.open(_member(archive, name, member)) as stream:
                yield cast(BinaryIO, stream)
        case _:
            with path.open("rb") as stream:
                yield stream


class _Xz(io.RawIOBase):
    """An xz or lzma file unpacked; unlike lzma.open it does not take bytes after a stream for its end.

    A second stream whose beginning is damaged would be lost in silence otherwise.
    """

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._stream = lzma.LZMADecompressor()
        self._packed = b""

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer; 0 at the end. Raises EOFError where the file is cut off, LZMAError where it is damaged."""
        while True:
            if self._stream.eof:
                self._packed = self._stream.unused_data or self._raw.read(CHUNK)
                while self._packed and not self._packed.strip(b"\0"):  # padding of zeros is allowed between streams
                    self._packed = self._raw.read(CHUNK)
                if not self._packed:
                    return 0
                self._stream = lzma.LZMADecompressor()
                self._packed = self._packed.lstrip(b"\0")
            if self._stream.needs_input and not self._packed:
                self._packed = self._raw.read(CHUNK)
                if not self._packed:
                    raise EOFError("Compressed file ended before the end-of-stream marker was reached")
            data = self._stream.decompress(self._packed, len(buffer))
            self._packed = b""
            if data:
                buffer[: len(data)] = data
                return len(data)


def _member(archive: zipfile.ZipFile, name: str, member: str | None) -> str:
    files = [info.filename for info in archive.infolist() if not info.is_dir()]
    if member is not None and member in files:
        return member
    if member is None and len(files) == 1:
        return files[0]
    wanted = f"the member '{member}'" if member is not None else "one file only, or `member` in the definition"
    raise InputError([Fault(file=name, found=f"the members {', '.join(files) or 'none'}", wanted=wanted)])


def _check_lines(data: bytes, name: str) -> None:
    at = 0
    while len(data) - at > LINE_LIMIT:
        within = (at, at + LINE_LIMIT + 1)
        end = max(data.rfind(b"\n", *within), data.rfind(b"\r", *within))
        if end < 0:
            raise _long_line(name, data.count(b"\n", 0, at) + 1)
        at = end + 1


def _within_limits(stream: BinaryIO, name: str, *, lines: bool) -> bytes:
    parts: list[bytes] = []
    size = since_newline = newlines = counted = 0
    while chunk := stream.read(CHUNK):
        parts.append(chunk)
        size += len(chunk)
        if size > FILE_LIMIT:
            raise _too_large(name, None, f"more than {FILE_LIMIT} bytes", "a file of at most 4 GiB when unpacked")
        if not lines:
            continue
        last = chunk.rfind(b"\n")
        since_newline = since_newline + len(chunk) if last < 0 else len(chunk) - last - 1
        if since_newline > LINE_LIMIT and b"\r" not in chunk:
            raise _long_line(name, sum(part.count(b"\n") for part in parts) + 1)
        if size > LINES_LIMIT:  # a line has a byte at least
            newlines += sum(part.count(b"\n") for part in parts[counted:])
            counted = len(parts)
        if newlines > LINES_LIMIT:
            raise _too_large(name, newlines, f"more than {LINES_LIMIT} lines", "a file with fewer lines")
    return b"".join(parts)


def _long_line(name: str, row: int) -> InputError:
    return _too_large(name, row, f"a line longer than {LINE_LIMIT} bytes", "lines of at most 1 MiB")


def _too_large(name: str, row: int | None, found: str, wanted: str) -> InputError:
    return InputError([Fault(file=name, row=row, found=found, wanted=wanted, remedy="is it the right file?")])


def _broken(path: Path, name: str, problem: Exception) -> InputError:
    locked = isinstance(problem, RuntimeError) and "password" in str(problem)
    found = "an archive that needs a password" if locked else f"a file that cannot be unpacked ({problem})"
    remedy = "unpack it first" if locked else "download it again; it may be cut off or damaged"
    if path.suffix.lower() not in PACKED:
        found, remedy = f"a file that cannot be read ({problem})", "look at its permissions"
    return InputError([Fault(file=name, found=found, wanted="a whole file", remedy=remedy)])
