"""Placebos by permutation: shuffle which sheets of a place are late, and see how often each test rejects.

Within the places of a level a shuffled "late" has no effect by construction. The share of shuffles with |t| > 1.96 is
the test's rate of false alarms on this very election (5 % if its standard error is right).

The estimate's variance over *all* shuffles is known: a place of n sheets, k of them late, with sum of squares S of y
around its mean adds k (n - k) / (n (n - 1)) S to that of sum x y. The p-value takes this permutation variance and a
normal distribution, so that it hangs on no seed; the share of shuffles as far from 0 as the estimate stands beside it.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from veedor.interruption.places import Codes
from veedor.interruption.regression.within import demeaned

Floats = NDArray[np.float64]

CRITICAL = 1.96

AT_ONCE = 16
"""Shuffles dealt before they are added up together."""


@dataclass(frozen=True, kw_only=True)
class Shuffled:
    """One outcome's test under the shuffles of one level.

    sd: the estimate's standard deviation over all shuffles, in points; p_value: two-sided, by this and a normal
    distribution; p_shuffled: share of the shuffles drawn whose estimate is as far from 0.
    """

    level: str
    of: str
    shuffles: int
    false_alarms: float
    sd: float
    p_value: float
    p_shuffled: float


def shuffled(
    outcomes: dict[str, Floats], late: Floats, place: Codes, *, level: str, shuffles: int, rng: np.random.Generator
) -> list[Shuffled]:
    """Every outcome's test under shuffles within the places of a level. outcomes: name -> float[sheet]."""
    size = int(place.max(initial=-1)) + 1
    mean_late = late - demeaned(late, place, size)
    # A place that is wholly early or wholly late has the same sheets late in every shuffle, and x = 0 throughout.
    mixed = np.flatnonzero((mean_late > 0) & (mean_late < 1))
    mixed = mixed[np.argsort(place[mixed], kind="stable")]
    if not mixed.size:
        return []
    n, freedom = len(late), len(late) - int(np.count_nonzero(np.bincount(place, minlength=size))) - 1
    y = np.stack([demeaned(values, place, size)[mixed] for values in outcomes.values()], axis=1)
    test = _Linear.of(y, mean_late[mixed], n / max(freedom, 1))
    observed, _ = test.fits(late[mixed][None])
    # In order of place, and inside each at random: each place keeps its number of late sheets and deals them out anew.
    late, place = late[mixed], short(place[mixed])
    sd = _permuted_sd(y, late, place) / test.spread
    rejected, further = np.zeros(y.shape[1]), np.zeros(y.shape[1])
    for start in range(0, shuffles, AT_ONCE):
        number = min(AT_ONCE, shuffles - start)
        dealt = np.empty((number, len(mixed)))
        for row in dealt:
            row[anew(place, rng)] = late
        estimate, se = test.fits(dealt)
        rejected += np.count_nonzero(np.abs(estimate) > CRITICAL * se, axis=0)
        further += np.count_nonzero(np.abs(estimate) >= np.abs(observed) - 1e-12, axis=0)
    return [
        Shuffled(
            level=level,
            of=name,
            shuffles=shuffles,
            false_alarms=float(rejected[index] / shuffles),
            sd=float(sd[index]),
            p_value=math.erfc(abs(observed[0, index]) / sd[index] / math.sqrt(2.0)) if sd[index] > 0 else 1.0,
            p_shuffled=float((further[index] + 1) / (shuffles + 1)),
        )
        for index, name in enumerate(outcomes)
    ]


def short(place: Codes) -> Codes:
    """The same codes in 16 bits where they fit: those are put in order by counting."""
    return place.astype(np.uint16) if place.max(initial=0) < 2**16 else place


def anew(place: Codes, rng: np.random.Generator) -> Codes:
    """Indices of the sheets in order of their places, each place's in an order of their own that chance gives."""
    order = rng.permutation(len(place))
    return np.asarray(order[np.argsort(place[order], kind="stable")])


def _permuted_sd(y: Floats, late: Floats, place: Codes) -> Floats:
    """float[outcome], standard deviation of sum x y over all shuffles. y: float[sheet, outcome], place means taken off.

    A place's sum over its k late sheets is that of a sample without replacement (Cochran, Sampling Techniques, 2.4).
    """
    own = np.unique(place, return_inverse=True)[1]
    n, k = np.bincount(own).astype(np.float64), np.bincount(own, late)
    share = k * (n - k) / (n * (n - 1))
    return np.asarray(np.sqrt(np.einsum("s,so->o", share[own], y * y)))


@dataclass(frozen=True, kw_only=True)
class _Linear:
    """Sums that a shuffle's fit needs, all of them linear in the 0-or-1 `dealt`: late sheets are added up, no more.

    With m the share late of a sheet's place x = dealt - m is 1 - m or -m: x^k = (-m)^k + dealt ((1 - m)^k - (-m)^k).
    columns: float[sheet, sum]; start: float[sum]; spread: sum of x^2; factor: n / (n - k) of HC1.
    """

    columns: Floats
    start: Floats
    spread: float
    outcomes: int
    factor: float

    @classmethod
    def of(cls, y: Floats, share: Floats, factor: float) -> "_Linear":
        """y: float[sheet, outcome], deviations from the place's mean; share: float[sheet]."""
        power = {k: (-share) ** k for k in (1, 2, 3, 4)}
        step = {k: (1.0 - share) ** k - power[k] for k in power}
        sums = [(y, 1), (y * y, 2), (y, 3), (np.ones((len(y), 1)), 4)]
        return cls(
            columns=np.concatenate([values * step[k][:, None] for values, k in sums], axis=1),
            start=np.concatenate([np.einsum("s,so->o", power[k], values) for values, k in sums]),
            spread=float(np.sum(share * (1.0 - share))),
            outcomes=y.shape[1],
            factor=factor,
        )

    def fits(self, dealt: Floats) -> tuple[Floats, Floats]:
        """Estimates and robust standard errors (HC1), float[shuffle, outcome]. dealt: float[shuffle, sheet], 0 or 1."""
        late = [np.add.reduce(np.take(self.columns, np.flatnonzero(row), axis=0), axis=0) for row in dealt]
        sums, k = np.stack(late) + self.start, self.outcomes
        estimate = sums[:, :k] / self.spread
        # The sum of x^2 (y - b x)^2, expanded.
        scores = sums[:, k : 2 * k] - 2 * estimate * sums[:, 2 * k : 3 * k] + estimate**2 * sums[:, 3 * k :]
        return estimate, np.sqrt(np.maximum(scores, 0.0) * self.factor) / self.spread
