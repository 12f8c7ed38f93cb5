"""How far an audit is: who has answered what, what the plan lacks, which rounds were drawn, what comes next."""

from dataclasses import dataclass
from pathlib import Path

from veedor.audit.protocol import folder as files
from veedor.audit.protocol.attestation import attestations, lacking
from veedor.audit.protocol.commit_reveal import commitments, reveals
from veedor.audit.protocol.consent import answers, lacks
from veedor.audit.protocol.file_models import SeedRecord, read_risk
from veedor.audit.protocol.folder import AuditFolder, audit_folder, open_plan, rounds_in
from veedor.audit.protocol.plan import Plan, RevealSeed, Signatory
from veedor.audit.protocol.seed import open_seed
from veedor.audit.protocol.signed_statement import Signed


@dataclass(frozen=True, kw_only=True)
class SignatoryStatus:
    """One who is asked to sign. answer: consents, objects, or None where there is none; at, reason: of the answer.

    signed: whether the answer is signed; signed_seed: when the record of the seed was signed, None where it was not.
    """

    id: str
    name: str
    role: str
    required: bool
    answer: str | None
    at: str | None
    reason: str | None
    signed: bool | None
    signed_seed: str | None


@dataclass(frozen=True, kw_only=True)
class Status:
    """State of an audit. plan: its hash; lacks: why it does not bind yet; rounds: how many were drawn.

    next: the step that comes next, as the command that takes it is called; or how the audit ended.
    """

    plan: str
    signatories: tuple[SignatoryStatus, ...]
    binds: bool
    lacks: tuple[str, ...]
    seed: str | None
    rounds: int
    next: str


def status_of(folder: Path | AuditFolder) -> Status:
    """The state of an audit's folder."""
    opened = audit_folder(folder)
    plan, named = open_plan(opened)
    given = answers(opened, plan, named)
    reasons = lacks(plan, given)
    seed = open_seed(opened, plan, named) if opened.has(files.SEED) else None
    signed = {} if seed is None or seed.old_form else attestations(opened, plan, named, seed)
    rounds = rounds_in(opened)
    return Status(
        plan=named,
        signatories=tuple(_signatory(one, given.get(one.id), signed.get(one.id)) for one in plan.signatories),
        binds=not reasons,
        lacks=tuple(reasons),
        seed=None if seed is None else seed.seed,
        rounds=len(rounds),
        next=_next(opened, plan, named, bool(reasons), seed, signed, rounds),
    )


def _signatory(one: Signatory, answer: Signed | None, signed: Signed | None) -> SignatoryStatus:
    said = None if answer is None else answer.statement
    return SignatoryStatus(
        id=one.id,
        name=one.name,
        role=one.role,
        required=one.required,
        answer=None if said is None else said.kind,
        at=None if said is None else said.at,
        reason=None if said is None else said.reason or None,
        signed=None if answer is None else answer.signed,
        signed_seed=None if signed is None else signed.statement.at,
    )


def _next(
    folder: AuditFolder,
    plan: Plan,
    named: str,
    lacking_consent: bool,
    seed: SeedRecord | None,
    signed: dict[str, Signed],
    rounds: list[int],
) -> str:
    """The step that comes next, as the command that takes it is called; or how the audit ended."""
    if lacking_consent:
        return "consent"
    if seed is None:
        return _next_of_seed(folder, plan, named)
    if not rounds:
        if not seed.old_form and lacking(plan, signed):
            return "attest"
        return "log-seed" if not seed.old_form and plan.record and not folder.has(files.RECEIPT) else "draw"
    last = rounds[-1]
    if not folder.has(f"round-{last}/interpretations.csv"):
        return "enter"
    if not folder.has(f"round-{last}/risk.json"):
        return "assess"
    step = read_risk(folder, last).next.step
    return "draw" if step == "next_round" else step


def _next_of_seed(folder: AuditFolder, plan: Plan, named: str) -> str:
    if not isinstance(plan.seed, RevealSeed):
        return "seed"
    if not folder.has(files.COMMITMENTS):
        commitments(folder, plan, named)
        return "commit"
    reveals(folder, plan, named)
    return "reveal"
