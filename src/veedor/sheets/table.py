"""The sheet table: one row per tally sheet and snapshot, with the same columns whatever the source looked like.

A cell that is absent stays null; zero means that the sheet says zero. `valid` and `cast` are what the sheet *prints*,
never filled in from the sum.
"""

from collections.abc import Iterable

import polars as pl

from veedor.election import IN_TOTALS, Contest, Election

VOTES = "votes."
"""Prefix of the columns with a choice's votes."""

OTHER = "other."
"""Prefix of the columns with figures that have a name of their own."""

LINE = "line."
"""Prefix of the columns with the votes of a choice's party lines: the choice, a stroke, the line's name."""

MOST = "most."
"""Prefix of the columns with the most that an absent figure can be, as the mark in its place says."""

FIGURES = ("registered", "blank", "null", "valid", "cast")
"""Columns of whole numbers beside the votes."""


def vote_columns(contest: Contest) -> tuple[str, ...]:
    """Names of the vote columns, in ballot order."""
    return tuple(VOTES + choice for choice in contest.choice_ids)


def other_columns(contest: Contest, *, of_cast: bool = False) -> tuple[str, ...]:
    """Names of the columns of other figures, in the definition's order. of_cast: only of ballots that were cast."""
    return tuple(OTHER + figure.id for figure in contest.other if figure.of_cast or not of_cast)


def line_column(choice: str, line: str) -> str:
    """The name of the column of a choice's party line. No choice's id has a stroke."""
    return f"{LINE}{choice}/{line}"


def line_columns(election: Election, contest: Contest) -> tuple[str, ...]:
    """Names of the columns of party lines, of all layouts, by choice."""
    found: dict[str, None] = {}
    for choice in contest.choice_ids:
        for layout in election.layouts.values():
            lines = layout.long.lines.get(choice, ()) if layout.long is not None else ()
            if choice in layout.columns.votes:
                lines = layout.columns.votes[choice].lines
            found |= dict.fromkeys(line_column(choice, line) for line in lines)
    return tuple(found)


def lines_among(columns: Iterable[str]) -> dict[str, dict[str, str]]:
    """The columns of party lines among these, by choice and line."""
    found: dict[str, dict[str, str]] = {}
    for name in columns:
        if name.startswith(LINE):
            choice, _, line = name.removeprefix(LINE).partition("/")
            found.setdefault(choice, {})[line] = name
    return found


def bounded_columns(contest: Contest) -> tuple[str, ...]:
    """Names of the columns whose absent figures a mark may bound: the choices' votes, blank and null."""
    return (*vote_columns(contest), "blank", "null")


def schema(election: Election, contest: Contest) -> dict[str, pl.DataType]:
    """Name and type of every column of the sheet table, in order. All are present; those a source lacks are null.

    Where a layout of the election has marks that bound a figure (`at_most`), a column `most.<figure>` for each of
    `bounded_columns` comes after these: a number where the figure is absent and its mark bounds it, else null. Last
    come the columns of `line_columns`, where a layout names party lines.
    """
    marks = any(layout.at_most for layout in election.layouts.values())
    time = pl.Datetime("us", election.timezone)
    return {
        "count": pl.Categorical(),
        "snapshot": time,
        "station": pl.String(),
        **{level: pl.Categorical() for level in election.level_ids},
        "registered": pl.Int64(),
        **{name: pl.Int64() for name in vote_columns(contest)},
        "blank": pl.Int64(),
        "null": pl.Int64(),
        **{name: pl.Int64() for name in other_columns(contest)},
        "valid": pl.Int64(),
        "cast": pl.Int64(),
        "status": pl.Categorical(),
        "latitude": pl.Float64(),
        "longitude": pl.Float64(),
        "arrived": time,
        **({MOST + name: pl.Int64() for name in bounded_columns(contest)} if marks else {}),
        **{name: pl.Int64() for name in line_columns(election, contest)},
    }


def in_totals() -> pl.Expr:
    """True if a row's sheet is in the totals: it has no status, or one that counts (counted, observed)."""
    return pl.col("status").is_null() | pl.col("status").cast(pl.String).is_in(list(IN_TOTALS))


def figures_published(table: pl.DataFrame, contest: Contest) -> tuple[str, ...]:
    """The columns whose nulls are absent figures: the choices', and blank and null where any sheet states them."""
    return (*vote_columns(contest), *(name for name in ("blank", "null") if _states(table, name)))


def _states(table: pl.DataFrame, name: str) -> bool:
    """Whether any row has the figure, or a mark in its place that bounds it."""
    names = [each for each in (name, MOST + name) if each in table.columns]
    return any(table[each].null_count() < table.height for each in names)


def columns_absent(table: pl.DataFrame, contest: Contest) -> tuple[str, ...]:
    """Of those, the ones that some sheet lacks."""
    return tuple(name for name in figures_published(table, contest) if table[name].null_count())


def valid_votes(contest: Contest) -> pl.Expr:
    """Valid votes of a row as computed: the sum of its choices' votes."""
    return pl.sum_horizontal(*vote_columns(contest))


def ballots_cast(contest: Contest) -> pl.Expr:
    """Ballots cast of a row as computed: valid, blank, null and others; an absent one of these adds nothing."""
    return pl.sum_horizontal(*vote_columns(contest), *unused_columns(contest))


def unused_columns(contest: Contest) -> tuple[str, ...]:
    """The columns of ballots that were cast and are no valid votes: blank, null and others."""
    return ("blank", "null", *other_columns(contest, of_cast=True))


def path_to(election: Election, level: str) -> tuple[str, ...]:
    """The levels from the broadest down to the one named: a place's name is unique only with its full path."""
    return election.level_ids[: election.level_ids.index(level) + 1]
