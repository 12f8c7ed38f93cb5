"""Reading a log: hashes and proofs from its tiles, its entries, and which of its files are not what was signed."""

from collections.abc import Iterator
from functools import lru_cache

from veedor.record.errors import DamagedError, MalformedError
from veedor.record.frontier import Frontier
from veedor.record.merkle import Node, leaf_hash, parents, root_of_hashes, root_of_tree
from veedor.record.source import Source, allow, read_tile
from veedor.record.texts import SAID
from veedor.record.tiles import ENTRIES, WIDTH, Tile, pack_hashes, partial_tiles, tiles_of_level, unpack_entries
from veedor.record.tiles import unpack_hashes as unpack
from veedor.record.verify import Checkpoint
from veedor.saying import joined, message_of

CACHED_TILES = 1024
NAMED = 20
MOST_FAULTS = 1000


def tile_at(size: int, level: int, number: int) -> Tile:
    """The tile of that level and number as a log of this size has it: full, or partial at the right edge."""
    width = min(WIDTH, (size >> (8 * max(level, 0))) - number * WIDTH)
    return Tile(level=level, number=number, width=width)


def node_reader(source: Source, size: int) -> Node:
    """The hash of any perfect subtree of a log of this size, from its tiles. Nothing is verified: check the result."""

    @lru_cache(maxsize=CACHED_TILES)
    def hashes(level: int, number: int) -> list[bytes]:
        tile = tile_at(size, level, number)
        return unpack(read_tile(source, tile), tile)

    def node(level: int, number: int) -> bytes:
        tile_level, height = divmod(level, 8)
        first = number << height
        at = first % WIDTH
        return root_of_hashes(hashes(tile_level, first // WIDTH)[at : at + (1 << height)])

    return node


def read_bundle(source: Source, tile: Tile) -> list[bytes]:
    """The entries of one bundle. Nothing is verified but its form."""
    return unpack_entries(read_tile(source, tile), tile)


def read_entries(source: Source, size: int) -> Iterator[bytes]:
    """All entries of a log of this size, in order. Nothing is verified but the form of the bundles."""
    allow(source, size)
    for tile in tiles_of_level(size, ENTRIES):
        yield from read_bundle(source, tile)


def read_entry(source: Source, size: int, index: int) -> bytes:
    """One entry. Nothing is verified but the form of its bundle."""
    return read_bundle(source, tile_at(size, ENTRIES, index // WIDTH))[index % WIDTH]


def verified_entries(source: Source, checkpoint: Checkpoint) -> list[bytes]:
    """All entries, shown to be those that the checkpoint's root binds; DamagedError, with names, if they are not."""
    entries = list(read_entries(source, checkpoint.size))
    if root_of_hashes([leaf_hash(entry) for entry in entries]) != checkpoint.root:
        raise DamagedError(joined("\n", faults(source, checkpoint)))
    return entries


def check_edge(source: Source, checkpoint: Checkpoint) -> None:
    """Raise DamagedError, with names, unless the log's right edge gives the checkpoint's root. One tile a level."""
    try:
        root = root_of_tree(checkpoint.size, node_reader(source, checkpoint.size))
    except (MalformedError, DamagedError):
        root = None
    if root != checkpoint.root:
        raise DamagedError(joined("\n", faults(source, checkpoint)))


class Reading:
    """A log read from its first entry to its last, one bundle in memory; its tiles must be what its entries give.

    altered: of the hash tiles, those that are not what the entries give, or are not to be had; the first of them.
    root: what the entries give; None until the last is read.
    """

    def __init__(self, source: Source, size: int) -> None:
        self.source, self.size = source, size
        self.altered: list[str] = []
        self.root: bytes | None = None

    def entries(self) -> Iterator[bytes]:
        """The entries, in order."""
        allow(self.source, self.size)
        frontier = Frontier(self._compare)
        for tile in tiles_of_level(self.size, ENTRIES):
            bundle = read_bundle(self.source, tile)
            yield from bundle
            frontier.add([leaf_hash(entry) for entry in bundle])
            del bundle  # of up to 16 MB, and the next is about to be read
        for tile, hashes in frontier.partial():
            self._compare(tile, hashes)
        self.root = frontier.root()

    def _compare(self, tile: Tile, hashes: list[bytes]) -> None:
        if len(self.altered) == NAMED:
            return
        try:
            if read_tile(self.source, tile) != pack_hashes(hashes):
                self.altered.append(SAID.say("fault.altered", log=self.source.name, file=tile.path))
        except (MalformedError, DamagedError) as error:
            self.altered.append(message_of(error))


def check_own(source: Source, checkpoint: Checkpoint) -> None:
    """Raise DamagedError, with names, unless every entry and tile is what the checkpoint's root binds."""
    reading = Reading(source, checkpoint.size)
    try:
        for _ in reading.entries():
            pass
    except (MalformedError, DamagedError):
        reading.root = None
    if reading.root != checkpoint.root or reading.altered:
        raise DamagedError(joined("\n", faults(source, checkpoint) or reading.altered))


def faults(source: Source, checkpoint: Checkpoint, most: int = MOST_FAULTS) -> list[str]:
    """Faults of a log's files against its signed checkpoint, file by file; empty if all is as signed.

    From the root down: the right edge must give the root; every tile must give the hash that its parent has for it;
    every entry the hash that the tile of level 0 has for it. So the file named is the one that was altered. Ends when
    `most` are named, and says so.
    """
    allow(source, checkpoint.size)
    found: list[str] = []
    files = _Files(source, checkpoint.size, found, most)
    try:
        edge = {tile.level: tile for tile in partial_tiles(checkpoint.size)}
        known = {tile: hashes for tile in edge.values() if (hashes := files.hashes(tile)) is not None}
        if len(known) == len(edge) and _root(checkpoint.size, known) != checkpoint.root:
            known = _altered_edge(files, checkpoint, known)
        for tile in edge.values():
            _descend(files, tile, known.get(tile))
    except _EnoughError:
        found.append(SAID.say("fault.may_be_more", log=source.name, most=most))
    return found


class _EnoughError(Exception):
    """As many faults are named as were asked for."""


class _Files:
    """A log's files as lists of hashes or entries; what is missing or cut short is noted."""

    def __init__(self, source: Source, size: int, found: list[str], most: int) -> None:
        self.source, self.size, self.found, self.most = source, size, found, most

    def note(self, message: str) -> None:
        """Name a fault."""
        self.found.append(message)
        if len(self.found) >= self.most:
            raise _EnoughError

    def hashes(self, tile: Tile, *, note: bool = True) -> list[bytes] | None:
        """A tile's hashes (a bundle's: of its entries), None where they cannot be had."""
        try:
            data = read_tile(self.source, tile)
            return [leaf_hash(entry) for entry in unpack_entries(data, tile)] if tile.level < 0 else unpack(data, tile)
        except (MalformedError, DamagedError) as error:
            if note:
                self.note(message_of(error))
            return None

    def below(self, tile: Tile) -> list[bytes] | None:
        """A tile's hashes as the files of the level below give them."""
        if tile.level == 0:
            return self.hashes(Tile(level=ENTRIES, number=tile.number, width=tile.width), note=False)
        first = tile.number * WIDTH
        children = [
            self.hashes(Tile(level=tile.level - 1, number=number), note=False)
            for number in range(first, first + tile.width)
        ]
        return [root_of_hashes(child or []) for child in children]


def _root(size: int, known: dict[Tile, list[bytes]]) -> bytes:
    def node(level: int, number: int) -> bytes:
        tile_level, height = divmod(level, 8)
        first = number << height
        hashes = known[tile_at(size, tile_level, first // WIDTH)]
        return root_of_hashes(hashes[first % WIDTH : first % WIDTH + (1 << height)])

    return root_of_tree(size, node)


def _altered_edge(files: _Files, checkpoint: Checkpoint, known: dict[Tile, list[bytes]]) -> dict[Tile, list[bytes]]:
    """Name the tile of the right edge that, rebuilt from the level below, gives the root again."""
    differing = {}
    for tile, hashes in known.items():
        expected = files.below(tile)
        if expected is not None and expected != hashes:
            differing[tile] = expected
            if _root(checkpoint.size, {**known, tile: expected}) == checkpoint.root:
                files.note(SAID.say("fault.altered", log=files.source.name, file=tile.path))
                return {**known, tile: expected}
    repaired = {**known, **differing}
    if _root(checkpoint.size, repaired) == checkpoint.root:
        for tile in differing:
            files.note(SAID.say("fault.altered", log=files.source.name, file=tile.path))
        return repaired
    names = ", ".join(tile.path for tile in known)
    files.note(SAID.say("fault.root", log=files.source.name, tiles=names))
    return known if not differing else {}


def _descend(files: _Files, tile: Tile, hashes: list[bytes] | None) -> None:
    """What is below a tile must be as its hashes say; None if they are not known: then only what is below them."""
    if tile.level == 0:
        _check_bundle(files, Tile(level=ENTRIES, number=tile.number, width=tile.width), hashes)
        return
    for at in range(tile.width):
        child = Tile(level=tile.level - 1, number=tile.number * WIDTH + at)
        below = files.hashes(child)
        if below is not None and hashes is not None and root_of_hashes(below) != hashes[at]:
            files.note(SAID.say("fault.altered", log=files.source.name, file=child.path))
            below = None
        _descend(files, child, below)


def _check_bundle(files: _Files, tile: Tile, expected: list[bytes] | None) -> None:
    hashes = files.hashes(tile)
    if hashes is None or expected is None or hashes == expected:
        return
    first = next(at for at, pair in enumerate(zip(hashes, expected, strict=True)) if pair[0] != pair[1])
    differing = sum(here != there for here, there in zip(hashes, expected, strict=True))
    about = {"log": files.source.name, "file": tile.path, "index": str(tile.number * WIDTH + first)}
    if differing > 1:
        files.note(SAID.say("fault.altered_entries", more=differing - 1, **about))
    else:
        files.note(SAID.say("fault.altered_entry", **about))


def all_levels(entries: list[bytes]) -> list[list[bytes]]:
    """Every level of the tree over these entries, leaves first: for many proofs at once."""
    levels = [[leaf_hash(entry) for entry in entries]]
    while len(levels[-1]) > 1:
        levels.append(parents(levels[-1]))
    return levels
