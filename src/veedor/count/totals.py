"""Tally: what a set of tally sheets adds up to, and shares with their denominator in the name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypedDict

import polars as pl

from veedor.count.absent import NOTHING, Absent, absent_in
from veedor.count.lines import line_measures, lines_of
from veedor.election import Contest, Election
from veedor.errors import VeedorError
from veedor.notebook import one_line, titled_table
from veedor.sheets import OTHER, in_totals, other_columns, path_to, unused_columns, vote_columns

GAPS = "gap."
"""Prefix of the columns of `gaps`."""

LARGEST = 2**63 - 1
"""The largest whole number of the sheet table's columns."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Tally:
    """Totals of the sheets that count. All figures are whole votes, exact at any size.

    sheets: number of sheets added up.
    registered: voters on the rolls of those sheets; None where no sheet states it.
    votes: valid votes of each choice, in ballot order.
    other: other figures by their id; other_cast: those of them together that are ballots cast; other_absent: how many
      the sheets lack of those that any sheet has. These add nothing.
    absent: the figures that these sheets lack, which add nothing to the others.
    lines: of a choice whose votes are published by party line too, those of each line that any sheet states.
    """

    sheets: int
    registered: int | None
    votes: Mapping[str, int]
    blank: int
    null: int
    other: Mapping[str, int] = field(default_factory=dict)
    other_cast: int = 0
    other_absent: int = 0
    absent: Absent = field(default=NOTHING)
    lines: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def lines_of(self, choice: str) -> Mapping[str, int]:
        """The votes of a choice's party lines; none where they do not add up to its votes."""
        lines = self.lines.get(choice, {})
        return lines if sum(lines.values()) == self.votes[choice] else {}

    def votes_low(self, choice: str) -> int:
        """The fewest votes that a choice has, whatever its absent figures hold."""
        return self.votes[choice] + self.absent.of(choice).low

    def votes_high(self, choice: str) -> int | None:
        """The most votes that a choice has with its absent figures; None where nothing bounds them."""
        added = self.absent.of(choice).high
        return None if added is None else self.votes[choice] + added

    @property
    def valid(self) -> int:
        """Valid votes: the sum of the choices' votes."""
        return sum(self.votes.values())

    @property
    def cast(self) -> int:
        """Ballots cast: valid, blank, null and others."""
        return self.valid + self.blank + self.null + self.other_cast

    @property
    def ranking(self) -> tuple[str, ...]:
        """Choices, most votes first; equal ones in ballot order."""
        return tuple(sorted(self.votes, key=lambda choice: -self.votes[choice]))

    def share_of_valid(self, choice: str) -> Fraction | None:
        """A choice's votes over valid votes; None without valid votes."""
        return Fraction(self.votes[choice], self.valid) if self.valid else None

    def share_of_cast(self, choice: str) -> Fraction | None:
        """A choice's votes over ballots cast; None without ballots."""
        return Fraction(self.votes[choice], self.cast) if self.cast else None

    @property
    def cast_of_registered(self) -> Fraction | None:
        """Turnout: ballots cast over registered voters; None where these are unknown or none."""
        return Fraction(self.cast, self.registered) if self.registered else None

    def frame(self) -> pl.DataFrame:
        """A row for each choice in ballot order: choice, votes, share_of_valid (null without valid votes)."""
        shares = [self.share_of_valid(choice) for choice in self.votes]
        return pl.DataFrame(
            {
                "choice": list(self.votes),
                "votes": list(self.votes.values()),
                "share_of_valid": [None if share is None else float(share) for share in shares],
            },
            schema={"choice": pl.String, "votes": pl.Int64, "share_of_valid": pl.Float64},
        )

    def __repr__(self) -> str:
        votes = ", ".join(f"{choice} {self.votes[choice]:,}" for choice in self.ranking)
        return one_line(f"<Tally of {self.sheets:,} sheets, {self.valid:,} valid votes: {votes}>")

    def _repr_html_(self) -> str:
        return titled_table(f"{self.sheets:,} sheets, {self.valid:,} valid votes", self.frame())


def tally(table: pl.DataFrame, contest: Contest) -> Tally:
    """Add up the sheets of a sheet table that are in the totals. An absent figure adds nothing, and is in `absent`."""
    columns = vote_columns(contest)
    wide = _sums((*columns, "registered", "blank", "null", *other_columns(contest)), table)
    added = [*gaps(table, contest), *line_measures(table, contest)]
    sums = (
        table.lazy()
        .filter(in_totals())
        .select(*wide, *(one.sum() for one in added), pl.len().alias("sheets"), _stated())
        .collect()
        .row(0, named=True)
    )
    return Tally(
        sheets=int(sums["sheets"]),
        registered=int(sums["registered"]) if sums["stated"] else None,
        votes={choice: int(sums[name]) for choice, name in zip(contest.choice_ids, columns, strict=True)},
        blank=int(sums["blank"]),
        null=int(sums["null"]),
        **others_of(contest, sums),
        absent=absent_in(table, contest),
        lines=lines_of(sums),
    )


class Others(TypedDict):
    """The part of a tally that is other figures."""

    other: dict[str, int]
    other_cast: int
    other_absent: int


def others_of(contest: Contest, sums: Mapping[str, int]) -> Others:
    """The other figures of a tally out of sums by column, and by column of `gaps`."""
    other = {figure.id: int(sums[OTHER + figure.id] or 0) for figure in contest.other}
    return Others(
        other=other,
        other_cast=sum(other[figure.id] for figure in contest.other if figure.of_cast),
        other_absent=sum(int(sums[GAPS + OTHER + figure.id] or 0) for figure in contest.other),
    )


def gaps(table: pl.DataFrame, contest: Contest) -> list[pl.Expr]:
    """For each other figure whether a row lacks it, though some row of the table has it; 1 or 0."""
    published = [(name, table[name].null_count() < table.height) for name in other_columns(contest)]
    return [
        (pl.col(name).is_null() if given else pl.lit(value=False)).cast(pl.Int64).alias(GAPS + name)
        for name, given in published
    ]


def tallies_by(table: pl.DataFrame, election: Election, contest: Contest, level: str) -> pl.DataFrame:
    """Totals of every place of a level, ordered by the place's path.

    Columns: the levels down to `level`, sheets, registered (null where no sheet states it), cast, valid, blank, null,
    `votes.<choice>` and `other.<figure>`, and the sums of `line_measures`. Only sheets in the totals count. Raises
    VeedorError for a level that the election lacks.
    """
    if level not in election.level_ids:
        raise VeedorError(f"{election.id} has no level {level}; it has {', '.join(election.level_ids)}")
    path = path_to(election, level)
    columns = vote_columns(contest)
    others = other_columns(contest)
    figures = ("registered", "blank", "null", *columns, *others)
    keys = [pl.col(name).cast(pl.String) for name in path]
    lines = line_measures(table, contest)
    sums = (
        table.lazy()
        .filter(in_totals())
        .group_by(*path)
        .agg(*_sums(figures, table), *(one.sum() for one in lines), pl.len().cast(pl.Int64).alias("sheets"), _stated())
        .with_columns(*keys)
        .collect()
    )
    totals = sums.with_columns(
        pl.when("stated").then("registered").alias("registered"), pl.sum_horizontal(*columns).alias("valid")
    ).with_columns(pl.sum_horizontal("valid", *unused_columns(contest)).alias("cast"))
    if any(dtype == pl.Int128 for dtype in totals.dtypes):
        totals = _narrowed(totals)
    order = (*path, "sheets", "registered", "cast", "valid", "blank", "null", *columns, *others)
    order = (*order, *(one.meta.output_name() for one in lines))
    return totals.select(order).sort(*path, nulls_last=True)


def _stated() -> pl.Expr:
    return pl.col("registered").is_not_null().any().alias("stated")


def _sums(names: tuple[str, ...], table: pl.DataFrame) -> list[pl.Expr]:
    """Sums that cannot wrap around: in 128 bits where 64 might not hold all the figures together."""
    largest = table.select(pl.max_horizontal(pl.col(*names).abs().max())).item() if table.height else 0
    wide = (largest or 0) * table.height * len(names) > LARGEST
    return [(pl.col(name).cast(pl.Int128) if wide else pl.col(name)).sum() for name in names]


def _narrowed(totals: pl.DataFrame) -> pl.DataFrame:
    wide = [name for name, dtype in totals.schema.items() if dtype == pl.Int128]
    if totals.select(pl.max_horizontal(pl.col(*wide).max())).item() > LARGEST:
        raise VeedorError(f"a total is over {LARGEST:,}: a sheet's figures are far too large (run `veedor check`)")
    return totals.with_columns(pl.col(*wide).cast(pl.Int64))
