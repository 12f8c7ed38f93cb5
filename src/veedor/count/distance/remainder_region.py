"""A region: all votes that give an allocation by largest remainders while certain choices pass the threshold.

Its unknowns are the votes v, their total T, the price x of a seat and the level t of claims that separates seats given
from seats not given (see nearest_seats). i: choices inside, that pass, with s seats each; j: those outside; c: scale.

    line(T) <= v[i],  v[j] < line(T)                these pass the threshold, and no others
    t + (s - 1) x <= c v[i] < t + s x               each has its last seat (if s > 0), and no next one
    sum v[i] = x, or m (x - 1) <= sum v[i] < m x    the price, by those inside: Hare; Droop, with m = seats + 1
    sum of all v = T; v as it was or more (add), or less (remove)

Without rounding all of these are straight in the unknowns. What votes of one T and x lack at least of meeting them all
(`lack`) is therefore convex in both, with few straight pieces: it is least at a corner, so that a walk along these
lines from corner to corner (search) misses nothing between. Where the least lack of a T is above 0, no votes fit it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from veedor.count.distance.change import How
from veedor.count.distance.remainder_target import Wanted
from veedor.count.distance.search import first_true, least_point_by_lines

FINE = 1 << 64
"""Steps between two whole prices where nothing is rounded: far finer than the corners of a region lie apart."""


@dataclass(frozen=True, kw_only=True)
class Region:
    """The votes that give the seats sought while exactly the choices `inside` pass the threshold.

    inside: of each choice, in ballot order. ours, others: votes of those inside and outside; pairs: votes and seats of
    those inside. share: p, q of the threshold's share p / q, and 1 where it must be passed (else 0). hare: whether the
    quota is Hare's, not Droop's; scale: what claims are multiplied by to be whole numbers.
    loose: the others may pass the threshold or not. Such a region only bounds: it holds those of every set.
    """

    wanted: Wanted
    how: How
    inside: tuple[bool, ...]
    ours: tuple[int, ...]
    others: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...]
    share: tuple[int, int, int]
    hare: bool
    scale: int
    loose: bool


def region_of(wanted: Wanted, inside: Sequence[bool], *, loose: bool = False) -> Region:
    """The region of one set of choices that pass the threshold."""
    pairs = tuple((v, s) for v, s, here in zip(wanted.votes, wanted.seats, inside, strict=True) if here)
    hare, line = wanted.rule.quota == "hare", wanted.rule.threshold
    return Region(
        wanted=wanted,
        how=wanted.how,
        inside=tuple(inside),
        ours=tuple(v for v, _ in pairs),
        others=tuple(v for v, here in zip(wanted.votes, inside, strict=True) if not here),
        pairs=pairs,
        share=(0, 1, 0) if line is None else (line.share.numerator, line.share.denominator, int(line.strict)),
        hare=hare,
        scale=wanted.rule.seats if hare else 1,
        loose=loose,
    )


# --- how many votes there can be inside and outside ------------------------------------------------------------------


def votes_outside(region: Region, high: int, unit: int) -> tuple[int, int]:
    """The least and the most votes of all those outside together, each having at most `high`, in units of a vote."""
    if region.how == "remove":
        return 0, sum(min(v * unit, high) for v in region.others)
    return sum(region.others) * unit if region.how == "add" else 0, len(region.others) * high


def votes_inside(region: Region, total: int, price: int) -> tuple[int, int]:
    """The least and the most votes of all those inside together, in whole votes."""
    more = region.wanted.rule.seats + 1
    least, most = votes_outside(region, region.wanted.line(total) - 1, 1)
    block = (price, price) if region.hare else (more * (price - 1), more * price - 1)
    return max(block[0], total - most), min(block[1], total - least)


def price_range(region: Region, total: int) -> tuple[int, int]:
    """Prices outside of which the votes of those inside do not add up."""
    least, most = votes_outside(region, region.wanted.line(total) - 1, 1)
    low, high, more = max(0, total - most), max(0, total - least), region.wanted.rule.seats + 1
    return (max(1, low), max(1, high)) if region.hare else (low // more + 1, high // more + 1)


# --- what votes of one total and price lack --------------------------------------------------------------------------


class _Scaled(NamedTuple):
    """The numbers of the inequalities at one total and price, multiplied so that all are whole.

    vote: one vote; step: the least by which two claims differ; price: of a seat; total: T; low, high: the least of each
    one inside and the most of each one outside; bottom, top: of all those inside, by the price; outside: of all others.
    """

    vote: int
    step: int
    price: int
    total: int
    low: int
    high: int
    bottom: int
    top: int
    outside: tuple[int, int]


def lack(region: Region, total: int, price: int, fine: int) -> int:
    """Zero or less if the region holds votes of this total at this price; convex in both.

    The price is in steps of 1 / fine; with fine = 1 the threshold is rounded to whole votes.
    """
    at = _scaled(region, total, price, fine)
    add = region.how == "add"
    floors = [max(at.low, v * at.vote) if add else at.low for v, _ in region.pairs]
    # A higher level only asks for more votes: the lowest that leaves everybody room below the next claim is enough.
    level = max(floor - s * at.price for floor, (_, s) in zip(floors, region.pairs, strict=True)) + at.step
    need = sum(
        max(floor, level + (s - 1) * at.price) if s else floor
        for floor, (_, s) in zip(floors, region.pairs, strict=True)
    )
    bottom, top = max(at.bottom, at.total - at.outside[1]), min(at.top, at.total - at.outside[0])
    if region.loose:
        # Those outside who pass count towards the price as well: only the total bounds what they add to it.
        return max(
            need - top, at.bottom - at.total, level - _highest_level(region, at) if region.how == "remove" else 0
        )
    lacks = [need - top, bottom - top]
    if add:
        lacks.append(max((v * at.vote - at.high for v in region.others), default=0))
    elif region.how == "remove":
        lacks += _lacks_by_removing(region, at, level, bottom)
    return max(lacks)


def _scaled(region: Region, total: int, price: int, fine: int) -> _Scaled:
    wanted = region.wanted
    p, q, strict = region.share
    vote, more = q * region.scale * fine, wanted.rule.seats + 1
    if fine == 1:
        line = wanted.line(total)
        low, high = line * vote, (line - 1) * vote
    else:
        exact = p * (total + wanted.extra) + strict
        low, high = max(q, exact) * region.scale * fine, max(0, exact - 1) * region.scale * fine
    if region.hare:
        bottom = top = price * q * region.scale
    else:
        bottom, top = (price - fine) * more * q, price * more * q - vote
    return _Scaled(vote, q * fine, q * price, total * vote, low, high, bottom, top, votes_outside(region, high, vote))


def _highest_level(region: Region, at: _Scaled) -> int:
    """By removing: the level above which somebody has too few votes for the last seat, even with none removed."""
    return min(v * at.vote - (s - 1) * at.price for v, s in region.pairs if s)


def _lacks_by_removing(region: Region, at: _Scaled, level: int, bottom: int) -> list[int]:
    """What is lacking because nobody can have more votes than there were."""
    highest = _highest_level(region, at)
    room = sum(min(v * at.vote, highest + s * at.price - at.step) for v, s in region.pairs)
    return [at.low - min(region.ours) * at.vote, level - highest, bottom - room]


def least_lack(region: Region, total: int) -> int:
    """Zero or less if the region without rounding holds votes of this total; within 1, in units below 1 / 2**40."""
    of_price = cache(lambda price: lack(region, total, price, FINE))
    # Every price up to the total: narrower bounds in whole prices would not be convex in the total.
    return of_price(least_point_by_lines(of_price, FINE, (total + 1) * FINE)) >> 24


# --- votes moved -----------------------------------------------------------------------------------------------------


def moved_outside(region: Region, total: int, price: int) -> tuple[int, int]:
    """By moving: votes that those outside gain; votes that leave those outside or come inside on balance."""
    if region.how != "move":
        return 0, 0
    line, own, (bottom, top) = region.wanted.line(total), sum(region.ours), votes_inside(region, total, price)
    fall = sum(max(0, v - line + 1) for v in region.others)
    balance = min(max(fall, bottom - own), top - own)
    return max(0, fall - balance), max(balance, fall)


def least_moved(region: Region, price: int) -> Fraction:
    """The fewest votes moved at a price without rounding."""
    total, unit = region.wanted.total, region.scale
    line = region.wanted.line(total)
    outside_gains, outside_loses = moved_outside(region, total, price)

    def gains(level: int) -> int:
        return outside_gains * unit + sum(
            max(0, max(line * unit, level + (s - 1) * price if s else 0) - v * unit) for v, s in region.pairs
        )

    def losses(level: int) -> int:
        return outside_loses * unit + sum(max(0, v * unit - (level + s * price - 1)) for v, s in region.pairs)

    lowest = max(line * unit - s * price for _, s in region.pairs) + 1
    cross = first_true(lambda level: gains(level) >= losses(level), lowest, max(lowest, 4 * unit * (total + 1) + price))
    if cross is None or cross == lowest:
        return Fraction(gains(lowest), unit)
    # Both are straight between two whole levels: the point where they meet.
    before, after = losses(cross - 1) - gains(cross - 1), gains(cross) - losses(cross)
    rise = Fraction(before, before + after) * (gains(cross) - gains(cross - 1))
    return (gains(cross - 1) + rise) / unit
