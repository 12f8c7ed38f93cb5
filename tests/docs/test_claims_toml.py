"""The reference of claims.toml names every key, kind and room; its examples are valid, and bind as it says."""

import re
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from tests.conftest import ROOT
from tests.docs.blocks import blocks_of
from tests.docs.reference import all_models, fields_of, keys_of, needed_of, sections_of
from tests.parsed import parsed
from veedor.claims import model as models
from veedor.claims.as_json import claims_as_json
from veedor.claims.bind import Answer, bind
from veedor.claims.read import claims_from
from veedor.election import Names
from veedor.election.read import election_from

PAGE = (ROOT / "docs/reference/claims.md").read_text(encoding="utf-8")
PARTS = sections_of(PAGE)

SECTIONS: dict[str, type[BaseModel]] = {
    "The file": models.Claims,
    "How the claims were chosen: `[about]`": models.About,
    "A change: `changes`": models.Change,
    "A claim: `[[claims]]`": models.Claim,
    "Who speaks: `who`": models.Speaker,
    "A source: `source`": models.Source,
    "A condition: `[[claims.conditions]]`": models.Condition,
    "Data not at hand: `[claims.needs]`": models.Needs,
    "An event: `[[events]]`": models.Event,
    "An account: `[[events.accounts]]`": models.Account,
    "A place: `places`": models.Where,
    "A number: `numbers`": models.Number,
}

ELECTION = """\
id = "x"
name = { en = "X" }
date = 2030-05-05
timezone = "America/La_Paz"
levels = [{ id = "region", name = { en = "Region" } }]
[[contests]]
id = "president"
name = { en = "President" }
rule = { kind = "plurality" }
choices = [{ id = "A", name = { en = "Ana" } }, { id = "B", name = { en = "Blas" } }]
[[counts]]
id = "official"
kind = "official"
name = { en = "Official" }
sources = [{ file = "x.csv", layout = "file" }]
[layouts.file.columns]
station = "Mesa"
votes = { A = "Ana", B = "Blas" }
"""
EXAMPLES = [block.body for block in blocks_of(PAGE) if block.language == "toml"]


def test_every_model_has_its_section() -> None:
    assert all_models(models.Claims) - {Names} == set(SECTIONS.values())


@pytest.mark.parametrize("heading", SECTIONS)
def test_every_key_is_in_the_table_of_its_section_and_no_other(heading: str) -> None:
    assert keys_of(PARTS[heading]) == list(fields_of(SECTIONS[heading]))


@pytest.mark.parametrize("heading", SECTIONS)
def test_what_is_needed_is_what_has_no_default(heading: str) -> None:
    needed = [name for name, field in fields_of(SECTIONS[heading]).items() if field.is_required()]
    assert needed_of(PARTS[heading]) == needed


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("Kinds", get_args(models.Kind)),
        ("The answer", get_args(Answer)),
        ("What a claim can be bound to", get_args(models.Room)),
    ],
)
def test_every_value_has_its_row(heading: str, values: tuple[str, ...]) -> None:
    assert keys_of(PARTS[heading]) == list(values)


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("An event: `[[events]]`", get_args(models.EventKind)),
        ("Precisions", get_args(models.Precision)),
        ("A condition: `[[claims.conditions]]`", models.TESTS),
    ],
)
def test_every_value_is_named(heading: str, values: tuple[str, ...]) -> None:
    assert set(values) <= set(re.findall(r"`(\w+)`", PARTS[heading]))


def test_the_examples_are_valid_and_show_every_kind_with_conditions_and_without() -> None:
    election = election_from(ELECTION)
    claims = claims_from("\n".join(EXAMPLES), election)
    assert {claim.kind for claim in claims.claims} == {"testable", "needs_data", "procedural"}
    assert [account.corrects for account in claims.events[0].accounts] == [None, None, 1]
    results: dict[str, list[dict[str, Any]]] = {
        "count": [{"check": "official", "outcome": {"result": "elected"}}],
        "checks": [
            {"check": "reconciliation", "effect": {"to": {"count": count}, "changed_sheets": changed}, "looked_at": 9}
            for count, changed in (("official", 4), ("preliminary", 0))
        ],
        "interruption": [{"check": "jump_at_stop", "verdict": "undecided", "looked_at": 9}],
    }
    bound = bind(claims, results, file="claims.toml")
    assert [each.answer for each in bound] == ["agrees", "not_at_hand", "undecided", "not_at_hand"]


def test_the_table_of_the_json_names_every_key() -> None:
    election = election_from(ELECTION)
    claims = claims_from("\n".join(EXAMPLES), election)
    document = parsed(claims_as_json(election, claims, bind(claims, {}, file="claims.toml")))
    named = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", PARTS["JSON of `veedor claims`"]))))
    claim, event = document["claims"][0], document["events"][0]
    condition = claim["conditions"][0]
    account = event["accounts"][0]
    for part in (document, claim, condition, claim["who"], claim["source"], event, account, account["places"][0]):
        assert set(part) <= named, set(part) - named
