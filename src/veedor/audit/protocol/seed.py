"""The seed: made in public after the plan binds, once, and its record signed by those who were there.

Dice: at least 20 decimal digits rolled before witnesses, written down with who, where and when. Or the secrets of the
parties, see `commit_reveal`. The record, seed.json, names the plan, every answer to it and whatever the seed was made
of by their hashes; who was there signs the hash of the record (`attestation`).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from veedor.audit.protocol import folder as files
from veedor.audit.protocol.commit_reveal import (
    check_reveal,
    latest,
    parties_of,
    refuse_second,
    require_closed,
    reveals,
    seed_of,
)
from veedor.audit.protocol.consent import all_answers, answer_files, keep, require_binding
from veedor.audit.protocol.file_models import SEED_FORM, SeedRecord, read_seed
from veedor.audit.protocol.folder import AuditFolder, check_rests_on, document_bytes, open_plan, time_of
from veedor.audit.protocol.plan import DiceSeed, Plan, RevealSeed, faults_of
from veedor.audit.protocol.signed_statement import check_signed
from veedor.audit.texts import SAID
from veedor.draw.seed import check_digits
from veedor.errors import InputError, VeedorError


def rolled(folder: Path, digits: str, *, who: str, where: str, when: str) -> SeedRecord:
    """Record the digits rolled. Refused before the plan binds, if there is a seed, or if the digits are too few."""
    opened = AuditFolder(folder)
    plan, plan_hash = open_plan(opened)
    refuse_second(opened)
    require_binding(opened, plan, plan_hash)
    if not isinstance(plan.seed, DiceSeed):
        raise VeedorError(SAID.say("seed.by_reveal"))
    check_digits(digits, plan.seed.digits)
    return _write(opened, plan, plan_hash, {"seed": digits, "method": "dice", "who": who, "where": where, "when": when})


def reveal(folder: Path, text: bytes, signature: str) -> SeedRecord | None:
    """Keep a party's signed secret. Refused before all have committed. The last one makes the seed."""
    opened = AuditFolder(folder)
    plan, plan_hash = open_plan(opened)
    refuse_second(opened)
    require_binding(opened, plan, plan_hash)
    closed = require_closed(opened, plan, plan_hash)
    one = check_signed(plan, plan_hash, text, signature, SAID.say("who.statement"))
    if one.statement.kind != "reveals" or one.statement.signatory not in parties_of(plan):
        raise VeedorError(SAID.say("seed.not_of_a_party"))
    check_reveal(one.statement, closed, SAID.say("who.statement"))
    keep(opened, replace(one, file=f"seed/{one.statement.signatory}.reveal.txt"), text, signature)
    shown = reveals(opened, plan, plan_hash)
    if set(shown) != set(parties_of(plan)):
        return None
    return _write(opened, plan, plan_hash, {"method": "commit_and_reveal", **seed_of(shown)})


def open_seed(folder: AuditFolder, plan: Plan, plan_hash: str) -> SeedRecord:
    """The record of the seed, checked again: what it rests on, that the plan bound, that nothing came after it."""
    return folder.once(f"seed of {plan_hash}", lambda: _open_seed(folder, plan, plan_hash))


def _open_seed(folder: AuditFolder, plan: Plan, plan_hash: str) -> SeedRecord:
    seed = read_seed(folder)
    if seed.old_form and not plan.old_form:
        raise VeedorError(SAID.say("seed.old_form", file=str(folder / files.SEED)))
    if seed.plan != plan_hash:
        raise VeedorError(
            SAID.say("seed.other_plan", file=str(folder / files.SEED), plan=seed.plan[:12], own=plan_hash[:12])
        )
    _check_rests_on(folder, plan, seed)
    require_binding(folder, plan, plan_hash)
    last = latest(all_answers(folder, plan, plan_hash))
    if last is not None and time_of(last.statement.at) > _made(folder, seed):
        raise VeedorError(
            SAID.say("seed.answer_after", file=str(folder / last.file), at=last.statement.at, when=seed.when)
        )
    if seed.method != plan.seed.method:
        raise VeedorError(
            SAID.say("seed.other_method", file=str(folder / files.SEED), method=seed.method, wanted=plan.seed.method)
        )
    if isinstance(plan.seed, DiceSeed):
        if not (seed.seed.isdigit() and len(seed.seed) == plan.seed.digits):
            raise VeedorError(SAID.say("seed.digits", file=str(folder / files.SEED), digits=plan.seed.digits))
        return seed
    shown = reveals(folder, plan, plan_hash)
    missing = [name for name in parties_of(plan) if name not in shown]
    if missing:
        raise VeedorError(SAID.say("seed.no_secret", file=str(folder / f"seed/{missing[0]}.reveal.txt")))
    if {"seed": seed.seed, "when": seed.when} != seed_of(shown):
        raise VeedorError(SAID.say("seed.not_of_secrets", file=str(folder / files.SEED)))
    return seed


def check_nothing_else(folder: AuditFolder, plan: Plan) -> None:
    """Refuse files under seed/ that belong to no party or signatory of the plan, or have lost their other half."""
    of_parties = parties_of(plan) if isinstance(plan.seed, RevealSeed) else ()
    pairs = [f"seed/{name}.{what}" for name in of_parties for what in ("commit", "reveal")]
    pairs += [f"seed/{one.id}.attest" for one in plan.signatories]
    known = {files.COMMITMENTS, files.RECEIPT, *(f"{name}{end}" for name in pairs for end in (".txt", ".sig"))}
    known |= {f"seed/{name}.secret" for name in of_parties if plan.old_form}
    there = {name for name in folder.names if name.startswith("seed/")}
    for name in sorted(there):
        other = name[:-4] + {".txt": ".sig", ".sig": ".txt"}.get(name[-4:], "")
        if name not in known:
            raise VeedorError(SAID.say("seed.of_nobody", file=str(folder / name)))
        if name[-4:] in (".txt", ".sig") and name != files.COMMITMENTS and other not in there:
            raise VeedorError(SAID.say("folder.missing", file=str(folder / other)))


def _check_rests_on(folder: AuditFolder, plan: Plan, seed: SeedRecord) -> None:
    """Plan and every answer; in the first form, the last answers alone were named."""
    if not seed.old_form:
        check_rests_on(folder, seed.rests_on, files.SEED, _bases(folder, plan))
        return
    if not {files.PLAN} <= set(seed.rests_on):
        raise VeedorError(SAID.say("seed.no_plan", file=str(folder / files.SEED)))
    check_rests_on(folder, seed.rests_on, files.SEED, seed.rests_on)
    later = [name for name in _last_answers(folder, plan) if name not in seed.rests_on]
    if later:
        raise VeedorError(SAID.say("folder.came_later", file=str(folder / later[0]), name=files.SEED))


def _last_answers(folder: AuditFolder, plan: Plan) -> list[str]:
    names = answer_files(folder)
    found = []
    for one in plan.signatories:
        numbers = [
            int(name.rpartition("-")[2][:-4]) for name in names if name.rpartition("-")[0] == f"answers/{one.id}"
        ]
        if numbers:
            found += [name for name in names if name.startswith(f"answers/{one.id}-{max(numbers)}.")]
    return found


def _bases(folder: AuditFolder, plan: Plan) -> list[str]:
    """What the record of a seed rests on: the plan, every answer with its signature, commitments and secrets."""
    names = [files.PLAN, *answer_files(folder)]
    if isinstance(plan.seed, RevealSeed):
        pairs = [f"seed/{name}.{what}" for name in plan.seed.parties for what in ("commit", "reveal")]
        names += [files.COMMITMENTS, *(f"{name}{end}" for name in pairs for end in (".txt", ".sig"))]
    return names


def _write(folder: AuditFolder, plan: Plan, plan_hash: str, how: Mapping[str, str]) -> SeedRecord:
    document = {
        "format": SEED_FORM,
        "seed": how["seed"],
        **how,
        "plan": plan_hash,
        "rests_on": folder.hashes(_bases(folder, plan)),
    }
    try:
        made = SeedRecord.model_validate(document)
    except ValidationError as error:
        raise InputError(faults_of(error, files.SEED)) from None
    last = latest(all_answers(folder, plan, plan_hash))
    if last is not None and time_of(last.statement.at) > time_of(made.when):
        raise VeedorError(SAID.say("seed.which_first", when=made.when, file=last.file, at=last.statement.at))
    folder.write_new(files.SEED, document_bytes(made.as_json()))
    return made


def _made(folder: AuditFolder, seed: SeedRecord) -> dt.datetime:
    try:
        return time_of(seed.when)
    except VeedorError as error:
        raise VeedorError(SAID.say("folder.in_file", file=str(folder / files.SEED), why=error.said)) from None
