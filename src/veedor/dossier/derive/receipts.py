"""Receipts of a record in chunks: what receipts share is written once, and a station's page puts its own together.

A receipt is the lines of its head, of its path to the root, an empty line and the checkpoint
(`veedor.record.receipts`). Receipts of one log share the checkpoint, and those of neighbours most of their path. A
chunk holds the stations from one position of the dossier's order up to another, as columns:

  checkpoint  text, the same in every receipt
  nodes       hashes of the tree, base64
  station     identifiers; `name` is the file's name of the receipt where it is not the station's, else null
  index       position of the entry in the log; `entry` the entry itself, base64
  path        int[receipt][step]: positions in `nodes`
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from veedor.document import Json
from veedor.record.receipts import Parts

MOST = 190_000
"""Bytes of a chunk, but for the last receipt of it; what a page loads when a reader takes a receipt."""

_HASH = 48
_STEP = 6
_ROW = 40
"""About how many bytes of a script a hash takes, a step of a path, and the rest of a receipt."""


@dataclass(kw_only=True)
class _Chunk:
    checkpoint: str
    nodes: dict[str, int] = field(default_factory=dict)
    rows: list[tuple[str, str | None, int, str, list[int]]] = field(default_factory=list)
    bytes: int = 0

    def add(self, station: str, name: str, index: int, entry: str, path: Sequence[str]) -> None:
        """Take one receipt."""
        before = len(self.nodes)
        steps = [self.nodes.setdefault(node, len(self.nodes)) for node in path]
        self.rows.append((station, None if name == station else name, index, entry, steps))
        self.bytes += _ROW + 2 * len(station) + len(entry) + _HASH * (len(self.nodes) - before) + _STEP * len(steps)

    def value(self) -> Mapping[str, Json]:
        """As the data file holds it."""
        columns = ("station", "name", "index", "entry", "path")
        return {
            "checkpoint": self.checkpoint,
            "nodes": list(self.nodes),
            **{column: [row[place] for row in self.rows] for place, column in enumerate(columns)},
        }


@dataclass(frozen=True, kw_only=True)
class Chunks:
    """values: one for each data file. bounds: the position of the first station of each, and the number of stations.

    absent: runs [first, after the last) of positions of stations without a receipt.
    """

    values: Sequence[Mapping[str, Json]]
    bounds: Sequence[int]
    absent: Sequence[tuple[int, int]]


def in_order(stations: Sequence[str], held: Iterable[str]) -> list[str]:
    """The stations with a receipt in the order of chunks: the dossier's, then those that the dossier does not show."""
    known = set(held)
    shown = [station for station in stations if station in known]
    return [*shown, *sorted(known.difference(shown))]


def receipt_chunks(stations: Sequence[str], held: Sequence[str], names: Mapping[str, str], made: Parts) -> Chunks:
    """Chunks of the receipts in `made`, which are those of the stations `held`, in that order (`in_order`).

    stations: all of the dossier, in its order; names: the receipt's file name by station.
    """
    at = {station: position for position, station in enumerate(stations)}
    text = made.checkpoint.decode()
    done: list[_Chunk] = []
    bounds = []
    for station, (index, entry, path) in zip(held, made.parts, strict=True):
        if not done or done[-1].bytes + len(text) >= MOST:
            done.append(_Chunk(checkpoint=text))
            bounds.append(at.get(station, len(stations)))
        done[-1].add(station, names[station], index, entry, path)
    have = set(held)
    return Chunks(
        values=[one.value() for one in done],
        bounds=[*bounds, len(stations)],
        absent=list(_runs(position for position, station in enumerate(stations) if station not in have)),
    )


def _runs(positions: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Runs of whole numbers that follow each other: [first, after the last)."""
    start = end = None
    for position in positions:
        if end is None or position != end:
            if start is not None and end is not None:
                yield start, end
            start = position
        end = position + 1
    if start is not None and end is not None:
        yield start, end
