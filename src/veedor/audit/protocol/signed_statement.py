"""What people sign in an audit: a few lines of text that a person can read and any program can sign.

Every statement names the plan by its hash, who signs it and when, and what it is about: consent, an objection, a
commitment to a secret, the secret itself, the record of the seed, or what was read from the sample. It is taken only if
its bytes are exactly as they are written here, so that nobody can sign one thing and have another one read.
"""

import re
from dataclasses import dataclass, fields
from hashlib import sha256
from typing import Literal

from veedor.audit.protocol.folder import time_of
from veedor.audit.protocol.plan import LONGEST, Plan
from veedor.audit.protocol.same_key import Identity, identity
from veedor.audit.protocol.signing import SignatureError, check_key, verify
from veedor.audit.texts import SAID
from veedor.draw.seed import SECRET
from veedor.errors import VeedorError
from veedor.rim.terminal import plain_name

Kind = Literal["consents", "objects", "commits", "reveals", "attests", "entered"]
HEADING, OLD_HEADING = "veedor audit statement 2", "veedor audit statement 1"
LAST_LINES: dict[str, str] = {
    "consents": "I have read this plan and consent to it. / He leído este plan y doy mi consentimiento.",
    "objects": "I object to this plan. / Objeto este plan.",
    "commits": "My part of the seed is fixed by this commitment."
    " / Mi parte de la semilla queda fijada por este compromiso.",
    "reveals": "This is my secret, and these are the commitments as they were closed."
    " / Este es mi secreto, y estos son los compromisos tal como se cerraron.",
    "attests": "I was there or took part: this record says how the seed was made."
    " / Estuve presente o participé: esta constancia dice cómo se hizo la semilla.",
    "entered": "I read the sample from the paper, and this is what I entered."
    " / Leí la muestra en el papel, y esto es lo que anoté.",
}
HASH = r"[0-9a-f]{64}"
LINES: tuple[tuple[str, str, str], ...] = (
    ("plan sha256", "plan", HASH),
    ("signatory", "signatory", r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}"),
    ("reader", "reader", r".{1,200}"),
    ("key", "key", r"[\x20-\x7e]{20,4000}"),
    ("answer", "kind", "|".join(LAST_LINES)),
    ("at", "at", r"[0-9T:+.Z-]{10,40}"),
    ("after sha256", "after", HASH),
    ("reason", "reason", r"[^\r\n]+"),
    ("commitment", "commitment", HASH),
    ("commitments sha256", "commitments", HASH),
    ("secret", "secret", SECRET),
    ("seed sha256", "seed", HASH),
    ("round", "round", r"[1-9][0-9]{0,3}"),
    ("entry sha256", "entry", HASH),
)
"""Each line as it begins, the name of what it says, and how that is spelled; in this order."""
SAYS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "consents": ((), ("after",)),
    "objects": (("reason",), ("after",)),
    "commits": (("commitment",), ()),
    "reveals": (("commitments", "secret"), ()),
    "attests": (("seed",), ()),
    "entered": (("round", "entry"), ()),
}
"""What a statement of each kind must say besides, and what it may."""
OLD_KINDS = ("consents", "objects", "commits")
"""Those of the first form, where no answer names the one before it."""


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement. signatory: an id of the plan; or reader and key: of somebody who read sheets and is not in it.

    after: hash of the signatory's answer before this one. commitments: hash of the list of commitments; seed: of the
    record of the seed; entry: of the file entered.
    """

    plan: str
    signatory: str = ""
    reader: str = ""
    key: str = ""
    kind: Kind
    at: str
    after: str = ""
    reason: str = ""
    commitment: str = ""
    commitments: str = ""
    secret: str = ""
    seed: str = ""
    round: str = ""
    entry: str = ""
    old_form: bool = False

    def __str__(self) -> str:
        said = (f"{label} {value}" for label, name, _ in LINES if (value := getattr(self, name)))
        return "\n".join([OLD_HEADING if self.old_form else HEADING, *said, LAST_LINES[self.kind], ""])

    def __bytes__(self) -> bytes:
        return str(self).encode()

    @property
    def sha256(self) -> str:
        """Hash of the statement's text."""
        return sha256(bytes(self)).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A statement as it is kept in the folder. signed: whether with a signature, which was verified.

    by: the key that signed it, where there is one.
    """

    statement: Statement
    file: str
    signed: bool
    by: Identity = ()


def statement(**says: str) -> Statement:
    """A statement, refused where something in it cannot stand there, as a reason on two lines."""
    made = Statement(**says)  # type: ignore[arg-type]
    if made.kind == "objects" and not made.reason.strip():
        raise VeedorError(SAID.say("statement.no_reason"))
    if made.reason and (not plain_name(made.reason) or len(made.reason) > 10 * LONGEST):
        raise VeedorError(SAID.say("statement.reason_of_one_line"))
    if made.reader and not plain_name(made.reader):
        raise VeedorError(SAID.say("statement.name_of_one_line"))
    if parse_statement(bytes(made), SAID.say("who.statement")) != made:
        raise VeedorError(SAID.say("statement.not_as_meant"))
    return made


def parse_statement(data: bytes, file: str) -> Statement:
    """The statement that these bytes are, which must be exactly as we write it."""
    strange = VeedorError(SAID.say("statement.none", file=file))
    try:
        lines = data.decode().split("\n")
    except UnicodeDecodeError:
        raise VeedorError(SAID.say("statement.not_utf8", file=file)) from None
    said: dict[str, str] = {}
    for line in lines[1:-2]:
        found = next((one for one in LINES if line.startswith(one[0] + " ")), None)
        if found is None or not re.fullmatch(found[2], line[len(found[0]) + 1 :], re.ASCII):
            raise strange
        said[found[1]] = line[len(found[0]) + 1 :]
    if not {"plan", "kind", "at"} <= set(said):
        raise strange
    parsed = Statement(**said, old_form=lines[0] == OLD_HEADING)  # type: ignore[arg-type]
    if bytes(parsed) != data or not _says_what_it_must(parsed):
        raise strange
    try:
        time_of(parsed.at)
    except VeedorError as error:
        raise VeedorError(SAID.say("folder.in_file", file=file, why=error.said)) from None
    return parsed


def _says_what_it_must(one: Statement) -> bool:
    needed, allowed = SAYS[one.kind]
    about = {field.name for field in fields(one) if field.name in {name for _, name, _ in LINES[6:]}}
    said = {name for name in about if getattr(one, name)}
    by_reader = bool(one.reader and one.key) and not one.signatory and one.kind == "entered"
    by_signatory = bool(one.signatory) and not one.reader and not one.key
    old = not one.old_form or (one.kind in OLD_KINDS and not one.after)
    return set(needed) <= said <= {*needed, *allowed} and (by_reader or by_signatory) and old


def check_signed(plan: Plan, plan_hash: str, data: bytes, signature: str | None, file: str) -> Signed:
    """A statement about this very plan, its signature verified with the key of whoever it names; VeedorError if not."""
    one = parse_statement(data, file)
    if one.plan != plan_hash:
        raise VeedorError(SAID.say("seed.other_plan", file=file, plan=one.plan[:12], own=plan_hash[:12]))
    if one.old_form and not plan.old_form:
        raise VeedorError(SAID.say("statement.old_form", file=file))
    key = plan.signatory(one.signatory).key if one.signatory else one.key
    if signature is None:
        return Signed(statement=one, file=file, signed=False)
    try:
        if one.key:
            check_key(key)
        verify(key, data.decode(), signature)
    except SignatureError as error:
        raise VeedorError(SAID.say("folder.in_file", file=file, why=error.said)) from None
    return Signed(statement=one, file=file, signed=True, by=identity(key))
