"""Answers to a plan and the steps of a round, by the commands that people run: what is refused, kept and said."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.audit import builders
from tests.audit.town import veedor

SHEETS = builders.units(sheets=200)
SEED = ("--digits", "31415926535897932384", "--who", "a child", "--where", "the square")
WHEN = ("--when", "2026-03-02T10:00:00-04:00")


@pytest.fixture
def audit(tmp_path: Path) -> Path:
    """A plan to which the authority and the mission have consented; the parties have not answered."""
    folder, keys = tmp_path / "audit", builders.keys()
    builders.make(folder, builders.terms(builders.signatories(keys), quorum=2), SHEETS)
    for name in ("authority", "mission"):
        builders.consent(folder, name, keys[name])
    return folder


def objection(folder: Path, name: str, reason: str, at: str) -> Path:
    """The statement of an objection, as a file; it counts without a signature."""
    done = veedor("audit", "statement", folder, "--signatory", name, "--objects", reason, "--at", at)
    assert done.exit_code == 0, done.output
    path = folder.parent / "statement.txt"
    path.write_text(done.output)
    return path


def objects(folder: Path, name: str, reason: str, at: str = "2026-03-01T12:00:00-04:00") -> None:
    done = veedor("audit", "consent", folder, objection(folder, name, reason, at))
    assert done.exit_code == 0, done.output


def lacking(folder: Path) -> str:
    """Why nothing can be drawn yet."""
    done = veedor("audit", "draw", folder)
    assert done.exit_code == 2
    return done.output


@pytest.mark.parametrize("mark", ["\n", "\r", "\r\n"], ids=["line feed", "carriage return", "both"])
def test_a_reason_is_one_line(audit: Path, mark: str) -> None:
    """A second line could be read as a line of the statement's own."""
    reason = f"too close{mark}answer consents"
    done = veedor("audit", "statement", audit, "--signatory", "reds", "--objects", reason)
    assert done.exit_code == 2
    assert "a reason is one line of text" in done.output


def test_an_objection_needs_its_reason(audit: Path) -> None:
    done = veedor("audit", "statement", audit, "--signatory", "reds", "--objects", "  ")
    assert done.exit_code == 2
    assert "reason" in done.output


@pytest.mark.parametrize(
    "data", [b"", b"I object.\n", b"veedor audit statement 1\n", b"\xff\xfe"], ids=["empty", "prose", "cut", "no UTF-8"]
)
def test_what_is_no_statement_is_refused_as_such(audit: Path, data: bytes) -> None:
    path = audit.parent / "statement.txt"
    path.write_bytes(data)
    done = veedor("audit", "consent", audit, path)
    assert done.exit_code == 2
    assert "statement" in done.output
    assert not (audit / "answers/reds-1.txt").exists()


def test_no_statement_with_a_word_changed_is_one(audit: Path) -> None:
    path = objection(audit, "reds", "too close", "2026-03-01T12:00:00-04:00")
    right = path.read_text()
    for old, new in (("I object", "I consent"), ("answer objects", "answer wonders"), ("\n", "\r\n"), ("too", "\ntoo")):
        path.write_text(right.replace(old, new, 1), newline="")
        done = veedor("audit", "consent", audit, path)
        assert done.exit_code == 2, new
    path.write_text(right)
    assert veedor("audit", "consent", audit, path).exit_code == 0


@pytest.mark.slow
def test_after_the_seed_nobody_can_object_any_more(tmp_path: Path) -> None:
    """Whoever knows the sample must not be able to stop it."""
    folder, keys = tmp_path / "audit", builders.keys()
    builders.make(folder, builders.terms(builders.signatories(keys)), SHEETS)
    for name in builders.NAMES:
        builders.consent(folder, name, keys[name])
    path = objection(folder, "reds", "I do not like the sample", "2026-03-01T12:00:00-04:00")
    assert veedor("audit", "seed", folder, *SEED, *WHEN).exit_code == 0
    builders.attest(folder, keys)
    done = veedor("audit", "consent", folder, path)
    assert done.exit_code == 2
    assert "the seed exists already" in done.output
    assert not (folder / "answers/reds-2.txt").exists()
    assert veedor("audit", "draw", folder).exit_code == 0


@pytest.mark.slow
def test_every_answer_is_kept_and_the_last_one_counts(audit: Path) -> None:
    objects(audit, "reds", "too close")
    objects(audit, "reds", "too few sheets", at="2026-03-01T13:00:00-04:00")
    first, second = ((audit / f"answers/reds-{number}.txt").read_text() for number in (1, 2))
    assert "reason too close\n" in first
    assert "reason too few sheets\n" in second
    said = lacking(audit)
    assert "objects: too few sheets" in said
    assert "too close" not in said


def test_before_a_draw_there_is_nothing_to_enter_and_nothing_to_assess(audit: Path) -> None:
    one, two = audit.parent / "a.csv", audit.parent / "b.csv"
    for path in (one, two):
        path.write_text("station,status\n")
    for command in (("enter", audit, one, two), ("assess", audit)):
        done = veedor("audit", *command)
        assert done.exit_code == 2
        assert "nothing has been drawn yet" in done.output


@pytest.mark.slow
def test_a_limit_is_met_after_the_first_draw_that_meets_it(tmp_path: Path) -> None:
    """The risk falls at each sheet that is as reported: many draws meet the limit, and the first of them is named."""
    folder, keys = tmp_path / "audit", builders.keys()
    builders.make(folder, builders.terms(builders.signatories(keys)), SHEETS)
    builders.seeded(folder, keys)
    assert veedor("audit", "draw", folder).exit_code == 0
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for path in paths:
        path.write_bytes(builders.entries(folder, 1, SHEETS))
    assert veedor("audit", "enter", folder, *paths).exit_code == 0
    assert veedor("audit", "assess", folder).exit_code == 0
    document: dict[str, Any] = json.loads((folder / "round-1/risk.json").read_text())
    several = 0
    for one in document["assertions"]:
        met = [number for number, risk in enumerate(one["risk_after_each_draw"], start=1) if risk <= 0.05]
        assert one["met_after_draw"] == met[0]
        several += len(met) > 1
    assert several


@pytest.mark.slow
def test_signatories_whose_names_begin_alike_answer_apart(tmp_path: Path) -> None:
    """`reds` and `reds-1`: the answers of one must not be counted as answers of the other, or one is never read."""
    folder = tmp_path / "audit"
    names = {"reds": "reds-1", "blues": "reds"}
    who = builders.signatories(builders.keys())
    who = tuple(one.model_copy(update={"id": names.get(one.id, one.id)}) for one in who)
    builders.make(folder, builders.terms(who, quorum=2), SHEETS)
    objects(folder, "reds-1", "our reason")
    objects(folder, "reds", "another reason")
    said = lacking(folder)
    assert "objects: our reason" in said
    assert "objects: another reason" in said
