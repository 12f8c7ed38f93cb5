"""The record beside a dossier: what its log says, verified, and a receipt for each station of the count shown."""

from collections.abc import Iterator

from veedor.document import Json, as_json
from veedor.dossier.derive.receipts import Chunks, in_order, receipt_chunks
from veedor.dossier.input import Opened
from veedor.dossier.texts import TEXTS
from veedor.errors import VeedorError
from veedor.ledger import document as recorded
from veedor.ledger.ledger import receipt_names
from veedor.record.errors import RecordError
from veedor.record.paper import verifying_page
from veedor.record.receipts import SUFFIX, receipt_parts
from veedor.record.source import Folder, read_checkpoint

_SAID = {"text": "", "saved": "_saved", "check": "_check", "failed": "_failed"}
"""Sentences of the station's page about its receipt."""


def record_document(opened: Opened) -> Json:
    """The log's checkpoints over time, who cosigned each, and whether it says what the sheets of the dossier say.

    None if the dossier is made without a record. Every root is rebuilt from the entries, every signature verified.
    """
    if opened.record is None:
        return None
    return as_json(recorded.record_document(opened.record, opened.dataset))


def record_files(opened: Opened) -> Iterator[tuple[str, bytes]]:
    """Path and bytes of what the dossier carries of the record beside data/: checkpoint, policy, a page to verify."""
    log = opened.record
    if log is None:
        return
    try:
        yield "record/checkpoint", read_checkpoint(Folder(log))
        policy = recorded.policy_of(log)
        if policy is not None:
            yield f"record/{recorded.POLICY}", policy
        yield "record/verify.html", verifying_page(policy or b"").encode()
    except RecordError as error:
        raise VeedorError(f"the record cannot be shown: {error}") from error


def receipts_of(opened: Opened) -> Chunks | None:
    """The receipt of each station of the count shown, in chunks; None if the dossier is made without a record."""
    log = opened.record
    if log is None:
        return None
    try:
        ledger = recorded.ledger_of(log)
        names = receipt_names(ledger)
        shown = (opened.election.id, opened.contest.id, opened.count.id)
        entries = {key[3]: one.index for key, one in ledger.standing.items() if key[:3] == shown}
        stations = opened.geography.stations["station"].to_list()
        held = in_order(stations, entries)
        made = receipt_parts(Folder(log), [entries[station] for station in held])
        return receipt_chunks(stations, held, {station: names[entries[station]] for station in held}, made)
    except RecordError as error:
        raise VeedorError(f"the record cannot be shown: {error}") from error


def receipts_for_scripts(chunks: Chunks | None) -> Json:
    """Data by which the station's page finds a receipt: where each chunk starts, and stations without a receipt."""
    if chunks is None:
        return None
    return {
        "bounds": list(chunks.bounds),
        "absent": [list(run) for run in chunks.absent],
        "suffix": SUFFIX,
        **{name: dict(TEXTS.say(f"record_page.receipt{ending}")) for name, ending in _SAID.items()},
    }
