"""The record beside a dossier: what its log says, verified, and a receipt for each station of the count shown."""

from collections.abc import Iterator
from pathlib import Path

from veedor.document import Json, as_json
from veedor.dossier.input import Opened
from veedor.dossier.texts import TEXTS
from veedor.errors import VeedorError
from veedor.ledger import document as recorded
from veedor.ledger.ledger import Ledger, receipt_names
from veedor.record.errors import RecordError
from veedor.record.paper import verifying_page
from veedor.record.receipts import SUFFIX, make_receipts
from veedor.record.source import Folder, read_checkpoint

RECEIPTS = "record/receipts"


def record_document(opened: Opened) -> Json:
    """The log's checkpoints over time, who cosigned each, and whether it says what the sheets of the dossier say.

    None if the dossier is made without a record. Every root is rebuilt from the entries, every signature verified.
    """
    if opened.record is None:
        return None
    return as_json(recorded.record_document(opened.record, opened.dataset))


def record_files(opened: Opened) -> Iterator[tuple[str, bytes]]:
    """Path and bytes of what the dossier carries of the record: receipts, checkpoint, policy, and a page to verify."""
    log = opened.record
    if log is None:
        return
    try:
        names = _names(opened, log)
        yield "record/checkpoint", read_checkpoint(Folder(log))
        policy = recorded.policy_of(log)
        if policy is not None:
            yield f"record/{recorded.POLICY}", policy
        yield "record/verify.html", verifying_page(policy or b"").encode()
        for index, receipt in make_receipts(Folder(log), sorted(names)):
            yield f"{RECEIPTS}/{names[index]}{SUFFIX}", receipt
    except RecordError as error:
        raise VeedorError(f"the record cannot be shown: {error}") from error


def receipts_for_scripts(opened: Opened, document: Json) -> Json:
    """Data by which the station's page finds a receipt: stations whose file has another name, and those without one."""
    if opened.record is None or document is None:
        return None
    names = {key[3]: name for key, name in _named_keys(opened, recorded.ledger_of(opened.record)).items()}
    stations = opened.geography.stations["station"].to_list()
    return {
        "folder": f"../{RECEIPTS}/",
        "suffix": SUFFIX,
        "odd": {station: name for station, name in names.items() if station != name},
        "absent": [station for station in stations if station not in names],
        "text": dict(TEXTS.say("record_page.receipt")),
    }


def _named_keys(opened: Opened, ledger: Ledger) -> dict[tuple[str, str, str, str], str]:
    """File names of the receipts, by sheet, for the contest and count that the dossier shows."""
    shown = (opened.election.id, opened.contest.id, opened.count.id)
    names = receipt_names(ledger)
    return {key: names[one.index] for key, one in ledger.standing.items() if key[:3] == shown}


def _names(opened: Opened, log: Path) -> dict[int, str]:
    ledger = recorded.ledger_of(log)
    return {ledger.standing[key].index: name for key, name in _named_keys(opened, ledger).items()}
