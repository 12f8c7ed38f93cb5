"""How a sheet becomes an entry of the record, and what the entries of a record say when they are read again.

An entry is the sheet as canonical JSON (RFC 8785): the same sheet gives the same bytes everywhere. Nothing in a record
is ever replaced: a correction is a further entry that names the entry it corrects, and why; so is a withdrawal.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from json.encoder import encode_basestring
from typing import Any

import polars as pl

from veedor.election import IN_TOTALS, Contest, Election
from veedor.errors import VeedorError
from veedor.finding import Text
from veedor.sheets.table import vote_columns

SAFE_INTEGER = 2**53 - 1
"""The largest whole number that every reader of JSON reads exactly."""

PUBLICATION = ("published", "replaces", "reason")
"""Members of an entry that tell of its publication; the others are the sheet."""

SHEET, WITHDRAWAL = "sheet", "withdrawal"


def canonical_json(value: Any) -> bytes:
    """RFC 8785, for what entries are made of: objects, arrays, strings, whole numbers, true, false and null.

    Raises VeedorError for a fraction or a number beyond 2^53 - 1 (their spelling differs between readers), and for a
    string that is not Unicode.
    """
    parts: list[str] = []
    _write(value, parts)
    try:
        return "".join(parts).encode("utf-8")
    except UnicodeEncodeError:
        raise VeedorError("an entry holds half of a surrogate pair, which is not Unicode") from None


def _write(value: Any, parts: list[str]) -> None:
    kind = type(value)
    if kind is str:
        parts.append(encode_basestring(value))
    elif kind is int:
        if not -SAFE_INTEGER <= value <= SAFE_INTEGER:
            raise VeedorError(f"an entry holds {value}; whole numbers go to {SAFE_INTEGER}")
        parts.append(str(value))
    elif value is None or kind is bool:
        parts.append({None: "null", True: "true", False: "false"}[value])
    elif isinstance(value, Mapping):
        mark = "{"
        for name in sorted(value, key=_utf16):
            parts.append(f"{mark}{encode_basestring(name)}:")
            _write(value[name], parts)
            mark = ","
        parts.append("}" if value else "{}")
    elif isinstance(value, list | tuple):
        mark = "["
        for item in value:
            parts.append(mark)
            _write(item, parts)
            mark = ","
        parts.append("]" if value else "[]")
    else:
        raise VeedorError(f"an entry cannot hold {kind.__name__}")


def _utf16(name: object) -> bytes:
    """Section 3.2.3: names are sorted by their UTF-16 code units."""
    if not isinstance(name, str):
        raise VeedorError("an object's names are strings")
    return name.encode("utf-16-be", "surrogatepass")


def sheets_of(table: pl.DataFrame, election: Election, contest: Contest) -> list[dict[str, Any]]:
    """Each row of a sheet table as the content of an entry: what the sheet says and where it is from, absent left out.

    Coordinates and the time of arrival are not on the sheet and stay out.
    """
    votes = vote_columns(contest)
    levels = [level for level in election.level_ids if table[level].null_count() < table.height]
    plain = table.with_columns(pl.col("status").cast(pl.String), *(pl.col(level).cast(pl.String) for level in levels))
    figures = ("registered", "blank", "null", "valid", "cast", "status")
    counts = table["count"].cast(pl.String).to_list()
    stations = table["station"].to_list()
    places = list(zip(*(plain[level].to_list() for level in levels), strict=True)) or [()] * table.height
    columns = {name: plain[name].to_list() for name in (*votes, *figures)}
    sheets: list[dict[str, Any]] = []
    for at in range(table.height):
        sheet: dict[str, Any] = {
            "type": SHEET,
            "election": election.id,
            "contest": contest.id,
            "count": counts[at],
            "station": stations[at],
            "votes": {
                choice: figure
                for choice, name in zip(contest.choice_ids, votes, strict=True)
                if (figure := columns[name][at]) is not None
            },
        }
        if places[at]:
            sheet["place"] = list(places[at])
        sheet.update({name: figure for name in figures if (figure := columns[name][at]) is not None})
        sheets.append(sheet)
    return sheets


Key = tuple[str, str, str, str]
"""Election, contest, count and station: what a sheet is known by."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The sheet that stands for a station: its entry's index and leaf hash, and its content."""

    index: int
    leaf: str
    content: Mapping[str, Any]


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
class Ledger:
    """What a record says, read entry by entry.

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
        sheet = {name: value for name, value in content.items() if name not in PUBLICATION}
        leaf = hashlib.sha256(b"\0" + entry).hexdigest()
        self.standing[key] = Standing(index=index, leaf=leaf, content=sheet)

    def totals(self, contest: str, count: str) -> dict[str, Any]:
        """Sheets in the totals, votes by choice, blank and null of the sheets that stand."""
        votes: dict[str, int] = {}
        sums = {"sheets": 0, "blank": 0, "null": 0}
        for (_, of_contest, of_count, _), standing in self.standing.items():
            content = standing.content
            if (of_contest, of_count) != (contest, count) or content.get("status", IN_TOTALS[0]) not in IN_TOTALS:
                continue
            sums["sheets"] += 1
            for name in ("blank", "null"):
                sums[name] += content.get(name, 0)
            for choice, figure in content["votes"].items():
                votes[choice] = votes.get(choice, 0) + figure
        return {**sums, "votes": votes}


def read_ledger(entries: Iterable[bytes]) -> Ledger:
    """What these entries, in order, say."""
    ledger = Ledger()
    for entry in entries:
        ledger.take(entry)
    return ledger


def entries_for(
    sheets: Iterable[Mapping[str, Any]],
    ledger: Ledger,
    published: str,
    *,
    reason: str | None = None,
    images: Mapping[str, str] | None = None,
    scope: tuple[str, str, str],
) -> Iterator[bytes]:
    """The entries that bring a record up to a published state: sheets that are new, corrections, withdrawals.

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
        content = {**sheet, "image_sha256": image} if image else dict(sheet)
        if before is None:
            yield canonical_json({**content, "published": published})
        elif content != before.content:
            yield canonical_json({**content, "published": published, **_correction(before, reason, key)})
    for key, before in list(ledger.standing.items()):
        if key[:3] == scope and key not in seen:
            names = dict(zip(("election", "contest", "count", "station"), key, strict=True))
            content = {"type": WITHDRAWAL, **names, "published": published}
            yield canonical_json({**content, **_correction(before, reason, key)})


def _correction(before: Standing, reason: str | None, key: Key) -> dict[str, Any]:
    if not reason:
        raise VeedorError(
            f"the sheet of station {key[3]} is not as it was published before (entry {before.index} of the record):"
            " give the reason for the corrections with --reason"
        )
    return {"replaces": {"index": before.index, "leaf": before.leaf}, "reason": reason}


def difference_between(before: bytes, now: bytes) -> Text:
    """Which sheet an entry is and what of it differs, in words: for an alarm."""
    old, new = _parsed(before), _parsed(now)
    if old is None or new is None:
        return Text("it is not a tally sheet", "no es un acta")
    what = [f"{name} {_shown(was)} → {_shown(is_now)}" for name, was, is_now in _flat_differences(old, new)]
    english = f"the tally sheet of station {old['station']}{_where(old)} ({'; '.join(what)})"
    spanish = f"el acta de la mesa {old['station']}{_where(old)} ({'; '.join(what)})"
    return Text(english, spanish)


def _flat_differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    flat_old, flat_new = ({**sheet, **sheet["votes"]} if "votes" in sheet else dict(sheet) for sheet in (old, new))
    names = [name for name in dict.fromkeys([*flat_old, *flat_new]) if name != "votes"]
    return [
        (name, flat_old.get(name), flat_new.get(name)) for name in names if flat_old.get(name) != flat_new.get(name)
    ]


def _where(sheet: Mapping[str, Any]) -> str:
    place = [str(name) for name in sheet.get("place", []) if name]
    return f" ({', '.join(place[-3:])})" if place else ""


def _shown(value: Any) -> str:
    return "—" if value is None else str(value)[:100]


def _key(content: Mapping[str, Any]) -> Key:
    return content["election"], content["contest"], content["count"], content["station"]


def _parsed(entry: bytes) -> dict[str, Any] | None:
    """The entry's object if it is a sheet or a withdrawal in the form that this module writes."""
    try:
        content = json.loads(entry)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict) or content.get("type") not in (SHEET, WITHDRAWAL):
        return None
    if not all(isinstance(content.get(name), str) for name in ("election", "contest", "count", "station")):
        return None
    if content["type"] == WITHDRAWAL:
        return content
    votes, place = content.get("votes"), content.get("place", [])
    figures = [content.get(name, 0) for name in ("blank", "null")]
    if not isinstance(votes, dict) or not isinstance(place, list) or not isinstance(content.get("status", ""), str):
        return None
    whole = all(type(figure) is int and 0 <= figure <= SAFE_INTEGER for figure in (*votes.values(), *figures))
    return content if whole else None
