"""Largest remainders with a threshold: distances against brute force that has a seat allocation of its own.

The oracle below is written from the rule's text (whole quotas first, then the largest remainders, choices below the
threshold left out) and shares no code with veedor.count.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from tests.count.cases import contest_of, tally_of
from veedor.count import decision_of, distances
from veedor.election import HighestAverages, LargestRemainder, Threshold

SHARES = [
    Fraction(1, 20),
    Fraction(1, 10),
    Fraction(1, 5),
    Fraction(1, 4),
    Fraction(3, 10),
    Fraction(1, 3),
    Fraction(2, 5),
]
Votes = tuple[int, ...]


@dataclass(frozen=True)
class Case:
    seats: int
    quota: str
    share: Fraction
    strict: bool
    of: str
    votes: Votes
    blank: int


def seats_by_hand(case: Case, votes: Votes) -> Votes | None:
    """Seats of each choice; None for a tie or where nobody passes the threshold."""
    whole = sum(votes) + (case.blank if case.of == "cast" else 0)
    passes = [v > 0 and (v > case.share * whole if case.strict else v >= case.share * whole) for v in votes]
    total = sum(v for v, passed in zip(votes, passes, strict=True) if passed)
    if not total:
        return None
    price = Fraction(total, case.seats) if case.quota == "hare" else Fraction(total // (case.seats + 1) + 1)
    whole_quotas = [int(v / price) if passed else 0 for v, passed in zip(votes, passes, strict=True)]
    left = case.seats - sum(whole_quotas)
    rest = sorted(
        (
            (v - q * price, i)
            for i, (v, q, passed) in enumerate(zip(votes, whole_quotas, passes, strict=True))
            if passed
        ),
        reverse=True,
    )
    # More seats than choices are left only if few votes make the quota round up far: a next round begins.
    while left > len(rest):
        for _, i in rest:
            whole_quotas[i] += 1
        left -= len(rest)
    if 0 < left < len(rest) and rest[left - 1][0] == rest[left][0]:
        return None
    for _, i in rest[:left]:
        whole_quotas[i] += 1
    return tuple(whole_quotas)


def all_votes(total: int, parts: int) -> Iterator[Votes]:
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for others in all_votes(total - first, parts - 1):
            yield (first, *others)


def nearest_by_hand(case: Case, how: str, most_added: int) -> dict[Votes, int]:
    """The fewest votes to each allocation, by trying every way."""
    votes, parts = case.votes, len(case.votes)
    ways: Iterator[Votes]
    if how == "move":
        ways = all_votes(sum(votes), parts)
    elif how == "remove":
        ways = product(*(range(v + 1) for v in votes))
    else:
        ways = (
            tuple(v + more for v, more in zip(votes, steps, strict=True))
            for number in range(most_added + 1)
            for steps in all_votes(number, parts)
        )
    best: dict[Votes, int] = {}
    for after in ways:
        seats = seats_by_hand(case, after)
        if seats is not None:
            gained = sum(max(0, b - a) for a, b in zip(votes, after, strict=True))
            lost = sum(max(0, a - b) for a, b in zip(votes, after, strict=True))
            cost = max(gained, lost)
            best[seats] = min(best.get(seats, cost), cost)
    return best


def drawn(random: np.random.Generator) -> Case:
    parts = int(random.integers(2, 5))
    top = {2: 14, 3: 8, 4: 4}[parts]
    votes = tuple(int(v) for v in random.integers(0, top + 1, parts))
    if random.random() < 0.25:
        votes = (votes[0],) * 2 + votes[2:]  # equal votes, so that ties are among the cases
    return Case(
        seats=int(random.integers(1, 7)),
        quota=str(random.choice(["hare", "droop"])),
        share=SHARES[int(random.integers(len(SHARES)))],
        strict=bool(random.integers(2)),
        of=str(random.choice(["valid", "cast"])),
        votes=votes,
        blank=int(random.integers(0, 4)),
    )


def checked(case: Case) -> tuple[int, int]:
    """Asserts every distance of a case; how many were compared, and how many of them cross the threshold."""
    line = Threshold(more_than=case.share) if case.strict else Threshold(at_least=case.share)
    rule = LargestRemainder.model_validate(
        {"kind": "largest_remainder", "seats": case.seats, "quota": case.quota, "of": case.of, "threshold": line}
    )
    ids = "ABCD"[: len(case.votes)]
    contest, tally = contest_of(rule, *ids), tally_of(blank=case.blank, **dict(zip(ids, case.votes, strict=True)))
    limit = {2: 25, 3: 12, 4: 7}[len(ids)]
    truth = {how: nearest_by_hand(case, how, limit) for how in ("move", "remove", "add")}
    listed = distances(contest, tally)
    now = seats_by_hand(case, case.votes)
    if now is not None:
        for how, nearest in truth.items():  # the nearest other outcome is among those listed
            others = [votes for seats, votes in nearest.items() if seats != now]
            shown = [d.votes for d in listed if d.how == how and d.votes is not None]
            assert not others or min(others) == min(shown, default=None), (case, how, others, shown)
    compared = crossing = 0
    for found in listed:
        assert found.to.seats is not None
        wanted = truth[found.how].get(tuple(found.to.seats[c] for c in ids))
        got = None if found.how == "add" and found.votes is not None and found.votes > limit else found.votes
        assert found.exact, (case, found)
        assert got == wanted, (case, found, wanted)
        compared += 1
        crossing += found.binds == "threshold"
        if found.votes is not None:
            after = tuple(tally.votes[c] - found.taken.get(c, 0) + found.given.get(c, 0) for c in ids)
            assert seats_by_hand(case, after) == tuple(found.to.seats[c] for c in ids)
    return compared, crossing


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_distances_are_exact(seed: int) -> None:
    random = np.random.default_rng(seed)
    results = [checked(drawn(random)) for _ in range(25)]
    assert sum(compared for compared, _ in results) > 150
    assert sum(crossing for _, crossing in results) > 20


@pytest.mark.slow
@pytest.mark.parametrize("quota", ["hare", "droop"])
def test_distances_are_exact_with_more_votes(quota: str) -> None:
    """Some 60 votes and the usual thresholds, where rounding and crossing the threshold compete."""
    random = np.random.default_rng(7)
    for _ in range(3):
        votes = tuple(int(v) for v in random.integers((10, 5, 1), (35, 20, 8)))
        share, seats = SHARES[int(random.integers(2))], int(random.integers(3, 12))
        checked(Case(seats, quota, share, strict=False, of="valid", votes=votes, blank=0))


@pytest.mark.slow
@pytest.mark.parametrize("quota", ["hare", "droop"])
def test_at_national_size_each_distance_brings_its_outcome(quota: str) -> None:
    """A choice at 2.99 % of 20 million votes; the oracle gives the seats sought after each change."""
    votes = (8_100_000, 6_020_000, 3_400_000, 1_882_000, 598_000)
    case = Case(45, quota, Fraction(3, 100), strict=False, of="valid", votes=votes, blank=0)
    ids = "ABCDE"
    rule = LargestRemainder.model_validate(
        {"kind": "largest_remainder", "seats": 45, "quota": quota, "threshold": {"at_least": "3 %"}}
    )
    found = distances(contest_of(rule, *ids), tally_of(**dict(zip(ids, votes, strict=True))))
    assert all(distance.exact for distance in found)
    assert any(distance.binds == "threshold" for distance in found)
    for distance in found:
        if distance.votes is not None:
            after = tuple(
                v - distance.taken.get(c, 0) + distance.given.get(c, 0) for c, v in zip(ids, votes, strict=True)
            )
            assert seats_by_hand(case, after) == tuple((distance.to.seats or {})[c] for c in ids)


@pytest.mark.slow
@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "highest_averages", "divisors": "dhondt"},
        {"kind": "highest_averages", "divisors": "sainte_lague"},
        {"kind": "largest_remainder", "quota": "hare"},
    ],
)
def test_a_choice_that_falls_below_the_threshold_takes_all_its_seats_with_it(rule: dict[str, str]) -> None:
    """By hand: 203 of 1,000 votes against a line of a fifth. Four moved leave 199, so that A and B share the ten seats.

    Before: 5, 3 and 2 seats by each rule. After, with 450 and 351 votes (or 454 and 347): D'Hondt's last quotient is
    450 / 6 = 75 against 351 / 5 = 70.2, Sainte-Lague's 450 / 11 = 40.9 against 351 / 9 = 39, and of ten quotas A has
    5.62 and B 4.38: 6 and 4 by each.
    """
    line = {"seats": 10, "threshold": {"at_least": "20 %"}}
    model = LargestRemainder if rule["kind"] == "largest_remainder" else HighestAverages
    contest, tally = contest_of(model.model_validate({**rule, **line}), "A", "B", "C"), tally_of(A=450, B=347, C=203)
    assert decision_of(contest, tally).seats == {"A": 5, "B": 3, "C": 2}
    moves = [d for d in distances(contest, tally) if d.how == "move" and d.to.seats == {"A": 6, "B": 4, "C": 0}]
    assert [(d.votes, d.binds, d.exact) for d in moves] == [(4, "threshold", True)]
