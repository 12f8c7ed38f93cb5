"""Figures of which a mark says the most that they are (`<10`): the bounds hold the truth, and a mark only narrows."""

import json
from dataclasses import replace
from itertools import product
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.count.cases import contest_of
from tests.count.test_absent import FIGURES, IDS, RULES, Row, masked, row_strategy, sums, table_of
from tests.sheets.small import election, read_text
from tests.sheets.test_masked_sheets import HEAD, WIDE, veedor
from veedor.count import Tally, decide, decision_of, tally
from veedor.count.absent import ballots_absent
from veedor.election import Contest, Plurality
from veedor.errors import DefinitionError, InputError
from veedor.sheets import MOST, columns_absent

Marks = dict[str, int]
"""By figure of a sheet, the most that the mark in its place says that it is."""


def marked(rows: list[Row], marks: list[Marks], contest: Contest) -> pl.DataFrame:
    """The table of these sheets with the columns of marks."""
    bounds = {MOST + name: [each.get(name) for each in marks] for name in FIGURES}
    columns = [pl.Series(name, values, dtype=pl.Int64) for name, values in bounds.items()]
    return table_of(rows, contest).with_columns(columns)


def marks_of(row: Row, slack: dict[str, int], gone: frozenset[str]) -> Marks:
    """Marks that hold the truth: each absent figure is at most itself and some more."""
    return {name: (row[name] or 0) + more for name, more in slack.items() if name in gone}


slacks = st.dictionaries(st.sampled_from(FIGURES), st.integers(0, 12))
hidden = st.frozensets(st.sampled_from(FIGURES), max_size=5)
all_sums = st.frozensets(st.sampled_from(("valid", "cast", "registered")))
"""Sums that a sheet does not print: all three may be gone."""
Case = tuple[Row, frozenset[str], frozenset[str], dict[str, int]]
cases = st.lists(st.tuples(row_strategy(30), hidden, all_sums, slacks), min_size=1, max_size=6)


def seen_of(rows: list[Case], contest: Contest) -> tuple[list[Row], list[Marks]]:
    """The sheets as published, and their marks."""
    shown = [masked(row, gone | lost) for row, gone, lost, _ in rows]
    return shown, [marks_of(row, slack, gone) for row, gone, _, slack in rows]


def within(number: int | None, bound: int | None) -> bool:
    return bound is None or (number is not None and number <= bound)


@pytest.mark.slow
@settings(max_examples=80)
@given(rows=cases)
def test_bounds_hold_the_truth_and_marks_only_narrow_them(rows: list[Case]) -> None:
    contest = contest_of(RULES[0], *IDS)
    true = tally(table_of([row for row, *_ in rows], contest), contest)
    shown, marks = seen_of(rows, contest)
    bare = tally(marked(shown, [{} for _ in rows], contest), contest)
    narrow = tally(marked(shown, marks, contest), contest)
    for c in IDS:
        assert narrow.votes_low(c) <= true.votes[c]
        assert within(true.votes[c], narrow.votes_high(c))
        assert bare.votes_low(c) <= narrow.votes_low(c)
        assert within(narrow.votes_high(c), bare.votes_high(c))
    assert narrow.valid + narrow.absent.low <= true.valid
    assert within(true.valid - narrow.valid, narrow.absent.high)
    assert within(narrow.absent.high, bare.absent.high)
    if narrow.absent.blank and narrow.absent.null:
        assert within(true.blank + true.null - narrow.blank - narrow.null, narrow.absent.extra)


@pytest.mark.slow
@settings(max_examples=60)
@given(data=st.data(), rows=cases)
def test_a_figure_that_is_given_widens_no_bound(data: st.DataObject, rows: list[Case]) -> None:
    contest = contest_of(RULES[0], *IDS)
    full: Case = ({**rows[0][0], **dict.fromkeys(FIGURES, 1)}, frozenset(), frozenset(("valid", "cast")), {})
    rows = [full, *rows]
    shown, marks = seen_of(rows, contest)
    gaps = [(n, name) for n, row in enumerate(shown) for name in FIGURES if row[name] is None]
    if not gaps:
        return
    place, name = data.draw(st.sampled_from(gaps))
    given_ = [{**row, name: rows[n][0][name]} if n == place else row for n, row in enumerate(shown)]
    fewer = [{k: v for k, v in each.items() if (n, k) != (place, name)} for n, each in enumerate(marks)]
    wide = tally(marked(shown, marks, contest), contest)
    narrow = tally(marked(given_, fewer, contest), contest)
    for c in IDS:
        assert wide.votes_low(c) <= narrow.votes_low(c)
        assert within(narrow.votes_high(c), wide.votes_high(c))
    assert within(narrow.absent.high, wide.absent.high)


def fillings(row: Row, marks: Marks, most: int) -> list[Row]:
    """Every sheet that this one may be, figures without any bound up to `most`."""
    gaps = [name for name in FIGURES if row[name] is None]
    found = []
    for values in product(*(range(min(most, marks.get(name, most)) + 1) for name in gaps)):
        filled: Row = {**row, **dict(zip(gaps, values, strict=True))}
        numbers = [filled[name] or 0 for name in FIGURES]
        valid, cast = sum(numbers[:3]), sum(numbers)
        rolls = row["registered"] is None or cast <= row["registered"]
        if row["valid"] in (None, valid) and row["cast"] in (None, cast) and rolls:
            found.append(filled)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("rule", RULES, ids=[f"{rule.kind}-{n}" for n, rule in enumerate(RULES)])
@settings(max_examples=25)
@given(data=st.data())
def test_an_outcome_called_certain_is_the_same_for_every_filling(rule: Plurality, data: st.DataObject) -> None:
    contest = contest_of(rule, *IDS)
    base = data.draw(row_strategy(12))
    row = data.draw(row_strategy(3))
    gone = data.draw(st.frozensets(st.sampled_from(FIGURES), max_size=4))
    lost = data.draw(sums)
    shown = masked(row, gone | lost)
    marks = marks_of(row, data.draw(st.dictionaries(st.sampled_from(FIGURES), st.integers(0, 3))), gone)
    stated = tally(marked([base, shown], [{}, marks], contest), contest)
    outcome = decide(contest, stated)
    keys = {decision_of(contest, plus(stated, shown, filled)).key for filled in fillings(shown, marks, 14)}
    if outcome.within_absent:
        assert keys == {outcome.key}
    elif isinstance(rule, Plurality) and outcome.result == "elected":
        assert keys != {outcome.key}, "for plurality the bounds are exact"


def plus(stated: Tally, before: Row, after: Row) -> Tally:
    def more(name: str) -> int:
        return (after[name] or 0) - (before[name] or 0)

    votes = {c: stated.votes[c] + more(f"votes.{c}") for c in IDS}
    return replace(stated, votes=votes, blank=stated.blank + more("blank"), null=stated.null + more("null"))


def test_what_bounds_a_sheet_is_named() -> None:
    """By hand: 5 of A stated, B and C `<10`; valid 20 leaves 15 exactly, of which each holds 6 to 9."""
    contest = contest_of(RULES[0], *IDS)
    row: Row = {"votes.A": 5, "votes.B": None, "votes.C": None, "blank": 0, "null": 0, "valid": 20}
    marks = {"votes.B": 9, "votes.C": 9}
    seen = tally(marked([row], [marks], contest), contest)
    assert [(seen.votes_low(c), seen.votes_high(c)) for c in "BC"] == [(6, 9), (6, 9)]
    assert seen.absent.bounds["valid"] == 1
    roll = {**row, "valid": None, "registered": 300}
    seen = tally(marked([roll], [marks], contest), contest)
    assert [(seen.votes_low(c), seen.votes_high(c)) for c in "BC"] == [(0, 9), (0, 9)]
    assert (seen.absent.high, seen.absent.bounds["mark"]) == (18, 1)
    table = marked([roll], [marks], contest)
    assert table.select(ballots_absent(table, contest, columns_absent(table, contest))).item() == 18


def test_a_printed_sum_that_contradicts_the_marks_takes_them_away() -> None:
    """Valid 60 leaves 55 for two figures below 10: neither the marks nor the sum are held to."""
    contest = contest_of(RULES[0], *IDS)
    row: Row = {"votes.A": 5, "votes.B": None, "votes.C": None, "valid": 60}
    seen = tally(marked([row], [{"votes.B": 9, "votes.C": 9}], contest), contest)
    assert [(seen.votes_low(c), seen.votes_high(c)) for c in "BC"] == [(0, 55), (0, 55)]


SMALL = {"<10": 9, "≤ 9": 9, "1-9": 9, "fewer than 5": 4}


@pytest.mark.parametrize(("mark", "most"), SMALL.items())
def test_a_wide_file_says_what_its_marks_mean(tmp_path: Path, mark: str, most: int) -> None:
    lines = f"Mesa,Provincia,Recinto,Inscritos,Rojo,Azul,Blancos,Nulos\n1,N,E,,50,{mark},3,2\n2,N,E,,60,30,{mark},4\n"
    table = read_text(tmp_path, lines, at_most=SMALL).table
    assert table["votes.blue"].to_list() == [None, 30]
    assert table[MOST + "votes.blue"].to_list() == [most, None]
    assert table[MOST + "blank"].to_list() == [None, most]
    assert table[MOST + "votes.red"].to_list() == [None, None]
    contest = election().contests[0]
    total = tally(table, contest)
    assert (total.votes_low("blue"), total.votes_high("blue")) == (30, 30 + most)
    assert (total.absent.figures, total.absent.bounds["mark"], total.absent.extra) == (2, 2, most)


def test_a_combination_of_numbers_and_marks_is_bounded_by_their_sum(tmp_path: Path) -> None:
    lines = "Mesa,Provincia,Recinto,A,B,C\n1,N,E,7,<10,1\n2,N,E,<10,<10,2\n3,N,E,*,<10,3\n"
    columns = {
        "station": "Mesa",
        "levels": {"province": "Provincia", "precinct": "Recinto"},
        "votes": {"red": {"sum": ["A", "B"]}, "blue": "C"},
    }
    table = read_text(tmp_path, lines, at_most={"<10": 9}, missing=["", "*"], columns=columns).table
    assert table["votes.red"].to_list() == [None, None, None]
    assert table[MOST + "votes.red"].to_list() == [16, 18, None]


def test_rows_of_a_long_file_that_are_added_up(tmp_path: Path) -> None:
    lines = "Mesa,Way,Name,Votes\n1,post,R,4\n1,day,R,<10\n1,post,B,2\n1,day,B,3\n2,post,R,*\n2,day,R,<10\n"
    lines += "2,post,B,<10\n2,day,B,<10\n"
    long = {"choice": "Name", "votes": "Votes", "labels": {"red": "R", "blue": "B"}, "add_over": "Way"}
    own = {"station": "Mesa"}
    table = read_text(tmp_path, lines, columns=own, long=long, at_most={"<10": 9}, missing=["", "*"]).table
    assert table.select("votes.red", "votes.blue").rows() == [(None, 5), (None, None)]
    assert table.select(MOST + "votes.red", MOST + "votes.blue").rows() == [(13, None), (None, 18)]


def test_marks_that_are_no_bounds_are_refused(tmp_path: Path) -> None:
    with pytest.raises((DefinitionError, ValueError)):
        election(at_most={"<10": -1})
    with pytest.raises(InputError, match="at_most"):
        read_text(tmp_path, "Mesa,Provincia,Recinto,Inscritos,Rojo,Azul,Blancos,Nulos\n1,N,E,,50,<10,3,2\n")


def test_the_command_says_that_marks_bound(tmp_path: Path) -> None:
    (tmp_path / "election.toml").write_text(HEAD + WIDE.replace('["", "*"]', '[""]\nat_most = { "*" = 9 }'))
    (tmp_path / "s.csv").write_text("station,ana,ben\n1,10,20\n2,*,*\n")
    status, text = veedor("count", tmp_path)
    assert status == 0
    assert "bounded by marks such as <10 in 1" in " ".join(text.split())
    assert "ana 10 to 19, ben 20 to 29" in " ".join(text.split())


def test_blank_votes_that_no_layout_has_are_not_shown_as_zero(tmp_path: Path) -> None:
    (tmp_path / "election.toml").write_text(HEAD + WIDE)
    (tmp_path / "s.csv").write_text("station,ana,ben,nulos\n1,10,20,4\n")
    shown = veedor("count", tmp_path)[1].splitlines()
    assert [line.split() for line in shown if line.startswith(("blank", "null"))] == [["blank", "-"], ["null", "-"]]
    assert json.loads(veedor("count", tmp_path, "--json")[1])["not_published"] == ["blank", "null"]
    (tmp_path / "election.toml").write_text(HEAD + WIDE + 'columns.null = "nulos"\n')
    assert json.loads(veedor("count", tmp_path, "--json")[1])["not_published"] == ["blank"]
    shown = veedor("count", tmp_path)[1].splitlines()
    assert [line.split() for line in shown if line.startswith(("blank", "null"))] == [["blank", "-"], ["null", "4"]]
