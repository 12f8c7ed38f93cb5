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

from veedor.election import Contest, Count, Election, Layout
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


def not_published(election: Election, count: Count) -> tuple[str, ...]:
    """Which of blank and null votes no layout of a count's files has: 0 in its totals says nothing of them."""
    layouts = [election.layouts[source.layout] for source in count.sources]
    if any(layout.format.startswith("nist") for layout in layouts):
        return ()
    return tuple(name for name in ("blank", "null") if not any(_has(layout, name) for layout in layouts))


def _has(layout: Layout, name: str) -> bool:
    long = layout.long
    labels = () if long is None else (long.blank if name == "blank" else long.null)
    column = layout.columns.blank if name == "blank" else layout.columns.null
    return column is not None or bool(labels)


def absent_in(table: pl.DataFrame, contest: Contest) -> Absent:
    """The absent figures of the sheets of a table that are in the totals."""
    lacking = columns_absent(table, contest)
    if not lacking:
        return NOTHING
    sheets = sheets_without(table, lacking)
    if sheets.is_empty():
        return NOTHING
    known, parts = measures(sheets, contest, lacking)
    return absent_of(known.select(parts).sum().row(0, named=True))


def absent_by(table: pl.DataFrame, contest: Contest, path: Sequence[str]) -> dict[tuple[str | None, ...], Absent]:
    """The absent figures by place; places without any are left out. path: the levels that name a place."""
    lacking = columns_absent(table, contest)
    sheets = sheets_without(table, lacking) if lacking else table.clear()
    if sheets.is_empty():
        return {}
    known, parts = measures(sheets, contest, lacking)
    sums = known.select(*(pl.col(level).cast(pl.String) for level in path), *parts).group_by(*path).sum()
    return {tuple(row[level] for level in path): absent_of(row) for row in sums.iter_rows(named=True)}


def sheets_without(table: pl.DataFrame, columns: Iterable[str]) -> pl.DataFrame:
    """The sheets in the totals that lack a figure of these columns."""
    return table.filter(in_totals() & pl.any_horizontal(pl.col(name).is_null() for name in columns))


def measures(table: pl.DataFrame, contest: Contest, lacking: Sequence[str]) -> tuple[pl.DataFrame, list[pl.Expr]]:
    """The table with what is left by each sheet's sums, and for each row what `absent_of` needs: numbers that add up.

    lacking: `columns_absent`. What several measures share is worked out first and once: written into each measure it
    would grow with the third power of the choices.
    """
    votes_lacking = [name for name in lacking if name.startswith(VOTES)]
    extra_lacking = [name for name in lacking if not name.startswith(VOTES)]
    known = _shared(table, contest, votes_lacking, extra_lacking)
    some, extra_some = pl.col(NUMBER) > 0, pl.col(EXTRA_NUMBER) > 0
    own = pl.min_horizontal(REST, TOGETHER)
    extra_own = pl.min_horizontal(EXTRA_REST, EXTRA_TOGETHER)
    return known, [
        (pl.col(NUMBER) + pl.col(EXTRA_NUMBER)).alias("lack.figures"),
        _one(some | extra_some, "lack.sheets"),
        *(_one((some | extra_some) & (pl.col(BOUND) == name), f"bound.{name}") for name in BOUNDS),
        _where(some, own, "rest"),
        _one(some & own.is_null(), "unbounded"),
        _where(some & pl.col(EXACT), pl.col(REST), "exact"),
        _where(extra_some, extra_own, "extra"),
        _one(extra_some & extra_own.is_null(), "extra_unbounded"),
        *(_one(pl.col(name).is_null(), f"absent.{name}") for name in extra_lacking),
        *(part for name in votes_lacking for part in _of_choice(name, name in _marked(table, votes_lacking))),
    ]


NUMBER, EXTRA_NUMBER = "absent~number", "absent~extra_number"
REST, EXACT, EXTRA_REST = "absent~rest", "absent~exact", "absent~extra_rest"
TOGETHER, EXTRA_TOGETHER = "absent~together", "absent~extra_together"
UNMARKED, KNOWN = "absent~unmarked", "absent~known"
BOUND, CONTRADICTED = "absent~bound", "absent~contradicted"
"""Columns that `measures` adds to a table: names with `~`, which no figure has."""


def _shared(
    table: pl.DataFrame, contest: Contest, votes_lacking: Sequence[str], extra_lacking: Sequence[str]
) -> pl.DataFrame:
    """The table with the columns that several measures share.

    NUMBER: a row's absent votes; REST: what is left for them, EXACT: whether they hold it exactly; UNMARKED: how
    many of them have no mark, KNOWN: what the marks of the others say, TOGETHER: the most that all hold by their marks;
    EXTRA_: the same of blank and null votes. CONTRADICTED: the marks cannot hold what is left, and bound nothing.
    BOUND: which of BOUNDS.
    """
    unused = unused_columns(contest)
    figures = [*vote_columns(contest), *unused]
    wide = pl.Int128 if _too_large(table, figures) else pl.Int64
    votes = [pl.col(name).cast(wide) for name in vote_columns(contest)]
    valid, cast, roll = (pl.col(name).cast(wide) for name in ("valid", "cast", "registered"))
    stated, extra = pl.col("absent~stated"), pl.col("absent~extra")
    by_valid, by_cast, by_roll = (pl.col(f"absent~by_{name}") for name in ("valid", "cast", "roll"))
    more = pl.max_horizontal(stated, valid)
    rest, together = pl.col(REST), pl.col(TOGETHER)
    narrow, extra_narrow = _narrower(together, rest), _narrower(pl.col(EXTRA_TOGETHER), pl.col(EXTRA_REST))
    if votes_lacking and extra_lacking:
        narrow = pl.when(pl.col(NUMBER) > 0).then(narrow).otherwise(extra_narrow)
    return (
        table.with_columns(
            pl.sum_horizontal(*votes).alias("absent~stated"),
            pl.sum_horizontal(*(pl.col(name).cast(wide) for name in unused)).alias("absent~extra"),
            _count_of(votes_lacking).alias(NUMBER),
            _count_of(extra_lacking).alias(EXTRA_NUMBER),
            _unmarked(table, votes_lacking).alias(UNMARKED),
            _known(table, votes_lacking).alias(KNOWN),
            _together(table, votes_lacking).alias(TOGETHER),
            _together(table, extra_lacking).alias(EXTRA_TOGETHER),
        )
        .with_columns(
            _left(valid - stated).alias("absent~by_valid"),
            _left(cast - stated - extra).alias("absent~by_cast"),
            _left(roll - stated - extra).alias("absent~by_roll"),
        )
        .with_columns(
            pl.coalesce(by_valid, by_cast, by_roll).alias(REST),
            (by_valid.is_not_null() | (valid.is_null() & by_cast.is_not_null() & _all_stated(unused))).alias(EXACT),
            pl.coalesce(_left(cast - more - extra), by_cast, _left(roll - more - extra), by_roll).alias(EXTRA_REST),
            _bound(pl.col(NUMBER), by_valid, by_cast, by_roll).alias(BOUND),
        )
        .with_columns((pl.col(EXACT) & (rest > together)).fill_null(value=False).alias(CONTRADICTED))
        .with_columns(
            (pl.col(EXACT) & ~pl.col(CONTRADICTED)).alias(EXACT),
            pl.when(~pl.col(CONTRADICTED)).then(together),
            pl.when(~pl.col(CONTRADICTED)).then(pl.col(UNMARKED)).otherwise(pl.col(NUMBER)).alias(UNMARKED),
            pl.when(~pl.col(CONTRADICTED)).then(pl.col(KNOWN)).otherwise(0).alias(KNOWN),
        )
        .with_columns(
            pl.when(narrow if votes_lacking else extra_narrow)
            .then(pl.lit("mark"))
            .otherwise(pl.col(BOUND))
            .alias(BOUND)
        )
    )


def _marked(table: pl.DataFrame, lacking: Sequence[str]) -> list[str]:
    """Those of the columns in whose place any mark of the table stands."""
    return [name for name in lacking if MOST + name in table.columns]


def _unmarked(table: pl.DataFrame, lacking: Sequence[str]) -> pl.Expr:
    """How many of a row's absent figures have no mark."""
    marked = _marked(table, lacking)
    bare = [
        pl.col(name).is_null() & (pl.col(MOST + name).is_null() if name in marked else pl.lit(value=True))
        for name in lacking
    ]
    return pl.sum_horizontal(pl.lit(0, dtype=pl.Int64), *(one.cast(pl.Int64) for one in bare))


def _known(table: pl.DataFrame, lacking: Sequence[str]) -> pl.Expr:
    """The most that those of a row's absent figures hold together which have a mark."""
    return pl.sum_horizontal(pl.lit(0, dtype=pl.Int64), *(pl.col(MOST + name) for name in _marked(table, lacking)))


def _together(table: pl.DataFrame, lacking: Sequence[str]) -> pl.Expr:
    """The most that a row's absent figures hold together by their marks; null where one has no mark."""
    return pl.when(_unmarked(table, lacking) == 0).then(_known(table, lacking))


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


def _of_choice(name: str, marked: bool) -> list[pl.Expr]:
    """The measures of one choice's column, of a table with the columns of `_shared`. marked: it has marks."""
    gone, rest, exact = pl.col(name).is_null(), pl.col(REST), pl.col(EXACT)
    others = pl.col(NUMBER) > gone.cast(pl.Int64)
    mark = pl.when(~pl.col(CONTRADICTED)).then(pl.col(MOST + name)) if marked else pl.lit(None, dtype=pl.Int64)
    bare = (gone & mark.is_null()).cast(pl.Int64)
    without = pl.when(pl.col(UNMARKED) == bare).then(pl.col(KNOWN) - mark.fill_null(0))
    high, theirs = pl.min_horizontal(rest, mark), pl.min_horizontal(rest, without)
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
    most = pl.min_horizontal(most, _together(table, lacking))
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
