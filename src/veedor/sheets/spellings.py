"""Stations that are written with other characters in one place than in another, and are the same in all.

Unicode writes ñ in two ways, as one character (the composed form, NFC) or as n and a mark (NFD). Whoever reads cannot
tell them apart; to a program they are two texts. Stations are compared in the composed form; that two places of the
published files write one of them in two ways is told, with both.
"""

import unicodedata
from collections.abc import Iterable

import polars as pl

from veedor.errors import Fault
from veedor.rim.terminal import one_line
from veedor.sheets.formats.rows import MOST_FAULTS

SCHEMA = {"station": pl.String, "raw": pl.String, "file": pl.String, "row": pl.Int64}
"""A station in the composed form, as it is written, and where it is first written so."""

NONE = pl.DataFrame(schema=SCHEMA)


def is_ascii(texts: pl.Series) -> bool:
    """True if no text holds a character that has more than one byte."""
    return bool(texts.str.len_bytes().sum() == texts.str.len_chars().sum())


def composed(texts: pl.Series) -> pl.Series:
    """The texts in the composed form; nothing is done where all are ASCII."""
    return texts if is_ascii(texts) else texts.str.normalize("NFC")


def as_label(text: str) -> str:
    """A label of a layout as cells are compared with it: without blanks around it, in the composed form."""
    return unicodedata.normalize("NFC", text.strip())


def spellings_of(raw: pl.Series, rows: pl.Series, file: str) -> pl.DataFrame:
    """Each way in which a station that is not ASCII is written in a file, with its first row."""
    if is_ascii(raw):
        return NONE
    found = pl.DataFrame(
        {
            "station": raw.str.normalize("NFC"),
            "raw": raw,
            "file": pl.Series([file], dtype=pl.String).new_from_index(0, len(raw)),
            "row": rows.cast(pl.Int64),
        }
    )
    return first_of_each([found.filter(pl.col("raw").str.len_bytes() != pl.col("raw").str.len_chars())])


def first_of_each(spellings: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """All of these, each way of writing once."""
    some = [each for each in spellings if each.height]
    return pl.concat(some).unique(["station", "raw"], keep="first", maintain_order=True) if some else NONE


def clashing(spellings: Iterable[pl.DataFrame]) -> int:
    """Number of stations that are written in more than one way."""
    known = first_of_each(spellings)
    return known.filter(pl.col("station").is_duplicated())["station"].n_unique()


def clashes(spellings: Iterable[pl.DataFrame]) -> list[Fault]:
    """Stations that are written in more than one way, each with the places of two of them."""
    known = first_of_each(spellings)
    if not known.height or not known["station"].is_duplicated().any():
        return []
    first = known.unique("station", keep="first", maintain_order=True)
    others = known.join(first, on=["station", "raw"], how="anti", maintain_order="left")
    pairs = others.join(first, on="station", how="left", suffix=" first", maintain_order="left").head(MOST_FAULTS)
    seen = pl.col("raw").str.normalize("NFC") != pl.col("raw first").str.normalize("NFC")
    return [*_seen(pairs.filter(seen)), *_unseen(pairs.filter(~seen))]


def _seen(pairs: pl.DataFrame) -> list[Fault]:
    """Spellings that whoever reads can tell apart (`000001` for `1`): one line for all those of two files."""
    files = pairs.group_by("file", "file first", maintain_order=True).agg(
        pl.col("raw", "raw first", "row", "row first").first(), pl.len()
    )
    return [
        Fault(
            file=file,
            row=row,
            column="station",
            found=f"{_stations(number)} written otherwise than in {other}{_row(other_row)}: "
            f"{one_line(raw)!r} for {one_line(first)!r}",
            wanted="one spelling; each is read as one station",
        )
        for file, other, raw, first, row, other_row, number in files.select(
            "file", "file first", "raw", "raw first", "row", "row first", "len"
        ).iter_rows()
    ]


def _stations(number: int) -> str:
    return "1 station" if number == 1 else f"{number:,} stations"


def _row(number: int | None) -> str:
    return "" if number is None else f", row {number}"


def _unseen(pairs: pl.DataFrame) -> list[Fault]:
    """Spellings that look alike, each by itself."""
    return [
        Fault(
            file=file,
            row=row,
            column="station",
            found=f"station {station} in other characters than in {other}, row {other_row}",
            wanted="one spelling; both are read as one station",
        )
        for station, file, row, other, other_row in pairs.select(
            "station", "file", "row", "file first", "row first"
        ).iter_rows()
    ]
