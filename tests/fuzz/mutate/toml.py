"""Changes to TOML: the text read as a tree, changed, and written again."""

import datetime as dt
import json
import re
import tomllib
from collections.abc import Sequence
from random import Random
from typing import Any

from tests.fuzz.mutate import raw
from tests.fuzz.mutate.tree import SCALARS, changed
from tests.fuzz.target import Mutator

DATES = (
    dt.date(2026, 3, 1),
    dt.date(1, 1, 1),
    dt.date(9999, 12, 31),
    dt.time(23, 59),
    dt.datetime(2026, 3, 1, 10),
    dt.datetime(9999, 12, 31, 23, 59),
    dt.datetime(1, 1, 1, tzinfo=dt.UTC),
    float("nan"),
    float("inf"),
)
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml_tree(tokens: Sequence[bytes] = (), others: Sequence[bytes] = ()) -> Mutator:
    """A TOML text changed as a tree; sometimes, and where it is none, as bytes."""
    plain = raw.raw((*tokens, b"[[x]]\n", b"[x.y]\n", b"a.b.c = 1\n", b'"""', b"'''", b"#", b"= "), others)

    def mutate(data: bytes, rng: Random) -> bytes:
        if rng.random() < 0.3:
            return plain(data, rng)
        try:
            tree = tomllib.loads(data.decode())
        except (ValueError, RecursionError):
            return plain(data, rng)
        return toml_text(changed(tree, rng, (*SCALARS, *DATES)), nested=rng.random() < 0.5).encode("utf-8", "replace")

    return mutate


def toml_text(tree: Any, *, nested: bool) -> str:
    """A tree as TOML. nested: tables and arrays of tables under headers of their own, else all inline."""
    if not isinstance(tree, dict):
        tree = {"value": tree}
    if not nested:
        return "".join(f"{_key(name)} = {_value(value)}\n" for name, value in tree.items())
    plain = {name: value for name, value in tree.items() if not _is_tables(value) and not isinstance(value, dict)}
    lines = [f"{_key(name)} = {_value(value)}" for name, value in plain.items()]
    for name, value in tree.items():
        for table in [] if name in plain else value if isinstance(value, list) else [value]:
            lines.append(f"[[{_key(name)}]]" if isinstance(value, list) else f"[{_key(name)}]")
            lines += [f"{_key(inner)} = {_value(one)}" for inner, one in table.items()]
    return "\n".join(lines) + "\n"


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _key(name: Any) -> str:
    return str(name) if _BARE.fullmatch(str(name)) else _text(str(name))


def _text(value: str) -> str:
    return json.dumps(value).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(name)} = {_value(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, bool) or value is None:
        return "true" if value else "false"
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, int | float):
        return repr(value)
    return _text(str(value))
