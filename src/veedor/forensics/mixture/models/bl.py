"""Variant bl (binomial logistic): no effects of stations, strict binomial counts.

tau, nu and the means mu are the same for all stations of a group. The counts C ~ Bin(N, mu) from which the shares
m = C / N and s are made are summed by the Gauss rule of the binomial distribution itself, exact for polynomials of
degree 15. A share of 1 counts as 0.999, as in the authors' package. Intercepts are N(0, 1) as in qbl (the package has
N(0, 10^2), which puts most of the prior at the ends of each mean's range).
"""

import jax
import jax.numpy as jnp
from jax import Array

from veedor.forensics.mixture.models.qbl import IMPOSSIBLE, Rows
from veedor.forensics.mixture.parameters import THRESHOLD, Layout
from veedor.forensics.mixture.quadrature import binomial_rule

LARGEST_SHARE = 0.999
REST = 1 - THRESHOLD


Rule = tuple[Array, Array]
"""Nodes and log weights of C / N; float[size, group, node]."""
Rules = tuple[Rule, Rule, Rule, Rule]
"""Of m and s in state 2, then in state 3."""


def share_rules(x: Array, design: Array, layout: Layout, sizes: Array, nodes: int) -> Rules:
    """Of m and s in state 2, then in state 3: what all stations share. sizes: the distinct registered."""
    centre = layout.centres(x, design)
    m2, s2, m3, s3 = (
        _rule(low + width * jax.nn.sigmoid(centre[effect]), sizes, nodes)
        for effect, low, width in ((2, 0.0, THRESHOLD), (3, 0.0, THRESHOLD), (4, THRESHOLD, REST), (5, THRESHOLD, REST))
    )
    return m2, s2, m3, s3


def log_states(x: Array, rules: Rules, rows: Rows, design: Array, layout: Layout) -> Array:
    """log p(a, w | state), without binomial coefficients; float[station, state]."""
    centre = layout.centres(x, design)
    tau, nu = jax.nn.sigmoid(centre[0])[rows.group], jax.nn.sigmoid(centre[1])[rows.group]
    n, a, w = rows.registered, rows.abstained, rows.leading
    found = [_binomial(a, n, 1 - tau) + _binomial(w, n, (1 - a / n) * nu)]
    for moved, taken in (rules[:2], rules[2:]):
        (m, of_m), (s, of_s) = (
            (part[0][rows.size, rows.group], part[1][rows.size, rows.group]) for part in (moved, taken)
        )
        of_a = _binomial(a[:, None], n[:, None], (1 - tau)[:, None] * (1 - m))
        away = (a / n)[:, None] / (1 - m)
        p = (1 - away)[..., None] * (nu[:, None] + s * (1 - nu)[:, None])[:, None, :] + (m * away)[..., None]
        of_w = jax.nn.logsumexp(of_s[:, None, :] + _binomial(w[:, None, None], n[:, None, None], p), axis=2)
        found.append(jax.nn.logsumexp(of_m + of_a + of_w, axis=1))
    return jnp.stack(found, axis=-1)


def _rule(mean: Array, sizes: Array, nodes: int) -> Rule:
    share, weight = binomial_rule(sizes[:, None], mean[None, :], nodes)
    return jnp.minimum(share, LARGEST_SHARE), jnp.log(jnp.maximum(weight, 1e-300))


def _binomial(k: Array, n: Array, p: Array) -> Array:
    possible = (p > 0) & (p < 1)
    p = jnp.where(possible, p, 0.5)
    return jnp.where(possible, k * jnp.log(p) + (n - k) * jnp.log1p(-p), IMPOSSIBLE)
