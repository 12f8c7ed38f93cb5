"""Who entered what was read from the sample: a statement over the hash of the entry's file, signed.

It is signed by a signatory of the plan, or by a reader whom the plan does not name, with name and key in the statement.
Two entries are signed with two keys. Where the plan names readers, two of them sign, and nothing is kept without.
"""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from veedor.audit.protocol.folder import AuditFolder, audit_folder, open_plan, rounds_in, time_of
from veedor.audit.protocol.lookalike import taken_for_each_other
from veedor.audit.protocol.plan import Plan
from veedor.audit.protocol.same_key import identity
from veedor.audit.protocol.signed_statement import Signed, Statement, check_signed, statement
from veedor.audit.texts import SAID
from veedor.errors import VeedorError

ENTRIES = ("entry-a", "entry-b")


@dataclass(frozen=True, kw_only=True)
class Signature:
    """A statement's text with its signature, as they are handed in."""

    text: bytes
    signature: str


def entry_statement(
    folder: Path | AuditFolder, entry: bytes, *, at: str, signatory: str = "", reader: str = "", key: str = ""
) -> Statement:
    """The text that whoever entered a file of the last round signs: a signatory, or a reader with a key."""
    opened = audit_folder(folder)
    plan, named = open_plan(opened)
    done = rounds_in(opened)
    if not done:
        raise VeedorError(SAID.say("entered.nothing_drawn"))
    who = {"signatory": plan.signatory(signatory).id} if signatory else {"reader": reader, "key": key}
    return statement(plan=named, kind="entered", at=at, round=str(done[-1]), entry=sha256(entry).hexdigest(), **who)


def check_entries(
    plan: Plan, named: str, number: int, made: str, entries: dict[str, bytes], signed: dict[str, Signature]
) -> dict[str, Signed]:
    """The statements under a round's entries, by their name without ending; VeedorError where one does not hold.

    made: when the seed was made. entries: the bytes of each file; signed: what is handed in, or lies there, of each.
    """
    found: dict[str, Signed] = {}
    for name, given in signed.items():
        file = f"round-{number}/{name}.txt"
        one = check_signed(plan, named, given.text, given.signature, file)
        if name not in entries:
            raise VeedorError(SAID.say("entered.file_missing", file=file, number=number, name=name))
        _check(one, number, made, entries[name])
        found[name] = one
        _check_reader(plan, one)
    if len(found) == len(ENTRIES) and _same_person(plan, *found.values()):
        raise VeedorError(SAID.say("entered.one_person", number=number))
    if plan.readers:
        for name in entries:
            if name not in found or found[name].statement.signatory not in plan.readers:
                readers = ", ".join(plan.readers)
                raise VeedorError(SAID.say("entered.not_by_a_reader", number=number, name=name, readers=readers))
    return found


def signatures_there(folder: AuditFolder, number: int) -> dict[str, Signature]:
    """The signatures in the folder under a round's entries; VeedorError where one half is missing."""
    found = {}
    for name in ENTRIES:
        text, signature = (f"round-{number}/{name}{end}" for end in (".txt", ".sig"))
        if folder.has(text) or folder.has(signature):
            found[name] = Signature(text=folder.read(text), signature=folder.text(signature))
    return found


def signature_files(folder: AuditFolder, number: int) -> list[str]:
    """Every file of the statements under a round's entries."""
    names = [f"round-{number}/{name}{end}" for name in ENTRIES for end in (".txt", ".sig")]
    return [name for name in names if folder.has(name)]


def signer_of(plan: Plan, one: Signed) -> str:
    """The signer, in words."""
    said = one.statement
    return plan.signatory(said.signatory).name if said.signatory else said.reader


def _check(one: Signed, number: int, made: str, entry: bytes) -> None:
    said = one.statement
    if said.kind != "entered":
        raise VeedorError(SAID.say("entered.no_entry", file=one.file))
    if said.round != str(number):
        raise VeedorError(SAID.say("entered.other_round", file=one.file, round=said.round, number=number))
    if said.entry != sha256(entry).hexdigest():
        csv = one.file.removesuffix(".txt") + ".csv"
        raise VeedorError(SAID.say("entered.changed", csv=csv, file=one.file))
    if time_of(said.at) < time_of(made):
        raise VeedorError(SAID.say("entered.before_seed", file=one.file, at=said.at, when=made))


def _check_reader(plan: Plan, one: Signed) -> None:
    """Nobody signs as a reader who is a signatory, or whose name can be taken for a signatory's."""
    said = one.statement
    if not said.reader:
        return
    for signatory in plan.signatories:
        if one.by == identity(signatory.key):
            raise VeedorError(
                SAID.say("entered.key_of_signatory", file=one.file, reader=repr(said.reader), signatory=signatory.id)
            )
        if taken_for_each_other([signatory.name, said.reader]) or taken_for_each_other([signatory.id, said.reader]):
            raise VeedorError(
                SAID.say(
                    "entered.lookalike",
                    file=one.file,
                    reader=repr(said.reader),
                    name=signatory.name,
                    signatory=signatory.id,
                )
            )


def _same_person(plan: Plan, first: Signed, second: Signed) -> bool:
    names = [signer_of(plan, one) for one in (first, second)]
    return first.by == second.by or taken_for_each_other(names) is not None
