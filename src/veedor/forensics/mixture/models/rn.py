"""Variant rn (restricted normal): proportions, not counts; truncated normal effects.

A = a / N and W = w / N follow from tau ~ TN(mu_tau, sigma_tau), nu ~ TN(mu_nu, sigma_nu) on [0, 1] and m: 0 in
state 1; TN(mu_iota, sigma_iota) in state 2, TN(mu_chi, 0.075) in state 3, on [0, 0.9999]; s = m^alpha. Given m,

    tau = 1 - A / (1 - m),    nu = (W - m A0 - t0 s) / (t0 (1 - s)),    A0 = A / (1 - m), t0 = 1 - A0,

so p(A, W | m) is the product of their densities and of |d tau / d A| |d nu / d W|, and one integral over m is left:
from 0 to the m at which nu is 0, by Gauss and Legendre. Priors: pi ~ Dirichlet(1, 1, 1), so the prior expects two
stations of three outside state 1; mu_tau, mu_nu ~ N(0, 10^2); mu_iota ~ U(0, k), mu_chi ~ U(k, 1); alpha and the
sigmas ~ Gamma(1, 1). The package's newer text gives the means of m linear predictors without bounds, under which
states 2 and 3 can change places; the older bounds are kept here. Slopes ~ N(0, 1) on mu_tau and mu_nu.
"""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jax.scipy.special import log_ndtr

from veedor.forensics.mixture.models.qbl import Rows
from veedor.forensics.mixture.parameters import THRESHOLD
from veedor.forensics.mixture.quadrature import log_normal

SIGMA_CHI = 0.075
LARGEST = 0.9999
HALVINGS = 40


@dataclass(frozen=True, kw_only=True)
class Restricted:
    """Layout: 2 for pi, mu_tau, mu_nu, logit of mu_iota / k, of mu_chi's place in (k, 1), 4 logs, 2 slopes each."""

    covariates: int

    @property
    def size(self) -> int:
        """Length of the vector."""
        return 10 + 2 * self.covariates

    def log_pi(self, x: Array) -> Array:
        """Log of the three fractions: softmax with the first at 0."""
        return jax.nn.log_softmax(jnp.concatenate([jnp.zeros(1), x[:2]]))

    def slopes(self, x: Array) -> Array:
        """float[2, covariate]: on mu_tau and on mu_nu."""
        return x[10:].reshape(2, self.covariates)

    def log_prior(self, x: Array) -> Array:
        """Log density on the line, up to a constant."""
        found = jnp.sum(self.log_pi(x))  # Dirichlet(1, 1, 1) by the softmax: the product of the fractions
        found = found - 0.5 * jnp.sum(x[2:4] ** 2) / 100 - 0.5 * jnp.sum(self.slopes(x) ** 2)
        found = found + jnp.sum(jax.nn.log_sigmoid(x[4:6]) + jax.nn.log_sigmoid(-x[4:6]))
        return found + jnp.sum(x[6:10] - jnp.exp(x[6:10]))

    def named(self, x: Array) -> dict[str, Array]:
        """The parameters in the model's terms; x: float[..., parameter]."""
        zero = jnp.zeros_like(x[..., :1])
        scale = jnp.exp(x[..., 6:10])
        found = {
            "pi": jax.nn.softmax(jnp.concatenate([zero, x[..., :2]], axis=-1), axis=-1),
            "mu_tau": x[..., 2],
            "mu_nu": x[..., 3],
            "mu_iota": THRESHOLD * jax.nn.sigmoid(x[..., 4]),
            "mu_chi": THRESHOLD + (1 - THRESHOLD) * jax.nn.sigmoid(x[..., 5]),
            "sigma_tau": scale[..., 0],
            "sigma_nu": scale[..., 1],
            "sigma_iota": scale[..., 2],
            "exponent": scale[..., 3],
        }
        if self.covariates:
            found["beta"] = x[..., 10:].reshape(*x.shape[:-1], 2, self.covariates)
        return found

    def draw(self, key: Array) -> Array:
        """One vector from the prior; the wide means are drawn over (0, 1), where data can lie."""
        a, b, c, d = jax.random.split(key, 4)
        gamma = jnp.log(jax.random.exponential(a, (3,)) + 1e-6)
        uniform = jax.random.uniform(b, (4,), minval=1e-3, maxval=1 - 1e-3)
        bounded = jnp.log(uniform[2:]) - jnp.log1p(-uniform[2:])
        scales = jnp.log(jax.random.exponential(c, (4,)) + 1e-3)
        slopes = 0.1 * jax.random.normal(d, (2 * self.covariates,))
        return jnp.concatenate([gamma[1:] - gamma[0], uniform[:2], bounded, scales, slopes])


def log_states(x: Array, rows: Rows, design: Array, layout: Restricted, nodes: int) -> Array:
    """log p(A, W | state); float[station, state]."""
    slope = layout.slopes(x) @ design.T
    tau, nu = (x[2] + slope[0])[rows.group], (x[3] + slope[1])[rows.group]
    sigma_tau, sigma_nu, sigma_iota, exponent = jnp.exp(x[6:10])
    a, w = rows.abstained / rows.registered, rows.leading / rows.registered
    turned = 1 - a
    none = _truncated(turned, tau, sigma_tau) + _truncated(jnp.minimum(w / turned, 1), nu, sigma_nu) - jnp.log(turned)
    m, log_width = _moved(a, w, exponent, nodes)
    log_s = exponent * jnp.log(m)
    s, away = jnp.exp(log_s), a[:, None] / (1 - m)
    log_rest = jnp.log1p(-away) + jnp.log(-jnp.expm1(log_s))  # log of t0 (1 - s)
    at_nu = jnp.clip((w[:, None] - m * away - (1 - away) * s) * jnp.exp(-log_rest), 0, 1)
    both = _truncated(1 - away, tau[:, None], sigma_tau) + _truncated(at_nu, nu[:, None], sigma_nu)
    both = both - jnp.log1p(-m) - log_rest + log_width
    found = [none]
    for mean, sigma in ((THRESHOLD * jax.nn.sigmoid(x[4]), sigma_iota), (_chi(x), jnp.asarray(SIGMA_CHI))):
        found.append(jax.nn.logsumexp(both + _truncated(m, mean, sigma, LARGEST), axis=1))
    return jnp.stack(found, axis=-1)


def _chi(x: Array) -> Array:
    return THRESHOLD + (1 - THRESHOLD) * jax.nn.sigmoid(x[5])


def _truncated(x: Array, mean: Array, sigma: Array, most: float = 1.0) -> Array:
    """Log density of the normal restricted to [0, most]."""
    low, high = -mean / sigma, (most - mean) / sigma
    # the mass between, from the tail in which both ends lie
    flip = low > 0
    upper, lower = jnp.where(flip, -low, high), jnp.where(flip, -high, low)
    top, bottom = log_ndtr(upper), log_ndtr(lower)
    mass = top + jnp.log(-jnp.expm1(jnp.minimum(bottom - top, -1e-12)))
    return log_normal(x, mean, sigma**2) - mass


def _moved(a: Array, w: Array, exponent: Array, nodes: int) -> tuple[Array, Array]:
    """Legendre's nodes m and log weights on (0, the m at which nu is 0); float[station, node]."""

    def excess(m: Array, power: Array) -> Array:
        """m A0 + t0 m^alpha - W, rising in m: negative where nu > 0."""
        away = a / (1 - m)
        return m * away + (1 - away) * m**power - w

    low, high = jnp.full_like(a, 1e-12), jnp.clip(1 - a, 1e-9, LARGEST) * (1 - 1e-12)
    fixed = lax.stop_gradient(exponent)
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        below = excess(middle, fixed) < 0
        low, high = jnp.where(below, middle, low), jnp.where(below, high, middle)
    edge = lax.stop_gradient(jnp.maximum(low, 1e-9))
    steep = jax.vjp(lambda m: excess(m, fixed), edge)[1](jnp.ones_like(edge))[0]
    # one Newton step carries the edge's derivative by the exponent
    edge = edge - (excess(edge, exponent) - lax.stop_gradient(excess(edge, fixed))) / steep
    at, weight = np.polynomial.legendre.leggauss(nodes)
    return edge[:, None] * (0.5 + 0.5 * at), jnp.log(edge)[:, None] + np.log(0.5 * weight)
