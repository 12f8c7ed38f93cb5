"""Changes to bytes: a few of them, with the words of a format and pieces of other inputs put in."""

import re
from collections.abc import Sequence
from random import Random

from tests.fuzz.target import Mutator

TOKENS = (
    b"\0", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xff\xfe", b"\n", b"\r", b"\r\n", b"\n\n", b"\t", b" ",
    b"'", b'"', b'""', b",", b";", b"|", b"\\", b"/", b"../", b"=1+1", b"@x", b"+", b"-", b"-1", b"0", b"1e999", b"NaN",
    b"inf", b"null", b"true", b"[]", b"{}", b"[[", b"{{", b"9" * 19, b"9" * 400, b"2147483648", b"9223372036854775808",
    "\u202e".encode(), "\u200b".encode(), "\u2028".encode(), "e\u0301".encode(), "\u00e9".encode(),
    "\u0661\u0662".encode(), "\U000e0041".encode(), b"\x1b[2J", b"\x7f", b"\xc2\x9b", b"%s%n", b"$(x)", b"<b>&",
)  # fmt: skip
NUMBERS = (
    b"0", b"-1", b"1", b"00", b"127", b"255", b"256", b"65535", b"65536", b"2147483647", b"4294967296",
    b"9007199254740993", b"9223372036854775807", b"18446744073709551616", b"1" + b"0" * 40, b"0.1", b"1e400", b"1_0",
)  # fmt: skip
_NUMBER = re.compile(rb"[0-9]+")


def raw(tokens: Sequence[bytes] = (), others: Sequence[bytes] = ()) -> Mutator:
    """One to four changes of bytes. tokens: words of the format; others: inputs to take pieces from."""
    words = (*TOKENS, *tokens, *tokens)  # a format's own words twice as often
    pieces = [one for one in others if one]

    def mutate(data: bytes, rng: Random) -> bytes:
        for _ in range(rng.choice((1, 1, 1, 2, 2, 4))):
            data = _changed(data, rng, words, pieces)
        return data

    return mutate


def _changed(data: bytes, rng: Random, words: Sequence[bytes], pieces: Sequence[bytes]) -> bytes:
    start, end = _span(len(data), rng)
    match rng.randrange(12):
        case 0 if data:
            at = rng.randrange(len(data))
            return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]
        case 1 if data:
            at = rng.randrange(len(data))
            return data[:at] + rng.choice((b"\0", b"\x7f", b"\x80", b"\xff", rng.randbytes(1))) + data[at + 1 :]
        case 2 | 3:
            return data[:start] + rng.choice(words) + data[start:]
        case 4:
            word = rng.choice(words)
            return data[:start] + word + data[start + len(word) :]
        case 5:
            return data[:start] + data[end:]
        case 6:
            return data[:end] + data[start:end] * rng.choice((1, 1, 2, 8, 40)) + data[end:]
        case 7 | 8:
            return number(data, rng)
        case 9 if pieces:
            other = rng.choice(pieces)
            low, high = _span(len(other), rng)
            return data[:start] + other[low:high] + data[end:]
        case 10:
            return data[: rng.randrange(len(data) + 1)]
        case _:
            return data[:start] + rng.randbytes(rng.choice((1, 2, 4, 16))) + data[start:]


def _span(length: int, rng: Random) -> tuple[int, int]:
    """A piece, mostly a short one."""
    start = rng.randint(0, length)
    return start, min(length, start + rng.choice((1, 1, 2, 4, 8, 16, 64, length)))


def number(data: bytes, rng: Random) -> bytes:
    """A number in the text made another one, an extreme one mostly."""
    found = [match.span() for match in _NUMBER.finditer(data)][:2000]
    if not found:
        return data + rng.choice(NUMBERS)
    start, end = rng.choice(found)
    if rng.random() < 0.3 and end - start < 15:
        written = str(int(data[start:end]) + rng.choice((-1, 1, 2))).encode()
    else:
        written = rng.choice(NUMBERS)
    return data[:start] + written + data[end:]


def text(value: str, rng: Random) -> str:
    """A text changed as bytes are; what is then no text is replaced."""
    return raw()(value.encode("utf-8", "surrogatepass"), rng).decode("utf-8", "replace")
