"""Changes to signed notes and what carries them: lines, base64, and texts that are changed and then signed anew."""

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from random import Random

from tests.fuzz.mutate import raw
from tests.fuzz.target import Mutator

_BASE64 = re.compile(rb"[A-Za-z0-9+/]{16,}={0,2}")
SIZES = (b"0", b"1", b"2", b"255", b"256", b"257", b"65536", b"4611686018427387904", b"9223372036854775807", b"1" * 40)


def lines(tokens: Sequence[bytes] = (), others: Sequence[bytes] = ()) -> Mutator:
    """A text of lines, some of which hold base64: lines moved, bytes inside the base64 changed, or any bytes."""
    plain = raw.raw((*tokens, "— x ".encode(), b"\n\n", *SIZES), others)
    inside = raw.raw()
    every = [line for other in others for line in other.split(b"\n")]

    def mutate(data: bytes, rng: Random) -> bytes:
        split = data.split(b"\n")
        at = rng.randrange(len(split))
        match rng.randrange(8):
            case 0:
                split.insert(rng.randint(0, len(split)), rng.choice(every or split))
            case 1 if len(split) > 1:
                del split[at]
            case 2:
                other = rng.randrange(len(split))
                split[at], split[other] = split[other], split[at]
            case 3 | 4:
                return _in_base64(data, inside, rng)
            case 5:
                return raw.number(data, rng)
            case _:
                return plain(data, rng)
        return b"\n".join(split)

    return mutate


def _in_base64(data: bytes, inside: Mutator, rng: Random) -> bytes:
    found = [match.span() for match in _BASE64.finditer(data)][:1000]
    if not found:
        return inside(data, rng)
    start, end = rng.choice(found)
    try:
        value = base64.b64decode(data[start:end])
    except (binascii.Error, ValueError):
        return inside(data, rng)
    return data[:start] + base64.b64encode(inside(value, rng)) + data[end:]


Signer = Callable[[str], bytes]
"""The lines of signatures under a text."""


def signed_again(signer: Signer, tokens: Sequence[bytes] = ()) -> Mutator:
    """A note whose text is changed and then signed by whoever signed it: what a malicious log can write."""
    inner = lines((*tokens, *SIZES))

    def mutate(data: bytes, rng: Random) -> bytes:
        text, blank, _ = data.rpartition(b"\n\n")
        if not blank:
            return inner(data, rng)
        changed = _text(text + b"\n", inner, rng)
        try:
            return changed + b"\n" + signer(changed.decode())
        except Exception:  # a text that cannot be signed is as good unsigned
            return changed + b"\n"

    return mutate


def _text(text: bytes, inner: Mutator, rng: Random) -> bytes:
    """The text, often with nothing but another size: what is wrong is then seen last."""
    if rng.random() < 0.5:
        split = text.split(b"\n")
        if len(split) > 2:
            split[1] = rng.choice(SIZES)
            return b"\n".join(split)
    return inner(text, rng)
