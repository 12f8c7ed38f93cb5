"""Thresholds that are met exactly, and missed by one vote, where a float does not tell the two apart: 10^15 votes.

Python's own floats show it: `float(4 * 10**17 - 1) >= 0.4 * 10**18` is true, though one vote is missing.
"""

import ast
from fractions import Fraction
from pathlib import Path

import pytest

import veedor.count
import veedor.election
from tests.count.cases import contest_of, tally_of
from veedor.count import decide
from veedor.count.thresholds import line_states
from veedor.election import HighestAverages, LargestRemainder, Supermajority, TwoRound
from veedor.election.rules import Threshold, fraction_from

WHOLES = [10**15, 10**18]
SHARES: list[object] = ["40 %", 0.4, "2/5", "0.4"]


def test_floats_would_not_tell_them_apart() -> None:
    assert float(4 * 10**17 - 1) >= 0.4 * 10**18


@pytest.mark.parametrize("whole", WHOLES)
@pytest.mark.parametrize("share", SHARES)
def test_forty_per_cent_and_ten_points_of_a_first_round(whole: int, share: object) -> None:
    rule = TwoRound(
        kind="two_round",
        majority=Threshold(more_than=Fraction(1, 2)),
        alternative=Threshold(at_least=fraction_from(share)),
        lead=Threshold(at_least=fraction_from("10 %")),
    )
    contest = contest_of(rule, "A", "B", "C")
    first, second = 4 * whole // 10, 3 * whole // 10
    assert decide(contest, tally_of(A=first, B=second, C=whole - first - second)).result == "elected"
    assert decide(contest, tally_of(A=first - 1, B=second - 1, C=whole - first - second + 2)).result == "runoff"
    assert decide(contest, tally_of(A=first, B=second + 1, C=whole - first - second - 1)).result == "runoff"


@pytest.mark.parametrize("whole", WHOLES)
def test_more_than_half_is_one_vote_more(whole: int) -> None:
    contest = contest_of(TwoRound(kind="two_round", majority=Threshold(more_than=Fraction(1, 2))), "A", "B", "C")
    half = whole // 2
    assert decide(contest, tally_of(A=half, B=half - 1, C=1)).result == "runoff"
    assert decide(contest, tally_of(A=half + 1, B=half - 1, C=0)).result == "elected"


@pytest.mark.parametrize("whole", [3 * 10**15, 3 * 10**18])
def test_two_thirds_of_a_referendum(whole: int) -> None:
    line = Threshold(at_least=fraction_from("2/3"))
    contest = contest_of(Supermajority(kind="supermajority", proposal="yes", line=line), "yes", "no")
    yes = 2 * whole // 3
    for votes, met in ((yes, True), (yes - 1, False)):
        (state,) = line_states(contest, tally_of(yes=votes, no=whole - votes))
        assert (state.met, state.over_line, state.needed) == (met, Fraction(votes - yes), yes)


@pytest.mark.parametrize("whole", WHOLES)
@pytest.mark.parametrize("kind", ["highest_averages", "largest_remainder"])
def test_a_barrier_of_five_per_cent(whole: int, kind: str) -> None:
    line = Threshold(at_least=fraction_from("5 %"))
    rule: HighestAverages | LargestRemainder
    if kind == "highest_averages":
        rule = HighestAverages(kind="highest_averages", seats=20, threshold=line)
    else:
        rule = LargestRemainder(kind="largest_remainder", seats=20, threshold=line)
    contest = contest_of(rule, "A", "B")
    least = whole // 20
    for votes, over in ((least, True), (least - 1, False)):
        seats = decide(contest, tally_of(A=whole - votes, B=votes)).seats
        assert seats is not None
        assert (seats.get("B", 0) > 0) is over


@pytest.mark.parametrize("room", [veedor.count, veedor.election], ids=["count", "election"])
def test_no_comparison_of_the_count_is_of_floats(room: object) -> None:
    """Neither a number with a point, nor `float(...)`, nor numpy decides anything: shares are shown, votes compared."""
    folder = Path(str(getattr(room, "__file__", ""))).parent
    found = [
        f"{path.name}:{node.lineno}"
        for path in sorted(folder.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Compare) and any(map(_is_float, ast.walk(node)))
    ]
    assert found == []


def _is_float(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, float)
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("float", "isclose")
