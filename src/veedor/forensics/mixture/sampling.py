"""Draws from the posterior: starts, the shape of the mode, then NUTS with several chains.

Only a dozen parameters are left after the stations' states and effects are integrated out, so the mass matrix is dense
and starts from the curvature at the best mode. Two thirds of the warm-up tune NUTS's step and give pilot draws; the
pooled covariance of these is the mass matrix from then on, and a mixture fitted to them (`jumps`) makes JUMPS
proposals after each of NUTS's transitions. The mixture is fitted once more when the warm-up ends.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from scipy.optimize import minimize

from veedor.forensics.mixture.data import Counts
from veedor.forensics.mixture.jumps import Jumps, drawn, fitted, idle, log_density, pooled_covariance
from veedor.forensics.mixture.models.model import CHUNK, Model, log_likelihoods, log_posterior
from veedor.forensics.mixture.models.qbl import Rows
from veedor.forensics.mixture.parameters import score_of_variance
from veedor.forensics.mixture.thinning import thin
from veedor.forensics.stations import Floats, Ints

Progress = Callable[[int, int], None]
THIN_FROM = 5000
"""Stations from which the lattice takes their place while drawing."""
DISTANT = 25.0
"""A chain whose own mode lies this far (in log posterior) below the best starts at the best instead."""
CLIMB = 60
TARGET = 0.85
DEEPEST = (6, 8)
"""Of NUTS's trees: while its step is tuned, and afterwards."""
JUMPS = 4
BLOCK = 10
"""Transitions compiled together: progress is shown, and chains can be stopped, between blocks."""
STEP = 1e-4
OUTLYING = 1e9


@dataclass(frozen=True, kw_only=True)
class Settings:
    """chains; warmup and draws of each, rounded up to whole blocks; seed."""

    chains: int = 4
    warmup: int = 200
    draws: int = 400
    seed: int = 1


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


class Kept(NamedTuple):
    """Of each transition; float[..., parameter] and [...]."""

    x: Array
    energy: Array
    steps: Array
    diverging: Array


class Runner:
    """The compiled sampler for one variant, number of stations and design; other counts of that shape can be given."""

    def __init__(self, model: Model, settings: Settings) -> None:
        from numpyro.infer.hmc import hmc

        density = log_posterior(model)
        self.settings = settings
        self._shape = _shape(model)
        self.both: Both = jax.jit(jax.value_and_grad(lambda x, chunks: -density(x, chunks)))
        begin, move = hmc(potential_fn_gen=lambda chunks: lambda x: -density(x, chunks), algo="NUTS")
        tuned = _blocks(settings.warmup // 3) * BLOCK

        def start(key: Array, x: Array, covariance: Array, chunks: Rows) -> Any:  # NumPyro's state of NUTS
            return begin(
                x,
                tuned,
                step_size=0.5,
                inverse_mass_matrix=covariance,
                adapt_mass_matrix=False,
                dense_mass=True,
                target_accept_prob=TARGET,
                max_tree_depth=DEEPEST,
                model_args=(chunks,),
                rng_key=key,
            )

        def transition(jumps: Jumps, number: Array, chunks: Rows, state: Any, key: Array) -> tuple[Any, Kept]:
            state = move(state, (chunks,))
            seen = (state.energy, state.num_steps, state.diverging)
            jump = partial(_jump, density, jumps, chunks, key)
            place: Any = lax.fori_loop(0, number, jump, state)
            return place, Kept(place.z, *seen)

        def block(state: Any, key: Array, jumps: Jumps, number: Array, chunks: Rows) -> tuple[Any, Kept]:
            keys = jax.random.split(key, BLOCK)
            found: tuple[Any, Kept] = lax.scan(partial(transition, jumps, number, chunks), state, keys)
            return found

        self._start = _side_by_side(start, (0, 0, None, None), settings.chains)
        self._block = _side_by_side(block, (0, 0, None, None, None), settings.chains)

    def takes(self, model: Model) -> bool:
        """True if the compiled sampler is one for this model too."""
        return self._shape == _shape(model)

    def draws_as(self, settings: Settings) -> bool:
        """True if it has the chains and lengths of these settings; each run is given its own seed."""
        own = self.settings
        return (own.chains, own.warmup, own.draws) == (settings.chains, settings.warmup, settings.draws)

    def run(self, model: Model, seed: int, progress: Progress | None = None) -> Draws:
        """Draws for the counts of `model`, not thinned."""
        chunks, chains, settings = model.chunks(), self.settings.chains, self.settings
        rng = np.random.default_rng(seed)
        climbed = [_climb(self.both, chunks, start) for start in _starts(model, chains, rng)]
        values = np.array([value for value, _ in climbed])
        best = climbed[int(values.argmin())][1]
        covariance = _covariance(self.both, chunks, best)
        root = np.linalg.cholesky(covariance)
        homes = [at if value - values.min() < DISTANT else best for value, at in climbed]
        at = np.stack([home + root @ rng.normal(size=len(home)) for home in homes])
        stages = [_blocks(settings.warmup - settings.warmup // 3), _blocks(settings.warmup // 3)]
        stages.append(_blocks(settings.draws))
        tell = _teller(progress, sum(stages))
        keys = jax.random.split(jax.random.PRNGKey(seed), 4)
        none = idle(len(best))
        state = self._start(jax.random.split(keys[0], chains), jnp.asarray(at), jnp.asarray(covariance), chunks)
        state, pilot = self._several(state, keys[1], none, 0, chunks, stages[0], tell)
        x = pilot.x[:, pilot.x.shape[1] // 3 :].reshape(-1, len(best))
        covariance = pooled_covariance(x, covariance)
        jumps = fitted(x, covariance, rng)
        state = self._start(jax.random.split(keys[2], chains), state.z, jnp.asarray(covariance), chunks)
        # A chain held where the first mixture is too thin leaves many draws there, by which the second one covers it.
        tuning, keeping = jax.random.split(keys[3])
        state, pilot = self._several(state, tuning, jumps, JUMPS, chunks, stages[1], tell)
        jumps = fitted(np.concatenate([x, pilot.x.reshape(-1, len(best))]), covariance, rng)
        _, kept = self._several(_one_step(state), keeping, jumps, JUMPS, chunks, stages[2], tell)
        return Draws(
            x=kept.x,
            energy=kept.energy,
            steps=kept.steps.astype(np.int64),
            diverging=kept.diverging.astype(np.int64),
            modes=tuple(float(v) for v in values.min() - values),
            rows=model.counts.stations,
            log_weight=np.zeros(kept.x.shape[:2]),
        )

    def _several(
        self, state: Any, key: Array, jumps: Jumps, number: int, chunks: Rows, blocks: int, tell: Callable[[], None]
    ) -> tuple[Any, Any]:
        """Kept with [chain, transition, ...] of NumPy."""
        found = []
        for each in jax.random.split(key, blocks):
            keys = jax.random.split(each, self.settings.chains)
            state, kept = self._block(state, keys, jumps, jnp.asarray(number), chunks)
            found.append(Kept(*(np.asarray(part) for part in kept)))
            tell()
        return state, Kept(*(np.concatenate(parts, axis=1) for parts in zip(*found, strict=True)))


def _one_step(state: Any) -> Any:
    """The state with the geometric mean of the chains' steps: a chain that tuned a small one would keep all waiting."""
    steps = np.asarray(state.adapt_state.step_size)
    mean = jnp.full(steps.shape, np.exp(np.log(steps).mean()))
    return state._replace(adapt_state=state.adapt_state._replace(step_size=mean))


def _jump(
    density: Callable[[Array, Rows], Array], jumps: Jumps, chunks: Rows, key: Array, number: Array, state: Any
) -> Any:
    """One proposal by Metropolis and Hastings' rule; of NUTS's state, the place and what it knows of it change."""
    propose, accept = jax.random.split(jax.random.fold_in(key, number))
    x = drawn(propose, jumps)
    energy, slope = jax.value_and_grad(lambda at: -density(at, chunks))(x)
    ratio = state.potential_energy - energy + log_density(state.z, jumps) - log_density(x, jumps)
    taken = jnp.log(jax.random.uniform(accept)) < ratio  # false where the ratio is not a number
    place = jax.tree.map(partial(jnp.where, taken), (x, energy, slope), (state.z, state.potential_energy, state.z_grad))
    return state._replace(z=place[0], potential_energy=place[1], z_grad=place[2])


def _side_by_side(function: Callable[..., Any], axes: tuple[int | None, ...], chains: int) -> Callable[..., Any]:
    """Over the chains: on a device each where there are as many, else one after another, with the same numbers."""
    if 1 < chains <= jax.local_device_count():
        parallel: Callable[..., Any] = jax.pmap(function, in_axes=axes)
        return parallel

    def in_turn(*given: Any) -> Any:
        each = tuple(value for value, axis in zip(given, axes, strict=True) if axis == 0)

        def one(own: tuple[Any, ...]) -> Any:
            left = iter(own)
            return function(*(next(left) if axis == 0 else value for value, axis in zip(given, axes, strict=True)))

        return lax.map(one, each)

    compiled: Callable[..., Any] = jax.jit(in_turn)
    return compiled


def _blocks(transitions: int) -> int:
    return -(-transitions // BLOCK)


def _teller(progress: Progress | None, total: int) -> Callable[[], None]:
    done = 0

    def tell() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total)

    return tell


def draw(
    model: Model, settings: Settings, progress: Progress | None = None, runner: Runner | None = None
) -> tuple[Draws, Runner]:
    """Run the chains; many stations are thinned to a lattice while drawing, and the draws weighed afterwards.

    runner: one that was compiled before, which is used again if it takes these stations. The one used comes along.
    """
    thinned = model.counts.stations >= THIN_FROM
    working = replace(model, counts=thin(model.counts)) if thinned else model
    if runner is None or not (runner.takes(working) and runner.draws_as(settings)):
        runner = Runner(working, settings)
    found = runner.run(working, settings.seed, progress)
    if thinned:
        found = replace(found, log_weight=reweigh(model, working, found.x))
    return found, runner


def _shape(model: Model) -> tuple[object, ...]:
    """All of a model that its compiled sampler depends on: not the stations' counts."""
    counts = model.counts
    sizes = np.unique(counts.registered).tobytes() if model.variant == "bl" else b""
    rows = min(CHUNK, counts.stations), -(-counts.stations // CHUNK)
    return model.variant, model.fine, rows, counts.design.shape, counts.design.tobytes(), sizes


def reweigh(model: Model, working: Model, x: Floats) -> Floats:
    """Error of thinning and coarse quadrature: log likelihood under `model` minus that under `working`, centred."""
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
            x[8:10] = score_of_variance(np.clip([turnout[1], share[1]], 1e-3, 3.0)) + rng.normal(0, 0.1, 2)
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

    found = minimize(target, start, jac=True, method="L-BFGS-B", options={"maxiter": CLIMB, "ftol": 1e-12})
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
