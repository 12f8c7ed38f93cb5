"""Figures that are absent from counted sheets, and the votes that they can hold.

An absent figure is a null among the votes of the choices, or among blank and null votes where any sheet of the table
states these: a column that no sheet states is not published, and counts as before. A choice's figures always count, a
combination of columns as one figure. Printed sums and rolls are no figures here; they say how much an absent one can
hold, and are taken as right:

- the choices' absent votes of a sheet: its printed valid votes less the votes that it states; without these its printed
  ballots cast less all that it states; without these its registered voters less all that it states. A sum that is less
  than what is stated bounds nothing. With none of them there is no bound.
- blank and null votes likewise: ballots cast less valid votes (or less all that it states), else the roll.
- a mark that stands for a small figure (`<10`, the layout's `at_most`) bounds it, and the figures of a sheet together
  if all are marked. A printed sum that leaves more than the marks of its sheet can hold contradicts them: there neither
  the marks bound anything, nor does the sheet hold the rest exactly.

Several absent figures of one sheet share this rest. Where the printed sum leaves it to the choices alone, they hold it
exactly: a choice that is the only one absent has all of it, and any choice what the marks of the others leave.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from veedor.election import Contest
from veedor.sheets import MOST, VOTES, columns_absent, in_totals, unused_columns, vote_columns

BOUNDS = ("valid", "cast", "registered", "mark", "nothing")
"""What bounds the absent figures of a sheet; mark: those in their place, more narrowly than any sum of the sheet."""


@dataclass(frozen=True, kw_only=True)
class AbsentVotes:
    """The absent figures of one choice.

    figures: how many; low, high: the votes that they hold at least and at most (None: no bound).
    others: the most that other choices' absent figures hold (None: no bound); exact: the most that it holds in those
      of its sheets whose absent figures hold what is left exactly.
    """

    figures: int = 0
    low: int = 0
    high: int | None = 0
    others: int | None = 0
    exact: int = 0


@dataclass(frozen=True, kw_only=True)
class Absent:
    """The absent figures of the sheets in the totals; without any, everything is zero.

    figures, sheets: how many, in how many sheets. choices: by choice, those that have absent figures.
    blank, null: how many of these. low, high: votes of all choices together that they hold (high None: no bound).
    extra: the most blank and null votes that absent ones hold. bounds: sheets by what bounds their absent figures.
    """

    figures: int = 0
    sheets: int = 0
    choices: Mapping[str, AbsentVotes] = field(default_factory=dict)
    blank: int = 0
    null: int = 0
    low: int = 0
    high: int | None = 0
    extra: int | None = 0
    bounds: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(BOUNDS, 0))

    def of(self, choice: str) -> AbsentVotes:
        """The absent figures of a choice, none of which may be absent."""
        return self.choices.get(choice) or AbsentVotes(others=self.high)


NOTHING = Absent()


def absent_in(table: pl.DataFrame, contest: Contest) -> Absent:
    """The absent figures of the sheets of a table that are in the totals."""
    lacking = columns_absent(table, contest)
    if not lacking:
        return NOTHING
    sheets = sheets_without(table, lacking)
    if sheets.is_empty():
        return NOTHING
    return absent_of(sheets.select(measures(sheets, contest, lacking)).sum().row(0, named=True))


def absent_by(table: pl.DataFrame, contest: Contest, path: Sequence[str]) -> dict[tuple[str | None, ...], Absent]:
    """The absent figures by place; places without any are left out. path: the levels that name a place."""
    lacking = columns_absent(table, contest)
    sheets = sheets_without(table, lacking) if lacking else table.clear()
    if sheets.is_empty():
        return {}
    known = sheets.select(*(pl.col(level).cast(pl.String) for level in path), *measures(sheets, contest, lacking))
    sums = known.group_by(*path).sum()
    return {tuple(row[level] for level in path): absent_of(row) for row in sums.iter_rows(named=True)}


def sheets_without(table: pl.DataFrame, columns: Iterable[str]) -> pl.DataFrame:
    """The sheets in the totals that lack a figure of these columns."""
    return table.filter(in_totals() & pl.any_horizontal(pl.col(name).is_null() for name in columns))


def measures(table: pl.DataFrame, contest: Contest, lacking: Sequence[str]) -> list[pl.Expr]:
    """For each row what `absent_of` needs, whole numbers that add up over rows. lacking: `columns_absent`."""
    unused = unused_columns(contest)
    figures = [*vote_columns(contest), *unused]
    wide = pl.Int128 if _too_large(table, figures) else pl.Int64
    votes = [pl.col(name).cast(wide) for name in vote_columns(contest)]
    votes_lacking = [name for name in lacking if name.startswith(VOTES)]
    extra_lacking = [name for name in lacking if not name.startswith(VOTES)]
    number = _count_of(votes_lacking)
    extra_number = _count_of(extra_lacking)

    # 1. What the sheet states, what each of its sums leaves, and what its marks say.
    stated = pl.sum_horizontal(*votes)
    extra = pl.sum_horizontal(*(pl.col(name).cast(wide) for name in unused))
    valid, cast, roll = (pl.col(name).cast(wide) for name in ("valid", "cast", "registered"))
    by_valid, by_cast, by_roll = _left(valid - stated), _left(cast - stated - extra), _left(roll - stated - extra)
    rest = pl.coalesce(by_valid, by_cast, by_roll)
    exact = by_valid.is_not_null() | (valid.is_null() & by_cast.is_not_null() & _all_stated(unused))
    marks = _Marks.of(table, votes_lacking)
    contradicted = (exact & (rest > marks.together())).fill_null(value=False)
    marks, exact = marks.where(~contradicted), exact & ~contradicted
    more = pl.max_horizontal(stated, valid)
    extra_rest = pl.coalesce(_left(cast - more - extra), by_cast, _left(roll - more - extra), by_roll)
    extra_marks = _Marks.of(table, extra_lacking)
    bound = _bound(number, by_valid, by_cast, by_roll)
    narrow = _narrower(marks.together(), rest) if votes_lacking else _narrower(extra_marks.together(), extra_rest)
    if votes_lacking and extra_lacking:
        narrow = pl.when(number > 0).then(narrow).otherwise(_narrower(extra_marks.together(), extra_rest))
    bound = pl.when(narrow).then(pl.lit("mark")).otherwise(bound)

    # 2. As numbers that add up.
    some, extra_some = number > 0, extra_number > 0
    own, extra_own = pl.min_horizontal(rest, marks.together()), pl.min_horizontal(extra_rest, extra_marks.together())
    return [
        (number + extra_number).alias("lack.figures"),
        _one(some | extra_some, "lack.sheets"),
        *(_one((some | extra_some) & (bound == name), f"bound.{name}") for name in BOUNDS),
        _where(some, own, "rest"),
        _one(some & own.is_null(), "unbounded"),
        _where(some & exact, rest, "exact"),
        _where(extra_some, extra_own, "extra"),
        _one(extra_some & extra_own.is_null(), "extra_unbounded"),
        *(_one(pl.col(name).is_null(), f"absent.{name}") for name in extra_lacking),
        *(part for name in votes_lacking for part in _of_choice(name, number, rest, exact, marks)),
    ]


@dataclass(frozen=True, kw_only=True)
class _Marks:
    """The bounds that marks give absent figures of a row. most: by column of `lacking`, those that have any."""

    lacking: Sequence[str]
    most: Mapping[str, pl.Expr]

    @classmethod
    def of(cls, table: pl.DataFrame, lacking: Sequence[str]) -> "_Marks":
        """The marks of these columns."""
        return cls(
            lacking=lacking, most={name: pl.col(MOST + name) for name in lacking if MOST + name in table.columns}
        )

    def where(self, condition: pl.Expr) -> "_Marks":
        """The same, none in rows in which the condition does not hold."""
        return _Marks(
            lacking=self.lacking, most={name: pl.when(condition).then(most) for name, most in self.most.items()}
        )

    def one(self, name: str) -> pl.Expr:
        """The most that an absent figure of this column is; null without a mark."""
        return self.most.get(name, pl.lit(None, dtype=pl.Int64))

    def together(self, without: str | None = None) -> pl.Expr:
        """The most that the absent figures but one hold together; null where one has no mark."""
        bare = [
            pl.col(name).is_null() & (self.most[name].is_null() if name in self.most else pl.lit(value=True))
            for name in self.lacking
        ]
        unmarked = pl.sum_horizontal(pl.lit(0, dtype=pl.Int64), *(one.cast(pl.Int64) for one in bare))
        known = pl.sum_horizontal(pl.lit(0, dtype=pl.Int64), *self.most.values())
        if without is not None:
            own = pl.col(without).is_null()
            unmarked = unmarked - (own & self.one(without).is_null()).cast(pl.Int64)
            known = known - self.one(without).fill_null(0)
        return pl.when(unmarked == 0).then(known)


def _narrower(marks: pl.Expr, rest: pl.Expr) -> pl.Expr:
    """Whether marks bound more narrowly than what a sum leaves."""
    return marks.is_not_null() & (rest.is_null() | (marks < rest))


def _bound(number: pl.Expr, by_valid: pl.Expr, by_cast: pl.Expr, by_roll: pl.Expr) -> pl.Expr:
    """Which of BOUNDS bounds a row's absent figures."""
    return (
        pl.when((number > 0) & by_valid.is_not_null())
        .then(pl.lit("valid"))
        .when(by_cast.is_not_null())
        .then(pl.lit("cast"))
        .when(by_roll.is_not_null())
        .then(pl.lit("registered"))
        .otherwise(pl.lit("nothing"))
    )


def _of_choice(name: str, number: pl.Expr, rest: pl.Expr, exact: pl.Expr, marks: _Marks) -> list[pl.Expr]:
    """The measures of one choice's column, given a row's number of absent votes and what is left for them."""
    gone = pl.col(name).is_null()
    others = number > gone.cast(pl.Int64)
    high, theirs = pl.min_horizontal(rest, marks.one(name)), pl.min_horizontal(rest, marks.together(name))
    return [
        _one(gone, f"absent.{name}"),
        _where(gone, high, f"high.{name}"),
        _one(gone & high.is_null(), f"unbounded.{name}"),
        _where(others, theirs, f"others.{name}"),
        _one(others & theirs.is_null(), f"others_unbounded.{name}"),
        _where(gone & exact, rest - theirs, f"low.{name}"),
        _where(gone & exact, high, f"exact.{name}"),
    ]


def ballots_absent(table: pl.DataFrame, contest: Contest, lacking: Sequence[str]) -> pl.Expr:
    """The most ballots that a row's absent figures hold: 0 where it has all, null where nothing bounds them."""
    votes, extras = vote_columns(contest), [name for name in lacking if not name.startswith(VOTES)]
    stated = pl.sum_horizontal(*votes, *unused_columns(contest))
    by_valid = _left(pl.col("valid") - pl.sum_horizontal(*votes))
    if extras:
        by_valid = pl.when(_all_stated(extras)).then(by_valid)
    most = pl.coalesce(_left(pl.col("cast") - stated), by_valid, _left(pl.col("registered") - stated))
    most = pl.min_horizontal(most, _Marks.of(table, lacking).together())
    return pl.when(_count_of(lacking) > 0).then(most).otherwise(0).alias("ballots")


def absent_of(sums: Mapping[str, int]) -> Absent:
    """The absent figures from sums of `measures` over rows."""
    if not sums["lack.figures"]:
        return NOTHING
    columns = [name.removeprefix("absent.") for name, number in sums.items() if name.startswith("absent.") and number]
    return Absent(
        figures=sums["lack.figures"],
        sheets=sums["lack.sheets"],
        choices={
            name.removeprefix(VOTES): AbsentVotes(
                figures=sums[f"absent.{name}"],
                low=sums[f"low.{name}"],
                high=None if sums[f"unbounded.{name}"] else sums[f"high.{name}"],
                others=None if sums[f"others_unbounded.{name}"] else sums[f"others.{name}"],
                exact=sums[f"exact.{name}"],
            )
            for name in columns
            if name.startswith(VOTES)
        },
        blank=sums.get("absent.blank", 0),
        null=sums.get("absent.null", 0),
        low=sums["exact"],
        high=None if sums["unbounded"] else sums["rest"],
        extra=None if sums["extra_unbounded"] else sums["extra"],
        bounds={name: sums[f"bound.{name}"] for name in BOUNDS},
    )


def _too_large(table: pl.DataFrame, figures: Sequence[str]) -> bool:
    """Whether sums over the rows might not fit 64 bits."""
    names = (*figures, "valid", "cast", "registered")
    largest = table.select(pl.max_horizontal(pl.col(*names).abs().max())).item() if table.height else 0
    return bool((largest or 0) * table.height * len(names) > 2**63 - 1)


def _left(difference: pl.Expr) -> pl.Expr:
    """What a sum leaves; nothing is known from one that is less than its parts."""
    return pl.when(difference >= 0).then(difference)


def _all_stated(columns: Sequence[str]) -> pl.Expr:
    return pl.all_horizontal(pl.col(*columns).is_not_null())


def _count_of(columns: Sequence[str]) -> pl.Expr:
    if not columns:
        return pl.lit(0, dtype=pl.Int64)
    return pl.sum_horizontal(*(pl.col(name).is_null().cast(pl.Int64) for name in columns))


def _one(condition: pl.Expr, name: str) -> pl.Expr:
    return condition.cast(pl.Int64).alias(name)


def _where(condition: pl.Expr, number: pl.Expr, name: str) -> pl.Expr:
    return pl.when(condition).then(number).otherwise(0).fill_null(0).alias(name)
