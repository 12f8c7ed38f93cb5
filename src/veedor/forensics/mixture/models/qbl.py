"""Variant qbl (quasi-binomial logistic): every station has effects of its own, integrated out by quadrature.

Of Ferrari, McAlister and Mebane's model as their package writes it, with one change: the shares moved, m and s, are the
means mu themselves and not counts drawn with them, C / N with C ~ Bin(N, mu). The effects' free variance takes over
that scatter. In state 1 nothing is moved:

    a ~ Bin(N, 1 - tau),             w ~ Bin(N, (1 - A) nu),                    A = a / N,
    a ~ Bin(N, (1 - tau)(1 - m)),    w ~ Bin(N, t0 (nu + s (1 - nu)) + m A0),   A0 = A / (1 - m), t0 = 1 - A0.

The integral over (tau, m, nu, s) is one over m (Gauss-Hermite) of a product: one over tau (around its mode) times one
over q = nu + s (1 - nu) (around its mode), whose density does not depend on the station and is tabulated once for all.

Stations lie on the last axis of every array, the integrals' points on those before it: long rows keep a processor's
vector units full.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array, lax

from veedor.forensics.mixture.parameters import THRESHOLD, Layout
from veedor.forensics.mixture.quadrature import along_first, around_mode, hermite, interpolate, log_normal

IMPOSSIBLE = -1e5
"""Log likelihood of what cannot be: exp of it is 0, and unlike minus infinity it has a derivative."""
REACH = 5.0
"""Standard deviations on either side that the density of q covers."""
FLOOR = -300.0
"""Log density of q below which it is not followed."""
EFFECT_REACH = 6.0
"""Standard deviations on either side over which the narrower of two effects is summed."""
STATES = ((2, 0.0, THRESHOLD), (4, THRESHOLD, 1 - THRESHOLD))
"""Of states 2 and 3: place of the effect of m among the six (that of s follows), least share moved, width."""


class Nodes(NamedTuple):
    """Number of points of each integral. none: of state 1; moved, turnout, share: over m, tau and q of the others."""

    none: int = 11
    moved: int = 5
    turnout: int = 4
    share: int = 10
    table: int = 241
    effects: int = 49

    def finer(self) -> "Nodes":
        """About twice as many, to measure what the coarser ones leave."""
        return Nodes(none=25, moved=12, turnout=9, share=20, table=481, effects=193)


class Rows(NamedTuple):
    """Stations as JAX arrays; sizes: distinct registered, and the place of each station among them."""

    registered: Array
    abstained: Array
    leading: Array
    weight: Array
    group: Array
    size: Array


class ShareDensity(NamedTuple):
    """Density of u = log-odds of q', q = low + (1 - low) q', in each group, as a table of its log.

    mean, sd: float[group], of u; logs: float[group, point], at even steps of (u - mean) / (REACH sd) over [-1, 1]. A
    table, and no expansion in polynomials: q is never below s, and where nu is wide and s narrow that is a wall.
    """

    mean: Array
    sd: Array
    logs: Array


Densities = tuple[ShareDensity, ShareDensity]
"""Of states 2 and 3."""


def share_densities(x: Array, design: Array, layout: Layout, nodes: Nodes) -> Densities:
    """For states 2 and 3: what all stations share, once for each value of the parameters."""
    centre, b = layout.centres(x, design), jnp.exp(layout.log_b(x))
    incremental, extreme = (
        share_density(centre[1], b[1], centre[moved + 1], b[moved + 1], low, nodes) for moved, low, _ in STATES
    )
    return incremental, extreme


def log_states(
    x: Array,
    densities: Densities,
    rows: Rows,
    design: Array,
    layout: Layout,
    nodes: Nodes,
) -> Array:
    """log p(a, w | state), without binomial coefficients; float[station, state]."""
    centre = layout.centres(x, design)
    b = jnp.exp(layout.log_b(x))
    found = [_none(rows, centre[0][rows.group], centre[1][rows.group], b, nodes)]
    for density, state in zip(densities, STATES, strict=True):
        found.append(_moved(rows, centre, b, density, state, nodes))
    return jnp.stack(found, axis=-1)


def _none(rows: Rows, tau: Array, nu: Array, b: Array, nodes: Nodes) -> Array:
    n, a, w = rows.registered, rows.abstained, rows.leading
    turned = n - a
    t = turned / n

    def turnout(h: Array) -> Array:
        return turned * h + n * jnp.log(jax.nn.sigmoid(-h))

    def turnout_slope(h: Array) -> tuple[Array, Array]:
        p = jax.nn.sigmoid(h)
        return turned - n * p, n * p * (1 - p)

    def share(h: Array) -> Array:
        v = jax.nn.sigmoid(h)
        return w * jnp.log(v) + (n - w) * jnp.log(1 - t * v)

    def share_slope(h: Array) -> tuple[Array, Array]:
        v = jax.nn.sigmoid(h)
        p = t * v
        return (w - (n - w) * p / (1 - p)) * (1 - v), n * p * (1 - v) ** 2 / (1 - p)

    # Half a ballot more on either side: where all or none took part, the log-odds would not be finite.
    start = jnp.log((turned + 0.5) / (a + 0.5))
    of_a = around_mode(tau, jnp.full_like(tau, b[0]), turnout, turnout_slope, start, nodes=nodes.none)
    start = jnp.log((w + 1) / (jnp.maximum(turned - w, 0) + 1))
    of_w = around_mode(nu, jnp.full_like(nu, b[1]), share, share_slope, start, nodes=nodes.none)
    return of_a + w * jnp.log(t) + of_w


def _moved(
    rows: Rows, centre: Array, b: Array, density: ShareDensity, state: tuple[int, float, float], nodes: Nodes
) -> Array:
    moved, low, width = state
    z, log_weight = hermite(nodes.moved)
    z, log_weight = along_first(z, 2), along_first(log_weight, 2)
    mean, variance = centre[moved], b[moved]
    h = lax.stop_gradient(mean + jnp.sqrt(variance) * z)  # [node, group]
    m = (low + width * jax.nn.sigmoid(h))[:, rows.group]
    prior = log_weight + lax.stop_gradient(0.5 * jnp.log(variance)) + log_normal(h, mean, variance)
    of_a = _turnout(rows, centre[0][rows.group], b[0], m, nodes)
    return jax.nn.logsumexp(prior[:, rows.group] + of_a + _share(rows, density, m, low, nodes), axis=0)


def _turnout(rows: Rows, tau: Array, b: Array, m: Array, nodes: Nodes) -> Array:
    """log p(a | m); m: float[node, station]."""
    n, a, left = rows.registered, rows.abstained, 1 - m

    def log_likelihood(h: Array) -> Array:
        away = left * jax.nn.sigmoid(-h)
        return a * jnp.log(away) + (n - a) * jnp.log1p(-away)

    def slope(h: Array) -> tuple[Array, Array]:
        t = jax.nn.sigmoid(h)
        p = left * (1 - t)
        return t * ((n - a) * p / (1 - p) - a), n * p * t * t / (1 - p)

    start = jnp.clip(1 - a / n / left, 0.05, 0.98)
    mean, variance = jnp.broadcast_to(tau, m.shape), jnp.broadcast_to(b, m.shape)
    start = jnp.log(start / (1 - start))
    return around_mode(mean, variance, log_likelihood, slope, start, nodes=nodes.turnout, steps=2)


def share_density(nu: Array, b_nu: Array, s: Array, b_s: Array, low: float, nodes: Nodes) -> ShareDensity:
    """1 - q = (1 - nu)(1 - s): with s = low + (1 - low) sigma (or k sigma below k), 1 - q' = (1 - nu)(1 - s')."""
    scale = THRESHOLD if low == 0 else 1.0
    found: ShareDensity = jax.vmap(lambda n, e: ShareDensity(*_one_density(n, b_nu, e, b_s, scale, nodes)))(nu, s)
    return found


def _log_kept(h: Array, scale: Array | float) -> Array:
    """log(1 - scale sigma(h)); exact where scale is 1 and sigma(h) near it."""
    return jnp.where(scale == 1, jax.nn.log_sigmoid(-h), jnp.log1p(-scale * jax.nn.sigmoid(h) * (scale < 1)))


def _one_density(
    nu: Array, b_nu: Array, s: Array, b_s: Array, scale: float, nodes: Nodes
) -> tuple[Array, Array, Array]:
    """Summed over the effect that moves q less; the other one follows from it and from q."""
    fixed = lax.stop_gradient
    mean, sd = _moments(fixed(nu), fixed(b_nu), fixed(s), fixed(b_s), scale)
    u = mean + sd * REACH * jnp.linspace(-1, 1, nodes.table)[:, None]
    of_nu, of_s = jnp.stack([nu, b_nu, jnp.ones(())]), jnp.stack([s, b_s, jnp.full((), scale)])
    first = fixed(_leverage(of_s) < _leverage(of_nu))
    (inner, b_inner, by), (outer, b_outer, of) = jnp.where(first, of_s, of_nu), jnp.where(first, of_nu, of_s)
    z = jnp.linspace(-EFFECT_REACH, EFFECT_REACH, nodes.effects)
    spread = fixed(jnp.sqrt(b_inner))
    h = fixed(inner) + spread * z
    log_kept = jax.nn.log_sigmoid(-u) - _log_kept(h, by)  # log(1 - of sigma) of the outer effect
    possible = (log_kept < -1e-12) & (jnp.exp(log_kept) > 1 - of + 1e-12)
    log_kept = jnp.where(possible, log_kept, jnp.log(1 - of / 2))
    log_p, log_rest = jnp.log(-jnp.expm1(log_kept) / of), jnp.log((of - 1 + jnp.exp(log_kept)) / of)
    log_jacobian = log_kept + jax.nn.log_sigmoid(u) - jnp.log(of) - log_p - log_rest  # of the outer effect by u
    known = jnp.where(possible, log_jacobian + jnp.log(spread * (z[1] - z[0])), IMPOSSIBLE)
    known, at = fixed(known), fixed(log_p - log_rest)
    log_f = jax.nn.logsumexp(known + log_normal(at, outer, b_outer) + log_normal(h, inner, b_inner), axis=1)
    return mean, sd, jnp.logaddexp(log_f, FLOOR)


def _leverage(effect: Array) -> Array:
    """By how much one standard deviation of an effect moves log(1 - q)."""
    share = jax.nn.sigmoid(effect[0])
    return jnp.sqrt(effect[1]) * effect[2] * share * (1 - share) / (1 - effect[2] * share)


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
    """log p(w | a, m); m: float[node, station]."""
    n, w = rows.registered, rows.leading
    mean, sd = density.mean[rows.group], density.sd[rows.group]
    away = rows.abstained / n / (1 - m)
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
    z, log_weight = (along_first(each, 3) for each in hermite(nodes.share))
    points = lax.stop_gradient(y + around * z)  # [point, node, station]
    p = base + slope * jax.nn.sigmoid(mean + sd * points)
    possible = (p > 0) & (p < 1)  # where A > 1 - m the model's p can leave (0, 1)
    p = jnp.where(possible, p, 0.5)
    log_likelihood = w * jnp.log(p) + (n - w) * jnp.log(1 - p)
    known = jnp.where(possible, log_likelihood, IMPOSSIBLE) + log_weight + jnp.log(around * sd)
    known = lax.stop_gradient(known)
    known = known - lax.stop_gradient(0.5 * jnp.maximum(points**2 - REACH**2, 0.0))  # beyond: falls like a normal's
    log_f = interpolate(density.logs, rows.group, jnp.clip(points / REACH, -1, 1))
    return jax.nn.logsumexp(known + log_f, axis=0)
