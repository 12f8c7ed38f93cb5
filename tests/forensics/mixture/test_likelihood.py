# ruff: noqa: E402 - JAX is set up before it is used
"""Every variant's likelihood against sums over dense grids, written again from the model's text with SciPy."""

import numpy as np
import pytest
from scipy.special import comb
from scipy.stats import binom, expon, norm, truncnorm

pytest.importorskip("jax")

from veedor.forensics.mixture.backend import prepare

prepare(chains=4)

import jax
import jax.numpy as jnp

from tests.forensics.mixture.elections import election
from veedor.forensics.mixture.data import counts_of
from veedor.forensics.mixture.models.model import Model, log_likelihoods, log_posterior, state_probabilities
from veedor.forensics.mixture.quadrature import binomial_rule
from veedor.forensics.mixture.thinning import thin
from veedor.forensics.stations import Floats

pytestmark = pytest.mark.slow

K = 0.7
STATIONS = np.array([[220, 30, 80], [220, 60, 155], [150, 10, 139], [60, 40, 15], [230, 0, 90], [210, 20, 190]])
"""Registered, abstained, for the leader: also nearly unanimous, and with full turnout."""


def scored(alpha: list[float], b: list[float]) -> Floats:
    """The vector: normal scores of r2, r3 (0.25 and 0.1), the intercepts, and the variances' scores in Exp(5)."""
    variances: Floats = norm.ppf(expon.cdf(np.array(b), scale=0.2))
    return np.concatenate([norm.ppf([0.25, 0.1]), alpha, variances])


X = scored([1.2, -0.3, -0.8, 0.2, 0.4, -0.1], [0.2, 0.5, 0.3, 0.2, 0.25, 0.4])


def sigmoid(x: Floats) -> Floats:
    return 1 / (1 + np.exp(-x))


def grid(mean: float, variance: float, points: int) -> tuple[Floats, Floats]:
    z = np.linspace(-7, 7, points)
    return sigmoid(mean + np.sqrt(variance) * z), norm.pdf(z) * (z[1] - z[0])


def chance(count: int, size: int, p: Floats) -> Floats:
    """Of a binomial count; quicker than SciPy's on the large grids below."""
    ways = np.log(float(comb(size, count, exact=True)))
    found: Floats = np.exp(ways + count * np.log(p) + (size - count) * np.log1p(-p))
    return found


def by_grid_qbl(n: int, a: int, w: int, x: Floats = X) -> list[float]:
    """p(a, w | state): plain sums over tau, m, nu, s."""
    alpha, b = x[2:8], expon.isf(norm.sf(x[8:14]), scale=0.2)  # the prior's quantiles, as normal scores
    tau, of_tau = grid(alpha[0], b[0], 301)
    nu, of_nu = grid(alpha[1], b[1], 201)
    found = [float((binom.pmf(a, n, 1 - tau) * of_tau).sum() * (binom.pmf(w, n, (1 - a / n) * nu) * of_nu).sum())]
    for moved, low, width in ((2, 0.0, K), (4, K, 1 - K)):
        (m, of_m), (s, of_s) = grid(alpha[moved], b[moved], 29), grid(alpha[moved + 1], b[moved + 1], 61)
        total = 0.0
        for share, weight in zip(low + width * m, of_m, strict=True):
            away = a / n / (1 - share)
            q = nu[:, None] + (low + width * s) * (1 - nu[:, None])
            p = (1 - away) * q + share * away
            of_w = np.where((p > 0) & (p < 1), chance(w, n, np.clip(p, 1e-12, 1 - 1e-12)), 0.0)
            total += weight * (chance(a, n, (1 - tau) * (1 - share)) * of_tau).sum() * (of_nu @ of_w @ of_s)
        found.append(float(total))
    return found


def ours(variant: str, x: Floats, stations: Floats = STATIONS, *, fine: bool = False) -> Floats:
    model = Model(variant=variant, counts=counts_of(*stations.T), fine=fine)  # type: ignore[arg-type]
    found = jax.jit(lambda point: model.log_states(point, model.common(point), model.rows()))(jnp.asarray(x))
    return np.asarray(found) + model.constant()[:, None]


def test_qbl_is_the_integral_over_all_four_effects() -> None:
    expected = np.log([by_grid_qbl(*row) for row in STATIONS.tolist()])
    # Quadrature with few nodes; a state whose chance is below exp(-12) of the station's best does not matter.
    matters = expected > expected.max(axis=1, keepdims=True) - 12
    assert np.abs(ours("qbl", X) - expected)[matters].max() < 0.06
    assert np.abs(ours("qbl", X, fine=True) - expected)[matters].max() < 0.06
    assert np.median(np.abs(ours("qbl", X, fine=True) - expected)[matters]) < 1e-4


WALL = scored([1.6, -0.25, -0.8, -1.5, -1.9, 1.5], [0.18, 1.4, 0.11, 0.1, 0.135, 0.055])
"""The leader's share wide, what is moved narrow: no q lies below s, which polynomials followed badly."""


def test_what_is_moved_may_be_narrow_and_the_share_wide() -> None:
    rows = np.array([[216, 18, 170], [207, 15, 187]])
    expected = np.log([by_grid_qbl(n, a, w, WALL) for n, a, w in rows.tolist()])
    assert np.abs(ours("qbl", WALL, rows) - expected).max() < 0.1


def test_what_is_moved_may_be_nearly_the_same_everywhere() -> None:
    # The density of q then has a wall between two points of its table: a cubic across it once gave a state of
    # chance e^-30 one of e^500. At the wall itself few nodes leave an error, which is bounded.
    narrow = scored([1.6, -0.25, -0.8, -1.1, -1.9, 1.5], [0.18, 1.4, 0.11, 1e-7, 0.135, 1e-7])
    rows = np.array([[216, 18, 170], [207, 15, 187], [220, 60, 40], [220, 60, 30], [220, 60, 25]])
    expected = np.log([by_grid_qbl(n, a, w, narrow) for n, a, w in rows.tolist()])
    matters = expected > expected.max(axis=1, keepdims=True) - 12
    assert np.abs(ours("qbl", narrow, rows) - expected)[matters].max() < 1
    assert np.median(np.abs(ours("qbl", narrow, rows) - expected)[matters]) < 0.02


def test_a_variance_of_nothing_adds_no_likelihood() -> None:
    # A diverged transition once reached a variance of 1e-34, whose rounding gave the stations e^900 too much.
    model = Model(variant="qbl", counts=election("qbl", 60)[0])
    ends = np.array([X] * 12)
    for effect in range(6):
        ends[2 * effect, 8 + effect], ends[2 * effect + 1, 8 + effect] = -4.0, -12.0
    small, smaller = log_likelihoods(model, ends).reshape(6, 2).T
    assert np.abs(small - smaller).max() < 0.2


def test_the_posterior_rises_by_the_integral_of_its_gradient() -> None:
    # Nodes carry no derivative: where the integrals are wrong, value and gradient part, and no chain moves.
    model = Model(variant="qbl", counts=election("qbl", 150)[0])
    both, chunks = jax.jit(jax.value_and_grad(log_posterior(model))), model.chunks()
    way, (at, weight) = X - WALL, np.polynomial.legendre.leggauss(12)
    found = [both(jnp.asarray(WALL + 0.5 * (t + 1) * way), chunks)[1] @ way for t in at]
    rise = float(both(jnp.asarray(X), chunks)[0] - both(jnp.asarray(WALL), chunks)[0])
    assert abs(rise) > 30
    assert 0.5 * float(np.array(found) @ weight) == pytest.approx(rise, abs=1.0)


def test_where_abstention_exceeds_what_is_left_the_extreme_state_is_not_clipped() -> None:
    # A = 0.6 > 1 - m for every m above k = 0.7: p_w leaves (0, 1) for part of the effects.
    station = np.array([[50, 30, 15]])
    assert ours("qbl", X, station, fine=True)[0, 2] == pytest.approx(np.log(by_grid_qbl(50, 30, 15)[2]), abs=0.05)


def test_bl_sums_the_latent_counts() -> None:
    x, n, a, w = X[:8], 60, 20, 25
    share = sigmoid(x[2:8])
    expected = [binom.pmf(a, n, 1 - share[0]) * binom.pmf(w, n, (1 - a / n) * share[1])]
    counts = np.arange(n + 1)
    for moved, low, width in ((2, 0.0, K), (4, K, 1 - K)):
        of_m, of_s = (binom.pmf(counts, n, low + width * share[moved + at]) for at in (0, 1))
        m, s = np.minimum(counts / n, 0.999), counts / n
        away = (a / n / (1 - m))[:, None]
        p = (1 - away) * (share[1] + s * (1 - share[1])) + m[:, None] * away
        of_w = np.where((p > 0) & (p < 1), binom.pmf(w, n, np.clip(p, 0, 1)), 0.0)
        expected.append((of_m * binom.pmf(a, n, (1 - share[0]) * (1 - m))) @ of_w @ of_s)
    found = ours("bl", x, np.array([[n, a, w]]))[0]
    assert found[:2] == pytest.approx(np.log(expected[:2]), abs=2e-3)


def test_the_binomial_rule_has_the_moments_of_the_binomial() -> None:
    counts = np.arange(41)
    at, weight = binomial_rule(jnp.asarray(40.0), jnp.asarray(0.3), 6)
    for power in range(12):
        exact = (binom.pmf(counts, 40, 0.3) * (counts / 40) ** power).sum()
        assert float((weight * at**power).sum()) == pytest.approx(exact, rel=1e-9)


def test_rn_is_the_integral_over_what_is_moved() -> None:
    x = np.array([-1.0, -1.0, 0.7, 0.4, 0.3, 0.2, *np.log([0.1, 0.12, 0.08, 1.4])])
    n, a, w = 200, 30, 110
    big_a, big_w, alpha = a / n, w / n, np.exp(x[9])

    def density(value: Floats, mean: float, sd: float, most: float = 1.0) -> Floats:
        return truncnorm.pdf(value, -mean / sd, (most - mean) / sd, mean, sd)

    m = (np.arange(200_000) + 0.5) / 200_000 * (1 - big_a)
    s, away = m**alpha, big_a / (1 - m)
    nu = (big_w - m * away - (1 - away) * s) / ((1 - away) * (1 - s))
    jacobian = 1 / (1 - m) / ((1 - away) * (1 - s))
    both = density(1 - away, 0.7, 0.1) * density(nu, 0.4, 0.12) * jacobian * ((nu >= 0) & (nu <= 1)) * (1 - big_a) / 2e5
    expected = [float(density(np.array(1 - big_a), 0.7, 0.1) * density(np.array(big_w / 0.85), 0.4, 0.12) / 0.85)]
    for mean, sd in ((float(K * sigmoid(x[4])), 0.08), (float(K + (1 - K) * sigmoid(x[5])), 0.075)):
        expected.append(float((both * density(m, mean, sd, 0.9999)).sum()))
    assert ours("rn", x, np.array([[n, a, w]]))[0] == pytest.approx(np.log(expected), abs=1e-3)


@pytest.mark.parametrize("variant", ["qbl", "bl", "rn"])
def test_the_gradient_is_the_slope(variant: str) -> None:
    model = Model(variant=variant, counts=election("qbl", 40)[0])  # type: ignore[arg-type]
    x = X[: model.layout.size] if variant != "rn" else np.array([-1, -2, 0.65, 0.35, 0.2, 0.1, -2, -2, -2, 0.2])
    density, chunks = jax.jit(jax.value_and_grad(log_posterior(model))), model.chunks()
    slope = np.asarray(density(jnp.asarray(x), chunks)[1])
    for at in range(len(x)):
        step = 1e-5 * np.eye(len(x))[at]
        rise = float(density(jnp.asarray(x + step), chunks)[0] - density(jnp.asarray(x - step), chunks)[0]) / 2e-5
        assert slope[at] == pytest.approx(rise, rel=0.02, abs=0.05)


def test_thinned_stations_have_the_same_likelihood_up_to_a_constant() -> None:
    counts, _ = election("qbl", 3000)
    thinned = thin(counts)
    assert thinned.stations < 2000
    assert thinned.weight.sum() == pytest.approx(3000)
    draws = np.array([X, X + 0.1, X - 0.1])
    whole, less = (log_likelihoods(Model(variant="qbl", counts=each), draws) for each in (counts, thinned))
    assert np.ptp(whole) > 50
    assert np.ptp(whole - less) < 0.5


def test_the_chance_of_a_state_is_bayes_on_the_grid() -> None:
    model = Model(variant="qbl", counts=counts_of(*STATIONS[:1].T), fine=True)
    pi = np.array([1.0, *norm.cdf(X[:2])])
    joint = pi / pi.sum() * by_grid_qbl(*STATIONS[0].tolist())
    assert state_probabilities(model, X[None])[0] == pytest.approx(joint / joint.sum(), abs=2e-3)
