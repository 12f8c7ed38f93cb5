"""Tally sheets as one table, whatever format they were published in."""

from veedor.sheets.series import CHANGES, Series, changes_between, series_of
from veedor.sheets.table import (
    FIGURES,
    VOTES,
    ballots_cast,
    columns_absent,
    figures_published,
    in_totals,
    path_to,
    schema,
    valid_votes,
    vote_columns,
)

__all__ = [
    "CHANGES",
    "FIGURES",
    "VOTES",
    "Series",
    "ballots_cast",
    "changes_between",
    "columns_absent",
    "figures_published",
    "in_totals",
    "path_to",
    "schema",
    "series_of",
    "valid_votes",
    "vote_columns",
]
