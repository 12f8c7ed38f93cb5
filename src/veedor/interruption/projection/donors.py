"""Which counted sheets can stand for which missing ones: the tree of places that have donors.

Donors are sorted so that those of a place stand side by side: a place is a range, a draw is an index.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from veedor.interruption.places import Codes, Places

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Branches:
    """The places one level further down that have donors, for each place: `place[first[p] : first[p] + number[p]]`."""

    first: Codes
    number: Codes
    place: Codes


@dataclass(frozen=True, kw_only=True)
class Donors:
    """Counted sheets as donors for missing ones.

    rates: float[donor, group], votes of each group per registered voter.
    pooled: float[finest place, group], the same of all its donors together, 0 without any.
    concentration: how little the sheets of a place differ from its pooled rates (a Dirichlet's concentration).
    first, number: for each level, the range of donors of each place.
    branches: for each level but the finest, the way down.
    missing_places: for each level, int[missing sheet], the place of each missing sheet.
    registered: float[missing sheet].
    level: int[missing sheet], the finest level at which a missing sheet's place has a donor; -1 if none has.
    """

    rates: Floats
    pooled: Floats
    concentration: float
    first: tuple[Codes, ...]
    number: tuple[Codes, ...]
    branches: tuple[Branches, ...]
    missing_places: tuple[Codes, ...]
    registered: Floats
    level: Codes

    @cached_property
    def rate_rows(self) -> Floats:
        """float[group, donor], the rates with each group's side by side."""
        return np.ascontiguousarray(self.rates.T)

    @cached_property
    def pooled_rows(self) -> Floats:
        """float[group, finest place], the pooled rates, likewise."""
        return np.ascontiguousarray(self.pooled.T)

    @property
    def finest(self) -> int:
        """Index of the finest level."""
        return len(self.number) - 1

    def at_level(self, level: int) -> Codes:
        """Indices of the missing sheets whose finest level with a donor is this one."""
        return np.flatnonzero(self.level == level)


def donors_of(
    places: Places, *, counted: NDArray[np.bool_], missing: NDArray[np.bool_], votes: Floats, registered: Floats
) -> Donors:
    """The donors of an interrupted count.

    counted, missing: bool[station]; votes: float[station, group] of the counted sheets (others are not read);
    registered: float[station] for missing sheets, and of counted ones as their own count states it.
    Counted sheets without registered voters cannot be scaled and are no donors.
    """
    able = np.flatnonzero(counted & (registered > 0))
    # lexsort goes by its last key first: by the broadest level, so that a place of any level is one range.
    able = able[np.lexsort([code[able] for code in reversed(places.codes)])]
    codes = [code[able] for code in places.codes]
    number = tuple(np.bincount(code, minlength=size) for code, size in zip(codes, places.sizes, strict=True))
    first = tuple(_first_of(code, size) for code, size in zip(codes, places.sizes, strict=True))
    absent = np.flatnonzero(missing)
    level = np.full(len(absent), -1, dtype=np.int64)
    for depth, code in enumerate(places.codes):
        level[number[depth][code[absent]] > 0] = depth
    finest, voters = codes[-1], registered[able].astype(np.float64)
    cast = np.stack([np.bincount(finest, group, places.sizes[-1]) for group in votes[able].T], axis=1)
    return Donors(
        rates=votes[able] / voters[:, None],
        pooled=cast / np.maximum(np.bincount(finest, voters, places.sizes[-1]), 1.0)[:, None],
        concentration=concentration(votes[able], voters, finest),
        first=first,
        number=number,
        branches=tuple(
            _branches(outer, inner, size)
            for outer, inner, size in zip(codes[:-1], codes[1:], places.sizes[:-1], strict=True)
        ),
        missing_places=tuple(code[absent] for code in places.codes),
        registered=registered[absent].astype(np.float64),
        level=level,
    )


def concentration(votes: Floats, registered: Floats, place: Codes) -> float:
    """The Dirichlet concentration of sheets around their place's shares, by moments.

    votes: float[donor, group], registered: float[donor], place: int[donor]. E(x[s] - N[s] p)^2 summed over parts is
    N (1 + (N - 1) rho) (1 - sum p^2) with rho = 1 / (1 + concentration); rho is solved for with each place's own p.
    """
    size = int(place.max(initial=-1)) + 1
    parts = np.column_stack([votes, np.maximum(registered - votes.sum(axis=1), 0.0)])
    voters = np.bincount(place, registered, size)
    shares = np.stack([np.bincount(place, part, size) for part in parts.T], axis=1) / np.maximum(voters, 1.0)[:, None]
    sheets = np.bincount(place, minlength=size)[place]
    usable = sheets > 1
    expected = shares[place] * registered[:, None]
    # A place's own shares are nearer to its sheets than the true ones: k / (k - 1) with k sheets makes up for it.
    square = ((parts - expected) ** 2).sum(axis=1)[usable] * (sheets / np.maximum(sheets - 1, 1))[usable]
    spread = (registered * (1.0 - (shares[place] ** 2).sum(axis=1)))[usable]
    scaled = float(np.sum(spread * (registered[usable] - 1.0)))
    rho = (float(np.sum(square)) - float(np.sum(spread))) / scaled if scaled > 0 else 0.0
    return 1.0 / min(max(rho, 1e-6), 1.0 - 1e-6) - 1.0


def _starts(codes: Codes) -> Codes:
    """Where a sorted array begins a new value."""
    if not codes.size:
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(np.concatenate(([True], codes[1:] != codes[:-1])))


def _first_of(codes: Codes, size: int) -> Codes:
    first = np.zeros(size, dtype=np.int64)
    starts = _starts(codes)
    first[codes[starts]] = starts
    return first


def _branches(outer: Codes, inner: Codes, size: int) -> Branches:
    starts = _starts(inner)
    parents = outer[starts]
    return Branches(first=_first_of(parents, size), number=np.bincount(parents, minlength=size), place=inner[starts])
