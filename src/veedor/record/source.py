"""Where a log is read from: a folder, or the address of any web server that publishes that folder."""

from pathlib import Path
from typing import Protocol

from veedor.record.budget import Budget
from veedor.record.errors import DamagedError, LogError
from veedor.record.texts import SAID
from veedor.record.tiles import ENTRIES, HASH, WIDTH, Tile
from veedor.record.verify import MAX_ENTRY, MAX_NOTE
from veedor.record.web import ask
from veedor.rim import foreign

CHECKPOINT = "checkpoint"


class Source(Protocol):
    """Whatever a log is read from. name: what messages call it. budget: what reading it may take, None: anything."""

    name: str
    budget: Budget | None

    def read(self, path: str, limit: int) -> bytes:
        """The bytes of one file of the log; DamagedError if it is missing or longer than limit."""
        ...


class Folder:
    """A log in a folder of this machine."""

    def __init__(self, folder: Path, budget: Budget | None = None) -> None:
        self.folder = folder
        self.name = str(folder)
        self.budget = budget

    def read(self, path: str, limit: int) -> bytes:
        """The bytes of one file of the log; DamagedError if it is missing or longer than limit."""
        try:
            with foreign.open_file(self.folder / path) as stream:
                data = stream.read(limit + 1)
        except foreign.MissingFileError:
            raise DamagedError(SAID.say("fault.missing", log=self.name, file=path)) from None
        except foreign.ForeignError as error:  # a pipe that nobody writes to, a device, a folder
            raise DamagedError(error.said) from None
        except OSError as error:
            raise LogError(
                SAID.say("unreadable.file", log=self.name, file=path, why=error.strerror or str(error))
            ) from None
        if len(data) > limit:
            raise DamagedError(SAID.say("fault.too_large", log=self.name, file=path, most=limit))
        if self.budget is not None:
            self.budget.left()
            self.budget.spend(len(data))
        return data


class Address:
    """A log behind an address, such as https://example.org/log."""

    def __init__(self, url: str, *, seconds: float = 20, budget: Budget | None = None) -> None:
        self.name = url.rstrip("/")
        self.seconds = seconds
        self.budget: Budget | None = budget or Budget()

    def read(self, path: str, limit: int) -> bytes:
        """The bytes of one file of the log; DamagedError if it is missing, LogError if the server does not answer."""
        assert self.budget is not None
        seconds = min(self.seconds, self.budget.left())
        try:
            answer = ask("GET", f"{self.name}/{path}", seconds=seconds, limit=limit)
        except LogError:
            self.budget.left()  # given up because the time of the whole was over: that is what to say
            raise
        self.budget.spend(len(answer.body))
        if answer.status == 404:
            raise DamagedError(SAID.say("fault.missing", log=self.name, file=path))
        if answer.status != 200:
            raise LogError(SAID.say("unreadable.status", log=self.name, file=path, status=answer.status))
        return answer.body


def source_of(place: str, budget: Budget | None = None) -> Source:
    """A log's folder or address. budget: None gives an address the usual one, a folder none."""
    if place.startswith(("http://", "https://")):
        return Address(place, budget=budget)
    return Folder(Path(place), budget)


def allow(source: Source, size: int) -> None:
    """LimitError if a log of this size is not to be read whole from this source."""
    if source.budget is not None:
        source.budget.allow(size)


def read_checkpoint(source: Source) -> bytes:
    """The log's signed checkpoint, as it stands."""
    return source.read(CHECKPOINT, MAX_NOTE)


def read_tile(source: Source, tile: Tile) -> bytes:
    """A tile's or bundle's bytes. Where the partial one is gone, the full one stands in, as tlog-tiles allows."""
    limit = WIDTH * (MAX_ENTRY + 2) if tile.level == ENTRIES else WIDTH * HASH
    try:
        return source.read(tile.path, limit)
    except DamagedError:
        if tile.width == WIDTH:
            raise
        missing = tile.path
    try:
        data = source.read(Tile(level=tile.level, number=tile.number).path, limit)
    except DamagedError:
        raise DamagedError(SAID.say("fault.missing", log=source.name, file=missing)) from None
    return data[: tile.width * HASH] if tile.level != ENTRIES else _first_entries(data, tile.width)


def _first_entries(data: bytes, count: int) -> bytes:
    at = 0
    for _ in range(count):
        at += 2 + int.from_bytes(data[at : at + 2], "big")
    return data[:at]
