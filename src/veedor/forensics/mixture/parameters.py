"""Parameters on the line and by name, with the prior's density, for the logistic variants (qbl, bl).

pi = (1, r2, r3) / (1 + r2 + r3), r2 and r3 uniform on (0, 1); intercepts N(0, 1); variances b ~ Exp(5); slopes N(0, 1).
"""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
from jax import Array

EFFECTS = ("tau", "nu", "iota_m", "iota_s", "chi_m", "chi_s")
"""Turnout; the leader's share; what is moved to the leader from abstention (m) and from others (s) in states 2, 3."""
THRESHOLD = 0.7
"""k: state incremental moves less than this share of abstention and of others' votes, state extreme more."""
RATE = 5.0
PRIOR_MEAN_NONE = 0.5232481437645478
"""3 ln 3 - 4 ln 2: mean of pi_1 before any station is seen."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Where each parameter lies in the vector: r2, r3, 6 intercepts, 6 log variances if any, 6 slopes a covariate."""

    variances: bool
    covariates: int

    @property
    def size(self) -> int:
        """Length of the vector."""
        return 8 + 6 * self.variances + 6 * self.covariates

    def log_pi(self, x: Array) -> Array:
        """Log of the three fractions."""
        r = jax.nn.log_sigmoid(x[:2])
        return jnp.concatenate([jnp.zeros(1), r]) - jax.nn.logsumexp(jnp.concatenate([jnp.zeros(1), r]))

    def intercepts(self, x: Array) -> Array:
        """float[6]."""
        return x[2:8]

    def log_b(self, x: Array) -> Array:
        """float[6]; log variances of the stations' effects."""
        return x[8:14]

    def slopes(self, x: Array) -> Array:
        """float[6, covariate]."""
        start = 8 + 6 * self.variances
        return x[start:].reshape(6, self.covariates)

    def centres(self, x: Array, design: Array) -> Array:
        """Mean of each effect in each group; float[6, group]."""
        return self.intercepts(x)[:, None] + self.slopes(x) @ design.T

    def log_prior(self, x: Array) -> Array:
        """Log density of the prior on the line, up to a constant."""
        found = jnp.sum(jax.nn.log_sigmoid(x[:2]) + jax.nn.log_sigmoid(-x[:2]))
        found = found - 0.5 * jnp.sum(x[2:8] ** 2) - 0.5 * jnp.sum(self.slopes(x) ** 2)
        if self.variances:
            found = found + jnp.sum(self.log_b(x) - RATE * jnp.exp(self.log_b(x)))
        return found

    def named(self, x: Array) -> dict[str, Array]:
        """The parameters in the model's terms; x: float[..., parameter]."""
        r = jnp.concatenate([jnp.ones_like(x[..., :1]), jax.nn.sigmoid(x[..., :2])], axis=-1)
        found = {"pi": r / jnp.sum(r, axis=-1, keepdims=True), "alpha": x[..., 2:8]}
        if self.variances:
            found["b"] = jnp.exp(x[..., 8:14])
        if self.covariates:
            found["beta"] = x[..., 8 + 6 * self.variances :].reshape(*x.shape[:-1], 6, self.covariates)
        return found

    def draw(self, key: Array) -> Array:
        """One vector from the prior."""
        uniform, normal, variance = jax.random.split(key, 3)
        r = jax.random.uniform(uniform, (2,), minval=1e-6, maxval=1 - 1e-6)
        parts = [jnp.log(r) - jnp.log1p(-r), jax.random.normal(normal, (6 + 6 * self.covariates,))]
        if self.variances:
            b = jnp.log(jax.random.exponential(variance, (6,)) / RATE)
            parts = [parts[0], parts[1][:6], b, parts[1][6:]]
        return jnp.concatenate(parts)
