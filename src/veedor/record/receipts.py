"""Making receipts: for one entry from the tiles, for all entries at once, as files, and small enough for a QR code."""

import os
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from veedor.record.errors import DamagedError, LogError, MalformedError
from veedor.record.files import part_folder
from veedor.record.merkle import inclusion_path
from veedor.record.reader import all_levels, faults, node_reader, read_entry, verified_entries
from veedor.record.source import Source, read_checkpoint
from veedor.record.verify import (
    ML_DSA_44,
    RECEIPT_HEADER,
    Note,
    Policy,
    Receipt,
    leaf_hash,
    parse_checkpoint,
    parse_note,
    root_from_path,
    to_base64,
)

SUFFIX = ".tlog-proof"
QR_BYTES = 2953
"""What the largest QR code holds at its lowest correction level."""


def make_receipt(source: Source, index: int) -> Receipt:
    """The receipt of one entry under the log's present checkpoint; it carries the entry. Reads a few tiles only.

    The walk to the root is checked; the log's signatures are not, for that is what whoever holds the receipt does.
    """
    data = read_checkpoint(source)
    checkpoint = parse_checkpoint(parse_note(data).text)
    if not 0 <= index < checkpoint.size:
        raise MalformedError(f"{source.name} has entries 0 to {checkpoint.size - 1}, there is no entry {index}")
    entry = read_entry(source, checkpoint.size, index)
    path = tuple(inclusion_path(index, checkpoint.size, node_reader(source, checkpoint.size)))
    if root_from_path(index, checkpoint.size, leaf_hash(entry), path) != checkpoint.root:
        raise DamagedError("\n".join(faults(source, checkpoint)))
    return Receipt(index=index, path=path, checkpoint=data, extra=entry)


@dataclass(frozen=True, kw_only=True)
class Parts:
    """Receipts in parts: many of one log share their checkpoint and most of their paths.

    parts: index of the entry, the entry and its path to the root, both as the receipt writes them (base64).
    """

    checkpoint: bytes
    parts: Iterator[tuple[int, str, list[str]]]


def receipt_parts(source: Source, indices: Iterable[int] | None = None) -> Parts:
    """Receipts of these entries (all, if None) under the log's present checkpoint, in parts and in that order.

    Reads and verifies the whole log once; then a receipt is sixteen look-ups in a tree of 34,555 entries.
    """
    data = read_checkpoint(source)
    checkpoint = parse_checkpoint(parse_note(data).text)
    entries = verified_entries(source, checkpoint)
    levels = [[to_base64(node) for node in level] for level in all_levels(entries)[:-1]] if entries else []

    def each() -> Iterator[tuple[int, str, list[str]]]:
        for index in range(len(entries)) if indices is None else indices:
            path = []
            node = index
            for level in levels:
                beside = node ^ 1
                if beside < len(level):  # at the right edge a node without sibling rises unchanged
                    path.append(level[beside])
                node //= 2
            yield index, to_base64(entries[index]), path

    return Parts(checkpoint=data, parts=each())


def make_receipts(source: Source, indices: Iterable[int] | None = None) -> Iterator[tuple[int, bytes]]:
    """Receipts of these entries (all, if None) under the log's present checkpoint: index and text, in that order."""
    made = receipt_parts(source, indices)
    for index, entry, path in made.parts:
        lines = [RECEIPT_HEADER, f"extra {entry}", f"index {index}", *path, "", ""]
        yield index, "\n".join(lines).encode() + made.checkpoint


def write_receipts(target: Path, receipts: Iterable[tuple[int, bytes]], names: Mapping[int, str]) -> int:
    """Write receipts under the given names into a new folder, or into one zip file if target ends so. Returns how many.

    All or nothing: target appears when the last receipt is written, and must not exist before.
    """
    if target.exists():
        raise LogError(f"{target} exists already: receipts are written anew, never over others")
    unsafe = [name for name in names.values() if not name or "/" in name or "\\" in name or name.startswith(".")]
    if unsafe:
        raise MalformedError(f"not a file's name: {unsafe[0][:60]!r}")
    try:
        with part_folder(target) as part:
            whole = part / "receipts"
            count = _zip(whole, receipts, names) if target.suffix == ".zip" else _folder(whole, receipts, names)
            os.rename(whole, target)
    except OSError as error:
        raise LogError(f"{target} could not be written: {error.strerror}") from error
    return count


def _folder(folder: Path, receipts: Iterable[tuple[int, bytes]], names: Mapping[int, str]) -> int:
    folder.mkdir()
    count = 0
    for index, data in receipts:
        with open(f"{folder}/{names[index]}{SUFFIX}", "xb") as stream:
            stream.write(data)
        count += 1
    return count


def _zip(path: Path, receipts: Iterable[tuple[int, bytes]], names: Mapping[int, str]) -> int:
    count = 0
    with zipfile.ZipFile(path, "w") as archive:
        for index, data in receipts:
            archive.writestr(zipfile.ZipInfo(names[index] + SUFFIX), data)
            count += 1
    return count


def smaller_for_print(receipt: Receipt, policy: Policy | None) -> Receipt:
    """The receipt without the signatures that a QR code has no room for: those unknown to the policy, and ML-DSA-44.

    What is left out is never altered: the full receipt says the same, and more.
    """
    if len(bytes(receipt)) <= QR_BYTES:
        return receipt
    note = parse_note(receipt.checkpoint)
    keys = [] if policy is None else [*policy.logs, *policy.witnesses.values()]
    known = {(key.name, key.id) for key in keys if key.type != ML_DSA_44}
    kept = tuple(
        line
        for line in note.signatures
        if len(line.value) <= 72 and (policy is None or (line.name, line.key_id) in known)
    )
    small = Note(text=note.text, signatures=kept)
    return Receipt(index=receipt.index, path=receipt.path, checkpoint=str(small).encode(), extra=receipt.extra)
