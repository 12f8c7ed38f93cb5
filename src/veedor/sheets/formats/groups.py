"""Columns that repeat in groups become rows, one for each group: section; party; votes; party; votes; ..."""

from collections.abc import Sequence

import polars as pl

from veedor.election import Groups
from veedor.errors import Fault, InputError
from veedor.sheets.formats.column_map import Plan
from veedor.sheets.formats.convert import as_text
from veedor.sheets.formats.rows import ROW


def every_column(header: Sequence[str]) -> Plan:
    """A plan that reads all columns as text."""
    names = tuple(header)
    none = frozenset[str]()
    return Plan(targets={}, header=names, texts=frozenset(names), figures=none, coordinates=none, places=none)


def names_of(header: Sequence[str], groups: Groups) -> list[str]:
    """What columns there are once the groups are rows: those before the first group, and those of a group."""
    return [*header[: groups.first - 1], *groups.columns]


def as_rows(cells: pl.DataFrame, header: Sequence[str], groups: Groups, file: str) -> pl.DataFrame:
    """One row for each group that has a cell with text, in the order of the file; ROW is that of the whole row.

    Raises InputError where the columns are not whole groups.
    """
    before, each = groups.first - 1, len(groups.columns)
    over = (len(header) - before) % each if len(header) > before else -1
    rest = header[len(header) - over :] if over > 0 else []
    if over < 0 or any(bool(_filled(cells[name]).any()) for name in rest):
        found = f"{len(header)} columns, {max(0, len(header) - before)} of them from column {groups.first} on"
        wanted = f"groups of {each} columns ({', '.join(groups.columns)}) from there on"
        raise InputError([Fault(file=file, column="groups", found=found, wanted=wanted)])
    fixed = [pl.col(ROW), *(pl.col(name) for name in header[:before])]
    parts = [
        cells.select(
            *fixed,
            *(as_text(cells[header[start + place]]).alias(name) for place, name in enumerate(groups.columns)),
        )
        for start in range(before, len(header) - over, each)
    ]
    rows = pl.concat(parts).sort(ROW, maintain_order=True)
    some = pl.DataFrame([_filled(rows[name]).alias(str(place)) for place, name in enumerate(groups.columns)])
    return rows.filter(some.select(pl.any_horizontal(pl.all())).to_series())


def _filled(cells: pl.Series) -> pl.Series:
    return as_text(cells).str.strip_chars().fill_null("") != ""
