"""Sheet tables and series out of the published files of a count: nothing is dropped silently."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from veedor.election import Contest, Count, Election, Source
from veedor.errors import SHOWN_FAULTS, DefinitionError, Fault, InputError, VeedorError
from veedor.sheets.file import FILE, FileRead, pending_where_not_said, read_documents, read_file, with_said
from veedor.sheets.formats.column_map import carried
from veedor.sheets.formats.rows import MOST_FAULTS, ROW, check_number
from veedor.sheets.formats.unpack import RawFile
from veedor.sheets.joined import groups_of, joined
from veedor.sheets.publications import Publication, PublishedFile, in_zone, publications
from veedor.sheets.rows_aside import Aside, told
from veedor.sheets.series import Series, changes_between
from veedor.sheets.spellings import NONE, first_of_each
from veedor.sheets.stations.alike import Stations, names_unified
from veedor.sheets.table import schema

PLACES = 5
"""How many of the rows that hold the same station a fault spells out."""

SKIP = "Correct these rows, or leave them out, listed, with --skip-bad-rows."

NO_SHEETS = "get the file again; if it is right as it is, --skip-bad-rows goes on without it, and lists it each time"


@dataclass(frozen=True, kw_only=True)
class Sheets:
    """One snapshot of a count.

    spellings: how its stations that are not ASCII are written (`spellings`).

    table: the sheet table; when: its time; files: what it was read from, as it was then; left_out: rows that are faulty
    and not in it. rows_absent: figures without a row that were read as 0 (see `FileRead`). notes: what else whoever
    uses them should know: stations that only one of the files has of which sheets were put together, identifiers that a
    layout transforms, names written in two ways, more stations than expected, rows that are not read.
    """

    table: pl.DataFrame
    when: dt.datetime
    left_out: tuple[Fault, ...]
    files: tuple[RawFile, ...]
    spellings: pl.DataFrame = field(default_factory=lambda: NONE)
    rows_absent: int = 0
    notes: tuple[str, ...] = ()


def snapshot_times(election: Election, count: Count, data: Path) -> tuple[dt.datetime, ...]:
    """Times of the count's snapshots found in the folder `data`, oldest first; no file is opened."""
    return tuple(publication.when for publication in publications(election, count, data))


def read_sheets(
    election: Election,
    contest: Contest,
    count: Count,
    data: Path,
    *,
    when: dt.datetime | None = None,
    skip_bad_rows: bool = False,
) -> Sheets:
    """The count as published at `when` (the last state if None); only the files that it needs are read.

    Raises InputError with every fault of its files, unless skip_bad_rows: then faulty rows are in `left_out`.
    """
    found = publications(election, count, data)
    chosen = found[-1] if when is None else _published(found, in_zone(when, election), count)
    needed = found[: found.index(chosen) + 1] if count.publishes == "additions" else (chosen,)
    table: pl.DataFrame | None = None
    files: list[RawFile] = []
    spellings: list[pl.DataFrame] = []
    rows_absent = 0
    stations, notes, aside = Stations(), list[str](), list[Aside]()
    faults = _Faults(skip_bad_rows=skip_bad_rows)
    for publication in needed:
        part, read = _read(election, contest, publication, faults, complete=_complete(count, publication, found))
        files += [raw for one in read for raw in one.raw]
        rows_absent += sum(one.rows_absent for one in read)
        notes += [note for one in read for note in one.notes]
        aside += [each for one in read for each in one.aside]
        spellings = [first_of_each([*spellings, *(one.spellings for one in read)])]
        table = _added(table, _alike(stations, part) if len(needed) > 1 else part)
    assert table is not None
    if chosen == found[-1] and count.publishes == "additions":
        faults.note_no_sheets(table, chosen)
    faults.raise_if_any()
    expected = more_than_expected(count, table.height) if chosen == found[-1] else []
    return Sheets(
        table=_stamped(table, election, contest, count, chosen.when),
        when=chosen.when,
        left_out=(*faults.of_rows, *faults.beside),
        files=tuple(files),
        spellings=first_of_each([*stations.found, *spellings]),
        rows_absent=rows_absent,
        notes=(*dict.fromkeys([*faults.unpaired, *notes, *told(aside)]), *stations.notes, *expected),
    )


def with_names_compared(sheets: Sheets, election: Election) -> Sheets:
    """The same with one spelling of each place, and what is said and asked of names and identifiers written alike."""
    (table,), of_names = names_unified([sheets.table], election.level_ids)
    stations = Stations()
    nowhere = pl.Series([None], dtype=pl.String).new_from_index(0, table.height)
    stations.unified(table, nowhere, nowhere.cast(pl.Int64))
    asked = [note for note in stations.notes if note not in sheets.notes]
    return replace(sheets, table=table, notes=(*sheets.notes, *asked, *of_names))


def more_than_expected(count: Count, stations: int) -> list[str]:
    """That a count's last state has more stations than its definition expects; one of both numbers must be wrong."""
    if count.expected_sheets is None or stations <= count.expected_sheets:
        return []
    return [
        f"{count.id} has {stations:,} stations, and {count.expected_sheets:,} are expected: "
        "is `expected_sheets` right, or is a station in it under two identifiers?"
    ]


def _alike(stations: Stations, part: pl.DataFrame) -> pl.DataFrame:
    """A state's sheets under the first spelling met of each station."""
    return stations.unified(part, part[FILE], part[ROW]) if part.width else part


def read_series(
    election: Election,
    contest: Contest,
    count: Count,
    data: Path,
    *,
    skip_bad_rows: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Series:
    """Every snapshot of the count as changes; each file is read once, and only the state before is kept.

    progress: called with the number of states read and of all, after each. Raises InputError with every fault of
    all files, unless skip_bad_rows.
    """
    found = publications(election, count, data)
    faults = _Faults(skip_bad_rows=skip_bad_rows)
    changes: list[pl.DataFrame] = []
    files: list[tuple[dt.datetime, RawFile]] = []
    spellings = NONE
    rows_absent = 0
    stations, notes, aside = Stations(), list[str](), list[Aside]()
    previous: pl.DataFrame | None = None
    for number, publication in enumerate(found, start=1):
        part, read = _read(election, contest, publication, faults, complete=_complete(count, publication, found))
        files += [(publication.when, raw) for one in read for raw in one.raw]
        rows_absent += sum(one.rows_absent for one in read)
        notes += [note for one in read for note in one.notes if note not in notes]
        own = [each for one in read for each in one.aside]
        aside = [*aside, *own] if count.publishes == "additions" else own
        spellings = first_of_each([spellings, *(one.spellings for one in read)])
        if not faults.stop:
            part = _alike(stations, part)
            state = _added(previous, part) if count.publishes == "additions" else part
            state = _stamped(state, election, contest, count, publication.when)
            changes.append(changes_between(previous, state, publication.when, election.timezone))
            previous = state
        if progress is not None:
            progress(number, len(found))
    if previous is not None and count.publishes == "additions":
        faults.note_no_sheets(previous, found[-1])
    faults.raise_if_any()
    whole, of_names = names_unified([pl.concat(changes)], election.level_ids)
    expected = more_than_expected(count, previous.height if previous is not None else 0)
    return Series(
        election=election,
        contest=contest,
        count=count,
        snapshots=tuple(publication.when for publication in found),
        changes=whole[0],
        left_out=(*faults.of_rows, *faults.beside),
        files=tuple(files),
        spellings=first_of_each([*stations.found, spellings]),
        rows_absent=rows_absent,
        notes=(*dict.fromkeys([*faults.unpaired, *notes, *told(aside)]), *stations.notes, *of_names, *expected),
    )


def _published(found: Iterable[Publication], when: dt.datetime, count: Count) -> Publication:
    times = []
    for publication in found:
        if publication.when == when:
            return publication
        times.append(publication.when.isoformat())
    shown = ", ".join(times[:10]) + (f" and {len(times) - 10} more" if len(times) > 10 else "")
    raise VeedorError(f"{count.id} has no snapshot of {when.isoformat()}; there are {shown}")


@dataclass(kw_only=True)
class _Faults:
    """Faults met so far: those of rows, which can be left out, and those of files, which cannot.

    beside: rows without a fault of their own that are left out with others. unpaired: stations that only one of
    several files has, which is no fault.
    """

    skip_bad_rows: bool
    of_rows: list[Fault] = field(default_factory=list)
    of_files: list[Fault] = field(default_factory=list)
    beside: list[Fault] = field(default_factory=list)
    unpaired: list[str] = field(default_factory=list)

    @property
    def stop(self) -> bool:
        """True if reading can only go on to find more faults."""
        return bool(self.of_files) or (bool(self.of_rows) and not self.skip_bad_rows)

    def note_no_sheets(self, table: pl.DataFrame, publication: Publication) -> None:
        """Note the files of the last snapshot if all that was ever published holds no sheet."""
        if table.is_empty() and not self.of_rows:
            self.of_rows += [_without_sheets(file) for file in publication.files]

    def raise_if_any(self) -> None:
        """Raise InputError with every fault that stops the reading."""
        if self.stop:
            rows = [] if self.skip_bad_rows else self.of_rows
            raise InputError([*self.of_files, *rows], remedy=SKIP if rows else "")


def _complete(count: Count, publication: Publication, found: Sequence[Publication]) -> bool:
    """True if each file of a snapshot must have sheets: in the last one, if it is meant to hold all there are.

    An early state may be published before the first sheet has come, and nothing may have been added since the last.
    """
    return publication == found[-1] and count.publishes == "state"


def _read(
    election: Election, contest: Contest, publication: Publication, faults: _Faults, *, complete: bool
) -> tuple[pl.DataFrame, list[FileRead]]:
    """The sheets of one snapshot, one for each station, and the files they are from; what is faulty is noted.

    complete: a file without any sheet is noted too.
    """
    files = _of_contest(publication, contest, election)
    together = any(_is_joined(file) for file in files)
    sheets: list[FileRead] = []
    others: list[tuple[Source, FileRead]] = []
    for several in _batches(files):
        file = several[0]
        try:
            if len(several) > 1:
                part = read_documents(election, contest, several, whole=not together)
            else:
                part = read_file(election, contest, file, whole=not together)
        except DefinitionError:
            raise
        except InputError as problem:
            faults.of_files += problem.faults
            continue
        if _is_joined(file):
            others.append((file.source, part))
        else:
            sheets.append(part)
        if complete and part.table.is_empty() and not part.faults:
            faults.of_rows.append(_without_sheets(file))
        faults.of_rows += part.faults
        faults.beside += part.beside
    parts = [*sheets, *(part for _, part in others)]
    if not sheets:
        return pl.DataFrame(), parts
    table = _each_once([part.table for part in sheets], parts, faults)
    if not together:
        return table, parts
    try:
        masked = frozenset(name for part in sheets for name in part.masked)
        table = _put_together(with_said(table, contest), others, contest, faults, masked)
    except InputError as problem:
        faults.of_files += problem.faults
        return table, parts
    return pending_where_not_said(table), parts


def _batches(files: Sequence[PublishedFile]) -> list[list[PublishedFile]]:
    """The files, those of one source together that are JSON documents: of one station each there are thousands."""
    batches: list[list[PublishedFile]] = []
    for file in files:
        if file.layout.format == "json" and batches and batches[-1][0].source is file.source:
            batches[-1].append(file)
        else:
            batches.append([file])
    return batches


def _each_once(tables: Sequence[pl.DataFrame], parts: Sequence[FileRead], faults: "_Faults") -> pl.DataFrame:
    """The rows of these tables, one for each station; what repeats one is noted."""
    table = pl.concat(tables) if len(tables) > 1 else tables[0]
    again = table.height - table["station"].n_unique()
    if not again:
        return table
    spellings = first_of_each(part.spellings for part in parts)
    if again > MOST_FAULTS:
        raise _too_many_again(table, spellings, again)
    table, found = _one_each(table, spellings)
    faults.of_rows += found
    return table


def _put_together(
    table: pl.DataFrame,
    others: Sequence[tuple[Source, FileRead]],
    contest: Contest,
    faults: "_Faults",
    masked: frozenset[str],
) -> pl.DataFrame:
    """The sheets with what other files say of the same stations. masked: columns of which theirs have no figure."""
    for group in groups_of(others):
        own = _each_once([group.table], [part for _, part in others], faults)
        own = with_said(own, contest)
        found = joined(table, replace(group, table=own), contest, masked=masked)
        masked = masked | group.masked
        faults.of_rows += found.faults
        faults.unpaired += found.unpaired
        table = found.table
    return table


def _is_joined(file: PublishedFile) -> bool:
    """True if the file holds more of the sheets of others: it says so, or it has no votes for any choice."""
    if file.source.join is not None or file.source.add is not None:
        return True
    return not file.layout.format.startswith("nist") and not carried(file.layout)


def _without_sheets(file: PublishedFile) -> Fault:
    return Fault(file=file.name, found="no tally sheet", wanted="at least one below the header", remedy=NO_SHEETS)


def _of_contest(publication: Publication, contest: Contest, election: Election) -> Sequence[PublishedFile]:
    """The files that are about the contest: one whose layout carries only choices of others is about those.

    A file without any choice is about all contests, or about those that its layout names.
    """
    choices = set(contest.choice_ids)
    of_all = {choice for each in election.contests for choice in each.choice_ids}
    files = publication.files
    about = [file.layout.format.startswith("nist") or bool(choices & set(carried(file.layout))) for file in files]
    if not any(about):
        return files
    return [
        file
        for file, own in zip(files, about, strict=True)
        if own or (of_all.isdisjoint(carried(file.layout)) and _names(file, contest))
    ]


def _names(file: PublishedFile, contest: Contest) -> bool:
    """True if the file's layout does not tell contests apart, or has rows of this one."""
    return file.layout.contest is None or contest.id in file.layout.contest.values


def _too_many_again(table: pl.DataFrame, spellings: pl.DataFrame, number: int) -> InputError:
    """The error of files in which so many rows repeat a station that something else than the rows must be wrong."""
    _, found = _one_each(table.filter(pl.col("station").is_duplicated()).head(1_000), spellings)
    wanted = "a row for each station, or a layout under [long]"
    many = Fault(file=found[0].file, found=f"{number} rows of a station that has another", wanted=wanted)
    return InputError([many, *found[: SHOWN_FAULTS - 1]])


JOINED = 'if the files hold different figures of the same sheets, put join = "station" at one of them under `sources`'


def _one_each(table: pl.DataFrame, spellings: pl.DataFrame) -> tuple[pl.DataFrame, list[Fault]]:
    """Each station once. Of rows that say the same the first is kept; of rows that differ none can be told right."""
    content = [name for name in table.columns if name not in (FILE, ROW)]
    first = table.unique(subset=content, keep="first", maintain_order=True)
    contested = first.filter(pl.col("station").is_duplicated())["station"].unique()
    kept = first.filter(~pl.col("station").is_in(contested.implode()))
    out = table.join(kept.select(FILE, ROW), on=[FILE, ROW], how="anti", maintain_order="left")
    out = out.head(MOST_FAULTS + 1)
    again = table.join(out.select("station").unique(), on="station", how="semi")
    where = {
        station: _listed([f"{file}, row {row}" for file, row in zip(files, rows, strict=True)], times)
        for station, files, rows, times in again.group_by("station", maintain_order=True)
        .agg(pl.col(FILE, ROW).head(PLACES), pl.len())
        .iter_rows()
    }
    differ = set(contested)
    files_of = again.group_by("station").agg(pl.col(FILE).n_unique())
    over_files = differ & set(files_of.filter(pl.col(FILE) > 1)["station"])
    in_two_ways = set(spellings["station"].filter(spellings["station"].is_duplicated()))
    faults = [
        Fault(
            file=file,
            row=row,
            column="station",
            found=f"station {station} again, {'with other figures' if station in differ else 'the same row'} "
            f"(it is in {where[station]})",
            wanted="each station once",
            remedy="its name is written there with other characters (NFC and NFD)"
            if station in in_two_ways
            else JOINED
            if station in over_files
            else "",
        )
        for file, row, station in out.select(FILE, ROW, "station").iter_rows()
    ]
    check_number(faults)
    return kept, faults


def _listed(places: Sequence[str], number: int) -> str:
    more = f" and {number - len(places)} more" if number > len(places) else ""
    return "; ".join(places) + more


def _added(table: pl.DataFrame | None, part: pl.DataFrame) -> pl.DataFrame:
    """The state with what a publication added to it; a station published again replaces what it was."""
    if table is None or table.is_empty():
        return part
    columns = [name for name in part.columns if name not in (FILE, ROW)]
    rest = table.join(part.select("station"), on="station", how="anti", maintain_order="left")
    return pl.concat([rest.select(columns), part.select(columns)])


def _stamped(
    table: pl.DataFrame, election: Election, contest: Contest, count: Count, when: dt.datetime
) -> pl.DataFrame:
    wanted = schema(election, contest)
    stamps = {
        "count": pl.Series("count", [count.id], dtype=wanted["count"]),
        "snapshot": pl.Series("snapshot", [when]).dt.convert_time_zone(election.timezone).cast(wanted["snapshot"]),
    }
    return pl.DataFrame(
        [stamps[name].new_from_index(0, table.height) if name in stamps else table[name] for name in wanted]
    )
