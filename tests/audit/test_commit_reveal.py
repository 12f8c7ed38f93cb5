"""Commit and reveal, step by step: what is refused, and that nobody can change a commitment once a secret is known."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.audit import builders, finished, keeper
from tests.audit.finished import SECRETS, Audit
from tests.audit.test_story import ssh_key, ssh_sign
from tests.audit.town import veedor
from veedor.audit.protocol.commit_reveal import commit, commitment_statement, reveal_statement
from veedor.audit.protocol.seed import reveal, rolled
from veedor.audit.protocol.signed_statement import parse_statement
from veedor.audit.protocol.status import status_of
from veedor.audit.rounds.draw import draw_round
from veedor.audit.verify import NotVerifiedError, verify
from veedor.draw.seed import commitment, joint_seed
from veedor.errors import VeedorError
from veedor.record.keys import save_key


@pytest.fixture
def agreed(tmp_path: Path) -> Audit:
    """A plan whose seed the reds and the blues make; all have consented."""
    keys = builders.keys()
    folder = tmp_path / "audit"
    builders.make(folder, builders.terms(builders.signatories(keys), seed=finished.HOW), finished.SHEETS)
    for name in builders.NAMES:
        builders.consent(folder, name, keys[name])
    return Audit(folder=folder, keys=keys, log=tmp_path, log_key=keys["reds"])


@pytest.mark.slow
def test_a_seed_that_nobody_chose_alone(agreed: Audit) -> None:
    folder, keys = agreed.folder, agreed.keys
    with pytest.raises(VeedorError, match="commit and reveal"):
        rolled(folder, "27182818284590452353", who="", where="", when=finished.REVEALED)
    text = str(commitment_statement(folder, "reds", SECRETS["reds"], finished.COMMITTED))
    with pytest.raises(VeedorError, match="no known key"):
        commit(folder, text.encode(), builders.sign(text, keys["blues"]))
    finished.commits(agreed, "reds")
    with pytest.raises(VeedorError, match="not all have committed yet: blues"):
        reveal_statement(folder, "reds", SECRETS["reds"], finished.REVEALED)
    with pytest.raises(VeedorError, match="is there already and is never replaced"):
        finished.commits(agreed, "reds", of="x" * 40)
    assert status_of(folder).next == "commit"
    finished.commits(agreed, "blues")
    assert status_of(folder).next == "reveal"
    with pytest.raises(VeedorError, match="the commitments are closed"):
        finished.commits(agreed, "blues", of="x" * 40)
    for late in (
        lambda: builders.consent(folder, "reds", keys["reds"]),
        lambda: builders.objection(folder, "reds", "no"),
    ):
        with pytest.raises(VeedorError, match="commitments to the seed are closed"):
            late()
    with pytest.raises(VeedorError, match=r"not the secret that reds committed to in seed/reds\.commit\.txt"):
        finished.show(agreed, "reds", of="x" * 40)
    with pytest.raises(VeedorError, match=r"is of 2026-03-02T08.*, before commitments closed: seed/blues.commit.txt"):
        finished.show(agreed, "reds", at="2026-03-02T08:00:00-04:00")
    assert not (folder / "seed/reds.reveal.txt").exists()
    finished.show(agreed, "reds")
    assert "reds showed it, blues did not" in verify(folder)[-1].says
    finished.show(agreed, "blues", at="2026-03-02T10:05:00-04:00")
    with pytest.raises(VeedorError, match="a second one is never taken"):
        finished.show(agreed, "blues")
    seed = status_of(folder).seed
    assert seed == joint_seed(SECRETS)
    with pytest.raises(VeedorError, match="signed by 0 of the 4 signatories"):
        draw_round(folder)
    builders.attest(folder, keys)
    draw_round(folder)
    assert [step.done for step in verify(folder)][:6] == [True] * 6


def test_the_list_can_be_checked_without_veedor(agreed: Audit) -> None:
    """`sha256sum -c` reads it, after its two lines of heading; a party sees its own commitment in it."""
    from hashlib import sha256

    for name in SECRETS:
        finished.commits(agreed, name)
    lines = (agreed.folder / "seed/commitments.txt").read_text().splitlines()
    assert lines[0] == "veedor audit commitments 1"
    assert lines[1].startswith("plan sha256 ")
    listed = {line[66:]: line[:64] for line in lines[2:]}
    assert set(listed) == {
        *(f"answers/{name}-1.txt" for name in builders.NAMES), "seed/blues.commit.txt", "seed/reds.commit.txt",
    }  # fmt: skip
    for name, digest in listed.items():
        assert sha256((agreed.folder / name).read_bytes()).hexdigest() == digest


def test_a_commitment_changed_after_a_secret_was_shown_makes_no_seed(
    agreed: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The keeper and the blues together, before there is a seed: the reds showed theirs, and the blues think anew."""
    for name in SECRETS:
        finished.commits(agreed, name)
    finished.show(agreed, "reds")
    other = "blues-other-secret-" + "x" * 30
    named = parse_statement((agreed.folder / "seed/reds.commit.txt").read_bytes(), "it").plan
    keeper.resign("seed/blues.commit.txt", commitment=commitment(named, "blues", other))(agreed, monkeypatch)
    with pytest.raises(VeedorError, match=r"does not list .* seed/blues\.commit\.txt is not what it was"):
        finished.show(agreed, "blues", of=other)
    keeper.relist(agreed, monkeypatch)
    with pytest.raises(VeedorError, match=r"seed/reds\.reveal\.txt names other commitments"):
        finished.show(agreed, "blues", of=other)
    with pytest.raises(NotVerifiedError, match=r"seed/reds\.reveal\.txt names other commitments"):
        verify(agreed.folder)


def test_whoever_keeps_silent_is_on_record_when_all_begin_anew(agreed: Audit) -> None:
    for name in SECRETS:
        finished.commits(agreed, name)
    finished.show(agreed, "reds")
    who = builders.signatories(dict(agreed.keys))
    builders.make(agreed.folder, builders.terms(who, seed=finished.HOW, risk_limit="4 %"), finished.SHEETS)
    said = verify(agreed.folder)[2].says
    assert said.endswith("superseded/1: blues, reds committed to a secret; reds showed it, blues did not")


def test_secrets_and_commitments_of_one_plan_are_worth_nothing_for_another(agreed: Audit) -> None:
    text = str(commitment_statement(agreed.folder, "reds", SECRETS["reds"], finished.COMMITTED))
    assert commitment("a" * 64, "reds", "x" * 40) != commitment("b" * 64, "reds", "x" * 40)
    assert commitment("a" * 64, "reds", "x" * 40) != commitment("a" * 64, "blues", "x" * 40)
    said = replace(parse_statement(text.encode(), "it"), plan="0" * 64)
    with pytest.raises(VeedorError, match="about another plan"):
        commit(agreed.folder, bytes(said), builders.sign(str(said), agreed.keys["reds"]))
    said = replace(parse_statement(text.encode(), "it"), signatory="mission")
    with pytest.raises(VeedorError, match="not a commitment by one of the parties"):
        commit(agreed.folder, bytes(said), builders.sign(str(said), agreed.keys["mission"]))
    with pytest.raises(VeedorError, match="not all have committed"):
        reveal(agreed.folder, text.encode(), "x")


@pytest.mark.parametrize("secret", ["short", "with a space " * 4, "ñ" * 40, "x" * 1001, "tab\t" * 20])
def test_secrets_that_could_be_guessed_or_misread_are_refused(agreed: Audit, secret: str) -> None:
    with pytest.raises(VeedorError, match="32 to 1000 printable characters"):
        commitment_statement(agreed.folder, "reds", secret, finished.COMMITTED)


@pytest.mark.slow
def test_by_the_command_line_with_a_key_file_and_with_ssh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The steps of the guide: the reds have a key file, the blues print, sign with ssh-keygen, and hand in."""
    monkeypatch.setenv("VEEDOR_RECORD_PASSPHRASE", "a long passphrase")
    keys = builders.keys()
    who = builders.signatories(keys, blues=ssh_key(tmp_path, "blues"))
    folder = tmp_path / "audit"
    builders.make(folder, builders.terms(who, seed=finished.HOW, quorum=2), finished.SHEETS)
    for name in ("authority", "mission", "reds"):
        builders.consent(folder, name, keys[name])
    save_key(keys["reds"], tmp_path / "reds.key", "a long passphrase")
    for name, secret in SECRETS.items():
        (tmp_path / f"{name}.secret").write_text(secret + "\n", encoding="utf-8")

    def by_ssh(command: str, *options: object) -> None:
        text = veedor("audit", "statement", folder, "--signatory", "blues", *options).output
        (tmp_path / "it.txt").write_text(text, encoding="utf-8")
        (tmp_path / "it.txt.sig").write_text(ssh_sign(tmp_path, "blues", text), encoding="utf-8")
        done = veedor("audit", command, folder, tmp_path / "it.txt", "--signature", tmp_path / "it.txt.sig")
        assert done.exit_code == 0, done.output

    def by_key(*options: object) -> str:
        done = veedor("audit", "sign", folder, "--signatory", "reds", "--key", tmp_path / "reds.key", *options)
        assert done.exit_code == 0, done.output
        return done.output

    by_ssh("consent", "--at", builders.SIGNED)
    by_key("--secret", tmp_path / "reds.secret", "--at", finished.COMMITTED)
    by_ssh("commit", "--secret", tmp_path / "blues.secret", "--at", finished.COMMITTED)
    said = by_key("--secret", tmp_path / "reds.secret", "--reveals", "--at", finished.REVEALED)
    assert said == "shown; others have not shown theirs yet\n"
    by_ssh("reveal", "--secret", tmp_path / "blues.secret", "--reveals", "--at", finished.REVEALED)
    assert status_of(folder).next == "attest"
    by_key("--seed", "--at", finished.ATTESTED)
    by_ssh("attest", "--seed", "--at", finished.ATTESTED)
    said = json.loads(veedor("audit", "draw", folder, "--json").output)
    assert said["round"] == 1
    assert f"seed {joint_seed(SECRETS)}" in veedor("audit", "verify", folder).output
