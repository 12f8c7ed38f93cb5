"""The right edge of a tree that grows from left to right, in constant memory: what fills a tile is handed on."""

from collections.abc import Callable, Iterator, Sequence

from veedor.record.merkle import root_of_hashes, root_of_tree
from veedor.record.tiles import WIDTH, Tile

Full = Callable[[Tile, list[bytes]], None]
"""Is handed each tile that is full, with its hashes."""


class Frontier:
    """For each level of tiles the hashes that do not fill a tile yet. size: leaves so far."""

    def __init__(self, full: Full, size: int = 0, levels: Sequence[list[bytes]] = ()) -> None:
        self.full, self.size = full, size
        self.levels = [list(hashes) for hashes in levels] or [[]]

    def add(self, leaves: Sequence[bytes]) -> None:
        """Take leaf hashes in."""
        at = 0
        while at < len(leaves):
            room = WIDTH - len(self.levels[0])
            part = leaves[at : at + room]
            self.levels[0] += part
            self.size += len(part)
            at += len(part)
            if len(self.levels[0]) == WIDTH:
                self._carry(0, self.size // WIDTH - 1)

    def _carry(self, level: int, number: int) -> None:
        """Hand on a full tile, and its hash to the level above, which may be full then."""
        hashes, self.levels[level] = self.levels[level], []
        self.full(Tile(level=level, number=number), hashes)
        if level + 1 == len(self.levels):
            self.levels.append([])
        self.levels[level + 1].append(root_of_hashes(hashes))
        if len(self.levels[level + 1]) == WIDTH:
            self._carry(level + 1, number // WIDTH)

    def partial(self) -> Iterator[tuple[Tile, list[bytes]]]:
        """The partial tile of every level that has one, from level 0 up."""
        for level, hashes in enumerate(self.levels):
            if hashes:
                number = (self.size >> (8 * level)) // WIDTH
                yield Tile(level=level, number=number, width=len(hashes)), hashes

    def root(self) -> bytes:
        """Root of the tree as it is now."""

        def node(level: int, number: int) -> bytes:
            tile_level, height = divmod(level, 8)
            at = (number << height) % WIDTH
            return root_of_hashes(self.levels[tile_level][at : at + (1 << height)])

        return root_of_tree(self.size, node)
