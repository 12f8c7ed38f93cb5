"""Party lines: the votes of a choice by the lines of the ballot on which it stands (fusion, coalitions).

A line's figure is taken of sheets that state the choice's figure, so that whole lines add up to its votes.
"""

from collections.abc import Mapping

import polars as pl

from veedor.election import Contest
from veedor.sheets import lines_among, vote_columns

HAS = "has."
"""Prefix of the columns that say how many sheets state a line."""


def line_measures(table: pl.DataFrame, contest: Contest) -> list[pl.Expr]:
    """For each party line of the table its votes, and whether a row states it (1 or 0): numbers that add up."""
    found = []
    votes = dict(zip(contest.choice_ids, vote_columns(contest), strict=True))
    for choice, lines in lines_among(table.columns).items():
        for name in lines.values():
            stated = pl.col(name).is_not_null() & pl.col(votes[choice]).is_not_null()
            found.append(pl.when(stated).then(pl.col(name)).otherwise(0).alias(name))
            found.append(stated.cast(pl.Int64).alias(HAS + name))
    return found


def lines_of(sums: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """The votes of each choice's lines, out of sums of `line_measures`. A line that no sheet states is left out."""
    named = {
        choice: {line: int(sums[name] or 0) for line, name in lines.items() if sums[HAS + name]}
        for choice, lines in lines_among(sums).items()
    }
    return {choice: lines for choice, lines in named.items() if lines}
