"""How a sheet becomes an entry of the record.

An entry is the sheet as canonical JSON (RFC 8785): the same sheet gives the same bytes everywhere. Nothing in a record
is ever replaced: a correction is a further entry that names the entry it corrects, and why; so is a withdrawal.
"""

from collections.abc import Mapping
from json.encoder import encode_basestring
from typing import Any

import polars as pl

from veedor.election import Contest, Election
from veedor.errors import VeedorError
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
