"""Identical rows: which places are counted, what a pair that must be equal weighs, and which sentence is said."""

import polars as pl
import pytest

from tests.checks.test_identical import copied, looked
from tests.checks.world import FIGURES, Row, inputs, rows
from veedor.checks import run_checks
from veedor.checks.identical import p_value
from veedor.finding import Finding


def finding_of(made: list[Row]) -> Finding:
    return run_checks(inputs(made), ["identical_rows"])[0]


def apart(made: list[Row]) -> list[Row]:
    """Each sheet in a place of its own."""
    return [{**row, "precinct": f"Place of {row['station']}"} for row in made]


def nowhere(made: list[Row]) -> list[Row]:
    return [{**row, "region": None, "precinct": None} for row in made]


def test_a_place_with_one_sheet_of_a_size_is_not_among_the_places_compared() -> None:
    """Two places of two sheets of 230 ballots each, and one sheet of 231 in each of them, and one in a third place."""
    sizes = dict(zip(FIGURES, (101, 57, 33, 20, 20), strict=True))
    more: list[Row] = [{"station": f"9{place}", "region": "R", "precinct": f"P{place}", **sizes} for place in range(3)]
    found = looked([*copied(), *more])
    assert (found.places, found.comparable) == (2, 2)
    assert finding_of([*copied(), *more]).effect["places"] == 2


def test_a_pair_that_must_be_equal_is_among_the_pairs_of_any_chance() -> None:
    """Chances 1 and 0.05, both equal. All pairs: two places, 1.05 expected: 1.05^2 / 2 over 1/2 is above 1.

    Pairs of at most 0.1: one place, 0.05 expected: 0.05 over 1/16 is 0.8. Without the first pair among all of them
    one place of 0.05 over 1/2 would be 0.1: too small by a factor of eight.
    """
    pairs = pl.DataFrame({"place_key": [1, 2], "chance": [1.0, 0.05], "equal": [True, True]})
    assert p_value(pairs) == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (copied(), "equal figure by figure: 2"),
        (apart(copied()), "no place has two sheets with the same number of ballots"),
        (nowhere(copied()), "the sheets name no place"),
        (rows(), "no place has two sheets with the same number of ballots"),
    ],
    ids=["compared", "each alone in its place", "without a place", "none of the same size"],
)
def test_the_summary_says_why_nothing_was_compared_and_only_then(made: list[Row], said: str) -> None:
    sentences = {
        "equal figure by figure: 2",
        "no place has two sheets with the same number of ballots",
        "the sheets name no place",
    }
    summary = finding_of(made).summary.en
    assert {sentence for sentence in sentences if sentence in summary} == {said}


def test_the_summary_in_spanish_says_the_same() -> None:
    assert "no nombran lugar" in finding_of(nowhere(copied())).summary.es
    assert "ningún lugar tiene dos actas" in finding_of(apart(copied())).summary.es
    assert "cifra por cifra: 2" in finding_of(copied()).summary.es
