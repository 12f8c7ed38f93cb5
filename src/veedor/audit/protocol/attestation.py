"""Who signs the record of the seed: those who were there when it was made, or took part in it.

A seed that nobody else signs can be thrown away and rolled anew by whoever keeps the folder. So there is no draw before
as many signatories as the plan's quorum have signed the hash of seed.json, and none signs it after the first draw.
"""

from pathlib import Path

from veedor.audit.protocol import folder as files
from veedor.audit.protocol.consent import keep
from veedor.audit.protocol.file_models import SeedRecord
from veedor.audit.protocol.folder import AuditFolder, audit_folder, open_plan, rounds_in, time_of
from veedor.audit.protocol.plan import Plan
from veedor.audit.protocol.seed import open_seed
from veedor.audit.protocol.signed_statement import Signed, Statement, check_signed, statement
from veedor.audit.texts import SAID, everybody
from veedor.errors import VeedorError


def attestation_statement(folder: Path | AuditFolder, signatory: str, at: str) -> Statement:
    """The text that a signatory signs who was there when the seed was made."""
    opened = audit_folder(folder)
    plan, named = open_plan(opened)
    _require_seed(opened)
    open_seed(opened, plan, named)
    by = plan.signatory(signatory).id
    return statement(plan=named, signatory=by, kind="attests", at=at, seed=opened.hash_of(files.SEED))


def attest(folder: Path, text: bytes, signature: str) -> Signed:
    """Keep a signatory's signature under the record of the seed. Refused once a sample is drawn, and a second time."""
    opened = AuditFolder(folder)
    plan, named = open_plan(opened)
    _require_seed(opened)
    seed = open_seed(opened, plan, named)
    if rounds_in(opened):
        raise VeedorError(SAID.say("attested.drawn"))
    name = check_signed(plan, named, text, signature, SAID.say("who.statement")).statement.signatory
    one = check_signed(plan, named, text, signature, f"seed/{name}.attest.txt")
    _check(opened, seed, one)
    keep(opened, one, text, signature)
    return one


def attestations(folder: AuditFolder, plan: Plan, named: str, seed: SeedRecord) -> dict[str, Signed]:
    """Every signature under the record of the seed, verified; by signatory, in the plan's order."""
    return folder.once(f"attestations to {named}", lambda: _attestations(folder, plan, named, seed))


def _attestations(folder: AuditFolder, plan: Plan, named: str, seed: SeedRecord) -> dict[str, Signed]:
    found = {}
    for signatory in plan.signatories:
        file = f"seed/{signatory.id}.attest"
        if folder.has(f"{file}.txt"):
            text, signature = folder.read(f"{file}.txt"), folder.text(f"{file}.sig")
            one = check_signed(plan, named, text, signature, f"{file}.txt")
            if one.statement.signatory != signatory.id:
                raise VeedorError(SAID.say("attested.other_signer", file=str(folder / file), signatory=signatory.id))
            _check(folder, seed, one)
            found[signatory.id] = one
    return found


def lacking(plan: Plan, found: dict[str, Signed]) -> str:
    """Why no sample can be drawn from this seed yet, in words; '' if it can."""
    if len(found) >= plan.quorum:
        return ""
    return SAID.say("attested.lacking", signed=len(found), quorum=plan.quorum, who=everybody(found))


def attestation_files(folder: AuditFolder) -> list[str]:
    """Every file of the signatures under the record of the seed."""
    return sorted(name for name in folder.names if name.startswith("seed/") and name[:-4].endswith(".attest"))


def _check(folder: AuditFolder, seed: SeedRecord, one: Signed) -> None:
    said = one.statement
    if said.kind != "attests":
        raise VeedorError(SAID.say("attested.no_signature", file=one.file))
    if said.seed != folder.hash_of(files.SEED):
        raise VeedorError(
            SAID.say("attested.other_record", file=one.file, seed=said.seed[:12], record=str(folder / files.SEED))
        )
    if time_of(said.at) < time_of(seed.when):
        raise VeedorError(SAID.say("attested.before_seed", file=one.file, at=said.at, when=seed.when))


def _require_seed(folder: AuditFolder) -> None:
    if not folder.has(files.SEED):
        raise VeedorError(SAID.say("attested.no_seed"))
