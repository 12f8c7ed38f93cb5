"""JSON that somebody else wrote: size first, then depth, then every key once and every number a number.

Python's reader alone takes a key twice and keeps the last, takes NaN, and ends in a RecursionError on deep nesting.
"""

import json
import re
from collections.abc import Callable
from typing import TypeAlias

from veedor.errors import VeedorError

MOST_BYTES = 64 * 2**20
DEPTH = 64

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
"""What the bytes hold: plain lists and dicts, of which nothing but their being JSON is known."""

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_TEXTS = re.compile(rb'"[^"]*"')
_EMPTY = re.compile(rb"\{\}|\[\]")
_NOT_STRUCTURE = bytes(set(range(256)) - set(b'[]{}"'))


class JsonError(VeedorError):
    """The bytes are not JSON as it is wanted."""

    def __init__(self, what: str, problem: str, *, line: int | None = None) -> None:
        super().__init__(f"{what}: not JSON that can be taken: {problem}")
        self.problem = problem
        self.line = line


def loads(
    data: bytes,
    what: str,
    *,
    most_bytes: int = MOST_BYTES,
    depth: int = DEPTH,
    parse_float: Callable[[str], float | str] | None = None,
) -> Json:
    """The value that the bytes hold. Raises JsonError; what: how messages call it, such as its path.

    UTF-8, a byte-order mark allowed. At most `most_bytes`, nested to a limited depth, no key twice in an object, no NaN
    or Infinity, no number of more than 4,300 digits. Looked at in time linear in its size.
    """
    if len(data) > most_bytes:
        raise JsonError(what, f"{len(data):,} bytes, at most {most_bytes:,} are taken")
    if too_deep(data, depth):
        raise JsonError(what, f"values nested deeper than {depth} levels")
    return _loaded(data, what, _decoder(parse_float))


def loads_line(line: bytes, what: str = "a line", *, depth: int = DEPTH) -> Json:
    """As `loads`, of one of very many lines whose length is known to be small."""
    if line.count(b"{") + line.count(b"[") > depth and too_deep(line, depth):
        raise JsonError(what, f"values nested deeper than {depth} levels")
    return _loaded(line, what, _LINES)


def _decoder(parse_float: Callable[[str], float | str] | None) -> json.JSONDecoder:
    return json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refused, parse_float=parse_float)


def _loaded(data: bytes, what: str, decoder: json.JSONDecoder) -> Json:
    try:
        text = data.decode("utf-8-sig")
        value: Json = decoder.decode(text)
        if "\\u" in text and _SURROGATE.search(text):
            json.dumps(value, ensure_ascii=False).encode()  # halves of characters cannot be written
        return value
    except UnicodeDecodeError as problem:
        raise JsonError(what, f"byte {problem.start} is not UTF-8") from None
    except UnicodeEncodeError:
        raise JsonError(what, "half of a character (a surrogate without its other)") from None
    except json.JSONDecodeError as problem:
        raise JsonError(
            what, f"{problem.msg} (line {problem.lineno}, column {problem.colno})", line=problem.lineno
        ) from None
    except RecursionError:
        raise JsonError(what, "values nested too deep") from None
    except ValueError as problem:  # a key twice, NaN, a number of thousands of digits
        raise JsonError(what, str(problem)) from None


def loads_object(data: bytes, what: str, *, most_bytes: int = MOST_BYTES, depth: int = DEPTH) -> dict[str, Json]:
    """As `loads`, of an object."""
    return an_object(loads(data, what, most_bytes=most_bytes, depth=depth), what)


def an_object(value: Json, what: str) -> dict[str, Json]:
    """The value, which must be an object. Raises JsonError."""
    if not isinstance(value, dict):
        raise JsonError(what, f"wanted an object, found {named(value)}")
    return value


def an_array(value: Json, what: str) -> list[Json]:
    """The value, which must be an array. Raises JsonError."""
    if not isinstance(value, list):
        raise JsonError(what, f"wanted an array, found {named(value)}")
    return value


def a_text(value: Json, what: str) -> str:
    """The value, which must be a text. Raises JsonError."""
    if not isinstance(value, str):
        raise JsonError(what, f"wanted a text, found {named(value)}")
    return value


def a_count(value: Json, what: str) -> int:
    """The value, which must be a whole number, 0 or more. Raises JsonError."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise JsonError(what, f"wanted a whole number, 0 or more, found {named(value)}")
    return value


def too_deep(data: bytes, depth: int) -> bool:
    """True if the brackets of a JSON text are nested deeper than that; of a text that is none, either answer.

    What is left without texts and numbers is brackets: the innermost pairs are taken away until none is left.
    """
    without_escapes = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    left = _TEXTS.sub(b"", without_escapes.translate(None, _NOT_STRUCTURE).replace(b'""', b""))
    for _ in range(depth):
        shorter = _EMPTY.sub(b"", left)
        if len(shorter) == len(left):
            break
        left = shorter
    return _EMPTY.search(left) is not None or len(left) > 2 * depth


def named(value: object) -> str:
    """Name of a JSON value's type, for a message."""
    kinds = {dict: "an object", list: "an array", str: "a text", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise ValueError(f"the key {twice[:80]!r} twice in one object")
    return found


def _refused(name: str) -> None:
    raise ValueError(f"{name} is no number")


_LINES = _decoder(None)
"""Made once: making it takes longer than reading a line."""
