"""Rows of one file become sheets: other contests' rows go, cells get their types, each station has one row."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import polars as pl

from veedor.election import Contest, Election, Layout
from veedor.errors import Fault, InputError
from veedor.rim.foreign import Content
from veedor.sheets.formats.column_map import Plan, called, plain, plan_for
from veedor.sheets.formats.convert import as_text, converted, text_of
from veedor.sheets.formats.delimited import read_delimited
from veedor.sheets.formats.groups import as_rows, every_column, names_of
from veedor.sheets.formats.json_rows import Document, objects_in, parsed, rows_of
from veedor.sheets.formats.long import MASKED, from_long
from veedor.sheets.formats.parquet_jsonl import PlanFor, read_json_lines, read_parquet
from veedor.sheets.formats.rows import MOST_FAULTS, ROW, Rows, check_number, shown, without
from veedor.sheets.formats.unpack import RawFile, raw_of, read_raw, unpacked
from veedor.sheets.formats.whole_numbers import masked
from veedor.sheets.nist.read import read_nist
from veedor.sheets.pieces import Piece, pieces_of, told_of
from veedor.sheets.publications import PublishedFile, check_hash
from veedor.sheets.rows_aside import Aside, headers_named, not_dropped, of_contest
from veedor.sheets.spellings import NONE, first_of_each, is_ascii, spellings_of
from veedor.sheets.stations.identifiers import SHOWN, as_written, before_and_after, of_whole_places
from veedor.sheets.stations.latest import only_latest
from veedor.sheets.table import VOTES, other_columns, schema, vote_columns
from veedor.sheets.workbook.read import read_workbook

FILE = "\0file"
"""Column with the name of the file that a sheet was read from."""


SAID = "\0said"
"""Column: whether a file has a figure of the ballots of a sheet, where sheets are put together from several."""


@dataclass(frozen=True, kw_only=True)
class FileRead:
    """The sheets of one file in the columns of the sheet table (but `count` and `snapshot`), with ROW and FILE.

    faults: rows that are left out of the table since they have one; beside: rows without a fault of their own that are
    left out with them, since another row of the same sheet is faulty. raw: the bytes that all of it was made of, of
    files that were read together each one's. spellings: of its stations that are not ASCII (`spellings`).
    rows_absent: figures of a long file that have no row, and are read as 0 though the layout does not say so.
    notes: what else whoever uses the sheets should know: identifiers that the layout transforms, before and after.
    aside: rows of contests that the definition does not name, and rows that the layout drops. masked: columns of which
    the file has texts for absent figures only.
    """

    table: pl.DataFrame
    faults: list[Fault]
    beside: list[Fault]
    raw: tuple[RawFile, ...]
    spellings: pl.DataFrame
    rows_absent: int = 0
    notes: tuple[str, ...] = ()
    aside: tuple[Aside, ...] = ()
    masked: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Opened:
    """The rows of one table, and how they become sheets. name: what faults call it.

    files: of rows that many files have together, the file of each.
    """

    name: str
    plan: Plan
    rows: Rows
    layout: Layout
    files: tuple[str, ...] = ()


def read_file(election: Election, contest: Contest, file: PublishedFile, *, whole: bool = True) -> FileRead:
    """Read one file, once.

    whole: each of its rows is all that is known of a sheet; else others are joined, and no row says that a sheet has
    not come. Raises InputError where the file as a whole cannot be read, MissingDataError where its hash is another.
    """
    opened, raw = _opened(election, contest, file)
    return _together([_sheets(one, election, contest, file, whole=whole) for one in opened], (raw,))


def read_documents(
    election: Election, contest: Contest, files: Sequence[PublishedFile], *, whole: bool = True
) -> FileRead:
    """Read JSON documents of one source together: one station each, say, of which there are thousands.

    Raises as `read_file`; a document of another shape is a fault of its row.
    """
    documents: list[Document] = []
    raws: list[RawFile] = []
    faults: list[Fault] = []
    for file in files:
        content = read_raw(file.path, file.name, within=file.folder)
        raws.append(_raw_file(file, content))
        try:
            data = unpacked(content.data, file.path.suffix, file.name, member=file.source.member, lines=False)
            value = parsed(data, file.layout.encoding, file.name)
        except InputError as problem:
            faults += problem.faults
            continue
        documents.append(Document(file=file.name, value=value, told=told_of(file)))
    check_number(faults)
    first = files[0]
    layout, names = first.layout, first.source.files or first.name
    objects, of_rows = objects_in(documents, layout.rows)
    plan, rows = rows_of(objects, layout, names, _plan_of(election, contest, first, layout, []))
    one = Opened(name=names, plan=plan, rows=rows, layout=layout, files=of_rows)
    read = _together([_sheets(one, election, contest, first, whole=whole)], tuple(raws))
    return replace(read, faults=[*faults, *read.faults])


def _together(parts: Sequence[FileRead], raw: tuple[RawFile, ...]) -> FileRead:
    """The sheets of all tables of a file."""
    if len(parts) == 1:
        return replace(parts[0], raw=raw)
    return FileRead(
        table=pl.concat([part.table for part in parts]),
        faults=[fault for part in parts for fault in part.faults],
        beside=[fault for part in parts for fault in part.beside],
        raw=raw,
        spellings=first_of_each(part.spellings for part in parts),
        rows_absent=sum(part.rows_absent for part in parts),
        notes=tuple(dict.fromkeys(note for part in parts for note in part.notes)),
        aside=tuple(one for part in parts for one in part.aside),
        masked=frozenset(name for part in parts for name in part.masked),
    )


def _sheets(opened: Opened, election: Election, contest: Contest, file: PublishedFile, *, whole: bool) -> FileRead:
    """The sheets of one table."""
    plan, rows, layout, name = opened.plan, opened.rows, opened.layout, opened.name
    faults = list(rows.faults)
    cells = _filled_down(rows.cells, layout)
    cells, others_rows = of_contest(cells, contest, replace(file, layout=layout, name=name))
    cells, dropped = not_dropped(cells, layout, name)
    cells, replaced = only_latest(cells, plan, layout, name)
    spellings = _spellings(cells, plan, name)
    shown_before = _transformations(cells, plan, election, name)
    kept = set(cells[ROW]) if rows.cell_faults else set()
    faults += [fault for fault in rows.cell_faults if fault.row in kept]
    others: list[Fault] = []
    rows_absent = 0
    if layout.long is None:
        table, found = converted(cells, plan, layout, election, contest, name)
        table = _with_masked(table, cells, plan, layout, contest)
    else:
        table, found, others, rows_absent = from_long(cells, plan, layout, election, contest, name)
    found = headers_named(found, cells, plan)
    empty = _empty_rows(cells, found)
    told = {(fault.row, fault.column) for fault in faults}
    found = [fault for fault in found if fault.row not in empty and (fault.row, fault.column) not in told]
    faults += found
    table = without(table, faults)
    if empty:
        table = table.filter(~pl.col(ROW).is_in(list(empty)))
    hidden = table[ROW].filter(table[MASKED]) if MASKED in table.columns else table[ROW].clear()
    table = _complete(table, election, contest, name)
    notes = _notes(table, plan, layout, election, contest, name)
    faults += notes
    check_number(faults)
    table = without(table, notes)
    table = _pending_where_bare(table, contest, hidden) if whole else table
    faults.sort(key=lambda fault: fault.row or 0)
    hidden_columns = _all_masked(cells, table, plan, layout, contest)
    read = FileRead(
        table=table,
        faults=faults,
        beside=others,
        raw=(),
        spellings=spellings,
        rows_absent=rows_absent,
        notes=(*shown_before, *replaced, *_told_masked(hidden_columns, name)),
        masked=frozenset(hidden_columns),
        aside=(*others_rows, *dropped),
    )
    return _named_by_file(read, opened.files) if opened.files else read


def _named_by_file(read: FileRead, files: Sequence[str]) -> FileRead:
    """The same, each row of the file that it is in, and counted there."""
    known = pl.DataFrame({FILE: files}).with_columns(pl.int_range(1, pl.len() + 1).over(FILE).alias(ROW))
    numbers = known[ROW].to_list()

    def there(fault: Fault) -> Fault:
        at = (fault.row or 0) - 1
        return replace(fault, file=files[at], row=numbers[at]) if at >= 0 else fault

    own = [known[name].gather(read.table[ROW] - 1) for name in (ROW, FILE)]
    where = read.spellings["row"] - 1
    spellings = read.spellings.with_columns(
        known[FILE].gather(where).alias("file"), known[ROW].gather(where).cast(pl.Int64).alias("row")
    )
    return replace(
        read,
        table=read.table.with_columns(own),
        faults=list(map(there, read.faults)),
        beside=list(map(there, read.beside)),
        spellings=spellings,
    )


def _filled_down(cells: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """The cells, an empty one of some columns being the one above it: a block names its place in its first row."""
    for name in map(plain, layout.fill_down):
        texts = as_text(cells[name])
        texts = texts.set(texts.str.strip_chars().fill_null("") == "", None)
        cells = cells.with_columns(texts.fill_null(strategy="forward").alias(name))
    return cells


def _transformations(cells: pl.DataFrame, plan: Plan, election: Election, file: str) -> tuple[str, ...]:
    """What texts that the layout transforms were and are in the first rows, and which sheets are of whole places."""
    some = cells.head(SHOWN)
    station = plan.targets["station"]
    totals: tuple[str, ...] = ()
    if station.if_empty is not None:
        totals = of_whole_places(text_of(cells, as_written(station)), text_of(cells, station), file)
    shown = tuple(
        before_and_after(text_of(some, as_written(column)), text_of(some, column), target, file)
        for target, column in plan.targets.items()
        if column.transforms and target in ("station", "status", *election.level_ids)
    )
    return (*shown, *totals)


def _spellings(cells: pl.DataFrame, plan: Plan, file: str) -> pl.DataFrame:
    """How stations are written in a file."""
    station = plan.targets["station"]
    texts = [cells[name] for name in (*station.names, *station.join) if cells[name].dtype == pl.String]
    if all(map(is_ascii, texts)):
        return NONE
    return spellings_of(text_of(cells, station), cells[ROW], file)


def _opened(election: Election, contest: Contest, file: PublishedFile) -> tuple[list[Opened], RawFile]:
    """The rows of the file, and what it is called and hashed. Its bytes are let go before more is made of the rows."""
    content = read_raw(file.path, file.name, within=file.folder)
    with ThreadPoolExecutor(1) as aside:
        named = aside.submit(_raw_file, file, content)
        try:
            opened = [_rows(election, contest, file, piece) for piece in pieces_of(content.data, file)]
        finally:
            raw = named.result()  # that it is another file is told before what is wrong in it
    return opened, raw


def _raw_file(file: PublishedFile, content: Content) -> RawFile:
    """What the bytes are called and hashed. Raises MissingDataError where the definition names others."""
    raw = raw_of(content, file.path, file.name, member=file.source.member)
    check_hash(file, raw.sha256)
    return raw


def _rows(election: Election, contest: Contest, file: PublishedFile, piece: Piece) -> Opened:
    """A table's cells, how they become sheets, and the layout (a NIST report fills in what its own leaves out)."""
    data, layout, name = piece.data, file.layout, piece.name
    if layout.format in ("nist-json", "nist-xml"):
        rows, layout = read_nist(data, name, election, contest, layout)
        election = election.model_copy(update={"layouts": {**election.layouts, file.source.layout: layout}})
        header = [column for column in rows.cells.columns if column != ROW]
        plan = _plan_of(election, contest, file, layout, [])(header)
        return Opened(name=name, plan=plan, rows=rows, layout=layout)
    made: list[Plan] = []
    plan_of = _plan_of(election, contest, file, layout, made, told=tuple(piece.told), name=name)
    plan, rows = _read(data, layout, name, plan_of, piece)
    cells = rows.cells
    if layout.groups is not None:
        cells = as_rows(cells, plan.header, layout.groups, name)
    if piece.told:
        cells = cells.with_columns(pl.lit(text).alias(column) for column, text in piece.told.items())
    return Opened(name=name, plan=made[-1], rows=replace(rows, cells=cells), layout=layout)


def _read(data: bytes, layout: Layout, name: str, plan_of: PlanFor, piece: Piece) -> tuple[Plan, Rows]:
    """The cells of a table, and the plan by which they were read."""
    match layout.format:
        case "csv":
            return read_delimited(data, layout, name, plan_of)
        case "xlsx":
            return read_workbook(data, layout, name, plan_of, piece.sheet)
        case "parquet":
            return read_parquet(data, name, plan_of)
        case "jsonl":
            return read_json_lines(data, layout, name, plan_of)
        case "json":
            document = Document(file=name, value=parsed(data, layout.encoding, name))
            return rows_of(objects_in([document], layout.rows)[0], layout, name, plan_of)
        case "nist-json" | "nist-xml":
            raise AssertionError("reports have a reader of their own")


def _plan_of(
    election: Election,
    contest: Contest,
    file: PublishedFile,
    layout: Layout,
    made: list[Plan],
    *,
    told: tuple[str, ...] = (),
    name: str | None = None,
) -> PlanFor:
    """What makes a plan for a header, kept in `made`, and gives a reader the part of it that the file itself has.

    told: columns that are known of the whole table, beside those of the file.
    """

    def plan_of(header: Sequence[str]) -> Plan:
        own = called([plain(one) for one in header])
        read = names_of(own, layout.groups) if layout.groups is not None else list(header)
        plan = plan_for([*read, *told], election, contest, layout, file.source.layout, name or file.name)
        made.append(plan)
        if layout.groups is not None:
            return every_column(own)
        if not told:
            return plan
        beside = frozenset(told)
        return replace(
            plan,
            header=plan.header[: len(plan.header) - len(told)],
            texts=plan.texts - beside,
            figures=plan.figures - beside,
            coordinates=plan.coordinates - beside,
            places=plan.places - beside,
        )

    return plan_of


def _empty_rows(cells: pl.DataFrame, faults: Sequence[Fault]) -> set[int]:
    """Rows in which every cell read is empty, as spreadsheets leave them at the end; they hold nothing to leave out."""
    suspects = {fault.row for fault in faults}
    if not suspects:
        return set()
    some = cells.filter(pl.col(ROW).is_in(list(suspects)))
    texts = [as_text(some[name]).str.strip_chars().fill_null("") == "" for name in some.columns if name != ROW]
    empty = pl.DataFrame([text.alias(str(index)) for index, text in enumerate(texts)])
    return set(some[ROW].filter(empty.select(pl.all_horizontal(pl.all())).to_series()).to_list())


def _bare(contest: Contest) -> pl.Expr:
    """True if a row has no figure of the ballots, and no status."""
    return pl.all_horizontal(pl.col(*_of_ballots(contest), "status").is_null())


def _of_ballots(contest: Contest) -> list[str]:
    """The columns of figures of the ballots: all but the roll."""
    return [*vote_columns(contest), "blank", "null", *other_columns(contest), "valid", "cast"]


def with_said(table: pl.DataFrame, contest: Contest) -> pl.DataFrame:
    """The table, and whether each row has a figure of the ballots or a status: of a sheet in several files one may."""
    return table.with_columns((~_bare(contest)).alias(SAID))


def pending_where_not_said(table: pl.DataFrame) -> pl.DataFrame:
    """A sheet of which no file has a figure of the ballots or a status has not come."""
    pending = pl.lit("pending").cast(table["status"].dtype)
    status = pl.when(pl.col(SAID)).then("status").otherwise(pending).alias("status")
    return table.with_columns(status).drop(SAID)


def _any_bare(table: pl.DataFrame, contest: Contest) -> bool:
    """True if there may be rows without any figure: not where a column of votes is full."""
    return all(table[name].null_count() for name in vote_columns(contest))


def _notes(
    table: pl.DataFrame, plan: Plan, layout: Layout, election: Election, contest: Contest, file: str
) -> list[Fault]:
    """Rows that hold a text where the station stands, and nothing else: a footer or a note, not a sheet."""
    others = [name for name in (*election.level_ids, "registered") if name in plan.targets]
    if not others or layout.long is not None or layout.format == "json" or not _any_bare(table, contest):
        return []  # an entry of a document is no footer
    notes = table.filter(_bare(contest) & pl.all_horizontal(pl.col(*others).is_null())).head(MOST_FAULTS + 1)
    remedy = "if it is a footer or a note, name its text under `drop` in the layout"
    return [
        Fault(file=file, row=row, found=f"{shown(text)} and nothing else", wanted="a tally sheet", remedy=remedy)
        for row, text in notes.select(ROW, "station").iter_rows()
    ]


def _with_masked(
    table: pl.DataFrame, cells: pl.DataFrame, plan: Plan, layout: Layout, contest: Contest
) -> pl.DataFrame:
    """The table, with a column MASKED if a text may stand for a figure of the ballots."""
    sources = [plan.targets[name] for name in _of_ballots(contest) if name in plan.targets]
    hidden = masked(cells, [name for source in sources for name in (*source.names, *source.sum)], layout)
    return table if hidden is None else table.with_columns(hidden.alias(MASKED))


def _all_masked(
    cells: pl.DataFrame, table: pl.DataFrame, plan: Plan, layout: Layout, contest: Contest
) -> dict[str, int]:
    """Figures of which the file has a column, and in it nothing but texts for absent ones; how many of these."""
    found: dict[str, int] = {}
    for name in _of_ballots(contest):
        if not table.height or table[name].null_count() < table.height:
            continue
        sources = [plan.targets[name]] if name in plan.targets else []
        columns = [one for source in sources for one in (*source.names, *source.sum)]
        if layout.long is not None and name.removeprefix(VOTES) in layout.long.labels:
            columns = [plain(layout.long.votes)]
        hidden = masked(cells, columns, layout)
        if hidden is not None and hidden.any():
            found[name] = int(hidden.sum())
    return found


def _told_masked(names: Mapping[str, int], file: str) -> tuple[str, ...]:
    """A sentence that names them."""
    if not names:
        return ()
    listed = ", ".join(f"{name.removeprefix(VOTES)} ({number:,})" for name, number in names.items())
    return (f"{file}: all figures of {listed} are masked: they are absent, and so are sums with them",)


def _pending_where_bare(table: pl.DataFrame, contest: Contest, hidden: pl.Series) -> pl.DataFrame:
    """A row without any figure of the ballots, and without a status, announces a sheet that has not come.

    hidden: rows in which a text stands for a figure: those sheets have come, and count with absent figures.
    """
    if not _any_bare(table, contest):
        return table
    come = pl.when(pl.col(ROW).is_in(hidden.implode())).then(pl.lit("counted")).otherwise(pl.lit("pending"))
    status = pl.when(_bare(contest)).then(come.cast(table["status"].dtype)).otherwise("status").alias("status")
    return table.with_columns(status)


def _complete(table: pl.DataFrame, election: Election, contest: Contest, file: str) -> pl.DataFrame:
    """Every column of the sheet table but `count` and `snapshot`, in order; those that the file lacks are null."""
    empty = pl.Series("", [None])
    columns = []
    for name, kind in schema(election, contest).items():
        if name in ("count", "snapshot"):
            continue
        known = table[name] if name in table.columns else empty.cast(kind).new_from_index(0, table.height).alias(name)
        columns.append(known if known.dtype == kind else known.cast(kind))
    named = pl.Series(FILE, [file]).new_from_index(0, table.height)
    return pl.DataFrame([*columns, table[ROW], named])
