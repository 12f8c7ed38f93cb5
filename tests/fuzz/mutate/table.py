"""Changes to tables of text: cells, rows and columns, quotation, line ends and marks at the beginning."""

from collections.abc import Sequence
from random import Random

from tests.fuzz.mutate import raw
from tests.fuzz.target import Mutator

CELLS = (
    b"", b" ", b"0", b"-0", b"-1", b"+5", b"007", b"1.0", b"1,5", b"1.234", b"1.234,5", b"1 234", b"5%", b"5 %", b"NaN",
    b"NA", b"-", b"null", b"x", b"=1+1", b"@a", b"'1", b'"', b'""', b'"a', b'a"b', b'"a\nb"', b'"1"', b"\0", b"\xff",
    b"2147483648", b"9223372036854775807", b"9223372036854775808", b"9" * 30, b"1e3", b"1e999", b"0x10", b"1_000",
    "\u0661".encode(), "\u00a0".encode() + b"5", "\u200b5".encode(), "e\u0301".encode(), b"\xe9", b"a" * 2000, b"\\",
    b"2024-05-05", b"05/05/2024 10:00", b"-16.5", b"91", b"181", b"\r", b"True",
)  # fmt: skip
_ENDS = (b"\n", b"\r\n", b"\r", b"\n\n", b"\r\r\n")


def table(delimiter: bytes = b",", tokens: Sequence[bytes] = (), others: Sequence[bytes] = ()) -> Mutator:
    """A table changed by cells, rows and columns; sometimes as bytes."""
    plain = raw.raw((*tokens, delimiter), others)
    cells = (*CELLS, *tokens)

    def mutate(data: bytes, rng: Random) -> bytes:
        if rng.random() < 0.25:
            return plain(data, rng)
        end = b"\r\n" if b"\r\n" in data else b"\n"
        lines = data.split(end)
        for _ in range(rng.choice((1, 1, 2, 3))):
            _change(lines, delimiter, cells, rng)
        if rng.random() < 0.1:
            end = rng.choice(_ENDS)
        mark = rng.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"sep=,\n")) if rng.random() < 0.04 else b""
        return mark + end.join(lines)

    return mutate


def _change(lines: list[bytes], delimiter: bytes, cells: Sequence[bytes], rng: Random) -> None:
    at = rng.randrange(len(lines))
    row = lines[at].split(delimiter)
    place = rng.randrange(len(row))
    match rng.randrange(12):
        case 0 | 1 | 2 | 3:
            row[place] = rng.choice(cells)
        case 4:
            row[place] = raw.number(row[place], rng)
        case 5:
            row.insert(place, rng.choice((row[place], b"", b"1")))
        case 6 if len(row) > 1:
            del row[place]
        case 7:
            other = rng.randrange(len(row))
            row[place], row[other] = row[other], row[place]
        case 8:
            lines.insert(rng.randrange(len(lines) + 1), lines[at])
            return
        case 9 if len(lines) > 1:
            del lines[at]
            return
        case 10:
            taken = rng.choice(lines).split(delimiter)
            row[place] = rng.choice(taken)
        case _:
            row[place] = raw.raw()(row[place], rng)
    lines[at] = delimiter.join(row)
