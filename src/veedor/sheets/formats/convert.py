"""Cells of one file become columns of the sheet table, each with its type; every cell that does not fit is a fault."""

from collections.abc import Mapping, Sequence
from math import isfinite

import numpy as np
import polars as pl

from veedor.election import Column, Contest, Election, Layout
from veedor.errors import SHOWN_FAULTS, Fault
from veedor.sheets.formats.column_map import COORDINATES, Plan, nearest
from veedor.sheets.formats.rows import MOST_FAULTS, ROW, check_number, few, shown
from veedor.sheets.formats.whole_numbers import absent_texts, most_of, whole_numbers
from veedor.sheets.spellings import as_label, composed
from veedor.sheets.stations.identifiers import part_wanted, transformed
from veedor.sheets.table import FIGURES, MOST, OTHER, VOTES, bounded_columns, line_column

CLEAN = r"^[!-~\u{A1}-\u{2FF}](?:[ -~\u{A0}-\u{2FF}]*[!-~\u{A1}-\u{2FF}])?$"
"""A text without blanks around it, of characters that the composed form (NFC) never changes: as it should be."""

UNSEEN = "\u200b\u200e\u200f\u2060\ufeff"
"""Marks without width that exports leave around names: a byte-order mark, breaks, marks of direction.

Joiners are not among them: in some scripts a name rightly ends in one.
"""

LONGEST_STATION = 200
"""Characters of what a polling station is called in a file."""

RANGES = {"latitude": 90.0, "longitude": 180.0}
EXACT = 10**15
"""From here on a spreadsheet does not keep every digit of a number."""

DEGREES = r"^[+-]?[0-9]*\.?[0-9]*(?:[eE][+-]?[0-9]{1,3})?$"


def converted(
    rows: pl.DataFrame, plan: Plan, layout: Layout, election: Election, contest: Contest, file: str
) -> tuple[pl.DataFrame, list[Fault]]:
    """The targets of the plan as typed columns, and ROW; a faulty cell is null and in the faults."""
    faults: list[Fault] = []
    figures: dict[str, pl.Series] = {}
    texts = [name for name in plan.needed if name in plan.places and rows[name].dtype == pl.String]
    places = _places(rows, texts, layout)
    columns: list[pl.Series] = [rows[ROW]]
    for target, column in plan.targets.items():
        if target in FIGURES or target.startswith((VOTES, OTHER)):
            series = _figure(rows, column, layout, file, figures, faults)
        elif target in COORDINATES:
            series = _coordinate(rows, column, target, layout, file, faults)
        elif target == "arrived":
            series = _arrived(rows, column, layout, election, file, faults)
        elif target == "status":
            series = _status(rows, column, layout, file, faults)
        elif target == "station":
            series = _station(rows, column, file, faults)
        else:
            series = _place(rows, column, places, layout)
        check_number(faults)
        columns.append(series.alias(target))
        choice = target.removeprefix(VOTES)
        columns += [
            figures[name].alias(line_column(choice, line)) for name, line in zip(column.sum, column.lines, strict=False)
        ]
        if layout.at_most and target in bounded_columns(contest):
            columns.append(_most(rows, column, layout, figures, series).alias(MOST + target))
    return pl.DataFrame(columns), faults


def text_of(rows: pl.DataFrame, column: Column) -> pl.Series:
    """The column's texts without surrounding blanks; a cell without text is null."""
    if column.value is not None:
        return pl.Series("value", [column.value], dtype=pl.String).new_from_index(0, rows.height)
    parts = [_stripped(as_text(rows[name])) for name in (column.names or column.join)]
    if column.transforms:
        parts = [transformed(part, column, place) for place, part in enumerate(parts)]
    if len(parts) == 1:
        return parts[0].set(parts[0] == "", None)
    if column.if_empty is not None:
        parts = _filled(parts, column.if_empty)
    joined = pl.DataFrame([part.alias(str(index)) for index, part in enumerate(parts)]).select(
        pl.concat_str(pl.all(), separator=column.separator, ignore_nulls=False)
    )
    text = joined.to_series()
    absent = pl.DataFrame([(part.fill_null("") == "").alias(str(index)) for index, part in enumerate(parts)])
    return text.set(absent.select(pl.any_horizontal(pl.all())).to_series(), None)


def _filled(parts: Sequence[pl.Series], text: str) -> list[pl.Series]:
    """Parts of identifiers, the text in the place of an empty one; where all are empty they stay so."""
    frame = pl.DataFrame([part.set(part == "", None).alias(str(index)) for index, part in enumerate(parts)])
    some = frame.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
    return [series.set(series.is_null() & some, text) for series in frame.get_columns()]


def _stripped(texts: pl.Series) -> pl.Series:
    """Texts without blanks and unseen marks around them: two spellings that look alike are one station."""
    texts = texts.str.strip_chars()
    if texts.str.contains(f"[{UNSEEN}]").any():
        return texts.str.replace_all(rf"^[\s{UNSEEN}]+|[\s{UNSEEN}]+$", "")
    return texts


def as_text(cells: pl.Series) -> pl.Series:
    """Cells as text: whole numbers without a fraction, also where a spreadsheet keeps them as floats."""
    if cells.dtype == pl.String:
        return cells
    if cells.dtype.is_float() and bool((cells.drop_nulls() == cells.drop_nulls().floor()).all()):
        return cells.cast(pl.Int64, strict=False).cast(pl.String)
    return cells.cast(pl.String, strict=False)


def _figure(
    rows: pl.DataFrame, column: Column, layout: Layout, file: str, done: dict[str, pl.Series], faults: list[Fault]
) -> pl.Series:
    if column.value is not None:
        constant = pl.DataFrame({ROW: rows[ROW], "value": text_of(rows, column)})
        series, found = whole_numbers(constant, "value", layout, file)
        faults += found
        return series
    for name in (*column.names, *column.sum, *column.join):
        if name not in done:
            done[name], found = whole_numbers(rows, name, layout, file)
            faults += found
    parts = [done[name] for name in (*column.names, *column.sum, *column.join)]
    if len(parts) == 1:
        return parts[0]
    frame = pl.DataFrame([part.alias(str(index)) for index, part in enumerate(parts)])
    # A number and an absent figure are absent: the number alone would be a part given out as the whole.
    total = pl.sum_horizontal(pl.all(), ignore_nulls=False)
    return frame.select(total.alias("sum")).to_series()


def _most(
    rows: pl.DataFrame, column: Column, layout: Layout, done: Mapping[str, pl.Series], figure: pl.Series
) -> pl.Series:
    """The most that each absent figure is where marks say it: of a combination, its numbers and marks added up."""
    names = (*column.names, *column.sum, *column.join)
    frame = pl.DataFrame(
        [done[name].fill_null(most_of(rows[name], layout)).alias(str(index)) for index, name in enumerate(names)]
    )
    if not names:
        return pl.Series([None], dtype=pl.Int64).new_from_index(0, rows.height)
    total = frame.select(pl.sum_horizontal(pl.all(), ignore_nulls=False).alias("most")).to_series()
    return total.set(figure.is_not_null(), None)


def _station(rows: pl.DataFrame, column: Column, file: str, faults: list[Fault]) -> pl.Series:
    text = text_of(rows, column)
    for name in (*column.names, *column.join):
        if not rows[name].dtype.is_float():
            continue
        rounded = rows.filter(pl.col(name).abs() >= EXACT).head(MOST_FAULTS + 1)
        wanted = "at most 15 digits, or the number kept as text"
        faults += [
            Fault(file=file, row=row, column=name, found=f"{cell:.0f}, rounded by the spreadsheet", wanted=wanted)
            for row, cell in rounded.select(ROW, name).iter_rows()
        ]
    if text.null_count():
        faults += _without_text(rows, column, text, file)
    text = composed(text)
    if _longest(text) > LONGEST_STATION:
        long = (text.str.len_chars() > LONGEST_STATION).fill_null(value=False)
        told = few(long)
        faults += [
            Fault(file=file, row=row, column=_name(column), found=shown(cell), wanted="the polling station")
            for row, cell in zip(rows[ROW].filter(told), text.filter(told), strict=True)
        ]
        text = text.set(long, None)
    return text


def _without_text(rows: pl.DataFrame, column: Column, text: pl.Series, file: str) -> list[Fault]:
    """Rows without a station: those whose cell is empty, and those that lack the part which the layout takes."""
    none = few(text.is_null())
    cells = as_text(rows[(*column.names, *column.join)[0]]).filter(none) if column.transforms else text.filter(none)
    return [
        Fault(
            file=file,
            row=row,
            column=_name(column),
            found=shown(cell),
            wanted="the polling station" if not (cell or "").strip() else f"a text with {part_wanted(column)}",
        )
        for row, cell in zip(rows[ROW].filter(none), cells, strict=True)
    ]


def _longest(text: pl.Series) -> int:
    """Bytes of the longest text."""
    longest = text.str.len_bytes().max()
    return longest if isinstance(longest, int) else 0


def _places(rows: pl.DataFrame, columns: Sequence[str], layout: Layout) -> dict[str, pl.Series]:
    """By column, the names of places in a column of texts. Sheets of one place mostly stand together: a run is one."""
    if not columns:
        return {}
    runs = rows.select(pl.col(columns).rle_id())
    starts = [np.flatnonzero(np.diff(runs[name].to_numpy(), prepend=np.uint32(1))) for name in columns]
    firsts = _spelt(pl.concat([rows[name].gather(at) for name, at in zip(columns, starts, strict=True)]), layout)
    ends = np.cumsum([len(start) for start in starts])
    return {
        name: firsts[end - len(start) : end].gather(runs[name]).alias(name)
        for name, start, end in zip(columns, starts, ends.tolist(), strict=True)
    }


def _place(rows: pl.DataFrame, column: Column, places: Mapping[str, pl.Series], layout: Layout) -> pl.Series:
    """Names of places; those of texts alone are in `places`."""
    if column.names and column.names[0] in places and not column.transforms:
        return places[column.names[0]]
    plain = bool(column.names) and not column.transforms
    return _spelt(as_text(rows[column.names[0]]) if plain else text_of(rows, column), layout)


def _spelt(texts: pl.Series, layout: Layout) -> pl.Series:
    """Names as categories, without surrounding blanks and in the composed form; one that says "none here" is null."""
    places = texts.cast(pl.Categorical())
    names = places.unique().cast(pl.String)
    absent = _absent_texts(layout)
    before = names.filter(~names.str.contains(CLEAN) | names.str.strip_chars().is_in(absent))
    after = _stripped(before).str.normalize("NFC")
    after = after.set(after.is_in(["", *absent]), None)
    changed = before.ne_missing(after)
    if not changed.any():
        return places
    pair = (before.filter(changed).cast(pl.Categorical()), after.filter(changed).cast(pl.Categorical()))
    return places.replace(*pair)


def _absent_texts(layout: Layout) -> list[str]:
    """The layout's texts for "nothing here", as cells are compared with them."""
    return [as_label(label) for label in absent_texts(layout)]


def _status(rows: pl.DataFrame, column: Column, layout: Layout, file: str, faults: list[Fault]) -> pl.Series:
    text = text_of(rows, column)
    words = {as_label(word) for word in layout.status}
    absent = [label for label in _absent_texts(layout) if label not in words]
    text = text.set(composed(text).is_in(absent).fill_null(value=False), None)
    return vocabulary(text, layout.status, rows[ROW], _name(column), file, faults).cast(pl.Categorical())


def vocabulary(
    text: pl.Series, words: Mapping[str, str], numbers: pl.Series, column: str, file: str, faults: list[Fault]
) -> pl.Series:
    """Each text replaced by what `words` makes of it; null stays null, any other text is a fault."""
    plain_words = {as_label(word): meaning for word, meaning in words.items()}
    result = composed(text).replace_strict(plain_words, default=None, return_dtype=pl.String)
    unknown = few(result.is_null() & text.is_not_null())
    faults += [
        Fault(
            file=file,
            row=row,
            column=column,
            found=shown(word),
            wanted=f"one of {', '.join(plain_words) or 'the words under `status` in the layout'}",
            remedy=nearest(word, plain_words) if place < SHOWN_FAULTS else "",
        )
        for place, (row, word) in enumerate(zip(numbers.filter(unknown), text.filter(unknown), strict=True))
    ]
    return result


def _coordinate(
    rows: pl.DataFrame, column: Column, target: str, layout: Layout, file: str, faults: list[Fault]
) -> pl.Series:
    cells = rows[column.names[0]] if column.names else text_of(rows, column)
    if cells.dtype == pl.Float64 and _within(cells, RANGES[target]):
        return cells
    if cells.dtype == pl.String:
        text = cells.str.strip_chars()
        missing = text.is_null() | (text == "") | text.is_in(absent_texts(layout))
        degrees = text.str.replace(layout.decimal, ".", literal=True)
        well_formed = degrees.str.contains(DEGREES).fill_null(value=False)
        degrees = degrees.set(~well_formed, None)
        numbers = degrees.cast(pl.Float64, strict=False)
    else:
        missing = cells.is_null()
        numbers = cells.cast(pl.Float64, strict=False)
    good = (numbers.is_finite() & (numbers.abs() <= RANGES[target])).fill_null(value=False)
    bad = few(~missing & ~good)
    if bad.any():
        faults += [
            Fault(file=file, row=row, column=_name(column), found=shown(cell), wanted=f"degrees of {target}, WGS 84")
            for row, cell in zip(rows[ROW].filter(bad), cells.filter(bad), strict=True)
        ]
    return numbers.set(~good, None)


def _within(cells: pl.Series, most: float) -> bool:
    """True if every non-null value is finite and within ±`most`."""
    low, high, total = cells.min(), cells.max(), cells.sum()
    if low is None:
        return True
    return isinstance(low, float) and isinstance(high, float) and isfinite(total) and -most <= low and high <= most


def _arrived(
    rows: pl.DataFrame, column: Column, layout: Layout, election: Election, file: str, faults: list[Fault]
) -> pl.Series:
    zone = election.timezone
    cells = rows[column.names[0]] if column.names else text_of(rows, column)
    if isinstance(cells.dtype, pl.Datetime):
        times = cells.cast(pl.Datetime("us", cells.dtype.time_zone))
        local = times if cells.dtype.time_zone is None else times.dt.convert_time_zone(zone)
        return _in_zone(local, zone)
    text = as_text(cells).str.strip_chars()
    missing = text.is_null() | text.is_in(absent_texts(layout)) | (text == "")
    text = text.set(missing, None)
    times = _times(text, layout.time_format, zone)
    bad = few(times.is_null() & ~missing)
    if bad.any():
        wanted = f"a time written as {layout.time_format}" if layout.time_format else "a time as 2019-10-20T19:40:57"
        faults += [
            Fault(file=file, row=row, column=_name(column), found=shown(cell), wanted=wanted)
            for row, cell in zip(rows[ROW].filter(bad), cells.filter(bad), strict=True)
        ]
    return times


def _times(text: pl.Series, time_format: str | None, zone: str) -> pl.Series:
    """Times in the zone; null where a text is none. A local time that the clocks skipped is none either."""
    if time_format is not None:
        return _parsed(text, time_format, zone)
    plain = text.str.replace(" ", "T", literal=True).str.replace("Z$", "+00:00")
    offset = plain.str.contains(r"[+-][0-9]{2}:?[0-9]{2}$").fill_null(value=False)
    times = _parsed(plain.set(~offset, None), "%Y-%m-%dT%H:%M:%S%.f%:z", zone)
    local = plain.set(offset, None)
    for form in ("%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"):
        if local.null_count() < len(local):
            times = times.fill_null(_parsed(local, form, zone))
    return times


def _parsed(text: pl.Series, time_format: str, zone: str) -> pl.Series:
    aware = "z" in time_format.replace("%%", "")
    unit = pl.Datetime("us", "UTC") if aware else pl.Datetime("us")
    times = text.str.strptime(unit, time_format, strict=False)
    return times.dt.convert_time_zone(zone) if aware else _in_zone(times, zone)


def _in_zone(times: pl.Series, zone: str) -> pl.Series:
    if isinstance(times.dtype, pl.Datetime) and times.dtype.time_zone is not None:
        return times
    return times.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")


def _name(column: Column) -> str:
    return (*column.names, *column.join, *column.sum, column.value or "")[0]
