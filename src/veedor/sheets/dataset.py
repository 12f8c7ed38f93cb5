"""The opened election: its definition and what was published of it, each file read once, when it is first asked for.

It holds data and decides nothing but which count is meant. Whoever wants figures hands it to a room.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from veedor.command import Command
from veedor.election import Contest, Count, Election
from veedor.election.read import definition_bytes, election_of, find_definition
from veedor.errors import Fault
from veedor.sheets.at_hand import at_hand
from veedor.sheets.fetch import Offer, folder_of_data
from veedor.sheets.read import Sheets, read_series, read_sheets, snapshot_times, with_names_compared
from veedor.sheets.series import Series
from veedor.sheets.snapshot_names import snapshot_named
from veedor.sheets.spellings import first_of_each
from veedor.sheets.stations.alike import Stations

Progress = Callable[[int, int], None]


@dataclass(kw_only=True)
class _Read:
    """What was read so far: whole series by count, and single states by count and time.

    alike: whether stations are called alike in all counts.
    """

    series: dict[str, Series] = field(default_factory=dict)
    sheets: dict[tuple[str, dt.datetime | None], Sheets] = field(default_factory=dict)
    alike: bool = False


@dataclass(frozen=True, kw_only=True, repr=False)
class Dataset:
    """One contest of an election with its files at hand.

    name: the election as commands call it; folder: where its files are; definition: the bytes of its election.toml,
    empty for one made in memory. counts: those with data, in the definition's order. skip_bad_rows: go on without rows
    that cannot be read, and list them.
    """

    election: Election
    contest: Contest
    counts: tuple[Count, ...]
    name: str
    folder: Path
    definition: bytes = b""
    skip_bad_rows: bool = False
    _read: _Read = field(default_factory=_Read, repr=False, compare=False)

    def __repr__(self) -> str:
        return f"<Dataset {self.name}, {self.contest.id}: {', '.join(count.id for count in self.counts)}>"

    @property
    def default_count(self) -> Count:
        """The count that is meant where nobody names one: the last official one with data, else the last."""
        return self.election.default_of(self.counts)

    def read(self, progress: Progress | None = None) -> Mapping[str, Series]:
        """Every count's snapshots, by its id. progress: called with states read and all of them, count by count.

        Raises InputError with every fault of a count's files, unless skip_bad_rows; MissingDataError.
        """
        found = {count.id: self.series(count, progress=progress) for count in self.counts}
        if not self._read.alike:
            self._read.series |= alike_in_all(found)
            self._read.alike = True
        return {count.id: self.series(count) for count in self.counts}

    def series(self, count: Count, *, progress: Progress | None = None) -> Series:
        """Every snapshot of one count."""
        if count.id not in self._read.series:
            self._read.series[count.id] = read_series(
                self.election,
                self.contest,
                count,
                self.folder,
                skip_bad_rows=self.skip_bad_rows,
                progress=progress,
            )
        return self._read.series[count.id]

    def sheets(self, count: Count | None = None, *, when: dt.datetime | None = None) -> Sheets:
        """One snapshot of a count: by default the last of the default count.

        Where the whole series was read before, nothing is read again; its rows left out are then those of all states.
        """
        chosen = count if count is not None else self.default_count
        key = (chosen.id, when)
        if key not in self._read.sheets:
            whole = self._read.series.get(chosen.id)
            found = self._single(chosen, when) if whole is None else _state(whole, when)
            self._read.sheets[key] = found if len(self.snapshots(chosen)) == 1 else _by_station(found)
        return self._read.sheets[key]

    def _single(self, count: Count, when: dt.datetime | None) -> Sheets:
        sheets = read_sheets(
            self.election, self.contest, count, self.folder, when=when, skip_bad_rows=self.skip_bad_rows
        )
        return with_names_compared(sheets, self.election)

    def table(self, count: Count | None = None) -> pl.DataFrame:
        """The sheet table of a count's last state."""
        return self.sheets(count).table

    def snapshots(self, count: Count) -> tuple[dt.datetime, ...]:
        """Times of a count's snapshots, oldest first; no file is opened for it."""
        if count.id in self._read.series:
            return self._read.series[count.id].snapshots
        return snapshot_times(self.election, count, self.folder)

    def snapshot(self, count: Count, text: str) -> dt.datetime | None:
        """The snapshot that `last` (None), a time, or the beginning of one names. Raises VeedorError."""
        if text == "last":
            return None
        return snapshot_named(text, self.snapshots(count), self.election.zone, count.id)

    def command(self, *words: str, then: Sequence[str] = ()) -> Command:
        """A command on this contest: command("count") is `veedor count NAME`. then: words after the election's name.

        It names the contest where that is not the first, and says where rows that cannot be read are left out.
        """
        contest = None if self.contest.id == self.election.contests[0].id else self.contest.id
        made = Command(words=(*words, self.name, *then)).option("--contest", contest)
        return made.flag("--skip-bad-rows", self.skip_bad_rows)

    def at_hand(self) -> "Dataset":
        """The same, naming only those logs, groupings and earlier votes whose files are in the folder."""
        return replace(self, election=at_hand(self.election, self.folder))

    def unread(self) -> "Dataset":
        """The same without what was read: to be handed to another process."""
        return replace(self, _read=_Read())

    @property
    def left_out(self) -> tuple[Fault, ...]:
        """Rows that could not be read, of all counts whose series were read."""
        return tuple(fault for series in self._read.series.values() for fault in series.left_out)


def open_dataset(
    name: str | Path,
    *,
    contest: str | None = None,
    data: Path | None = None,
    skip_bad_rows: bool = False,
    accept: Callable[[Offer], bool] = lambda offer: False,
) -> Dataset:
    """Open an election by its folder, its definition, or the name of one that comes with veedor.

    contest: by its id, the first if None. data, accept: where its files are, as `folder_of_data` says. No file of a
    count is read yet. Raises VeedorError, DefinitionError, MissingDataError.
    """
    path = find_definition(name)
    definition = definition_bytes(path)  # once: what the figures follow from is what a dossier carries
    election = election_of(definition, str(path))
    return Dataset(
        election=election,
        contest=election.contest_named(contest),
        counts=election.counts,
        name=str(name),
        folder=folder_of_data(election, definition=name, data=data, accept=accept),
        definition=definition,
        skip_bad_rows=skip_bad_rows,
    )


def in_memory(
    election: Election,
    series: Iterable[Series],
    *,
    contest: Contest | None = None,
    name: str | None = None,
    folder: Path = Path(),
) -> Dataset:
    """A dataset of series that were made, not read: for simulations and tests. folder: of logs and groupings."""
    made = {one.count.id: one for one in series}
    return Dataset(
        election=election,
        contest=election.contests[0] if contest is None else contest,
        counts=tuple(count for count in election.counts if count.id in made),
        name=election.id if name is None else name,
        folder=folder,
        _read=_Read(series=made),
    )


def alike_in_all(found: Mapping[str, Series]) -> dict[str, Series]:
    """Series of several counts, in which a station that they write in two ways is called as in the first."""
    if len(found) < 2:
        return dict(found)
    stations, result = Stations(), dict(found)
    for name, series in found.items():
        last = series.files[-1][1].file if series.files else name
        files = pl.Series([last], dtype=pl.String).new_from_index(0, series.changes.height)
        rows = pl.Series([None], dtype=pl.Int64).new_from_index(0, series.changes.height)
        before, asked = len(stations.found), len(stations.doubtful)
        changes = stations.unified(series.changes, files, rows)
        notes = stations.notes if len(stations.doubtful) > asked else []
        spellings = first_of_each([*stations.found[before:], series.spellings])
        result[name] = replace(series, changes=changes, spellings=spellings, notes=(*series.notes, *notes))
    return result


def _by_station(sheets: Sheets) -> Sheets:
    """The same sheets in order of station: a state of several is listed otherwise read alone than out of its series.

    What draws at random from the sheets, by a seed, would else draw others.
    """
    return replace(sheets, table=sheets.table.sort("station", maintain_order=True))


def _state(series: Series, when: dt.datetime | None) -> Sheets:
    moment = series.snapshots[-1] if when is None else when
    return Sheets(
        table=series.at(moment),
        when=moment,
        left_out=series.left_out,
        files=tuple(raw for _, raw in series.files),
        spellings=series.spellings,
        rows_absent=series.rows_absent,
        notes=series.notes,
    )
