"""Claims and events: read, bound to findings, answered, and never computed."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from tests.parsed import parsed

from veedor.claims.as_json import claims_as_json
from veedor.claims.bind import bind
from veedor.claims.model import Claims
from veedor.claims.read import claims_from, read_claims
from veedor.election import Election
from veedor.election.read import read_election
from veedor.errors import DefinitionError

BUNDLED = Path(__file__).parents[2] / "elections"

CLAIM = """\
[[claims]]
id = "closer-than-said"
who = { name = "Ana", office = { en = "candidate", es = "candidata" } }
when = 2019-10-21
words = { en = "It changed.", es = "Cambió." }
source = { title = "A newspaper" }
kind = "testable"

[[claims.conditions]]
room = "checks"
finding = "reconciliation"
field = "effect.changed_sheets"
at_least = 1
"""

EVENT = """\
[[events]]
id = "clash"
kind = "deaths"
name = { en = "Clash", es = "Choque" }

[[events.accounts]]
source = { title = "One paper", date = 2019-11-08 }
start = 2019-11-07
places = [{ name = { en = "La Paz" }, path = { department = "La Paz" } }]
numbers = [{ what = { en = "deaths", es = "muertos" }, at_least = 3 }, { what = { en = "injured" }, more_than = 300 }]

[[events.accounts]]
source = { title = "Another paper", date = 2019-11-09 }
start = 2019-11-06T14:30:00
precision = "minute"
places = [{ name = { en = "El Alto" } }]
numbers = [{ what = { en = "deaths", es = "muertos" }, value = 4 }]
corrects = 1
"""


@pytest.fixture(scope="module")
def election() -> Election:
    return read_election("bolivia-2019")


def finding(check: str, **more: Any) -> dict[str, Any]:
    return {
        "check": check,
        "verdict": "holds",
        "command": f"veedor check x {check}",
        "summary": "As it was.",
        "translations": {"es": {"summary": "Como era."}},
        "effect": {},
        **more,
    }


def answer(text: str, election: Election, results: dict[str, list[dict[str, Any]]]) -> str:
    return bind(claims_from(text, election), results, file="claims.toml")[0].answer


def test_a_number_is_compared_and_nothing_else(election: Election) -> None:
    one = {"checks": [finding("reconciliation", effect={"changed_sheets": 549})]}
    none = {"checks": [finding("reconciliation", effect={"changed_sheets": 0})]}
    assert answer(CLAIM, election, one) == "agrees"
    assert answer(CLAIM, election, none) == "does_not_agree"


def test_every_finding_of_a_name_must_meet_the_condition_unless_one_is_chosen(election: Election) -> None:
    both = {
        "checks": [
            finding("reconciliation", effect={"changed_sheets": 549, "to": {"count": "official"}}),
            finding("reconciliation", effect={"changed_sheets": 0, "to": {"count": "other"}}),
        ]
    }
    assert answer(CLAIM, election, both) == "does_not_agree"
    chosen = CLAIM + 'where = { "effect.to.count" = "official" }\n'
    assert answer(chosen, election, both) == "agrees"


def test_an_undecided_finding_leaves_a_claim_undecided(election: Election) -> None:
    text = CLAIM.replace('field = "effect.changed_sheets"\nat_least = 1', 'field = "verdict"\nis = "holds"')
    assert answer(text, election, {"checks": [finding("reconciliation", verdict="undecided")]}) == "undecided"
    assert answer(text, election, {"checks": [finding("reconciliation")]}) == "agrees"
    assert answer(text, election, {"checks": [finding("reconciliation", verdict="does_not_hold")]}) == "does_not_agree"


def test_a_room_that_did_not_run_is_not_at_hand(election: Election) -> None:
    assert answer(CLAIM, election, {}) == "not_at_hand"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('finding = "reconciliation"', 'finding = "reconcilation"', "did you mean reconciliation?"),
        ('field = "effect.changed_sheets"', 'field = "effect.changed_sheet"', "did you mean changed_sheets?"),
    ],
)
def test_a_name_that_no_finding_has_is_an_error_with_the_nearest(
    election: Election, old: str, new: str, says: str
) -> None:
    claims = claims_from(CLAIM.replace(old, new), election)
    results = {"checks": [finding("reconciliation", effect={"changed_sheets": 549})]}
    with pytest.raises(DefinitionError) as caught:
        bind(claims, results, file="claims.toml")
    assert says in str(caught.value)
    assert "claims[1].conditions[1]" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("at_least = 1", "at_lest = 1", ["row 13", "did you mean at_least?"]),
        ("at_least = 1", "at_least = 1\nat_most = 2", ["exactly one of"]),
        ('kind = "testable"', 'kind = "testible"', ["row 7", "did you mean 'testable'?"]),
        ('kind = "testable"', 'kind = "not_testable"', ["has no conditions"]),
        ('room = "checks"', 'room = "cheks"', ["did you mean 'checks'?"]),
        ('kind = "testable"', 'kind = "testable"\nanswers = ["nobody"]', ["claims[1].answers", "'nobody'"]),
    ],
)
def test_what_can_be_wrong_in_claims(election: Election, old: str, new: str, says: list[str]) -> None:
    assert old in CLAIM
    with pytest.raises(DefinitionError) as caught:
        claims_from(CLAIM.replace(old, new), election)
    for part in says:
        assert part in str(caught.value)


def test_conflicting_accounts_stay_side_by_side_and_bounds_stay_bounds(election: Election) -> None:
    document = parsed(claims_as_json(election, claims_from(EVENT, election), []))
    first, second = document["events"][0]["accounts"]
    assert first["numbers"] == [
        {"what": {"en": "deaths", "es": "muertos"}, "at_least": 3},
        {"what": {"en": "injured", "es": "injured"}, "more_than": 300},
    ]
    assert second["numbers"] == [{"what": {"en": "deaths", "es": "muertos"}, "value": 4}]
    assert first["start"] == "2019-11-07"
    assert second["start"] == "2019-11-06T14:30:00-04:00"
    assert (first["precision"], second["precision"]) == ("day", "minute")
    assert second["corrects"] == 1
    assert [place["name"]["en"] for account in (first, second) for place in account["places"]] == ["La Paz", "El Alto"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("corrects = 1", "corrects = 2", "an earlier account"),
        ("path = { department =", "path = { departament =", "did you mean department?"),
        (", at_least = 3 }", " }", "give one of value, at_least"),
    ],
)
def test_what_can_be_wrong_in_events(election: Election, old: str, new: str, says: str) -> None:
    assert old in EVENT
    with pytest.raises(DefinitionError, match=says.replace("?", r"\?")):
        claims_from(EVENT.replace(old, new), election)


def test_the_storys_own_file_is_read(election: Election) -> None:
    # design/story.md lists what was said and what happened; each has an entry.
    claims: Claims = read_claims("bolivia-2019", election)
    said = {claim.id for claim in claims.claims}
    assert {
        "first-round-win-official",
        "outright-winner-before-official",
        "count-suspended",
        "manipulated-during-stop",
        "fraudulent-vote",
        "rigging",
        "not-consulted-on-audit-plan",
        "invitation-to-international-bodies",
        "cochabamba-isolated",
        "mutiny-in-a-few-regions",
        "coup-under-way",
        "no-comment-mesa",
        "no-comment-camacho",
        "oas-change-of-trend",
        "cepr-shift-expected",
        "mit-no-difference",
        "escobari-hoover-within",
        "idrobo-explained",
    } <= said
    deaths = next(event for event in claims.events if event.id == "clashes-and-deaths")
    numbers = [number.model_dump(exclude_none=True) for number in deaths.accounts[0].numbers]
    assert [number.get("at_least") for number in numbers] == [3, None]
    assert [number.get("more_than") for number in numbers] == [None, 300]
    dead = [next(one.model_dump(exclude_none=True) for one in account.numbers) for account in deaths.accounts]
    assert [one.get("value", one.get("at_least")) for one in dead] == [3, 30, 35, 27, 37]  # design/story.md
    mutiny = next(event for event in claims.events if event.id == "police-mutiny")
    assert len(mutiny.accounts) == 3
    unknown = next(event for event in claims.events if event.id == "victory-declared")
    assert unknown.accounts[0].start is None
    assert unknown.accounts[0].precision == "unknown"


ACCUSES = re.compile(r"fraud|rigg|manipul|stolen|amañ|robo\\b|robad", re.IGNORECASE)


@pytest.mark.parametrize("name", [path.parent.name for path in BUNDLED.glob("*/claims.toml")])
def test_nothing_answers_whether_there_was_fraud(name: str) -> None:
    # README: "It does not call anything fraud"; to answer that there was none is the same act.
    claims = read_claims(name, read_election(name))
    for claim in claims.claims:
        if ACCUSES.search(claim.words.en) or ACCUSES.search(claim.words.es or ""):
            assert claim.kind in ("needs_data", "not_testable"), claim.id


def test_claims_on_projections_are_bound_to_every_rule(election: Election) -> None:
    claims = read_claims("bolivia-2019", election)
    bound = [one for claim in claims.claims for one in claim.conditions]
    assert not [one for one in bound if one.finding == "lead_as_projected"], "which has the spread of one kind of rule"
    assert {one.field for one in bound if one.finding == "projections"} == {"mean", "inside"}


def test_the_file_says_how_its_claims_were_chosen_and_how_to_contest_one(election: Election) -> None:
    about = read_claims("bolivia-2019", election).about
    assert about is not None
    assert about.contest is not None
    assert "claims.toml" in about.contest.en
    assert about.changes


def test_claims_are_in_order_of_time_and_undated_ones_last(election: Election) -> None:
    claims = read_claims("bolivia-2019", election)
    document = parsed(claims_as_json(election, claims, bind(claims, {}, file="claims.toml")))
    dates = [claim["when"] for claim in document["claims"]]
    known = [dt.date.fromisoformat(date[:10]) for date in dates if date]
    assert known == sorted(known)
    assert dates[-1] is None
