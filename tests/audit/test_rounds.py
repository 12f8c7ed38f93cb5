"""Rounds: what missing, unreadable, extra and overfull sheets do to the risk, and what comes next."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.audit import builders
from veedor.audit.protocol.consent import answer_statement, record
from veedor.audit.protocol.plan import RiskTest, parse_plan, plan_hash
from veedor.audit.protocol.seed import rolled
from veedor.audit.rounds.draw import draw_round
from veedor.audit.rounds.rounds import assess, assessment, enter
from veedor.audit.units import Units
from veedor.audit.verify import NotVerifiedError, verify
from veedor.canonical import canonical_json
from veedor.errors import InputError, VeedorError
from veedor.ledger.audited_sheets import check_record, fixed_by
from veedor.record.keys import SigningKey, new_key
from veedor.record.log import append_entries, create_log
from veedor.record.source import Folder
from veedor.record.verify import ED25519, parse_policy

SHEETS = builders.units()
WHEN = "2026-03-02T10:00:00-04:00"


def drawn_audit(folder: Path, **more: object) -> Path:
    """An audit of one's own whose first round is drawn."""
    keys = builders.keys()
    builders.make(folder, builders.terms(builders.signatories(keys), **more), SHEETS)
    builders.seeded(folder, keys)
    draw_round(folder)
    return folder


def first_sheets(folder: Path, number: int) -> list[str]:
    lines = (folder / "round-1/sample.csv").read_text().splitlines()[1:]
    return list(dict.fromkeys(line.split(",")[1] for line in lines))[:number]


def assessed(folder: Path, changes: dict[str, list[str]], number: int = 1) -> dict[str, float]:
    """Risks after the sheets were read as reported, but for the changes."""
    for name in ("a.csv", "b.csv"):
        (folder.parent / name).write_bytes(builders.entries(folder, number, SHEETS, changes))
    assert enter(folder, folder.parent / "a.csv", folder.parent / "b.csv") == []
    return {one.label: one.risk for one in assess(folder).assertions}


@pytest.mark.slow
@pytest.mark.parametrize("sampling", ["proportional_to_error_bound", "equal_probability"])
@pytest.mark.parametrize("test", [{"name": "capped", "share": 0.9}, {"name": "kaplan_markov"}, {"name": "adaptive"}])
def test_lost_sheets_count_as_the_worst(tmp_path: Path, sampling: str, test: dict[str, object]) -> None:
    more = {"sampling": sampling, "test": RiskTest.model_validate(test)}
    risks = {}
    for name in ("clean", "missing", "unreadable", "extra", "overstated"):
        folder = drawn_audit(tmp_path / name / "audit", **more)
        station = first_sheets(folder, 1)[0]
        figures = [str(value) for value in SHEETS.figures[SHEETS.position[station]]]
        fewer = [str(int(figures[0]) - 20), str(int(figures[1]) + 20), *figures[2:]]
        changes = {
            "clean": {},
            "missing": {station: ["missing", *[""] * 5]},
            "unreadable": {station: ["unreadable", *[""] * 5]},
            "extra": {"99999": ["extra", "10", "10", "10", "0", "0"]},
            "overstated": {station: ["found", *fewer]},
        }[name]
        risks[name] = max(assessed(folder, changes).values())
        verify(folder)
    assert risks["clean"] <= 0.05
    assert risks["clean"] < risks["extra"]
    assert risks["clean"] < risks["overstated"] <= risks["missing"] == risks["unreadable"]


def test_a_sheet_beyond_its_bound_means_a_full_count(tmp_path: Path) -> None:
    folder = drawn_audit(tmp_path / "audit")
    station = first_sheets(folder, 1)[0]
    most = int(SHEETS.registered[SHEETS.position[station]])
    risks = assessed(folder, {station: ["found", str(most), "1", "0", "0", "0"]})
    assert set(risks.values()) == {1.0}
    plan, named = parse_plan((folder / "plan.json").read_bytes()), plan_hash((folder / "plan.json").read_bytes())
    said = assessment(folder, plan, named, 1)
    assert said.next.step == "full_count"
    assert said.assertions[0].sheets_over_their_bound == (station,)
    with pytest.raises(VeedorError, match="not another round but: full count"):
        draw_round(folder)


@pytest.mark.slow
def test_rounds_escalate_as_the_plan_says(tmp_path: Path) -> None:
    folder = drawn_audit(tmp_path / "audit", rounds=[20, 60, 400])
    assessed(folder, {})
    number, drawn = draw_round(folder)
    assert (number, len(drawn)) == (2, 60)
    fresh = (folder / "round-2/sample.csv").read_text().splitlines()[1:]
    assert [line.split(",")[0] for line in fresh] == [str(n) for n in range(21, 61)]
    second = assessed(folder, {}, number=2)
    assert max(second.values()) > 0.05
    draw_round(folder)
    assert max(assessed(folder, {}, number=3).values()) <= 0.05
    assert verify(folder)[-1].says.endswith("confirmed")


def test_after_the_last_round_all_ballots_are_counted(tmp_path: Path) -> None:
    folder = drawn_audit(tmp_path / "audit", rounds=[5])
    assessed(folder, {})
    with pytest.raises(VeedorError, match="full count"):
        draw_round(folder)


@pytest.mark.slow
def test_entries_must_be_of_the_sheets_drawn(tmp_path: Path) -> None:
    folder = drawn_audit(tmp_path / "audit")
    one, two = tmp_path / "a.csv", tmp_path / "b.csv"
    data = builders.entries(folder, 1, SHEETS).decode()
    lines = data.splitlines(keepends=True)
    for text, words in (
        ("".join(lines[:-1]), "which was drawn"),
        (data + lines[-1].replace(lines[-1].split(",")[0], "00000"), "only what this round drew"),
        (data + lines[-1], "a second time"),
        (data.replace(",found,", ",lost,", 1), "found or missing"),
        (data.replace("station,status", "mesa,status"), "station,status"),
        (data.replace(",found,1", ",found,-1", 1), "whole number"),
    ):
        one.write_text(text)
        two.write_text(text)
        with pytest.raises(InputError, match=words):
            enter(folder, one, two)
    with pytest.raises(VeedorError, match="same file"):
        enter(folder, one, one)
    assert not (folder / "round-1/interpretations.csv").exists()


def test_a_seed_of_too_few_or_equal_digits_is_refused(tmp_path: Path) -> None:
    folder, keys = tmp_path / "audit", builders.keys()
    builders.make(folder, builders.terms(builders.signatories(keys)), SHEETS)
    for name in builders.NAMES:
        builders.consent(folder, name, keys[name])
    for digits in ("123", "1" * 20, "١" * 20, "1234567890123456789a"):
        with pytest.raises(VeedorError, match="digits"):
            rolled(folder, digits, who="", where="", when=WHEN)


def test_consent_with_another_key_or_for_another_plan_does_not_count(tmp_path: Path) -> None:
    folder, keys = tmp_path / "audit", builders.keys()
    named = builders.make(folder, builders.terms(builders.signatories(keys)), SHEETS)
    text = str(answer_statement(folder, "reds", at=WHEN))
    with pytest.raises(VeedorError, match="no known key"):
        record(folder, text.encode(), builders.sign(text, keys["blues"]))
    with pytest.raises(VeedorError, match="counts only with the signature"):
        record(folder, text.encode(), None)
    other = text.replace(named, "0" * 64)
    with pytest.raises(VeedorError, match="about another plan"):
        record(folder, other.encode(), builders.sign(other, keys["reds"]))
    for spoiled in (
        text.replace("I have read", "I have not read"),
        text.replace("statement 2", "statement 1"),
        text.replace("\nat ", "\nreason none\nat "),
        text.replace("answer consents", "answer objects"),
        text.replace("\n", "\r\n"),
        text + "\n",
        text[:-1],
        text.replace("signatory reds", "signatory reds\nsignatory reds"),
    ):
        with pytest.raises(VeedorError, match=r"not a statement|of the first form"):
            record(folder, spoiled.encode(), builders.sign(spoiled, keys["reds"]))
    assert not list(folder.glob("answers/*"))


def test_quorum_without_those_who_are_not_required(tmp_path: Path) -> None:
    """The blues are asked but not required: three of four suffice, and their objection stays on record."""
    folder, keys = tmp_path / "audit", builders.keys()
    who = tuple(one.model_copy(update={"required": one.id != "blues"}) for one in builders.signatories(keys))
    builders.make(folder, builders.terms(who, quorum=3), SHEETS)
    builders.objection(folder, "blues", "we want all boxes opened")  # refusals count without a signature too
    for name in ("authority", "mission", "reds"):
        builders.consent(folder, name, keys[name])
    rolled(folder, "27182818284590452353", who="a child", where="the square", when=WHEN)
    builders.attest(folder, keys, "authority", "mission", "blues")  # who objects may have been there all the same
    draw_round(folder)
    assert (folder / "answers/blues-1.txt").exists()
    verify(folder)


def test_one_who_is_not_required_need_not_answer(tmp_path: Path) -> None:
    folder, keys = tmp_path / "audit", builders.keys()
    who = tuple(one.model_copy(update={"required": one.id != "blues"}) for one in builders.signatories(keys))
    builders.make(folder, builders.terms(who, quorum=3), SHEETS)
    for name in ("authority", "mission", "reds"):
        builders.consent(folder, name, keys[name])
    rolled(folder, "27182818284590452353", who="a child", where="the square", when=WHEN)
    builders.attest(folder, keys, "authority", "mission", "blues")
    draw_round(folder)
    assert not (folder / "answers/blues-1.txt").exists()
    verify(folder)
    for ending in (".txt", ".sig"):  # a statement of another kind, signed and of the same plan, is no answer to it
        (folder / f"answers/blues-1{ending}").write_bytes((folder / f"seed/blues.attest{ending}").read_bytes())
    with pytest.raises(VeedorError, match=r"answers/blues-1\.txt is no answer to the plan"):
        verify(folder)


def test_results_that_change_after_the_plan_are_refused(tmp_path: Path) -> None:
    folder = drawn_audit(tmp_path / "audit")
    data = (folder / "results.csv").read_text()
    (folder / "results.csv").write_text(data + data.splitlines()[-1] + "\n")
    with pytest.raises(VeedorError, match="not the file that the plan names"):
        draw_round(folder)


def test_consistent_samplers_numbering_as_an_option_of_the_plan(tmp_path: Path) -> None:
    from veedor.draw.sampling import consistent_sampler

    folder = drawn_audit(tmp_path / "audit", sampling="equal_probability", numbering="consistent_sampler", rounds=[30])
    drawn = consistent_sampler(SHEETS.ids, "27182818284590452353", 30)
    assert first_sheets(folder, 30) == [one.unit for one in drawn]


def test_a_wrong_outcome_of_the_reported_votes_never_becomes_a_plan(tmp_path: Path) -> None:
    figures = SHEETS.figures.copy()
    figures[:, 1] = figures[:, 2] = figures[:, 0]
    with pytest.raises(VeedorError, match="give tie, which no sample can confirm"):
        builders.make(tmp_path, builders.terms(builders.signatories(builders.keys())), replace(SHEETS, figures=figures))


def recorded(folder: Path, sheets: Units, key: SigningKey, **status: str) -> Path:
    """A log of these sheets as the official count of the town. status: of a station, where it is not in the totals."""
    if not (folder / "checkpoint").exists():
        create_log(folder, "example.org/town", [key])
    rows = zip(sheets.ids, sheets.figures.tolist(), sheets.registered.tolist(), strict=True)
    contents = [
        {
            "type": "sheet",
            "election": "town",
            "contest": "mayor",
            "count": "official",
            "station": station,
            "votes": dict(zip(sheets.contest.choice_ids, figures, strict=False)),
            "blank": figures[-2],
            "null": figures[-1],
            "registered": registered,
            "status": status.get(f"s{station}", "counted"),
        }
        for station, figures, registered in rows
    ]
    append_entries(folder, map(canonical_json, contents), [key])
    return folder


def test_a_plan_is_bound_to_a_record_that_holds_its_sheets(tmp_path: Path) -> None:
    """Origin, size and root are part of what all sign, and only where the log under them holds these very sheets."""
    key = new_key("example.org/town", ED25519)
    log = Folder(recorded(tmp_path / "log", SHEETS, key))
    policy = parse_policy(f"log {key.public}\nquorum none\n".encode())
    head = fixed_by(log, policy, SHEETS, "town", "official")
    assert (head.origin, head.size) == ("example.org/town", 300)

    builders.make(tmp_path / "audit", builders.terms(builders.signatories(builders.keys())), SHEETS, record=head)
    says = check_record(tmp_path / "audit", log, policy).says
    assert says == "the first 300 entries of example.org/town hold these 300 sheets"
    recorded(log.folder, replace(SHEETS, ids=tuple(f"1{name}" for name in SHEETS.ids)), key)  # it may grow
    assert check_record(tmp_path / "audit", log, policy).done
    with pytest.raises(VeedorError, match=r"only in the record: 100001, .* and 295 more"):
        fixed_by(log, policy, SHEETS, "town", "official")

    other = replace(SHEETS, figures=SHEETS.figures + np.eye(300, 5, dtype=np.int64))
    with pytest.raises(VeedorError, match="not as in the record: 00001, 00002, 00003, 00004, 00005\\)"):
        fixed_by(Folder(recorded(tmp_path / "two", SHEETS, key)), policy, other, "town", "official")
    for election, count in (("village", "official"), ("town", "preliminary")):
        with pytest.raises(VeedorError, match="not in the record: 00001"):
            fixed_by(Folder(tmp_path / "two"), None, SHEETS, election, count)
    annulled = Folder(recorded(tmp_path / "three", SHEETS, key, s00007="annulled"))
    with pytest.raises(VeedorError, match="not in the record: 00007\\)"):
        fixed_by(annulled, policy, SHEETS, "town", "official")


def test_another_record_than_the_plan_names_is_not_taken_for_it(tmp_path: Path) -> None:
    """A log with the same sheets and another history, a shorter one, one that the policy does not know, and none."""
    key = new_key("example.org/town", ED25519)
    policy = parse_policy(f"log {key.public}\nquorum none\n".encode())
    head = fixed_by(Folder(recorded(tmp_path / "log", SHEETS, key)), policy, SHEETS, "town", "official")
    builders.make(tmp_path / "audit", builders.terms(builders.signatories(builders.keys())), SHEETS, record=head)
    turned = replace(SHEETS, ids=SHEETS.ids[::-1], figures=SHEETS.figures[::-1], registered=SHEETS.registered[::-1])
    few = replace(SHEETS, ids=SHEETS.ids[:9], figures=SHEETS.figures[:9], registered=SHEETS.registered[:9])
    stranger = parse_policy(f"log {new_key('example.org/town', ED25519).public}\nquorum none\n".encode())
    for folder, rules, said in (
        (recorded(tmp_path / "turned", turned, key), policy, "first 300 entries do not give the root"),
        (recorded(tmp_path / "few", few, key), policy, "'example.org/town' with 9 entries; the plan names"),
        (tmp_path / "log", stranger, "no known key signed"),
        (tmp_path / "nowhere", policy, "checkpoint is missing"),
    ):
        with pytest.raises(NotVerifiedError, match=said):
            check_record(tmp_path / "audit", Folder(folder), rules)
    builders.make(tmp_path / "unbound", builders.terms(builders.signatories(builders.keys())), SHEETS)
    with pytest.raises(NotVerifiedError, match="names no checkpoint"):
        check_record(tmp_path / "unbound", Folder(tmp_path / "log"), policy)
