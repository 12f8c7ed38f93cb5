"""The tables of an audit's folder: manifest, reported results, cast vote records; and tables that other programs wrote.

Cells that a spreadsheet would run are written with an apostrophe before them and read without it (`rim.csv_cells`).
Tables of other programs are taken as they are, and so are those of a plan of the first form, which knew no guard.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from veedor.audit.assertions.assertion import Integers
from veedor.audit.protocol.folder import MANIFEST, RECORDS, RESULTS, AuditFolder
from veedor.audit.protocol.plan import Plan
from veedor.audit.texts import SAID
from veedor.audit.units import Units
from veedor.errors import Fault, InputError, VeedorError
from veedor.rim.csv_cells import csv_bytes, rows_of
from veedor.rim.foreign import read_file
from veedor.saying import figures

MOST_BYTES, MOST_ROWS = 512 << 20, 10_000_000
"""Of a table, at most: all ballots of a country have a row each."""
DIGITS, DIGITS_OF_WEIGHT = 9, 18
"""Of the largest votes or voters that one sheet may have, so that sums over all sheets stay exact; of a weight."""

Rows = tuple[list[str], list[list[str]]]
"""A table's header and its rows."""


def manifest_bytes(units: Units, levels: Sequence[str], bounds: Integers, weights: Integers) -> bytes:
    """The manifest: each sheet with its place, registered voters, most ballots, and sampling weight."""
    rows = zip(
        units.ids, units.places, units.registered.tolist(), bounds.tolist(), weights.tolist(), strict=True
    )  # fmt: skip
    header = ["station", *levels, "registered", "most_ballots", "weight"]
    return csv_bytes(header, ([unit, *place, *map(str, numbers)] for unit, place, *numbers in rows))


def results_bytes(units: Units) -> bytes:
    """The reported votes of each sheet."""
    header = ["station", *(f"votes.{choice}" for choice in units.contest.choice_ids), "blank", "null"]
    rows = zip(units.ids, units.figures.tolist(), strict=True)
    return csv_bytes(header, ([unit, *map(str, figures)] for unit, figures in rows))


def records_bytes(votes: Mapping[str, str | None]) -> bytes:
    """Cast vote records: each ballot with the choice in it, empty where there is none."""
    return csv_bytes(["ballot", "vote"], ([ballot, vote or ""] for ballot, vote in votes.items()))


def read_units(folder: AuditFolder, plan: Plan) -> tuple[Units, Integers, Integers, tuple[str, ...]]:
    """The sheets as manifest and results have them; then most ballots, weights, and the names of the levels."""
    header, rows = read_table(folder, MANIFEST, plan)
    if header[:1] != ["station"] or header[-3:] != ["registered", "most_ballots", "weight"] or len(header) < 4:
        raise VeedorError(SAID.say("tables.columns", file=str(folder / MANIFEST)))
    figures_header, figure_rows = read_table(folder, RESULTS, plan)
    contest = plan.contest
    wanted = ["station", *(f"votes.{choice}" for choice in contest.choice_ids), "blank", "null"]
    if figures_header != wanted or [row[0] for row in rows] != [row[0] for row in figure_rows]:
        raise VeedorError(SAID.say("tables.other_sheets", file=str(folder / RESULTS)))
    ids = tuple(row[0] for row in rows)
    if len(set(ids)) < len(ids):
        raise VeedorError(SAID.say("tables.station_twice", file=str(folder / MANIFEST)))
    ballots = whole_numbers(folder / MANIFEST, [row[-3:-1] for row in rows], header[-3:-1])
    weights = whole_numbers(folder / MANIFEST, [row[-1:] for row in rows], header[-1:], digits=DIGITS_OF_WEIGHT)
    units = Units(
        contest=contest,
        ids=ids,
        figures=whole_numbers(folder / RESULTS, [row[1:] for row in figure_rows], wanted[1:]),
        registered=ballots[:, 0],
        places=tuple(tuple(row[1:-3]) for row in rows),
        levels=tuple(header[1:-3]),
    )
    return units, ballots[:, 1], weights[:, 0], tuple(header[1:-3])


def read_records(folder: AuditFolder, plan: Plan) -> dict[str, str | None]:
    """The records as the folder has them, in their order."""
    header, rows = read_table(folder, RECORDS, plan)
    known = {"", *plan.contest.choice_ids}
    if header != ["ballot", "vote"] or any(row[1] not in known for row in rows):
        raise VeedorError(SAID.say("tables.no_records", file=str(folder / RECORDS)))
    if len({row[0] for row in rows}) < len(rows):
        raise VeedorError(SAID.say("tables.record_twice", file=str(folder / RECORDS)))
    return {ballot: vote or None for ballot, vote in rows}


def read_table(folder: AuditFolder, name: str, plan: Plan) -> Rows:
    """Header and rows of one of the folder's tables, as the plan's form has them."""
    return table_of(folder.read(name), str(folder / name), guarded=not plan.old_form)


def table_of(data: bytes, file: str, *, guarded: bool) -> Rows:
    """Header and rows of a table; every row must have as many cells as the header. guarded: cells lose their guard."""
    if data.count(b"\n") > MOST_ROWS:
        raise VeedorError(SAID.say("tables.rows", file=file, most=figures(f"{MOST_ROWS:,}")))
    if guarded:
        return rows_of(data, file)
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise VeedorError(SAID.say("tables.not_csv", file=file, why=str(error))) from None
    if not rows:
        raise VeedorError(SAID.say("tables.empty", file=file))
    header, body = rows[0], [row for row in rows[1:] if row]
    faults = [
        Fault(file=file, row=number, found=f"{len(row)} cells", wanted=f"{len(header)}, as in the header")
        for number, row in enumerate(body, start=2)
        if len(row) != len(header)
    ]
    if faults:
        raise InputError(faults)
    return header, body


def table_of_others(path: Path) -> Rows:
    """A table that another program wrote, cells as they are."""
    return table_of(read_file(path, most=MOST_BYTES), str(path), guarded=False)


def whole_numbers(
    path: Path, rows: Sequence[Sequence[str]], columns: Sequence[str], *, digits: int = DIGITS
) -> Integers:
    """Cells as whole numbers, none negative: int64[row, column]."""
    faults = [
        Fault(
            file=str(path),
            row=number,
            column=name,
            found=repr(cell[:40]),
            wanted=f"a whole number, digits only, {digits} at most",
        )
        for number, row in enumerate(rows, start=2)
        for name, cell in zip(columns, row, strict=True)
        if not (cell.isascii() and cell.isdigit() and len(cell) <= digits)
    ]
    if faults:
        raise InputError(faults)
    return np.array([[int(cell) for cell in row] for row in rows], dtype=np.int64).reshape(len(rows), len(columns))
