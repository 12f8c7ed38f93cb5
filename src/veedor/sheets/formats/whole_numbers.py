"""Whole numbers out of cells: votes, voters and ballots are counted in digits of one script, or it is a fault."""

import re
import unicodedata
from collections.abc import Collection

import polars as pl

from veedor.election import Layout
from veedor.election.layout import MOST_VOTES
from veedor.errors import Fault
from veedor.sheets.formats.rows import ROW, check_number, few, shown
from veedor.sheets.spellings import is_ascii

WANTED = "a whole number from 0 up"


def whole_numbers(rows: pl.DataFrame, column: str, layout: Layout, file: str) -> tuple[pl.Series, list[Fault]]:
    """The column's cells as Int64: null where a text of `missing` or `at_most` stands, and where there is a fault."""
    cells = rows[column]
    if cells.dtype.is_integer() and not cells.null_count() and _in_range(cells.min(), cells.max()):
        return cells.cast(pl.Int64), []
    if cells.dtype == pl.String:
        numbers, missing = _from_text(cells, layout)
    elif cells.dtype.is_integer():
        numbers, missing = cells.cast(pl.Int64, strict=False), cells.is_null()
    elif cells.dtype.is_float():
        whole = cells.is_finite() & (cells == cells.floor()) & (cells.abs() < 2**53)
        numbers = cells.set(~whole, None).cast(pl.Int64, strict=False)
        missing = cells.is_null()
    else:
        missing = cells.is_null()
        numbers = pl.Series(cells.name, [None] * len(cells), dtype=pl.Int64)
    if "" not in absent_texts(layout):
        missing = missing & cells.is_not_null()
    if numbers.null_count() == missing.sum() and _in_range(numbers.min(), numbers.max()):
        return numbers, []
    good = (numbers >= 0) & (numbers <= MOST_VOTES)
    bad = ~missing & ~good.fill_null(value=False)
    told = few(bad)
    faults = [
        Fault(file=file, row=row, column=column, found=shown(cell), wanted=WANTED, remedy=remedy(cell))
        for row, cell in zip(rows[ROW].filter(told), cells.filter(told), strict=True)
    ]
    check_number(faults)
    return numbers.set(bad, None), faults


def _in_range(low: object, high: object) -> bool:
    """True if the smallest and the largest figure are ones that a sheet can hold; an all-null column is accepted."""
    return low is None or (isinstance(low, int) and isinstance(high, int) and low >= 0 and high <= MOST_VOTES)


ZEROS = "".join(map(chr, (0x660, 0x6F0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xE50, 0xED0,
                          0xF20, 0x1040, 0x17E0, 0x1810, 0xFF10)))  # fmt: skip
"""The digit 0 in other scripts: Arabic, Persian, Devanagari, Bengali ... full width. 1 to 9 follow it in Unicode."""

DIGITS = {chr(ord(zero) + value): str(value) for zero in ZEROS for value in range(10)}
OF_ONE_SCRIPT = "|".join(f"^[{zero}-{chr(ord(zero) + 9)}]+$" for zero in ZEROS)


def plain_digits(texts: pl.Series) -> pl.Series:
    """The texts, those that are nothing but digits of one other script written with 0 to 9."""
    if is_ascii(texts):
        return texts
    bare = texts.str.strip_chars()
    of_script = bare.str.contains(OF_ONE_SCRIPT).fill_null(value=False)
    return texts.set(of_script, None).fill_null(bare.str.replace_many(DIGITS)) if of_script.any() else texts


def most_of(cells: pl.Series, layout: Layout) -> pl.Series:
    """The most that each figure is where a mark of `at_most` stands in its place, else null."""
    nothing = pl.Series(cells.name, [None], dtype=pl.Int64)
    if not layout.at_most or cells.dtype != pl.String:
        return nothing.new_from_index(0, len(cells))
    marks = {mark.strip(): number for mark, number in layout.at_most.items()}
    return cells.str.strip_chars().fill_null("").replace_strict(marks, default=None, return_dtype=pl.Int64)


def masked(cells: pl.DataFrame, columns: Collection[str], layout: Layout) -> pl.Series | None:
    """True for each row in which a text of `missing` or `at_most` stands for a figure; None where none can.

    An empty cell says nothing; `*` says that there is a figure, which is not published.
    """
    words = [label for label in absent_texts(layout) if label]
    texts = [name for name in dict.fromkeys(columns) if name in cells.columns and cells[name].dtype == pl.String]
    if not words or not texts:
        return None
    return cells.select(pl.any_horizontal(pl.col(*texts).str.strip_chars().is_in(words).fill_null(False))).to_series()


def absent_texts(layout: Layout) -> list[str]:
    """The texts that mean that a figure is absent."""
    return [label.strip() for label in (*layout.missing, *layout.at_most)]


def _from_text(cells: pl.Series, layout: Layout) -> tuple[pl.Series, pl.Series]:
    text = plain_digits(cells.str.strip_chars())
    missing = text.is_null() | text.is_in(absent_texts(layout))
    decimal = re.escape(layout.decimal)
    digits = rf"^[0-9]{{1,18}}(?:{decimal}00?)?$"
    if layout.thousands:
        text = text.str.replace_all("[\u00a0\u202f\u2009]", " ")
        mark = re.escape(layout.thousands)
        digits = rf"^(?:[0-9]{{1,18}}|[0-9]{{1,3}}(?:{mark}[0-9]{{3}}){{1,5}})(?:{decimal}00?)?$"
    well_formed = text.str.contains(digits).fill_null(value=False)
    text = text.set(~well_formed | missing, None).str.replace(rf"{decimal}00?$", "")
    if layout.thousands:
        text = text.str.replace_all(layout.thousands, "", literal=True)
    return text.cast(pl.Int64), missing


def remedy(cell: object) -> str:
    """The fault of a cell that is not a whole number, in a few words."""
    if cell is None or not str(cell).strip():
        return "if an empty cell means that the figure is absent, put '' under `missing` in the layout"
    text = str(cell).strip()
    if text.startswith(("=", "@")):
        return "a formula; save the file with its values"
    if text.startswith("#"):
        return "an error of the spreadsheet that wrote it"
    if re.match(r"[-−]|\( *[0-9.,]+ *\)$", text):
        return "votes cannot be negative"
    if re.fullmatch(r"[0-9]+(?:\.00?)?", text):
        return f"no sheet holds more than {MOST_VOTES}"
    if any(unicodedata.category(character) in ("Nd", "No") and not character.isascii() for character in text):
        return "write it with digits of one script, best 0 to 9"
    if re.search(r"[<≤]|than|menos|[0-9] *[-–] *[0-9]", text):
        return "if it means a small figure that is not given, say the most that it is under `at_most` in the layout"
    if re.fullmatch(r"[0-9]{1,3}(?:[., '’\u00a0\u202f\u2009][0-9]{3})+", text):
        return "if it has thousands marks, name them under `thousands` in the layout"
    if re.fullmatch(r"[0-9]*[.,][0-9]+|[0-9]+/[0-9]+|[0-9.]+[eE][+-]?[0-9]+", text):
        return "votes cannot be fractions"
    return "if it means that the figure is absent, name it under `missing` in the layout"
