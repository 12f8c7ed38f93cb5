"""Certificates certify exactly the outcome that the rule gives; a report that the votes do not give is refused.

The full trial, with at least 200,000 tallies for each rule, is `python -m tests.audit.certificates`; its seed and
figures are in docs/reference/audit-certificates.json.
"""

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from tests.audit.builders import LAW, contest, units
from tests.audit.certificates import FOUR, RULES, at_least, prove
from veedor.audit.assertions.from_rule import (
    MOST_SCORES,
    _check_size,
    _says_more,
    assertions_for,
    certificate,
    largest_remainder,
)
from veedor.audit.assertions.statements import points
from veedor.count import Tally
from veedor.count.decision import Decision, decision_of
from veedor.election import LargestRemainder, Threshold
from veedor.errors import VeedorError
from veedor.finding import Text

TRIAL = Path(__file__).parents[2] / "docs/reference/audit-certificates.json"


@pytest.mark.slow
@pytest.mark.parametrize("name", RULES)
def test_one_outcome_is_certified_and_it_is_the_rules(name: str) -> None:
    proof = prove(RULES[name], 3000, seed=1)
    assert proof.mismatches == 0
    assert proof.seen == proof.outcomes, "the tallies do not reach every outcome, so they prove little"


def test_the_trial_notices_a_wrong_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    """With one assertion left out of each certificate the trial must find mismatches."""
    from tests.audit import certificates

    def without_the_first(town: object) -> object:
        for decision, one in certificates_outcomes(town):  # type: ignore[arg-type]
            yield decision, replace(one, always=one.always[1:], either=one.either[1:])

    certificates_outcomes = certificates.outcomes
    monkeypatch.setattr(certificates, "outcomes", without_the_first)
    for name in ("plurality, one seat", "half, or 40 % and 10 points", "D'Hondt, 5 seats"):
        assert prove(RULES[name], 1000, seed=1).mismatches > 0


def test_the_full_trial_on_record_is_complete_and_without_mismatch() -> None:
    rules = json.loads(TRIAL.read_text(encoding="utf-8"))["rules"]
    assert set(rules) == set(RULES)
    assert all(one["tallies"] >= 200_000 and one["mismatches"] == 0 for one in rules.values())


def test_a_reported_outcome_that_the_votes_do_not_give_is_refused() -> None:
    sheets = units()
    tally = sheets.tally()
    decided = decision_of(sheets.contest, tally)
    assert decided.choices == ("ana",)
    assertions_for(sheets.contest, tally, decided)
    for wrong in (
        Decision(result="elected", choices=("bea",)),
        Decision(result="runoff", choices=("ana", "bea")),
    ):
        with pytest.raises(VeedorError, match="is not what the reported votes give") as raised:
            assertions_for(sheets.contest, tally, wrong)
        assert f"({wrong.result} {', '.join(wrong.choices)})" in str(raised.value)
        assert "(elected ana)" in str(raised.value)


def test_of_two_equal_lines_the_strict_one_says_more() -> None:
    """Who has at most half misses both `at least half` and `more than half`, unless exactly half was cast for them."""
    half, over = Threshold(at_least=Fraction(1, 2)), Threshold(more_than=Fraction(1, 2))
    assert [_says_more(half, half), _says_more(over, over), _says_more(half, over), _says_more(over, half)] == [
        True, True, True, False,
    ]  # fmt: skip


def test_a_contest_of_too_many_choices_is_refused_before_its_assertions_are_made() -> None:
    """Largest remainders compare every choice with every other: the square of the choices, each with a score a choice.

    A first round takes four assertions a choice at most: the same number of choices can be audited there.
    """
    many = tuple(f"c{number}" for number in range(round(MOST_SCORES ** (1 / 3)) + 2))
    votes = Tally(sheets=1, registered=None, votes={name: 5 + n for n, name in enumerate(many)}, blank=0, null=0)
    rule = LargestRemainder(kind="largest_remainder", seats=3)
    with pytest.raises(VeedorError, match="count all ballots"):
        assertions_for(contest(rule, many), votes)
    _check_size(contest(LAW, many))


def test_a_tie_cannot_be_audited() -> None:
    tally = Tally(sheets=1, registered=100, votes={"ana": 26, "bea": 22, "cyd": 22}, blank=0, null=0)
    with pytest.raises(VeedorError, match="no sample can confirm"):
        assertions_for(contest(LAW), tally)


def test_rounded_quotas_are_refused_with_the_reason() -> None:
    town = contest(LargestRemainder(kind="largest_remainder", seats=3, quota="droop"), FOUR)
    with pytest.raises(VeedorError, match="rounded to whole votes"):
        largest_remainder(town, town.rule, {"a": 3}, FOUR)  # type: ignore[arg-type]


def test_a_runoff_is_audited_by_the_least_close_way_to_show_it() -> None:
    """Bolivia 2019 at 28,975 sheets: notM and notD show that the first is not elected; notF would be false."""
    votes = {"ana": 455, "bea": 380, "cyd": 165}
    tally = Tally(sheets=1, registered=1200, votes=votes, blank=10, null=10)
    town = contest(LAW)
    whole = certificate(town, decision_of(town, tally), tally)
    assert whole.certifies(tally)
    chosen = [assertion.label for assertion in whole.chosen(tally)]
    assert chosen == [
        "P(ana, cyd)", "P(bea, cyd)", "notM(ana)", "notD(ana, bea)", "notM(bea)", "notD(bea, ana)",
    ]  # fmt: skip
    assert {assertion.label for assertion in whole.all} >= {"notF(ana)", "notF(bea)"}
    assert all(assertion.holds(tally) for assertion in whole.chosen(tally))


@pytest.mark.parametrize(
    ("share", "en", "es"),
    [
        ("1/10", "10 percentage points", "10 puntos porcentuales"),
        ("1/100", "1 percentage point", "1 punto porcentual"),
        ("1/8", "12.5 percentage points", "12,5 puntos porcentuales"),
        ("2/3", "2/3", "2/3"),
    ],
)
def test_a_lead_is_told_in_points(share: str, en: str, es: str) -> None:
    assert points(Fraction(share)) == Text(en, es)


def test_the_sentence_can_be_added_up_by_hand() -> None:
    tally = Tally(sheets=1, registered=1200, votes={"ana": 520, "bea": 300, "cyd": 180}, blank=10, null=10)
    town = contest(LAW.model_copy(update={"majority": at_least("3/5")}))
    lead = next(one for one in assertions_for(town, tally) if one.label == "D(bea)")
    assert lead.sentence.en == "Ana is ahead of Bea by at least 10 percentage points of valid votes"
    assert lead.sentence.es == "Ana aventaja a Bea por al menos 10 puntos porcentuales de los votos válidos"
    # 0.9 * 520 - 1.1 * 300 - 0.1 * 180 = 468 - 330 - 18 = 120
    assert lead.arithmetic(tally).en == "9/10 × 520 - 1/10 × 180 - 11/10 × 300 = 120 ≥ 0"
    assert lead.upper_bound.as_integer_ratio() == (10, 11)
