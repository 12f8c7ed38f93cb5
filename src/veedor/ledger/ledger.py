"""What a record says when its entries are read again, and what to add to it when the authority publishes.

Everything here reads entries of unknown origin: whatever their bytes are, reading does not fail.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeGuard

from veedor.canonical import SAFE_INTEGER, canonical_json
from veedor.election import IN_TOTALS
from veedor.errors import VeedorError
from veedor.finding import Text
from veedor.ledger.entry import SHEET, WITHDRAWAL, Entry
from veedor.ledger.texts import TEXTS
from veedor.rim.hostile_json import Json, loads_line

NAMED = 10
"""How many stations a sentence names; the rest are counted."""

Key = tuple[str, str, str, str]
"""Election, contest, count and station: what a sheet is known by."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The sheet that stands for a station: its entry's index and leaf hash, and its content."""

    index: int
    leaf: str
    content: Entry


@dataclass(frozen=True, kw_only=True)
class Correction:
    """A visible change: the station, the entry that it came by, the one it replaces, and the reason given.

    announced: whether the entry names the one that stood before it. withdrawn: whether it takes the sheet back.
    """

    key: Key
    index: int
    replaces: int
    reason: str
    announced: bool
    withdrawn: bool = False


@dataclass(kw_only=True)
class Standings:
    """Sums over the sheets that stand: sheets in the totals, blank, null, and votes by choice."""

    sheets: int = 0
    blank: int = 0
    null: int = 0
    votes: dict[str, int] = field(default_factory=dict)


@dataclass(kw_only=True)
class Ledger:
    """The content of a record, read entry by entry.

    standing: the last sheet of each station that is not withdrawn. size: entries read; foreign: those not a sheet.
    """

    standing: dict[Key, Standing] = field(default_factory=dict)
    corrections: list[Correction] = field(default_factory=list)
    size: int = 0
    foreign: int = 0

    def take(self, entry: bytes) -> None:
        """Read the next entry. Never fails, whatever its bytes are: what is not a sheet is counted as foreign."""
        index, self.size = self.size, self.size + 1
        content = _parsed(entry)
        if content is None:
            self.foreign += 1
            return
        key = _key(content)
        before = self.standing.get(key)
        withdrawn = content["type"] == WITHDRAWAL
        if before is not None or withdrawn:
            replaces = content.get("replaces")
            named = replaces.get("index") if isinstance(replaces, dict) else None
            self.corrections.append(
                Correction(
                    key=key,
                    index=index,
                    replaces=-1 if before is None else before.index,
                    reason=str(content.get("reason", ""))[:500],
                    announced=before is not None and named == before.index,
                    withdrawn=withdrawn,
                )
            )
        if withdrawn:
            self.standing.pop(key, None)
            return
        leaf = hashlib.sha256(b"\0" + entry).hexdigest()
        self.standing[key] = Standing(index=index, leaf=leaf, content=self._kept(content))

    def _kept(self, content: Entry) -> Entry:
        """What is kept of a sheet's entry: all but what belongs to its publication."""
        return _without_publication(content)

    def totals(self, contest: str, count: str) -> Standings:
        """Sheets in the totals, votes by choice, blank and null of the sheets that stand."""
        return self.all_totals().get((contest, count), Standings())

    def all_totals(self) -> dict[tuple[str, str], Standings]:
        """The totals of every contest and count that a sheet stands in."""
        found: dict[tuple[str, str], Standings] = {}
        for (_, contest, count, _), standing in self.standing.items():
            sums = found.setdefault((contest, count), Standings())
            content = standing.content
            if content.get("status", IN_TOTALS[0]) not in IN_TOTALS:
                continue
            sums.sheets += 1
            sums.blank += content.get("blank", 0)
            sums.null += content.get("null", 0)
            for choice, figure in content["votes"].items():
                sums.votes[choice] = sums.votes.get(choice, 0) + figure
        return found


@dataclass(kw_only=True)
class Sums(Ledger):
    """A ledger for adding up a record of unknown making: of each sheet it keeps what is added, and no more.

    most: figures that it takes in, ten more for each entry; beyond them it only counts entries, and over is true.
    """

    most: int
    figures: int = 0

    @property
    def over(self) -> bool:
        """True if there were more figures than are added up."""
        return self.figures > self.most

    def take(self, entry: bytes) -> None:
        """Read the next entry, as long as it is not over."""
        self.figures += 10
        if self.over:
            self.size += 1
        else:
            super().take(entry)

    def _kept(self, content: Entry) -> Entry:
        self.figures += len(content["votes"])
        kept: Entry = {"votes": content["votes"], "blank": content.get("blank", 0), "null": content.get("null", 0)}
        if "status" in content:
            kept["status"] = content["status"]
        return kept


def read_ledger(entries: Iterable[bytes]) -> Ledger:
    """The ledger that these entries make, in order."""
    ledger = Ledger()
    for entry in entries:
        ledger.take(entry)
    return ledger


def published_at(entry: bytes) -> str | None:
    """When the authority published what this entry says: ISO 8601 with offset; None if it does not say."""
    content = _parsed(entry)
    try:
        when = dt.datetime.fromisoformat(content["published"]) if content else None
    except (KeyError, TypeError, ValueError):
        return None
    return when.isoformat() if when is not None and when.tzinfo is not None else None


def receipt_names(ledger: Ledger) -> dict[int, str]:
    """A file's name for the entry of each station that stands: the station, after contest and count if there are more.

    Before these the election, if there are several. Whatever is no letter, digit, `.` or `-` is written as `_` and its
    code point; so is a `-` inside a part where several are joined by one: names stay apart.
    """
    scopes = {key[:3] for key in ledger.standing}
    first = 3 if len(scopes) <= 1 else 1 if len({election for election, _, _ in scopes}) == 1 else 0
    plain = re.compile(r"[^\w.-]|_|^\." if first == 3 else r"[^\w.]|_|^\.")

    def written(part: str) -> str:
        return plain.sub(lambda found: f"_{code:02x}" if (code := ord(found[0])) < 128 else f"_u{code:x}_", part)

    return {one.index: "-".join(map(written, key[first:])) for key, one in ledger.standing.items()}


def entries_for(
    sheets: Iterable[Entry],
    ledger: Ledger,
    published: str,
    *,
    reason: str | None = None,
    images: Mapping[str, str] | None = None,
    scope: tuple[str, str, str],
) -> Iterator[bytes]:
    """The entries that bring a record up to a snapshot: sheets that are new, corrections, withdrawals.

    sheets: as sheets_of gives them; published: ISO 8601 with offset; images: SHA-256 (hexadecimal) by station.
    scope: election, contest and count: sheets of these that stand in the ledger and are not published any more are
    withdrawn. Raises VeedorError if something published before has changed and no reason is given.
    """
    seen: set[Key] = set()
    for sheet in sheets:
        key = _key(sheet)
        seen.add(key)
        before = ledger.standing.get(key)
        image = (images or {}).get(key[3]) or (before.content.get("image_sha256") if before else None)
        content: Entry = {**sheet, "image_sha256": image} if image else sheet
        new: Entry = {**content, "published": published}
        if before is None:
            yield canonical_json(new)
        elif content != before.content:
            yield canonical_json(_corrected(new, before, reason, key))
    for key, before in list(ledger.standing.items()):
        if key[:3] == scope and key not in seen:
            election, contest, count, station = key
            gone: Entry = {
                "type": WITHDRAWAL,
                "election": election,
                "contest": contest,
                "count": count,
                "station": station,
                "published": published,
            }
            yield canonical_json(_corrected(gone, before, reason, key))


def _without_publication(content: Entry) -> Entry:
    sheet = content.copy()
    sheet.pop("published", None)
    sheet.pop("replaces", None)
    sheet.pop("reason", None)
    return sheet


def _corrected(content: Entry, before: Standing, reason: str | None, key: Key) -> Entry:
    if not reason:
        raise VeedorError(
            f"the sheet of station {key[3]} is not as it was published before (entry {before.index} of the record):"
            " give the reason for the corrections with --reason"
        )
    return {**content, "replaces": {"index": before.index, "leaf": before.leaf}, "reason": reason}


def difference_between(before: bytes, now: bytes) -> Text:
    """The sheet of an entry and its differences, in words: for an alarm."""
    old, new = _parsed(before), _parsed(now)
    if old is None or new is None:
        return TEXTS.say("ledger.no_sheet")
    what = [f"{name} {_shown(was)} → {_shown(is_now)}" for name, was, is_now in _flat_differences(old, new)]
    return TEXTS.say("ledger.difference", station=old["station"], where=_where(old), what="; ".join(what))


def _flat_differences(old: Entry, new: Entry) -> list[tuple[str, object, object]]:
    flat_old, flat_new = ({**sheet, **sheet.get("votes", {})} for sheet in (old, new))
    names = [name for name in dict.fromkeys([*flat_old, *flat_new]) if name != "votes"]
    return [
        (name, flat_old.get(name), flat_new.get(name)) for name in names if flat_old.get(name) != flat_new.get(name)
    ]


def _where(sheet: Entry) -> str:
    place = [str(name) for name in sheet.get("place", []) if name]
    return f" ({', '.join(place[-3:])})" if place else ""


def _shown(value: object) -> str:
    return "—" if value is None else str(value)[:100]


def _key(content: Entry) -> Key:
    return content["election"], content["contest"], content["count"], content["station"]


def _parsed(entry: bytes) -> Entry | None:
    """The entry's object if it is a sheet or a withdrawal in the one form that this module writes."""
    try:
        content = loads_line(entry)
        plain = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        if plain.encode() != entry and canonical_json(content) != entry:  # readers might disagree on what it says
            return None
    except (ValueError, RecursionError, VeedorError):
        return None
    return content if _is_entry(content) else None


def _is_entry(content: Json) -> TypeGuard[Entry]:
    """True of a sheet or a withdrawal, as far as anything here reads it; other members may be there and be anything."""
    if not isinstance(content, dict) or content.get("type") not in (SHEET, WITHDRAWAL):
        return False
    if not all(isinstance(content.get(name), str) for name in ("election", "contest", "count", "station")):
        return False
    if content["type"] == WITHDRAWAL:
        return True
    votes, place = content.get("votes"), content.get("place", [])
    figures = [content.get(name, 0) for name in ("blank", "null")]
    if not isinstance(votes, dict) or not isinstance(place, list) or not isinstance(content.get("status", ""), str):
        return False
    return all(type(figure) is int and 0 <= figure <= SAFE_INTEGER for figure in (*votes.values(), *figures))


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A figure that the authority publishes otherwise than the record's sheets add up to."""

    figure: str
    published: int
    record: int


def differences_of_totals(published: Standings, record: Standings) -> list[Difference]:
    """Differences of two totals (as Ledger.totals gives them); a choice that one of them lacks has 0 votes there."""
    ours, theirs = (
        {"sheets": totals.sheets, "blank": totals.blank, "null": totals.null, **totals.votes}
        for totals in (record, published)
    )
    names = dict.fromkeys([*theirs, *ours])
    pairs = [Difference(figure=name, published=theirs.get(name, 0), record=ours.get(name, 0)) for name in names]
    return [pair for pair in pairs if pair.published != pair.record]


def growth_in_words(ledger: Ledger, before: int, differences: list[Difference] | None) -> Text:
    """One sentence: what grew since entry `before`, what was corrected, whether the published totals equal these.

    differences: None if no published totals were given to compare with.
    """
    news = [correction for correction in ledger.corrections if correction.index >= before]
    parts = [_grown(ledger, before)]
    corrected = [one.key[3] for one in news if one.announced and not one.withdrawn]
    withdrawn = [one.key[3] for one in news if one.announced and one.withdrawn]
    silent = [one.key[3] for one in news if not one.announced]
    for key, stations in (
        ("ledger.corrected", corrected),
        ("ledger.withdrawn", withdrawn),
        ("ledger.again", silent),
    ):
        if stations:
            parts.append(TEXTS.say(key, stations=_named(stations)))
    if ledger.foreign:
        parts.append(TEXTS.say("ledger.foreign", foreign=ledger.foreign))
    if differences is not None:
        parts.append(_compared(differences))
    return Text.join("; ", parts).map(lambda said: f"{said}.")


def _grown(ledger: Ledger, before: int) -> Text:
    grown, size = ledger.size - before, ledger.size
    if not grown:
        return TEXTS.say("ledger.not_grown", size=size)
    return TEXTS.say("ledger.grown", grown=grown, size=size)


def _named(stations: list[str]) -> str:
    more = f" (+{len(stations) - NAMED})" if len(stations) > NAMED else ""
    return ", ".join(stations[:NAMED]) + more


def _compared(differences: list[Difference]) -> Text:
    if not differences:
        return TEXTS.say("ledger.equal_totals")
    listed = ", ".join(f"{one.figure} {one.published} ≠ {one.record}" for one in differences[:NAMED])
    return TEXTS.say("ledger.other_totals", listed=listed)
