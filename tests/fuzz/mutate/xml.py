"""Changes to XML: elements and attributes moved, doubled, renamed and left out; what only bytes can say, as bytes."""

import copy
from collections.abc import Sequence
from random import Random
from xml.etree import ElementTree as ET

from tests.fuzz.mutate import raw
from tests.fuzz.mutate.tree import SCALARS
from tests.fuzz.target import Mutator

TOKENS = (
    b"<!DOCTYPE x [<!ENTITY a 'aaaa'>]>", b"&a;", b"&#0;", b"&#x110000;", b"<![CDATA[", b"]]>", b"<!--", b"-->",
    b'<?xml version="1.0" encoding="UTF-16"?>', b"<a>", b"</a>", b' xmlns="x"', b' xmlns:r="y"', b"<?pi?>",
)  # fmt: skip


def xml_tree(tokens: Sequence[bytes] = (), others: Sequence[bytes] = ()) -> Mutator:
    """An XML text changed as a tree; sometimes, and where it is none, as bytes."""
    plain = raw.raw((*TOKENS, *tokens), others)

    def mutate(data: bytes, rng: Random) -> bytes:
        if rng.random() < 0.3 or b"<!" in data:
            return plain(data, rng)
        try:
            root = ET.fromstring(data)  # noqa: S314 - ours, or changed from ours, and without declarations
        except (ET.ParseError, ValueError, LookupError):
            return plain(data, rng)
        for _ in range(rng.choice((1, 1, 2, 3))):
            _change(root, rng)
        try:
            return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=rng.random() < 0.5))
        except (ValueError, TypeError, RecursionError):
            return plain(data, rng)

    return mutate


def _change(root: ET.Element, rng: Random) -> None:
    every = list(root.iter())[:4000]
    around, other = rng.choice(every), rng.choice(every)
    inner = list(around)
    match rng.randrange(9):
        case 0 if inner:
            around.remove(rng.choice(inner))
        case 1 if inner:
            around.insert(rng.randint(0, len(inner)), copy.deepcopy(rng.choice(inner)))
        case 2 if len(list(other.iter())) < 200:
            around.append(copy.deepcopy(other))
        case 3:
            around.tag = other.tag
        case 4 | 5 if around.attrib:
            name = rng.choice(list(around.attrib))
            values = [one for element in every for one in element.attrib.values()][:500]
            around.set(name, _text(rng, around.get(name, ""), values))
        case 6 if around.attrib:
            del around.attrib[rng.choice(list(around.attrib))]
        case 7:
            around.set(rng.choice([name for one in every for name in one.attrib] or ["x"]), _text(rng, "", ["1"]))
        case _:
            around.text = _text(rng, around.text or "", [one.text or "" for one in every][:500])


def _text(rng: Random, before: str, others: Sequence[str]) -> str:
    match rng.randrange(4):
        case 0:
            return str(rng.choice(SCALARS)).replace("\0", "")
        case 1 if others:
            return rng.choice(others)
        case 2:
            return raw.number(before.encode(), rng).decode("utf-8", "replace")
        case _:
            return "".join(char for char in raw.text(before, rng) if char >= " " or char in "\n\t")
