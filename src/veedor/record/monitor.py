"""Following somebody else's log, as a newspaper or a party would: a copy of one's own, and an alarm when they differ.

One look reads the checkpoint, verifies it under the policy, reads all entries anew, and compares them with the copy
kept from before. What was seen once must stay: a smaller tree, another tree of the same size, an entry that reads
differently, or silence for too long are each an alarm. The copy is itself a log's folder that anyone can publish.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from veedor.record.errors import DamagedError, LogError, MalformedError, NotVerifiedError
from veedor.record.files import write_atomically
from veedor.record.log import mirror_entries
from veedor.record.merkle import leaf_hash, root_of_hashes
from veedor.record.reader import faults, read_entries, verified_entries
from veedor.record.source import CHECKPOINT, Folder, Source, read_checkpoint
from veedor.record.verify import Checkpoint, Policy, parse_checkpoint, parse_note, verify_checkpoint

SEEN, EVIDENCE = "seen.json", "evidence"
NAMED = 20
"""How many changed entries are named; the rest are counted."""


class Sentence(NamedTuple):
    """The same in English and Spanish."""

    en: str
    es: str


class Kind(StrEnum):
    """What an alarm is about."""

    UNREACHABLE = "unreachable"
    NOT_VERIFIED = "not_verified"
    DAMAGED = "damaged"
    ROLLBACK = "rollback"
    FORK = "fork"
    CHANGED_ENTRY = "changed_entry"
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
    """What one look at a log found.

    before, now: the checkpoint of our copy and the log's (None: there is none, or it is not verified).
    entries: all entries of the log as re-read, present only if they are what `now` binds.
    """

    time: datetime
    before: Checkpoint | None
    now: Checkpoint | None
    entries: tuple[bytes, ...]
    alarms: tuple[Alarm, ...]


Describe = Callable[[bytes, bytes], Sentence]
"""Says which sheet an entry is and what of it differs: (as it was, as it is) -> sentence."""


def describe_bytes(before: bytes, now: bytes) -> Sentence:
    """What can be said of entries without knowing what they are."""
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

    def look(self, now: datetime) -> Look:
        """Look once. The copy moves forward only if nothing is wrong; else both checkpoints are kept as evidence."""
        seen = _read_seen(self.copy / SEEN)
        before, ours = _own_copy(self.copy)
        alarms = list(_clock_alarm(seen, now))
        data, head = b"", None
        entries: tuple[bytes, ...] = ()
        try:
            data = read_checkpoint(self.source)
            head = verify_checkpoint(data, self.policy).checkpoint
            entries = tuple(read_entries(self.source, head.size))
            alarms += self._compare(before, ours, head, entries, seen)
        except LogError as error:
            alarms.append(
                _alarm(Kind.UNREACHABLE, f"The log cannot be read: {error}", f"No se puede leer el registro: {error}")
            )
        except (DamagedError, MalformedError) as error:
            alarms.append(_alarm(Kind.DAMAGED, f"The log is damaged: {error}", f"El registro está dañado: {error}"))
        except NotVerifiedError as error:
            sentence = (
                f"The log's checkpoint does not verify: {error}",
                f"El punto de control del registro no se verifica: {error}",
            )
            alarms.append(_alarm(Kind.NOT_VERIFIED, *sentence))
        if data and any(alarm.kind not in (Kind.UNREACHABLE, Kind.CLOCK) for alarm in alarms):
            self._keep_evidence(data, now)
        elif head is not None and not alarms:
            self._follow(head, entries, data, before, seen, now)
        alarms += _silence_alarm(_read_seen(self.copy / SEEN), self.silence, now)
        return Look(time=now, before=before, now=head, entries=entries, alarms=tuple(alarms))

    def _compare(
        self,
        before: Checkpoint | None,
        ours: Sequence[bytes],
        head: Checkpoint,
        entries: Sequence[bytes],
        seen: dict[int, datetime],
    ) -> list[Alarm]:
        """What differs between our copy and the log as it is now."""
        alarms = []
        if root_of_hashes([leaf_hash(entry) for entry in entries]) != head.root:
            named = "; ".join(faults(self.source, head))
            alarms.append(_alarm(Kind.DAMAGED, f"The log is damaged: {named}", f"El registro está dañado: {named}"))
        if before is None:
            return alarms
        if before.origin != head.origin:
            raise NotVerifiedError(
                f"our copy is of {before.origin!r}, this is {head.origin!r}: give it a folder of its own"
            )
        alarms += _fork_alarms(before, head, seen)
        changed = [at for at, (old, new) in enumerate(zip(ours, entries, strict=False)) if old != new]
        for at in changed[:NAMED]:
            alarms.append(self._changed_alarm(at, ours[at], entries[at], seen))
        if len(changed) > NAMED:
            rest = len(changed) - NAMED
            alarms.append(
                _alarm(Kind.CHANGED_ENTRY, f"{rest} more entries were changed.", f"Se cambiaron {rest} entradas más.")
            )
        return alarms

    def _changed_alarm(self, index: int, old: bytes, new: bytes, seen: dict[int, datetime]) -> Alarm:
        size = min((size for size in seen if size > index), default=0)
        since = seen[size].isoformat() if size else "?"
        what = self.describe(old, new)
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
        self,
        head: Checkpoint,
        entries: tuple[bytes, ...],
        data: bytes,
        before: Checkpoint | None,
        seen: dict[int, datetime],
        now: datetime,
    ) -> None:
        keys = [key for key in self.policy.logs if key.name == head.origin]
        mirror_entries(self.copy, keys, entries[before.size if before else 0 :], parse_note(data))
        if head.size not in seen:
            times = {str(size): time.isoformat() for size, time in {**seen, head.size: now}.items()}
            write_atomically({self.copy / SEEN: (json.dumps(times, indent=1) + "\n").encode()})

    def _keep_evidence(self, data: bytes, now: datetime) -> None:
        """Keep what the log showed; our own checkpoint of before stays in the copy. Both are signed: they prove it."""
        folder = self.copy / EVIDENCE
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LogError(f"{folder} cannot be made: {error.strerror}") from None
        name = now.astimezone(UTC).strftime("checkpoint-%Y%m%dT%H%M%SZ")
        write_atomically({folder / name: data})


def _alarm(kind: Kind, english: str, spanish: str, *, entry: int | None = None) -> Alarm:
    return Alarm(kind=kind, sentence=Sentence(english, spanish), entry=entry)


def _fork_alarms(before: Checkpoint, head: Checkpoint, seen: dict[int, datetime]) -> list[Alarm]:
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


def _own_copy(copy: Path) -> tuple[Checkpoint | None, list[bytes]]:
    """Our checkpoint and entries, shown to belong together: a fault of our own disk must not accuse the log."""
    if not (copy / CHECKPOINT).exists():
        return None, []
    checkpoint = parse_checkpoint(parse_note(read_checkpoint(Folder(copy))).text)
    return checkpoint, verified_entries(Folder(copy), checkpoint)


def _read_seen(path: Path) -> dict[int, datetime]:
    """When each size was first seen here."""
    try:
        return {int(size): datetime.fromisoformat(time) for size, time in json.loads(path.read_bytes()).items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, TypeError):
        raise DamagedError(f"{path} is not the list of what was seen: restore our copy, or begin a new one") from None
