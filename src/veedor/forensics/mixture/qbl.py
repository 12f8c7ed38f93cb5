"""Variant qbl (quasi-binomial logistic): every station has effects of its own, integrated out by quadrature.

Of Ferrari, McAlister and Mebane's model as their package writes it, with one change: the shares moved, m and s, are the
means mu themselves and not counts drawn with them, C / N with C ~ Bin(N, mu). The effects' free variance takes over
that scatter. In state 1 nothing is moved:

    a ~ Bin(N, 1 - tau),             w ~ Bin(N, (1 - A) nu),                    A = a / N,
    a ~ Bin(N, (1 - tau)(1 - m)),    w ~ Bin(N, t0 (nu + s (1 - nu)) + m A0),   A0 = A / (1 - m), t0 = 1 - A0.

The integral over (tau, m, nu, s) is one over m (Gauss-Hermite) of a product: one over tau (around its mode) times one
over q = nu + s (1 - nu) (around its mode), whose density does not depend on the station and is tabulated once for all.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array, lax

from veedor.forensics.mixture.parameters import THRESHOLD, Layout
from veedor.forensics.mixture.quadrature import around_mode, hermite, interpolate, log_normal

IMPOSSIBLE = -1e5
"""Log likelihood of what cannot be: exp of it is 0, and unlike minus infinity it has a derivative."""
REACH = 5.0
"""Standard deviations on either side that the density of q covers."""
FLOOR = -300.0
"""Log density of q below which it is not followed."""


class Nodes(NamedTuple):
    """How many points each integral has. none: of state 1; moved, turnout, share: over m, tau and q of the others."""

    none: int = 11
    moved: int = 5
    turnout: int = 4
    share: int = 4
    table: int = 241
    effects: int = 97

    def finer(self) -> "Nodes":
        """About twice as many, to measure what the coarser ones leave."""
        return Nodes(none=25, moved=12, turnout=9, share=9, table=481, effects=193)


class Rows(NamedTuple):
    """Stations as JAX arrays; sizes: distinct registered, and the place of each station among them."""

    registered: Array
    abstained: Array
    leading: Array
    weight: Array
    group: Array
    size: Array


def log_states(x: Array, rows: Rows, design: Array, layout: Layout, nodes: Nodes) -> Array:
    """log p(a, w | state), without binomial coefficients; float[station, state]."""
    centre = layout.centres(x, design)
    b = jnp.exp(layout.log_b(x))
    found = [_none(rows, centre[0][rows.group], centre[1][rows.group], b, nodes)]
    for moved, low, width in ((2, 0.0, THRESHOLD), (4, THRESHOLD, 1 - THRESHOLD)):
        found.append(_moved(rows, centre, b, moved, low, width, nodes))
    return jnp.stack(found, axis=-1)


def _none(rows: Rows, tau: Array, nu: Array, b: Array, nodes: Nodes) -> Array:
    n, a, w = rows.registered, rows.abstained, rows.leading
    turned = n - a

    def turnout(h: Array) -> Array:
        return turned[:, None] * h + n[:, None] * jnp.log(jax.nn.sigmoid(-h))

    def turnout_slope(h: Array) -> tuple[Array, Array]:
        p = jax.nn.sigmoid(h)
        return turned - n * p, n * p * (1 - p)

    t = turned / n

    def share(h: Array) -> Array:
        other = (1 - t)[:, None] + t[:, None] * jax.nn.sigmoid(-h)
        return w[:, None] * jnp.log(jax.nn.sigmoid(h)) + (n - w)[:, None] * jnp.log(other)

    def share_slope(h: Array) -> tuple[Array, Array]:
        v = jax.nn.sigmoid(h)
        p = t * v
        return (w - (n - w) * p / (1 - p)) * (1 - v), n * p * (1 - v) ** 2 / (1 - p)

    of_a = around_mode(
        tau, jnp.full_like(tau, b[0]), turnout, turnout_slope, jnp.log((turned + 0.5) / (a + 0.5)), nodes=nodes.none
    )
    start = jnp.log((w + 1) / (jnp.maximum(turned - w, 0) + 1))
    of_w = around_mode(nu, jnp.full_like(nu, b[1]), share, share_slope, start, nodes=nodes.none)
    return of_a + w * jnp.log(t) + of_w


def _moved(rows: Rows, centre: Array, b: Array, moved: int, low: float, width: float, nodes: Nodes) -> Array:
    z, log_weight = hermite(nodes.moved)
    mean, variance = centre[moved][:, None], b[moved]
    h = lax.stop_gradient(mean + jnp.sqrt(variance) * z)
    m = (low + width * jax.nn.sigmoid(h))[rows.group]
    prior = log_weight + lax.stop_gradient(0.5 * jnp.log(variance)) + log_normal(h, mean, variance)
    of_a = _turnout(rows, centre[0][rows.group], b[0], m, nodes)
    of_w = _share(rows, share_density(centre[1], b[1], centre[moved + 1], b[moved + 1], low, nodes), m, low, nodes)
    return jax.nn.logsumexp(prior[rows.group] + of_a + of_w, axis=1)


def _turnout(rows: Rows, tau: Array, b: Array, m: Array, nodes: Nodes) -> Array:
    """log p(a | m); m: float[station, node]."""
    n, a, left = rows.registered[:, None], rows.abstained[:, None], 1 - m

    def log_likelihood(h: Array) -> Array:
        away, voting = left[..., None] * jax.nn.sigmoid(-h), m[..., None] + left[..., None] * jax.nn.sigmoid(h)
        return a[..., None] * jnp.log(away) + (n - a)[..., None] * jnp.log(voting)

    def slope(h: Array) -> tuple[Array, Array]:
        t = jax.nn.sigmoid(h)
        p = left * (1 - t)
        return t * ((n - a) * p / (1 - p) - a), n * p * t * t / (1 - p)

    start = jnp.clip(1 - a / n / left, 0.05, 0.98)
    mean = jnp.broadcast_to(tau[:, None], m.shape)
    variance = jnp.broadcast_to(b, m.shape)
    return around_mode(
        mean, variance, log_likelihood, slope, jnp.log(start / (1 - start)), nodes=nodes.turnout, steps=2
    )


class ShareDensity(NamedTuple):
    """Density of u = log-odds of q', q = low + (1 - low) q', in each group, as a table of its log.

    mean, sd: float[group], of u; logs: float[group, point], at even steps of (u - mean) / (REACH sd) over [-1, 1]. A
    table, and no expansion in polynomials: q is never below s, and where nu is wide and s narrow that is a wall.
    """

    mean: Array
    sd: Array
    logs: Array


def share_density(nu: Array, b_nu: Array, s: Array, b_s: Array, low: float, nodes: Nodes) -> ShareDensity:
    """1 - q = (1 - nu)(1 - s): with s = low + (1 - low) sigma (or k sigma below k), 1 - q' = (1 - nu)(1 - s')."""
    scale = THRESHOLD if low == 0 else 1.0
    found: ShareDensity = jax.vmap(lambda n, e: ShareDensity(*_one_density(n, b_nu, e, b_s, scale, nodes)))(nu, s)
    return found


def _log_kept(h: Array, scale: float) -> Array:
    """log(1 - scale sigma(h)); exact where scale is 1 and sigma(h) near it."""
    return jax.nn.log_sigmoid(-h) if scale == 1 else jnp.log1p(-scale * jax.nn.sigmoid(h))


def _one_density(
    nu: Array, b_nu: Array, s: Array, b_s: Array, scale: float, nodes: Nodes
) -> tuple[Array, Array, Array]:
    fixed = lax.stop_gradient
    mean, sd = _moments(fixed(nu), fixed(b_nu), fixed(s), fixed(b_s), scale)
    u = mean + sd * REACH * jnp.linspace(-1, 1, nodes.table)[:, None]
    z = jnp.linspace(-6, 6, nodes.effects)
    spread = lax.stop_gradient(jnp.sqrt(b_s))
    h = lax.stop_gradient(s) + spread * z
    log_other = jax.nn.log_sigmoid(-u) - _log_kept(h, scale)  # log(1 - nu) where q' is at u and s' at h
    possible = log_other < -1e-12
    log_other = jnp.where(possible, log_other, -1.0)
    log_nu = jnp.log(-jnp.expm1(log_other))
    # d logit(nu) / d u = q' / nu at fixed s'
    known = jnp.where(possible, jax.nn.log_sigmoid(u) - log_nu + jnp.log(spread * (z[1] - z[0])), IMPOSSIBLE)
    known, at_nu = lax.stop_gradient(known), lax.stop_gradient(log_nu - log_other)
    log_f = jax.nn.logsumexp(known + log_normal(at_nu, nu, b_nu) + log_normal(h, s, b_s), axis=1)
    return mean, sd, jnp.logaddexp(log_f, FLOOR)


def _moments(nu: Array, b_nu: Array, s: Array, b_s: Array, scale: float) -> tuple[Array, Array]:
    z, log_weight = hermite(9)
    weight = jnp.exp(log_weight - 0.5 * z**2 - 0.5 * jnp.log(2 * jnp.pi))
    both = weight[:, None] * weight
    log_other = jax.nn.log_sigmoid(-(nu + jnp.sqrt(b_nu) * z))[:, None] + _log_kept(s + jnp.sqrt(b_s) * z, scale)
    log_other = jnp.minimum(log_other, -1e-300)
    u = jnp.log(-jnp.expm1(log_other)) - log_other
    mean = jnp.sum(both * u)
    return mean, jnp.sqrt(jnp.sum(both * (u - mean) ** 2))


def _share(rows: Rows, density: ShareDensity, m: Array, low: float, nodes: Nodes) -> Array:
    """log p(w | a, m); m: float[station, node]."""
    n, w = rows.registered[:, None], rows.leading[:, None]
    mean, sd = density.mean[rows.group][:, None], density.sd[rows.group][:, None]
    away = rows.abstained[:, None] / n / (1 - m)
    base, slope = m * away + (1 - away) * low, (1 - away) * (1 - low)

    def slope_and_information(y: Array) -> tuple[Array, Array]:
        q = jax.nn.sigmoid(mean + sd * y)
        p = jnp.clip(base + slope * q, 1e-9, 1 - 1e-9)
        step = sd * slope * q * (1 - q)
        return step * (w / p - (n - w) / (1 - p)), n * step**2 / (p * (1 - p))

    start = jnp.clip((w / n - base) / jnp.where(jnp.abs(slope) < 1e-6, 1e-6, slope), 0.02, 0.98)
    y = jnp.clip((jnp.log(start / (1 - start)) - mean) / sd, -4, 4)
    for _ in range(3):
        gradient, information = slope_and_information(y)
        y = y + jnp.clip((gradient - y) / (information + 1), -2, 2)
    around = 1 / jnp.sqrt(slope_and_information(y)[1] + 1)
    z, log_weight = hermite(nodes.share)
    points = lax.stop_gradient(y[..., None] + around[..., None] * z)
    p = base[..., None] + slope[..., None] * jax.nn.sigmoid(mean[..., None] + sd[..., None] * points)
    possible = (p > 0) & (p < 1)  # where A > 1 - m the model's p can leave (0, 1)
    p = jnp.where(possible, p, 0.5)
    log_likelihood = w[..., None] * jnp.log(p) + (n - w)[..., None] * jnp.log(1 - p)
    known = jnp.where(possible, log_likelihood, IMPOSSIBLE) + log_weight + jnp.log(around * sd)[..., None]
    known = lax.stop_gradient(known)
    known = known - lax.stop_gradient(0.5 * jnp.maximum(points**2 - REACH**2, 0.0))  # beyond: falls like a normal's
    log_f = interpolate(density.logs, rows.group, jnp.clip(points / REACH, -1, 1))
    return jax.nn.logsumexp(known + log_f, axis=-1)
