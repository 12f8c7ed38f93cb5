"""`veedor claims` where an audit and a record are at hand: each room's findings answer what is bound to them."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from tests.dossier.conftest import opened, simulated
from tests.dossier.test_audit_page import audit, consented
from typer.testing import CliRunner

from veedor.cli import application
from veedor.dossier.input import Opened
from veedor.errors import DefinitionError

__all__ = ["audit", "opened", "simulated"]

CLAIM = """\
[[claims]]
id = "one"
who = {{ name = "Ana" }}
words = {{ en = "So it is." }}
source = {{ title = "Paper" }}
kind = "{kind}"

[[claims.conditions]]
room = "{room}"
finding = "{finding}"
field = "{field}"
{test}
{of}
"""


def claim(room: str, finding: str, field: str, test: str, kind: str = "testable", of: str = "") -> str:
    named = f'of = "{of}"' if of else ""
    return CLAIM.format(room=room, finding=finding, field=field, test=test, kind=kind, of=named)


def plan_of(audit: Path) -> str:
    """The SHA-256 of an audit's plan."""
    return hashlib.sha256((audit / "plan.json").read_bytes()).hexdigest()


NOT_CONSULTED = claim("audit", "audit_consent", "effect.unanswered", "at_least = 1", "procedural")


@pytest.fixture
def election(simulated: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(simulated, tmp_path / "election"))


def run(election: Path, claims: str, *more: str) -> tuple[str, int]:
    """The first claim's answer, and the exit status."""
    (election / "claims.toml").write_text(claims, encoding="utf-8")
    words = ["claims", str(election), "--data", str(election), "--json", *more]
    done = CliRunner().invoke(application(), words)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return json.loads(done.stdout)["claims"][0]["answer"], done.exit_code


@pytest.mark.slow
def test_not_consulted_on_the_plan_is_bound_to_its_consent_record(
    election: Path, audit: Path, opened: Opened, tmp_path: Path
) -> None:
    # Kept by tests/audit/builders.py: four signatories. All of them signed in the first folder, two in the second.
    assert run(election, NOT_CONSULTED) == ("not_at_hand", 0)
    assert run(election, NOT_CONSULTED, "--strict") == ("not_at_hand", 1)
    asked = claim("audit", "audit_consent", "effect.unanswered", "at_least = 1", "procedural", plan_of(audit))
    assert run(election, asked, "--strict", "--audit", str(audit)) == ("does_not_agree", 0)
    some = consented(tmp_path / "some", opened, "authority", "mission", "reds")
    asked = claim("audit", "audit_consent", "effect.unanswered", "at_least = 1", "procedural", plan_of(some))
    assert run(election, asked, "--strict", "--audit", str(some)) == ("agrees", 0)


@pytest.mark.slow
def test_a_claim_is_not_answered_by_an_audit_that_it_does_not_name(election: Path, audit: Path) -> None:
    for of in ("", "0" * 64):
        asked = claim("audit", "audit_consent", "effect.unanswered", "at_least = 1", "procedural", of)
        assert run(election, asked, "--audit", str(audit)) == ("not_at_hand", 0)
    signed = json.loads((audit / "plan.json").read_text(encoding="utf-8"))["signatories"][0]["key"]
    asked = claim("audit", "audit_consent", "effect.unanswered", "at_least = 1", "procedural", signed)
    assert run(election, asked, "--audit", str(audit)) == ("does_not_agree", 0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("finding", "field", "test"),
    [
        ("audit_need", "verdict", 'is = "holds"'),
        ("audit_results", "effect.differ", "at_most = 0"),
        ("audit_order", "effect.steps_done", "at_least = 1"),
        ("audit_sample", "verdict", 'is = "holds"'),
        ("audit_risk", "effect.largest_risk", "at_most = 0.05"),
    ],
)
def test_what_a_finished_audit_says(election: Path, audit: Path, finding: str, field: str, test: str) -> None:
    named = claim("audit", finding, field, test, of=plan_of(audit))
    assert run(election, named, "--audit", str(audit)) == ("agrees", 0)


@pytest.mark.slow
def test_a_finding_of_the_fields_tests(election: Path) -> None:
    text = claim("forensics", "repeated_rows", "looked_at", "at_least = 1")
    assert run(election, text, "--strict") == ("agrees", 0)


@pytest.mark.slow
def test_the_record_of_the_sheets(election: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VEEDOR_RECORD_PASSPHRASE", "four words nobody knows")
    monkeypatch.chdir(tmp_path)
    for words in (
        ["record", "key", "log.key", "--name", "x.example/log"],
        ["record", "init", "log", "--origin", "x.example/log", "--key", "log.key"],
        ["record", "append", str(election), "--data", str(election), "--log", "log", "--key", "log.key"],
    ):
        done = CliRunner().invoke(application(), words)
        assert done.exit_code == 0, (words, done.output, done.exception)
    same = claim("record", "record_log", "verdict", 'is = "holds"')
    assert run(election, same) == ("not_at_hand", 0)
    assert run(election, same, "--record", "log") == ("not_at_hand", 0)  # it does not name this log
    log = "x.example/log"
    same = claim("record", "record_log", "verdict", 'is = "holds"', of=log)
    assert run(election, same, "--record", "log") == ("agrees", 0)
    none_replaced = claim("record", "record_corrections", "effect.corrections", "at_most = 0", of=log)
    assert run(election, none_replaced, "--record", "log") == ("agrees", 0)
    nobody = claim("record", "record_cosigned", "verdict", 'is = "holds"', of=log)
    assert run(election, nobody, "--record", "log") == ("not_at_hand", 0)  # no policy: no witness's key is known


@pytest.mark.slow
@pytest.mark.parametrize(
    ("room", "wrong", "near"),
    [
        ("audit", "audit_consnt", "audit_consent"),
        ("checks", "reconcilation", "reconciliation"),
        ("interruption", "jump_at_stops", "jump_at_stop"),
        ("forensics", "repeated_row", "repeated_rows"),
    ],
)
def test_a_name_that_no_finding_has_names_the_nearest(election: Path, room: str, wrong: str, near: str) -> None:
    with pytest.raises(DefinitionError, match=rf"did you mean {near}\?"):
        run(election, claim(room, wrong, "verdict", 'is = "holds"'))


@pytest.mark.slow
def test_the_table_says_what_was_found_beside_what_was_asked(election: Path) -> None:
    (election / "claims.toml").write_text(claim("checks", "reconciliation", "verdict", 'is = "holds"'), "utf-8")
    done = CliRunner().invoke(application(), ["claims", str(election), "--data", str(election)])
    shown = " ".join(done.stdout.split())
    assert "not known" in shown
    assert "agrees if is holds" in shown


@pytest.mark.slow
def test_the_command_says_what_the_dossier_says(election: Path, audit: Path, tmp_path: Path) -> None:
    from veedor.cli.report import make_dossier

    texts = [
        claim(room, finding, "verdict", 'is = "holds"').replace('"one"', f'"{finding}"')
        for room, finding in (
            ("count", "official"),
            ("checks", "ballots_over_registered"),
            ("interruption", "lead_as_projected"),
            ("forensics", "repeated_rows"),
            ("interruption", "projections"),
            ("audit", "audit_risk"),
        )
    ]
    texts[4] = texts[4].replace('field = "verdict"', 'field = "mean"').replace('is = "holds"', "at_least = 0.1")
    texts[5] += f'of = "{plan_of(audit)}"\n'
    texts[0] = texts[0].replace('field = "verdict"', 'field = "outcome.result"').replace('"holds"', '"elected"')
    (election / "claims.toml").write_text("\n".join(texts), encoding="utf-8")
    words = ["claims", str(election), "--data", str(election), "--json", "--audit", str(audit)]
    printed = json.loads(CliRunner().invoke(application(), words).stdout)
    make_dossier(str(election), tmp_path / "site", data=election, audit=audit)
    shown = json.loads((tmp_path / "site/results/claims.json").read_text(encoding="utf-8"))
    for one in (*printed["claims"], *shown["claims"]):
        for condition in one["conditions"]:
            condition["commands"] = []  # they call election and audit by their names there
    assert printed == shown
