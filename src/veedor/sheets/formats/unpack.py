"""Bytes of a published file: read once from one descriptor, hashed as they are, unpacked within limits.

Figures are made of these very bytes, and the hash that stands beside the figures is theirs, whatever becomes of the
file meanwhile. A file that unpacks to gigabytes is refused before it does.
"""

import lzma
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from veedor.errors import Fault, InputError
from veedor.rim import unchanged
from veedor.rim.foreign import Content, ForeignError, MissingFileError, open_file
from veedor.sheets.formats.zip_parts import Archive, LockedZipError, ZipError

FILE_LIMIT = 2**29
"""Bytes of a whole file, unpacked."""

LINE_LIMIT = 2**20
"""Bytes of one line of a text file; a tally sheet's row has some hundreds."""

LINES_LIMIT = 12_000_000
"""Lines of a text file: twelve for each of a million sheets."""

CHUNK = 2**20

PACKED_CHUNK = 2**14
"""Packed bytes that are unpacked at once: what a packed part leaves over is copied."""

PARTS_LIMIT = 100_000
"""Packed parts one after the other in a file: programs that pack blocks of 64 kB make 16 of a megabyte."""

XZ_MEMORY = 2**28
"""Bytes that unpacking xz may take; its largest setting takes 65 MiB, and a file may ask for 4 GiB."""

SHOWN = 20
"""Members of a zip that a fault spells out."""

PACKED = (".gz", ".xz", ".lzma", ".zip")

BROKEN = (EOFError, OSError, lzma.LZMAError, zlib.error, ZipError)
"""What unpacking raises for an archive that is cut, damaged, encrypted or of an unknown kind."""


@dataclass(frozen=True, kw_only=True)
class RawFile:
    """A file as it was read. file: its name in the data folder; member: of a zip, the file that was read inside it.

    bytes, sha256: of the whole file as it lies there, packed or not.
    """

    file: str
    member: str | None
    bytes: int
    sha256: str


def read_raw(path: Path, name: str, *, within: Path | None = None) -> Content:
    """The bytes of a file as they lie on the disk. name: what faults call it.

    within: the folder that it must lie in once links are followed. Raises InputError; ChangedError where it grows or
    shrinks while it is read.
    """
    try:
        with open_file(path, within=within) as stream:
            size = os.fstat(stream.fileno()).st_size
            if size > FILE_LIMIT:
                raise _too_large(name, None, f"{size} bytes", f"at most {FILE_LIMIT}")
            data = stream.read(size + 1)
    except MissingFileError as problem:
        raise InputError([Fault(file=name, found=f"no such file ({problem})", wanted="a file")]) from None
    except (ForeignError, OSError) as problem:
        raise InputError(
            [
                Fault(
                    file=name,
                    found=f"a file that cannot be read ({problem})",
                    wanted="a regular file inside its folder",
                    remedy="look at its permissions, and at where its links lead",
                )
            ]
        ) from None
    if len(data) != size:
        raise unchanged.changed(path)
    return Content(data=data)


def raw_of(content: Content, path: Path, name: str, *, member: str | None = None) -> RawFile:
    """Name and hash of the bytes read. Raises ChangedError where this command read other bytes there."""
    unchanged.note(path, content.sha256)
    called = PurePosixPath(name).as_posix()
    return RawFile(file=called, member=member, bytes=len(content.data), sha256=content.sha256)


def raw_file(path: Path, name: str, *, within: Path, member: str | None = None) -> RawFile:
    """As `raw_of`, of a file that no figure is made of here."""
    return raw_of(read_raw(path, name, within=within), path, name, member=member)


def read_bytes(path: Path, name: str, *, member: str | None = None, lines: bool, within: Path | None = None) -> bytes:
    """The unpacked content of the file at `path`, see `read_raw` and `unpacked`."""
    content = read_raw(path, name, within=within)
    return unpacked(content.data, path.suffix, name, member=member, lines=lines)


def unpacked(data: bytes, suffix: str, name: str, *, member: str | None = None, lines: bool) -> bytes:
    """The content of a file that ends in `suffix`; `.gz`, `.xz` and `.zip` are unpacked.

    member: the file inside a zip; not needed where it holds one only.
    lines: whether it is a text of lines, each within LINE_LIMIT. Raises InputError.
    """
    try:
        match suffix.lower():
            case ".gz":
                chunks = _in_parts(data, _Gz)
            case ".xz" | ".lzma":
                chunks = _in_parts(data, _Xz)
            case ".zip":
                archive = Archive(data)
                chunks = archive.chunks(_member(archive, name, member))
            case _:
                if lines:
                    _check_lines(data, name)
                return data
        return _within_limits(chunks, name, lines=lines)
    except BROKEN as problem:
        raise _broken(name, problem) from problem


def members(data: bytes, name: str) -> dict[str, int]:
    """The files inside a zip, with their sizes. Raises InputError."""
    try:
        return {part.name: part.size for part in Archive(data).parts.values() if not part.is_folder}
    except BROKEN as problem:
        raise _broken(name, problem) from problem


class _Gz:
    """One part of a gz file."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(31)

    @property
    def over(self) -> bool:
        """True if the part has ended."""
        return self._stream.eof

    @property
    def unused(self) -> bytes:
        """The bytes given beyond its end."""
        return self._stream.unused_data

    def unpack(self, packed: bytes) -> Iterator[bytes]:
        """The bytes that these unpack to."""
        while chunk := self._stream.decompress(packed, CHUNK):
            yield chunk
            if self._stream.eof:
                return
            packed = self._stream.unconsumed_tail


class _Xz:
    """One part of an xz or lzma file."""

    def __init__(self) -> None:
        self._stream = lzma.LZMADecompressor(memlimit=XZ_MEMORY)

    @property
    def over(self) -> bool:
        """True if the part has ended."""
        return self._stream.eof

    @property
    def unused(self) -> bytes:
        """The bytes given beyond its end."""
        return self._stream.unused_data

    def unpack(self, packed: bytes) -> Iterator[bytes]:
        """The bytes that these unpack to."""
        while chunk := self._stream.decompress(packed, CHUNK):
            yield chunk
            if self._stream.eof or self._stream.needs_input:
                return
            packed = b""


def _in_parts(data: bytes, made: type[_Gz] | type[_Xz]) -> Iterator[bytes]:
    """The parts of a gz or xz file unpacked, one after the other; zeros between and after them are padding.

    Bytes after a part are never taken for its end: a second part whose beginning is damaged would be lost in silence.
    """
    part, number = made(), 1
    for at in range(0, len(data), PACKED_CHUNK):
        rest = data[at : at + PACKED_CHUNK]
        while rest:
            if part.over:
                rest = rest.lstrip(b"\0")
                if not rest:
                    break
                part, number = made(), number + 1
                if number > PARTS_LIMIT:
                    raise EOFError(f"more than {PARTS_LIMIT} packed parts one after the other")
            yield from part.unpack(rest)
            rest = part.unused if part.over else b""
    if not part.over:
        raise EOFError("it ends before the end of what is packed in it")


def _member(archive: Archive, name: str, member: str | None) -> str:
    files = [part.name for part in archive.parts.values() if not part.is_folder]
    if member is not None and member in files:
        return member
    if member is None and len(files) == 1:
        return files[0]
    wanted = f"the member '{member}'" if member is not None else "one file only, or `member` in the definition"
    listed = ", ".join(files[:SHOWN]) + (f" and {len(files) - SHOWN} more" if len(files) > SHOWN else "")
    raise InputError([Fault(file=name, found=f"the members {listed or 'none'}", wanted=wanted)])


def _check_lines(data: bytes, name: str) -> None:
    """Raise InputError for a line that is too long, or too many lines."""
    at = 0
    while len(data) - at > LINE_LIMIT:
        within = (at, at + LINE_LIMIT + 1)
        end = max(data.rfind(b"\n", *within), data.rfind(b"\r", *within))
        if end < 0:
            raise _long_line(name, data.count(b"\n", 0, at) + 1)
        at = end + 1
    if len(data) > LINES_LIMIT and (newlines := data.count(b"\n")) > LINES_LIMIT:  # a line has a byte at least
        raise _too_many_lines(name, newlines)


def _within_limits(chunks: Iterator[bytes], name: str, *, lines: bool) -> bytes:
    parts: list[bytes] = []
    size = since_newline = newlines = 0
    for chunk in chunks:
        parts.append(chunk)
        size += len(chunk)
        if size > FILE_LIMIT:
            raise _too_large(name, None, f"more than {FILE_LIMIT} bytes", "a file of at most 512 MiB when unpacked")
        if not lines:
            continue
        last = chunk.rfind(b"\n")
        since_newline = since_newline + len(chunk) if last < 0 else len(chunk) - last - 1
        if since_newline > LINE_LIMIT and b"\r" not in chunk:
            raise _long_line(name, sum(part.count(b"\n") for part in parts) + 1)
        newlines += chunk.count(b"\n")
        if newlines > LINES_LIMIT:
            raise _too_many_lines(name, newlines)
    return b"".join(parts)


def _too_many_lines(name: str, newlines: int) -> InputError:
    return _too_large(name, newlines, f"more than {LINES_LIMIT} lines", "a file with fewer lines")


def _long_line(name: str, row: int) -> InputError:
    return _too_large(name, row, f"a line longer than {LINE_LIMIT} bytes", "lines of at most 1 MiB")


def _too_large(name: str, row: int | None, found: str, wanted: str) -> InputError:
    return InputError([Fault(file=name, row=row, found=found, wanted=wanted, remedy="is it the right file?")])


def _broken(name: str, problem: Exception) -> InputError:
    found, remedy = f"a file that cannot be unpacked ({problem})", "download it again; it may be cut off or damaged"
    if isinstance(problem, LockedZipError):
        found, remedy = "an archive that needs a password", "unpack it first"
    elif isinstance(problem, ZipError):
        remedy = "download it again; or unpack it, look at what is in it, and pack it anew"
    return InputError([Fault(file=name, found=found, wanted="a whole file", remedy=remedy)])
