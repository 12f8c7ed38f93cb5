"""The rows of one contest and round, without notes, totals and rows of other contests."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from veedor.draft.evidence import RowsLeftOut
from veedor.draft.guess.contests import one_contest
from veedor.draft.guess.figures import Figures, figures_in
from veedor.draft.guess.found import ContestGuess
from veedor.draft.guess.known import roles_of
from veedor.draft.guess.long import LongGuess, long_in
from veedor.draft.guess.same_twice import (
    Reduced,
    Rule,
    districts_in,
    headers_again,
    one_round,
    without_line_totals,
    without_mode_totals,
)
from veedor.draft.rows_out import WithoutTotals, without_totals
from veedor.election import BETWEEN
from veedor.election.definition import Question


@dataclass(frozen=True, kw_only=True)
class Rows:
    """The rows of one contest and round without totals, and what that rests on. spent: columns that are used up."""

    cells: pl.DataFrame
    contest: ContestGuess | None
    marks: Figures
    roles: dict[str, str]
    long: LongGuess | None
    drop: tuple[Rule, ...]
    spent: tuple[str, ...]
    left_out: tuple[RowsLeftOut, ...]
    questions: tuple[Question, ...]


def rows_of_one(cells: pl.DataFrame, file: str) -> Rows:
    """Leave out, one after the other, what is no sheet of the contest."""
    rows = _of_a_contest(cells, file)
    if rows.long is not None:
        long = rows.long
        modes = without_mode_totals(rows.cells, rows.marks, long, rows.roles, file)
        rows = _reduced(rows, modes) if modes.drop else rows
        rows = _reduced(rows, without_line_totals(rows.cells, rows.marks, rows.long or long, rows.roles, file))
    rows = _reduced(rows, without_totals(rows.cells, rows.marks.columns, *_kinds(rows), file))
    if rows.long is not None:
        rows = _of_a_district(_read_again(rows, rows.long, file), file)
    return replace(rows, drop=_joined(rows.drop))


def _of_a_contest(cells: pl.DataFrame, file: str) -> Rows:
    """The rows of one round and one contest, and what their columns are by name."""
    again = headers_again(cells, file)
    cells, notes = _without_footers(again.cells)
    first = one_round(cells, file)
    cells, contest = one_contest(first.cells)
    marks = figures_in(cells)
    roles = roles_of(cells, marks)
    below = [
        RowsLeftOut(file=file, rule=f"{column} is {words[0]!r}: a note below the table", rows=1, example=words[0])
        for column, words in notes
    ]
    return Rows(
        cells=cells,
        contest=contest,
        marks=marks,
        roles=roles,
        long=long_in(cells, marks, roles, file),
        drop=(*again.drop, *notes, *first.drop),
        spent=tuple(column for column, _ in first.drop),
        left_out=(*again.left_out, *below, *first.left_out),
        questions=first.questions,
    )


def _reduced(rows: Rows, less: Reduced | WithoutTotals) -> Rows:
    """Without the rows that a step leaves out."""
    told = replace(rows, left_out=(*rows.left_out, *less.left_out), questions=(*rows.questions, *less.questions))
    if not less.drop:
        return told
    return replace(told, cells=less.cells, drop=(*rows.drop, *less.drop), marks=_marks_again(less.cells, rows.marks))


def _kinds(rows: Rows) -> tuple[list[str], str | None]:
    """Columns of a long file whose texts say what a row's figure is, and the column of figures."""
    if rows.long is None:
        return [], None
    named = [
        name
        for name in rows.cells.columns
        if name not in rows.marks.columns and rows.roles.get(name) in ("choice", "part", "contest")
    ]
    return list(dict.fromkeys([*named, *rows.long.choice, *rows.long.add_over])), rows.long.votes


def _read_again(rows: Rows, long: LongGuess, file: str) -> Rows:
    """The long form again, from the rows that are left."""
    return replace(rows, long=long_in(rows.cells, rows.marks, rows.roles, file) or long)


def _of_a_district(rows: Rows, file: str) -> Rows:
    """The rows of one district, where each has choices of its own: a contest each. rows: of a long file."""
    long, contest = rows.long, rows.contest
    assert long is not None
    found = districts_in(rows.cells, long, rows.roles, [contest.column] if contest else [])
    asked = [] if found is None else [found.asked(file)]
    if found is not None and found.are_contests:
        value, *others = found.values
        named = f"{contest.value}, {found.column} {value}" if contest else f"{found.column} {value}"
        why = f"{len(found.values)} contests: each choice stands in one {found.column!r} only"
        taken = ContestGuess(column=found.column, value=value, others=tuple(others), why=why, name=named)
        if contest is not None:
            told = [f"{contest.value}{BETWEEN}{other}" for other in others]
            taken = replace(
                taken,
                value=f"{contest.value}{BETWEEN}{value}",
                others=(*told, *contest.others),
                within=contest.column,
            )
        cells = rows.cells.filter(pl.col(found.column) == value)
        rows = replace(rows, cells=cells, contest=taken, marks=_marks_again(cells, rows.marks))
        rows = _read_again(rows, long, file)
        long = rows.long or long
    return replace(rows, questions=(*rows.questions, *asked, *long.questions))


def _joined(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """One rule a column."""
    found: dict[str, list[str]] = {}
    for column, words in rules:
        found.setdefault(column, []).extend(words)
    return tuple((column, tuple(dict.fromkeys(words))) for column, words in found.items())


def _marks_again(cells: pl.DataFrame, marks: Figures) -> Figures:
    """The figures of the rows that are left, read by the same marks."""
    again = figures_in(cells)
    return replace(
        again,
        thousands=again.thousands or marks.thousands,
        decimal=again.decimal if again.decimal != "." else marks.decimal,
        missing=tuple(dict.fromkeys([*marks.missing, *again.missing])),
        evidence={**marks.evidence, **again.evidence},
    )


def _without_footers(cells: pl.DataFrame) -> tuple[pl.DataFrame, tuple[tuple[str, tuple[str, ...]], ...]]:
    """Without the last rows if they hold one text each and nothing else: notes, signatures."""
    if cells.width < 4 or cells.is_empty():
        return cells, ()
    filled = cells.select(pl.sum_horizontal(pl.all().is_not_null().cast(pl.Int64))).to_series()
    whole = cells.height - int((filled > 1).reverse().arg_max() or 0)
    last = cells[whole:]
    if last.is_empty() or not 0 < last.height <= max(3, cells.height // 100):
        return cells, ()
    texts = {name: tuple(last[name].drop_nulls().unique(maintain_order=True)) for name in last.columns}
    return cells[:whole], tuple((name, found) for name, found in texts.items() if found)
