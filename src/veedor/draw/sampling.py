"""The public sample: anybody redraws it from the seed and the manifest with SHA-256 and a few lines of any language.

Canonical bytes, so that the sample is the same on every machine and library version: ids and seed as UTF-8 exactly as
the manifest and the plan have them, fields separated by a zero byte, which neither may hold.

- equal probability, without replacement: ticket(id) = SHA256("veedor/ticket/1" 00 seed 00 id); the units with the
  smallest tickets, in that order (Rivest 2018, *Consistent sampling with replacement*, for tickets drawn once).
- proportional to weight, with replacement: draw k = 1, 2, ... takes SHA256("veedor/draw/1" 00 seed 00 k), k in decimal
  digits, as a whole number D of 256 bits, big end first; it falls on the unit in whose share of the manifest's running
  sum of weights floor(D * total / 2^256) lies.
- ballots, without replacement: draw k takes SHA256("veedor/ballot/1" 00 seed 00 k) as such a number D; it falls on the
  ballot floor(D * ballots / 2^256) of the manifest's running count; a ballot drawn before is passed over.
- numbered as the program consistent_sampler does, for those who have always used that one.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from heapq import heapify, heapreplace, nsmallest
from itertools import accumulate

from veedor.errors import VeedorError

TICKET = b"veedor/ticket/1\0"
DRAW = b"veedor/draw/1\0"
BALLOT = b"veedor/ballot/1\0"


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """A unit in the sample by equal probability: its number (64 hexadecimal digits) decides its place."""

    unit: str
    number: str


@dataclass(frozen=True, kw_only=True)
class Numbered:
    """A unit in a sample as consistent_sampler draws it: a decimal fraction, and which of its tickets it is."""

    unit: str
    number: str
    generation: int


def equal_probability(units: Sequence[str], seed: str, size: int) -> list[Ticket]:
    """The first `size` units by ticket, without replacement."""
    _check(units, seed)
    prefix, digest_of = TICKET + seed.encode() + b"\0", sha256
    kept: list[tuple[bytes, str]] = []
    limit, room = b"\xff" * 33, max(4 * size, 1024)
    for unit in units:
        number = digest_of(prefix + unit.encode()).digest()
        if number < limit:
            kept.append((number, unit))
            if len(kept) >= room:
                kept = nsmallest(size, kept)
                limit = kept[-1][0] if kept else b""
    return [Ticket(unit=unit, number=number.hex()) for number, unit in nsmallest(size, kept)]


def proportional(weights: Iterable[int], seed: str, size: int, *, after: int = 0) -> list[int]:
    """Positions of the units that the draws after+1 .. after+size fall on, with replacement.

    weights: whole numbers in the manifest's order, none negative.
    """
    _check((), seed)
    sums = list(accumulate(int(weight) for weight in weights))
    if not sums or sums[-1] == 0:
        raise VeedorError("nothing to draw from: all weights are 0")
    prefix = DRAW + seed.encode() + b"\0"
    places = []
    for k in range(after + 1, after + size + 1):
        number = int.from_bytes(sha256(prefix + str(k).encode()).digest(), "big")
        places.append(bisect_right(sums, number * sums[-1] >> 256))
    return places


def ballots(total: int, seed: str, size: int) -> list[int]:
    """Positions 0 .. total-1 of the first `size` ballots drawn, without replacement, in the order drawn."""
    _check((), seed)
    if size > total:
        raise VeedorError(f"{size:,} ballots cannot be drawn from {total:,}")
    prefix = BALLOT + seed.encode() + b"\0"
    drawn: dict[int, None] = {}
    k = 0
    while len(drawn) < size:
        k += 1
        drawn[int.from_bytes(sha256(prefix + str(k).encode()).digest(), "big") * total >> 256] = None
    return list(drawn)


def consistent_sampler(
    units: Sequence[str], seed: str, size: int, *, with_replacement: bool = False, digits: int = 9
) -> list[Numbered]:
    """The same sample as the program consistent_sampler draws for these ids, as text, and this seed.

    Its hash takes the text form of an id: where the ids there were tuples of a library, give that text here.
    digits: how many decimal digits of a ticket are shown after its leading nines.
    """
    _check(units, seed, zero_bytes=True)
    seed_hash = sha256(seed.encode()).hexdigest()
    tickets = [(_fraction(seed_hash + unit), unit, 1) for unit in units]
    if not with_replacement:
        return [_shown(ticket, digits) for ticket in nsmallest(size, tickets)]
    heapify(tickets)
    drawn: list[Numbered] = []
    while tickets and len(drawn) < size:
        number, unit, generation = tickets[0]
        drawn.append(_shown(tickets[0], digits))
        heapreplace(tickets, (_next_fraction(number), unit, generation + 1))
    return drawn


def _fraction(text: str) -> str:
    """SHA-256 of the text as a decimal fraction whose digits are those of the number, last first."""
    return "0." + f"{int(sha256(text.encode()).hexdigest(), 16):064d}"[::-1]


def _next_fraction(number: str) -> str:
    """A fraction above this one: its leading nines, then new digits, the first that are greater."""
    padded = number + "0"
    nines = _leading(padded)
    return next(new for new in _candidates(number, padded[:nines]) if new > padded)


def _candidates(number: str, start: str) -> Iterator[str]:
    i = 0
    while True:
        i += 1
        yield start + _fraction(f"{number}:{i}")[2:]


def _leading(number: str) -> int:
    """Where the first digit that is not 9 stands, after '0.'."""
    return next(i for i in range(2, len(number)) if number[i] != "9")


def _shown(ticket: tuple[str, str, int], digits: int) -> Numbered:
    number, unit, generation = ticket
    return Numbered(unit=unit, number=number[: _leading(number + "0") + digits], generation=generation)


def _check(units: Sequence[str], seed: str, *, zero_bytes: bool = False) -> None:
    if not seed:
        raise VeedorError("the seed is empty")
    if "\0" in seed or (not zero_bytes and "\0" in "".join(units)):
        raise VeedorError("neither the seed nor an id may hold a zero byte")
    if len(set(units)) != len(units):
        raise VeedorError("an id is in the manifest twice")
