"""An election's definition as the text of an election.toml (Python reads TOML but does not write it)."""

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from veedor.election import Column, Election

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def election_toml(election: Election, heading: str = "") -> str:
    """The definition with every key that was set when it was built; read_election reads it back as it was."""
    comment = "".join(f"# {line}\n" for line in heading.splitlines())
    return comment + _table(_plain(election), ()).lstrip("\n")


def _plain(value: Any) -> Any:
    """Models as mappings of the keys that were set; shares as people write them."""
    if isinstance(value, Column) and len(value.names) == 1:
        return value.names[0]
    if hasattr(value, "model_fields_set"):
        named = {
            info.alias or name: getattr(value, name)
            for name, info in type(value).model_fields.items()
            if name in value.model_fields_set
        }
        return {name: _plain(part) for name, part in named.items() if part is not None}
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(part) for part in value]
    if isinstance(value, Fraction):
        percent = value * 100
        return f"{percent} %" if percent.denominator == 1 else f"{value.numerator}/{value.denominator}"
    return value


def _table(table: Mapping[str, Any], path: tuple[str, ...]) -> str:
    """The table's own keys, then its sub-tables under their headers."""
    own = {name: value for name, value in table.items() if not _has_header(value)}
    text = "".join(f"{_key(name)} = {_value(value)}\n" for name, value in own.items())
    for name, value in table.items():
        if name in own:
            continue
        inner = (*path, name)
        header = ".".join(_key(part) for part in inner)
        if isinstance(value, Mapping):
            body = _table(value, inner)
            text += body if body.startswith("\n[") else f"\n[{header}]\n{body}"
        else:
            text += "".join(f"\n[[{header}]]\n{_table(item, inner)}" for item in value)
    return text


def _has_header(value: Any) -> bool:
    """Arrays of tables, and tables too large for a line."""
    if isinstance(value, Mapping):
        return len(value) > 4 or any(isinstance(part, (Mapping, list)) for part in value.values())
    return isinstance(value, list) and any(isinstance(part, Mapping) for part in value)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(name)} = {_value(part)}" for name, part in value.items()) + " }"
    if isinstance(value, Sequence):
        return "[" + ", ".join(_value(part) for part in value) + "]"
    if isinstance(value, int):
        return str(value)
    raise TypeError(f"no TOML for {type(value).__name__}")


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _value(name)
