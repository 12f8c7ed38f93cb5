"""Distances are exact: brute force over every way of moving, removing and adding votes in small elections."""

from fractions import Fraction
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.count.cases import AnyRule, brute_force, contest_of, tally_of, with_votes
from veedor.count import decision_of, distances, least_to_change
from veedor.election import HighestAverages, LargestRemainder, Plurality, Quorum, Supermajority, Threshold, TwoRound

SHARES = [Fraction(1, 20), Fraction(1, 10), Fraction(1, 4), Fraction(1, 3), Fraction(2, 5), Fraction(9, 20)]
SHARES += [Fraction(1, 2), Fraction(3, 5), Fraction(2, 3), Fraction(1)]
shares = st.sampled_from(SHARES)
thresholds = st.one_of(
    shares.map(lambda s: Threshold(at_least=s)), shares.filter(lambda s: s < 1).map(lambda s: Threshold(more_than=s))
)
VOTES_OR_BALLOTS: list[Literal["valid", "cast"]] = ["valid", "cast"]
QUORUMS: list[Literal["cast", "valid", "proposal"]] = ["cast", "valid", "proposal"]
bases = st.sampled_from(VOTES_OR_BALLOTS)
MOST_ADDED = {1: 20, 2: 18, 3: 10}


@st.composite
def two_rounds(draw: st.DrawFn) -> TwoRound:
    alternative = draw(st.none() | thresholds)
    lead = None if alternative is None else draw(thresholds)
    return TwoRound(kind="two_round", of=draw(bases), majority=draw(thresholds), alternative=alternative, lead=lead)


@st.composite
def referendums(draw: st.DrawFn) -> Supermajority:
    counts = draw(st.sampled_from(QUORUMS))
    quorum = draw(st.none() | shares.map(lambda s: Quorum(at_least=s, counts=counts)))
    return Supermajority(kind="supermajority", proposal="A", of=draw(bases), line=draw(thresholds), quorum=quorum)


averages = st.builds(
    HighestAverages,
    kind=st.just("highest_averages"),
    seats=st.integers(1, 6),
    divisors=st.sampled_from(["dhondt", "sainte_lague"]),
    threshold=st.none() | thresholds,
    of=bases,
)
remainders = st.builds(
    LargestRemainder,
    kind=st.just("largest_remainder"),
    seats=st.integers(1, 6),
    quota=st.sampled_from(["hare", "droop"]),
)
pluralities = st.builds(Plurality, kind=st.just("plurality"), seats=st.integers(1, 2))
ballots = st.lists(st.integers(0, 6), min_size=2, max_size=3)


def assert_exact(rule: AnyRule, votes: list[int], blank: int, registered: int) -> None:
    ids = "ABC"[: len(votes)]
    contest = contest_of(rule, *ids)
    tally = tally_of(blank=blank, registered=registered, **dict(zip(ids, votes, strict=True)))
    limit = MOST_ADDED[len(votes)]
    truth = {how: brute_force(contest, tally, how, limit) for how in ("move", "remove", "add")}
    now = decision_of(contest, tally).key
    for found in distances(contest, tally):
        wanted = truth[found.how].get(found.to.key)
        got = None if found.how == "add" and found.votes is not None and found.votes > limit else found.votes
        assert got == wanted, (found, wanted)
        if found.votes is not None:
            after = tuple(tally.votes[c] - found.taken.get(c, 0) + found.given.get(c, 0) for c in ids)
            assert decision_of(contest, with_votes(tally, after)).key == found.to.key
            assert found.binds is not None
            assert found.votes == max(sum(found.taken.values()), sum(found.given.values()))
    # The fewest added votes that change anything at all, ties included.
    change = least_to_change(contest, tally)
    others = [number for key, number in truth["add"].items() if key != now]
    assert (None if change is None or change > limit else change) == min(others, default=None)


@pytest.mark.slow
@settings(max_examples=120)
@given(rule=two_rounds(), votes=ballots, blank=st.integers(0, 3))
def test_two_round_distances_are_exact(rule: TwoRound, votes: list[int], blank: int) -> None:
    assert_exact(rule, votes, blank, 30)


@pytest.mark.slow
@settings(max_examples=60)
@given(rule=pluralities, votes=ballots)
def test_plurality_distances_are_exact(rule: Plurality, votes: list[int]) -> None:
    assert_exact(rule, votes, 0, 30)


@pytest.mark.slow
@settings(max_examples=80)
@given(rule=referendums(), votes=ballots, blank=st.integers(0, 3), registered=st.integers(1, 40))
def test_referendum_distances_are_exact(rule: Supermajority, votes: list[int], blank: int, registered: int) -> None:
    assert_exact(rule, votes, blank, registered)


@pytest.mark.slow
@settings(max_examples=80)
@given(rule=averages, votes=ballots, blank=st.integers(0, 3))
def test_highest_averages_distances_are_exact(rule: HighestAverages, votes: list[int], blank: int) -> None:
    assert_exact(rule, votes, blank, 30)


@pytest.mark.slow
@settings(max_examples=40)
@given(rule=remainders, votes=ballots)
def test_largest_remainder_distances_are_exact(rule: LargestRemainder, votes: list[int]) -> None:
    assert_exact(rule, votes, 0, 30)


def test_bolivia_2019_needs_17336_moved_votes() -> None:
    """10 (f - s) >= valid: 648,439 - 613,767.1 = 34,671.9 votes over the line; each moved vote takes two."""
    rule = TwoRound(
        kind="two_round",
        majority=Threshold(more_than=Fraction(1, 2)),
        alternative=Threshold(at_least=Fraction(2, 5)),
        lead=Threshold(at_least=Fraction(1, 10)),
    )
    tally = tally_of(MAS=2_889_359, CC=2_240_920, PDC=539_081, F21=260_316, rest=207_995)
    assert tally.valid == 6_137_671
    nearest = distances(contest_of(rule, *tally.votes), tally)[0]
    assert (nearest.votes, nearest.how, nearest.to.result, nearest.binds) == (17_336, "move", "runoff", "lead")
    assert (nearest.taken, nearest.given) == ({"MAS": 17_336}, {"CC": 17_336})


@pytest.mark.slow
@pytest.mark.parametrize("rule", ["dhondt", "sainte_lague"])
def test_twenty_choices_at_national_size_agree_with_their_own_outcomes(rule: str) -> None:
    ids = [f"c{number}" for number in range(20)]
    votes = {name: 900_001_700 // (100 + 53 * number) for number, name in enumerate(ids)}
    contest = contest_of(
        HighestAverages.model_validate(
            {"kind": "highest_averages", "seats": 130, "divisors": rule, "threshold": {"at_least": "3 %"}}
        ),
        *ids,
    )
    tally = tally_of(**votes)
    found = [distance for distance in distances(contest, tally) if distance.votes is not None]
    assert len(found) > 20
    for distance in found[:30]:
        after = tuple(votes[c] - distance.taken.get(c, 0) + distance.given.get(c, 0) for c in ids)
        assert decision_of(contest, with_votes(tally, after)).key == distance.to.key
