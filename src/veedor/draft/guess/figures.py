"""Which cells of an unknown file are figures, and how they are written: thousands, decimals, words for none."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from veedor.draft.vocabulary import ABSENT, MASKED, SMALL, is_code, level_of, role_of
from veedor.sheets.formats.whole_numbers import plain_digits

BLANKS = ("\u00a0", "\u202f", "\u2009")
"""Blanks that do not break, or are thin: a layout calls them a space."""

MARKS = (".", ",", " ", "'", "’", *BLANKS)
MOSTLY = 0.98
"""Share of a column's cells that must be figures for it to be a column of figures: the rest may be faults."""

MOST_WORDS, FEWEST_CELLS, MANY = 2, 8, 0.6
"""Words that may stand for figures nobody has, in a column of so many cells of which this share are figures."""

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


@dataclass(frozen=True, kw_only=True)
class _Texts:
    """The different texts of a column, and how often each stands there: a figure is repeated many times."""

    name: str
    texts: pl.Series
    times: pl.Series

    def share(self, chosen: pl.Series) -> float:
        """Share of the cells that hold one of the chosen texts."""
        return float(self.times.filter(chosen).sum()) / max(1, int(self.times.sum()))

    def only(self, chosen: pl.Series) -> "_Texts":
        """The chosen texts alone."""
        return _Texts(name=self.name, texts=self.texts.filter(chosen), times=self.times.filter(chosen))


def _texts_of(cells: pl.DataFrame) -> list[_Texts]:
    found = []
    for name in cells.columns:
        counts = cells.lazy().select(pl.col(name).alias("text")).drop_nulls().group_by("text", maintain_order=True)
        table = counts.agg(pl.len().alias("times")).collect()
        found.append(_Texts(name=name, texts=table["text"], times=table["times"]))
    return found


def figures_in(cells: pl.DataFrame) -> Figures:
    """The file's columns of whole numbers."""
    cells = cells.with_columns(plain_digits(cells[name]) for name in cells.columns)
    known = _texts_of(cells)
    thousands, thousands_why = _thousands(known)
    missing, missing_why = _missing(known, thousands)
    decimal, decimal_why = _decimal(known, thousands)
    columns: dict[str, pl.Series] = {}
    for each in known:
        some = each.only(~each.texts.is_in(list(missing))) if missing else each
        whole = _numbers(some.texts, thousands).is_not_null()
        cells_known, cells_whole = int(some.times.sum()), int(some.times.filter(whole).sum())
        if cells_known and (
            cells_whole >= MOSTLY * cells_known or (cells_whole >= FEW and cells_whole == cells_known - 1)
        ):
            columns[each.name] = _column(cells[each.name], some, whole, thousands, missing)
    evidence = {"thousands": thousands_why, "missing": missing_why, "decimal": decimal_why}
    return Figures(
        columns=columns,
        thousands=thousands,
        decimal=decimal,
        missing=missing,
        evidence={key: why for key, why in evidence.items() if why},
    )


def _column(series: pl.Series, some: _Texts, whole: pl.Series, thousands: str, missing: Sequence[str]) -> pl.Series:
    """The column as numbers; where all its texts are plain digits without looking at each cell again."""
    if whole.all() and not missing and some.texts.str.contains(r"^[0-9]+$").all():
        return series.cast(pl.Int64, strict=False)
    return _numbers(series.set(series.is_in(list(missing)), None) if missing else series, thousands)


def _numbers(texts: pl.Series, thousands: str) -> pl.Series:
    if thousands == " ":
        texts = texts.str.replace_all(f"[{''.join(BLANKS)}]", " ")
    if thousands:
        mark = re.escape(thousands)
        grouped = texts.str.contains(rf"^[0-9]{{1,3}}({mark}[0-9]{{3}})+$").fill_null(value=False)
        texts = texts.zip_with(~grouped, texts.str.replace_all(thousands, "", literal=True))
    whole = texts.str.contains(r"^[0-9]{1,15}([.,]00?)?$").fill_null(value=False)
    return texts.set(~whole, None).str.replace(r"[.,]00?$", "").cast(pl.Int64, strict=False)


def _thousands(known: Sequence[_Texts]) -> tuple[str, str]:
    """A mark that, in columns of nothing but digits and it, always stands before groups of three."""
    for mark in MARKS:
        pattern = rf"^[0-9]{{1,3}}({re.escape(mark)}[0-9]{{3}})*$"
        for each in known:
            texts = each.texts
            marked = texts.filter(texts.str.contains(mark, literal=True))
            if len(marked) == 0:
                continue
            small = texts.str.to_lowercase()
            absent = small.is_in(list(ABSENT)) | small.str.contains(MASKED)
            plain = texts.str.contains(pattern) | texts.str.contains(r"^[0-9]+$") | absent
            if plain.all():
                return " " if mark in BLANKS else mark, f"{marked[0]!r} in the column {each.name!r}"
    return "", ""


def _missing(known: Sequence[_Texts], thousands: str) -> tuple[tuple[str, ...], str]:
    """Words that stand for "no figure" among figures."""
    found: dict[str, str] = {}
    for each in known:
        small = each.texts.str.to_lowercase()
        absent = small.is_in(list(ABSENT)) | small.str.contains(MASKED)
        absent = absent | _few_words(each, absent, thousands)
        if 0 < absent.sum() < len(absent):
            rest = each.only(~absent)
            if rest.share(_numbers(rest.texts, thousands).is_not_null()) >= MOSTLY:
                for word in each.texts.filter(absent):
                    found.setdefault(word, each.name)
    why = "; ".join(f"{word!r} among the figures of {name!r}" for word, name in found.items())
    return tuple(found), why


def _few_words(each: _Texts, absent: pl.Series, thousands: str) -> pl.Series:
    """The one or two words that stand among the figures of a column that no name says to be a place's or a station's.

    What they mean is asked: a column with one of them is no column of texts.
    """
    nothing = pl.Series([False]).new_from_index(0, len(absent))
    words = ~absent & each.texts.str.contains(r"^[^0-9]{1,40}$")
    named = level_of(each.name) is not None or role_of(each.name) in ("station", "status", "choice", "contest", "part")
    if named or is_code(each.name) or not 1 <= int(words.sum()) <= MOST_WORDS or each.times.sum() < FEWEST_CELLS:
        return nothing
    if int(each.times.filter(words).sum()) < 2:  # one alone may be a fault, or of a row that is none
        return nothing
    rest = each.only(~words & ~absent)
    figures = _numbers(rest.texts, thousands).is_not_null()
    enough = int(rest.times.filter(figures).sum()) >= MANY * int(each.times.sum())
    return words if enough and figures.all() and rest.texts.n_unique() > MOST_WORDS else nothing


def at_most(word: str) -> int | None:
    """The most that a figure is in whose place this mark stands (`<10`: 9); None where it does not say."""
    for pattern, less in SMALL:
        if (found := re.match(pattern, word.lower())) is not None:
            return max(0, int(found[1]) - less)
    return None


def _decimal(known: Sequence[_Texts], thousands: str) -> tuple[str, str]:
    """A comma where coordinates or shares are written with one."""
    if thousands == ",":
        return ".", ""
    for each in known:
        if len(each.texts) and each.share(each.texts.str.contains(r"^-?[0-9]+,[0-9]+$")) > 0.9:
            return ",", f"{each.texts[0]!r} in the column {each.name!r}"
    return (",", "the other mark than that of the thousands") if thousands == "." else (".", "")
