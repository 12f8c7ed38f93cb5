"""A zip as every program sees it: one that two programs could read as two archives is refused.

A zip says everything twice: before each part, and in the directory at its end. Some programs read the one and some the
other, some skip what stands before the first part or between two, some take the last of two parts with one name. What
somebody else's spreadsheet shows must be what is counted here: so both must agree, the parts must lie one after the
other without a byte between them, every name must be there once, and each part must be what it says of itself.

Source: PKWARE APPNOTE 6.3.10; section numbers stand beside what they rule.
"""

import struct
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

MOST_PARTS = 10_000
CHUNK = 2**20
"""Bytes of a part that come at once."""

PIECE = 2**16
"""Packed bytes that are handed to zlib at once: what it leaves it copies."""

STORED, DEFLATED = 0, 8
LOCKED, WITH_DESCRIPTOR, STRONG, MASKED = 1, 1 << 3, 1 << 6, 1 << 13
"""Bits of the flags (4.4.4): encrypted; sizes stand after the part; strong encryption; a masked local header."""

DESCRIPTORS = (12, 16, 20, 24)
"""Lengths of what may stand after a part (4.3.9): with or without a signature, with sizes of 4 or of 8 bytes."""

_END = struct.Struct("<4s4H2LH")
_END64_PLACE = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_NONE16, _NONE32 = 0xFFFF, 0xFFFFFFFF
_LONGEST_COMMENT = 0xFFFF
_ZIP64, _OTHER_NAME = 0x0001, 0x7075
_FIRST_DAY = 0x21
"""The first of January 1980, where the days of a zip begin."""


class ZipError(Exception):
    """The bytes are no zip, or one that can be read in more than one way; the text says why."""


class LockedZipError(ZipError):
    """A part needs a password."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part, as the directory has it. size, packed: bytes unpacked and as they lie; offset: of its local header."""

    name: str
    raw_name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    renamed: bool

    @property
    def is_folder(self) -> bool:
        """True if the name stands for a folder."""
        return self.name.endswith("/")


class Archive:
    """The parts of a zip by name. Raises ZipError."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        start, end, number = _directory(data)
        parts = list(_central(data, start, end, number))
        self._begins = _checked_places(data, parts, start)
        self.parts = {part.name: part for part in parts}
        if len(self.parts) < len(parts):
            raise ZipError(f"{len(parts)} parts with {len(self.parts)} names")
        self._check_names()

    def _check_names(self) -> None:
        """Raise ZipError where programs may take two parts for one, whatever they make of case and strokes."""
        seen: dict[str, str] = {}
        for name in self.parts:
            alike = unicodedata.normalize("NFKC", name).casefold().replace("\\", "/")
            if alike in seen:
                raise ZipError(f"two parts that programs may take for one: {seen[alike]!r} and {name!r}")
            seen[alike] = name

    def chunks(self, name: str) -> Iterator[bytes]:
        """The part unpacked, piece by piece. Raises ZipError where it is not what it says of itself."""
        part = self.parts[name]
        begin = self._begins[name]
        packed = memoryview(self._data)[begin : begin + part.packed]
        size = crc = 0
        for chunk in _stored(packed) if part.method == STORED else _inflated(packed, name):
            size += len(chunk)
            if size > part.size:
                raise ZipError(f"a part {name!r} that holds more than it says")
            crc = zlib.crc32(chunk, crc)
            yield chunk
        if size != part.size:
            raise ZipError(f"a part {name!r} that holds less than it says")
        if crc != part.crc:
            raise ZipError(f"a part {name!r} whose checksum (CRC) is another")

    def read(self, name: str) -> bytes:
        """The whole part."""
        return b"".join(self.chunks(name))


def _directory(data: bytes) -> tuple[int, int, int]:
    """Where the directory begins and ends, and how many parts it has. 4.3.16: the end record, once, at the very end."""
    ends = [at for at in _found(data, b"PK\5\6", len(data) - _LONGEST_COMMENT - _END.size) if _ends_at(data, at)]
    if len(ends) != 1:
        what = "several ends" if ends else "no end, or bytes after it"
        raise ZipError(f"a zip with {what}")
    _, disk, first_disk, here, number, size, start, _ = _END.unpack_from(data, ends[0])
    end = ends[0]
    place = end - _END64_PLACE.size
    if place >= 0 and data[place : place + 4] == b"PK\6\7":
        small = (disk, first_disk, here, number, size, start)
        end, *large = _zip64(data, place)
        for value, largest, told in zip(small, (_NONE16,) * 4 + (_NONE32,) * 2, large, strict=True):
            if value not in (largest, told):
                raise ZipError("a zip with two ends that say different things")
        disk, first_disk, here, number, size, start = large
    if disk or first_disk or here != number:
        raise ZipError("a part of a zip in several files")
    if number > MOST_PARTS:
        raise ZipError(f"{number} parts")
    if start + size != end:
        raise ZipError("a zip whose list of parts is not where it says")
    return start, end, number


def _ends_at(data: bytes, at: int) -> bool:
    """True if an end record at this place fills the file to its last byte."""
    return at + _END.size <= len(data) and at + _END.size + _END.unpack_from(data, at)[7] == len(data)


def _zip64(data: bytes, place: int) -> tuple[int, ...]:
    """Where the zip64 end record (4.3.14) that the locator at `place` names begins, and its six numbers."""
    _, _, at, disks = _END64_PLACE.unpack_from(data, place)
    if disks > 1 or at + _END64.size > place or data[at : at + 4] != b"PK\6\6":
        raise ZipError("a zip whose end is not where it says")
    _, length, _, _, disk, first_disk, here, number, size, start = _END64.unpack_from(data, at)
    if at + 12 + length != place:
        raise ZipError("a zip whose end is not where it says")
    return at, disk, first_disk, here, number, size, start


def _found(data: bytes, what: bytes, start: int) -> Iterator[int]:
    at = data.find(what, max(start, 0))
    while at >= 0:
        yield at
        at = data.find(what, at + 1)


def _central(data: bytes, start: int, end: int, number: int) -> Iterator[Part]:
    """The entries of the directory (4.3.12), which fill it exactly."""
    at = start
    for _ in range(number):
        if at + _CENTRAL.size > end or data[at : at + 4] != b"PK\1\2":
            raise ZipError("a zip with a damaged list of parts")
        _, _, _, flags, method, _, _, crc, packed, size, *lengths, disk, _, _, offset = _CENTRAL.unpack_from(data, at)
        names = at + _CENTRAL.size
        ends = [names + lengths[0], names + lengths[0] + lengths[1], names + sum(lengths)]
        if ends[-1] > end:
            raise ZipError("a zip with a damaged list of parts")
        raw, extra = data[names : ends[0]], data[ends[0] : ends[1]]
        packed, size, offset, disk = _widened(extra, packed, size, offset, disk)
        if disk:
            raise ZipError("a part of a zip in several files")
        yield Part(
            name=_decoded(raw, flags),
            raw_name=raw,
            flags=flags,
            method=method,
            crc=crc,
            packed=packed,
            size=size,
            offset=offset,
            renamed=any(kind == _OTHER_NAME for kind, _ in _fields(extra)),
        )
        at = ends[-1]
    if at != end:
        raise ZipError("a zip whose list of parts is longer than it says")


def _decoded(raw: bytes, flags: int) -> str:
    try:
        name = raw.decode("utf-8" if flags & 1 << 11 else "cp437")
    except UnicodeDecodeError:
        raise ZipError(f"a part whose name is no text: {raw[:40]!r}") from None
    if not name or "\0" in name:
        raise ZipError(f"a part with the name {name[:40]!r}")
    return name


def _fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    """The extra fields (4.5.1); what is too short for one ends them."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        yield kind, extra[at + 4 : at + 4 + length]
        at += 4 + length


def _widened(extra: bytes, packed: int, size: int, offset: int, disk: int) -> tuple[int, int, int, int]:
    """Sizes, offset and disk; those that are too large for the entry stand in its zip64 field (4.5.3)."""
    wide = b"".join(value for kind, value in _fields(extra) if kind == _ZIP64)
    at = 0
    numbers = []
    for value, largest, form in ((size, _NONE32, "<Q"), (packed, _NONE32, "<Q"), (offset, _NONE32, "<Q")):
        if value == largest:
            if at + 8 > len(wide):
                raise ZipError("a part whose size is not told")
            value = struct.unpack_from(form, wide, at)[0]
            at += 8
        numbers.append(value)
    return numbers[1], numbers[0], numbers[2], 0 if disk == _NONE16 else disk


def _checked_places(data: bytes, parts: list[Part], directory: int) -> dict[str, int]:
    """Where each part's own bytes begin. Both headers agree, and the parts fill the file up to the directory."""
    begins = {}
    at = 0
    loose = False
    for part in sorted(parts, key=lambda part: part.offset):
        gap = part.offset - at
        if gap and not (loose and gap in DESCRIPTORS):
            raise ZipError(f"a zip with bytes that belong to no part before {part.name!r}")
        begins[part.name] = begin = _begin(data, part)
        at = begin + part.packed
        loose = bool(part.flags & WITH_DESCRIPTOR)
    gap = directory - at
    if gap and not (loose and gap in DESCRIPTORS):
        raise ZipError("a zip with bytes that belong to no part before its list of parts")
    return begins


def _begin(data: bytes, part: Part) -> int:
    """Where the part's bytes begin: behind its local header (4.3.7), which must say what the directory says."""
    at = part.offset
    if at + _LOCAL.size > len(data) or data[at : at + 4] != b"PK\3\4":
        raise ZipError(f"a part {part.name!r} that is not where the list says")
    flags: int
    name_length: int
    extra_length: int
    _, _, flags, method, _, _, crc, packed, size, name_length, extra_length = _LOCAL.unpack_from(data, at)
    begin = at + _LOCAL.size + name_length + extra_length
    name = data[at + _LOCAL.size : at + _LOCAL.size + name_length]
    if (flags | part.flags) & (LOCKED | STRONG | MASKED):
        raise LockedZipError(f"a part {part.name!r} that needs a password")
    if (name, method, flags & WITH_DESCRIPTOR) != (part.raw_name, part.method, part.flags & WITH_DESCRIPTOR):
        raise ZipError(f"a part {part.name!r} that calls itself something else than the list does")
    told = ((crc, part.crc), (packed, part.packed), (size, part.size))
    later = (0, _NONE32) if flags & WITH_DESCRIPTOR else (_NONE32,)
    if any(here != there and here not in later for here, there in told):
        raise ZipError(f"a part {part.name!r} of another size or checksum than the list says")
    if method not in (STORED, DEFLATED):
        raise ZipError(f"a part {part.name!r} packed by method {method}; 8 (deflate) and 0 are read")
    return begin


def _stored(packed: memoryview) -> Iterator[bytes]:
    for at in range(0, len(packed), CHUNK):
        yield bytes(packed[at : at + CHUNK])


def _inflated(packed: memoryview, name: str) -> Iterator[bytes]:
    """Deflated bytes unpacked; they must end with the part."""
    stream = zlib.decompressobj(-15)
    try:
        for at in range(0, len(packed), PIECE):
            rest: bytes | memoryview = packed[at : at + PIECE]
            if stream.eof:
                raise ZipError(f"a part {name!r} with bytes after its end")
            while chunk := stream.decompress(rest, CHUNK):
                yield chunk
                if stream.eof:
                    break
                rest = stream.unconsumed_tail
    except zlib.error as problem:
        raise ZipError(f"a part {name!r} that cannot be unpacked ({problem})") from None
    if not stream.eof:
        raise ZipError(f"a part {name!r} that is cut off")
    if stream.unused_data:
        raise ZipError(f"a part {name!r} with bytes after its end")


def packed(parts: dict[str, bytes]) -> bytes:
    """A zip of these parts, as they are: no other reading of it is possible."""
    local, central = [], []
    at = 0
    for name, data in parts.items():
        raw = name.encode("ascii")
        sizes = (zlib.crc32(data), len(data), len(data))
        local += [_LOCAL.pack(b"PK\3\4", 20, 0, STORED, 0, _FIRST_DAY, *sizes, len(raw), 0) + raw, data]
        central.append(
            _CENTRAL.pack(b"PK\1\2", 20, 20, 0, STORED, 0, _FIRST_DAY, *sizes, len(raw), 0, 0, 0, 0, 0, at) + raw
        )
        at += _LOCAL.size + len(raw) + len(data)
    size = sum(map(len, central))
    end = _END.pack(b"PK\5\6", 0, 0, len(central), len(central), size, at, 0)
    return b"".join([*local, *central, end])
