"""Rows of one file become sheets: other contests' rows go, cells get their types, each station has one row."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import polars as pl

from veedor.election import Contest, Election, Layout
from veedor.errors import DefinitionError, Fault, InputError
from veedor.rim.foreign import Content
from veedor.sheets.formats.column_map import Plan, plain, plan_for
from veedor.sheets.formats.convert import as_text, converted, text_of
from veedor.sheets.formats.delimited import read_delimited
from veedor.sheets.formats.long import from_long
from veedor.sheets.formats.parquet_jsonl import read_json_lines, read_parquet
from veedor.sheets.formats.rows import MOST_FAULTS, ROW, Rows, check_number, shown, without
from veedor.sheets.formats.unpack import RawFile, raw_of, read_raw, unpacked
from veedor.sheets.nist.read import read_nist
from veedor.sheets.publications import PublishedFile, check_hash
from veedor.sheets.spellings import NONE, as_label, composed, is_ascii, spellings_of
from veedor.sheets.stations.identifiers import SHOWN, as_written, before_and_after
from veedor.sheets.stations.latest import only_latest
from veedor.sheets.table import other_columns, schema, vote_columns
from veedor.sheets.workbook.read import read_workbook

FILE = "\0file"
"""Column with the name of the file that a sheet was read from."""


@dataclass(frozen=True, kw_only=True)
class FileRead:
    """The sheets of one file in the columns of the sheet table (but `count` and `snapshot`), with ROW and FILE.

    faults: rows that are left out of the table since they have one; beside: rows without a fault of their own that are
    left out with them, since another row of the same sheet is faulty. raw: the bytes that all of it was made of.
    spellings: of its stations that are not ASCII (`spellings`).
    rows_absent: figures of a long file that have no row, and are read as 0 though the layout does not say so.
    notes: what else whoever uses the sheets should know: identifiers that the layout transforms, before and after.
    """

    table: pl.DataFrame
    faults: list[Fault]
    beside: list[Fault]
    raw: RawFile
    spellings: pl.DataFrame
    rows_absent: int = 0
    notes: tuple[str, ...] = ()


def read_file(election: Election, contest: Contest, file: PublishedFile) -> FileRead:
    """Read one file, once.

    Raises InputError where the file as a whole cannot be read, MissingDataError where its hash is another.
    """
    plan, rows, layout, raw = _opened(election, contest, file)
    faults = list(rows.faults)
    cells = _of_contest(rows.cells, contest, replace(file, layout=layout))
    cells = _not_dropped(cells, layout)
    cells, replaced = only_latest(cells, plan, layout, file.name)
    spellings = _spellings(cells, plan, file.name)
    shown_before = _transformations(cells, plan, election, file.name)
    kept = set(cells[ROW]) if rows.cell_faults else set()
    faults += [fault for fault in rows.cell_faults if fault.row in kept]
    others: list[Fault] = []
    rows_absent = 0
    if layout.long is None:
        table, found = converted(cells, plan, layout, election, contest, file.name)
    else:
        table, found, others, rows_absent = from_long(cells, plan, layout, election, contest, file.name)
    empty = _empty_rows(cells, found)
    told = {(fault.row, fault.column) for fault in faults}
    found = [fault for fault in found if fault.row not in empty and (fault.row, fault.column) not in told]
    faults += found
    table = without(table, faults)
    if empty:
        table = table.filter(~pl.col(ROW).is_in(list(empty)))
    table = _complete(table, election, contest, file.name)
    notes = _notes(table, plan, layout, election, contest, file.name)
    faults += notes
    check_number(faults)
    table = _pending_where_bare(without(table, notes), contest)
    faults.sort(key=lambda fault: fault.row or 0)
    return FileRead(
        table=table,
        faults=faults,
        beside=others,
        raw=raw,
        spellings=spellings,
        rows_absent=rows_absent,
        notes=(*shown_before, *replaced),
    )


def _transformations(cells: pl.DataFrame, plan: Plan, election: Election, file: str) -> tuple[str, ...]:
    """For each identifier or name that the layout transforms, what it was and what it is in the first rows."""
    some = cells.head(SHOWN)
    return tuple(
        before_and_after(text_of(some, as_written(column)), text_of(some, column), target, file)
        for target, column in plan.targets.items()
        if column.transforms and target in ("station", "status", *election.level_ids)
    )


def _spellings(cells: pl.DataFrame, plan: Plan, file: str) -> pl.DataFrame:
    """How stations are written in a file."""
    station = plan.targets["station"]
    texts = [cells[name] for name in (*station.names, *station.join) if cells[name].dtype == pl.String]
    if all(map(is_ascii, texts)):
        return NONE
    return spellings_of(text_of(cells, station), cells[ROW], file)


def _opened(election: Election, contest: Contest, file: PublishedFile) -> tuple[Plan, Rows, Layout, RawFile]:
    """The rows of the file, and what it is called and hashed. Its bytes are let go before more is made of the rows."""
    content = read_raw(file.path, file.name, within=file.folder)
    with ThreadPoolExecutor(1) as aside:
        named = aside.submit(_raw_file, file, content)
        try:
            plan, rows, layout = _rows(election, contest, file, content.data)
        finally:
            raw = named.result()  # that it is another file is told before what is wrong in it
    return plan, rows, layout, raw


def _raw_file(file: PublishedFile, content: Content) -> RawFile:
    """What the bytes are called and hashed. Raises MissingDataError where the definition names others."""
    raw = raw_of(content, file.path, file.name, member=file.source.member)
    check_hash(file, raw.sha256)
    return raw


def _rows(election: Election, contest: Contest, file: PublishedFile, raw: bytes) -> tuple[Plan, Rows, Layout]:
    """The file's cells, how they become sheets, and the layout (a NIST report fills in what its own leaves out)."""
    layout = file.layout

    def plan_of(header: Sequence[str]) -> Plan:
        return plan_for(header, election, contest, layout, file.source.layout, file.name)

    lines = layout.format in ("csv", "jsonl")
    data = unpacked(raw, file.path.suffix, file.name, member=file.source.member, lines=lines)
    if not data:
        raise InputError([Fault(file=file.name, found="an empty file", wanted="tally sheets")])
    match layout.format:
        case "csv":
            return *read_delimited(data, layout, file.name, plan_of), layout
        case "xlsx":
            return *read_workbook(data, layout, file.name, plan_of), layout
        case "parquet":
            return *read_parquet(data, file.name, plan_of), layout
        case "jsonl":
            return *read_json_lines(data, layout, file.name, plan_of), layout
        case "nist-json" | "nist-xml":
            rows, layout = read_nist(data, file.name, election, contest, layout)
            election = election.model_copy(update={"layouts": {**election.layouts, file.source.layout: layout}})
            return plan_of([name for name in rows.cells.columns if name != ROW]), rows, layout


def _of_contest(cells: pl.DataFrame, contest: Contest, file: PublishedFile) -> pl.DataFrame:
    rule = file.layout.contest
    if rule is None:
        return cells
    if contest.id not in rule.values:
        raise DefinitionError(
            [
                Fault(
                    file="election.toml",
                    column=f"layouts.{file.source.layout}.contest.values",
                    found=f"no text for the contest {contest.id}",
                    wanted=f"the text that the column '{rule.column}' holds in its rows",
                )
            ]
        )
    labels = [as_label(label) for label in rule.values[contest.id]]
    column = composed(as_text(cells[plain(rule.column)]).str.strip_chars())
    chosen = cells.filter(column.is_in(labels))
    if chosen.is_empty() and not cells.is_empty():
        texts = ", ".join(shown(text) for text in column.unique().sort().head(5))
        wanted = f"rows with {' or '.join(map(shown, labels))}, the contest {contest.id}"
        raise InputError([Fault(file=file.name, column=rule.column, found=f"only rows with {texts}", wanted=wanted)])
    return chosen


def _not_dropped(cells: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    for rule in layout.drop:
        column = composed(as_text(cells[plain(rule.column)]).str.strip_chars().fill_null(""))
        cells = cells.filter(~column.is_in([as_label(label) for label in rule.is_]))
    return cells


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
    figures = [*vote_columns(contest), "blank", "null", *other_columns(contest), "valid", "cast"]
    return pl.all_horizontal(pl.col(*figures, "status").is_null())


def _any_bare(table: pl.DataFrame, contest: Contest) -> bool:
    """True if there may be rows without any figure: not where a column of votes is full."""
    return all(table[name].null_count() for name in vote_columns(contest))


def _notes(
    table: pl.DataFrame, plan: Plan, layout: Layout, election: Election, contest: Contest, file: str
) -> list[Fault]:
    """Rows that hold a text where the station stands, and nothing else: a footer or a note, not a sheet."""
    others = [name for name in (*election.level_ids, "registered") if name in plan.targets]
    if not others or layout.long is not None or not _any_bare(table, contest):
        return []
    notes = table.filter(_bare(contest) & pl.all_horizontal(pl.col(*others).is_null())).head(MOST_FAULTS + 1)
    remedy = "if it is a footer or a note, name its text under `drop` in the layout"
    return [
        Fault(file=file, row=row, found=f"{shown(text)} and nothing else", wanted="a tally sheet", remedy=remedy)
        for row, text in notes.select(ROW, "station").iter_rows()
    ]


def _pending_where_bare(table: pl.DataFrame, contest: Contest) -> pl.DataFrame:
    """A row without any figure of the ballots, and without a status, announces a sheet that has not come."""
    if not _any_bare(table, contest):
        return table
    pending = pl.lit("pending").cast(table["status"].dtype)
    return table.with_columns(pl.when(_bare(contest)).then(pending).otherwise("status").alias("status"))


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
