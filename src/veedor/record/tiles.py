"""A tree as static files (C2SP tlog-tiles): where each tile and entry bundle lies, and what its bytes mean.

A tile at level l holds up to 256 hashes, each of a full tile of the level below (at level 0: of an entry). Files are
named by level, number and, while the tile is not full, its width. Parsing and formatting are inverses of each other.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from veedor.record.texts import SAID
from veedor.record.verify import MAX_ENTRY, MalformedError

WIDTH = 256
"""Hashes of a full tile, entries of a full bundle."""
HASH = 32
TILES = "tile"
"""The folder that all tiles and bundles lie in."""
MAX_LEVEL = 63
ENTRIES = -1
"""Stands in a Tile for the level of entry bundles, which lie below level 0."""

_GROUPS = re.compile(r"((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII)


@dataclass(frozen=True, kw_only=True, order=True)
class Tile:
    """One file of the tree: its level (ENTRIES for a bundle), number within the level, and width (256: full)."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Path below the log's address: tile/<L>/<N>[.p/<W>]; 1234067 is x001/x234/067."""
        level = "entries" if self.level == ENTRIES else str(self.level)
        groups = [f"{self.number % 1000:03}"]
        rest = self.number // 1000
        while rest:
            groups.insert(0, f"x{rest % 1000:03}")
            rest //= 1000
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"{TILES}/{level}/{'/'.join(groups)}{partial}"

    @property
    def parent(self) -> "Tile":
        """The full tile above, whose hash number `self.number % 256` is this tile's root."""
        return Tile(level=self.level + 1, number=self.number // WIDTH)


def parse_tile_path(path: str) -> Tile:
    """The tile that lies at a path such as tile/0/x001/x234/067.p/89 or tile/entries/000."""
    prefix, _, rest = path.partition("/")
    level, _, name = rest.partition("/")
    match = _GROUPS.fullmatch(name)
    known = level == "entries" or (re.fullmatch("0|[1-9][0-9]?", level, re.ASCII) and int(level) <= MAX_LEVEL)
    if prefix != TILES or not known or match is None or int(match[2] or 1) >= WIDTH:
        raise MalformedError(f"not the path of a tile: {path[:80]!r}")
    number = int(match[1].replace("x", "").replace("/", ""))
    tile = Tile(
        level=ENTRIES if level == "entries" else int(level), number=number, width=int(match[2]) if match[2] else WIDTH
    )
    if tile.path != path:  # superfluous leading groups of zeros
        raise MalformedError(f"not the path of a tile: {path[:80]!r}")
    return tile


def tiles_of_level(size: int, level: int) -> Iterator[Tile]:
    """Every tile that a log of this size has at one level, from left to right; the last may be partial."""
    hashes = size >> (8 * max(level, 0))
    for number in range(hashes // WIDTH):
        yield Tile(level=level, number=number)
    if hashes % WIDTH:
        yield Tile(level=level, number=hashes // WIDTH, width=hashes % WIDTH)


def partial_tiles(size: int) -> list[Tile]:
    """The partial tile of every level that has one, from level 0 up: the right edge of the tree."""
    edge = []
    for level in range(MAX_LEVEL + 1):
        hashes = size >> (8 * level)
        if not hashes:
            break
        if hashes % WIDTH:
            edge.append(Tile(level=level, number=hashes // WIDTH, width=hashes % WIDTH))
    return edge


def levels_of(size: int) -> int:
    """Number of levels of tiles in a log of this size."""
    return (size.bit_length() + 7) // 8


def pack_hashes(hashes: Iterable[bytes]) -> bytes:
    """A tile's bytes."""
    return b"".join(hashes)


def unpack_hashes(data: bytes, tile: Tile) -> list[bytes]:
    """A tile's hashes; exactly as many as its width says."""
    if len(data) != tile.width * HASH:
        raise MalformedError(SAID.say("fault.bytes", file=tile.path, found=len(data), wanted=tile.width * HASH))
    return [data[at : at + HASH] for at in range(0, len(data), HASH)]


def pack_entries(entries: Sequence[bytes]) -> bytes:
    """An entry bundle: for each entry its length as big-endian uint16, then its bytes."""
    return b"".join(part for entry in entries for part in (len(entry).to_bytes(2, "big"), entry))


def unpack_entries(data: bytes, tile: Tile) -> list[bytes]:
    """The entries of a bundle; exactly as many as its width says, and nothing after them."""
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if at + 2 > len(data) or end > len(data):
            raise MalformedError(SAID.say("fault.cut_short", file=tile.path, index=len(entries)))
        entries.append(data[at + 2 : end])
        at = end
    if len(entries) != tile.width:
        raise MalformedError(SAID.say("fault.entries", file=tile.path, found=len(entries), wanted=tile.width))
    return entries


def check_entry(entry: bytes) -> bytes:
    """An entry as it may stand in a bundle: at most 65,535 bytes."""
    if len(entry) > MAX_ENTRY:
        raise MalformedError(f"an entry of {len(entry)} bytes; at most {MAX_ENTRY} fit")
    return entry
