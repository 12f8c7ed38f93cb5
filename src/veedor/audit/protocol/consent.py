"""Consent: what each party and observer answers to a plan, signed; and whether the plan binds.

The last answer of each signatory counts; all are kept, numbered without gaps, and each names the one before it by its
hash. An objection counts without a signature too, for it can only hold an audit back, never start one. From when the
commitments are closed, or else the seed exists, no answer is taken any more: what was agreed then is agreed.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from veedor.audit.protocol import folder as files
from veedor.audit.protocol.folder import AuditFolder, audit_folder, open_plan, time_of
from veedor.audit.protocol.plan import Plan
from veedor.audit.protocol.signed_statement import Signed, Statement, check_signed, parse_statement, statement
from veedor.audit.texts import SAID
from veedor.errors import VeedorError
from veedor.saying import joined

ANSWERS = ("consents", "objects")


def answer_statement(folder: Path | AuditFolder, signatory: str, *, at: str, objects: str | None = None) -> Statement:
    """The answer for a signatory to sign, which names that signatory's answer before it. objects: the reason."""
    opened = audit_folder(folder)
    plan, named = open_plan(opened)
    kind = {"kind": "consents"} if objects is None else {"kind": "objects", "reason": objects}
    before = [one for one in all_answers(opened, plan, named) if one.statement.signatory == signatory]
    after = {"after": before[-1].statement.sha256} if before else {}
    return statement(plan=named, signatory=plan.signatory(signatory).id, at=at, **kind, **after)


def record(folder: Path, text: bytes, signature: str | None) -> Signed:
    """Keep an answer in the folder, after checking that it is to this plan and signed by its signatory.

    Refused once the commitments are closed or the seed exists.
    """
    opened = AuditFolder(folder)
    plan, plan_hash = open_plan(opened)
    if opened.has(files.SEED):
        raise VeedorError(SAID.say("answers.seed_exists"))
    if opened.has(files.COMMITMENTS):
        raise VeedorError(SAID.say("answers.closed"))
    name, kind = (one := parse_statement(text, SAID.say("who.statement"))).signatory, one.kind
    if kind not in ANSWERS:
        raise VeedorError(SAID.say("answers.kept_with", command=TAKEN_BY[kind]))
    before = [one for one in all_answers(opened, plan, plan_hash) if one.statement.signatory == name]
    file = f"answers/{name}-{len(before) + 1}.txt"
    answer = _check_answer(plan, plan_hash, text, signature, file, before[-1] if before else None)
    keep(opened, answer, text, signature)
    return answer


TAKEN_BY = {"commits": "commit", "reveals": "reveal", "attests": "attest", "entered": "enter"}
"""The command that keeps a statement of each other kind."""


def keep(folder: AuditFolder, signed: Signed, text: bytes, signature: str | None) -> None:
    """Write a statement and its signature, the signature first: what lies there without one was never signed."""
    if signature is not None:
        folder.write_new(signed.file.removesuffix(".txt") + ".sig", signature.encode())
    folder.write_new(signed.file, text)


def _check_answer(
    plan: Plan, plan_hash: str, text: bytes, signature: str | None, file: str, before: Signed | None
) -> Signed:
    """One answer, the next of its signatory after `before`."""
    answer = check_signed(plan, plan_hash, text, signature, file)
    one = answer.statement
    if one.kind not in ANSWERS:
        raise VeedorError(SAID.say("answers.no_answer", file=file))
    if signature is None and one.kind != "objects":
        raise VeedorError(SAID.say("answers.unsigned", file=file, name=plan.signatory(one.signatory).name))
    if not one.old_form and one.after != (before.statement.sha256 if before else ""):
        what = SAID.say("answers.the_one_before", file=before.file) if before else SAID.say("answers.none_before")
        raise VeedorError(SAID.say("answers.not_the_next", file=file, signatory=one.signatory, before=what))
    if before is not None and not one.old_form and time_of(one.at) < time_of(before.statement.at):
        raise VeedorError(SAID.say("answers.too_early", file=file, at=one.at, before=before.statement.at))
    return answer


def answers(folder: AuditFolder, plan: Plan, plan_hash: str) -> dict[str, Signed]:
    """The last answer of each signatory who gave one, every one verified again."""
    return {answer.statement.signatory: answer for answer in all_answers(folder, plan, plan_hash)}


def all_answers(folder: AuditFolder, plan: Plan, plan_hash: str) -> list[Signed]:
    """Every answer to this plan, each signatory's in order; VeedorError where a number is left out."""
    return folder.once(f"answers to {plan_hash}", lambda: _all_answers(folder, plan, plan_hash))


def _all_answers(folder: AuditFolder, plan: Plan, plan_hash: str) -> list[Signed]:
    there = {name for name in folder.names if name.startswith("answers/")}
    numbers = _numbers(folder, there)
    found = []
    for signatory in plan.signatories:
        before: Signed | None = None
        for number in sorted(numbers.get(signatory.id, ())):
            name = f"answers/{signatory.id}-{number}.txt"
            signature = name.removesuffix(".txt") + ".sig"
            text = folder.text(signature) if folder.has(signature) else None
            before = _check_answer(plan, plan_hash, folder.read(name), text, name, before)
            if before.statement.signatory != signatory.id:
                raise VeedorError(
                    SAID.say("answers.of_another", file=str(folder / name), signatory=before.statement.signatory)
                )
            there -= {name, signature}
            found.append(before)
    if there:
        raise VeedorError(SAID.say("answers.of_nobody", file=str(folder / min(there))))
    return found


def _numbers(folder: AuditFolder, there: set[str]) -> dict[str, set[int]]:
    """Numbers of each signatory's answers; VeedorError unless they go from 1 without gaps, each with its text."""
    numbers: dict[str, set[int]] = {}
    for name in there:
        match = re.fullmatch(r"answers/(.+)-([1-9][0-9]{0,3})\.(?:txt|sig)", name)
        if match:
            numbers.setdefault(match[1], set()).add(int(match[2]))
    for signatory, found in sorted(numbers.items()):
        for number in range(1, max(found) + 1):
            if f"answers/{signatory}-{number}.txt" not in there:
                path = folder / f"answers/{signatory}-{number}.txt"
                raise VeedorError(SAID.say("answers.gap", path=str(path)))
    return numbers


def answer_files(folder: AuditFolder) -> list[str]:
    """Every file of the answers to the plan."""
    return sorted(name for name in folder.names if name.startswith("answers/"))


def lacks(plan: Plan, given: Mapping[str, Signed]) -> list[str]:
    """Why the plan does not bind yet: one sentence for each consent that it lacks; empty if it binds."""
    reasons: list[str] = []
    for signatory in plan.signatories:
        answer = given.get(signatory.id)
        if answer is None and signatory.required:
            reasons.append(SAID.say("lacks.no_answer", name=signatory.name, signatory=signatory.id))
        elif answer is not None and answer.statement.kind == "objects" and signatory.required:
            said = answer.statement.reason
            reasons.append(SAID.say("lacks.objects", name=signatory.name, signatory=signatory.id, reason=said))
    consenting = sum(answer.statement.kind == "consents" for answer in given.values())
    if consenting < plan.quorum:
        reasons.append(SAID.say("lacks.consents", given=consenting, quorum=plan.quorum))
    return reasons


def require_binding(folder: AuditFolder, plan: Plan, plan_hash: str) -> dict[str, Signed]:
    """The answers, if the plan binds; else VeedorError that says whose consent it lacks."""
    given = answers(folder, plan, plan_hash)
    reasons = lacks(plan, given)
    if reasons:
        lines = (joined("  ", ("", reason)) for reason in reasons)
        raise VeedorError(joined("\n", (SAID.say("lacks.does_not_bind"), *lines)))
    return given
