"""Absent figures: what they can hold holds the truth, and an outcome is certain only if it is so for all of it."""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.count.cases import AnyRule, contest_of
from tests.count.test_tally import ELECTION
from veedor.count import Tally, absent_by, count_as_json, decide, decision_of, open_part, states_of, tally
from veedor.election import (
    Contest,
    Election,
    HighestAverages,
    LargestRemainder,
    Plurality,
    Quorum,
    Supermajority,
    Threshold,
    TwoRound,
)
from veedor.sheets import schema, series_of

IDS = ("A", "B", "C")
LINE = Threshold(at_least="40 %")  # type: ignore[arg-type]  # read as in a definition
LEAD = Threshold(at_least="10 %")  # type: ignore[arg-type]
HALF = Threshold(more_than="50 %")  # type: ignore[arg-type]
FIFTH = Threshold(at_least="20 %")  # type: ignore[arg-type]
RULES: tuple[AnyRule, ...] = (
    Plurality(kind="plurality"),
    Plurality(kind="plurality", seats=2),
    TwoRound(kind="two_round"),
    TwoRound(kind="two_round", of="cast", majority=HALF, alternative=LINE, lead=LEAD),
    Supermajority(kind="supermajority", proposal="A", line=HALF),
    Supermajority(
        kind="supermajority",
        proposal="A",
        of="cast",
        line=LINE,
        quorum=Quorum(at_least="50 %", counts="cast"),  # type: ignore[arg-type]
    ),
    HighestAverages(kind="highest_averages", seats=4),
    HighestAverages(kind="highest_averages", seats=3, divisors="sainte_lague", threshold=FIFTH),
    LargestRemainder(kind="largest_remainder", seats=4),
    LargestRemainder(kind="largest_remainder", seats=3, quota="droop", threshold=FIFTH),
)
Row = dict[str, int | None]
FIGURES = (*(f"votes.{c}" for c in IDS), "blank", "null")


def election_of(contest: Contest) -> Election:
    return ELECTION.model_copy(update={"contests": (contest,)})


def table_of(rows: list[Row], contest: Contest, places: str = "") -> pl.DataFrame:
    kinds = schema(ELECTION, contest)
    whole = [
        {"station": str(n), "town": places[n] if places else "x", "country": "c", **row} for n, row in enumerate(rows)
    ]
    known = {name: [row.get(name) for row in whole] for name in kinds}
    return pl.DataFrame(
        {name: pl.Series(name, values, dtype=kinds[name]) for name, values in known.items()}, schema=kinds
    )


def whole_row(votes: tuple[int, int, int], blank: int, null: int, stay: int) -> Row:
    """A sheet that states everything; stay: voters of its roll who did not come."""
    valid = sum(votes)
    cast = valid + blank + null
    figures = dict(zip(FIGURES, (*votes, blank, null), strict=True))
    return {**figures, "valid": valid, "cast": cast, "registered": cast + stay}


def row_strategy(most: int) -> st.SearchStrategy[Row]:
    number = st.integers(0, most)
    return st.builds(whole_row, st.tuples(number, number, number), number, number, number)


def masked(row: Row, names: frozenset[str]) -> Row:
    return {name: None if name in names else number for name, number in row.items()}


hidden = st.frozensets(st.sampled_from(FIGURES), max_size=5)
sums = st.frozensets(st.sampled_from(("valid", "cast", "registered")), max_size=2)
"""Sums that a sheet does not print: one of the three is always there."""


@pytest.mark.slow
@given(
    rows=st.lists(st.tuples(row_strategy(200), hidden, sums), min_size=1, max_size=8),
)
def test_bounds_hold_the_truth(rows: list[tuple[Row, frozenset[str], frozenset[str]]]) -> None:
    contest = contest_of(RULES[0], *IDS)
    true = tally(table_of([row for row, *_ in rows], contest), contest)
    seen = tally(table_of([masked(row, names | gone) for row, names, gone in rows], contest), contest)
    for c in IDS:
        high = seen.votes_high(c)
        assert high is not None, "every sheet has a sum or a roll"
        assert seen.votes_low(c) <= true.votes[c] <= high
    assert seen.absent.high is not None
    assert seen.valid + seen.absent.low <= true.valid <= seen.valid + seen.absent.high
    if seen.absent.extra is not None and seen.absent.blank and seen.absent.null:
        assert true.blank + true.null - seen.blank - seen.null <= seen.absent.extra


@pytest.mark.slow
@settings(max_examples=50)
@given(data=st.data(), rows=st.lists(st.tuples(row_strategy(200), hidden, sums), min_size=1, max_size=6))
def test_a_figure_that_is_given_widens_no_bound(
    data: st.DataObject, rows: list[tuple[Row, frozenset[str], frozenset[str]]]
) -> None:
    contest = contest_of(RULES[0], *IDS)
    full = whole_row((1, 1, 1), 1, 1, 1)
    before = [full, *(masked(row, names | gone) for row, names, gone in rows)]
    gaps = [(n, name) for n, row in enumerate(before) for name in FIGURES if row[name] is None]
    if not gaps:
        return
    place, name = data.draw(st.sampled_from(gaps))
    after = [{**row, name: rows[n - 1][0][name]} if n == place else row for n, row in enumerate(before)]
    wide, narrow = (tally(table_of(made, contest), contest) for made in (before, after))
    assert narrow.absent.figures == wide.absent.figures - 1
    for c in IDS:
        assert wide.votes_low(c) <= narrow.votes_low(c)
        assert _at_most(narrow.votes_high(c), wide.votes_high(c))
    assert _at_most(narrow.absent.high, wide.absent.high)


def _at_most(number: int | None, bound: int | None) -> bool:
    return bound is None or (number is not None and number <= bound)


def _fillings(row: Row, most: int) -> Iterator[Row]:
    """Every sheet that the masked one may be: its own sums hold, and choices without any bound get up to `most`."""
    gaps = [name for name in FIGURES if row[name] is None]
    for values in product(range(most + 1), repeat=len(gaps)):
        filled = {**row, **dict(zip(gaps, values, strict=True))}
        numbers = [filled[name] or 0 for name in FIGURES]
        valid, cast = sum(numbers[:3]), sum(numbers)
        if row["valid"] not in (None, valid) or row["cast"] not in (None, cast):
            continue
        if row["registered"] is None or cast <= row["registered"]:
            yield filled


@pytest.mark.slow
@pytest.mark.parametrize("rule", RULES, ids=[f"{rule.kind}-{n}" for n, rule in enumerate(RULES)])
@settings(max_examples=40)
@given(data=st.data())
def test_an_outcome_called_certain_is_the_same_for_every_filling(rule: AnyRule, data: st.DataObject) -> None:
    contest = contest_of(rule, *IDS)
    base = data.draw(row_strategy(12))
    rows = data.draw(st.lists(row_strategy(2), min_size=1, max_size=2))
    gaps = [data.draw(st.frozensets(st.sampled_from(FIGURES), max_size=2)) for _ in rows]
    gone = [data.draw(st.frozensets(st.sampled_from(("valid", "cast")), max_size=2)) for _ in rows]
    seen = [masked(row, a | b) for row, a, b in zip(rows, gaps, gone, strict=True)]
    stated = tally(table_of([base, *seen], contest), contest)
    outcome = decide(contest, stated)
    keys = {
        decision_of(contest, _added(stated, seen, filling)).key
        for filling in product(*(list(_fillings(row, 12)) for row in seen))
    }
    if outcome.within_absent:
        assert keys == {outcome.key}
    elif isinstance(rule, Plurality) and outcome.result == "elected":
        assert keys != {outcome.key}, "for plurality the bounds are exact"


def _added(stated: Tally, seen: list[Row], filling: tuple[Row, ...]) -> Tally:
    def more(name: str) -> int:
        return sum((now[name] or 0) - (then[name] or 0) for now, then in zip(filling, seen, strict=True))

    votes = {c: stated.votes[c] + more(f"votes.{c}") for c in IDS}
    return replace(stated, votes=votes, blank=stated.blank + more("blank"), null=stated.null + more("null"))


@pytest.mark.parametrize("share", [0.05, 0.5])
def test_a_share_of_a_column_masked(share: float) -> None:
    """Of 2,000 sheets some lack B: with the printed sums all is known, with the roll it is bounded, without nothing."""
    draw = random.Random(7)
    contest = contest_of(RULES[0], *IDS)
    whole = [whole_row((draw.randrange(90), draw.randrange(60), draw.randrange(9)), 1, 2, 40) for _ in range(2000)]
    gone = [draw.random() < share for _ in whole]
    true = tally(table_of(whole, contest), contest)

    def seen(*also: str) -> Tally:
        hide = frozenset({"votes.B", *also})
        return tally(
            table_of([masked(r, hide) if g else r for r, g in zip(whole, gone, strict=True)], contest), contest
        )

    printed = seen()
    assert printed.absent.choices["B"].figures == printed.absent.sheets == sum(gone)
    assert printed.votes["B"] < true.votes["B"] == printed.votes_low("B") == printed.votes_high("B")
    assert printed.absent.bounds == {"valid": sum(gone), "cast": 0, "registered": 0, "mark": 0, "nothing": 0}
    roll = seen("valid", "cast")
    assert roll.votes_low("B") == roll.votes["B"]
    assert roll.votes_high("B") == true.votes["B"] + 40 * sum(gone)
    nothing = seen("valid", "cast", "registered")
    assert nothing.votes_high("B") is None
    assert not decide(contest, nothing).within_absent


def test_a_sum_below_what_is_stated_bounds_nothing() -> None:
    contest = contest_of(RULES[0], *IDS)
    row: Row = {"votes.A": 70, "votes.B": None, "votes.C": 5, "valid": 60, "cast": 80, "registered": 100}
    seen = tally(table_of([row], contest), contest)
    assert (seen.votes_low("B"), seen.votes_high("B")) == (0, 5)
    assert seen.absent.bounds["cast"] == 1
    seen = tally(table_of([{**row, "cast": 74}], contest), contest)
    assert (seen.votes_low("B"), seen.votes_high("B")) == (0, 25)


def test_a_column_that_no_sheet_states_is_not_published() -> None:
    contest = contest_of(RULES[0], *IDS)
    row: Row = {"votes.A": 70, "votes.B": 3, "votes.C": 5}
    assert tally(table_of([row, row], contest), contest).absent.figures == 0
    seen = tally(table_of([row, {**row, "blank": 1}], contest), contest)
    assert (seen.absent.figures, seen.absent.blank) == (1, 1)
    assert decide(contest, seen).within_absent, "blank votes elect nobody by plurality"


def test_sheets_out_of_the_totals_lack_nothing() -> None:
    contest = contest_of(RULES[0], *IDS)
    table = table_of([whole_row((4, 5, 6), 0, 0, 0), {"votes.A": 1}], contest)
    pending = table.with_columns(pl.Series("status", [None, "pending"], dtype=pl.Categorical()))
    assert tally(pending, contest).absent.figures == 0


def test_two_absent_in_one_sheet_share_what_is_left() -> None:
    """A leads B by 60. Both lack a sheet of 50: they cannot both take it, and B cannot catch up."""
    contest = contest_of(RULES[0], "A", "B")
    rows: list[Row] = [
        {"votes.A": 100, "votes.B": 40, "valid": 140},
        {"votes.A": None, "votes.B": None, "valid": 50},
    ]
    seen = tally(table_of(rows, contest), contest)
    assert [seen.votes_high(c) for c in "AB"] == [150, 90]
    assert decide(contest, seen).within_absent
    assert open_part(contest, seen, expected=2).outcome_can_change is False
    close = tally(table_of([{**rows[0], "votes.A": 90}, rows[1]], contest), contest)
    assert not decide(contest, close).within_absent
    part = open_part(contest, close, expected=2)
    assert (part.basis, part.valid, part.outcome_can_change) == ("absent", 50, True)


def test_places_and_states_have_their_own() -> None:
    contest = contest_of(RULES[0], *IDS)
    rows = [whole_row((10, 9, 8), 1, 1, 3), whole_row((5, 6, 7), 0, 2, 3), whole_row((3, 3, 3), 0, 2, 3)]
    seen = [rows[0], masked(rows[1], frozenset({"votes.B"})), masked(rows[2], frozenset({"votes.A", "votes.B"}))]
    table = table_of(seen, contest, "xyy")
    towns = absent_by(table, contest, ("country", "town"))
    assert list(towns) == [("c", "y")]
    assert (towns["c", "y"].figures, towns["c", "y"].sheets, towns["c", "y"].high) == (3, 2, 12)
    election = election_of(contest)
    times = [dt.datetime(2020, 1, 2, hour, tzinfo=dt.UTC) for hour in range(3)]
    states = [table.head(2), table, table_of([rows[0], rows[1], seen[2]], contest, "xyy")]
    series = series_of(election, contest, election.counts[0], list(zip(times, states, strict=True)))
    for state, one in zip(states_of(series), states, strict=True):
        assert state.tally == tally(one, contest)
    assert [state.tally.absent.figures for state in states_of(series)] == [1, 3, 2]


@pytest.mark.slow
@given(rows=st.lists(row_strategy(200), min_size=1, max_size=5))
def test_without_absent_figures_nothing_is_added(rows: list[Row]) -> None:
    contest = contest_of(RULES[0], *IDS)
    total = tally(table_of(rows, contest), contest)
    bare = Tally(
        sheets=total.sheets, registered=total.registered, votes=total.votes, blank=total.blank, null=total.null
    )
    assert total == bare
    part = open_part(contest, total, expected=len(rows))
    assert part.basis == "nothing_open"
    document = count_as_json(election_of(contest), contest, ELECTION.counts[0], None, total, part)
    assert document["figures_absent"] == {
        "figures": 0,
        "sheets": 0,
        "by_choice": {},
        "blank": 0,
        "null": 0,
        "votes_high": 0,
        "bounded_by": {},
    }
    choices = document["choices"]
    assert isinstance(choices, list)
    for choice in choices:
        assert isinstance(choice, dict)
        assert choice["votes_low"] == choice["votes"] == choice["votes_high"]
