"""A mixture of beta-binomial distributions, by expectation-maximisation: how proportions scatter across stations."""

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, digamma, gammaln, logsumexp, polygamma

from veedor.forensics.stations import Floats, Ints

MOST_PARTS = 5
ALIKE = 0.99
"""Parts are added until the density changes by less: correlation with the density before (Rozenas 2017)."""
ROUNDS = 40
LOW, HIGH = np.exp(-3.0), np.exp(6.0)
"""Bounds of the beta distributions' parameters."""
MOST_LOOKED_UP = 1_000_000
"""Voters of the largest station up to which gamma functions are tabulated."""
GRID: Floats = np.linspace(0.01, 0.99, 197)


@dataclass(frozen=True, kw_only=True)
class Mixture:
    """weight, alpha, beta: float[part]."""

    weight: Floats
    alpha: Floats
    beta: Floats

    def density(self, p: Floats) -> Floats:
        """Of the proportion p."""
        log = (self.alpha - 1) * np.log(p)[:, None] + (self.beta - 1) * np.log1p(-p)[:, None]
        found: Floats = np.exp(log - betaln(self.alpha, self.beta)) @ self.weight
        return found

    def membership(self, part: Ints, whole: Ints) -> Floats:
        """float[station, part]: chance that a station's proportion comes from each part."""
        log = np.log(self.weight) + _log_likelihood(part, whole, self.alpha, self.beta)
        chance: Floats = np.exp(log - logsumexp(log, axis=1, keepdims=True))
        return chance


def fit(part: Ints, whole: Ints) -> Mixture:
    """One part, then more until the density stays alike."""
    found = _fitted(part, whole, 1)
    for parts in range(2, MOST_PARTS + 1):
        wider = _fitted(part, whole, parts)
        alike = float(np.corrcoef(found.density(GRID), wider.density(GRID))[0, 1])
        found = wider
        if alike > ALIKE:
            break
    return found


def _log_likelihood(part: Ints, whole: Ints, alpha: Floats, beta: Floats) -> Floats:
    """float[station, part], without the binomial coefficient, which is the same for every part.

    log B(part + alpha, whole - part + beta) - log B(alpha, beta); the gamma functions are looked up by whole number.
    """
    counts = np.arange(int(whole.max(initial=0)) + 1)[:, None]
    if len(counts) > MOST_LOOKED_UP:
        direct: Floats = betaln(part[:, None] + alpha, (whole - part)[:, None] + beta)
        return direct - betaln(alpha, beta)
    found: Floats = gammaln(counts + alpha)[part]
    found += gammaln(counts + beta)[whole - part]
    found -= gammaln(counts + (alpha + beta))[whole]
    found -= betaln(alpha, beta)
    return found


def _fitted(part: Ints, whole: Ints, parts: int) -> Mixture:
    """Started at slices of equal counts; each round takes one Newton step in log alpha and log beta."""
    order = np.argsort(part / whole, kind="stable")
    alpha, beta = np.empty(parts), np.empty(parts)
    for number, rows in enumerate(np.array_split(order, parts)):
        p = float(part[rows].sum() / whole[rows].sum())
        spread = float(np.var(part[rows] / whole[rows])) + 1e-4
        size = float(np.clip(p * (1 - p) / spread - 1, 2.0, 200.0))
        alpha[number], beta[number] = p * size, (1 - p) * size
    mixture = Mixture(weight=np.full(parts, 1 / parts), alpha=np.clip(alpha, LOW, HIGH), beta=np.clip(beta, LOW, HIGH))
    for _ in range(ROUNDS):
        chance = mixture.membership(part, whole)
        before = mixture
        mixture = _newton(part, whole, mixture, chance)
        ratios = np.concatenate([mixture.alpha / before.alpha, mixture.beta / before.beta])
        if np.abs(np.log(ratios)).max() < 0.01:
            break
    return mixture


def _newton(part: Ints, whole: Ints, mixture: Mixture, chance: Floats) -> Mixture:
    """One damped step of each part's alpha and beta towards the weighted maximum."""
    a, b = mixture.alpha, mixture.beta
    y, n = part[:, None], whole[:, None]
    both = digamma(a + b) - digamma(n + a + b)
    curve = polygamma(1, a + b) - polygamma(1, n + a + b)
    slope_a = (chance * (digamma(y + a) - digamma(a) + both)).sum(axis=0) * a
    slope_b = (chance * (digamma(n - y + b) - digamma(b) + both)).sum(axis=0) * b
    h_aa = (chance * (polygamma(1, y + a) - polygamma(1, a) + curve)).sum(axis=0) * a * a + slope_a
    h_bb = (chance * (polygamma(1, n - y + b) - polygamma(1, b) + curve)).sum(axis=0) * b * b + slope_b
    h_ab = (chance * curve).sum(axis=0) * a * b
    determinant = h_aa * h_bb - h_ab**2
    curved = (determinant > 0) & (h_aa < 0)
    safe = np.where(curved, determinant, 1.0)
    total = np.maximum(chance.sum(axis=0), 1e-9)
    step_a = np.where(curved, -(h_bb * slope_a - h_ab * slope_b) / safe, slope_a / total)
    step_b = np.where(curved, -(h_aa * slope_b - h_ab * slope_a) / safe, slope_b / total)
    return Mixture(
        weight=np.maximum(chance.mean(axis=0), 1e-9),
        alpha=np.clip(a * np.exp(np.clip(step_a, -1, 1)), LOW, HIGH),
        beta=np.clip(b * np.exp(np.clip(step_b, -1, 1)), LOW, HIGH),
    )
