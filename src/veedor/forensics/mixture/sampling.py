"""Draws from the posterior: starts, the shape of the mode, then NUTS with several chains.

Only a dozen parameters are left after the stations' states and effects are integrated out, so the mass matrix is dense
and starts from the curvature at the best mode.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from scipy.optimize import minimize

from veedor.forensics.mixture.data import Counts
from veedor.forensics.mixture.model import Model, log_likelihoods, log_posterior
from veedor.forensics.mixture.qbl import Rows
from veedor.forensics.mixture.thinning import thin
from veedor.forensics.stations import Floats, Ints

THIN_FROM = 5000
"""Stations from which the lattice takes their place while drawing."""
DISTANT = 25.0
"""A chain whose own mode lies this far (in log posterior) below the best starts at the best instead."""
CLIMB = 60
TARGET = 0.85
DEEPEST = 8
STEP = 1e-4
OUTLYING = 1e9


@dataclass(frozen=True, kw_only=True)
class Settings:
    """chains, warmup and draws of each, seed; progress: NumPyro's bar on stderr."""

    chains: int = 4
    warmup: int = 400
    draws: int = 500
    seed: int = 1
    progress: bool = False


@dataclass(frozen=True, kw_only=True)
class Draws:
    """x: float[chain, draw, parameter], on the line. energy, steps, diverging: [chain, draw].

    modes: log posterior of each chain's own mode, less the best's. log_weight: float[chain, draw], log of the
    likelihood of all stations by that of the thinned ones, less its mean; 0 where nothing was thinned.
    """

    x: Floats
    energy: Floats
    steps: Ints
    diverging: Ints
    modes: tuple[float, ...]
    rows: int
    log_weight: Floats


Both = Callable[[Array, Rows], tuple[Array, Array]]


class Runner:
    """The compiled sampler for one variant, number of stations and design; other counts of that shape can be given."""

    def __init__(self, model: Model, settings: Settings) -> None:
        import numpyro
        from numpyro.distributions import ImproperUniform, constraints
        from numpyro.infer import MCMC, NUTS

        density = log_posterior(model)
        self.settings = settings
        self.both: Both = jax.jit(jax.value_and_grad(lambda x, chunks: -density(x, chunks)))
        size = model.layout.size

        def posterior(chunks: Rows) -> None:
            x = numpyro.sample("x", ImproperUniform(constraints.real_vector, (), (size,)))
            numpyro.factor("log_posterior", density(x, chunks))

        def chains(covariance: Floats) -> Any:  # NumPyro's MCMC; typed as it comes
            kernel = NUTS(
                posterior,
                dense_mass=True,
                inverse_mass_matrix=jnp.asarray(covariance),
                target_accept_prob=TARGET,
                max_tree_depth=DEEPEST,
            )
            side_by_side = 1 < settings.chains <= jax.local_device_count()
            return MCMC(
                kernel,
                num_warmup=settings.warmup,
                num_samples=settings.draws,
                num_chains=settings.chains,
                chain_method="parallel" if side_by_side else "sequential",
                progress_bar=settings.progress,
                jit_model_args=True,
            )

        self._chains = chains
        self._mcmc: Any = None

    def run(self, model: Model, seed: int) -> Draws:
        """Draws for the counts of `model`, not thinned."""
        chunks, chains = model.chunks(), self.settings.chains
        rng = np.random.default_rng(seed)
        climbed = [_climb(self.both, chunks, start) for start in _starts(model, chains, rng)]
        values = np.array([value for value, _ in climbed])
        best = climbed[int(values.argmin())][1]
        covariance = _covariance(self.both, chunks, best)
        root = np.linalg.cholesky(covariance)
        homes = [at if value - values.min() < DISTANT else best for value, at in climbed]
        starts = np.stack([at + root @ rng.normal(size=len(at)) for at in homes])
        if self._mcmc is None:
            self._mcmc = self._chains(covariance)
        self._mcmc.run(
            jax.random.PRNGKey(seed),
            chunks,
            init_params={"x": jnp.asarray(starts if chains > 1 else starts[0])},
            extra_fields=("energy", "num_steps", "diverging"),
        )
        x = np.asarray(self._mcmc.get_samples(group_by_chain=True)["x"])
        extra = {name: np.asarray(each) for name, each in self._mcmc.get_extra_fields(group_by_chain=True).items()}
        return Draws(
            x=x,
            energy=extra["energy"],
            steps=extra["num_steps"].astype(np.int64),
            diverging=extra["diverging"].astype(np.int64),
            modes=tuple(float(v) for v in values.min() - values),
            rows=model.counts.stations,
            log_weight=np.zeros(x.shape[:2]),
        )


def draw(model: Model, settings: Settings) -> Draws:
    """Run the chains; many stations are thinned to a lattice while drawing, and the draws weighed afterwards."""
    if model.counts.stations < THIN_FROM:
        return Runner(model, settings).run(model, settings.seed)
    working = replace(model, counts=thin(model.counts))
    found = Runner(working, settings).run(working, settings.seed)
    return replace(found, log_weight=reweigh(model, working, found.x))


def reweigh(model: Model, working: Model, x: Floats) -> Floats:
    """What thinning and coarse quadrature leave: log likelihood under `model` less that under `working`, centred."""
    flat = x.reshape(-1, x.shape[-1])
    difference = log_likelihoods(model, flat) - log_likelihoods(working, flat)
    centred: Floats = (difference - difference.mean()).reshape(x.shape[:2])
    return centred


def _starts(model: Model, chains: int, rng: np.random.Generator) -> list[Floats]:
    """Spread over the prior for what is moved; near the stations' own moments for turnout and share."""
    turnout, share = moments(model.counts)
    found = []
    for _ in range(chains):
        x = np.array(model.layout.draw(jax.random.PRNGKey(int(rng.integers(2**31)))))
        if model.variant == "rn":
            x[2:4] = np.array([turnout[2], share[2]]) + rng.normal(0, 0.05, 2)
            x[6:8] = np.log([turnout[3], share[3]]) + rng.normal(0, 0.3, 2)
            x[8] = np.log(0.15) + rng.normal(0, 0.3)
        else:
            x[2:4] = np.array([turnout[0], share[0]]) + rng.normal(0, 0.3, 2)
        if model.variant == "qbl":
            x[8:10] = np.log(np.maximum([turnout[1], share[1]], 1e-3)) + rng.normal(0, 0.3, 2)
            x[10:14] = np.maximum(x[10:14], np.log(0.02))
        found.append(x)
    return found


def moments(counts: Counts) -> tuple[tuple[float, float, float, float], tuple[float, float, float, float]]:
    """For turnout and the leader's share: mean and variance of log-odds, mean and deviation of the share itself."""
    valid = counts.registered - counts.abstained
    found = []
    for part, whole in ((valid, counts.registered), (counts.leading, valid)):
        odds = np.log((part + 0.5) / (np.maximum(whole - part, 0) + 0.5))
        shares = np.minimum(part / whole, 1)
        found.append((float(odds.mean()), float(odds.var()), float(shares.mean()), float(shares.std()) + 1e-3))
    return found[0], found[1]


def _climb(value_and_slope: Both, chunks: Rows, start: Floats) -> tuple[float, Floats]:
    def target(x: Floats) -> tuple[float, Floats]:
        value, slope = value_and_slope(jnp.asarray(x), chunks)
        if not np.isfinite(value) or not np.isfinite(slope).all():
            return OUTLYING, np.zeros_like(x)
        return float(value), np.asarray(slope)

    found = minimize(target, start, jac=True, method="L-BFGS-B", options={"maxiter": CLIMB})
    return float(found.fun), np.asarray(found.x)


def _covariance(value_and_slope: Both, chunks: Rows, at: Floats) -> Floats:
    """Inverse of the curvature by differences of slopes, kept between a steep and a prior-like width."""

    def slope(x: Floats) -> Floats:
        return np.asarray(value_and_slope(jnp.asarray(x), chunks)[1])

    steps = STEP * np.eye(len(at))
    curvature = np.stack([(slope(at + e) - slope(at - e)) / (2 * STEP) for e in steps])
    values, vectors = np.linalg.eigh(0.5 * (curvature + curvature.T))
    inverse: Floats = (vectors / np.clip(values, 0.5, 1e8)) @ vectors.T
    return inverse
