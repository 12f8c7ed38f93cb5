"""Rules as data: shares exact and within 0 and 1, lines reached and passed, and what must come together."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from tests.election.test_read import SMALL, faults_of
from veedor.election.read import election_from
from veedor.election.rules import Quorum, Rule, Supermajority, Threshold, TwoRound, fraction_from

RULE: TypeAdapter[Any] = TypeAdapter(Rule)


@pytest.mark.parametrize(
    ("written", "share"),
    [
        (0, Fraction(0)),
        ("0 %", Fraction(0)),
        (1, Fraction(1)),
        ("100 %", Fraction(1)),
        ("1 point", Fraction(1, 100)),
        ("1/3", Fraction(1, 3)),
        (" 7 / 20 ", Fraction(7, 20)),
        (0.1, Fraction(1, 10)),
        (Decimal("0.125"), Fraction(1, 8)),
        ("1e-3", None),
        ("1/0", None),
        ("0/0", None),
        ("3/2", None),
        ("101 %", None),
        (-0.1, None),
        ("-1 %", None),
        (2, None),
        (True, None),
        (None, None),
        (float("nan"), None),
        (float("inf"), None),
        (Decimal("1e-30"), None),
        (Decimal("1e30"), None),
    ],
)
def test_a_share_lies_between_0_and_1_and_is_exact(written: object, share: Fraction | None) -> None:
    if share is not None:
        assert fraction_from(written) == share
    else:
        with pytest.raises(ValueError, match="share"):
            fraction_from(written)


def test_a_share_divided_by_0_is_a_fault_of_the_definition_with_its_place() -> None:
    (fault,) = faults_of(SMALL.replace('"40 %"', '"1/0"'))
    assert "contests[1].rule.alternative.at_least" in fault
    assert "divided by 0" in fault


@pytest.mark.parametrize("rest", ['alternative = { at_least = "40 %" }', 'lead = { at_least = "10 points" }'])
def test_an_alternative_line_and_its_lead_come_together(rest: str) -> None:
    """'At least 40 %' alone would elect whoever has 40 % whatever the second has: nobody writes that by accident."""
    both = 'alternative = { at_least = "40 %" }, lead = { at_least = "10 points" }'
    assert both in SMALL
    (fault,) = faults_of(SMALL.replace(both, rest))
    assert "alternative and lead come together" in fault


def test_a_rule_with_both_or_with_neither_is_taken() -> None:
    rule = election_from(SMALL).contests[0].rule
    assert isinstance(rule, TwoRound)
    assert (rule.alternative is None, rule.lead is None) == (False, False)
    plain = RULE.validate_python({"kind": "two_round"})
    assert (plain.alternative, plain.lead) == (None, None)


@pytest.mark.parametrize(
    ("line", "met", "missed"),
    [
        (Threshold(at_least=Fraction(2, 3)), [(2, 3), (67, 100), (100, 100)], [(66, 100), (0, 3)]),
        (Threshold(more_than=Fraction(1, 2)), [(51, 100), (2, 3)], [(50, 100), (1, 3), (0, 0)]),
        (Threshold(at_least=Fraction(0)), [(0, 100), (0, 0)], []),
        (Threshold(more_than=Fraction(0)), [(1, 100)], [(0, 100), (0, 0)]),
        (Threshold(at_least=Fraction(1)), [(100, 100)], [(99, 100)]),
        (Threshold(at_least=Fraction(1, 10)), [(613_768, 6_137_671)], [(613_767, 6_137_671)]),
    ],
    ids=["two thirds", "more than half", "at least 0", "more than 0", "all", "a tenth of 6,137,671"],
)
def test_a_line_is_met_in_whole_votes(
    line: Threshold, met: list[tuple[int, int]], missed: list[tuple[int, int]]
) -> None:
    assert all(line.met(part, whole) for part, whole in met)
    assert not any(line.met(part, whole) for part, whole in missed)
    assert all(line.met(part, whole) in (True, False) for part, whole in [*met, *missed])


@pytest.mark.parametrize("both", [{}, {"at_least": Fraction(1, 2), "more_than": Fraction(1, 3)}])
def test_a_line_and_a_quorum_have_one_of_the_two(both: dict[str, Fraction]) -> None:
    for kind in (Threshold, Quorum):
        with pytest.raises(ValidationError, match="exactly one of at_least and more_than"):
            kind.model_validate(both)


def test_a_quorum_is_a_line_of_registered_voters() -> None:
    assert Quorum(at_least=Fraction(1, 4)).threshold == Threshold(at_least=Fraction(1, 4))
    assert Quorum(more_than=Fraction(1, 4)).threshold == Threshold(more_than=Fraction(1, 4))
    assert Quorum(at_least=Fraction(1, 4)).counts == "cast"


def test_a_referendum_and_a_first_round_ask_for_more_than_half_unless_told() -> None:
    half = Threshold(more_than=Fraction(1, 2))
    assert RULE.validate_python({"kind": "two_round"}).majority == half
    referendum = RULE.validate_python({"kind": "supermajority", "proposal": "yes"})
    assert isinstance(referendum, Supermajority)
    assert (referendum.line, referendum.quorum, referendum.of) == (half, None, "valid")


@pytest.mark.parametrize("kind", ["plurality", "highest_averages", "largest_remainder"])
def test_seats_are_one_to_a_thousand(kind: str) -> None:
    assert RULE.validate_python({"kind": kind, "seats": 1}).seats == 1
    assert RULE.validate_python({"kind": kind, "seats": 1000}).seats == 1000
    for wrong in (0, -1, 1001):
        with pytest.raises(ValidationError):
            RULE.validate_python({"kind": kind, "seats": wrong})
