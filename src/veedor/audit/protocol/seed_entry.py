"""The record of the seed as an entry of the log that the plan names, before the draw: so there is no second seed.

The entry is canonical JSON: plan, seed, and the hash of seed.json. `seed/receipt.tlog-proof` proves it to be in the log
behind the entries that the plan names. The receipt's signatures are checked with a policy; without one, and without the
log itself, it shows only that somebody made a tree.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from veedor.audit.protocol import folder as files
from veedor.audit.protocol.file_models import read_seed
from veedor.audit.protocol.folder import AuditFolder, open_plan, rounds_in
from veedor.audit.protocol.plan import Plan, RecordHead
from veedor.audit.protocol.seed import open_seed
from veedor.audit.texts import SAID
from veedor.canonical import canonical_json
from veedor.errors import VeedorError
from veedor.record.errors import RecordError
from veedor.record.keys import SigningKey
from veedor.record.log import append_entries
from veedor.record.reader import verified_entries
from veedor.record.receipts import make_receipt
from veedor.record.source import read_checkpoint, source_of
from veedor.record.verify import (
    Policy,
    leaf_hash,
    parse_checkpoint,
    parse_note,
    parse_receipt,
    root_from_path,
    verify_receipt,
)
from veedor.saying import message_of

TYPE = "audit-seed"


def seed_entry(folder: AuditFolder, plan_hash: str) -> bytes:
    """The entry of the log that fixes this folder's seed."""
    return canonical_json(
        {
            "type": TYPE,
            "plan": plan_hash,
            "seed": read_seed(folder).seed,
            "seed_json_sha256": folder.hash_of(files.SEED),
        }
    )


def seeds_in(entries: Iterable[bytes], plan_hash: str) -> dict[int, bytes]:
    """Every entry that fixes a seed of this plan, by its index."""
    marks = f'"{TYPE}"'.encode(), plan_hash.encode()
    return {index: entry for index, entry in enumerate(entries) if all(mark in entry for mark in marks)}


def log_seed(folder: Path, log: str, keys: Callable[[], Sequence[SigningKey]]) -> int:
    """Append the entry unless it is there, and keep the receipt under the log's present checkpoint. Returns its index.

    keys: gives the log's own; not asked for where the entry is there, as after the log's witnesses cosigned.
    """
    opened = AuditFolder(folder)
    plan, named = open_plan(opened)
    head = _require_head(plan)
    open_seed(opened, plan, named)
    if rounds_in(opened):
        raise VeedorError(SAID.say("log.drawn"))
    entry = seed_entry(opened, named)
    try:
        source = source_of(log)
        checkpoint = parse_checkpoint(parse_note(read_checkpoint(source)).text)
        if checkpoint.origin != head.origin:
            raise VeedorError(
                SAID.say("log.other_origin", log=log, origin=repr(checkpoint.origin), wanted=repr(head.origin))
            )
        there = seeds_in(verified_entries(source, checkpoint), named)
        check_only(there, entry, head, log)
        if not there:
            if log.startswith(("http://", "https://")):
                raise VeedorError(SAID.say("log.not_yet", log=log))
            append_entries(Path(log), [entry], keys())
        index = next(iter(there), checkpoint.size)
        opened.write(files.RECEIPT, bytes(make_receipt(source, index)))
    except RecordError as error:
        raise VeedorError(message_of(error)) from None
    return index


def check_only(there: dict[int, bytes], entry: bytes, head: RecordHead, log: str) -> None:
    """Refuse a log that holds another seed of the plan, this one twice, or this one before what the plan names."""
    other = [index for index, found in there.items() if found != entry]
    if other:
        raise VeedorError(SAID.say("log.another_seed", log=log, entry=other[0]))
    if len(there) > 1:
        raise VeedorError(SAID.say("log.twice", log=log, entries=", ".join(map(str, there))))
    if any(index < head.size for index in there):
        raise VeedorError(SAID.say("log.before_plan", log=log, size=head.size))


def check_receipt(folder: AuditFolder, plan: Plan, plan_hash: str, policy: Policy | None = None) -> int | None:
    """The index of the entry, if the receipt proves it to be in the log; None where the plan names no log."""
    if plan.record is None:
        return None
    if not folder.has(files.RECEIPT):
        raise VeedorError(SAID.say("log.no_receipt", origin=plan.record.origin, file=str(folder / files.RECEIPT)))
    entry, head = seed_entry(folder, plan_hash), plan.record
    try:
        receipt = parse_receipt(folder.read(files.RECEIPT))
        checkpoint = parse_checkpoint(parse_note(receipt.checkpoint).text)
        root = root_from_path(receipt.index, checkpoint.size, leaf_hash(entry), receipt.path)
        if policy is not None:
            verify_receipt(folder.read(files.RECEIPT), policy, entry)
    except RecordError as error:
        raise VeedorError(SAID.say("folder.in_file", file=str(folder / files.RECEIPT), why=message_of(error))) from None
    if checkpoint.origin != head.origin or receipt.index < head.size:
        raise VeedorError(
            SAID.say(
                "log.other_entry",
                file=str(folder / files.RECEIPT),
                index=receipt.index,
                origin=repr(checkpoint.origin),
                wanted=repr(head.origin),
                size=head.size,
            )
        )
    if root != checkpoint.root or receipt.extra not in (None, entry):
        raise VeedorError(SAID.say("log.other_receipt", file=str(folder / files.RECEIPT)))
    return receipt.index


def _require_head(plan: Plan) -> RecordHead:
    if plan.record is None:
        raise VeedorError(SAID.say("log.not_named"))
    return plan.record
