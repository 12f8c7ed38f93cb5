"""The missing sheets' votes with the lateness of places as a predictor, and how far such a forecast errs.

Rates (votes per registered voter) go with: lateness, level by level; lateness squared, so that the relation can bend;
the sizes of places; an earlier vote where one is given. Slopes are drawn towards 0 by what was learned beforehand
(`learned`): how strongly is itself unknown, so each of several strengths is fitted and they weigh as well as each
explains the counted sheets. The lead per voter decides how much each slope and place is trusted; the groups' votes
follow with the same trust, so that their difference is the lead's own forecast.
"""

from dataclasses import dataclass, replace
from math import exp, hypot, log
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from veedor.interruption.algebra import lower_solved, roots, sums
from veedor.interruption.places import Places
from veedor.interruption.projection.covariates import sizes
from veedor.interruption.projection.lateness import learned
from veedor.interruption.projection.lateness.places import Lateness
from veedor.interruption.projection.lateness.tree import Sheets, components, metric, missing_total

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

GROUPS = 3


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """Votes of all missing sheets together.

    mean: float[group], bent on (`bent_on`); sd: the model's own standard deviation of the lead in votes. late_votes:
    what lateness adds to the lead in the model; bend: how many standard errors the relation bends by, positive: more
    lead the later. scales: how likely each of `learned.SCALES` is, given the counted sheets. share: of the sheets that
    are counted.
    """

    mean: Floats
    sd: float
    late_votes: float
    bend: float
    scales: tuple[float, ...]
    share: float = 1.0

    @property
    def lead(self) -> float:
        """First less second choice, in votes."""
        return float(self.mean[0] - self.mean[1])

    @property
    def calibrated_sd(self) -> float:
        """As wide as forecasts of this sort were seen to err."""
        return self._wide(learned.FORM)

    @property
    def widest_sd(self) -> float:
        """The same if lateness counts far more beyond the stop than before it, where it counts at all."""
        return self._wide(learned.FORM + self.matters * (learned.FORM_AT_MOST - learned.FORM))

    @property
    def widest_level(self) -> float:
        """Level of the interval that a lead has to lie outside of before the projection speaks against a count."""
        return learned.LEVEL + self.matters * (learned.WIDEST - learned.LEVEL)

    @property
    def widest_reach(self) -> float:
        """How far that interval reaches from the lead to both sides, in votes."""
        return NormalDist().inv_cdf((1 + self.widest_level) / 2) * self.widest_sd

    @property
    def matters(self) -> float:
        """From 0 to 1: whether what lateness adds is so much that what it does beyond the stop matters."""
        return _between(abs(self.late_votes) / self.sd if self.sd > 0 else 0.0, *learned.MATTERS)

    @property
    def bent(self) -> float:
        """Standard errors by which the relation bends the way of its slope: ever more of the same; below 0: less."""
        return self.bend if self.late_votes >= 0 else -self.bend

    def bent_on(self) -> "Forecast":
        """The same if the relation goes on to bend beyond the stop as it seems to before it."""
        more = learned.BENDS_ON * self.matters * min(max(self.bent, 0.0), learned.BENDS_ON_UP_TO) * self.late_votes
        return replace(self, mean=self.mean + 0.5 * more * np.array([1.0, -1.0, 0.0]))

    def _wide(self, form: float) -> float:
        early = 1.0 + learned.EARLY * max(learned.EARLY_BELOW - self.share, 0.0)
        unsure = 1.0 + learned.BENT_WIDER * self.matters * _between(self.bent, *learned.BENT_BETWEEN)
        return early * unsure * hypot(learned.TOO_NARROW * self.sd, form * self.late_votes)

    @property
    def tied_to_lateness(self) -> float:
        """Probability that votes go with lateness by more than a trace."""
        return float(sum(weight for weight, scale in zip(self.scales, learned.SCALES, strict=True) if scale >= 0.5))


def _between(value: float, low: float, high: float) -> float:
    """How far a value is on the way from low to high, from 0 to 1."""
    return min(max((value - low) / (high - low), 0.0), 1.0)


def forecast(
    places: Places,
    *,
    counted: Flags,
    missing: Flags,
    votes: Floats,
    registered: Floats,
    late: Lateness,
    earlier: Floats,
) -> Forecast:
    """counted, missing: bool[station]; votes: float[group, station] of the counted; registered: float[station].

    earlier: float[k, station], shares of earlier votes. Needs a counted sheet with registered voters.
    """
    sheets = Sheets.of(places, counted, registered, votes)
    absent = np.flatnonzero(missing)
    voters = registered[absent]
    within = np.vstack([late.sheets[None], earlier])
    size = _placed(places, sizes(places))
    of_places = np.vstack([late.places, late.whole[None] ** 2 - 1, size])
    own = np.vstack([np.take(votes, sheets.at, axis=1) / registered[sheets.at], np.take(within, sheets.at, axis=1)])
    means = sheets.means(own)
    deviations, rows = own - np.take(means, sheets.place, axis=1), np.vstack([means, of_places])
    total = np.concatenate(
        [np.einsum("ks,s->k", np.take(within, absent, axis=1), voters), _times(of_places, places, absent, voters)]
    )
    prior = _Prior.of(places.finest, len(earlier), len(size))
    parts = components(places, sheets, deviations[0] - deviations[1], rows[0] - rows[1])
    for last in (False, True):
        found = metric(places, sheets, deviations, rows, parts)
        if not last:
            # Variances once more, of what the predictors leave.
            slopes = _slopes(found.products, prior, parts.deviation)
            explained = np.einsum("k,ks->s", slopes[: len(within)], deviations[GROUPS:])
            parts = components(
                places,
                sheets,
                deviations[0] - deviations[1] - explained,
                rows[0] - rows[1] - np.einsum("k,kp->p", slopes, rows[GROUPS:]),
            )
    place = places.codes[-1][absent]
    noise = parts.noise * sheets.squares(place, voters)
    shares, variance = missing_total(found, sums(place, voters, places.sizes[-1]), noise)
    moved = total - np.einsum("kp,p->k", rows[GROUPS:], shares)
    base = np.einsum("gp,p->g", rows[:GROUPS], shares)
    share = float(counted.sum()) / float(counted.sum() + missing.sum())
    return replace(_mixed(found.products, base, moved, variance, prior, parts.deviation), share=share).bent_on()


def _placed(places: Places, rows: Floats) -> Floats:
    """float[row, finest place] of float[row, station] that do not vary within places."""
    found = np.zeros((len(rows), places.sizes[-1]))
    found[:, places.codes[-1]] = rows
    return found


def _times(rows: Floats, places: Places, absent: NDArray[np.int64], voters: Floats) -> Floats:
    """float[row], sums over missing sheets of the row's value in their place times their voters."""
    return np.asarray(np.einsum("kp,p->k", rows, sums(places.codes[-1][absent], voters, places.sizes[-1])))


@dataclass(frozen=True, kw_only=True)
class _Prior:
    """Slopes as sums of independent standard normals: float[slope, normal, member], in units of places' deviation.

    The last member is the nearly free one, with which the bend is tested. log_weights: float[member] of the others.
    earlier: the slopes, by number, that are not in those units. late: those of places' lateness and of the bend.
    """

    factors: Floats
    log_weights: Floats
    earlier: slice
    late: slice

    @classmethod
    def of(cls, levels: int, earlier: int, sizes: int) -> "_Prior":
        """For so many levels of places, earlier votes, and sizes. Slopes: sheet, earlier, levels, bend, sizes."""
        members = [(scale, size) for scale in learned.SCALES for size in learned.SIZES]
        at, many = 1 + earlier, 1 + earlier + levels + 1 + sizes
        factors = np.zeros((many, many + 1, len(members) + 1))
        factors[0, 0] = learned.SHEET
        for number, (scale, size) in enumerate([*members, (1.0, learned.SIZES[-1])]):
            free = number == len(members)
            common, apart = (learned.FREE, learned.FREE_APART) if free else (learned.COMMON, learned.APART)
            bend, tied = (learned.FREE, 0.0) if free else (learned.BEND, learned.BEND_WITH_SLOPE)
            each = np.arange(many)
            factors[each[1:at], each[1:at], number] = learned.EARLIER
            factors[each[at : at + levels], each[at : at + levels], number] = scale * apart
            factors[at : at + levels, many, number] = scale * common
            factors[at + levels, at + levels, number] = scale * bend * np.sqrt(1 - tied * tied)
            factors[at + levels, many, number] = scale * bend * tied
            factors[each[-sizes:], each[-sizes:], number] = size
        weights = [weight / len(learned.SIZES) for weight in learned.WEIGHTS for _ in learned.SIZES]
        return cls(
            factors=factors,
            log_weights=np.array([log(weight) for weight in weights]),
            earlier=slice(1, at),
            late=slice(at, at + levels + 1),
        )

    def scaled(self, deviation: float) -> Floats:
        """The factors in votes per registered voter."""
        found = self.factors * deviation
        found[self.earlier] = self.factors[self.earlier]
        return found


@dataclass(frozen=True, kw_only=True)
class _Posterior:
    """Solved against the posterior of each member. right: float[normal, column, member]; log_fit: float[member]."""

    lower: Floats
    factors: Floats
    data: Floats
    log_fit: Floats

    @classmethod
    def of(cls, product: Floats, factors: Floats) -> "_Posterior":
        """product: float[row, row], the groups' rows first, the predictors' after them."""
        inner, cross = product[GROUPS:, GROUPS:], product[GROUPS:, :GROUPS]
        lead = cross[:, :1] - cross[:, 1:2]
        size = factors.shape[1]
        around = np.einsum("kim,kjm->ijm", factors, np.einsum("kl,ljm->kjm", inner, factors)) + np.eye(size)[:, :, None]
        lower = roots(around)
        data = lower_solved(lower, np.einsum("kim,kc->icm", factors, np.hstack([cross, lead])))
        # By math.log and math.exp: NumPy's own differ in the last digit between machines.
        pivots = np.diagonal(lower).tolist()
        shrunk = [sum(map(log, each)) for each in pivots]
        fit = 0.5 * np.sum(data[:, -1] ** 2, axis=0) - np.array(shrunk)
        return cls(lower=lower, factors=factors, data=data, log_fit=fit)

    def along(self, rows: Floats) -> Floats:
        """float[normal, row, member], for sums of slopes with coefficients float[row, slope]."""
        return lower_solved(self.lower, np.einsum("kim,rk->irm", self.factors, rows))


def _slopes(product: Floats, prior: _Prior, deviation: float) -> Floats:
    """float[slope] of the lead, at the middle strength: enough to estimate variances with."""
    middle = 2 * learned.SCALES.index(0.5) + 1
    factors = prior.scaled(deviation)[:, :, middle : middle + 1]
    found = _Posterior.of(product, factors)
    return np.asarray(np.einsum("irm,im->r", found.along(np.eye(len(factors))), found.data[:, -1]))


def _mixed(product: Floats, base: Floats, moved: Floats, variance: float, prior: _Prior, deviation: float) -> Forecast:
    """All strengths together. moved: float[slope], how the total moves with each."""
    found = _Posterior.of(product, prior.scaled(deviation))
    late, bend = np.zeros_like(moved), np.zeros_like(moved)
    late[prior.late] = moved[prior.late]
    bend[prior.late.stop - 1] = 1.0
    along = found.along(np.stack([moved, late, bend]))
    told = np.einsum("irm,icm->rcm", along, found.data)
    fit = found.log_fit[:-1] + prior.log_weights
    weight = np.array([exp(each) for each in (fit - fit.max()).tolist()])
    weight /= weight.sum()
    means = told[0][:, :-1]
    mean = np.einsum("cm,m->c", means, weight)
    spread = np.einsum("m,m->", weight, np.sum(along[:, 0, :-1] ** 2, axis=0) + (means[-1] - mean[-1]) ** 2)
    slope_sd = float(np.sqrt(np.sum(along[:, 2, -1] ** 2)))
    by_scale = weight.reshape(len(learned.SCALES), -1).sum(axis=1)
    return Forecast(
        mean=base + mean[:GROUPS],
        sd=float(np.sqrt(variance + spread)),
        late_votes=float(np.sum(told[1, -1, :-1] * weight)),
        bend=float(told[2, -1, -1] / slope_sd) if slope_sd > 0 else 0.0,
        scales=tuple(float(each) for each in by_scale),
    )
