"""An election with its published sheets in memory: what the rooms are run on."""

import datetime as dt
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

import polars as pl

from veedor.audit.protocol.folder import public_files
from veedor.document import Json
from veedor.dossier.geography import Geography, Ints, geography_of
from veedor.election import Contest, Count, Election
from veedor.errors import Fault
from veedor.rim.unchanged import changed
from veedor.sheets import Series
from veedor.sheets.dataset import Dataset
from veedor.sheets.formats.unpack import RawFile, raw_file
from veedor.sheets.publications import publications


@dataclass(frozen=True, kw_only=True)
class Publication:
    """One snapshot of one count. number: its position among all of them, as the data files call it."""

    number: int
    count: Count
    when: dt.datetime
    last: bool


@dataclass(frozen=True, kw_only=True)
class ListedFile:
    """A raw file as the manifest lists it; count and snapshot (ISO 8601) of a file of sheets, else None."""

    file: str
    member: str | None
    count: str | None
    snapshot: str | None
    bytes: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A dataset with what else a dossier is made of.

    dataset: named as commands call the election. raw: the files that were read, as the manifest lists them.
    claims: the bytes of its claims.toml, if there is one.
    record: folder of the log of these sheets; audit: folder of an audit of them; if the dossier is to show them.
    mixture: the mixture's figures, run beforehand (`derive.mixture`), if it is to show those.
    cut: the time of the stop that the interruption's page is about, ISO 8601, where it was asked for.
    url: the address at which the dossier is published, with a slash at its end, where that was said.
    aside: who takes some of the work while a dossier is made (`derive.worker`).
    """

    dataset: Dataset
    raw: tuple[ListedFile, ...]
    claims: bytes | None = None
    record: Path | None = None
    audit: Path | None = None
    mixture: Mapping[str, Json] | None = None
    cut: str | None = None
    url: str | None = None
    aside: Executor | None = None

    @property
    def election(self) -> Election:
        """The election that the dossier is about."""
        return self.dataset.election

    @property
    def contest(self) -> Contest:
        """The contest that the dossier is about."""
        return self.dataset.contest

    @property
    def name(self) -> str:
        """The election as commands call it."""
        return self.dataset.name

    @property
    def definition(self) -> bytes:
        """The bytes of its election.toml."""
        return self.dataset.definition

    @property
    def series(self) -> Mapping[str, Series]:
        """Every count's snapshots, by its id, in the definition's order."""
        return self.dataset.read()

    @property
    def count(self) -> Count:
        """The count that the dossier shows."""
        return self.dataset.default_count

    @property
    def left_out(self) -> tuple[Fault, ...]:
        """Rows that could not be read, of all counts."""
        return self.dataset.left_out

    @property
    def publications(self) -> tuple[Publication, ...]:
        """Every snapshot, count by count, oldest first."""
        states = [
            (one.count, when, when == one.snapshots[-1]) for one in self.series.values() for when in one.snapshots
        ]
        return tuple(
            Publication(number=number, count=count, when=when.astimezone(self.election.zone), last=last)
            for number, (count, when, last) in enumerate(states)
        )

    def publications_of(self, count: str) -> tuple[Publication, ...]:
        """The snapshots of one count, oldest first."""
        return tuple(state for state in self.publications if state.count.id == count)

    @cached_property
    def audit_files(self) -> dict[str, bytes]:
        """The public files of the audit, by their path in its folder."""
        return {} if self.audit is None else public_files(self.audit)

    @cached_property
    def geography(self) -> Geography:
        """Places and stations in the dossier's order: those of the count shown, and those that only others have."""
        main = self.series[self.count.id]
        others = [one.changes for one in self.series.values()]
        return geography_of(self.election, main.at(), [one[::-1] for one in others])

    @cached_property
    def present(self) -> tuple[Ints, ...]:
        """For each publication int[station]: 1 where it holds the station's sheet."""
        stations = self.geography.stations["station"]
        states = (self.series[state.count.id].at(state.when)["station"] for state in self.publications)
        return tuple(stations.is_in(held.implode()).cast(pl.Int64).to_numpy() for held in states)

    def table(self, count: str) -> pl.DataFrame:
        """The last state of a count."""
        return self.dataset.table(self.election.count_named(count))


def open_sheets(
    dataset: Dataset,
    *,
    claims: bytes | None = None,
    record: Path | None = None,
    audit: Path | None = None,
    cut: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Opened:
    """Read every count's snapshots. Raises InputError, MissingDataError.

    Raises ChangedError where a file that other figures will be made of is no longer what this command read before.
    """
    series = dataset.read(progress)
    return Opened(
        dataset=dataset,
        raw=tuple(raw_files(dataset.election, dataset.folder, series)),
        claims=claims,
        record=record,
        audit=audit,
        cut=cut,
    )


def raw_files(election: Election, data: Path, series: Mapping[str, Series] | None = None) -> list[ListedFile]:
    """The files that are read: name, bytes and SHA-256 of each; count and snapshot of those of a count.

    Logs, groupings and earlier votes that the definition names come last, those that are there. series: of the files
    that they were read from, what is listed is what was read then, whatever lies there now.
    """
    known = {
        (count, when, one.file, one.member): one for count, each in (series or {}).items() for when, one in each.files
    }
    found = []
    for count in election.counts:
        for publication in publications(election, count, data):
            when = publication.when.astimezone(election.zone).isoformat()
            for file in publication.files:
                member = file.source.member
                raw = known.pop((count.id, publication.when, PurePosixPath(file.name).as_posix(), member), None)
                raw = raw or raw_file(file.path, file.name, within=file.folder, member=member)
                found.append(_raw_file(raw, count.id, when))
    for _, _, name, _ in known:
        raise changed(data / name)
    named = dict.fromkeys((table.file, table.member) for table in election.plain_tables)
    return found + [
        _raw_file(raw_file(data / name, name, within=data, member=member), None, None)
        for name, member in named
        if (data / name).is_file()
    ]


def _raw_file(raw: RawFile, count: str | None, snapshot: str | None) -> ListedFile:
    return ListedFile(
        file=raw.file, member=raw.member, count=count, snapshot=snapshot, bytes=raw.bytes, sha256=raw.sha256
    )
