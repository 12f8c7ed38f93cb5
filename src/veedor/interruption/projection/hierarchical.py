"""A projection by partial pooling: each place borrows from the places around it as much as its own data are thin.

Model. y[s] = (first, second, other) votes of sheet s per registered voter. y[s] = x[s] b + theta[place of s] + e[s];
e[s] ~ N(0, E * mean(N) / N[s]); theta[place] ~ N(theta[place one level up], S[level]); flat at the top. b are slopes of
covariates (see `covariates`). E and each S are estimated from the counted sheets by moments (within-place and
between-place covariances, less the sampling covariance of the places' estimates, cut to positive semi-definite).

Everything being Gaussian and a tree, the total over missing sheets has an exact mean and covariance: one pass up for
the estimates, one more for the total's coefficients. The uncertainty of b is in it: the covariates themselves go up the
tree beside the rates, so that it is known how the total moves with b. Nothing is drawn until the end. Uncertainty of E
and S is not in it; `validation` measures what that costs and widens the intervals by it.

Arrays of places lie as float[group, column, place]: see `algebra`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from veedor.interruption.algebra import added_up, eigen, gram, inverses, numbered, semidefinite, sums, times, transposed
from veedor.interruption.places import Codes, Places
from veedor.interruption.projection.covariates import fitted_slopes

Floats = NDArray[np.float64]
TINY = 1e-12


@dataclass(frozen=True, kw_only=True)
class Total:
    """Votes of all missing sheets together: mean float[group] and covariance float[group, group]."""

    mean: Floats
    covariance: Floats

    @property
    def lead(self) -> float:
        """First less second choice, in votes."""
        return float(self.mean[0] - self.mean[1])

    @property
    def lead_sd(self) -> float:
        """Standard deviation of the lead."""
        c = self.covariance
        return float(np.sqrt(max(c[0, 0] - 2.0 * c[0, 1] + c[1, 1], 0.0)))

    def widened(self, factor: float) -> "Total":
        """The same mean with every standard deviation times the factor."""
        return Total(mean=self.mean, covariance=self.covariance * factor**2)

    def draws(self, rng: np.random.Generator, number: int) -> Floats:
        """float[draw, group], not below zero."""
        values, vectors = eigen(self.covariance)
        root = vectors * np.sqrt(np.maximum(values, 0.0))
        normal = rng.standard_normal((number, len(values)))
        return np.asarray(np.maximum(self.mean + np.einsum("dj,ij->di", normal, root), 0.0))


@dataclass(frozen=True, kw_only=True)
class _Estimates:
    """What the sheets below say of each place of a level: mean [group, place], covariance [group, group, place].

    known: bool[place], if there are any sheets.
    """

    mean: Floats
    covariance: Floats
    known: NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class _Step:
    """From a level to the one above: the places' covariance around their parents, and gain [group, group, place]:

    what of its own mean each place adds to its parent's.
    """

    spread: Floats
    gain: Floats


def project(
    places: Places,
    *,
    counted: NDArray[np.bool_],
    missing: NDArray[np.bool_],
    votes: Floats,
    registered: Floats,
    registered_missing: Floats,
    covariates: Floats | None = None,
) -> Total:
    """The total over the missing sheets. counted, missing: bool[station]; votes: float[group, station] of the counted.

    registered: float[station] as the counted sheets state it; registered_missing: float[station] of the universe.
    covariates: float[k, station], known of counted and missing sheets alike; they act linearly on the rates.
    """
    usable = np.flatnonzero(counted & (registered > 0))
    rows = np.zeros((0, len(counted))) if covariates is None else covariates
    sheets = _Sheets.of(places, usable, votes, registered)
    finest, noise = _finest(sheets)
    at_places = _means(sheets, np.take(rows, usable, axis=1))
    slopes = fitted_slopes(places, finest.mean, at_places, known=finest.known, weight=sheets.weight, noise=noise)
    rates = finest.mean - np.einsum("kg,kp->gp", slopes.value, at_places)
    levels, steps = _upward(places, _Estimates(mean=rates, covariance=finest.covariance, known=finest.known))
    absent = np.flatnonzero(missing)
    own = registered_missing[absent]
    voters = sums(places.codes[-1][absent], own, places.sizes[-1])
    shares, covariance = _downward(places, voters, levels, steps, noise * sheets.size)
    # The total moves with a slope by what the covariate adds itself, less what the tree had taken it for.
    explained = np.einsum("ks,s->k", np.take(rows, absent, axis=1), own)
    moved = np.einsum("k,gh->gkh", explained, np.eye(len(rates))) - np.einsum("gip,kp->gki", shares, at_places)
    moved = moved.reshape(len(rates), -1)
    added = np.einsum("ia,ab,jb->ij", moved, slopes.covariance, moved)
    return Total(
        mean=np.einsum("gip,ip->g", shares, rates) + np.einsum("k,kg->g", explained, slopes.value),
        covariance=semidefinite(covariance + added),
    )


@dataclass(frozen=True, kw_only=True)
class _Sheets:
    """The counted sheets: their finest places, weights (registered voters over their mean `size`) and rates.

    weight: float[place], the sum of the weights of its sheets.
    """

    place: Codes
    places: int
    size: float
    weights: Floats
    rates: Floats
    weight: Floats

    @classmethod
    def of(cls, places: Places, usable: Codes, votes: Floats, registered: Floats) -> "_Sheets":
        """Of the stations `usable`. votes: float[group, station]; registered: float[station]."""
        place, own = places.codes[-1][usable], registered[usable]
        size = float(own.mean())
        return cls(
            place=place,
            places=places.sizes[-1],
            size=size,
            weights=own / size,
            rates=np.take(votes, usable, axis=1) / own,
            weight=sums(place, own / size, places.sizes[-1]),
        )


def _means(sheets: _Sheets, values: Floats) -> Floats:
    """float[row, place], weighted means of float[row, sheet]."""
    return added_up(sheets.place, values * sheets.weights, sheets.places) / np.maximum(sheets.weight, TINY)


def _finest(sheets: _Sheets) -> tuple[_Estimates, Floats]:
    """Estimates for the finest places, and the covariance E of a sheet of average size around its place."""
    number = np.bincount(sheets.place, minlength=sheets.places)
    mean = _means(sheets, sheets.rates)
    residual = (sheets.rates - np.take(mean, sheets.place, axis=1)) * np.sqrt(sheets.weights)
    freedom = max(len(sheets.place) - int(np.count_nonzero(number)), 1)
    noise = semidefinite(gram(residual) / freedom)
    covariance = noise[:, :, None] / np.maximum(sheets.weight, TINY)
    return _Estimates(mean=mean, covariance=covariance, known=number > 0), noise


def _upward(places: Places, finest: _Estimates) -> tuple[list[_Estimates], list[_Step]]:
    """Estimates for every level, finest first, and the steps between them."""
    levels, steps = [finest], []
    for depth in range(places.finest, 0, -1):
        above, step = _combined(levels[-1], places.parents[depth], places.sizes[depth - 1])
        levels.append(above)
        steps.append(step)
    return levels, steps


def _between(below: _Estimates, parent: Codes) -> Floats:
    """Covariance of places around their parent: between known siblings, less what their own estimates vary."""
    known = np.flatnonzero(below.known)
    up = parent[known]
    siblings = np.bincount(up, minlength=int(parent.max(initial=-1)) + 1)
    family = siblings[up] > 1
    groups = len(below.mean)
    if not family.any():
        return np.zeros((groups, groups))
    known, up = known[family], up[family]
    mean = np.take(below.mean, known, axis=1)
    residual = mean - np.take(added_up(up, mean, len(siblings)) / np.maximum(siblings, 1), up, axis=1)
    freedom = float(np.sum(siblings[siblings > 1] - 1))
    # Each place's own covariance enters the sum of squares (k - 1) / k times, k siblings.
    sampling = np.einsum("ijc,c->ij", np.take(below.covariance, known, axis=2), 1.0 - 1.0 / siblings[up])
    return semidefinite((gram(residual) - sampling) / freedom)


def _combined(below: _Estimates, parent: Codes, size: int) -> tuple[_Estimates, _Step]:
    """Each parent from its known children, weighted by how surely each speaks for the parent."""
    spread = _between(below, parent)
    groups, known = len(below.mean), np.flatnonzero(below.known)
    up = parent[known]
    known_covariance = np.take(below.covariance, known, axis=2)
    precision = inverses(known_covariance + (spread + TINY * np.eye(groups))[:, :, None])
    has = np.bincount(up, minlength=size) > 0
    # A place without any known child has no precision; it is never looked at.
    covariance = inverses(added_up(up, precision, size) + np.where(has, 0.0, np.eye(groups)[:, :, None]))
    gain = np.zeros((groups, groups, len(parent)))
    gain[:, :, known] = own = times(np.take(covariance, up, axis=2), precision)
    mean = added_up(up, np.einsum("ijc,jc->ic", own, np.take(below.mean, known, axis=1)), size)
    return _Estimates(mean=mean, covariance=covariance, known=has), _Step(spread=spread, gain=gain)


def _downward(
    places: Places, voters: Floats, levels: list[_Estimates], steps: list[_Step], noise: Floats
) -> tuple[Floats, Floats]:
    """What of each finest place's mean enters sum N[s] y[s] over missing sheets, and the sum's covariance.

    voters: float[finest place], registered voters of the missing sheets. Gives float[group, group, finest place] and
    float[group, group].
    First up: the sum over the sheets below a place is M theta[place] + constant + noise of covariance Q. A child with
    data has theta = C S^-1 theta[parent] + C V^-1 m + N(0, C), C = (S^-1 + V^-1)^-1, its own estimate being m with
    covariance V; a child without data has theta = theta[parent] + N(0, S). Then down: a place's mean enters through
    these constants, and through the means of the places above.
    """
    one = np.eye(len(noise))[:, :, None]
    involved = np.flatnonzero(voters > 0)
    m, covariance = one * voters[involved], noise[:, :, None] * voters[involved]
    direct = []
    for below, step, parent in zip(levels, steps, reversed(places.parents[1:]), strict=False):
        known, own_covariance = below.known[involved], np.take(below.covariance, involved, axis=2)
        # With V the covariance of the place's own estimate: C S^-1 = V (S + V)^-1 and C V^-1 = S (S + V)^-1.
        joint = inverses(own_covariance + step.spread[:, :, None] + TINY * one)
        own = np.where(known, np.einsum("ij,jkp->ikp", step.spread, joint), 0.0)
        left = np.where(known, times(own, own_covariance), step.spread[:, :, None])
        direct.append((involved, times(m, own)))
        covariance += times(times(m, left), transposed(m))
        m = times(m, np.where(known, times(own_covariance, joint), one))
        above, position = numbered(parent[involved])
        m, covariance = added_up(position, m, len(above)), added_up(position, covariance, len(above))
        involved = above
    top = levels[-1].covariance[:, :, :1]
    covariance = (covariance + times(times(m, top), transposed(m))).sum(axis=-1)
    shares = m
    for step, parent, (places_below, constant) in zip(
        reversed(steps), places.parents[1:], reversed(direct), strict=True
    ):
        shares = times(np.take(shares, parent, axis=2), step.gain)
        shares[:, :, places_below] += constant
    return shares, covariance
