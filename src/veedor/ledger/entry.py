"""How a sheet becomes an entry of the record.

An entry is the sheet as canonical JSON (RFC 8785): the same sheet gives the same bytes everywhere. Nothing in a record
is ever replaced: a correction is a further entry that names the entry it corrects, and why; so is a withdrawal.
"""

from typing import Any

import polars as pl

from veedor.election import Contest, Election
from veedor.sheets.table import vote_columns

PUBLICATION = ("published", "replaces", "reason")
"""Members of an entry that tell of its publication; the others are the sheet."""

SHEET, WITHDRAWAL = "sheet", "withdrawal"


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
    # Whole columns become Python's own numbers here, which JSON needs; cell by cell a frame is far slower.
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
