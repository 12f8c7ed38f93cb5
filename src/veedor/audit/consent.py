"""Consent: what each party and observer answers to a plan, signed; and whether the plan binds.

An answer is a short text that names the plan by its hash. The last answer of each signatory counts; all are kept.
An objection counts without a signature too, for it can only hold an audit back, never start one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from veedor.audit import folder as files
from veedor.audit.plan import Plan, Signatory
from veedor.audit.signing import SignatureError, verify
from veedor.errors import VeedorError

Kind = Literal["consents", "objects", "commits"]
HEADING = "veedor audit statement 1"
CONSENT = "I have read this plan and consent to it. / He leído este plan y doy mi consentimiento."
OBJECTION = "I object to this plan. / Objeto este plan."
COMMITMENT = (
    "My part of the seed is fixed by this commitment. / Mi parte de la semilla queda fijada por este compromiso."
)
CLOSING = {"consents": CONSENT, "objects": OBJECTION, "commits": COMMITMENT}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer as read from its file. signed: whether it carries a signature (which was verified)."""

    signatory: str
    kind: Kind
    at: str
    detail: str
    signed: bool
    file: str


def statement(plan_hash: str, signatory: Signatory, kind: Kind, at: str, detail: str = "") -> str:
    """The text that is signed. at: ISO 8601 with offset; detail: the reason of an objection, or a commitment."""
    if "\n" in detail or "\r" in detail:
        raise VeedorError("a reason is one line of text")
    lines = [HEADING, f"plan sha256 {plan_hash}", f"signatory {signatory.id}", f"answer {kind}", f"at {at}"]
    if kind == "objects":
        if not detail.strip():
            raise VeedorError("an objection needs its reason")
        lines.append(f"reason {detail}")
    if kind == "commits":
        lines.append(f"commitment {detail}")
    return "\n".join([*lines, CLOSING[kind], ""])


PATTERN = re.compile(
    r"veedor audit statement 1\nplan sha256 ([0-9a-f]{64})\nsignatory ([A-Za-z0-9][\w.-]*)\n"
    r"answer (consents|objects|commits)\nat ([0-9T:+.Z-]{10,40})\n(?:(?:reason|commitment) ([^\n]+)\n)?([^\n]+)\n",
    re.ASCII,
)


def parse_statement(data: bytes, file: str) -> tuple[str, str, Kind, str, str]:
    """Plan hash, signatory, answer, time and detail of a statement's bytes, which must be exactly as we write them."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise VeedorError(f"{file} is not UTF-8") from None
    match = re.fullmatch(PATTERN.pattern, text)
    if not match or CLOSING[match[3]] != match[6]:
        raise VeedorError(f"{file} is not a statement as `veedor audit statement` writes it")
    plan_hash, signatory, kind, at, detail, _ = match.groups()
    return plan_hash, signatory, kind, at, detail or ""  # type: ignore[return-value]


def record(folder: Path, text: bytes, signature: str | None) -> Answer:
    """Keep an answer in the folder, after checking that it is to this plan and signed by its signatory.

    Refused once the seed exists: what was agreed then is agreed.
    """
    plan, plan_hash = files.open_plan(folder)
    if (folder / files.SEED).exists():
        raise VeedorError("the seed exists already: nobody can consent or object any more")
    _, name, kind, _, _ = parse_statement(text, "the statement")
    if kind == "commits":
        raise VeedorError("a commitment is given with `veedor audit commit`")
    own = re.compile(rf"{re.escape(name)}-[0-9]+\.txt")  # not those of another whose name only begins so
    number = 1 + sum(own.fullmatch(path.name) is not None for path in (folder / "answers").glob("*.txt"))
    answer = check(plan, plan_hash, text, signature, f"answers/{name}-{number}.txt")
    if signature is not None:
        files.write_new(folder, f"answers/{name}-{number}.sig", signature.encode())
    files.write_new(folder, answer.file, text)
    return answer


def check(plan: Plan, plan_hash: str, text: bytes, signature: str | None, file: str) -> Answer:
    """An answer to this very plan by one of its signatories, its signature verified; VeedorError otherwise."""
    about, name, kind, at, detail = parse_statement(text, file)
    if about != plan_hash:
        raise VeedorError(f"{file} is about another plan ({about[:12]}...), not about this one ({plan_hash[:12]}...)")
    signatory = plan.signatory(name)
    if signature is None and kind != "objects":
        raise VeedorError(f"{file}: consent counts only with the signature of {signatory.name}")
    if signature is not None:
        try:
            verify(signatory.key, text.decode(), signature)
        except SignatureError as error:
            raise VeedorError(f"{file}: {error}") from None
    return Answer(signatory=name, kind=kind, at=at, detail=detail, signed=signature is not None, file=file)


def answers(folder: Path, plan: Plan, plan_hash: str) -> dict[str, Answer]:
    """The last answer of each signatory who gave one, every one verified again."""
    last: dict[str, Answer] = {}
    for answer in all_answers(folder, plan, plan_hash):
        last[answer.signatory] = answer
    return last


def all_answers(folder: Path, plan: Plan, plan_hash: str) -> list[Answer]:
    """Every answer to this plan, each signatory's in order."""
    found = []
    for signatory in plan.signatories:
        for number in range(1, 1000):
            name = f"answers/{signatory.id}-{number}.txt"
            if not (folder / name).exists():
                break
            signature = name.removesuffix(".txt") + ".sig"
            text = files.read(folder, signature).decode("utf-8", "replace") if (folder / signature).exists() else None
            found.append(check(plan, plan_hash, files.read(folder, name), text, name))
            if found[-1].signatory != signatory.id:
                raise VeedorError(f"{folder / name} is the answer of {found[-1].signatory}")
    return found


def lacks(plan: Plan, given: Mapping[str, Answer]) -> list[str]:
    """Why the plan does not bind yet: one sentence for each consent that it lacks; empty if it binds."""
    reasons = []
    for signatory in plan.signatories:
        answer = given.get(signatory.id)
        if answer is None and signatory.required:
            reasons.append(f"{signatory.name} ({signatory.id}) has not been asked or has not answered")
        elif answer is not None and answer.kind == "objects" and signatory.required:
            reasons.append(f"{signatory.name} ({signatory.id}) objects: {answer.detail}")
    consenting = sum(answer.kind == "consents" for answer in given.values())
    if consenting < plan.quorum:
        reasons.append(f"{consenting} of {plan.quorum} consents that the plan asks for have been given")
    return reasons


def require_binding(folder: Path, plan: Plan, plan_hash: str) -> dict[str, Answer]:
    """The answers, if the plan binds; else VeedorError that says whose consent it lacks."""
    given = answers(folder, plan, plan_hash)
    reasons = lacks(plan, given)
    if reasons:
        raise VeedorError("the plan does not bind yet:\n" + "\n".join(f"  {reason}" for reason in reasons))
    return given
