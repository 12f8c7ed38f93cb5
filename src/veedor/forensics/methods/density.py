"""Resampled kernel density (Rozenas 2017): shares that occur too often for their neighbourhood.

1. Turnout of the roll and the leader's votes of the turnout are each given a beta-binomial mixture across stations.
2. An election is resampled: each station's proportions are drawn from the posterior that its own figures give with
   the mixture as prior, its turnout and votes from binomials with them.
3. The density of the shares, on 1,001 points with a kernel of 0.0001, is compared with the highest over resamples.
4. The statistic is the mass of shares, beyond the resamples' mean, at the points where the density exceeds all.

It cannot be negative, so that 0 is not what chance gives, and it hangs on the resamples that happened to be drawn.
To compare elections it is therefore averaged over all choices of FEW resamples out of those drawn (by each point's
rank). Resamples are smoother than elections, since they are drawn from proportions that were drawn: an election's rank
among its own resamples is no p-value, as clean elections show; p comes from these.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from veedor.forensics.methods import beta_mixture
from veedor.forensics.methods.beta_mixture import Mixture
from veedor.forensics.stations import Flags, Floats, Ints, Stations

Single = NDArray[np.float32]

POINTS = 1001
KERNEL = 0.0001
FINE = 1024
"""Points of the binned kernel density that the published program interpolates to its 1,001."""
FEWEST = 100
RESAMPLES = 99
FEW = 19
"""Resamples on a placebo election, and in each choice that is averaged over."""
PRIOR_STATIONS = 600
"""Stations, evenly spaced in the table, from which the mixtures are estimated."""
ENOUGH = 10.0
"""Variance from which a beta-binomial draw is taken as a rounded normal; smaller ones are drawn exactly."""


@dataclass(frozen=True, kw_only=True)
class Priors:
    """Mixtures of turnout by roll and of the leader's votes by turnout."""

    turnout: Mixture
    votes: Mixture


@dataclass(frozen=True, kw_only=True)
class Excess:
    """share: of stations in excess, the published statistic; density, ceiling: float[POINTS], stations per point.

    few, null: the average over choices of FEW resamples, for the election and for each resample; rank: of the
    first among all, from 1 / (resamples + 1).
    """

    stations: int
    share: float
    density: Floats
    ceiling: Floats
    few: float
    null: Floats
    rank: float
    priors: Priors


def resampled_density(
    stations: Stations, rng: np.random.Generator, resamples: int = RESAMPLES, priors: Priors | None = None
) -> Excess | None:
    """None with fewer than FEWEST usable stations. priors: those of another election on the same stations."""
    keep = _kept(stations)
    if keep.sum() < FEWEST:
        return None
    rolls, turnout, votes = stations.registered[keep], stations.cast[keep], stations.leading[keep]
    thin = np.unique(np.linspace(0, len(rolls) - 1, PRIOR_STATIONS).astype(np.int64))
    if priors is None:
        fit = beta_mixture.fit
        priors = Priors(turnout=fit(turnout[thin], rolls[thin]), votes=fit(votes[thin], turnout[thin]))
    first = _Posterior.of(turnout, rolls, priors.turnout)
    second = _Posterior.of(votes, turnout, priors.votes)
    heights = np.empty((resamples + 1, POINTS), dtype=np.float32)
    masses = np.empty((resamples + 1, POINTS), dtype=np.float32)
    heights[0], masses[0] = _binned(votes, turnout)
    for number in range(1, resamples + 1):
        cast = first.draw(rolls, rng)
        heights[number], masses[number] = _binned(second.draw(cast, rng), cast)
    return _compared(heights, masses, len(rolls), priors)


def _kept(stations: Stations) -> Flags:
    """Stations with a roll, ballots, and no more ballots than voters, nor more votes than ballots."""
    cast = stations.cast
    kept: Flags = (stations.registered >= cast) & (cast > 0) & (stations.leading <= cast)
    return kept


@dataclass(frozen=True, kw_only=True)
class _Posterior:
    """Each station's proportion given its figures: Beta(alpha, beta), flat by station and part of the mixture.

    mean, spread, total: m = alpha / total, m (1 - m) / (total + 1), alpha + beta. first: index of a station's first
    part; up_to: chance of the parts up to each but the last; few: stations whose draws must be exact.
    """

    alpha: Floats
    beta: Floats
    mean: Floats
    spread: Floats
    total: Floats
    first: Ints
    up_to: Floats
    few: Ints

    @classmethod
    def of(cls, part: Ints, whole: Ints, mixture: Mixture) -> "_Posterior":
        alpha = part[:, None] + mixture.alpha
        total = whole[:, None] + (mixture.alpha + mixture.beta)
        mean = alpha / total
        spread = mean * (1 - mean)
        return cls(
            alpha=alpha.ravel(),
            beta=(total - alpha).ravel(),
            mean=mean.ravel(),
            spread=(spread / (total + 1)).ravel(),
            total=total.ravel(),
            first=np.arange(len(part), dtype=np.int64) * alpha.shape[1],
            up_to=np.ascontiguousarray(np.cumsum(mixture.membership(part, whole), axis=1)[:, :-1].T),
            few=np.flatnonzero((whole[:, None] * spread).min(axis=1) < ENOUGH).astype(np.int64),
        )

    def draw(self, whole: Ints, rng: np.random.Generator) -> Ints:
        """A beta-binomial draw for each station, of `whole` trials."""
        u = rng.random(len(whole))
        which = self.first.copy()
        for chance in self.up_to:
            which += u > chance
        total = self.total.take(which)
        near = total + whole
        near *= whole
        near *= self.spread.take(which)
        np.sqrt(near, out=near)
        near *= rng.standard_normal(len(whole))
        near += whole * self.mean.take(which)
        drawn: Ints = np.clip(np.rint(near), 0, whole).astype(np.int64)
        at = which[self.few]
        drawn[self.few] = rng.binomial(whole[self.few], rng.beta(self.alpha[at], self.beta[at]))
        return drawn


def _binned(part: Ints, whole: Ints) -> tuple[Floats, Floats]:
    """Kernel density by linear binning, and the count of stations around each point; float[POINTS] each.

    The kernel is ten times narrower than the grid, so that the binning itself is what smooths; its height is left out.
    """
    share = np.where(whole > 0, part / np.maximum(whole, 1), 0.0)
    width = (1 + 8 * KERNEL) / (FINE - 1)
    place = (share + 4 * KERNEL) / width
    left = place.astype(np.int64)
    rest = place - left
    fine = np.bincount(left, minlength=FINE + 2).astype(np.float64)
    moved = np.bincount(left, weights=rest, minlength=FINE + 2)
    fine -= moved
    fine[1:] += moved[:-1]
    at = (np.linspace(0, 1, POINTS) + 4 * KERNEL) / width
    below = at.astype(np.int64)
    height: Floats = fine[below] + (at - below) * (fine[below + 1] - fine[below])
    mass = np.bincount(np.rint(share * (POINTS - 1)).astype(np.int64), minlength=POINTS).astype(np.float64)
    return height, mass


def _statistics(beyond: Single, below: Ints, stations: int, many: int) -> Floats:
    """Of each row: its mass beyond the others' mean where it exceeds `many` of the others, on average over choices.

    below: int[row, POINTS], how many rows are lower. C(below, many) / C(others, many) of the choices lie below.
    """
    others = len(below) - 1
    ranks = np.arange(others + 1)
    chance = np.exp(
        gammaln(ranks + 1.0)
        - gammaln(np.maximum(ranks - many, 0) + 1.0)
        - gammaln(others + 1.0)
        + gammaln(others - many + 1.0)
    )
    chance[ranks < many] = 0.0
    found: Floats = (beyond * chance[below]).sum(axis=1, dtype=np.float64) / stations
    return found


def _compared(heights: Single, masses: Single, stations: int, priors: Priors) -> Excess:
    """Row 0 is the election. Each row is set against the heights and the mean mass of all others."""
    rows = len(heights)
    below = np.stack([(heights < row).sum(axis=0) for row in heights])
    beyond = np.maximum(masses - (masses.sum(axis=0) - masses) / (rows - 1), 0)
    few = _statistics(beyond, below, stations, min(FEW, rows - 1))
    return Excess(
        stations=stations,
        share=float(beyond[0][below[0] == rows - 1].sum() / stations),
        density=heights[0].astype(np.float64),
        ceiling=heights[1:].max(axis=0).astype(np.float64),
        few=float(few[0]),
        null=few[1:],
        rank=float((1 + (few[1:] >= few[0]).sum()) / rows),
        priors=priors,
    )
