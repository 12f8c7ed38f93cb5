"""The certificate that a rule and its decision get: what it asserts, by hand, and that it certifies nothing else.

The proof by trial (tests/audit/certificates.py) calls the makers of each shape; here it is `certificate`, which the
plan of an audit calls, that chooses among them.
"""

from fractions import Fraction

import numpy as np
import pytest

from tests.audit.builders import contest
from tests.audit.certificates import FOUR, RULES, at_least, more_than, tallies
from veedor.audit.assertions.from_rule import assertions_for, certificate
from veedor.count import Tally
from veedor.count.decision import decision_of
from veedor.election import HighestAverages, LargestRemainder, Quorum, Supermajority, TwoRound
from veedor.election.rules import Rule


def tally_of(*votes: int, blank: int = 0, null: int = 0, registered: int | None = None) -> Tally:
    names = ("ana", "bea", "cyd", "dan")
    return Tally(sheets=1, registered=registered, votes=dict(zip(names, votes, strict=False)), blank=blank, null=null)


def labels(rule: Rule, tally: Tally) -> list[str]:
    """What an audit of this outcome asserts, by its short names."""
    return [one.label for one in assertions_for(contest(rule, tuple(tally.votes)), tally)]


def test_each_last_seat_of_dhondt_beats_each_next_seat_of_another() -> None:
    """455, 380, 227.5, 190, 165: two seats, two and one; the next quotients are 455/3, 380/3 and 165/2."""
    wanted = {
        "H(ana/2, bea/3)", "H(ana/2, cyd/2)", "H(bea/2, ana/3)",
        "H(bea/2, cyd/2)", "H(cyd/1, ana/3)", "H(cyd/1, bea/3)",
    }  # fmt: skip
    found = labels(HighestAverages(kind="highest_averages", seats=5), tally_of(455, 380, 165))
    assert sorted(found) == sorted(wanted)


def test_each_last_seat_of_sainte_lague_is_divided_by_an_odd_number() -> None:
    """455, 380, 165, 455/3 = 151.7: two seats, one and one; the next are 455/5 = 91, 380/3 = 126.7 and 165/3 = 55."""
    wanted = {
        "H(ana/3, bea/3)", "H(ana/3, cyd/3)", "H(bea/1, ana/5)",
        "H(bea/1, cyd/3)", "H(cyd/1, ana/5)", "H(cyd/1, bea/3)",
    }  # fmt: skip
    rule = HighestAverages(kind="highest_averages", seats=4, divisors="sainte_lague")
    assert sorted(labels(rule, tally_of(455, 380, 165))) == sorted(wanted)


@pytest.mark.parametrize(("of", "below"), [("valid", set()), ("cast", {"cyd"})])
def test_who_meets_the_threshold_is_asserted_of_what_the_threshold_is_a_share_of(of: str, below: set[str]) -> None:
    """cyd has 110 votes: 11 % of 1,000 valid votes, 8.8 % of 1,250 ballots cast; the line is 10 %."""
    rule = LargestRemainder.model_validate(
        {"kind": "largest_remainder", "seats": 4, "threshold": {"at_least": "10 %"}, "of": of}
    )
    found = labels(rule, tally_of(500, 390, 110, blank=150, null=100))
    lines = {label for label in found if label.startswith(("T", "notT"))}
    assert lines == {f"notT({name})" if name in below else f"T({name})" for name in ("ana", "bea", "cyd")}
    assert all(not (name in label and label.startswith("R")) for name in below for label in found)


def test_a_choice_without_a_vote_is_in_the_certificate_of_remainders_without_a_threshold() -> None:
    """Whoever has no vote could have been robbed of all: that no quota was, is asserted of each pair."""
    rule = LargestRemainder(kind="largest_remainder", seats=3)
    tally = tally_of(60, 40, 0)
    made = certificate(contest(rule), decision_of(contest(rule), tally), tally)
    assert sum("cyd" in one.label for one in made.always) == 4
    assert len(made.always) == 6


def test_a_line_that_two_can_reach_asserts_who_is_ahead_too() -> None:
    """With 'at least half' two choices may have half each: then lots are drawn, and no certificate holds."""
    reached = TwoRound(kind="two_round", majority=at_least("1/2"))
    passed = TwoRound(kind="two_round", majority=more_than("1/2"))
    town = contest(reached, ("ana", "bea"))
    made = certificate(town, decision_of(town, tally_of(60, 40)), tally_of(60, 40))
    assert [one.label for one in made.always] == ["M(ana)", "P(ana, bea)"]
    assert made.certifies(tally_of(60, 40))
    assert not made.certifies(tally_of(50, 50))
    assert labels(passed, tally_of(60, 40)) == ["M(ana)"]


@pytest.mark.parametrize(("votes", "label"), [((70, 30), "S(ana)"), ((60, 40), "notS(ana)")])
def test_a_referendum_asserts_its_line_met_or_missed(votes: tuple[int, int], label: str) -> None:
    rule = Supermajority(kind="supermajority", proposal="ana", line=at_least("2/3"))
    assert labels(rule, tally_of(*votes)) == [label]


def test_a_referendum_that_fails_its_quorum_only_is_audited_by_its_quorum() -> None:
    """70 of 100 for it, but 100 of 1,000 registered voters took part where half must."""
    rule = Supermajority(kind="supermajority", proposal="ana", quorum=Quorum(at_least=Fraction(1, 2)))
    (only,) = assertions_for(contest(rule, ("ana", "bea")), tally_of(70, 30, registered=1000))
    assert only.counts_registered


@pytest.mark.parametrize("name", RULES)
def test_the_certificate_of_a_tally_holds_for_it_and_for_no_tally_with_another_outcome(name: str) -> None:
    rule = RULES[name]
    choices = FOUR[:2] if isinstance(rule, Supermajority) else FOUR
    town = contest(rule, choices)
    figures, registered = tallies(48, len(choices), np.random.default_rng(3))
    decided = []
    for row, voters in zip(figures.tolist(), registered.tolist(), strict=True):
        votes = dict(zip(choices, row, strict=False))
        tally = Tally(sheets=1, registered=voters, votes=votes, blank=row[-2], null=row[-1])
        decided.append((tally, decision_of(town, tally)))
    certain = [(tally, decision) for tally, decision in decided if decision.result in ("elected", "runoff")][:12]
    assert len({decision.key for _, decision in certain}) > 1
    for tally, decision in certain:
        made = certificate(town, decision, tally)
        assert made.certifies(tally)
        assert not any(made.certifies(other) for other, known in decided if known.key != decision.key)


@pytest.mark.parametrize("lead", ["1/10", "3/5"])
def test_a_choice_that_stands_alone_needs_its_line_and_no_lead(lead: str) -> None:
    """As the count decides: 10 of 20 ballots are two fifths, and there is nobody whom it would have to lead."""
    rule = TwoRound(
        kind="two_round", of="cast", majority=more_than("1/2"), alternative=at_least("2/5"), lead=at_least(lead)
    )
    town, alone = contest(rule, ("ana",)), tally_of(10, blank=10)
    made = certificate(town, decision_of(town, alone), alone)
    assert made.certifies(alone)
    assert not made.certifies(tally_of(7, blank=13))
    assert labels(rule, alone) == ["F(ana)"]


@pytest.mark.parametrize("zero", ["majority", "alternative"])
def test_a_choice_that_stands_alone_over_a_line_of_nothing_is_never_wrong(zero: str) -> None:
    lines = {"majority": more_than("1/2"), "alternative": at_least("2/5"), "lead": at_least("1/10")}
    rule = TwoRound.model_validate({"kind": "two_round", "of": "cast", **lines, zero: at_least("0")})
    town = contest(rule, ("ana",))
    assert decision_of(town, tally_of(1, blank=19)).result == "elected"
    assert labels(rule, tally_of(1, blank=19)) == []
