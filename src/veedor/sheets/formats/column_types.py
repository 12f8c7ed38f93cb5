"""Columns out of Python values: what spreadsheets and JSON hold, one type for each column where that loses nothing."""

import datetime as dt
from collections.abc import Sequence

import polars as pl

from veedor.sheets.formats.rows import ROW

FRACTION = "{} as a number"
"""How a number with a fraction is shown in a column of texts and figures, so that its point is no thousands mark."""


def frame_of(
    columns: Sequence[tuple[str, Sequence[object]]], numbers: Sequence[int], coordinates: frozenset[str], decimal: str
) -> pl.DataFrame:
    """The named columns and ROW. coordinates: columns with fractions on purpose; decimal: the mark in their texts."""
    series = [column_of(name, values, decimal if name in coordinates else None) for name, values in columns]
    return pl.DataFrame([*series, pl.Series(ROW, numbers, dtype=pl.Int64)])


def column_of(name: str, values: Sequence[object], decimal: str | None = None) -> pl.Series:
    """One column: floats, whole numbers, times or text; text where the values are mixed. Empty text is null there."""
    if len(values) and type(values[0]) is str:
        try:
            return pl.Series(name, values, dtype=pl.String)
        except TypeError:  # mixed
            pass
    kinds = set(map(type, values)) - {type(None)}
    if str in kinds and len(kinds) > 1:
        values = [None if value == "" else value for value in values]
        kinds = set(map(type, values)) - {type(None)}
    if kinds <= {float} or kinds == {int, float}:
        return pl.Series(name, values, dtype=pl.Float64, strict=False)
    if kinds == {int} and all(value is None or abs(value) < 2**63 for value in values):  # type: ignore[arg-type]
        return pl.Series(name, values, dtype=pl.Int64)
    if kinds == {dt.datetime} and not any(value.tzinfo for value in values if isinstance(value, dt.datetime)):
        return pl.Series(name, values, dtype=pl.Datetime("us"))
    if kinds != {str}:
        values = [None if value is None else _text(value, decimal) for value in values]
    return pl.Series(name, values, dtype=pl.String)


def _text(value: object, decimal: str | None) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        if value.is_integer():
            return str(int(value))
        return FRACTION.format(value) if decimal is None else repr(value).replace(".", decimal)
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    return str(value)
