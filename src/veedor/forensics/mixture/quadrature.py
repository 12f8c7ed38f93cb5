"""Rules for integrals: Gauss-Hermite around a moving mode, a table's interpolation, Gauss rules of the binomial.

Nodes never carry a derivative: the derivative of an integral is the integral of the integrand's derivative, taken at
the same nodes. Only densities that depend on the parameters are differentiated, which makes a gradient cheap.
"""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from numpy.typing import NDArray

Floats = NDArray[np.float64]
HALF_LOG_TWO_PI = 0.5 * float(np.log(2 * np.pi))
LONGEST_STEP = 3.0
STEPS = 4
STEEP = 2.0
"""Second difference of a table of logs from which on it is followed by lines and not by cubics."""


def log_normal(x: Array, mean: Array, variance: Array) -> Array:
    """Log density of N(mean, variance) at x."""
    return -0.5 * (x - mean) ** 2 / variance - 0.5 * jnp.log(variance) - HALF_LOG_TWO_PI


def hermite(n: int) -> tuple[Floats, Floats]:
    """Nodes z and log weights: the integral of f over the line is about sum_k exp(log_weight_k) f(z_k).

    Exact for f = exp(-z^2 / 2) times a polynomial of degree below 2 n.
    """
    x, w = np.polynomial.hermite.hermgauss(n)
    return np.sqrt(2) * x, np.log(w) + x**2 + 0.5 * np.log(2.0)


def along_first(values: Floats, axes: int) -> Floats:
    """float[n] as float[n, 1, ...] with this number of axes."""
    return values.reshape(-1, *[1] * (axes - 1))


def around_mode(
    mean: Array,
    variance: Array,
    log_likelihood: Callable[[Array], Array],
    slope_and_information: Callable[[Array], tuple[Array, Array]],
    start: Array,
    *,
    nodes: int,
    steps: int = STEPS,
) -> Array:
    """Log of the integral of N(h; mean, variance) exp(log_likelihood(h)) dh, one for each element of mean.

    A few scoring steps from `start` find the mode; nodes lie around it with the width of the curvature there.
    slope_and_information: of the log likelihood at h. log_likelihood takes one axis more, the nodes', first.
    """
    z, log_weight = (along_first(each, mean.ndim + 1) for each in hermite(nodes))
    m, v, h = lax.stop_gradient(mean), lax.stop_gradient(variance), start
    for _ in range(steps):
        slope, information = slope_and_information(h)
        h = h + jnp.clip((slope - (h - m) / v) / (information + 1 / v), -LONGEST_STEP, LONGEST_STEP)
    _, information = slope_and_information(h)
    width = 1 / jnp.sqrt(information + 1 / v)
    points = lax.stop_gradient(h + width * z)
    known = lax.stop_gradient(log_likelihood(points) + log_weight + jnp.log(width))
    return jax.nn.logsumexp(known + log_normal(points, mean, variance), axis=0)


def interpolate(table: Array, row: Array, x: Array) -> Array:
    """Cubic through the four points around x. table: float[row, point], at even steps over [-1, 1].

    row: int[station]; x: float[..., station], fixed: the derivative is the one by the table. What is quadratic between
    four neighbours, as the log of a normal density is, comes back exactly, however narrow. Where neighbours lie more
    than STEEP apart, at a wall, a cubic would overshoot it: the line through the two nearest is taken there.
    """
    last = table.shape[1] - 1
    place = (x + 1) / 2 * last
    left = jnp.clip(jnp.floor(place), 1, last - 2)
    t = lax.stop_gradient(place - left)
    at = row * (last + 1) + left.astype(jnp.int32)
    flat = table.reshape(-1)
    bent = jnp.abs(jnp.diff(table, 2, axis=1)) > STEEP  # [row, point - 2]
    walled = (bent[:, :-1] | bent[:, 1:]).reshape(-1)[row * (last - 2) + left.astype(jnp.int32) - 1]
    before, here = -t * (t - 1) * (t - 2) / 6, (t + 1) * (t - 1) * (t - 2) / 2
    following, beyond = -(t + 1) * t * (t - 2) / 2, (t + 1) * t * (t - 1) / 6
    before, beyond = jnp.where(walled, 0.0, before), jnp.where(walled, 0.0, beyond)
    here, following = jnp.where(walled, 1 - t, here), jnp.where(walled, t, following)
    return before * flat[at - 1] + here * flat[at] + following * flat[at + 1] + beyond * flat[at + 2]


def binomial_rule(size: Array, p: Array, nodes: int) -> tuple[Array, Array]:
    """Gauss rule of C / size, C ~ Bin(size, p): nodes and weights, float[..., node]; exact to degree 2 nodes - 1.

    Golub and Welsch's method on the recurrence of the Krawtchouk polynomials. Where size < nodes - 1 the nodes beyond
    get weight 0. Nodes and weights carry derivatives by p.
    """
    k = jnp.arange(nodes, dtype=jnp.float64)
    n, p = jnp.asarray(size)[..., None], jnp.asarray(p)[..., None]
    real = k <= n
    diagonal = jnp.where(real, p * (n - k) + k * (1 - p), -1.0 - k)
    beside = jnp.where(real[..., 1:], k[1:] * (n - k[1:] + 1) * p * (1 - p), 0.0)
    off = jnp.sqrt(jnp.where(beside > 0, beside, 1.0)) * (beside > 0)
    matrix = diagonal[..., None] * jnp.eye(nodes) + _beside(off, nodes)
    values, vectors = jnp.linalg.eigh(matrix)
    return jnp.clip(values / n, 0.0, 1.0), vectors[..., 0, :] ** 2


def _beside(off: Array, nodes: int) -> Array:
    rows = jnp.arange(nodes - 1)
    empty = jnp.zeros((*off.shape[:-1], nodes, nodes))
    return empty.at[..., rows, rows + 1].set(off).at[..., rows + 1, rows].set(off)
