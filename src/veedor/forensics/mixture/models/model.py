"""One model: a variant on some counts, as a log posterior density with its gradient."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from scipy.special import gammaln

from veedor.forensics.mixture.data import Counts
from veedor.forensics.mixture.models import bl, qbl, rn
from veedor.forensics.mixture.models.qbl import Nodes, Rows
from veedor.forensics.mixture.models.rn import Restricted
from veedor.forensics.mixture.parameters import Layout
from veedor.forensics.stations import Floats

Variant = Literal["qbl", "bl", "rn"]
VARIANTS: tuple[Variant, ...] = ("qbl", "bl", "rn")
Common = tuple[()] | qbl.Densities | bl.Rules
"""What a variant's stations share: rn nothing, qbl two densities, bl four rules."""
Sums = tuple[Array, tuple[Array, Common]]
"""A value, and its slopes by the parameters and by what the stations share."""
CHUNK = 1024
"""Stations whose integrals are taken together: their arrays stay in the processor's cache."""
BINOMIAL_NODES = 8
LEGENDRE_NODES = 32


@dataclass(frozen=True, kw_only=True)
class Model:
    """variant, counts, and how fine the quadrature is. layout: where each parameter lies in the vector."""

    variant: Variant
    counts: Counts
    fine: bool = False

    @property
    def layout(self) -> Layout | Restricted:
        """Of the variant, with as many covariates as the design has."""
        covariates = self.counts.design.shape[1]
        if self.variant == "rn":
            return Restricted(covariates=covariates)
        return Layout(variances=self.variant == "qbl", covariates=covariates)

    def common(self, x: Array) -> Common:
        """Terms common to the stations' likelihoods, found once for each value of the parameters; a tree of arrays."""
        layout, design = self.layout, jnp.asarray(self.counts.design)
        if isinstance(layout, Restricted):
            return ()
        if layout.variances:
            return qbl.share_densities(x, design, layout, self._nodes())
        return bl.share_rules(x, design, layout, self._sizes(), BINOMIAL_NODES * (1 + self.fine))

    def log_states(self, x: Array, common: Common, rows: Rows) -> Array:
        """log p(station | state), up to a constant of the station; float[station, state]."""
        layout, design = self.layout, jnp.asarray(self.counts.design)
        if isinstance(layout, Restricted):
            return rn.log_states(x, rows, design, layout, LEGENDRE_NODES * (1 + self.fine))
        if layout.variances:
            assert len(common) == 2
            return qbl.log_states(x, common, rows, design, layout, self._nodes())
        assert len(common) == 4
        return bl.log_states(x, common, rows, design, layout)

    def log_joint(self, x: Array, common: Common, rows: Rows) -> Array:
        """log pi_z + log p(station | z); float[station, state]."""
        return self.layout.log_pi(x) + self.log_states(x, common, rows)

    def log_likelihood(self, x: Array, common: Common, rows: Rows) -> Array:
        """Weighted sum over these stations."""
        # A row of weight 0 must not bring in what is not finite.
        each = jax.nn.logsumexp(self.log_joint(x, common, rows), axis=-1)
        return jnp.sum(jnp.where(rows.weight == 0, 0.0, rows.weight * each))

    def _nodes(self) -> Nodes:
        return Nodes().finer() if self.fine else Nodes()

    def rows(self) -> Rows:
        """All stations."""
        c = self.counts
        size = np.searchsorted(self._distinct(), c.registered)
        return Rows(
            registered=jnp.asarray(c.registered),
            abstained=jnp.asarray(c.abstained),
            leading=jnp.asarray(c.leading),
            weight=jnp.asarray(c.weight),
            group=jnp.asarray(c.group),
            size=jnp.asarray(size),
        )

    def chunks(self) -> Rows:
        """All stations in chunks of equal length, filled up with repeated ones of weight 0; [chunk, station]."""
        rows, total = self.rows(), self.counts.stations
        size = min(CHUNK, total)
        number = -(-total // size)
        at = jnp.arange(number * size)
        rows = Rows(*(column[at % total] for column in rows))
        rows = rows._replace(weight=jnp.where(at < total, rows.weight, 0.0))
        return Rows(*(column.reshape(number, size) for column in rows))

    def _distinct(self) -> Floats:
        return np.unique(self.counts.registered)

    def _sizes(self) -> Array:
        return jnp.asarray(self._distinct())

    def constant(self) -> Floats:
        """Log binomial coefficients that log_states leaves out; float[station], 0 for rn."""
        c = self.counts
        if self.variant == "rn":
            return np.zeros(c.stations)
        found: Floats = 2 * gammaln(c.registered + 1)
        for part in (c.abstained, c.leading):
            found = found - gammaln(part + 1) - gammaln(c.registered - part + 1)
        return found


def log_posterior(model: Model) -> Callable[[Array, Rows], Array]:
    """A function of the parameters' vector and of `model.chunks()`: log prior + log likelihood, with its own gradient.

    Value and gradient are taken together, chunk by chunk, so that neither needs the memory of all stations.
    """

    def both(x: Array, chunks: Rows) -> tuple[Array, Array]:
        common, pull_back = jax.vjp(model.common, x)

        def step(kept: Sums, rows: Rows) -> tuple[Sums, None]:
            found = jax.value_and_grad(model.log_likelihood, argnums=(0, 1))(x, common, rows)
            sums: Sums = jax.tree.map(jnp.add, kept, found)
            return sums, None

        value, slope = jax.value_and_grad(model.layout.log_prior)(x)
        start = (value, (slope, jax.tree.map(jnp.zeros_like, common)))
        value, (slope, of_common) = lax.scan(step, start, chunks)[0]
        return value, slope + pull_back(of_common)[0]

    def value(x: Array, chunks: Rows) -> Array:
        return both(x, chunks)[0]

    density = jax.custom_vjp(value)
    density.defvjp(both, lambda gradient, upstream: (upstream * gradient, None))
    return density  # type: ignore[no-any-return]


def state_probabilities(model: Model, draws: Floats) -> Floats:
    """Each station's chance of each state, averaged over draws; float[station, state]."""
    chunks, points = model.chunks(), jnp.asarray(draws)

    def add(total: Array, x: Array) -> tuple[Array, None]:
        common = model.common(x)
        found = lax.map(lambda rows: jax.nn.softmax(model.log_joint(x, common, rows), axis=-1), chunks)
        return total + found, None

    total = jax.jit(lambda x: lax.scan(add, jnp.zeros((*chunks.registered.shape, 3)), x)[0])(points)
    found: Floats = np.asarray(total / len(points)).reshape(-1, 3)[: model.counts.stations]
    return found


def log_likelihoods(model: Model, draws: Floats) -> Floats:
    """Log likelihood of all stations at each draw; float[draw]."""
    chunks = model.chunks()

    def one(x: Array) -> Array:
        common = model.common(x)

        def step(total: Array, rows: Rows) -> tuple[Array, None]:
            return total + model.log_likelihood(x, common, rows), None

        return lax.scan(step, jnp.zeros(()), chunks)[0]

    return np.asarray(jax.jit(partial(lax.map, one))(jnp.asarray(draws)))
