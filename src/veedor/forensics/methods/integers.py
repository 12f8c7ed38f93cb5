"""Integer percentages: more stations on whole per cents than binomial redraws (Kobak et al. 2016).

A station is on an integer when 100 k / n lies within 0.05 of a whole number, for turnout (ballots cast of registered)
or for the result (the leader's votes of what the contest's rule takes shares of: valid votes, or ballots cast). The
null redraws k from Bin(n, k / n). The chance that one redraw lands on an integer is summed from the binomial
distribution itself, so the mean and the variance over redraws are exact; what 1,000 redraws estimate with an error,
this has without one.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, ndtr

from veedor.forensics.stations import Flags, Floats, Ints, Stations

HALF_WIDTH = 0.05
"""Per cents on either side of a whole number."""
LEAST_REGISTERED = 100
MOST = 0.99
"""Stations above this turnout or result are left out."""
REACH = 6.0
"""Standard deviations of a redraw beyond which its chances (below 1e-8) are not summed."""
FEWEST = 100


@dataclass(frozen=True, kw_only=True)
class Excess:
    """Stations on integers: observed, expected over redraws, the redraws' standard deviation, tail chance."""

    observed: int
    expected: float
    sd: float
    p_value: float

    @property
    def excess(self) -> float:
        """Observed minus expected."""
        return self.observed - self.expected


@dataclass(frozen=True, kw_only=True)
class Integers:
    """Excess by turnout, result, and either; comb: stations in bins of 0.1 per cent, int[2, 1001] (turnout, result)."""

    stations: int
    either: Excess
    result: Excess
    turnout: Excess
    voters: float
    leader_votes: float
    comb: Ints


def integer_percentages(stations: Stations) -> Integers | None:
    """None where fewer than FEWEST stations qualify."""
    registered, took_part, whole, leading = stations.registered, stations.turned_out, stations.whole, stations.leading
    keep = (registered >= LEAST_REGISTERED) & (whole > 0) & (took_part > 0)
    keep &= (took_part <= MOST * registered) & (leading <= MOST * whole)
    if keep.sum() < FEWEST:
        return None
    registered, took_part, whole, leading = registered[keep], took_part[keep], whole[keep], leading[keep]
    on = [on_integer(took_part, registered), on_integer(leading, whole)]
    chance = [integer_chance(took_part, registered), integer_chance(leading, whole)]
    either = 1.0 - (1.0 - chance[0]) * (1.0 - chance[1])
    both = on[0] | on[1]
    comb = np.stack([tenths(took_part, registered), tenths(leading, whole)])
    return Integers(
        stations=len(whole),
        either=_excess(both, either),
        result=_excess(on[1], chance[1]),
        turnout=_excess(on[0], chance[0]),
        voters=float(registered[both].sum() - (registered * either).sum()),
        leader_votes=float(leading[both].sum() - (leading * either).sum()),
        comb=comb,
    )


def on_integer(part: Ints, whole: Ints) -> Flags:
    """True if 100 part / whole is within HALF_WIDTH of a whole number; exact, in whole numbers."""
    rest = (100 * part) % whole
    return np.asarray(20 * np.minimum(rest, whole - rest) <= whole, dtype=np.bool_)


def integer_chance(part: Ints, whole: Ints) -> Floats:
    """P(100 K / whole within HALF_WIDTH of a whole number), K ~ Bin(whole, part / whole); float[station].

    Stations of one (part, whole) share the sum. For each whole number j the counts k from ceil((20 j - 1) n / 2000)
    to floor((20 j + 1) n / 2000) qualify.
    """
    size = int(whole.max(initial=0)) + 1
    keys, where = np.unique(whole * size + part, return_inverse=True)
    n, x = keys // size, keys % size
    log_factorial = gammaln(np.arange(size + 1) + 1.0)
    p = x / n
    spread = REACH * np.sqrt(p * (1 - p) / n) + 1.0 / n
    first, last = np.floor(100 * (p - spread)).astype(np.int64), np.ceil(100 * (p + spread)).astype(np.int64)
    first, last = np.maximum(first, 0), np.minimum(last, 100)
    counts = last - first + 1
    owner = np.repeat(np.arange(len(n)), counts)
    j = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts) + first[owner]
    low = -((1 - 20 * j) * n[owner] // 2000)
    high = (20 * j + 1) * n[owner] // 2000
    low, high = np.maximum(low, 0), np.minimum(high, n[owner])
    many = np.maximum(high - low + 1, 0)
    owner = np.repeat(owner, many)
    k = np.arange(len(owner)) - np.repeat(np.cumsum(many) - many, many) + np.repeat(low, many)
    # With p = 0 or 1 one count is certain: 0 log 0 is 0 there, where NumPy gives NaN.
    with np.errstate(divide="ignore", invalid="ignore"):
        log_p, log_q = np.log(p), np.log1p(-p)
        head, tail = np.where(k > 0, k * log_p[owner], 0.0), np.where(n[owner] > k, (n[owner] - k) * log_q[owner], 0.0)
    m = n[owner]
    pmf = np.exp(log_factorial[m] - log_factorial[k] - log_factorial[m - k] + head + tail)
    chance: Floats = np.minimum(np.bincount(owner, weights=pmf, minlength=len(n)), 1.0)[where]
    return chance


def tenths(part: Ints, whole: Ints) -> Ints:
    """Stations in each bin of 0.1 per cent around 0.0, 0.1, ... 100.0; int[1001]."""
    counts: Ints = np.bincount((2000 * part + whole) // (2 * whole), minlength=1001)[:1001].astype(np.int64)
    return counts


def _excess(on: Flags, chance: Floats) -> Excess:
    expected, sd = float(chance.sum()), float(np.sqrt((chance * (1 - chance)).sum()))
    seen = int(on.sum())
    p = float(ndtr((expected + 0.5 - seen) / sd)) if sd > 0 else 1.0
    return Excess(observed=seen, expected=expected, sd=sd, p_value=p)
