"""What a TOML text is made of, looked at before it is parsed.

Python's reader takes time that grows with the square of a key's parts, and nests as deep as the text says. A
definition has keys of a few parts, tables within tables within lists: what is deeper is no definition.
"""

import re

MOST_BYTES = 2**20
"""No definition is larger; what is larger is not a definition."""

PARTS = 20
"""Parts of a dotted key."""

DEPTH = 32
"""Brackets within brackets."""

VALUES = 60_000
"""Signs that set keys, values, lists and tables apart."""

LONGEST_WORD = 1_000
"""Characters of a bare word or number."""

_WORDS = re.compile(
    r'''"""(?:[^"\\]|\\.|"(?!""))*+(?:"{3,5}+)?+'''  # texts of several lines
    r"""|'''(?:[^']|'(?!''))*+(?:'{3,5}+)?+"""
    r"""|"(?:[^"\\\n]|\\[^\n])*+"?+"""
    r"""|'[^'\n]*+'?+"""
    r"|\#[^\n]*+"
    r"|[\w+-]++"
    r"|[.\[\]{}=\n]"
    r"|[^\S\n]++"
    r"|.",
    re.DOTALL,
)


def too_much(text: str) -> tuple[int, str, str] | None:
    """The first thing in a TOML text that no definition has: its line, what was found, what is wanted; None if none."""
    line = depth = parts = values = 0
    joined = False
    for word in _WORDS.findall(text):
        first = word[0]
        if first in "\"'" and not _closed(word):
            return None  # no TOML, as the parser will say when it comes here
        if first == "\n":
            line, joined, parts = line + 1, False, 0
        elif first == ".":
            joined = True
        elif first in "=,":
            values += 1
        elif first in "[{":
            depth, values = depth + 1, values + 1
        elif first in "]}":
            depth = max(depth - 1, 0)
        elif first in "\"'" or first.isalnum() or first in "_-+":
            parts, joined = parts + 1 if joined else 1, False
        if parts > PARTS:
            return line + 1, f"a key of more than {PARTS} parts", "a key of election.toml"
        if depth > DEPTH:
            return line + 1, "values inside one another without end", f"at most {DEPTH} levels"
        if values > VALUES:
            return line + 1, f"more than {VALUES} keys and values up to here", "a definition"
        if first not in "\"'#\n" and len(word) > LONGEST_WORD and not word.isspace():
            return line + 1, f"a word or number of {len(word)} characters", "one that a person can read"
        if first in "\"'":
            line += word.count("\n")
    return None


def _closed(text: str) -> bool:
    mark = text[:3] if text[:3] in ('"""', "'''") else text[0]
    return len(text) >= 2 * len(mark) and text.endswith(mark)
