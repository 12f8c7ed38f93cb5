"""A kind of election like a given one: its places, shares, variances, and how its votes go with the time of arrival.

Everything but one figure follows from moments, level by level: variances of the leader's share and of lateness, and
their covariance, which remoteness is made to carry. That one, how much remoteness moves votes, is then scaled until
simulated elections have the given one's slope of the share over the count.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from veedor.errors import VeedorError
from veedor.simulation.kinds.drawing import draw_kind
from veedor.simulation.kinds.kind import Kind
from veedor.simulation.types import Floats, Ints

REMOTE_PART = 0.6
"""Part of the variance of places' lateness that is remoteness: the data show only its product with votes."""

FEWEST_REGIONS = 4
TRIES, SEEDS = 12, 10
LEAST = 1e-6


@dataclass(frozen=True, kw_only=True)
class Given:
    """The election to be like. codes: for each level, broadest first, int[station], each place within one above.

    votes: int[station, choice], the leader first; registered: int[station]; time: float[station], when each sheet came,
    on a scale on which all are about standard normal; stop_after: share of the sheets at the stop.
    """

    codes: Sequence[Ints]
    votes: Ints
    registered: Ints
    time: Floats
    stop_after: float
    snapshots: int = 13


@dataclass(frozen=True)
class Slopes:
    """Of the leader's share on the share of sheets passed, in points over the whole count: raw, and within places."""

    whole: float
    within: float


def kind_like(given: Given) -> Kind:
    """A kind whose elections have the given one's slopes and variances. Raises VeedorError below 100 sheets."""
    if len(given.votes) < 100:
        raise VeedorError(f"an election like this one needs 100 sheets to be like, and there are {len(given.votes)}")
    codes = _chosen(given.codes)
    kind = _by_moments(given, codes)
    wanted = slopes_of(given.votes, given.time, codes[-2])
    return _scaled(kind, wanted, len(given.votes))


def slopes_of(votes: Ints, time: Floats, place: Ints) -> Slopes:
    """votes: int[station, choice], the leader first; place: int[station], of the level above the finest."""
    valid = votes.sum(axis=1)
    share = 100 * votes[:, 0] / np.maximum(valid, 1)
    passed = np.argsort(np.argsort(time, kind="stable"), kind="stable") / len(time)
    used = valid > 0
    whole = np.zeros(len(place), dtype=np.int64)
    return Slopes(
        whole=_slope(share[used], passed[used], whole[used]), within=_slope(share[used], passed[used], place[used])
    )


def _slope(y: Floats, x: Floats, group: Ints) -> float:
    size = np.maximum(np.bincount(group), 1)
    y, x = (values - (np.bincount(group, values) / size)[group] for values in (y, x))
    return float(np.sum(x * y) / max(float(np.sum(x * x)), LEAST))


def _chosen(codes: Sequence[Ints]) -> tuple[Ints, Ints, Ints]:
    """Three levels: the broadest of at least FEWEST_REGIONS places, the finest, and the one most between them."""
    sizes = [int(code.max(initial=0)) + 1 for code in codes]
    if not codes:
        raise VeedorError("an election like this one needs a level of places to be like")
    broad = next((at for at, size in enumerate(sizes) if size >= FEWEST_REGIONS), len(codes) - 1)
    middle = (np.log(sizes[broad]) + np.log(sizes[-1])) / 2
    between = min(range(broad, len(codes)), key=lambda at: abs(np.log(sizes[at]) - middle))
    return codes[broad], codes[between], codes[-1]


def _by_moments(given: Given, codes: tuple[Ints, Ints, Ints]) -> Kind:
    valid = np.maximum(given.votes.sum(axis=1), 1)
    share = given.votes[:, 0] / valid
    totals = given.votes.sum(axis=0)
    shares = totals / totals.sum()
    own = float(shares[0] * (1 - shares[0]))
    of_votes, sheet_votes = _components(share, share, codes)
    of_time, sheet_time = _components(given.time, given.time, codes)
    both, _ = _components(share, given.time, codes)
    carried = np.maximum(both * np.sign(both.sum()), 0.0)
    weights = carried / carried.sum() if carried.sum() > 0 else np.full(3, 1 / 3)
    late = float(np.sqrt(REMOTE_PART * max(float(of_time.sum()), LEAST)))
    votes = float(both.sum()) / late / own
    left = np.maximum(of_votes - (votes * own) ** 2 * weights, own / 2_000)
    chance = float(np.mean(share * (1 - share) / valid))
    scatter = max(sheet_votes - chance, 0.0)
    sizes = [int(code.max()) + 1 for code in codes]
    return Kind(
        about={"en": "Like a given election.", "es": "Como una elección dada."},
        regions=sizes[0],
        stations_per=(len(share) / sizes[1], len(share) / sizes[2]),
        rolls=_pareto(given.registered),
        shares=tuple(float(one) for one in shares),
        concentration=tuple(float(one) for one in own / left - 1),
        sheet_concentration=own / scatter - 1 if scatter > own / 5_000 else None,
        remote_votes=votes,
        remote_late=late,
        remote_levels=tuple(float(one) for one in weights),
        place_late=tuple(float(one) for one in np.sqrt(np.maximum(of_time - late**2 * weights, LEAST))),
        sheet_late=float(np.sqrt(max(sheet_time, LEAST))),
        turnout=float(min(max(totals.sum() / 0.95 / max(int(given.registered.sum()), 1), 0.05), 0.95)),
        stop_after=float(min(max(given.stop_after, 0.05), 0.95)),
        snapshots=given.snapshots,
    )


def _components(one: Floats, other: Floats, codes: tuple[Ints, Ints, Ints]) -> tuple[Floats, float]:
    """Covariance of places around the place above, float[level], broadest first, and of sheets around their place.

    By moments of one level after the other: what the means of the level below vary is taken off.
    """
    place = codes[2]
    left = _around(one, place) * _around(other, place)
    inner = float(left.sum() / max(len(one) - len(np.unique(place)), 1))
    found, noise, unit = np.zeros(3), inner, np.arange(len(one))
    for level in (2, 1, 0):
        here, outer = codes[level], codes[level - 1] if level else np.zeros(len(one), dtype=np.int64)
        means = [_mean(values, here) for values in (one, other)]
        parents = _mean(outer.astype(np.float64), here).astype(np.int64)
        size = len(means[0])
        apart = _around(means[0], parents) * _around(means[1], parents)
        between = float(apart.sum() / max(size - len(np.unique(parents)), 1))
        below = len(np.unique(unit)) / size
        found[level] = between - noise / max(below, 1.0)
        noise, unit = between, here
    return found, inner


def _mean(values: Floats, code: Ints) -> Floats:
    return np.asarray(np.bincount(code, values) / np.maximum(np.bincount(code), 1))


def _around(values: Floats, code: Ints) -> Floats:
    return np.asarray(values - _mean(values, code)[code])


def _pareto(registered: Ints) -> float | None:
    """Exponent of rolls of very unequal size; None where they are of about one size."""
    known = registered[registered > 0].astype(np.float64)
    variation = float(known.std() / known.mean()) if known.size else 0.0
    return None if variation < 0.35 else float(1 + np.sqrt(1 + 1 / variation**2))


def _scaled(kind: Kind, wanted: Slopes, stations: int) -> Kind:
    """The kind with remoteness as strong, and as much of it between the broad places, as gives the wanted slopes.

    What remoteness adds to a slope is the difference to the same elections without it: chance cancels out. Slopes
    within places that point the other way than the whole one cannot be met by a remoteness that moves votes one way.
    """
    size = min(max(stations, 400), 4_000)
    none = _mean_slopes(size, replace(kind, remote_votes=0.0))
    for _ in range(TRIES):
        found = _mean_slopes(size, kind)
        whole, within = found.whole - none.whole, found.within - none.within
        if abs(kind.remote_votes) < LEAST or not whole * kind.remote_votes > 0:
            return kind
        strength = float(np.clip(kind.remote_votes * wanted.whole / whole, -2.0, 2.0))
        kind = replace(kind, remote_votes=strength, remote_levels=_weighed(kind, wanted, Slopes(whole, within)))
    return kind


def _weighed(kind: Kind, wanted: Slopes, found: Slopes) -> tuple[float, ...]:
    """Remoteness of the lower levels by as much more or less as the slope within places asks for, next to the whole."""
    if not (wanted.whole * wanted.within > 0 and found.whole * found.within > 0):
        return kind.remote_levels
    ratio = (wanted.within / wanted.whole) / (found.within / found.whole)
    broad, *lower = kind.remote_levels
    weights = np.array([max(broad, 0.02), *(float(np.clip(ratio, 0.2, 5.0)) * max(one, 0.02) for one in lower)])
    return tuple(float(one) for one in weights / weights.sum())


def _mean_slopes(stations: int, kind: Kind) -> Slopes:
    drawn = [_slopes_drawn(stations, kind, seed) for seed in range(1, SEEDS + 1)]
    return Slopes(
        whole=float(np.mean([each.whole for each in drawn])), within=float(np.mean([each.within for each in drawn]))
    )


def _slopes_drawn(stations: int, kind: Kind, seed: int) -> Slopes:
    drawn = draw_kind(stations, kind, seed)
    place = drawn.geography.places(1)[drawn.geography.precinct]
    return slopes_of(drawn.voters.votes[:, :-2], drawn.preliminary.arrived.astype(np.float64), place)
