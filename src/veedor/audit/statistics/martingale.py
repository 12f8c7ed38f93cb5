"""Risk measured by betting: nonnegative martingales and the P-values they give, valid at any time.

A test asks whether the mean of a population of numbers x >= 0 is at most `mean` (the null: a wrong outcome). It bets
before each draw and multiplies its wealth, M_j = prod (1 + lambda_i (x_i - mu_i)), where mu_i is the mean that the rest
of the population has if the null is just true. Under the null M is a nonnegative supermartingale, so that M ever
reaching 1/alpha has a chance of at most alpha (Ville 1939): P_j = 1 / max(M_1 .. M_j) is valid at any j, however the
sample grew. Waudby-Smith & Ramdas (2023), *Estimating means of bounded random variables by betting*; Stark (2023),
*ALPHA: audit that learns from previously hand-audited ballots*.

Arrays: x has the draws along its last axis; any axes before it are independent audits.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
"""An array of real numbers."""

EDGE = 1e-12
"""Room for the rounding of floats when a draw's null mean is compared with 0 or with the upper bound."""


@dataclass(frozen=True, kw_only=True)
class Null:
    """The hypothesis that is to be refuted: a population with values in [0, upper] has a mean of at most `mean`.

    size: number of units where they are drawn without replacement; None: drawn with replacement.
    """

    mean: float
    upper: float = 1.0
    size: int | None = None

    def means(self, x: Floats) -> Floats:
        """mu_i: the mean of what is left before draw i if the null is just true (ALPHA, section 2.2)."""
        if self.size is None:
            return np.full(x.shape, self.mean)
        drawn = np.arange(x.shape[-1])
        left = np.maximum(self.size - drawn, 1)
        return (self.size * self.mean - _before(x)) / left


Bet = Callable[[Floats, Floats, Null], Floats]
"""A bet: from the draws x, the null means and the null to lambda_i, using draws before i only."""


def wealth(x: Floats, null: Null, bet: Bet) -> Floats:
    """M after each draw. Infinite once the null has become impossible, 0 once it has become certain."""
    x = np.asarray(x, dtype=np.float64)
    if x.size and (x.min() < 0):
        raise ValueError("a draw's value must not be below 0")
    if null.size is not None and x.shape[-1] > null.size:
        raise ValueError(f"{x.shape[-1]} draws without replacement from {null.size} units")
    means = null.means(x)
    bets = np.clip(bet(x, means, null), 0.0, 1 / np.maximum(means, EDGE))
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = np.cumsum(np.log1p(bets * (x - means)), axis=-1)
    result: Floats = np.exp(np.minimum(growth, 700.0))
    if null.size is not None:
        # The null fixes the sum of the population: a sample that exceeds it refutes the null outright.
        refuted = np.cumsum(x, axis=-1) > null.size * null.mean + EDGE * null.size
        result[np.maximum.accumulate(refuted, axis=-1)] = np.inf
        certain = np.maximum.accumulate(means > null.upper + EDGE, axis=-1)
        result[certain & ~refuted] = 0.0
    finite: Floats = np.nan_to_num(result, nan=0.0, posinf=np.inf)
    return finite


def p_values(wealth_after: Floats) -> Floats:
    """P after each draw: one over the greatest wealth so far, at most 1; never rises."""
    with np.errstate(divide="ignore"):
        return np.minimum(1.0, 1 / np.maximum.accumulate(wealth_after, axis=-1))


def risk(x: Floats, null: Null, bet: Bet) -> float:
    """The P-value after all draws of one audit; 1 without a draw."""
    return float(p_values(wealth(x, null, bet))[-1]) if np.size(x) else 1.0


def stopping_times(wealth_after: Floats, risk_limit: float) -> NDArray[np.int64]:
    """Draws until the risk limit is met, for each audit; 0 where it is not met."""
    met = wealth_after >= 1 / risk_limit
    return np.where(met.any(axis=-1), met.argmax(axis=-1) + 1, 0)


# --- bets -------------------------------------------------------------------------------------------------------------


def fixed(amount: float) -> Bet:
    """Always the same lambda."""
    return lambda x, means, null: np.full(x.shape, amount)


def capped(share: float = 1.0) -> Bet:
    """A fixed share of the largest bet, 1/mu_i. With 1 a draw of value 0 ends all evidence; below 1 it does not.

    share 1 with replacement is Kaplan-Markov (MACRO); share 1 - g is Kaplan-Wald with the pad g.
    """
    if not 0 < share <= 1:
        raise ValueError(f"the share of the largest bet must lie between 0 and 1, got {share}")
    return lambda x, means, null: share / np.maximum(means, EDGE)


def adaptive(first: float = 0.0, lowest_cap: float = 0.6, highest_cap: float = 0.9) -> Bet:
    """aGRAPA: approximately the bet that would have grown fastest so far (Waudby-Smith & Ramdas 2023, appendix B.3).

    lambda_i = (mean so far - mu_i) / (variance so far + (mean so far - mu_i)^2), at least 0 and at most c_i / mu_i,
    where the cap c_i rises from lowest_cap towards highest_cap with the square root of the draws. The first bet is
    `first`; in the others mu is that of the draw before, as in SHANGRLA, so that both give the same P-values.
    """

    def bet(x: Floats, means: Floats, null: Null) -> Floats:
        count = np.arange(x.shape[-1])
        mean, variance = running_moments(x)
        ahead = mean - np.concatenate([means[..., :1], means[..., :-1]], axis=-1)
        with np.errstate(divide="ignore", invalid="ignore"):
            wanted = np.nan_to_num(ahead / (variance + ahead**2), nan=0.0, posinf=np.inf)
        wanted[..., :1] = first
        cap = lowest_cap + (highest_cap - lowest_cap) * (1 - 1 / (1 + np.sqrt(count)))
        amounts: Floats = np.minimum(np.maximum(wanted, 0.0), cap / np.maximum(means, EDGE))
        return amounts

    return bet


def alternative(eta: float) -> Bet:
    """ALPHA with a fixed alternative: the bet that is best if the population's mean is eta; Wald's SPRT for 0 and 1.

    Without replacement the alternative, like the null, is what is left of it.
    """

    def bet(x: Floats, means: Floats, null: Null) -> Floats:
        return _bet_for(Null(mean=eta, upper=null.upper, size=null.size).means(x), means, null)

    return bet


def shrink_truncate(eta: float, d: float = 100.0, c: float | None = None) -> Bet:
    """ALPHA with the truncated shrinkage estimate of the mean (Stark 2023, section 2.5.2).

    eta_i = min(u (1 - eps), max((d eta + S_{i-1}) / (d + i - 1), mu_i + c / sqrt(d + i - 1)));
    eta: the mean if the report is right; d: its weight in draws; c: how far from the null the estimate stays
    (default (eta - mean) / 2).
    """

    def bet(x: Floats, means: Floats, null: Null) -> Floats:
        stay = (eta - null.mean) / 2 if c is None else c
        weight = d + np.arange(x.shape[-1])
        estimate = (d * eta + _before(x)) / weight
        estimate = np.maximum(estimate, means + stay / np.sqrt(weight))
        return _bet_for(np.minimum(estimate, null.upper * (1 - np.finfo(float).eps)), means, null)

    return bet


def running_moments(x: Floats) -> tuple[Floats, Floats]:
    """Mean and variance of the draws before each draw; 0.5 and 1 before the first."""
    count = np.arange(x.shape[-1])
    seen = np.maximum(count, 1)
    mean = _before(x) / seen
    variance = np.maximum(_before(x**2) / seen - mean**2, 0.0)
    mean = np.where(count == 0, 0.5, mean)
    return mean, np.where(count == 0, 1.0, variance)


def _before(x: Floats) -> Floats:
    """The sum of the draws before each draw."""
    sums = np.zeros_like(x)
    np.cumsum(x[..., :-1], axis=-1, out=sums[..., 1:])
    return sums


def _bet_for(estimate: Floats, means: Floats, null: Null) -> Floats:
    """The bet of ALPHA for an estimated mean: (eta / mu - 1) / (u - mu) (Stark 2023, section 2.4)."""
    room = np.maximum(null.upper - means, EDGE)
    return np.maximum(estimate / np.maximum(means, EDGE) - 1, 0.0) / room
