"""Proposals that do not depend on where a chain is: they carry it between modes that its own steps rarely cross.

A mixture of Student's t distributions is fitted to the pilot draws of all chains. Once it is fixed, a point drawn from
it is accepted by Metropolis and Hastings' rule for independent proposals (Tierney 1994), which keeps the posterior
whatever the mixture is: a bad one is only accepted seldom.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.scipy.special import gammaln, logsumexp
from scipy.special import logsumexp as log_sum

from veedor.forensics.stations import Floats

COMPONENTS = 3
DEGREES = 5.0
"""Of freedom: tails heavier than the posterior's."""
ROUNDS = 40
SHRINKAGE = 8.0
"""Draws' worth of the pooled covariance in that of each component."""


class Jumps(NamedTuple):
    """log_weight: float[component]; mean: float[component, parameter]; root: of each one's covariance, lower."""

    log_weight: Array | Floats
    mean: Array | Floats
    root: Array | Floats


def idle(size: int) -> Jumps:
    """Of the shape of those that are fitted, for transitions without a jump."""
    roots = np.repeat(np.eye(size)[None], COMPONENTS, axis=0)
    return Jumps(log_weight=np.zeros(COMPONENTS), mean=np.zeros((COMPONENTS, size)), root=roots)


def pooled_covariance(x: Floats, other: Floats) -> Floats:
    """Covariance of draws float[draw, parameter], drawn towards `other` by as many draws as it has parameters."""
    n, size = x.shape
    found: Floats = (n * np.cov(x.T) + size * other) / (n + size)
    return found


def fitted(x: Floats, covariance: Floats, rng: np.random.Generator) -> Jumps:
    """Expectation and maximisation from distant starts (k-means++). x: float[draw, parameter]."""
    root = np.linalg.cholesky(covariance)
    white = np.linalg.solve(root, (x - x.mean(axis=0)).T).T
    distance = np.stack([((white - centre) ** 2).sum(axis=1) for centre in _distant(white, rng)])
    share = _normalised(-distance / x.shape[1])
    for _ in range(ROUNDS):
        jumps = _maximised(x, share, covariance)
        share = _normalised(np.stack([_log_normal(x, *component) for component in zip(*jumps, strict=True)]))
    return jumps


def _distant(white: Floats, rng: np.random.Generator) -> Floats:
    centres = [white[rng.integers(len(white))]]
    for _ in range(COMPONENTS - 1):
        nearest = np.min([((white - centre) ** 2).sum(axis=1) for centre in centres], axis=0) + 1e-9
        centres.append(white[rng.choice(len(white), p=nearest / nearest.sum())])
    return np.stack(centres)


def _normalised(log_share: Floats) -> Floats:
    found: Floats = np.exp(log_share - log_sum(log_share, axis=0))
    return found


def _maximised(x: Floats, share: Floats, covariance: Floats) -> Jumps:
    mass = share.sum(axis=1) + 1e-6
    mean = share @ x / mass[:, None] + 1e-6 / mass[:, None] * x.mean(axis=0)
    away = x - mean[:, None, :]
    scatter = np.einsum("cn,cnp,cnq->cpq", share, away, away)
    each = (scatter + SHRINKAGE * covariance) / (mass + SHRINKAGE)[:, None, None]
    return Jumps(log_weight=np.log(mass / mass.sum()), mean=mean, root=np.linalg.cholesky(each))


def _log_normal(x: Floats, log_weight: float, mean: Floats, root: Floats) -> Floats:
    white = np.linalg.solve(root, (x - mean).T)
    found: Floats = log_weight - 0.5 * (white**2).sum(axis=0) - np.log(np.diag(root)).sum()
    return found


def drawn(key: Array, jumps: Jumps) -> Array:
    """One proposal; float[parameter]."""
    which, normal, heavy = jax.random.split(key, 3)
    component = jax.random.categorical(which, jnp.asarray(jumps.log_weight))
    mean, root = jnp.asarray(jumps.mean)[component], jnp.asarray(jumps.root)[component]
    scale = jnp.sqrt(DEGREES / (2 * jax.random.gamma(heavy, DEGREES / 2)))
    return mean + scale * (root @ jax.random.normal(normal, mean.shape))


def log_density(x: Array, jumps: Jumps) -> Array:
    """Of the proposals at x, float[parameter]."""
    root, size = jnp.asarray(jumps.root), x.shape[0]
    white = jax.vmap(lambda mean, r: jax.scipy.linalg.solve_triangular(r, x - mean, lower=True))(jumps.mean, root)
    spread = jnp.sum(jnp.log(jnp.diagonal(root, axis1=1, axis2=2)), axis=1)
    constant = gammaln((DEGREES + size) / 2) - gammaln(DEGREES / 2) - 0.5 * size * jnp.log(DEGREES * jnp.pi)
    bent = 0.5 * (DEGREES + size) * jnp.log1p(jnp.sum(white**2, axis=1) / DEGREES)
    return logsumexp(jnp.asarray(jumps.log_weight) + constant - spread - bent)
