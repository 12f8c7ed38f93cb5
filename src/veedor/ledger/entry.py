"""How a sheet becomes an entry of the record.

An entry is the sheet as canonical JSON (RFC 8785): the same sheet gives the same bytes everywhere. Nothing in a record
is ever replaced: a correction is a further entry that names the entry it corrects, and why; so is a withdrawal.
"""

from collections.abc import Sequence
from typing import Literal, TypedDict

import polars as pl

from veedor.election import Contest, Election
from veedor.sheets.table import vote_columns

PUBLICATION = ("published", "replaces", "reason")
"""Members of an entry that tell of its publication; the others are the sheet."""

SHEET, WITHDRAWAL = "sheet", "withdrawal"

Figure = Literal["registered", "blank", "null", "valid", "cast"]
FIGURES: tuple[Figure, ...] = ("registered", "blank", "null", "valid", "cast")


class Replaced(TypedDict):
    """The entry that another one corrects: its index in the record and its leaf hash in hexadecimal."""

    index: int
    leaf: str


class Entry(TypedDict, total=False):
    """An entry's members, of which the first five are always there; those of `PUBLICATION` come last.

    votes: votes by choice, without what the sheet does not say. place: names of the levels, broadest first.
    """

    type: str
    election: str
    contest: str
    count: str
    station: str
    votes: dict[str, int]
    place: Sequence[str | None]
    registered: int
    blank: int
    null: int
    valid: int
    cast: int
    status: str
    image_sha256: str
    published: str
    replaces: Replaced
    reason: str


def sheets_of(table: pl.DataFrame, election: Election, contest: Contest) -> list[Entry]:
    """Each row of a sheet table as the content of an entry: what the sheet says and where it is from, absent left out.

    Coordinates and the time of arrival are not on the sheet and stay out.
    """
    votes = vote_columns(contest)
    levels = [level for level in election.level_ids if table[level].null_count() < table.height]
    plain = table.with_columns(pl.col("status").cast(pl.String), *(pl.col(level).cast(pl.String) for level in levels))
    counts = table["count"].cast(pl.String).to_list()
    stations = table["station"].to_list()
    places = list(zip(*(plain[level].to_list() for level in levels), strict=True)) or [()] * table.height
    # Whole columns become Python's own numbers here, which JSON needs; cell by cell a frame is far slower.
    columns = {name: plain[name].to_list() for name in (*votes, *FIGURES, "status")}
    sheets: list[Entry] = []
    for at in range(table.height):
        sheet: Entry = {
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
        for name in FIGURES:
            if (figure := columns[name][at]) is not None:
                sheet[name] = figure
        if (status := columns["status"][at]) is not None:
            sheet["status"] = status
        sheets.append(sheet)
    return sheets
