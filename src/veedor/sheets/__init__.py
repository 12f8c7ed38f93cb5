"""Tally sheets as one table, whatever format they were published in."""

from veedor.sheets.series import CHANGES, Series, changes_between, series_of
from veedor.sheets.table import (
    FIGURES,
    OTHER,
    VOTES,
    ballots_cast,
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
    "OTHER",
    "VOTES",
    "Series",
    "ballots_cast",
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
