"""Canonical JSON (RFC 8785): the same content gives the same bytes everywhere."""

from collections.abc import Mapping
from json.encoder import encode_basestring
from typing import Any

from veedor.errors import VeedorError

SAFE_INTEGER = 2**53 - 1
"""The largest whole number that every reader of JSON reads exactly."""


def canonical_json(value: object) -> bytes:
    """RFC 8785, for what entries are made of: objects, arrays, strings, whole numbers, true, false and null.

    Raises VeedorError for a fraction or a number beyond 2^53 - 1 (their spelling differs between readers), and for a
    string that is not Unicode.
    """
    parts: list[str] = []
    _write(value, parts)
    try:
        return "".join(parts).encode("utf-8")
    except UnicodeEncodeError:
        raise VeedorError("an entry holds half of a surrogate pair, which is not Unicode") from None


def _write(value: Any, parts: list[str]) -> None:
    kind = type(value)
    if kind is str:
        parts.append(encode_basestring(value))
    elif kind is int:
        if not -SAFE_INTEGER <= value <= SAFE_INTEGER:
            raise VeedorError(f"an entry holds {value}; whole numbers go to {SAFE_INTEGER}")
        parts.append(str(value))
    elif value is None or kind is bool:
        parts.append({None: "null", True: "true", False: "false"}[value])
    elif isinstance(value, Mapping):
        mark = "{"
        for name in sorted(value, key=_utf16):
            parts.append(f"{mark}{encode_basestring(name)}:")
            _write(value[name], parts)
            mark = ","
        parts.append("}" if value else "{}")
    elif isinstance(value, list | tuple):
        mark = "["
        for item in value:
            parts.append(mark)
            _write(item, parts)
            mark = ","
        parts.append("]" if value else "[]")
    else:
        raise VeedorError(f"an entry cannot hold {kind.__name__}")


def _utf16(name: object) -> bytes:
    """Section 3.2.3: names are sorted by their UTF-16 code units."""
    if not isinstance(name, str):
        raise VeedorError("an object's names are strings")
    return name.encode("utf-16-be", "surrogatepass")
