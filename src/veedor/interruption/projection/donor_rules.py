"""Donor rules: how a missing sheet's votes are drawn from counted ones.

Every rule gives float[draw, group]: the votes of all missing sheets together. The groups are the leader's votes, the
runner-up's, and all other valid votes. A donor's votes are scaled by registered voters (missing / donor).

Where a rule redraws votes as Poisson, sheet by sheet, the *sum* over the sheets is Poisson with the sum of the means:
one draw for each group replaces one for each sheet, with the same distribution.
"""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from veedor.interruption.places import Codes
from veedor.interruption.projection.donors import Donors, Floats

Draw = Callable[[Donors, np.random.Generator, int], Floats]

AT_ONCE = 50_000
"""Sheets drawn together, so that their arrays stay in the processor's cache. No number hangs on it."""


def pooled(donors: Donors, votes: Floats, registered: Floats, codes: tuple[Codes, ...]) -> Floats:
    """float[group]: votes per registered voter of all donors in the finest place that has one, times registered.

    votes: float[donor, group] and registered: float[donor] in any order, with the donors' codes for each level.
    """
    total = np.zeros(votes.shape[1])
    for level in range(len(codes)):
        sheets = donors.at_level(level)
        if not sheets.size:
            continue
        places, size = donors.missing_places[level][sheets], len(donors.number[level])
        voters = np.bincount(codes[level], registered, size)
        for group in range(votes.shape[1]):
            cast = np.bincount(codes[level], votes[:, group], size)
            total[group] += float(np.sum(donors.registered[sheets] * cast[places] / voters[places]))
    return total


def uniform(donors: Donors, rng: np.random.Generator, draws: int) -> Floats:
    """Each missing sheet takes one donor at random from the finest place that has one; votes redrawn as Poisson."""
    means = np.zeros((draws, donors.rates.shape[1]))
    for level in range(donors.finest + 1):
        sheets = donors.at_level(level)
        if sheets.size:
            _add_donors(means, donors, sheets, donors.missing_places[level][sheets][None], level, rng)
    return rng.poisson(means).astype(np.float64)


def nested(donors: Donors, rng: np.random.Generator, draws: int) -> Floats:
    """From the finest place with a donor, walk down: at each level one of the places with donors, each as likely.

    Independently for every missing sheet; then a donor of that place, each as likely; votes redrawn as Poisson.
    """
    means = np.zeros((draws, donors.rates.shape[1]))
    for level in range(donors.finest + 1):
        sheets = donors.at_level(level)
        if not sheets.size:
            continue
        places = donors.missing_places[level][sheets][None]
        for depth in range(level, donors.finest):
            places = _step_down(donors, places, depth, rng.random((draws, len(sheets))))
        _add_donors(means, donors, sheets, places, donors.finest, rng)
    return rng.poisson(means).astype(np.float64)


def sheet(donors: Donors, rng: np.random.Generator, draws: int) -> Floats:
    """A place without donors is replaced by one of its siblings with donors, drawn once per place and draw.

    All missing sheets of an uncounted precinct so share one replacement; then one donor for each sheet; no Poisson.
    (The rule of Long, Rosnick, Kharrazian and Cashman, CEPR 2019.)
    """
    totals = np.zeros((draws, donors.rates.shape[1]))
    for sheets, places in replaced_places(donors, rng, draws):
        _add_donors(totals, donors, sheets, places, donors.finest, rng)
    return totals


def replaced_places(donors: Donors, rng: np.random.Generator, draws: int) -> Iterator[tuple[Codes, Codes]]:
    """Missing sheets (indices) and int[draw, sheet], their own finest place or what replaces it in each draw.

    Where the place is their own the array has one row, which stands for every draw.
    """
    for level in range(donors.finest + 1):
        sheets = donors.at_level(level)
        if not sheets.size:
            continue
        places = donors.missing_places[level][sheets][None]
        for depth in range(level, donors.finest):
            own, position = np.unique(donors.missing_places[depth + 1][sheets], return_inverse=True)
            chance = rng.random((draws, len(own)))[:, position]
            places = _step_down(donors, places, depth, chance)
        yield sheets, places


def _step_down(donors: Donors, places: Codes, depth: int, chance: NDArray[np.float64]) -> Codes:
    """From places at `depth` to one of the places below that have donors; chance: float[draw, sheet] on [0, 1)."""
    branches = donors.branches[depth]
    return branches.place[branches.first[places] + (chance * branches.number[places]).astype(np.int64)]


def _add_donors(
    totals: Floats, donors: Donors, sheets: Codes, places: Codes, level: int, rng: np.random.Generator
) -> None:
    """Add to float[draw, group] the scaled votes of one donor for each sheet, drawn from its place at `level`.

    places: int[draw, sheet], or one row for every draw.
    """
    number, first = donors.number[level][places].astype(np.float64), donors.first[level][places]
    registered, rates = donors.registered[sheets], donors.rate_rows
    step = max(AT_ONCE // len(sheets), 1)
    for start in range(0, len(totals), step):
        rows = slice(start, start + step)
        own = slice(None) if len(places) == 1 else rows
        chance = rng.random((len(totals[rows]), len(sheets)))
        chance *= number[own]
        chosen = chance.astype(np.int64)
        chosen += first[own]
        for group, rate in enumerate(rates):
            np.take(rate, chosen, out=chance, mode="clip")
            totals[rows, group] += np.einsum("ds,s->d", chance, registered)
