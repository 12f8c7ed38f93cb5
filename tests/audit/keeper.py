"""What the keeper of an audit's folder can do to it: with files, with a program of their own, with others' keys."""

import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.audit import builders, finished
from tests.audit.finished import Audit
from veedor.audit.protocol import attestation
from veedor.audit.protocol.consent import answer_statement
from veedor.audit.protocol.file_models import read_seed
from veedor.audit.protocol.folder import AuditFolder, document_bytes, listing
from veedor.audit.protocol.plan import plan_hash
from veedor.audit.protocol.seed import rolled
from veedor.audit.protocol.signed_statement import parse_statement
from veedor.audit.rounds import draw, rounds
from veedor.draw.seed import commitment, joint_seed
from veedor.record.log import append_entries, create_log
from veedor.record.reader import read_entries
from veedor.record.receipts import make_receipt
from veedor.record.source import Folder

Attack = Callable[[Audit, pytest.MonkeyPatch], object]


def edit(name: str, before: str, after: str) -> Attack:
    def change(audit: Audit, patch: pytest.MonkeyPatch) -> None:
        path = audit.folder / name
        text = path.read_text(encoding="utf-8")
        assert before in text, name
        path.write_text(text.replace(before, after, 1), encoding="utf-8")

    return change


def move(name: str, to: str) -> Attack:
    return lambda audit, patch: os.rename(audit.folder / name, audit.folder / to)


def copy(name: str, to: str) -> Attack:
    return lambda audit, patch: (audit.folder / to).write_bytes((audit.folder / name).read_bytes())


def delete(*names: str) -> Attack:
    def change(audit: Audit, patch: pytest.MonkeyPatch) -> None:
        for name in names:
            (audit.folder / name).unlink()

    return change


def swap(one: str, two: str) -> Attack:
    def change(audit: Audit, patch: pytest.MonkeyPatch) -> None:
        kept = (audit.folder / one).read_bytes()
        (audit.folder / one).write_bytes((audit.folder / two).read_bytes())
        (audit.folder / two).write_bytes(kept)

    return change


def signed(change: Callable[[str, str], Attack], one: str, two: str) -> Attack:
    """The change to a statement and to its signature."""
    return both(*(change(f"{one}{end}", f"{two}{end}") for end in (".txt", ".sig")))


def gone(name: str) -> Attack:
    """A statement and its signature taken away."""
    return delete(*(f"{name}{end}" for end in (".txt", ".sig")))


def both(*attacks: Attack) -> Attack:
    return lambda audit, patch: [attack(audit, patch) for attack in attacks]


def rewrite(audit: Audit, patch: pytest.MonkeyPatch, *, enter: bool = False) -> None:
    """Make every draw and every risk anew from what lies in the folder; enter: what is read too, signed by nobody."""
    patch.setattr(draw, "_require_attested", lambda *of: None)
    patch.setattr(draw, "open_seed", lambda folder, *of: read_seed(folder))
    patch.setattr(draw, "check_rests_on", lambda *of: None)
    patch.setattr(rounds, "check_entries", lambda *of: {})
    patch.setattr(AuditFolder, "hashes", lambda self, names: {one: self.hash_of(one) for one in names if self.has(one)})
    numbers = sorted(int(path.name[6:]) for path in audit.folder.glob("round-*"))
    for number in numbers:
        aside = audit.folder.parent / f"aside-{number}"
        os.rename(audit.folder / f"round-{number}", aside)
    for number in numbers:
        aside = audit.folder.parent / f"aside-{number}"
        draw.draw_round(audit.folder)
        for path in aside.glob("[ei]*"):
            os.rename(path, audit.folder / f"round-{number}" / path.name)
        if enter:
            shutil.rmtree(aside)
            data = builders.entries(audit.folder, number, finished.SHEETS)
            for name in ("entry-a", "entry-b", "interpretations"):
                (audit.folder / f"round-{number}/{name}.csv").write_bytes(data)
            for path in (audit.folder / f"round-{number}").glob("entry-?.[ts]*"):
                path.unlink()
        if rounds.assess(audit.folder).next.step != "next_round":
            break
    patch.undo()


def rewritten(*attacks: Attack, enter: bool = False) -> Attack:
    def change(audit: Audit, patch: pytest.MonkeyPatch) -> None:
        both(*attacks)(audit, patch)
        rewrite(audit, patch, enter=enter)

    return change


def reseed(audit: Audit, patch: pytest.MonkeyPatch, **changes: object) -> None:
    """Write seed.json anew over all that lies there, with these changes."""
    folder = AuditFolder(audit.folder)
    if changes.pop("joint", False):
        secrets = {
            name: parse_statement(folder.read(f"seed/{name}.reveal.txt"), name).secret for name in ("reds", "blues")
        }
        changes["seed"] = joint_seed(secrets)
    said = {**json.loads(folder.read("seed.json")), **changes}
    names = [name for name in said["rests_on"] if folder.has(name)]
    names += [name for name in sorted(folder.names) if name.startswith("answers/") and name not in names]
    (audit.folder / "seed.json").write_bytes(document_bytes({**said, "rests_on": folder.hashes(names)}))


def reseeding(*attacks: Attack, enter: bool = False, **changes: object) -> Attack:
    return rewritten(*attacks, lambda audit, patch: reseed(audit, patch, **changes), enter=enter)


def resign(name: str, **changes: str) -> Attack:
    """Its signatory signs another statement in the place of this one."""

    def change(audit: Audit, patch: pytest.MonkeyPatch) -> None:
        path = audit.folder / name
        said = replace(parse_statement(path.read_bytes(), name), **changes)  # type: ignore[arg-type]
        path.write_text(str(said), encoding="utf-8")
        path.with_suffix(".sig").write_text(builders.sign(str(said), audit.keys[said.signatory]), encoding="utf-8")

    return change


def change_entries(audit: Audit, patch: pytest.MonkeyPatch) -> None:
    """Both entries and the interpretations of the last round, alike."""
    last = max(audit.folder.glob("round-*"))
    for name in ("entry-a", "entry-b", "interpretations"):
        path = last / f"{name}.csv"
        path.write_text(path.read_text().replace(",found,", ",missing,", 1))


def reroll(audit: Audit, patch: pytest.MonkeyPatch) -> None:
    """Throw the seed and all after it away, and roll other digits; nobody signs them."""
    (audit.folder / "seed.json").unlink()
    rolled(audit.folder, finished.OTHER_DIGITS, who="a child", where="the square", when=finished.REVEALED)


def reroll_with(*names: str) -> Attack:
    """The same, and these signatories help: they sign the new record; what others signed is taken away."""

    def change(audit: Audit, patch: pytest.MonkeyPatch) -> None:
        for path in (audit.folder / "seed").iterdir():
            path.unlink()
        reroll(audit, patch)
        patch.setattr(attestation, "rounds_in", lambda folder: [])
        if names:
            builders.attest(audit.folder, audit.keys, *names)

    return change


def later_objection(signed: bool) -> Attack:
    def change(audit: Audit, patch: pytest.MonkeyPatch) -> None:
        said = answer_statement(
            audit.folder, "reds", at="2026-03-01T19:00:00-04:00", objects="we do not like the sample"
        )
        (audit.folder / "answers/reds-2.txt").write_text(str(said), encoding="utf-8")
        if signed:
            (audit.folder / "answers/reds-2.sig").write_text(builders.sign(str(said), audit.keys["reds"]))

    return change


def second_commitment(audit: Audit, patch: pytest.MonkeyPatch) -> None:
    """The blues have seen the other secret: they take one more to their liking, and its commitment is dated back."""
    named = plan_hash((audit.folder / "plan.json").read_bytes())
    new = "blues-other-secret-" + "x" * 30
    resign("seed/blues.commit.txt", commitment=commitment(named, "blues", new))(audit, patch)
    resign("seed/blues.reveal.txt", secret=new)(audit, patch)


def relist(audit: Audit, patch: pytest.MonkeyPatch) -> None:
    """Write the list of commitments anew."""
    folder = AuditFolder(audit.folder)
    names = [name for name in folder.names if re.fullmatch(r"answers/.*\.txt|seed/.*\.commit\.txt", name)]
    plan = folder.hash_of("plan.json")
    text = f"veedor audit commitments 1\nplan sha256 {plan}\n{listing(folder, names)}"
    (audit.folder / "seed/commitments.txt").write_text(text)


def blues_reveal_over_new_list(audit: Audit, patch: pytest.MonkeyPatch) -> None:
    folder = AuditFolder(audit.folder)
    resign("seed/blues.reveal.txt", commitments=folder.hash_of("seed/commitments.txt"))(audit, patch)


def drop_first_objection(audit: Audit, patch: pytest.MonkeyPatch) -> None:
    """The objection of the blues goes, and their consent takes its number."""
    for end in (".txt", ".sig"):
        os.rename(audit.folder / f"answers/blues-2{end}", audit.folder / f"answers/blues-1{end}")


def write(name: str, data: bytes) -> Attack:
    def change(audit: Audit, patch: pytest.MonkeyPatch) -> None:
        (audit.folder / name).parent.mkdir(exist_ok=True, parents=True)
        (audit.folder / name).write_bytes(data)

    return change


def link(name: str, to: str) -> Attack:
    def change(audit: Audit, patch: pytest.MonkeyPatch) -> None:
        (audit.folder / name).unlink(missing_ok=True)
        (audit.folder / name).symlink_to(to)

    return change


def pipe(name: str) -> Attack:
    def change(audit: Audit, patch: pytest.MonkeyPatch) -> None:
        (audit.folder / name).unlink(missing_ok=True)
        os.mkfifo(audit.folder / name)

    return change


def other_receipt(audit: Audit) -> None:
    (audit.folder / "seed/receipt.tlog-proof").write_bytes(bytes(make_receipt(Folder(audit.log), 3)))


def drop_line(audit: Audit, name: str, holding: str) -> None:
    lines = (audit.folder / name).read_text().splitlines(keepends=True)
    (audit.folder / name).write_text("".join(line for line in lines if holding not in line))


def drop_key(audit: Audit, name: str, key: str) -> None:
    document = json.loads((audit.folder / name).read_bytes())
    del document["rests_on"][key]
    (audit.folder / name).write_bytes(document_bytes(document))


def add_key(audit: Audit, name: str, key: str) -> None:
    document = json.loads((audit.folder / name).read_bytes())
    document["rests_on"][key] = AuditFolder(audit.folder).hash_of(key)
    (audit.folder / name).write_bytes(document_bytes(document))


def sign_entries(audit: Audit, number: str, *names: str, at: str = "2026-03-03T12:00:00-04:00") -> None:
    for entry, name in zip(("entry-a", "entry-b"), names, strict=True):
        path = audit.folder / number / entry
        signed = builders.entered(audit.folder, path.with_suffix(".csv").read_bytes(), name, audit.keys[name], at)
        path.with_suffix(".txt").write_bytes(signed.text)
        path.with_suffix(".sig").write_text(signed.signature)


def entries_of(audit: Audit) -> list[bytes]:
    return list(read_entries(Folder(audit.log), 61))


def create_fork(folder: Path, audit: Audit, entries: list[bytes]) -> None:
    create_log(folder, "example.org/town", [audit.log_key])
    append_entries(folder, entries, [audit.log_key])


def receipt_of(log: Path, index: int) -> bytes:
    return bytes(make_receipt(Folder(log), index))


def sign_all(audit: Audit) -> None:
    """The readers sign the first round; what was read in a later one is thrown away."""
    shutil.rmtree(audit.folder / "round-2", ignore_errors=True)
    sign_entries(audit, "round-1", "mission", "reds")
    (audit.folder / "round-1/risk.json").unlink()
    rounds.assess(audit.folder)
