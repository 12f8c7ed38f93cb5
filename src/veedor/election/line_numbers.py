"""Where in a TOML text a key stands: tomllib does not say, and a message without a line is half a message."""

import re
from collections.abc import Sequence
from functools import lru_cache

from veedor.election.toml_shape import PARTS

_PART = re.compile(r"""[ \t]*+(?:"([^"]*+)"|'([^']*+)'|([\w-]++))[ \t]*+""")

Location = tuple[str | int, ...]


def line_of(text: str, location: Sequence[str | int]) -> int | None:
    """The line (from 1) of the key at this location, or of the innermost table around it that the text names."""
    lines = _lines(text)
    place = tuple(location)
    while place:
        if place in lines:
            return lines[place]
        place = place[:-1]
    return None


@lru_cache(maxsize=4)
def _lines(text: str) -> dict[Location, int]:
    found: dict[Location, int] = {}
    arrays: dict[Location, int] = {}
    table: Location = ()
    for number, line in enumerate(text.splitlines(), start=1):
        begin = line[: len(line) - len(line.lstrip(" \t")) + 2].lstrip(" \t")
        if begin.startswith("["):
            names, _ = _dotted(line, line.index("[") + (2 if begin == "[[" else 1))
            if names:
                table = _table(names, begin == "[[", arrays)
                found.setdefault(table, number)
        elif begin and not begin.startswith("#"):
            names, end = _dotted(line, 0)
            if names and line[end : end + 1] == "=":
                found.setdefault((*table, *names), number)
    return found


def _dotted(line: str, at: int) -> tuple[list[str], int]:
    """The parts of the key that begins here, and where it ends; none where there is no key."""
    parts: list[str] = []
    while len(parts) <= PARTS and (match := _PART.match(line, at)):
        parts.append("".join(part or "" for part in match.groups()))
        at = match.end()
        if line[at : at + 1] != ".":
            return parts, at
        at += 1
    return [], at


def _table(names: list[str], is_array: bool, arrays: dict[Location, int]) -> Location:
    """The location that a header names; arrays of tables count their tables."""
    place: Location = ()
    for depth, name in enumerate(names, start=1):
        place = (*place, name)
        if is_array and depth == len(names):
            arrays[place] = arrays.get(place, -1) + 1
        if place in arrays:
            place = (*place, arrays[place])
    return place
