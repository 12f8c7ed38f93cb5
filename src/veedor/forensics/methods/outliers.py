"""Local outliers: each sheet against the other sheets of its place, with the false discovery rate held.

Two things are compared: the leader's votes of the valid ones, and the voters who took part of those registered. A
sheet's p-value is twice the smaller of the two (Bonferroni), which holds whether or not they go together. Tails are
the beta-binomial's own, integrated, not a normal's: they hold for few votes, for shares near 0 or 1, and far out.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from veedor.forensics.methods.siblings import Compared, compare, tail
from veedor.forensics.multiple_testing import benjamini_hochberg
from veedor.forensics.stations import Flags, Floats, Ints, Stations

RATE = 0.05
"""Expected share of false ones among the sheets listed (Benjamini & Hochberg 1995)."""
EXACT_FROM = 2.8
"""Residuals nearer than this are given the normal's p-value: they are never listed."""
SLACK = 1.5
"""So far below the residual that could be listed at all, tails are still integrated."""


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of the two comparisons. float[station]; NaN where a station is not compared, p 1 there.

    z: residual by its standard error; p: two-sided; expected: what the place's others would give; scatter: correlation
    of two voters of a station beyond their place; out: bool[station], whether this p alone would list the station.
    """

    z: Floats
    p: Floats
    expected: Floats
    scatter: float
    out: Flags


@dataclass(frozen=True, kw_only=True)
class Outliers:
    """looked_at: stations compared; p, q: float[station], and adjusted; listed: rows with q <= RATE, least p first.

    share, turnout: None where fewer than 100 stations can be compared, or all are alike.
    """

    looked_at: int
    p: Floats
    q: Floats
    share: Side | None
    turnout: Side | None
    listed: Ints

    @property
    def sign(self) -> Floats:
        """Of each one listed, 1 or -1: whether more or fewer were counted than expected, where it is farthest."""
        sides = [side for side in (self.share, self.turnout) if side is not None]
        nearest = np.argmin([side.p[self.listed] for side in sides], axis=0)
        z = np.stack([side.z[self.listed] for side in sides])[nearest, np.arange(len(self.listed))]
        return np.where(z > 0, 1.0, -1.0)


def local_outliers(stations: Stations) -> Outliers | None:
    """None where neither the leader's share nor turnout can be compared."""
    places, registered, turned_out = stations.finest, stations.registered, stations.turned_out
    share = compare(stations.leading, stations.valid, places)
    turnout = compare(turned_out, registered, places, (turned_out > 0) & (turned_out <= registered))
    sides = [side for side in (share, turnout) if side is not None]
    if not sides:
        return None
    count = np.zeros(len(places))
    for side in sides:
        count[side.rows] += 1
    looked_at = np.flatnonzero(count)
    ps = [_p_values(side, len(looked_at), len(places)) for side in sides]
    p = np.minimum(count * np.minimum.reduce(ps), 1.0)
    # Only what was compared is a test: the others' p of 1 would raise every q, and list fewer.
    q = np.ones(len(places))
    q[looked_at] = benjamini_hochberg(p[looked_at])
    hits = looked_at[q[looked_at] <= RATE]
    least = float(p[hits].max()) if len(hits) else -1.0
    given = iter([_side(side, own, (count > 0) & (count * own <= least)) for side, own in zip(sides, ps, strict=True)])
    return Outliers(
        looked_at=len(looked_at),
        p=p,
        q=q,
        share=next(given) if share is not None else None,
        turnout=next(given) if turnout is not None else None,
        listed=hits[np.argsort(p[hits], kind="stable")].astype(np.int64),
    )


def _p_values(side: Compared, tests: int, stations: int) -> Floats:
    """Two-sided, float[station]; 1 where not compared. Tails are integrated where they may come to be listed."""
    distance = np.abs(side.z)
    p = 2 * ndtr(-distance)
    first = RATE * (1 + np.count_nonzero(distance > 5)) / (4 * tests)
    far = np.flatnonzero(distance > max(EXACT_FROM, -ndtri(first) - SLACK))
    share, precision = side.share[far], side.precision[far]
    p[far] = np.minimum(2 * tail(side.x[far], side.n[far], share * precision, (1 - share) * precision), 1.0)
    everywhere = np.ones(stations)
    everywhere[side.rows] = p
    return everywhere


def _side(side: Compared, p: Floats, out: Flags) -> Side:
    z, expected = np.full(len(p), np.nan), np.full(len(p), np.nan)
    z[side.rows], expected[side.rows] = side.z, side.share * side.n
    return Side(z=z, p=p, expected=expected, scatter=side.scatter, out=out)
