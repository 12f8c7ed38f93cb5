"""Where in a TOML text a key stands: tomllib does not say, and a message without a line is half a message."""

import re
from collections.abc import Sequence
from functools import lru_cache

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*((?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=""")
_PART = re.compile(r""""([^"]*)"|'([^']*)'|([\w-]+)""")

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
        if header := _HEADER.match(line):
            table = _table(_parts(header[2]), header[1] == "[[", arrays)
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            found.setdefault((*table, *_parts(key[1])), number)
    return found


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


def _parts(dotted: str) -> list[str]:
    return ["".join(match) for match in _PART.findall(dotted)]
