"""The record beside a dossier: what its log says, verified, and a receipt for each station of the count shown."""

from collections.abc import Iterator
from pathlib import Path

from veedor.document import Json, as_json
from veedor.dossier.derive.page_data import script
from veedor.dossier.input import Opened
from veedor.dossier.texts import TEXTS
from veedor.errors import VeedorError
from veedor.ledger import document as recorded
from veedor.ledger.ledger import Ledger, receipt_names
from veedor.record.errors import RecordError
from veedor.record.paper import verifying_page
from veedor.record.receipts import SUFFIX, make_receipts
from veedor.record.source import Folder, read_checkpoint

EACH = 200
"""Receipts in a file: a page loads one such file where a reader asks for a receipt, and a folder has few of them."""

CHUNK = "receipts-{number}"


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
        made = {names[index]: receipt.decode() for index, receipt in make_receipts(Folder(log), sorted(names))}
        for number, chunk in enumerate(batched(sorted(made), EACH)):
            name = CHUNK.format(number=number)
            yield f"data/{name}.js", script(name, {one: made[one] for one in chunk}).encode()
    except RecordError as error:
        raise VeedorError(f"the record cannot be shown: {error}") from error


def receipts_for_scripts(opened: Opened, document: Json) -> Json:
    """Data by which the station's page finds a receipt.

    first: the name of the first receipt of each file, in order; odd: stations whose receipt has another name; absent:
    those without one.
    """
    if opened.record is None or document is None:
        return None
    names = {key[3]: name for key, name in _named_keys(opened, recorded.ledger_of(opened.record)).items()}
    stations = opened.geography.stations["station"].to_list()
    return {
        "chunk": CHUNK.format(number=""),
        "first": [chunk[0] for chunk in batched(sorted(names.values()), EACH)],
        "suffix": SUFFIX,
        "odd": {station: name for station, name in names.items() if station != name},
        "absent": [station for station in stations if station not in names],
        "text": dict(TEXTS.say("record_page.receipt")),
    }


def batched(names: list[str], each: int) -> Iterator[list[str]]:
    """The names in order, so many at a time."""
    return (names[start : start + each] for start in range(0, len(names), each))


def _named_keys(opened: Opened, ledger: Ledger) -> dict[tuple[str, str, str, str], str]:
    """File names of the receipts, by sheet, for the contest and count that the dossier shows."""
    shown = (opened.election.id, opened.contest.id, opened.count.id)
    names = receipt_names(ledger)
    return {key: names[one.index] for key, one in ledger.standing.items() if key[:3] == shown}


def _names(opened: Opened, log: Path) -> dict[int, str]:
    ledger = recorded.ledger_of(log)
    return {ledger.standing[key].index: name for key, name in _named_keys(opened, ledger).items()}
