"""Tally sheets as the units of an audit: their reported votes as arrays, and scores of every sheet at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import polars as pl

from veedor.audit.assertions.assertion import Assertion, Integers
from veedor.count.absent import ballots_absent
from veedor.count.totals import Tally
from veedor.election import Contest
from veedor.errors import VeedorError
from veedor.sheets.table import columns_absent, in_totals, other_columns, vote_columns

Bound = Literal["registered", "ballots"]
"""The most ballots that a sheet can hold: its registered voters (or its reported ballots if these are more), or its
reported ballots cast where a reconciliation of the ballot papers fixes them."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Units:
    """The sheets under audit, in the manifest's order.

    ids: unique names of the sheets. figures: int64[sheet, choice + 2], votes of each choice, blank, null.
    registered: int64[sheet], voters on the sheet's roll; 0 where the source does not say.
    places: for each sheet its path of places, broadest first, then latitude and longitude where they are known; levels:
    the names of these.
    """

    contest: Contest
    ids: tuple[str, ...]
    figures: Integers
    registered: Integers
    places: tuple[tuple[str, ...], ...]
    levels: tuple[str, ...] = ()

    @cached_property
    def cast(self) -> Integers:
        """Reported ballots cast of each sheet: valid, blank and null."""
        ballots: Integers = self.figures.sum(axis=1)
        return ballots

    @cached_property
    def position(self) -> dict[str, int]:
        """Position of each sheet in the manifest."""
        return {unit: place for place, unit in enumerate(self.ids)}

    def bounds(self, bound: Bound) -> Integers:
        """b: the most ballots that each sheet can hold."""
        return self.cast if bound == "ballots" else np.maximum(self.registered, self.cast)

    def tally(self) -> Tally:
        """Totals of the sheets."""
        sums = self.figures.sum(axis=0)
        return Tally(
            sheets=len(self.ids),
            registered=int(self.registered.sum()),
            votes={choice: int(votes) for choice, votes in zip(self.contest.choice_ids, sums, strict=False)},
            blank=int(sums[-2]),
            null=int(sums[-1]),
        )

    def scores(self, assertion: Assertion) -> Integers:
        """G of each sheet, as whole numbers: the score times the denominator of `Assertion.whole_scores`."""
        return scores(assertion, self.contest, self.figures, self.registered)


def scores(assertion: Assertion, contest: Contest, figures: Integers, registered: Integers) -> Integers:
    """G of each row of figures (choices, blank, null), times the denominator of `Assertion.whole_scores`."""
    whole, _ = assertion.whole_scores(contest.choice_ids)
    totals: Integers = figures @ whole[:-1]
    if assertion.counts_registered:
        totals = totals + whole[-1] * (registered - figures.sum(axis=1))
    return totals


def units_from(table: pl.DataFrame, contest: Contest, levels: Sequence[str] = ()) -> Units:
    """The sheets of a sheet table that are in the totals; refused if a figure is negative.

    An absent figure is its worst case: every ballot that the sheet's absent figures can hold (by its printed sums, else
    its roll) is reported as a null vote, for nobody. A sheet is compared with what the audit reads on it, so any report
    keeps the risk limit as long as it leaves out no ballot that the sheet can hold. Where nothing says how many these
    are, the sheet is refused.
    """
    counted = table.filter(in_totals())
    figures = reported(counted, contest)
    if counted["station"].n_unique() != counted.height:
        raise VeedorError("a station is in the reported results twice")
    located = counted["latitude"].is_not_null().any()
    levels = (*levels, *(("latitude", "longitude") if located else ()))
    names = counted.select(pl.col(level).cast(pl.String).fill_null("") for level in levels)
    return Units(
        contest=contest,
        ids=tuple(counted["station"].to_list()),
        figures=np.ascontiguousarray(figures.to_numpy()).astype(np.int64),
        registered=counted["registered"].fill_null(0).to_numpy().astype(np.int64),
        places=tuple(names.iter_rows()) if levels else ((),) * counted.height,
        levels=levels,
    )


def reported(sheets: pl.DataFrame, contest: Contest) -> pl.DataFrame:
    """Votes of the choices, blank and null of sheets that are in the totals, without gaps; see `units_from`.

    Other ballots that were cast are among the null ones: they hold no vote for a choice.
    """
    others = pl.sum_horizontal(pl.lit(0), *other_columns(contest, of_cast=True))
    null = (pl.col("null").fill_null(0) + others).alias("null")
    figures = sheets.select(*vote_columns(contest), "blank", null).fill_null(0)
    wrong = sheets.filter(figures.select(pl.min_horizontal(pl.all()) < 0).to_series())
    if wrong.height:
        raise VeedorError(
            f"sheet {wrong['station'][0]} and {wrong.height - 1} more have a figure below 0;"
            " an audit needs the reported votes of every sheet (run `veedor check`)"
        )
    if lacking := columns_absent(sheets, contest):
        room = sheets.select(ballots_absent(sheets, contest, lacking)).to_series()
        if room.null_count():
            unknown = sheets.filter(room.is_null())
            raise VeedorError(
                f"sheet {unknown['station'][0]} and {unknown.height - 1} more lack a figure, and no printed sum and no"
                " a roll says how many ballots it can hold; an audit needs the most ballots of every sheet"
            )
        figures = figures.with_columns((pl.col("null") + room).alias("null"))
    return figures
