"""Following somebody else's log, as a newspaper or a party would: a copy of one's own, and an alarm when they differ.

One look reads the checkpoint, verifies it under the policy, reads all entries again, and compares them with the copy
kept from before. What was seen once must stay: a smaller tree, another tree of the same size, an entry that reads
differently, or silence for too long are each an alarm. The copy is itself a log's folder that anyone can publish.

A log may have no end: entries go to disk bundle by bundle, no more than one of them is in memory, and a look ends with
an alarm when it has taken what it may (see `budget`).
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from veedor.record.budget import LimitError
from veedor.record.errors import DamagedError, LogError, MalformedError, NotVerifiedError, RecordError
from veedor.record.files import read_file, write_atomically
from veedor.record.log import mirror_entries
from veedor.record.merkle import leaf_hash
from veedor.record.reader import Reading, check_own, faults, read_entries
from veedor.record.source import CHECKPOINT, Folder, Source, allow, read_checkpoint
from veedor.record.verify import (
    Checkpoint,
    Key,
    Note,
    Policy,
    parse_checkpoint,
    parse_note,
    verify_checkpoint,
    verify_note,
)
from veedor.rim.hostile_json import JsonError, a_text, loads_object

SEEN, EVIDENCE = "seen.json", "evidence"
NAMED = 20
"""How many changed entries, or files that are not as signed, are named; the rest are counted."""
MAX_SEEN = 1 << 24
LONGEST = 2000
"""Characters of what is said of one changed entry."""


class Sentence(NamedTuple):
    """The same in English and Spanish."""

    en: str
    es: str


class Kind(StrEnum):
    """Subject of an alarm."""

    UNREACHABLE = "unreachable"
    NOT_VERIFIED = "not_verified"
    DAMAGED = "damaged"
    ROLLBACK = "rollback"
    FORK = "fork"
    CHANGED_ENTRY = "changed_entry"
    LIMIT = "limit"
    SILENCE = "silence"
    CLOCK = "clock"


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """Something that must not be. entry: the index it is about, where it is about one."""

    kind: Kind
    sentence: Sentence
    entry: int | None = None


@dataclass(frozen=True, kw_only=True)
class Look:
    """Result of one look at a log.

    before, now: the checkpoint of our copy and the log's (None: there is none, or it is not verified).
    whole: whether all entries were re-read, and are what `now` binds.
    """

    time: datetime
    before: Checkpoint | None
    now: Checkpoint | None
    whole: bool
    alarms: tuple[Alarm, ...]


Take = Callable[[bytes], object]
"""Is handed every entry of the log as it is read, before it is known whether the checkpoint binds it."""
Describe = Callable[[bytes, bytes], Sentence]
"""Says which sheet an entry is and what of it differs: (as it was, as it is) -> sentence."""


def describe_bytes(before: bytes, now: bytes) -> Sentence:
    """A sentence on entries whose meaning is not known."""
    was, now_is = leaf_hash(before).hex()[:16], leaf_hash(now).hex()[:16]
    return Sentence(f"its hash was {was}…, now it is {now_is}…", f"su hash era {was}…, ahora es {now_is}…")


@dataclass(frozen=True, kw_only=True)
class Monitor:
    """Follows one log. copy: our folder; silence: how long the log may stand still before we say so, None: for ever."""

    source: Source
    policy: Policy
    copy: Path
    silence: timedelta | None = None
    describe: Describe = describe_bytes

    def look(self, now: datetime, take: Take = lambda entry: None) -> Look:
        """Look once. The copy moves forward only if nothing is wrong; else both checkpoints are kept as evidence."""
        seen = _read_seen(self.copy / SEEN)
        before = _own_copy(self.copy)
        alarms = _clock_alarm(seen, now)
        data, head, beside = b"", None, None
        try:
            data = read_checkpoint(self.source)
            head = verify_checkpoint(data, self.policy).checkpoint
            alarms += _fork_alarms(before, head, seen)
            allow(self.source, head.size)
            beside = _Beside(self, before, head, take)
            alarms += self._changed(beside, seen)
            if alarms:  # the rest is read for what it says, not for our copy
                for _ in beside.fresh():
                    pass
        except RecordError as error:
            alarms += _alarms_of(error)
        if beside is not None and head is not None and not alarms:
            try:
                self._follow(beside, head, data, seen, now)
            except _TheirError as error:
                alarms += _alarms_of(error)
        if data and any(alarm.kind not in (Kind.UNREACHABLE, Kind.CLOCK) for alarm in alarms):
            self._keep_evidence(data, now)
        alarms += _silence_alarm(_read_seen(self.copy / SEEN), self.silence, now)
        whole = beside is not None and beside.whole
        return Look(time=now, before=before, now=head, whole=whole, alarms=tuple(alarms))

    def _changed(self, beside: "_Beside", seen: dict[int, datetime]) -> list[Alarm]:
        """The entries that our copy has otherwise: the first of them, and how many more."""
        alarms: list[Alarm] = []
        more = 0
        for index, old, new in beside.changed():
            if len(alarms) < NAMED:
                alarms.append(self._changed_alarm(index, old, new, seen))
            else:
                more += 1
        if more:
            sentence = f"{more} more entries were changed.", f"Se cambiaron {more} entradas más."
            alarms.append(_alarm(Kind.CHANGED_ENTRY, *sentence))
        return alarms

    def _changed_alarm(self, index: int, old: bytes, new: bytes, seen: dict[int, datetime]) -> Alarm:
        size = min((size for size in seen if size > index), default=0)
        since = seen[size].isoformat() if size else "?"
        what = Sentence(*map(_shortened, self.describe(old, new)))
        english = (
            f"Entry {index} was changed after it was published: {what.en}. We hold the version that stood in the"
            f" checkpoint of {size} entries, seen here on {since}; no correction announces the change."
        )
        spanish = (
            f"La entrada {index} fue cambiada después de publicada: {what.es}. Conservamos la versión que constaba en"
            f" el punto de control de {size} entradas, visto aquí el {since}; ninguna corrección anuncia el cambio."
        )
        return _alarm(Kind.CHANGED_ENTRY, english, spanish, entry=index)

    def _follow(
        self, beside: "_Beside", head: Checkpoint, data: bytes, seen: dict[int, datetime], now: datetime
    ) -> None:
        keys = [key for key in self.policy.logs if key.name == head.origin]
        mirror_entries(self.copy, keys, beside.fresh(), parse_note(data))
        if head.size not in seen:
            times = {str(size): time.isoformat() for size, time in {**seen, head.size: now}.items()}
            write_atomically({self.copy / SEEN: (json.dumps(times, indent=1) + "\n").encode()})

    def _keep_evidence(self, data: bytes, now: datetime) -> None:
        """Keep what the log showed, if it signed that; our own checkpoint of before stays in the copy.

        Both are signed: they prove it. The same text by the same signers is kept once, however often it is shown.
        """
        signers = _signers(data, self.policy)
        if signers is None:
            return
        folder = self.copy / EVIDENCE
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LogError(f"{folder} cannot be made: {error.strerror}") from None
        digest = sha256(parse_note(data).text.encode() + b"".join(signers)).hexdigest()[:16]
        if not any(folder.glob(f"checkpoint-*-{digest}")):
            name = now.astimezone(UTC).strftime(f"checkpoint-%Y%m%dT%H%M%SZ-{digest}")
            write_atomically({folder / name: data})


class _TheirError(RecordError):
    """The log is at fault, not our own disk. reason: how."""

    def __init__(self, reason: RecordError) -> None:
        super().__init__(str(reason))
        self.reason = reason


class _Beside:
    """The log's entries as they are read, beside those of our copy: first those that both have, then the others."""

    def __init__(self, monitor: Monitor, before: Checkpoint | None, head: Checkpoint, take: Take) -> None:
        if before is not None and before.origin != head.origin:
            raise NotVerifiedError(
                f"our copy is of {before.origin!r}, this is {head.origin!r}: give it a folder of its own"
            )
        self.head, self.take = head, take
        self.reading = Reading(monitor.source, head.size)
        self.theirs = self.reading.entries()
        held = 0 if before is None else before.size
        self.ours = read_entries(Folder(monitor.copy), held)
        self.common = min(held, head.size)

    @property
    def whole(self) -> bool:
        """True if all entries were read, and are what the checkpoint binds."""
        return self.reading.root == self.head.root

    def changed(self) -> Iterator[tuple[int, bytes, bytes]]:
        """Of the entries that both have, those that differ: index, ours, theirs."""
        for index, (old, new) in enumerate(zip(self.ours, islice(self.theirs, self.common), strict=False)):
            self.take(new)
            if old != new:
                yield index, old, new

    def fresh(self) -> Iterator[bytes]:
        """The entries that our copy does not have. Raises _TheirError if not all is as the checkpoint signs."""
        try:
            for entry in self.theirs:
                self.take(entry)
                yield entry
            if not self.whole or self.reading.altered:
                raise DamagedError(self._named())
        except RecordError as error:
            raise _TheirError(error) from None

    def _named(self) -> str:
        """Which files are not as the checkpoint signs."""
        if self.whole:
            return "; ".join(self.reading.altered) + " (its entries are as signed)"
        try:
            named = faults(self.reading.source, self.head)
        except RecordError:
            named = []
        more = f"; and {len(named) - NAMED} more" if len(named) > NAMED else ""
        return "; ".join(named[:NAMED]) + more or "its entries do not give the root that was signed"


def _alarms_of(error: RecordError) -> list[Alarm]:
    match error:
        case _TheirError():
            return _alarms_of(error.reason)
        case LimitError():
            english = f"The log was not read to its end: {error}."
            return [_alarm(Kind.LIMIT, english, f"El registro no se leyó hasta el final: {error.spanish}.")]
        case LogError():
            kind, english, spanish = Kind.UNREACHABLE, "The log cannot be read", "No se puede leer el registro"
        case NotVerifiedError():
            kind, english = Kind.NOT_VERIFIED, "The log's checkpoint does not verify"
            spanish = "El punto de control del registro no se verifica"
        case _:
            kind, english, spanish = Kind.DAMAGED, "The log is damaged", "El registro está dañado"
    return [_alarm(kind, f"{english}: {error}", f"{spanish}: {error}")]


def _signers(data: bytes, policy: Policy) -> list[bytes] | None:
    """The ids of the policy's keys that signed this; None if no log of the policy did."""
    try:
        note = parse_note(data)
    except MalformedError:
        return None
    logs, witnesses = (_signing(note, keys) for keys in (policy.logs, policy.witnesses.values()))
    return sorted([*logs, *witnesses]) if logs else None


def _signing(note: Note, keys: Iterable[Key]) -> list[bytes]:
    found = []
    for key in keys:
        with suppress(NotVerifiedError):
            verify_note(note, [key])
            found.append(key.id)
    return found


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text) - LONGEST} characters more)"


def _alarm(kind: Kind, english: str, spanish: str, *, entry: int | None = None) -> Alarm:
    return Alarm(kind=kind, sentence=Sentence(english, spanish), entry=entry)


def _fork_alarms(before: Checkpoint | None, head: Checkpoint, seen: dict[int, datetime]) -> list[Alarm]:
    if before is None or before.origin != head.origin:
        return []
    since = seen[before.size].isoformat() if before.size in seen else "?"
    if head.size < before.size:
        english = f"The log was rolled back: it had {before.size} entries on {since}, now it has {head.size}."
        spanish = f"El registro retrocedió: tenía {before.size} entradas el {since}, ahora tiene {head.size}."
        return [_alarm(Kind.ROLLBACK, english, spanish)]
    if head.size == before.size and head.root != before.root:
        english = (
            f"The log forked: the tree of {head.size} entries is not the one that was signed and seen here on {since}."
        )
        spanish = f"El registro se bifurcó: el árbol de {head.size} entradas no es el firmado y visto aquí el {since}."
        return [_alarm(Kind.FORK, english, spanish)]
    return []


def _clock_alarm(seen: dict[int, datetime], now: datetime) -> list[Alarm]:
    last = max(seen.values(), default=now)
    if now >= last:
        return []
    english = (
        f"This machine's clock went backwards: it says {now.isoformat()}, the last look was at {last.isoformat()}."
    )
    spanish = f"El reloj de esta máquina retrocedió: marca {now.isoformat()}, la última mirada fue {last.isoformat()}."
    return [_alarm(Kind.CLOCK, english, spanish)]


def _silence_alarm(seen: dict[int, datetime], silence: timedelta | None, now: datetime) -> list[Alarm]:
    if silence is None or not seen:
        return []
    last = max(seen.values())
    if now - last <= silence:
        return []
    english = f"The log has not grown since {last.isoformat()}: {_span(now - last)} of silence."
    spanish = f"El registro no crece desde el {last.isoformat()}: {_span(now - last)} de silencio."
    return [_alarm(Kind.SILENCE, english, spanish)]


def _span(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    return f"{minutes // 60} h {minutes % 60:02} min"


def _own_copy(copy: Path) -> Checkpoint | None:
    """Our checkpoint, shown to be that of our entries: a fault of our own disk must not accuse the log."""
    if not (copy / CHECKPOINT).exists():
        return None
    checkpoint = parse_checkpoint(parse_note(read_checkpoint(Folder(copy))).text)
    check_own(Folder(copy), checkpoint)
    return checkpoint


def _read_seen(path: Path) -> dict[int, datetime]:
    """When each size was first seen here."""
    if not path.exists():
        return {}
    try:
        seen = loads_object(read_file(path, MAX_SEEN), str(path))
        return {int(size): datetime.fromisoformat(a_text(time, "a time")) for size, time in seen.items()}
    except (JsonError, LogError, ValueError):
        raise DamagedError(f"{path} is not the list of what was seen: restore our copy, or begin a new one") from None
