"""Which cells of an unknown file are figures, and how they are written: thousands, decimals, words for none."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from veedor.draft.vocabulary import ABSENT, MASKED

MARKS = (".", ",", " ", "'", "\u00a0", "\u202f")
MOSTLY = 0.98
"""Share of a column's cells that must be figures for it to be a column of figures: the rest may be faults."""

FEW = 5
"""In a small file one faulty cell among at least as many figures does not make them texts: a choice would be lost."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Columns of whole numbers (Int64, null where absent or unreadable), and the marks by which they were read."""

    columns: Mapping[str, pl.Series]
    thousands: str
    decimal: str
    missing: tuple[str, ...]
    evidence: Mapping[str, str]


def figures_in(cells: pl.DataFrame) -> Figures:
    """The file's columns of whole numbers."""
    thousands, thousands_why = _thousands(cells)
    missing, missing_why = _missing(cells, thousands)
    decimal, decimal_why = _decimal(cells, thousands)
    columns: dict[str, pl.Series] = {}
    for name in cells.columns:
        series = cells[name]
        texts = series.set(series.is_in(list(missing)), None) if missing else series
        numbers = _numbers(texts, thousands)
        known = len(texts) - texts.null_count()
        whole = len(numbers) - numbers.null_count()
        if known and (whole >= MOSTLY * known or (whole >= FEW and whole == known - 1)):
            columns[name] = numbers
    evidence = {"thousands": thousands_why, "missing": missing_why, "decimal": decimal_why}
    return Figures(
        columns=columns,
        thousands=thousands,
        decimal=decimal,
        missing=missing,
        evidence={key: why for key, why in evidence.items() if why},
    )


def _share(numbers: pl.Series, known: int) -> float:
    return (len(numbers) - numbers.null_count()) / known


def _numbers(texts: pl.Series, thousands: str) -> pl.Series:
    if thousands:
        mark = re.escape(thousands)
        grouped = texts.str.contains(rf"^[0-9]{{1,3}}({mark}[0-9]{{3}})+$").fill_null(value=False)
        texts = texts.zip_with(~grouped, texts.str.replace_all(thousands, "", literal=True))
    whole = texts.str.contains(r"^[0-9]{1,15}([.,]0)?$").fill_null(value=False)
    return texts.set(~whole, None).str.replace(r"[.,]0$", "").cast(pl.Int64, strict=False)


def _thousands(cells: pl.DataFrame) -> tuple[str, str]:
    """A mark that, in columns of nothing but digits and it, always stands before groups of three."""
    for mark in MARKS:
        pattern = rf"^[0-9]{{1,3}}({re.escape(mark)}[0-9]{{3}})*$"
        for name in cells.columns:
            texts = cells[name].drop_nulls()
            marked = texts.filter(texts.str.contains(mark, literal=True))
            if len(marked) == 0:
                continue
            plain = (
                texts.str.contains(pattern)
                | texts.str.contains(r"^[0-9]+$")
                | texts.str.to_lowercase().is_in(list(ABSENT))
            )
            if plain.all():
                return mark, f"{marked[0]!r} in the column {name!r}"
    return "", ""


def _missing(cells: pl.DataFrame, thousands: str) -> tuple[tuple[str, ...], str]:
    """Words that stand for "no figure" among figures."""
    found: dict[str, str] = {}
    for name in cells.columns:
        texts = cells[name].drop_nulls()
        absent = texts.str.to_lowercase().is_in(list(ABSENT)) | texts.str.to_lowercase().str.contains(MASKED)
        if 0 < absent.sum() < len(texts):
            rest = texts.filter(~absent)
            if _share(_numbers(rest, thousands), len(rest)) >= MOSTLY:
                for word in texts.filter(absent).unique(maintain_order=True):
                    found.setdefault(word, name)
    why = "; ".join(f"{word!r} among the figures of {name!r}" for word, name in found.items())
    return tuple(found), why


def _decimal(cells: pl.DataFrame, thousands: str) -> tuple[str, str]:
    """A comma where coordinates or shares are written with one."""
    if thousands == ",":
        return ".", ""
    for name in cells.columns:
        texts = cells[name].drop_nulls()
        if len(texts) and texts.str.contains(r"^-?[0-9]+,[0-9]+$").sum() > 0.9 * len(texts):
            return ",", f"{texts[0]!r} in the column {name!r}"
    return (",", "the other mark than that of the thousands") if thousands == "." else (".", "")
