"""Two-round rules at their edges: a choice that stands alone, and lines of share 0, against trying all changes."""

from fractions import Fraction
from itertools import product

import pytest

from tests.count.cases import contest_of, tally_of
from tests.count.test_distance import assert_exact
from veedor.count import decision_of
from veedor.count.distance.two_round import nearest_win
from veedor.election import Threshold, TwoRound

ALONE = TwoRound(
    kind="two_round",
    of="cast",
    majority=Threshold(more_than=Fraction(1, 2)),
    alternative=Threshold(at_least=Fraction(2, 5)),
    lead=Threshold(at_least=Fraction(3, 5)),
)
"""The lead line lies above the alternative one: 12 of 20 ballots."""


@pytest.mark.parametrize("how", ["move", "add", "remove"])
def test_a_choice_that_stands_alone_and_wins_needs_no_vote_more(how: str) -> None:
    """10 of 20 ballots are not more than half, but two fifths (8); and there is nobody whom it would have to lead."""
    assert decision_of(contest_of(ALONE, "A"), tally_of(A=10, blank=10)).result == "elected"
    change = nearest_win(ALONE, (10,), 10, 0, how)  # type: ignore[arg-type]
    assert change is not None
    assert (change.votes, change.after) == (0, (10,))


@pytest.mark.parametrize(("votes", "blank"), [(votes, blank) for votes in range(7) for blank in (0, 3, 9)])
def test_distances_of_a_choice_that_stands_alone_are_exact(votes: int, blank: int) -> None:
    assert_exact(ALONE, [votes], blank, 30)


@pytest.mark.parametrize("zero", [{"at_least": 0}, {"more_than": 0}], ids=["at least 0", "more than 0"])
@pytest.mark.parametrize("where", ["majority", "alternative", "lead"])
def test_distances_are_exact_where_a_line_has_share_0(zero: dict[str, int], where: str) -> None:
    """'40 % and any lead' is a law; a share of 0 as the other lines is at least a definition that can be written."""
    lines = {"majority": {"more_than": "1/2"}, "alternative": {"at_least": "2/5"}, "lead": {"at_least": "1/10"}}
    rule = TwoRound.model_validate({"kind": "two_round", **lines, where: zero})
    for votes in product((0, 1, 4), repeat=2):
        assert_exact(rule, list(votes), 1, 30)
    assert_exact(rule, [3, 2, 2], 0, 30)
