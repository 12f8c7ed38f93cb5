"""Writing a log: a folder of static files that only ever grows, with one signed checkpoint over all of it.

The order of writing makes it safe against a crash at any moment: first the new entries and tiles, all under names that
the published checkpoint does not cover; then wait until they are on disk; only then sign, and replace the checkpoint in
one step. What is left over from an append that did not get so far is overwritten by the next.
"""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from veedor.record.errors import BusyError, DamagedError, LogError, MalformedError
from veedor.record.files import flush, write_atomically
from veedor.record.frontier import Frontier
from veedor.record.keys import SigningKey
from veedor.record.merkle import EMPTY_ROOT, leaf_hash
from veedor.record.reader import check_edge, node_reader, read_bundle, tile_at
from veedor.record.source import CHECKPOINT, Folder, read_checkpoint
from veedor.record.tiles import ENTRIES, TILES, WIDTH, Tile, check_entry, levels_of, pack_entries, pack_hashes
from veedor.record.verify import (
    ED25519,
    MAX_NOTE,
    Checkpoint,
    Key,
    Note,
    parse_checkpoint,
    parse_key,
    parse_note,
    verify_note,
)
from veedor.rim.hostile_json import JsonError, a_text, an_array, loads_object

DESCRIPTION, HISTORY, LOCK = "log.json", "checkpoints", ".lock"
MAX_DESCRIPTION = 1 << 16


@dataclass(frozen=True, kw_only=True)
class Head:
    """A log as it stands: who it is (origin and the keys bound to it) and its checkpoint, verified."""

    keys: tuple[Key, ...]
    note: Note
    checkpoint: Checkpoint


def create_log(folder: Path, origin: str, keys: Sequence[SigningKey]) -> Head:
    """Found a log: its description and the signed checkpoint of an empty tree. The folder must not hold one yet."""
    if not origin.isprintable() or not origin or origin != origin.strip():
        raise MalformedError(f"not an origin: {origin!r} (one line, such as example.org/elections/2025)")
    if not any(key.type == ED25519 for key in keys):
        raise MalformedError("a log needs an Ed25519 key; others may stand beside it")
    if any((folder / name).exists() for name in (CHECKPOINT, TILES)):
        raise LogError(f"{folder} already holds a log")
    public = [key.public for key in keys]
    if (folder / DESCRIPTION).exists() and _read_description(folder) != (origin, tuple(public)):
        raise LogError(f"{folder} already holds a log")  # the very same description: its founding was killed
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LogError(f"{folder} cannot be made: {error.strerror}") from None
    with _locked(folder):
        _describe(folder, origin, public)
        _publish(folder, _sign(Checkpoint(origin=origin, size=0, root=EMPTY_ROOT), keys))
    return read_head(folder)


def read_head(folder: Path) -> Head:
    """The log's checkpoint, signed by its own keys for its own origin, and its right edge as the root says."""
    source = Folder(folder)
    origin, keys = _read_description(folder)
    note = parse_note(read_checkpoint(source))
    checkpoint = parse_checkpoint(note.text)
    if checkpoint.origin != origin:
        raise DamagedError(f"{folder}: the checkpoint is of {checkpoint.origin!r}, the log is {origin!r}")
    verify_note(note, keys)
    check_edge(source, checkpoint)
    return Head(keys=keys, note=note, checkpoint=checkpoint)


def _read_description(folder: Path) -> tuple[str, tuple[Key, ...]]:
    """The log's origin and keys."""
    try:
        description = loads_object(Folder(folder).read(DESCRIPTION, MAX_DESCRIPTION), DESCRIPTION)
        origin = a_text(description["origin"], "origin")
        keys = tuple(parse_key(a_text(vkey, "a key")) for vkey in an_array(description["keys"], "keys"))
    except (JsonError, KeyError):
        raise DamagedError(f"{folder}: {DESCRIPTION} is not the description of a log") from None
    return origin, keys


def append_entries(folder: Path, entries: Iterable[bytes], keys: Sequence[SigningKey]) -> Checkpoint:
    """Add entries, sign the new checkpoint and publish it. When this returns, they are on disk and covered by it.

    Atomic: on any failure (LogError, BusyError, MalformedError) the log ends where it ended before. Streams: no more
    than one bundle of entries is in memory.
    """
    with _locked(folder):
        head = read_head(folder)
        _check_keys(head, keys)
        if not (folder / HISTORY / str(head.checkpoint.size)).exists():  # killed between the two renames of _publish
            _publish(folder, head.note)
        edge = _extend(folder, head.checkpoint.size, entries)
        if edge.size == head.checkpoint.size:
            return head.checkpoint
        checkpoint = Checkpoint(origin=head.checkpoint.origin, size=edge.size, root=edge.frontier.root())
        _publish(folder, _sign(checkpoint, keys))
        return checkpoint


def mirror_entries(folder: Path, keys: Sequence[Key], entries: Iterable[bytes], note: Note) -> None:
    """Follow another's log in a folder of our own: add the entries that its checkpoint has beyond ours, then that.

    keys: the log's own. note: verified by the caller. DamagedError, and our copy as before, if the root is another.
    """
    checkpoint = parse_checkpoint(note.text)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LogError(f"{folder} cannot be made: {error.strerror}") from None
    with _locked(folder):
        started = (folder / CHECKPOINT).exists()
        edge = _extend(folder, read_head(folder).checkpoint.size if started else 0, entries)
        if edge.size != checkpoint.size or edge.frontier.root() != checkpoint.root:
            raise DamagedError(f"{folder}: these entries do not give the root of the checkpoint of {checkpoint.size}")
        if not started:
            _describe(folder, checkpoint.origin, keys)
        _publish(folder, note)


def _extend(folder: Path, size: int, entries: Iterable[bytes]) -> "_Edge":
    """Write entries and tiles beyond size, and wait until they are on disk."""
    edge = _Edge(folder, size)
    try:
        edge.add(entries)
        edge.finish()
    except OSError as error:
        where = error.filename or folder
        raise LogError(f"{where} could not be written: {error.strerror}. The log still ends at entry {size}") from error
    return edge


def _describe(folder: Path, origin: str, keys: Sequence[Key]) -> None:
    description = {"origin": origin, "keys": list(map(str, keys))}
    write_atomically({folder / DESCRIPTION: (json.dumps(description, indent=1) + "\n").encode()})


def add_signatures(folder: Path, note: Note) -> Note:
    """Put a note's signature lines on the log's checkpoint of the same text. Verify them before."""
    with _locked(folder):
        head = read_head(folder)
        if note.text != head.note.text:
            raise LogError(f"{folder}: the log grew meanwhile; its new checkpoint needs cosignatures of its own")
        lines = dict.fromkeys([*head.note.signatures, *note.signatures])
        latest = {(line.name, line.key_id): line for line in lines}  # a newer cosignature takes the older one's place
        merged = Note(text=note.text, signatures=tuple(latest.values()))
        _publish(folder, merged)
        return merged


def checkpoints_of(folder: Path) -> list[Note]:
    """All checkpoints this log ever published, smallest first, each with the cosignatures that it gathered."""
    names = [path.name for path in (folder / HISTORY).glob("*") if path.name.isdecimal() and path.name.isascii()]
    source = Folder(folder)
    return [parse_note(source.read(f"{HISTORY}/{name}", MAX_NOTE)) for name in sorted(names, key=int)]


def _sign(checkpoint: Checkpoint, keys: Sequence[SigningKey]) -> Note:
    """The checkpoint signed by the log. Its time stays 0 where the signature has one: a log states no time."""
    return Note(text=str(checkpoint), signatures=tuple(key.sign(str(checkpoint)) for key in keys))


def _publish(folder: Path, note: Note) -> None:
    """Replace the checkpoint in one step, and keep a copy under its size."""
    data = str(note).encode()
    copy = folder / HISTORY / str(parse_checkpoint(note.text).size)
    try:
        copy.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise LogError(f"{copy.parent} cannot be made: {error.strerror}") from None
    write_atomically({folder / CHECKPOINT: data, copy: data})


def _check_keys(head: Head, keys: Sequence[SigningKey]) -> None:
    public = {key.public for key in keys}
    if public != set(head.keys):
        wanted = ", ".join(f"{key.name} ({key.id.hex()})" for key in head.keys)
        raise MalformedError(f"the keys given are not the log's own; it signs with {wanted}")


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Be the only writer; the lock goes with the process, however it ends. Clears what a killed one left behind."""
    try:
        descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise LogError(f"{folder} cannot be written: {error.strerror}") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for leftover in [*folder.glob(f".{CHECKPOINT}.*"), *(folder / HISTORY).glob(".*")]:
            leftover.unlink()
        yield
    except BlockingIOError:
        raise BusyError(f"{folder}: another process writes this log now; try again when it is done") from None
    finally:
        os.close(descriptor)


class _Edge:
    """The end of a log on disk, where entries are added: the bundle and the tiles that are not full yet."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder, self.start = folder, size
        self.written: list[Path] = []
        source = Folder(folder)
        node = node_reader(source, size)
        levels: list[list[bytes]] = []
        for level in range(levels_of(size)):
            tile = tile_at(size, level, (size >> (8 * level)) // WIDTH)
            levels.append([node(8 * level, tile.number * WIDTH + at) for at in range(tile.width)])
        self.entries = read_bundle(source, tile_at(size, ENTRIES, size // WIDTH)) if size % WIDTH else []
        if [leaf_hash(entry) for entry in self.entries] != levels[0] if levels else False:
            raise DamagedError(f"{folder}: {tile_at(size, ENTRIES, size // WIDTH).path} was altered")
        self.frontier = Frontier(lambda tile, hashes: self._write(tile, pack_hashes(hashes)), size, levels)

    @property
    def size(self) -> int:
        """Entries so far."""
        return self.frontier.size

    def add(self, entries: Iterable[bytes]) -> None:
        """Take entries in; write every bundle and tile that becomes full."""
        supply = iter(entries)
        while chunk := list(islice(supply, WIDTH - len(self.entries))):
            self.entries += map(check_entry, chunk)
            if len(self.entries) == WIDTH:
                self._write(Tile(level=ENTRIES, number=self.size // WIDTH), pack_entries(self.entries))
                self.entries = []
            self.frontier.add([leaf_hash(entry) for entry in chunk])
            del chunk  # of up to 16 MB, before the next is read

    def finish(self) -> None:
        """Write the partial tiles that are new (never one that the old checkpoint covers), and wait for the disk."""
        if self.entries and self.size > self.start:
            tile = tile_at(self.size, ENTRIES, self.size // WIDTH)
            self._write(tile, pack_entries(self.entries))
        for tile, hashes in self.frontier.partial():
            if self.size >> (8 * tile.level) != self.start >> (8 * tile.level):
                self._write(tile, pack_hashes(hashes))
        flush(self.written)
        folders = {parent for path in self.written for parent in path.relative_to(self.folder).parents}
        flush(self.folder / parent for parent in folders)

    def _write(self, tile: Tile, data: bytes) -> None:
        path = self.folder / tile.path
        try:
            stream = path.open("wb")
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            stream = path.open("wb")
        with stream:
            stream.write(data)
        self.written.append(path)
