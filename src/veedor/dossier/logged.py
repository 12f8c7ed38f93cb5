"""The record beside a dossier: what its log says, verified, and a receipt for each station of the count shown."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from veedor.count import tally
from veedor.dossier.opened import Opened
from veedor.errors import VeedorError
from veedor.finding import Json
from veedor.record.errors import RecordError
from veedor.record.log import checkpoints_of, read_head
from veedor.record.merkle import root_of_tree
from veedor.record.paper import verifying_page
from veedor.record.reader import all_levels, verified_entries
from veedor.record.receipts import SUFFIX, make_receipts
from veedor.record.source import Folder
from veedor.record.verify import Checkpoint, Key, Note, parse_checkpoint, parse_policy, verify_note
from veedor.sheets.ledger import Ledger, differences_of_totals, published_at, read_ledger, receipt_names

POLICY = "policy"
"""File of the log's folder with the policy that it asks to be verified under; without it no cosigner is named."""
RECEIPTS = "record/receipts"
AFTERWARDS = 24 * 3600
"""Seconds after a publication from which a cosignature is taken to have been made afterwards."""


def record_document(opened: Opened) -> Json:
    """The log's checkpoints over time, who cosigned each, and whether it says what the sheets of the dossier say.

    None if the dossier is made without a record. Every root is made anew from the entries, every signature verified.
    """
    if opened.record is None:
        return None
    try:
        return _document(opened, opened.record)
    except RecordError as error:
        raise VeedorError(f"the record cannot be shown: {error}") from error


def record_files(opened: Opened) -> Iterator[tuple[str, bytes]]:
    """Path and bytes of what the dossier carries of the record: receipts, checkpoint, policy, and a page to verify."""
    log = opened.record
    if log is None:
        return
    try:
        names = _names(opened, log)
        yield "record/checkpoint", (log / "checkpoint").read_bytes()
        policy = _policy(log)
        if policy is not None:
            yield f"record/{POLICY}", policy
        yield "record/verify.html", verifying_page(policy or b"").encode()
        for index, receipt in make_receipts(Folder(log), sorted(names)):
            yield f"{RECEIPTS}/{names[index]}{SUFFIX}", receipt
    except RecordError as error:
        raise VeedorError(f"the record cannot be shown: {error}") from error


def receipts_for_scripts(opened: Opened, document: Json) -> Json:
    """What the station's page needs to find a receipt: stations whose file has another name, and those without one."""
    if opened.record is None or document is None:
        return None
    names = {key[3]: name for key, name in _named_keys(opened, _ledger(opened.record)).items()}
    stations = opened.geography.stations["station"].to_list()
    return {
        "folder": f"../{RECEIPTS}/",
        "suffix": SUFFIX,
        "odd": {station: name for station, name in names.items() if station != name},
        "absent": [station for station in stations if station not in names],
        "text": {
            "en": "Receipt: proof that this sheet is in the record",
            "es": "Recibo: prueba de que esta acta está en el registro",
        },
    }


def _document(opened: Opened, log: Path) -> Json:
    head = read_head(log)
    entries = verified_entries(Folder(log), head.checkpoint)
    levels = all_levels(entries)
    witnesses = _witnesses(log)
    rows = []
    for note in checkpoints_of(log):
        checkpoint = parse_checkpoint(note.text)
        if root_of_tree(checkpoint.size, lambda level, number: levels[level][number]) != checkpoint.root:
            raise VeedorError(f"{log}: the checkpoint of {checkpoint.size} entries is not how the log began")
        published = published_at(entries[checkpoint.size - 1]) if checkpoint.size else None
        rows.append(_row(checkpoint, note, head.keys, witnesses, published))
    ledger = _ledger_of(log, head.checkpoint)
    totals = tally(opened.table(opened.count.id), opened.contest)
    theirs = {"sheets": totals.sheets, "blank": totals.blank, "null": totals.null, "votes": totals.votes}
    differences = differences_of_totals(theirs, ledger.totals(opened.contest.id, opened.count.id))
    return {
        "origin": head.checkpoint.origin,
        "keys": [str(key) for key in head.keys],
        "entries": head.checkpoint.size,
        "corrections": len(ledger.corrections),
        "receipts": len(_named_keys(opened, ledger)),
        "totals_equal_published": not differences,
        "has_policy": bool(witnesses),
        "made_afterwards": _afterwards(rows),
        "checkpoints": [row for row in rows if row["size"]],
    }


def _row(
    checkpoint: Checkpoint, note: Note, keys: tuple[Key, ...], witnesses: dict[str, Key], published: str | None
) -> Json:
    signed = verify_note(note, [*keys, *witnesses.values()])
    cosigned = [
        {"witness": name, "time": datetime.fromtimestamp(signed[key], UTC).isoformat()}
        for name, key in witnesses.items()
        if key in signed
    ]
    return {
        "size": checkpoint.size,
        "root_sha256": checkpoint.root.hex(),
        "published": published,
        "cosigned": cosigned,
    }


def _afterwards(rows: list[Json]) -> bool:
    """Whether any checkpoint was not cosigned within a day of the publication that it covers."""
    for row in rows:
        if not row["size"] or row["published"] is None:
            continue
        published = datetime.fromisoformat(row["published"])
        times = [datetime.fromisoformat(one["time"]) for one in row["cosigned"]]
        if not times or (min(times) - published).total_seconds() > AFTERWARDS:
            return True
    return False


def _policy(log: Path) -> bytes | None:
    path = log / POLICY
    return path.read_bytes() if path.is_file() else None


def _witnesses(log: Path) -> dict[str, Key]:
    policy = _policy(log)
    return {} if policy is None else dict(parse_policy(policy).witnesses)


def _ledger(log: Path) -> Ledger:
    return _ledger_of(log, read_head(log).checkpoint)


@lru_cache(maxsize=1)
def _ledger_of(log: Path, checkpoint: Checkpoint) -> Ledger:
    """What the entries say; the root in the checkpoint binds them, so that the same checkpoint is the same ledger."""
    return read_ledger(verified_entries(Folder(log), checkpoint))


def _named_keys(opened: Opened, ledger: Ledger) -> dict[tuple[str, str, str, str], str]:
    """File names of the receipts, by sheet, for the contest and count that the dossier shows."""
    shown = (opened.election.id, opened.contest.id, opened.count.id)
    names = receipt_names(ledger)
    return {key: names[one.index] for key, one in ledger.standing.items() if key[:3] == shown}


def _names(opened: Opened, log: Path) -> dict[int, str]:
    ledger = _ledger(log)
    return {ledger.standing[key].index: name for key, name in _named_keys(opened, ledger).items()}
