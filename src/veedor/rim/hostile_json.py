"""JSON that somebody else wrote: size first, then depth, then every key once and every number a number.

Python's reader alone takes a key twice and keeps the last, takes NaN, and ends in a RecursionError on deep nesting.
"""

import json
import re
from collections.abc import Callable
from typing import TypeAlias

from veedor.errors import SAID, VeedorError
from veedor.saying import figures

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
        super().__init__(SAID.say("json.not_taken", what=what, problem=problem))
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
        raise JsonError(what, SAID.say("json.size", size=figures(f"{len(data):,}"), most=figures(f"{most_bytes:,}")))
    if too_deep(data, depth):
        raise JsonError(what, SAID.say("json.depth", depth=depth))
    return _loaded(data, what, _decoder(parse_float))


def loads_line(line: bytes, what: str = "a line", *, depth: int = DEPTH) -> Json:
    """As `loads`, of one of very many lines whose length is known to be small."""
    if line.count(b"{") + line.count(b"[") > depth and too_deep(line, depth):
        raise JsonError(what, SAID.say("json.depth", depth=depth))
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
        raise JsonError(what, SAID.say("json.not_utf8", at=problem.start)) from None
    except UnicodeEncodeError:
        raise JsonError(what, SAID.say("json.half")) from None
    except json.JSONDecodeError as problem:
        raise JsonError(
            what, SAID.say("json.at", why=problem.msg, line=problem.lineno, column=problem.colno), line=problem.lineno
        ) from None
    except RecursionError:
        raise JsonError(what, SAID.say("json.too_deep")) from None
    except ValueError as problem:  # a key twice, NaN, a number of thousands of digits
        raise JsonError(what, problem.args[0]) from None


def loads_object(data: bytes, what: str, *, most_bytes: int = MOST_BYTES, depth: int = DEPTH) -> dict[str, Json]:
    """As `loads`, of an object."""
    return an_object(loads(data, what, most_bytes=most_bytes, depth=depth), what)


def an_object(value: Json, what: str) -> dict[str, Json]:
    """The value, which must be an object. Raises JsonError."""
    if not isinstance(value, dict):
        raise JsonError(what, SAID.say("json.object", found=named(value)))
    return value


def an_array(value: Json, what: str) -> list[Json]:
    """The value, which must be an array. Raises JsonError."""
    if not isinstance(value, list):
        raise JsonError(what, SAID.say("json.array", found=named(value)))
    return value


def a_text(value: Json, what: str) -> str:
    """The value, which must be a text. Raises JsonError."""
    if not isinstance(value, str):
        raise JsonError(what, SAID.say("json.text", found=named(value)))
    return value


def a_count(value: Json, what: str) -> int:
    """The value, which must be a whole number, 0 or more. Raises JsonError."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise JsonError(what, SAID.say("json.count", found=named(value)))
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
    kinds = {dict: "object", list: "array", str: "text", bool: "bool", type(None): "null"}
    return SAID.say(f"json_kind.{kinds.get(type(value), 'number')}")


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise ValueError(SAID.say("json.twice", key=repr(twice[:80])))
    return found


def _refused(name: str) -> None:
    raise ValueError(SAID.say("json.no_number", name=name))


_LINES = _decoder(None)
"""Made once: making it takes longer than reading a line."""
