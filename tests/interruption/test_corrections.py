"""Missing sheets are summed by themselves: corrections of counted sheets are not in them.

Seven stations by hand: six counted, one of which loses 100 votes of A later; the seventh, missing, holds 30 and 50.
"""

import datetime as dt

import polars as pl
import pytest

from tests.checks.world import CONTEST, ELECTION, rows, table
from veedor.command import Command
from veedor.errors import VeedorError
from veedor.interruption.outstanding.needed_lead import needed_at
from veedor.interruption.outstanding.needed_lead_finding import needed_finding
from veedor.interruption.split import Split, split_at

COUNTED = ((200, 100), (190, 110), (210, 90), (205, 95), (180, 120), (175, 125))
CUT = dt.datetime(2024, 5, 12, 20, tzinfo=ELECTION.zone)


def sheets(votes: tuple[tuple[int, int], ...], prefix: str = "") -> pl.DataFrame:
    made = [
        {**row, "station": prefix + str(row["station"]), "votes.A": a, "votes.B": b, "votes.C": 0}
        for row, (a, b) in zip(rows(), votes, strict=False)
    ]
    return table(made).with_columns(pl.lit("x").cast(pl.Categorical()).alias("count"))


def split(prefix: str = "") -> Split:
    final = (*COUNTED[:3], (105, 95), *COUNTED[4:], (30, 50))
    return split_at(ELECTION, CONTEST, sheets(COUNTED), sheets(final, prefix), cut=CUT)


def test_the_missing_sheets_hold_their_own_votes() -> None:
    needed = needed_at(split())
    assert needed.missing_valid == 80
    assert needed.totals_valid == 80 - 100
    assert needed.observed == -20 / 80
    # A led by 1,160 to 640 of 1,800: to end level the 80 needed a lead of -520.
    assert needed.lead_needed == -520 / 80
    assert needed.lead_needed_of_totals is None
    assert (needed.reachable_below, needed.reachable_above) == (False, True)


def test_corrections_are_told_apart() -> None:
    made = split()
    summary = needed_finding(made, needed_at(made), Command(words=("interruption",))).summary
    assert summary.en.startswith("With 80 valid votes still missing, A led B by 28.89 points")
    assert summary.en.endswith(
        "Corrections of sheets counted before changed their valid votes by −100: these are not in it."
    )
    assert made.open.valid == 80


def test_counts_without_a_common_station_are_no_study() -> None:
    with pytest.raises(VeedorError, match="are the identifiers written alike"):
        split("X")
