"""Identifiers as a definition transforms them: a part of a text, without or with zeros before it, and what they were.

`station = { column = "mesa", pad = 6 }` makes 000001 of 1, so that two files of one election name a station alike.
"""

import polars as pl

from veedor.election import Column, Election
from veedor.rim.terminal import one_line

SHOWN = 3
"""Stations whose identifier is shown before and after."""

MOST_PLACES = 20
"""Places with totals only that are named."""


def transformed(texts: pl.Series, column: Column, place: int) -> pl.Series:
    """Texts as the column's rules make them; null where a text lacks the part. place: of the column in a join."""
    texts = texts.set(texts == "", None)
    if column.split:
        parts = texts.str.split(column.split)
        kept = pl.DataFrame(
            [parts.list.get(number - 1, null_on_oob=True).alias(str(at)) for at, number in enumerate(column.keep)]
        )
        texts = kept.select(pl.concat_str(pl.all(), separator=column.separator, ignore_nulls=False)).to_series()
    if column.characters:
        first, last = column.characters
        whole = texts.str.len_chars() >= last
        texts = texts.str.slice(first - 1, last - first + 1).set(~whole.fill_null(value=False), None)
    if column.strip_zeros:
        texts = texts.str.replace("^0+(.)", "$1")
    if column.pad:
        texts = texts.str.pad_start(column.pad[place if len(column.pad) > 1 else 0], "0")
    return texts


def as_written(column: Column) -> Column:
    """The same column without its rules."""
    return column.model_copy(
        update={"split": "", "keep": (), "characters": (), "strip_zeros": False, "pad": (), "if_empty": None}
    )


def before_and_after(before: pl.Series, after: pl.Series, what: str, file: str) -> str:
    """A sentence that shows the first identifiers as they were and as they are read."""
    pairs = [
        f"{one_line(old)} is {one_line(new)}"
        for old, new in zip(before.head(SHOWN), after.head(SHOWN), strict=True)
        if old is not None and new is not None
    ]
    return f"{file}: {what} as the layout transforms it: {', '.join(pairs)}"


def of_whole_places(before: pl.Series, after: pl.Series, file: str) -> tuple[str, ...]:
    """A sentence that names the sheets whose identifier had an empty part: totals of a place without its stations."""
    names = after.filter(before.is_null() & after.is_not_null()).unique(maintain_order=True)
    if names.is_empty():
        return ()
    told = ", ".join(map(one_line, names.head(MOST_PLACES))) + (", ..." if len(names) > MOST_PLACES else "")
    what = "1 sheet is the total" if len(names) == 1 else f"{len(names):,} sheets are totals"
    them = "it" if len(names) == 1 else "them"
    said = f"whose identifier is empty, and no check of stations looks at {them}"
    return (f"{file}: {what} of a whole place and not of a station, {said}: {told}",)


def is_whole_place(election: Election) -> pl.Expr | None:
    """Whether a sheet is the total of a place whose stations are not published; None where no layout has such sheets.

    These are in the totals, and no station's: checks and tests of stations leave them out.
    """
    columns = {
        (layout.columns.station.separator, layout.columns.station.if_empty) for layout in election.layouts.values()
    }
    found = [
        pl.concat_str(pl.lit(mark), "station", pl.lit(mark)).str.contains(f"{mark}{text}{mark}", literal=True)
        for mark, text in sorted((mark, text) for mark, text in columns if text is not None)
    ]
    return pl.any_horizontal(found) if found else None


def part_wanted(column: Column) -> str:
    """What a text must have for the column's rules to apply."""
    wanted = [f"{max(column.keep)} parts between {column.split!r}"] if column.split else []
    wanted += [f"{column.characters[1]} characters"] if column.characters else []
    return " and ".join(wanted) or "an identifier"
