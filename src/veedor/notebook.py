"""How results show themselves: one line in a terminal, a small table in a notebook. Everything from outside escaped."""

from collections.abc import Sequence
from html import escape
from typing import Protocol

LONGEST = 400
"""Characters of a representation; the rest is cut, and says so."""


class Frame(Protocol):
    """A table that can draw itself for a notebook, as those of polars do."""

    def _repr_html_(self) -> str: ...


def one_line(text: str) -> str:
    """The text as one line of bounded length."""
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 4]} ..."


def titled_table(title: str, frame: Frame) -> str:
    """A table with a title above it, as HTML."""
    return f"<p><strong>{escape(title)}</strong></p>{frame._repr_html_()}"


def definitions(title: str, rows: Sequence[tuple[str, str]]) -> str:
    """A title and what is said under each heading, as HTML."""
    cells = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in rows if text)
    return f"<p><strong>{escape(title)}</strong></p><dl>{cells}</dl>"
