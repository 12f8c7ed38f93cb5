"""Whoever keeps a finished audit's folder changes it, in every way we could think of: `audit verify` names the file.

The keeper has a program of their own: `rewrite` makes every file anew that nobody signs, whatever our program refuses.
Some signatories may help: `keys` are theirs to use. What is not named is said in docs/guide/audit.md, and stands last.
"""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.audit import builders, finished
from tests.audit.finished import Audit
from tests.audit.keeper import (
    Attack,
    add_key,
    blues_reveal_over_new_list,
    both,
    change_entries,
    copy,
    create_fork,
    delete,
    drop_first_objection,
    drop_key,
    drop_line,
    edit,
    entries_of,
    gone,
    later_objection,
    link,
    move,
    other_receipt,
    pipe,
    receipt_of,
    relist,
    reroll,
    reroll_with,
    reseeding,
    resign,
    rewrite,
    rewritten,
    second_commitment,
    sign_all,
    sign_entries,
    signed,
    swap,
    write,
)
from veedor.audit.protocol.folder import AuditFolder
from veedor.audit.protocol.plan import plan_hash
from veedor.audit.protocol.seed_entry import seed_entry
from veedor.audit.verify import NotVerifiedError, verify
from veedor.ledger.audited_sheets import check_record
from veedor.record.log import append_entries
from veedor.record.source import Folder


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Audit]:
    """One audit of each way to make a seed, finished and verified."""
    made = {
        "dice": finished.dice(tmp_path_factory.mktemp("dice")),
        "secret": finished.secret(tmp_path_factory.mktemp("secret")),
    }
    for audit in made.values():
        steps = [*verify(audit.folder), check_record(audit.folder, Folder(audit.log), None)]
        assert all(step.done and not step.unsigned for step in steps)
    return made


def copied(kept: dict[str, Audit], how: str, tmp_path: Path) -> Audit:
    audit = kept[how]
    for name in ("audit", "log"):
        shutil.copytree(audit.folder.parent / name, tmp_path / name)
    return replace(audit, folder=tmp_path / "audit", log=tmp_path / "log")


FIRST, LAST = "round-1", "round-2"
OLD = "superseded/1"

ATTACKS: dict[str, tuple[str, Attack, str]] = {
    # Swapped with the version before, or with each other.
    "plan back to the one before": ("dice", copy(f"{OLD}/plan.json", "plan.json"), "plan"),
    "answer back to the objection": ("dice", signed(copy, "answers/blues-1", "answers/blues-2"), "answers/blues-2.txt"),
    "consent of the plan before": (
        "dice",
        signed(copy, f"{OLD}/answers/authority-1", "answers/authority-1"),
        "answers/authority-1.txt is about another plan",
    ),
    "two answers of one signatory swapped": (
        "dice",
        signed(swap, "answers/blues-1", "answers/blues-2"),
        "answers/blues-1.txt",
    ),
    "answers of two signatories swapped": (
        "dice",
        signed(swap, "answers/reds-1", "answers/mission-1"),
        "answers/mission-1.txt is the answer of reds",
    ),
    "signatures of two signatories swapped": (
        "dice",
        swap("answers/reds-1.sig", "answers/mission-1.sig"),
        "answers/mission-1.txt",
    ),
    "who signed the seed swapped": (
        "dice",
        signed(swap, "seed/reds.attest", "seed/mission.attest"),
        "seed/mission.attest.txt",
    ),
    "draws of two rounds swapped": (
        "dice",
        swap(f"{FIRST}/draw.json", f"{LAST}/draw.json"),
        "round-1/draw.json|round-1/risk.json",
    ),
    "entries of two rounds swapped": (
        "dice",
        swap(f"{FIRST}/entry-a.csv", f"{LAST}/entry-a.csv"),
        "round-1/entry-a.csv and round-1/entry-b.csv do not agree",
    ),
    "signed entries of two rounds swapped": (
        "dice",
        both(
            *(
                swap(f"{FIRST}/{name}", f"{LAST}/{name}")
                for name in (
                    "entry-a.csv",
                    "entry-a.txt",
                    "entry-a.sig",
                    "entry-b.csv",
                    "entry-b.txt",
                    "entry-b.sig",
                    "interpretations.csv",
                )
            )
        ),
        "round-1/entry-a.txt",
    ),
    "risk of two rounds swapped": ("dice", swap(f"{FIRST}/risk.json", f"{LAST}/risk.json"), "round-1/risk.json"),
    "manifest and results swapped": ("dice", swap("manifest.csv", "results.csv"), "results.csv"),
    # Renamed, renumbered, moved.
    "answer renumbered": ("dice", signed(move, "answers/reds-1", "answers/reds-2"), "answers/reds-1.txt is missing"),
    "answer with a zero before its number": (
        "dice",
        signed(move, "answers/reds-1", "answers/reds-01"),
        "answers/reds-01.sig",
    ),
    "answer of nobody": ("dice", copy("answers/reds-1.txt", "answers/greens-1.txt"), "answers/greens-1.txt"),
    "answer with a huge number": (
        "dice",
        copy("answers/reds-1.txt", "answers/reds-99999999999.txt"),
        "answers/reds-99999999999.txt",
    ),
    "a file that is none of an audit": ("dice", write("answers/notes.md", b"note"), "answers/notes.md"),
    "a stranger under seed": ("dice", write("seed/greens.attest.txt", b"x"), "seed/greens.attest.txt"),
    "seed renamed": ("dice", move("seed.json", "Seed.json"), "seed.json is missing|seed.json"),
    "round renumbered": ("dice", move(LAST, "round-3"), "round-2/draw.json is missing"),
    "rounds swapped": ("dice", both(move(FIRST, "aside"), move(LAST, FIRST), move("aside", LAST)), "round-1/draw.json"),
    "first round taken away": (
        "dice",
        lambda audit, patch: shutil.rmtree(audit.folder / FIRST),
        "round-1/draw.json is missing",
    ),
    "round with a zero before its number": (
        "dice",
        lambda audit, patch: shutil.copytree(audit.folder / LAST, audit.folder / "round-02"),
        "round-02",
    ),
    "superseded plan renumbered": ("dice", move(OLD, "superseded/2"), "superseded"),
    "superseded plan taken away": (
        "dice",
        lambda audit, patch: shutil.rmtree(audit.folder / "superseded"),
        "plan.json names a plan that it replaced",
    ),
    "superseded plan added": (
        "dice",
        lambda audit, patch: shutil.copytree(audit.folder / OLD, audit.folder / "superseded/2"),
        "superseded/2/plan.json",
    ),
    "superseded plan between": ("secret", lambda audit, patch: shutil.rmtree(audit.folder / OLD), "superseded"),
    "commitments renamed": ("secret", move("seed/commitments.txt", "seed/commitment.txt"), "seed/commitment.txt"),
    "commitment under another name": (
        "secret",
        signed(swap, "seed/reds.commit", "seed/blues.commit"),
        "seed/blues.commit.txt",
    ),
    "reveal in place of a commitment": (
        "secret",
        signed(copy, "seed/reds.reveal", "seed/reds.commit"),
        "seed/reds.commit.txt",
    ),
    # The objection, and answers: deleted, changed, added, also where all unsigned files are made anew.
    "objection deleted": ("dice", gone("answers/blues-1"), "answers/blues-1.txt is missing"),
    "objection deleted and consent renumbered": (
        "dice",
        drop_first_objection,
        "answers/blues-1.txt is not the next answer",
    ),
    "objection deleted, all made anew": (
        "dice",
        reseeding(drop_first_objection),
        "answers/blues-1.txt is not the next answer",
    ),
    "objection deleted, blues help, all made anew": (
        "dice",
        reseeding(drop_first_objection, resign("answers/blues-1.txt", after="")),
        "seed/authority.attest.txt signs another record",
    ),
    "objection to the plan before deleted": (
        "dice",
        gone(f"{OLD}/answers/blues-1"),
        "superseded/1/answers/blues-1.txt is not there",
    ),
    "objection to the plan before changed by the blues": (
        "dice",
        resign(f"{OLD}/answers/blues-1.txt", reason="nothing"),
        "superseded/1/answers/blues-1.txt was changed",
    ),
    "objection loses its signature": ("dice", delete("answers/blues-1.sig"), "answers/blues-1.sig"),
    "objection to the plan before loses its signature": (
        "dice",
        delete(f"{OLD}/answers/blues-1.sig"),
        "superseded/1/answers/blues-1.sig is not there",
    ),
    "consent replaced by another one": (
        "dice",
        resign("answers/reds-1.txt", at="2026-03-01T19:00:00-04:00"),
        "answers/reds-1.txt was changed after seed.json",
    ),
    "consent replaced by another one, all made anew": (
        "dice",
        reseeding(resign("answers/reds-1.txt", at="2026-03-01T19:00:00-04:00")),
        "attest.txt signs another record",
    ),
    "consent dated after the seed": (
        "dice",
        reseeding(resign("answers/reds-1.txt", at="2026-03-02T19:00:00-04:00")),
        "answers/reds-1.txt is of 2026-03-02T19",
    ),
    "answer older than the one before it": (
        "dice",
        reseeding(resign("answers/blues-2.txt", at="2026-02-01T10:00:00-04:00")),
        "answers/blues-2.txt is of 2026-02-01",
    ),
    "objection added after the seed": ("dice", later_objection(signed=True), "the plan does not bind|answers/reds-2"),
    "objection without signature added after the seed": (
        "dice",
        later_objection(signed=False),
        "the plan does not bind|answers/reds-2",
    ),
    "answer added after the commitments closed": (
        "secret",
        later_objection(signed=True),
        "answers/reds-2|does not bind",
    ),
    "an objection forged over a consent": (
        "dice",
        write("answers/reds-1.txt", b"I object\n"),
        "answers/reds-1.txt is not a statement",
    ),
    # The seed.
    "digits changed": (
        "dice",
        edit("seed.json", finished.DIGITS, finished.OTHER_DIGITS),
        "seed/authority.attest.txt signs another record",
    ),
    "time changed": (
        "dice",
        edit("seed.json", "10:00:00-04:00", "09:00:00-04:00"),
        "seed/authority.attest.txt signs another record",
    ),
    "place changed": (
        "dice",
        edit("seed.json", "the square", "my office"),
        "seed/authority.attest.txt signs another record",
    ),
    "seed of the first form": (
        "dice",
        edit("seed.json", "audit-seed/2", "audit-seed/1"),
        "seed.json is of the first form",
    ),
    "seed by another way": ("dice", edit("seed.json", '"dice"', '"commit_and_reveal"'), "seed.json|attest"),
    "seed rolled again": ("dice", rewritten(reroll, enter=True), "seed/authority.attest.txt signs another record"),
    "seed rolled again, nobody signs": ("dice", rewritten(reroll_with(), enter=True), "signed by 0 of the 4"),
    "seed rolled again, three sign": (
        "dice",
        rewritten(reroll_with("authority", "mission", "reds"), enter=True),
        "signed by 3 of the 4",
    ),
    "seed rolled again, all sign, no receipt": (
        "dice",
        rewritten(reroll_with(*builders.NAMES), enter=True),
        "seed/receipt.tlog-proof is not there",
    ),
    "signature under the seed before the seed": (
        "dice",
        rewritten(resign("seed/reds.attest.txt", at="2026-03-02T09:00:00-04:00")),
        "seed/reds.attest.txt is of",
    ),
    "signature under the seed replaced by another one": (
        "dice",
        resign("seed/reds.attest.txt", at="2026-03-02T11:00:00-04:00"),
        "seed/reds.attest.txt was changed after",
    ),
    "a signature under the seed goes, all made anew": (
        "dice",
        rewritten(gone("seed/reds.attest")),
        "signed by 3 of the 4",
    ),
    "receipt taken away, all made anew": (
        "dice",
        rewritten(delete("seed/receipt.tlog-proof")),
        "seed/receipt.tlog-proof is not there",
    ),
    "receipt of another entry": ("dice", lambda audit, patch: other_receipt(audit), "seed/receipt.tlog-proof"),
    "receipt of another entry, all made anew": (
        "dice",
        rewritten(lambda audit, patch: other_receipt(audit)),
        "seed/receipt.tlog-proof",
    ),
    # Commit and reveal.
    "second commitment": ("secret", second_commitment, "seed/blues.commit.txt was changed after seed.json"),
    "second commitment, seed made anew": (
        "secret",
        reseeding(second_commitment, joint=True, enter=True),
        "seed/commitments.txt does not list .*seed/blues.commit.txt",
    ),
    "second commitment, list and seed made anew": (
        "secret",
        reseeding(second_commitment, relist, joint=True, enter=True),
        "seed/blues.reveal.txt names other commitments",
    ),
    "second commitment, list, reveal and seed made anew": (
        "secret",
        reseeding(second_commitment, relist, blues_reveal_over_new_list, joint=True, enter=True),
        "seed/reds.reveal.txt names other commitments",
    ),
    "commitments never closed": ("secret", delete("seed/commitments.txt"), "seed/commitments.txt is not there"),
    "commitments never closed, all made anew": (
        "secret",
        reseeding(delete("seed/commitments.txt")),
        "commitments were never closed|seed/commitments.txt",
    ),
    "list of commitments with a line more": (
        "secret",
        edit("seed/commitments.txt", "\nplan", "\n\nplan"),
        "seed/commitments.txt",
    ),
    "list of commitments without an answer": (
        "secret",
        reseeding(lambda audit, patch: drop_line(audit, "seed/commitments.txt", "answers/blues-1.txt")),
        "answers/blues-1.txt is not what it was",
    ),
    "secret changed": ("secret", resign("seed/reds.reveal.txt", secret="z" * 40), "seed/reds.reveal.txt"),
    "secret shown before commitments closed": (
        "secret",
        reseeding(resign("seed/reds.reveal.txt", at="2026-03-01T10:00:00-04:00")),
        "seed/reds.reveal.txt is of 2026-03-01",
    ),
    "commitment dated after the secrets": (
        "secret",
        reseeding(resign("seed/blues.commit.txt", at="2026-03-02T11:00:00-04:00"), relist),
        "seed/blues.reveal.txt names other commitments",
    ),
    "a secret taken away": ("secret", gone("seed/reds.reveal"), "seed/reds.reveal"),
    "seed that the secrets do not give": (
        "secret",
        reseeding(seed="0" * 64, enter=True),
        "seed.json: seed and time are not",
    ),
    "digits in place of secrets": (
        "secret",
        reseeding(seed=finished.DIGITS, method="dice", enter=True),
        "seed.json|seed/",
    ),
    "the plan that was given up loses who kept silent": (
        "secret",
        lambda audit, patch: shutil.rmtree(audit.folder / "superseded/2/seed"),
        "superseded/2/seed/blues.commit.txt is not there",
    ),
    "the plan that was given up loses a secret": (
        "secret",
        gone("superseded/2/seed/reds.reveal"),
        "superseded/2/seed/reds.reveal.txt is not there",
    ),
    "a secret added to the plan that was given up": (
        "secret",
        copy("seed/blues.reveal.txt", "superseded/2/seed/blues.reveal.txt"),
        "superseded/2/seed/blues.reveal.sig is missing",
    ),
    # Draws, entries, risk.
    "pull list changed": (
        "dice",
        edit(f"{LAST}/pull-list.csv", "region", "regioN"),
        "round-2/pull-list.csv is not what the seed gives",
    ),
    "a draw more, made anew": (
        "dice",
        edit(f"{LAST}/draw.json", '"last_draw": 200', '"last_draw": 201'),
        "round-2/draw.json",
    ),
    "draw of the first form": ("dice", edit(f"{LAST}/draw.json", "audit-draw/2", "audit-draw/1"), "round-2/draw.json"),
    "draw rests on one file less": (
        "dice",
        lambda audit, patch: drop_key(audit, f"{LAST}/draw.json", "results.csv"),
        "results.csv is not among the files that round-2/draw.json rests on",
    ),
    "draw rests on one file more": (
        "dice",
        lambda audit, patch: add_key(audit, f"{LAST}/draw.json", f"{FIRST}/draw.json"),
        "round-2/draw.json",
    ),
    "entries changed": ("dice", change_entries, "round-2/entry-a.csv is not the entry that was signed"),
    "entries changed, all made anew": (
        "dice",
        rewritten(change_entries),
        "round-2/entry-a.csv is not the entry that was signed",
    ),
    "entries changed, signatures taken away": (
        "dice",
        rewritten(change_entries, delete(*(f"{LAST}/entry-{one}.{end}" for one in "ab" for end in ("txt", "sig")))),
        "round-2/entry-a.csv must be signed by one of the readers",
    ),
    "entries changed, signed by others": (
        "dice",
        rewritten(change_entries, lambda audit, patch: sign_entries(audit, LAST, "authority", "blues")),
        "round-2/entry-a.csv must be signed by one of the readers",
    ),
    "entries changed, one reader signs both": (
        "dice",
        rewritten(change_entries, lambda audit, patch: sign_entries(audit, LAST, "reds", "reds")),
        "round-2/entry-a.txt and entry-b.txt are signed by one person",
    ),
    "entries before the seed": (
        "dice",
        rewritten(lambda audit, patch: sign_entries(audit, LAST, "mission", "reds", at="2026-03-01T10:00:00-04:00")),
        "round-2/entry-a.txt is of",
    ),
    "one entry in other words": (
        "dice",
        edit(f"{LAST}/entry-b.csv", ",found,", ',"found",'),
        "round-2/entry-b.csv is not the entry that was signed",
    ),
    "interpretations in other words": (
        "dice",
        edit(f"{LAST}/interpretations.csv", ",found,", ',"found",'),
        "round-2/interpretations.csv was changed after",
    ),
    "statement under an entry replaced by another one": (
        "dice",
        resign(f"{LAST}/entry-a.txt", at="2026-03-04T10:00:00-04:00"),
        "round-2/entry-a.txt was changed after",
    ),
    "risk of another limit": (
        "dice",
        edit(f"{LAST}/risk.json", '"risk_limit": 0.05', '"risk_limit": 0.06'),
        "round-2/risk.json is not what",
    ),
    "risk without what it rests on": (
        "dice",
        lambda audit, patch: drop_key(audit, f"{LAST}/risk.json", f"{LAST}/entry-a.txt"),
        "round-2/entry-a.txt is not among",
    ),
    "risk with a key more": (
        "dice",
        edit(f"{LAST}/risk.json", '"round": 2,', '"round": 2, "note": 1,'),
        "round-2/risk.json",
    ),
    "risk with a key twice": (
        "dice",
        edit(f"{LAST}/risk.json", '"round": 2,', '"round": 1, "round": 2,'),
        "round-2/risk.json",
    ),
    # What is no regular file.
    "answer is a link out": ("dice", link("answers/reds-1.txt", "/etc/hostname"), "answers/reds-1.txt is a link"),
    "answer is a link within": ("dice", link("answers/reds-1.txt", "mission-1.txt"), "answers/reds-1.txt is a link"),
    "plan is a link": (
        "dice",
        both(move("plan.json", "plan2.json"), link("plan.json", "plan2.json")),
        "plan.json is a link",
    ),
    "answers are a pipe": ("dice", pipe("answers/reds-1.txt"), "answers/reds-1.txt is a pipe"),
    "manifest is a pipe": ("dice", pipe("manifest.csv"), "manifest.csv is a pipe"),
    "a round is a link": ("dice", both(move(LAST, "aside"), link(LAST, "aside")), "round-2 is a link"),
    "answers are a link": ("dice", both(move("answers", "aside"), link("answers", "aside")), "answers is a link"),
    "a folder where a file belongs": (
        "dice",
        both(delete("seed.json"), lambda audit, patch: (audit.folder / "seed.json").mkdir()),
        "seed.json",
    ),
    "a pipe among the answers": ("dice", pipe("answers/greens-1.txt"), "answers/greens-1.txt is a pipe"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ATTACKS)
def test_what_the_keeper_of_the_folder_does_is_named(
    kept: dict[str, Audit], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    how, attack, said = ATTACKS[name]
    audit = copied(kept, how, tmp_path)
    attack(audit, monkeypatch)
    with pytest.raises(NotVerifiedError, match=said) as found:
        verify(audit.folder)
    assert "\n" not in str(found.value)


def test_there_are_enough_of_them() -> None:
    assert len(ATTACKS) >= 100


FILES = {
    "dice": (
        "plan.json", "manifest.csv", "results.csv", "seed.json",
        *(f"answers/{name}-1{end}" for name in builders.NAMES for end in (".txt", ".sig")),
        "answers/blues-2.txt", "answers/blues-2.sig",
        *(f"seed/{name}.attest{end}" for name in builders.NAMES for end in (".txt", ".sig")), "seed/receipt.tlog-proof",
        f"{OLD}/plan.json",
        *(f"{OLD}/answers/{name}-1{end}" for name in ("authority", "blues") for end in (".txt", ".sig")),
        *(f"round-{number}/{name}" for number in (1, 2) for name in (
            "draw.json", "sample.csv", "pull-list.csv", "entry-a.csv", "entry-b.csv", "entry-a.txt", "entry-a.sig",
            "entry-b.txt", "entry-b.sig", "interpretations.csv", "risk.json",
        )),
    ),
    "secret": (
        "seed/commitments.txt", "superseded/2/seed/commitments.txt",
        *(f"{of}seed/{name}.{what}" for of in ("", "superseded/2/") for name in ("reds", "blues")
          for what in ("commit.txt", "commit.sig")),
        *(f"seed/{name}.reveal.{end}" for name in ("reds", "blues") for end in ("txt", "sig")),
        "superseded/2/seed/reds.reveal.txt", "superseded/2/seed/reds.reveal.sig",
    ),
}  # fmt: skip
"""Every file of the one, and of the other those that the first has not."""


@pytest.mark.slow
def test_no_file_is_left_out(kept: dict[str, Audit]) -> None:
    there = {how: set(AuditFolder(audit.folder).names) for how, audit in kept.items()}
    assert there["dice"] == set(FILES["dice"])
    assert there["secret"] - there["dice"] - {name for name in there["secret"] if name.startswith("superseded/2")} == {
        name for name in FILES["secret"] if not name.startswith("superseded/2")
    }


@pytest.mark.parametrize(("how", "name"), [(how, name) for how, names in FILES.items() for name in names])
def test_a_file_that_is_deleted_or_changed_is_named(
    kept: dict[str, Audit], tmp_path: Path, how: str, name: str
) -> None:
    audit = copied(kept, how, tmp_path)
    path = audit.folder / name
    data = path.read_bytes()
    path.unlink()
    if name == f"{LAST}/risk.json":  # then the audit has simply not come that far, and says so
        assert [step.done for step in verify(audit.folder)][-1] is False
        return
    with pytest.raises(NotVerifiedError) as missing:
        verify(audit.folder)
    path.write_bytes(data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])
    with pytest.raises(NotVerifiedError) as changed:
        verify(audit.folder)
    stem = name.rpartition(".")[0] if name[-4:] in (".txt", ".sig") else name
    for found in (missing, changed):
        assert stem in str(found.value), str(found.value)


# --- what nobody can see in one folder --------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_second_seed_that_all_sign_is_seen_in_the_log(
    kept: dict[str, Audit], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody helps: the record of the new seed is signed, and goes into a log of the keeper's own, then the real."""
    audit = copied(kept, "dice", tmp_path)
    before = [*entries_of(audit)]
    reroll_with(*builders.NAMES)(audit, monkeypatch)
    entry = seed_entry(AuditFolder(audit.folder), plan_hash((audit.folder / "plan.json").read_bytes()))
    own = audit.folder.parent / "own"
    create_fork(own, audit, [*before[:60], entry])
    write("seed/receipt.tlog-proof", receipt_of(own, 60))(audit, monkeypatch)
    rewrite(audit, monkeypatch, enter=True)
    sign_all(audit)
    said = verify(audit.folder)
    assert "(check it with --record)" in said[4].says
    with pytest.raises(NotVerifiedError, match="holds another seed of this plan, at entry 60"):
        check_record(audit.folder, Folder(audit.log), None)
    append_entries(audit.log, [entry], [audit.log_key])
    with pytest.raises(NotVerifiedError, match="holds another seed of this plan, at entry 60"):
        check_record(audit.folder, Folder(audit.log), None)


@pytest.mark.parametrize(
    ("how", "attack", "open_step"),
    [
        ("dice", delete(f"{LAST}/risk.json"), "round 2 risk"),
        ("dice", lambda audit, patch: shutil.rmtree(audit.folder / LAST), ""),
        ("secret", rewritten(gone("seed/blues.attest")), ""),
    ],
)
def test_what_goes_unnoticed_is_an_earlier_state_or_no_loss(
    kept: dict[str, Audit], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str, attack: Attack, open_step: str
) -> None:
    """The audit as it stood before its last step; and one signature under the seed more than the quorum asks for."""
    audit = copied(kept, how, tmp_path)
    attack(audit, monkeypatch)
    steps = verify(audit.folder)
    assert [step.name for step in steps if not step.done] == ([open_step] if open_step else [])
