"""What a claim's conditions come to: at their bounds, one of two unmet, none at all, and paths that lead nowhere."""

from decimal import Decimal
from typing import Any

import pytest

from veedor.claims.bind import Answer, bind
from veedor.claims.model import Claims
from veedor.errors import DefinitionError

Finding = dict[str, Any]


def finding(**more: Any) -> Finding:
    return {"check": "reconciliation", "verdict": "holds", "looked_at": 18, "effect": {}, **more}


def condition(field: str = "effect.changed_sheets", /, **more: Any) -> dict[str, Any]:
    return {"room": "checks", "finding": "reconciliation", "field": field, **more}


def claims_of(*conditions: dict[str, Any], kind: str = "testable", **more: Any) -> Claims:
    claim = {
        "id": "a-claim",
        "who": {"name": "Ana"},
        "words": {"en": "It changed."},
        "source": {"title": "A newspaper"},
        "kind": kind,
        "conditions": conditions,
        **more,
    }
    return Claims.model_validate({"claims": (claim,)})


def answer(claims: Claims, *findings: Finding) -> Answer:
    return bind(claims, {"checks": findings}, file="claims.toml")[0].answer


def faults(claims: Claims, *findings: Finding) -> str:
    with pytest.raises(DefinitionError) as caught:
        bind(claims, {"checks": findings}, file="claims.toml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("test", "below", "equal", "above"),
    [
        ("at_least", False, True, True),
        ("more_than", False, False, True),
        ("at_most", True, True, False),
        ("less_than", True, False, False),
        ("is", False, True, False),
    ],
)
def test_a_bound_means_what_it_says_on_it_and_beside_it(test: str, below: bool, equal: bool, above: bool) -> None:
    claims = claims_of(condition(**{test: 549}))
    for number, met in ((548, below), (549, equal), (550, above)):
        said = answer(claims, finding(effect={"changed_sheets": number}))
        assert said == ("agrees" if met else "does_not_agree")


MET, UNMET = condition(at_least=1), condition("effect.missing_sheets", at_most=0)
EFFECT = {"changed_sheets": 5, "missing_sheets": 2}


@pytest.mark.parametrize("conditions", [(MET, UNMET), (UNMET, MET)], ids=["the second", "the first"])
def test_a_claim_with_one_condition_unmet_does_not_agree(conditions: tuple[dict[str, Any], ...]) -> None:
    assert answer(claims_of(*conditions), finding(effect=EFFECT)) == "does_not_agree"
    assert answer(claims_of(MET, MET), finding(effect=EFFECT)) == "agrees"
    assert answer(claims_of(UNMET, UNMET), finding(effect=EFFECT)) == "does_not_agree"


def test_a_claim_with_one_condition_undecided_is_undecided_unless_another_is_unmet() -> None:
    holds = condition("verdict", **{"is": "holds"})
    undecided = finding(verdict="undecided", effect=EFFECT)
    assert answer(claims_of(MET, holds), undecided) == "undecided"
    assert answer(claims_of(UNMET, holds), undecided) == "does_not_agree"


def test_only_a_verdict_can_be_undecided() -> None:
    """The same word in another field is a text like any other: it is not the one that was claimed."""
    claims = claims_of(condition("effect.audit", **{"is": "confirmed"}))
    assert answer(claims, finding(effect={"audit": "undecided"})) == "does_not_agree"
    assert answer(claims_of(condition("verdict", **{"is": "undecided"})), finding(verdict="undecided")) == "agrees"


def test_a_step_without_a_condition_is_not_at_hand() -> None:
    """Whether a step was done is testable by nothing that is here: it is not said that it agrees."""
    assert answer(claims_of(kind="procedural"), finding()) == "not_at_hand"
    assert answer(claims_of(kind="needs_data", needs={"data": {"en": "The logs"}}), finding()) == "not_at_hand"
    assert answer(claims_of(kind="not_testable"), finding()) == "no_verdict"


def test_a_finding_that_looked_at_nothing_is_not_at_hand() -> None:
    assert answer(claims_of(MET), finding(looked_at=0, effect=EFFECT)) == "not_at_hand"


def test_entries_that_no_finding_has_are_an_error_that_says_what_there_is() -> None:
    claims = claims_of(condition(at_least=1, where={"effect.to.count": "oficial"}))
    both = (
        finding(effect={"changed_sheets": 1, "to": {"count": "official"}}),
        finding(effect={"changed_sheets": 2, "to": {"count": "preliminary"}}),
    )
    said = faults(claims, *both)
    assert "claims[1].conditions[1].where" in said
    assert "'oficial'" in said
    assert "'official', 'preliminary'" in said


@pytest.mark.parametrize("field", ["found.x", "verdict.x", "verdict.hold", "effect.changed_sheets.0", "effect.none.x"])
def test_a_path_that_goes_on_past_a_number_or_a_text_is_an_error(field: str) -> None:
    said = faults(claims_of(condition(field, at_least=1)), finding(found=3, effect={"changed_sheets": 5, "none": None}))
    assert "claims[1].conditions[1].field" in said
    assert f"'{field}'" in said


LIMIT = Decimal("0.05")


def test_a_path_leads_into_a_list_by_numbers_from_0() -> None:
    measured = finding(effect={"assertions": [{"risk": 0.03}, {"risk": 0.2}]})
    assert answer(claims_of(condition("effect.assertions.0.risk", at_most=LIMIT)), measured) == "agrees"
    assert answer(claims_of(condition("effect.assertions.1.risk", at_most=LIMIT)), measured) == "does_not_agree"
    for wrong in ("2", "-1", "first"):
        field = f"effect.assertions.{wrong}.risk"
        assert f"'{field}'" in faults(claims_of(condition(field, at_most=LIMIT)), measured)


@pytest.mark.parametrize(
    ("by_rule", "wanted"),
    [
        ({"pooled": 0.11, "sheet": 0.12}, "agrees"),
        ({"pooled": 0.09, "sheet": 0.12}, "depends_on_rule"),
        ({"pooled": 0.09, "sheet": 0.08}, "does_not_agree"),
        ({"pooled": None, "sheet": 0.12}, "undecided"),
        ({}, "undecided"),
    ],
)
def test_a_figure_for_each_rule_of_projection_is_compared_with_every_rule(
    by_rule: dict[str, float | None], wanted: str
) -> None:
    claims = claims_of(condition("mean", at_least=Decimal("0.1")))
    assert answer(claims, finding(mean=by_rule)) == wanted


def test_one_condition_that_no_rule_meets_outweighs_one_that_depends() -> None:
    claims = claims_of(condition("mean", at_least=Decimal("0.1")), condition("verdict", **{"is": "undecided"}))
    assert answer(claims, finding(mean={"pooled": 0.09, "sheet": 0.12})) == "does_not_agree"


def test_an_entry_of_another_audit_or_of_none_answers_nothing() -> None:
    asked = claims_of({**condition("verdict", **{"is": "holds"}), "of": "ab12"})
    unnamed = claims_of(condition("verdict", **{"is": "holds"}))
    for names, other in ((["cd34"], True), ([], False)):
        for claims in (asked, unnamed):
            (bound,) = bind(claims, {"checks": [finding(of=names)]}, file="claims.toml")
            assert (bound.answer, bound.checked[0].other) == ("not_at_hand", other)
    assert answer(asked, finding(of=["cd34", "ab12"])) == "agrees"
    assert answer(unnamed, finding()) == "agrees", "a check is of the published sheets"
