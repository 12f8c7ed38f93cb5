"""Tables that cut no figure and drop no name: where one is too wide for the terminal, its rows are read downwards."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from textwrap import wrap
from typing import TYPE_CHECKING, Literal

from veedor.cli.common import console, dim, has_width, titled

if TYPE_CHECKING:
    from rich.text import Text

GAP = 2
"""Blanks between two columns."""
READABLE = 24
"""Characters that a column of sentences needs at least."""


@dataclass(frozen=True)
class Column:
    """A column's heading and what its cells are: of a word or a figure (never broken), or of text that may wrap."""

    name: str
    kind: Literal["word", "figure", "name", "text"] = "figure"

    @property
    def whole(self) -> bool:
        """True if its cells stay on one line."""
        return self.kind in ("word", "figure")


def show_table(
    columns: Sequence[Column], rows: Sequence[Sequence["str | Text"]], title: str = "", heads: int = 1
) -> None:
    """Print the rows as a table, or, where that is wider than the terminal, one below the other, a line for each cell.

    heads: the first columns, which say what a row is about. In a pipe lines are as long as they need to be, unless
    COLUMNS says how long.
    """
    from rich.table import Table

    if not has_width():
        columns = [replace(column, kind="word") if column.kind == "name" else column for column in columns]
        out = console(_least_width(columns, rows))
    else:
        out = console()
        shown = columns if _least_width(columns, rows) <= out.width else _headings_wrapped(columns, rows)
        if _least_width(shown, rows) > out.width:
            _show_downwards(columns, rows, title, heads)
            return
        columns = shown
    table = Table(box=None, pad_edge=False, title=title or None, title_justify="left")
    for column, least in zip(columns, _least_widths(columns, rows), strict=True):
        justify: Literal["left", "right"] = "right" if column.kind == "figure" else "left"
        table.add_column(column.name, justify=justify, no_wrap=column.whole, min_width=least)
    for row in rows:
        table.add_row(*row)
    out.print(table)


def _headings_wrapped(columns: Sequence[Column], rows: Sequence[Sequence["str | Text"]]) -> list[Column]:
    """The same columns with headings on several lines where they are wider than what stands below them."""
    cells = _least_widths([replace(column, name="") for column in columns], rows)
    return [
        replace(column, name="\n".join(wrap(column.name, max(width, 1), break_long_words=False)))
        for column, width in zip(columns, cells, strict=True)
    ]


def _least_width(columns: Sequence[Column], rows: Sequence[Sequence["str | Text"]]) -> int:
    """Characters that a line needs so that no figure is cut and no word of a name is broken."""
    return sum(_least_widths(columns, rows)) + GAP * (len(columns) - 1)


def _least_widths(columns: Sequence[Column], rows: Sequence[Sequence["str | Text"]]) -> list[int]:
    from rich.cells import cell_len

    widths = []
    for place, column in enumerate(columns):
        cells = [column.name, *(str(row[place]) for row in rows if place < len(row))]
        pieces = [line for cell in cells for line in (cell.splitlines() if column.whole else cell.split())]
        longest = max(map(cell_len, pieces), default=0)
        # A sentence's longest word may be an address: that alone may break.
        widths.append(min(longest, READABLE) if column.kind == "text" and longest > READABLE else longest)
        if column.kind == "text":
            widest = max((cell_len(line) for cell in cells for line in cell.splitlines()), default=0)
            widths[-1] = max(widths[-1], min(READABLE, widest))
    return widths


def _show_downwards(columns: Sequence[Column], rows: Sequence[Sequence["str | Text"]], title: str, heads: int) -> None:
    from rich.cells import cell_len
    from rich.table import Table

    out = console()
    if title:
        out.print(titled(title))
    places = range(heads, len(columns))
    figures = [cell_len(str(row[place])) for row in rows for place in places if _is_figure(columns, row, place)]
    for row in rows:
        out.print(titled(" / ".join(str(cell) for cell in row[:heads])))
        cells = Table.grid(padding=(0, GAP))
        cells.add_column(no_wrap=True)
        cells.add_column()
        for place in places:
            if place >= len(row) or not str(row[place]).strip():
                continue
            value: str | Text = row[place]
            if _is_figure(columns, row, place):
                value = " " * (max(figures) - cell_len(str(value))) + str(value)
            cells.add_row(dim(f"  {columns[place].name}"), value)
        out.print(cells)


def _is_figure(columns: Sequence[Column], row: Sequence["str | Text"], place: int) -> bool:
    return place < len(row) and columns[place].kind == "figure"
