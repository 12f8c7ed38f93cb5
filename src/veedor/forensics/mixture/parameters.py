"""Parameters on the line and by name, with the prior's density, for the logistic variants (qbl, bl).

pi = (1, r2, r3) / (1 + r2 + r3), r2 and r3 uniform on (0, 1); intercepts N(0, 1); variances b ~ Exp(5); slopes N(0, 1).
Each is held as its normal score: r = Phi(z), b the same quantile of its own prior. The prior of the vector is then
N(0, 1) in every direction, also where the stations say nothing, and has no long tails towards 0 as logs have.
"""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.scipy.special import log_ndtr, ndtr
from scipy.special import ndtri

from veedor.forensics.stations import Floats

EFFECTS = ("tau", "nu", "iota_m", "iota_s", "chi_m", "chi_s")
"""Turnout; the leader's share; what is moved to the leader from abstention (m) and from others (s) in states 2, 3."""
THRESHOLD = 0.7
"""k: state incremental moves less than this share of abstention and of others' votes, state extreme more."""
RATE = 5.0
SMALLEST = 1e-8
"""Added to every variance: an effect of deviation 0.0001 is the same for all stations, and one of 1e-17 is lost in the
rounding of the places at which its density is taken."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Position of each parameter in the vector: r2, r3, 6 intercepts, 6 variances if any, 6 slopes a covariate."""

    variances: bool
    covariates: int

    @property
    def size(self) -> int:
        """Length of the vector."""
        return 8 + 6 * self.variances + 6 * self.covariates

    def log_pi(self, x: Array) -> Array:
        """Log of the three fractions."""
        r = log_ndtr(x[:2])
        return jnp.concatenate([jnp.zeros(1), r]) - jax.nn.logsumexp(jnp.concatenate([jnp.zeros(1), r]))

    def intercepts(self, x: Array) -> Array:
        """float[6]."""
        return x[2:8]

    def log_b(self, x: Array) -> Array:
        """float[6]; log variances of the stations' effects."""
        return _log_exponential(x[8:14])

    def slopes(self, x: Array) -> Array:
        """float[6, covariate]."""
        start = 8 + 6 * self.variances
        return x[start:].reshape(6, self.covariates)

    def centres(self, x: Array, design: Array) -> Array:
        """Mean of each effect in each group; float[6, group]."""
        return self.intercepts(x)[:, None] + self.slopes(x) @ design.T

    def log_prior(self, x: Array) -> Array:
        """Log density of the prior on the line, up to a constant."""
        return -0.5 * jnp.sum(x**2)

    def named(self, x: Array) -> dict[str, Array]:
        """The parameters in the model's terms; x: float[..., parameter]."""
        r = jnp.concatenate([jnp.ones_like(x[..., :1]), ndtr(x[..., :2])], axis=-1)
        found = {"pi": r / jnp.sum(r, axis=-1, keepdims=True), "alpha": x[..., 2:8]}
        if self.variances:
            found["b"] = jnp.exp(_log_exponential(x[..., 8:14]))
        if self.covariates:
            found["beta"] = x[..., 8 + 6 * self.variances :].reshape(*x.shape[:-1], 6, self.covariates)
        return found

    def draw(self, key: Array) -> Array:
        """One vector from the prior."""
        return jax.random.normal(key, (self.size,))


def score_of_variance(b: Floats) -> Floats:
    """The normal score of a variance, where it lies in the prior; float[...]."""
    return ndtri(-np.expm1(-RATE * b))


def _log_exponential(z: Array) -> Array:
    """Log of the Exp(RATE) variable with the same quantile as z, and SMALLEST more."""
    return jnp.logaddexp(jnp.log(-log_ndtr(-z)) - jnp.log(RATE), jnp.log(SMALLEST))
