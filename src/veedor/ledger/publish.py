"""From publications to a log: reads each snapshot and appends what it added or changed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from veedor.election import Count, Election
from veedor.errors import Fault, VeedorError
from veedor.ledger.entry import sheets_of
from veedor.ledger.ledger import entries_for, read_ledger
from veedor.record.keys import SigningKey
from veedor.record.log import append_entries, read_head
from veedor.record.reader import verified_entries
from veedor.record.source import Folder
from veedor.record.verify import Checkpoint
from veedor.rim.foreign import CHUNK, open_file
from veedor.sheets.dataset import Dataset


@dataclass(frozen=True, kw_only=True)
class Appended:
    """One publication in the log: its time, how many entries it added, the checkpoint over it, rows left out."""

    when: dt.datetime
    added: int
    checkpoint: Checkpoint
    left_out: tuple[Fault, ...]


def append_publications(
    log: Path,
    dataset: Dataset,
    count: Count,
    keys: Sequence[SigningKey],
    *,
    snapshot: str | None,
    reason: str | None,
    images: Path | None,
) -> list[Appended]:
    """Append one publication (the last if snapshot is None), or `all` in order, each under a checkpoint of its own."""
    election, contest = dataset.election, dataset.contest
    times = dataset.snapshots(count)
    chosen = (
        list(times) if snapshot == "all" else [times[-1] if snapshot is None else published_time(snapshot, election)]
    )
    head = read_head(log).checkpoint
    ledger = read_ledger(verified_entries(Folder(log), head))
    hashes = {} if images is None else image_hashes(images)
    done = []
    for when in chosen:
        sheets = dataset.sheets(count, when=when)
        content = sheets_of(sheets.table, election, contest)
        scope = (election.id, contest.id, count.id)
        published = sheets.when.isoformat()
        new = list(entries_for(content, ledger, published, reason=reason, images=hashes, scope=scope))
        checkpoint = append_entries(log, new, keys)
        for entry in new:
            ledger.take(entry)
        done.append(Appended(when=sheets.when, added=len(new), checkpoint=checkpoint, left_out=sheets.left_out))
    return done


def image_hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of each image in a folder, by its name without the suffix: the station."""
    hashes: dict[str, str] = {}
    for path in sorted(folder.iterdir()):
        if path.stem in hashes:
            raise VeedorError(f"{folder}: more than one image for station {path.stem}")
        digest = sha256()
        with open_file(path) as stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
        hashes[path.stem] = digest.hexdigest()
    return hashes


def published_time(text: str, election: Election) -> dt.datetime:
    """The time that --snapshot names; without an offset it is in the election's time zone."""
    try:
        when = dt.datetime.fromisoformat(text)
    except ValueError:
        raise VeedorError(f"not a time: {text!r} (wanted one such as 2019-10-20T19:40:57-04:00, or `all`)") from None
    return when if when.tzinfo else when.replace(tzinfo=election.zone)
