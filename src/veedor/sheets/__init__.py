"""Tally sheets as one table, whatever format they were published in."""

from veedor.sheets.series import CHANGES, Series, changes_between, series_of
from veedor.sheets.table import (
    FIGURES,
    MOST,
    OTHER,
    VOTES,
    ballots_cast,
    bounded_columns,
    columns_absent,
    figures_published,
    in_totals,
    other_columns,
    path_to,
    schema,
    unused_columns,
    valid_votes,
    vote_columns,
)

__all__ = [
    "CHANGES",
    "FIGURES",
    "MOST",
    "OTHER",
    "VOTES",
    "Series",
    "ballots_cast",
    "bounded_columns",
    "changes_between",
    "columns_absent",
    "figures_published",
    "in_totals",
    "other_columns",
    "path_to",
    "schema",
    "series_of",
    "unused_columns",
    "valid_votes",
    "vote_columns",
]
