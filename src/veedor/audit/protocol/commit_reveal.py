"""Commit and reveal: a seed of the parties' secrets, which none of them can choose once it knows another's.

Each party signs a commitment, SHA256("veedor/commit/1" 00 plan hash 00 its id 00 its secret). With the last one the
commitments are closed: `seed/commitments.txt` lists every answer and every commitment by its hash. Then each party
signs its secret together with the hash of that list. So nobody's commitment can be put in another's place after any
secret was shown: all reveals would have to be signed anew. The seed is the hexadecimal SHA256 of "veedor/seed/1" 00 and
the secrets in the order of the ids, each followed by a zero byte.

What it cannot prevent: whoever shows its secret last knows the seed before the others, and may refuse. Then there is no
seed, the parties that showed their secrets are on record, and a new plan begins anew.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from veedor.audit.protocol import folder as files
from veedor.audit.protocol.consent import all_answers, answer_files, keep, require_binding
from veedor.audit.protocol.folder import AuditFolder, audit_folder, listing, open_plan, time_of
from veedor.audit.protocol.plan import Plan, RevealSeed
from veedor.audit.protocol.signed_statement import Signed, Statement, check_signed, statement
from veedor.audit.texts import SAID, everybody
from veedor.draw.seed import check_secret, commitment, joint_seed
from veedor.errors import VeedorError
from veedor.saying import joined

COMMITMENTS_HEADING = "veedor audit commitments 1"


@dataclass(frozen=True, kw_only=True)
class Closed:
    """Commitments that are closed: hash of their list, each party's commitment, and the latest of all that it lists."""

    listed: str
    committed: Mapping[str, Signed]
    last: Signed


def commitment_statement(folder: Path | AuditFolder, signatory: str, secret: str, at: str) -> Statement:
    """The text that a party signs to commit to its secret."""
    plan, plan_hash = open_plan(audit_folder(folder))
    check_secret(secret)
    return statement(
        plan=plan_hash, signatory=_party(plan, signatory), kind="commits", at=at,
        commitment=commitment(plan_hash, signatory, secret),
    )  # fmt: skip


def commit(folder: Path, text: bytes, signature: str) -> Signed:
    """Keep a party's signed commitment; the last one closes them. Refused before the plan binds, and a second one."""
    opened = AuditFolder(folder)
    plan, plan_hash = open_plan(opened)
    refuse_second(opened)
    require_binding(opened, plan, plan_hash)
    one = check_signed(plan, plan_hash, text, signature, SAID.say("who.statement")).statement
    file = f"seed/{one.signatory}.commit.txt"
    if one.kind != "commits" or one.signatory not in parties_of(plan):
        raise VeedorError(SAID.say("committed.not_of_a_party"))
    if one.old_form:
        raise VeedorError(SAID.say("committed.old_form"))
    if opened.has(files.COMMITMENTS):
        raise VeedorError(SAID.say("committed.closed"))
    answer = check_signed(plan, plan_hash, text, signature, file)
    keep(opened, answer, text, signature)
    if set(commitments(opened, plan, plan_hash)) == set(parties_of(plan)):
        opened.write_new(files.COMMITMENTS, closing_list(opened, plan, plan_hash).encode())
    return answer


def closing_list(folder: AuditFolder, plan: Plan, plan_hash: str) -> str:
    """Content of `seed/commitments.txt`: every answer and every commitment by its hash."""
    names = [name for name in answer_files(folder) if name.endswith(".txt")]
    names += [one.file for one in commitments(folder, plan, plan_hash).values()]
    return f"{COMMITMENTS_HEADING}\nplan sha256 {plan_hash}\n{listing(folder, names)}"


def commitments(folder: AuditFolder, plan: Plan, plan_hash: str) -> dict[str, Signed]:
    """The commitment of each party that made one, its signature verified."""
    return _signed_by_parties(folder, plan, plan_hash, "commits", "commit")


def require_closed(folder: AuditFolder, plan: Plan, plan_hash: str) -> Closed:
    """The commitments of all parties; refused unless they are closed, and are still those of the list."""
    committed = commitments(folder, plan, plan_hash)
    missing = [name for name in parties_of(plan) if name not in committed]
    if missing:
        raise VeedorError(SAID.say("committed.not_all", missing=", ".join(missing)))
    if not folder.has(files.COMMITMENTS):
        raise VeedorError(
            SAID.say(
                "committed.not_closed", file=str(folder / files.COMMITMENTS), why=SAID.say("committed.never_closed")
            )
        )
    stated, ours = folder.text(files.COMMITMENTS), closing_list(folder, plan, plan_hash)
    if stated != ours:
        differing = set(stated.splitlines()) ^ set(ours.splitlines())
        names = sorted({line[66:] for line in differing if re.match("[0-9a-f]{64}  ", line)})
        what = SAID.say("committed.changed", name=names[0][:100]) if names else SAID.say("committed.otherwise")
        raise VeedorError(SAID.say("committed.other_list", file=str(folder / files.COMMITMENTS), what=what))
    last = latest([*committed.values(), *all_answers(folder, plan, plan_hash)])
    assert last is not None
    return Closed(listed=folder.hash_of(files.COMMITMENTS), committed=committed, last=last)


def reveal_statement(folder: Path | AuditFolder, signatory: str, secret: str, at: str) -> Statement:
    """The text by which a party shows its secret. Refused before the commitments are closed."""
    opened = audit_folder(folder)
    plan, plan_hash = open_plan(opened)
    check_secret(secret)
    _party(plan, signatory)
    closed = require_closed(opened, plan, plan_hash)
    made = statement(
        plan=plan_hash, signatory=signatory, kind="reveals", at=at, commitments=closed.listed, secret=secret
    )
    check_reveal(made, closed, SAID.say("who.statement"))
    return made


def reveals(folder: AuditFolder, plan: Plan, plan_hash: str) -> dict[str, Signed]:
    """The secret of each party that has shown it: signed, of its commitment, and over the list of all of them."""
    shown = _signed_by_parties(folder, plan, plan_hash, "reveals", "reveal")
    closed = require_closed(folder, plan, plan_hash)
    for one in shown.values():
        check_reveal(one.statement, closed, str(folder / one.file))
    return shown


def check_reveal(one: Statement, closed: Closed, file: str) -> None:
    """Refuse a secret that names other commitments, is not the one committed to, or is older than what was closed."""
    if one.commitments != closed.listed:
        raise VeedorError(SAID.say("committed.names_others", file=file, commitments=files.COMMITMENTS))
    given = closed.committed[one.signatory]
    if commitment(one.plan, one.signatory, one.secret) != given.statement.commitment:
        raise VeedorError(SAID.say("committed.other_secret", file=file, signatory=one.signatory, committed=given.file))
    if time_of(one.at) < time_of(closed.last.statement.at):
        raise VeedorError(
            SAID.say(
                "committed.too_early", file=file, at=one.at, last=closed.last.file, closed=closed.last.statement.at
            )
        )


def begun(folder: AuditFolder, plan: Plan, plan_hash: str) -> str:
    """In words, an attempt at a seed that never became one; '' if there was none. Everything in it is checked."""
    if not isinstance(plan.seed, RevealSeed):
        return ""
    committed = commitments(folder, plan, plan_hash)
    if not committed:
        return ""
    said = SAID.say("begun.committed", who=", ".join(committed))
    if not folder.has(files.COMMITMENTS) and not any(name.endswith(".reveal.txt") for name in folder.names):
        return said
    shown = reveals(folder, plan, plan_hash)
    silent = [name for name in parties_of(plan) if name not in shown]
    return joined("; ", (said, SAID.say("begun.shown", who=everybody(shown), silent=everybody(silent))))


def seed_of(shown: Mapping[str, Signed]) -> dict[str, str]:
    """Seed and time that the secrets give together: that of the last of them."""
    secrets = {name: one.statement.secret for name, one in shown.items()}
    last = max((one.statement.at for _, one in sorted(shown.items())), key=time_of)
    return {"seed": joint_seed(secrets), "when": last}


def latest(every: Sequence[Signed]) -> Signed | None:
    """The statement with the latest time."""
    return max(every, key=lambda one: time_of(one.statement.at), default=None)


def _signed_by_parties(folder: AuditFolder, plan: Plan, plan_hash: str, kind: str, ending: str) -> dict[str, Signed]:
    """What each party that has come so far signed, its signature verified; in the order of the ids."""
    found = {}
    for name in sorted(parties_of(plan)):
        file = f"seed/{name}.{ending}"
        if folder.has(f"{file}.txt"):
            one = check_signed(plan, plan_hash, folder.read(f"{file}.txt"), folder.text(f"{file}.sig"), f"{file}.txt")
            if one.statement.kind != kind or one.statement.signatory != name:
                raise VeedorError(SAID.say("committed.other_step", file=str(folder / file), name=name))
            found[name] = one
    return found


def refuse_second(folder: AuditFolder) -> None:
    """Refuse to make a seed where there is one."""
    if folder.has(files.SEED):
        raise VeedorError(SAID.say("committed.second_seed"))


def _party(plan: Plan, signatory: str) -> str:
    if signatory not in parties_of(plan):
        raise VeedorError(SAID.say("committed.no_party", signatory=signatory, parties=", ".join(parties_of(plan))))
    return signatory


def parties_of(plan: Plan) -> tuple[str, ...]:
    """The parties whose secrets make the seed."""
    if not isinstance(plan.seed, RevealSeed):
        raise VeedorError(SAID.say("committed.rolled"))
    return plan.seed.parties
