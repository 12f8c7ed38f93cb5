# ruff: noqa: E402 - JAX is set up before it is used
"""Proposals between modes: their density against SciPy's, and what is drawn against what was fitted."""

import numpy as np
import pytest
from scipy.stats import kstest, multivariate_t
from scipy.stats import t as student

pytest.importorskip("jax")

from veedor.forensics.mixture.backend import prepare

prepare(chains=4)

import jax
import jax.numpy as jnp

from veedor.forensics.mixture.jumps import DEGREES, Jumps, drawn, fitted, log_density, pooled_covariance
from veedor.forensics.stations import Floats

pytestmark = pytest.mark.slow

TWO = Jumps(
    log_weight=np.log([0.8, 0.2]),
    mean=np.array([[0.0, 1.0, -1.0], [6.0, 1.0, 2.0]]),
    root=np.array([[[1.0, 0, 0], [0.5, 1.0, 0], [0, 0.2, 2.0]], [[0.3, 0, 0], [0, 1.0, 0], [0, -0.5, 1.0]]]),
)


def clumps(draws: int) -> Floats:
    rng = np.random.default_rng(4)
    near = rng.random(draws) < 0.85
    found: Floats = np.where(near[:, None], rng.normal(0, 1, (draws, 3)), rng.normal([7, 0, 1], 0.5, (draws, 3)))
    return found


def test_density_is_the_mixture_of_students() -> None:
    for x in ([0.1, 0.2, 0.3], [6.0, 1.5, 1.0], [-9.0, 8.0, 3.0]):
        parts = [
            multivariate_t.logpdf(x, mean, root @ root.T, df=int(DEGREES))
            for mean, root in zip(np.asarray(TWO.mean), np.asarray(TWO.root), strict=True)
        ]
        expected = np.logaddexp(np.log(0.8) + parts[0], np.log(0.2) + parts[1])
        assert float(log_density(jnp.asarray(x), TWO)) == pytest.approx(expected, abs=1e-10)


def test_proposals_have_that_distribution() -> None:
    keys = jax.random.split(jax.random.PRNGKey(7), 4000)
    x = np.asarray(jax.vmap(lambda key: drawn(key, TWO))(keys))
    second = x[:, 0] > 4.0
    assert 0.17 < second.mean() < 0.23
    # The second coordinate's margin: a Student's t of either component, of scales sqrt(1.25) and 1, both around 1.
    scale = (np.sqrt(1.25), 1.0)
    for part, width in zip((x[~second, 1], x[second, 1]), scale, strict=True):
        assert kstest((part - 1) / width, student(DEGREES).cdf).pvalue > 1e-3


def test_fit_finds_two_distant_clumps() -> None:
    x = clumps(400)
    found = fitted(x, pooled_covariance(x, np.eye(3)), np.random.default_rng(1))
    weight, mean = np.exp(np.asarray(found.log_weight)), np.asarray(found.mean)
    far = mean[:, 0] > 3.5
    assert weight[far].sum() == pytest.approx((x[:, 0] > 3.5).mean(), abs=0.02)
    assert weight.sum() == pytest.approx(1.0, abs=1e-9)
    assert np.abs(mean[far][0] - [7, 0, 1]).max() < 0.4


def test_few_draws_keep_a_covariance_that_can_be_used() -> None:
    x = np.repeat(clumps(2), 5, axis=0)  # two distinct points in three dimensions: their own covariance is singular
    assert np.linalg.eigvalsh(pooled_covariance(x, np.eye(3))).min() > 0.1
    assert np.isfinite(np.asarray(fitted(x, pooled_covariance(x, np.eye(3)), np.random.default_rng(1)).root)).all()
