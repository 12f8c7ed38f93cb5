"""A mission, two parties and the authority agree on an audit, draw it in public, and whoever changes the plan is seen.

The page docs/guide/audit.md tells the same story with the commands.
"""

import random
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.audit import builders
from veedor.audit.protocol.attestation import attest, attestation_statement
from veedor.audit.protocol.consent import answer_statement, record
from veedor.audit.protocol.plan import parse_plan, plan_hash
from veedor.audit.protocol.seed import rolled
from veedor.audit.protocol.signing import NAMESPACE
from veedor.audit.rounds.draw import draw_round
from veedor.audit.rounds.rounds import assess, enter
from veedor.audit.verify import NotVerifiedError, verify
from veedor.document import as_json
from veedor.dossier.pages.audit.standalone import write_forms, write_page
from veedor.errors import VeedorError

ROLLED = "31415926535897932384"
ROLL = {"who": "a child from each school", "where": "the square", "when": "2026-03-02T10:00:00-04:00"}


def ssh_key(folder: Path, name: str) -> str:
    if shutil.which("ssh-keygen") is None:
        pytest.skip("needs the program ssh-keygen, which is not installed")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(folder / name)], check=True)
    return (folder / f"{name}.pub").read_text().strip()


def ssh_sign(folder: Path, name: str, text: str) -> str:
    command = ["ssh-keygen", "-q", "-Y", "sign", "-n", NAMESPACE, "-f", str(folder / name)]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


@pytest.mark.slow
def test_the_story(tmp_path: Path) -> None:
    audit, home = tmp_path / "audit", tmp_path / "home"
    home.mkdir()
    keys, sheets = builders.keys(), builders.units()
    # The blues sign with the key they use for their server anyway.
    who = builders.signatories(keys, blues=ssh_key(home, "blues"))
    first = builders.make(audit, builders.terms(who, risk_limit="10 %"), sheets)

    # The authority, the mission and the reds consent. Nobody asked the blues: no seed, no draw, and it says why.
    for name in ("authority", "mission", "reds"):
        builders.consent(audit, name, keys[name])
    with pytest.raises(VeedorError, match=r"The blues \(blues\) has not been asked or has not answered"):
        draw_round(audit)
    with pytest.raises(VeedorError, match=r"The blues \(blues\) has not been asked"):
        rolled(audit, ROLLED, **ROLL)
    assert not (audit / "seed.json").exists()

    # The blues object to the risk limit. Their reason is on record, and the draw names it.
    reason = "ten per cent is too much for a margin this close"
    text = str(answer_statement(audit, "blues", at="2026-03-01T12:00:00-04:00", objects=reason))
    record(audit, text.encode(), ssh_sign(home, "blues", text))
    with pytest.raises(VeedorError, match=f"objects: {reason}"):
        draw_round(audit)

    # The plan changes: five per cent. It names the one that it replaces, and consent starts anew.
    second = builders.make(audit, builders.terms(who, risk_limit="5 %"), sheets)
    assert second != first
    assert (audit / "superseded/1/answers/blues-1.txt").read_text() == text
    with pytest.raises(VeedorError, match="0 of 4 consents"):
        draw_round(audit)
    for name in ("authority", "mission", "reds"):
        builders.consent(audit, name, keys[name])
    plan = parse_plan((audit / "plan.json").read_bytes())
    text = str(answer_statement(audit, "blues", at="2026-03-01T18:00:00-04:00"))
    record(audit, text.encode(), ssh_sign(home, "blues", text))

    # All have signed, but there is no seed: still no draw and no preview. Then it is rolled, once.
    with pytest.raises(VeedorError, match="no seed yet"):
        draw_round(audit)
    rolled(audit, ROLLED, **ROLL)
    with pytest.raises(VeedorError, match="a second one is never taken"):
        rolled(audit, ROLLED[::-1], **ROLL)

    # Those who were there sign its record. Before all four of the quorum have, there is no draw.
    builders.attest(audit, keys, "authority", "mission", "reds")
    with pytest.raises(VeedorError, match=r"signed by 3 of the 4 .* \(authority, mission, reds\)"):
        draw_round(audit)
    text = str(attestation_statement(audit, "blues", "2026-03-02T10:30:00-04:00"))
    attest(audit, text.encode(), ssh_sign(home, "blues", text))
    number, drawn = draw_round(audit)
    assert number == 1
    assert len(drawn) == plan.rounds[0]
    with pytest.raises(VeedorError, match="has not been assessed"):
        draw_round(audit)

    # Two people read every sheet. First they differ in one cell; nothing is kept until they agree.
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    data = builders.entries(audit, 1, sheets)
    one.write_bytes(data)
    two.write_bytes(data.replace(b",found,", b",unreadable,", 1))
    assert {entry.column for entry in enter(audit, one, two)} >= {"status"}
    assert not (audit / "round-1/interpretations.csv").exists()
    two.write_bytes(data)
    signed = [builders.entered(audit, data, name, keys[name]) for name in ("mission", "reds")]
    assert enter(audit, one, two, signed) == []

    # The risk falls under the limit, for every assertion.
    said = assess(audit)
    assert as_json(said.next) == {"step": "confirmed", "open": []}
    assert all(one.risk <= 0.05 for one in said.assertions)
    falling = list(said.assertions[0].risk_after_each_draw)
    assert falling == sorted(falling, reverse=True)
    assert [step.done for step in verify(audit)] == [True] * 7

    # The plan's file is changed by one character: everything after it is refused.
    plan_file = audit / "plan.json"
    kept = plan_file.read_text()
    plan_file.write_text(kept.replace("The town's audit", "The towns' audit", 1))
    assert plan_hash(plan_file.read_bytes()) != second
    for refused in (lambda: draw_round(audit), lambda: assess(audit)):
        with pytest.raises(VeedorError, match=r"about another plan|was changed after"):
            refused()
    with pytest.raises(NotVerifiedError):
        verify(audit)
    plan_file.write_text(kept)
    verify(audit)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An audit that has confirmed its outcome after one round."""
    audit = tmp_path_factory.mktemp("finished") / "audit"
    keys, sheets = builders.keys(), builders.units()
    builders.make(audit, builders.terms(builders.signatories(keys)), sheets)
    builders.seeded(audit, keys, ROLLED)
    draw_round(audit)
    for name in ("one.csv", "two.csv"):
        (audit.parent / name).write_bytes(builders.entries(audit, 1, sheets))
    assert enter(audit, audit.parent / "one.csv", audit.parent / "two.csv") == []
    assert assess(audit).next.step == "confirmed"
    verify(audit)
    return audit


FILES = (
    "plan.json", "manifest.csv", "results.csv", "seed.json", "answers/reds-1.txt", "answers/reds-1.sig",
    "round-1/sample.csv", "round-1/draw.json", "round-1/interpretations.csv", "round-1/entry-a.csv",
    "round-1/entry-b.csv", "round-1/risk.json", "round-1/pull-list.csv",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_any_digit_changed_anywhere_is_seen(finished: Path, tmp_path: Path, name: str) -> None:
    """Every tenth digit of every file is changed in turn; no change may pass."""
    audit = tmp_path / "audit"
    shutil.copytree(finished, audit)
    data = (audit / name).read_bytes()
    digits = [place for place, byte in enumerate(data) if chr(byte).isdigit()]
    places = digits[:: max(1, len(digits) // 10)] or [len(data) // 2]
    for place in places:
        changed = (data[place] - ord("0") + 1) % 10 + ord("0")
        (audit / name).write_bytes(data[:place] + bytes([changed]) + data[place + 1 :])
        with pytest.raises(NotVerifiedError):
            verify(audit)
    (audit / name).write_bytes(data)
    verify(audit)


@pytest.mark.slow
def test_hostile_bytes_never_get_further_than_a_reason(finished: Path, tmp_path: Path) -> None:
    """200 times a file is cut short or filled with foreign bytes: refused with a reason, never a traceback."""
    audit, chance = tmp_path / "audit", random.Random(20191020)
    shutil.copytree(finished, audit)
    strange = [b"[", b"{", b'"', b"null", b"-1", b"1e999", b"\xff", b",", b"NaN", b"9" * 30, b"\x00"]
    for _ in range(200):
        name = chance.choice(FILES)
        data = (audit / name).read_bytes()
        place = chance.randrange(len(data) - 1)
        spoiled = data[:place] + chance.choice(strange) + (data[place:] if chance.random() < 0.5 else b"")
        (audit / name).write_bytes(spoiled)
        with pytest.raises(NotVerifiedError):
            verify(audit)
        (audit / name).write_bytes(data)
    verify(audit)


@pytest.mark.parametrize("name", FILES)
def test_any_file_missing_is_seen(finished: Path, tmp_path: Path, name: str) -> None:
    audit = tmp_path / "audit"
    shutil.copytree(finished, audit)
    (audit / name).unlink()
    if name == "round-1/risk.json":  # then the audit has simply not come that far
        assert [step.done for step in verify(audit)][-1] is False
        return
    with pytest.raises(NotVerifiedError):
        verify(audit)


def test_the_page_and_the_forms_of_a_finished_audit(finished: Path, tmp_path: Path) -> None:
    """Hostile names stay text; nothing but our own script may run; reported votes are not on the forms."""
    audit = tmp_path / "audit"
    keys, hostile = builders.keys(), "<script>alert(1)</script>"
    who = builders.signatories(keys)
    named = tuple(one.model_copy(update={"name": f"{hostile} {one.id}"}) for one in who)
    builders.make(audit, builders.terms(named), builders.units())
    for path in write_page(audit, tmp_path / "pages"):
        page = path.read_text(encoding="utf-8")
        assert hostile not in page
        assert "&lt;script&gt;" in page
        assert "script-src &#39;none&#39;" in page
    with pytest.raises(VeedorError, match="nothing has been drawn"):
        write_forms(audit, tmp_path / "forms.html", "en")
    forms = write_forms(finished, tmp_path / "forms.html", "en").read_text(encoding="utf-8")
    assert forms.count("<article ") == len((finished / "round-1/pull-list.csv").read_text().splitlines()) - 1
    assert "script-src &#39;sha256-" in forms
    assert forms.count("<script>") == 1
