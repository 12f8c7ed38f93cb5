"""Changes to archives: of members, by what they are, of their names and number, and of the packing itself."""

import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from random import Random

from tests.fuzz.mutate import raw
from tests.fuzz.target import Mutator

Members = list[tuple[str, bytes]]
_TIME = (1980, 1, 1, 0, 0, 0)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    lzma.LZMAError,
)


def members_of(data: bytes) -> Members:
    """Names and bytes of a zip's members; none of one that cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [(one.filename, archive.read(one)) for one in archive.infolist() if one.file_size < 1 << 20]
    except Exception:  # whatever the standard library says of a spoiled archive
        return []


def zip_of(members: Sequence[tuple[str, bytes]], *, packed: bool = False) -> bytes:
    """A zip of these members, the same bytes for the same members. A name may be there twice."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
        for name, content in members:
            info = zipfile.ZipInfo(name or "x", _TIME)
            info.compress_type = archive.compression
            archive.NameToInfo.pop(info.filename, None)  # no warning of a name that is there already
            archive.writestr(info, content)
    return stream.getvalue()


def zipped(inner: Mapping[str, Mutator], names: Sequence[str] = ()) -> Mutator:
    """A zip changed by members. inner: how a member is changed, by the end of its name; names: to call one by."""
    plain = raw.raw((b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"))

    def mutate(data: bytes, rng: Random) -> bytes:
        members = members_of(data)
        if not members or rng.random() < 0.12:
            return plain(data, rng)
        for _ in range(rng.choice((1, 1, 1, 2))):
            _change(members, inner, names, rng)
        return zip_of(members, packed=rng.random() < 0.3)

    return mutate


def _change(members: Members, inner: Mapping[str, Mutator], names: Sequence[str], rng: Random) -> None:
    at = rng.randrange(len(members))
    name, content = members[at]
    match rng.randrange(16):
        case 0 if len(members) > 1:
            del members[at]
        case 1:
            other = rng.choice((name, name.upper(), name.replace("/", "\\"), f"/{name}", f"./{name}", *names))
            members.insert(rng.randint(0, len(members)), (other, _changed(name, content, inner, rng)))
        case 2:
            members[at] = (rng.choice((name.upper(), name.replace("/", "\\"), raw.text(name, rng), *names)), content)
        case 3 if len(members) > 1:
            members[at] = (name, rng.choice(members)[1])
        case 4:
            rng.shuffle(members)
        case _:
            members[at] = (name, _changed(name, content, inner, rng))


def _changed(name: str, content: bytes, inner: Mapping[str, Mutator], rng: Random) -> bytes:
    way = next((way for end, way in inner.items() if name.lower().endswith(end)), None)
    return (way or raw.raw())(content, rng)


def smaller_zip(data: bytes) -> Iterator[bytes]:
    """The zip without one of its members; then with one of them cut to half."""
    members = members_of(data)
    for at in range(len(members)):
        yield zip_of([*members[:at], *members[at + 1 :]])
    for at, (name, content) in enumerate(members):
        for piece in (b"", content[: len(content) // 2], content[len(content) // 2 :]):
            if len(piece) < len(content):
                yield zip_of([*members[:at], (name, piece), *members[at + 1 :]])


PACKINGS = (".gz", ".xz", ".lzma", ".zip")


def packed(suffix: str, data: bytes) -> bytes:
    """The bytes packed as a file of this ending is."""
    match suffix:
        case ".gz":
            return gzip.compress(data, mtime=0)
        case ".xz":
            return lzma.compress(data)
        case ".lzma":
            return lzma.compress(data, lzma.FORMAT_ALONE)
        case _:
            return zip_of([("sheets.csv", data)], packed=True)


def unpacked(suffix: str, data: bytes) -> bytes | None:
    """The inverse of `packed`; None where it cannot be undone."""
    try:
        match suffix:
            case ".gz":
                return gzip.decompress(data)
            case ".xz" | ".lzma":
                return lzma.decompress(data)
            case _:
                return members_of(data)[0][1]
    except (*_BROKEN, IndexError):
        return None


def repacked(suffix: str, inner: Mutator) -> Mutator:
    """A packed file: what is in it changed and packed again, packed pieces put together, or its own bytes changed."""
    plain = raw.raw()

    def mutate(data: bytes, rng: Random) -> bytes:
        content = unpacked(suffix, data)
        if content is None or rng.random() < 0.4:
            return plain(data, rng)
        if rng.random() < 0.15:
            return data + rng.choice((packed(suffix, content), b"\0" * rng.choice((1, 4, 100)), b"x"))
        return packed(suffix, inner(content, rng))

    return mutate
