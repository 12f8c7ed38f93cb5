"""Changes to trees of values, as JSON and TOML hold them: their text stays well formed, what it says does not."""

import copy
import json
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from tests.fuzz.mutate import raw
from tests.fuzz.target import Mutator

Place = tuple[Any, Any]
"""A dict and a key of it, or a list and a position in it."""

SCALARS: tuple[Any, ...] = (
    None, True, False, -1, 0, 1, 2, 255, 2**31, 2**53 + 1, 2**63, 2**64, 10**30, -0.0, 0.1, 0.5, 1.5, 1e308, 1e-300,
    "", " ", "0", "1", "-1", "1/3", "1/0", "5 %", "NaN", "a", "A", "é", "e\u0301", "\u202ex", "x\0y", "x\ny", "../x",
    "/etc/passwd", "a" * 3000, "2026-03-01", "2026-03-01T10:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31",
    "=1+1", "<script>", "https://example.org", "{time:%Y}", "*", "constructor", "station",
)  # fmt: skip


def json_tree(tokens: Sequence[bytes] = (), others: Sequence[bytes] = ()) -> Mutator:
    """A JSON text changed as a tree; one that is none, as bytes."""
    plain = raw.raw(tokens, others)

    def mutate(data: bytes, rng: Random) -> bytes:
        if rng.random() < 0.2:
            return plain(data, rng)
        try:
            tree = json.loads(data)
        except (ValueError, RecursionError):
            return plain(data, rng)
        return json_text(changed(tree, rng), rng)

    return mutate


def json_text(tree: Any, rng: Random) -> bytes:
    """The tree as JSON; sometimes with what JSON does not allow, as programs write it all the same."""
    if rng.random() < 0.1:
        return json.dumps(tree, indent=1, default=str).encode()
    return json.dumps(tree, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass")


def changed(tree: Any, rng: Random, scalars: Sequence[Any] = SCALARS) -> Any:
    """The tree with one to three changes."""
    root = [copy.deepcopy(tree)]
    for _ in range(rng.choice((1, 1, 2, 3))):
        places = list(_places(root))
        _change(places, rng, scalars)
    return root[0]


def _places(inside: Any) -> Iterator[Place]:
    waiting = [inside]
    number = 0
    while waiting and number < 5000:
        one = waiting.pop()
        keys = list(one) if isinstance(one, dict) else range(len(one))
        for key in keys:
            number += 1
            yield one, key
            if isinstance(one[key], dict | list):
                waiting.append(one[key])


def _change(places: list[Place], rng: Random, scalars: Sequence[Any]) -> None:
    inside, key = rng.choice(places)
    value = inside[key]
    match rng.randrange(13):
        case 0 | 1 | 2:
            inside[key] = copy.deepcopy(rng.choice(scalars))
        case 3 if inside is not places[0][0]:
            del inside[key]
        case 4:
            other, name = rng.choice(places)
            inside[key] = copy.deepcopy(other[name])
        case 5 if isinstance(inside, list):
            inside[key:key] = [copy.deepcopy(value)] * rng.choice((1, 1, 2, 50))
        case 6 if isinstance(inside, dict):
            names = [name for one, name in places if isinstance(one, dict)]
            inside[rng.choice((*names, raw.text(str(key), rng)))] = inside.pop(key)
        case 7 if isinstance(value, dict):
            names = [name for one, name in places if isinstance(one, dict)] or ["x"]
            value[rng.choice(names)] = copy.deepcopy(rng.choice(scalars))
        case 8:
            inside[key] = _nested(value, rng)
        case 9 | 10 if isinstance(value, str):
            inside[key] = raw.text(value, rng)
        case 9 | 10 if isinstance(value, int | float):
            inside[key] = value + rng.choice((-1, 1, 0.5, 2**32)) if abs(value) < 10**20 else 0
        case 11 if isinstance(value, list):
            rng.shuffle(value)
        case 12 if isinstance(value, dict | list):
            value.clear()
        case _:
            inside[key] = copy.deepcopy(rng.choice(scalars))


def _nested(value: Any, rng: Random) -> Any:
    for _ in range(rng.choice((1, 1, 3, 60, 200))):
        value = [value] if rng.random() < 0.5 else {"a": value}
    return value


def by_line(line: Mutator) -> Mutator:
    """For texts of one value a line: a line changed, or lines put in another order, doubled or left out."""

    def mutate(data: bytes, rng: Random) -> bytes:
        lines = data.split(b"\n")
        at = rng.randrange(len(lines))
        match rng.randrange(6):
            case 0:
                lines.insert(rng.randrange(len(lines)), lines[at])
            case 1 if len(lines) > 1:
                del lines[at]
            case _:
                lines[at] = line(lines[at], rng)
        return b"\n".join(lines)

    return mutate
