"""A witness: cosigns a log's checkpoint if it continues what the witness cosigned before, and never otherwise.

The answers are those of C2SP tlog-witness; `server` puts them on HTTP. What the witness knows of each log is one row in
SQLite; looking at it, judging and replacing it are one transaction, and that is on disk before the answer leaves.
"""

import sqlite3
import threading
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from veedor.record.errors import LogError, MalformedError, NotVerifiedError, RecordError
from veedor.record.files import read_file
from veedor.record.keys import SigningKey
from veedor.record.merkle import EMPTY_ROOT, verify_consistency
from veedor.record.service.marker import Mark, Marker, open_marker
from veedor.record.verify import (
    COSIGNATURE,
    MAX_SIZE,
    ML_DSA_44,
    Checkpoint,
    Key,
    Note,
    hash_from_base64,
    parse_checkpoint,
    parse_key,
    parse_signatures,
    split_note,
    to_base64,
    verify_note,
    whole_number,
)

PLAIN = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"
MAX_PROOF = 63
CLOCK_TOLERANCE = 60
"""Seconds that the clock may step back (as time servers make it do) without the witness refusing to sign."""
MOST_ENTRIES = 10_000_000
"""Entries of the largest tree that is cosigned, unless the list of logs says otherwise: ten times the polling stations
of the largest electorate. A tree that nobody could read is no record, and no proof shows that its entries are there."""
MAX_LIST, MOST_DOTS = 1 << 18, 1000


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer over HTTP."""

    status: int
    body: str
    content_type: str = PLAIN


class RefusalError(RecordError):
    """The witness does not cosign; carries the answer to give."""

    def __init__(self, status: int, reason: str, *, content_type: str = PLAIN) -> None:
        super().__init__(reason)
        self.reply = Reply(status=status, body=reason + "\n", content_type=content_type)


@dataclass(frozen=True, kw_only=True)
class Known:
    """A witness's knowledge of a log: the last checkpoint it cosigned, and when (POSIX seconds)."""

    size: int
    root: bytes
    note: str
    time: int


@dataclass(frozen=True, kw_only=True)
class WatchedLog:
    """A log that a witness is told of: its keys; how many entries it may have, and how many at first sight."""

    keys: tuple[Key, ...]
    most: int = MOST_ENTRIES
    first: int = MOST_ENTRIES


def read_logs(path: Path) -> dict[str, WatchedLog]:
    """The logs to watch, from a TOML file with tables `[[log]]`: origin, keys, and most and first where it has them."""
    data = read_file(path, MAX_LIST)
    if any(line.count(b".") > MOST_DOTS for line in data.split(b"\n")):
        raise MalformedError(
            f"{path}: a line with more than {MOST_DOTS} dots"
        )  # a dotted key is read in quadratic time
    try:
        tables = tomllib.loads(data.decode("utf-8"))["log"]
        logs = {table["origin"]: _watched(table) for table in tables}
    except MalformedError as error:
        raise MalformedError(f"{path}: {error}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise MalformedError(f'{path}: wanted tables [[log]] with origin = "..." and keys = ["..."]') from None
    if not logs or len(logs) != len(tables) or not all(log.keys for log in logs.values()):
        raise MalformedError(f"{path}: wanted at least one log, each origin once, each with a key")
    return logs


def _watched(table: Mapping[str, Any]) -> WatchedLog:
    unknown = set(table) - {"origin", "keys", "most", "first"}
    if unknown:
        raise MalformedError(f"no key {min(unknown)!r} in [[log]]; there are origin, keys, most and first")
    most = table.get("most", MOST_ENTRIES)
    first = table.get("first", most)
    if not all(type(number) is int and 0 <= number <= MAX_SIZE for number in (most, first)):
        raise MalformedError("most and first are whole numbers of entries")
    return WatchedLog(keys=tuple(parse_key(vkey) for vkey in table["keys"]), most=most, first=first)


class Store:
    """The witness's memory: one row for each log, in SQLite. Safe for many threads and processes."""

    def __init__(self, path: Path) -> None:
        try:
            self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=FULL")
            self._connection.execute(
                "CREATE TABLE IF NOT EXISTS known (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL,"
                " note TEXT NOT NULL, time INTEGER NOT NULL) STRICT"
            )
        except sqlite3.Error as error:
            raise LogError(f"{path} cannot hold the witness's state: {error}") from None
        self._lock = threading.Lock()

    def get(self, origin: str) -> Known | None:
        """The last checkpoint cosigned for this log."""
        with self._lock:
            try:
                return self._get(origin)
            except sqlite3.Error as error:
                raise RefusalError(503, f"this witness cannot read its state ({error})") from None

    def update(self, origin: str, decide: Callable[[Known | None], Known]) -> Known:
        """In one transaction: look, decide, replace. If decide raises, nothing changes. On disk when this returns."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                new = decide(self._get(origin))
                self._connection.execute(
                    "INSERT OR REPLACE INTO known VALUES (?, ?, ?, ?, ?)",
                    (origin, new.size, new.root, new.note, new.time),
                )
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                raise RefusalError(503, f"this witness cannot keep its state ({error}); nothing was signed") from None
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
            return new

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _get(self, origin: str) -> Known | None:
        row = self._connection.execute(
            "SELECT size, root, note, time FROM known WHERE origin = ?", (origin,)
        ).fetchone()
        return None if row is None else Known(size=row[0], root=row[1], note=row[2], time=row[3])


def open_state(
    path: Path, key_files: Sequence[Path], origins: Sequence[str], *, anew: str = ""
) -> tuple[Store, Marker]:
    """The state and its marker. LogError, and nothing made, if the state is behind what was cosigned (see `marker`).

    anew: the time (ISO 8601) at which the operator starts afresh on purpose.
    """
    store = Store(path) if path.exists() else None

    def held(origin: str) -> Mark | None:
        known = None if store is None else store.get(origin)
        return None if known is None else Mark(size=known.size, root=known.root)

    try:
        marker = open_marker(path, key_files, origins, held, anew=anew)
    except RecordError:
        if store is not None:
            store.close()
        raise
    return store or Store(path), marker


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request to add-checkpoint, well formed but not yet judged. signatures: the lines below the text, unread."""

    old: int
    proof: tuple[bytes, ...]
    text: str
    signatures: str
    checkpoint: Checkpoint


def format_request(old: int, proof: Sequence[bytes], note: bytes) -> bytes:
    """The body of add-checkpoint: old size, consistency proof, blank line, checkpoint."""
    return "\n".join([f"old {old}", *map(to_base64, proof), "", ""]).encode() + note


def parse_request(body: bytes) -> Request:
    """The inverse of format_request."""
    head, blank, rest = body.partition(b"\n\n")
    if not blank or not head.isascii():
        raise MalformedError("wanted `old N`, proof lines, a blank line and a checkpoint")
    first, *lines = head.decode("ascii").split("\n")
    if not first.startswith("old "):
        raise MalformedError("the first line must be `old N`")
    if len(lines) > MAX_PROOF:
        raise MalformedError(f"more than {MAX_PROOF} proof lines")
    text, signatures = split_note(rest)
    return Request(
        old=whole_number(first.removeprefix("old "), "the old size"),
        proof=tuple(hash_from_base64(line, "a proof line") for line in lines),
        text=text,
        signatures=signatures,
        checkpoint=parse_checkpoint(text),
    )


class Witness:
    """Judges checkpoints of the logs it is told of. clock: POSIX seconds."""

    def __init__(
        self,
        store: Store,
        logs: Mapping[str, WatchedLog],
        keys: Sequence[SigningKey],
        clock: Callable[[], float],
        marker: Marker | None = None,
    ) -> None:
        if not keys or any(key.type not in (COSIGNATURE, ML_DSA_44) for key in keys):
            raise MalformedError("a witness signs with cosignature keys (made by `veedor record key --for witness`)")
        self.store, self.logs, self.keys, self.clock, self.marker = store, logs, keys, clock, marker
        self._origins = {sha256(origin.encode()).hexdigest(): origin for origin in logs}

    def add_checkpoint(self, body: bytes) -> Reply:
        """Answer POST add-checkpoint."""
        try:
            return self._add(body)
        except RefusalError as refusal:
            return refusal.reply
        except MalformedError as error:
            return Reply(status=400, body=f"{error}\n")

    def latest(self, origin_hash: str) -> Reply:
        """Answer GET <hex SHA-256 of the origin>/checkpoint: the last checkpoint cosigned, for monitors."""
        try:
            known = self.store.get(self._origins[origin_hash]) if origin_hash in self._origins else None
        except RefusalError as refusal:
            return refusal.reply
        if known is None:
            return Reply(status=404, body="no checkpoint of such a log was cosigned here\n")
        return Reply(status=200, body=known.note)

    def _add(self, body: bytes) -> Reply:
        request = parse_request(body)
        checkpoint = request.checkpoint
        # 404 unknown origin, 403 not signed by a key bound to that origin, 400 an old size beyond the checkpoint's
        log = self.logs.get(checkpoint.origin)
        if log is None:
            raise RefusalError(404, f"this witness does not watch {checkpoint.origin[:200]!r}")
        try:
            note = Note(text=request.text, signatures=parse_signatures(request.signatures))
            signed = verify_note(note, log.keys)
        except (MalformedError, NotVerifiedError) as error:  # a line that is no signature signs nothing
            raise RefusalError(403, f"{error}") from None
        if request.old > checkpoint.size:
            raise RefusalError(400, f"the old size {request.old} is larger than the checkpoint's {checkpoint.size}")
        lines: list[str] = []

        def decide(known: Known | None) -> Known:
            time = _next_time(known, int(self.clock()))
            _judge(request, known)
            _judge_size(checkpoint, log, known)
            ours = tuple(key.sign(request.text, time) for key in self.keys)
            lines.extend(map(str, ours))
            ids = {(key.name, key.id) for key in signed}
            theirs = tuple(line for line in note.signatures if (line.name, line.key_id) in ids)
            return Known(
                size=checkpoint.size,
                root=checkpoint.root,
                note=str(Note(text=request.text, signatures=theirs + ours)),
                time=time,
            )

        new = self.store.update(checkpoint.origin, decide)
        if self.marker is not None:
            try:
                self.marker.keep(checkpoint.origin, Mark(size=new.size, root=new.root))
            except LogError as error:
                raise RefusalError(503, f"this witness cannot keep its marker ({error}); nothing was signed") from None
        return Reply(status=200, body="".join(lines))


def _next_time(known: Known | None, now: int) -> int:
    """The time to sign: never before that of the cosignature before, or the statement 'largest by then' were false."""
    if known is None or now >= known.time:
        return now
    if known.time - now > CLOCK_TOLERANCE:
        raise RefusalError(
            503,
            f"this witness's clock went backwards: it says {_iso(now)}, but it cosigned at {_iso(known.time)};"
            " it signs nothing until its clock is right",
        )
    return known.time


def _judge(request: Request, known: Known | None) -> None:
    """409 if the old size is not the one on record, 422 if the new tree does not continue the one on record."""
    new, old_size = request.checkpoint, 0 if known is None else known.size
    if request.old != old_size:
        raise RefusalError(409, str(old_size), content_type=SIZE)
    try:
        verify_consistency(old_size, new.size, EMPTY_ROOT if known is None else known.root, new.root, request.proof)
    except NotVerifiedError as error:
        since = (
            "" if known is None else f" This witness cosigned the tree of {known.size} entries at {_iso(known.time)}."
        )
        raise RefusalError(422, f"{error}.{since}") from None


def _judge_size(new: Checkpoint, log: WatchedLog, known: Known | None) -> None:
    """403 for a tree that is larger than this witness was told the log may be, at first sight or ever."""
    if new.size > log.most:
        raise RefusalError(403, f"this witness cosigns no tree of more than {log.most} entries of this log")
    if known is None and new.size > log.first:
        raise RefusalError(
            403, f"this witness sees this log for the first time, and then cosigns at most {log.first} entries"
        )


def _iso(time: int) -> str:
    try:
        return datetime.fromtimestamp(time, UTC).isoformat()
    except (OverflowError, ValueError, OSError):  # a state that somebody else wrote
        return f"{time} seconds after 1970"
