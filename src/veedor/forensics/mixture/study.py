"""The mixture on an election: draws, whether they can be trusted, fractions, stations, predictive checks, placebo."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np

from veedor.forensics.mixture.backend import versions
from veedor.forensics.mixture.data import Counts, counts_at, rows_of
from veedor.forensics.mixture.diagnostics import Diagnostics, diagnose
from veedor.forensics.mixture.models.model import Model, Variant, state_probabilities
from veedor.forensics.mixture.predictive import Predictive, predictive
from veedor.forensics.mixture.sampling import Draws, Progress, Runner, Settings, draw
from veedor.forensics.placebo import fit, redraw
from veedor.forensics.stations import Floats, Ints, Stations

STATION_DRAWS = 100
"""Draws over which each station's chances are averaged."""
INTERVAL = (0.025, 0.5, 0.975)


@dataclass(frozen=True, kw_only=True)
class Fraction:
    """Posterior mean and 95 % interval of one of pi."""

    mean: float
    low: float
    median: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """One run of the chains. named: parameters by name, float[chain, draw, ...]; weight: of each draw, sums to 1.

    runner: the compiled sampler, for more runs like it.
    """

    model: Model
    draws: Draws
    named: dict[str, Floats]
    weight: Floats
    diagnostics: Diagnostics
    settings: Settings
    runner: Runner
    cpu_seconds: float
    wall_seconds: float

    @property
    def trusted(self) -> bool:
        """True if the diagnostics allow fractions to be shown."""
        return not self.diagnostics.failures

    def fractions(self) -> tuple[Fraction, Fraction, Fraction]:
        """Of stations in states none, incremental, extreme. Look at `trusted` first."""
        found = [_fraction(self.named["pi"][..., state].reshape(-1), self.weight.reshape(-1)) for state in range(3)]
        return found[0], found[1], found[2]


@dataclass(frozen=True, kw_only=True)
class Mixture:
    """Everything the mixture says of one election.

    rows: of the stations looked at; probabilities: float[station, state], None where the fit is not trusted; placebo:
    the same run on clean elections simulated on these stations. most, levels: what was asked for: stations drawn by the
    seed (None: all), and covariates.
    """

    stations: Stations
    rows: Ints
    most: int | None
    levels: tuple[str, ...]
    variant: Variant
    fitted: Fitted
    probabilities: Floats | None
    posterior_check: Predictive
    prior_check: Predictive
    placebo: tuple[Fitted, ...]
    versions: dict[str, str]


def fit_counts(
    counts: Counts,
    variant: Variant,
    settings: Settings,
    progress: Progress | None = None,
    runner: Runner | None = None,
) -> Fitted:
    """Run the chains on these counts and look at them. runner: of an earlier run, used again where it fits."""
    model = Model(variant=variant, counts=counts)
    cpu, wall = time.process_time(), time.monotonic()
    draws, runner = draw(model, settings, progress, runner)
    named = {name: np.asarray(values) for name, values in model.layout.named(jnp.asarray(draws.x)).items()}
    weight = np.exp(draws.log_weight - draws.log_weight.max())
    return Fitted(
        model=model,
        draws=draws,
        named=named,
        weight=weight / weight.sum(),
        diagnostics=diagnose(draws, named),
        settings=settings,
        runner=runner,
        cpu_seconds=time.process_time() - cpu,
        wall_seconds=time.monotonic() - wall,
    )


def mixture(
    stations: Stations,
    *,
    variant: Variant = "qbl",
    most: int | None = None,
    covariates: Sequence[str] = (),
    settings: Settings,
    placebo: int = 0,
    progress: Progress | None = None,
) -> Mixture:
    """The mixture on the stations, or on `most` of them drawn by the seed; then on `placebo` clean elections."""
    rows = rows_of(stations, most, settings.seed)
    counts = counts_at(stations, rows, covariates)
    fitted = fit_counts(counts, variant, settings, _part(progress, 0, 1 + placebo))
    flat = fitted.draws.x.reshape(-1, fitted.draws.x.shape[-1])
    spaced = flat[np.linspace(0, len(flat) - 1, min(STATION_DRAWS, len(flat))).round().astype(int)]
    clean: list[Fitted] = []
    source = fit(stations) if placebo else None
    for number in range(placebo):
        assert source is not None
        made = redraw(stations, source, np.random.default_rng((settings.seed, number)))
        clean_rows = rows_of(made, most, settings.seed)
        clean_counts = counts_at(made, clean_rows, covariates)
        step = _part(progress, 1 + number, 1 + placebo)
        # Compiling takes long: a clean election is sampled by what was compiled for the one before, where that fits.
        clean.append(fit_counts(clean_counts, variant, settings, step, (clean or [fitted])[-1].runner))
    named = {name: values.reshape(-1, *values.shape[2:]) for name, values in fitted.named.items()}
    return Mixture(
        stations=stations,
        rows=rows,
        most=most,
        levels=tuple(covariates),
        variant=variant,
        fitted=fitted,
        probabilities=state_probabilities(fitted.model, spaced) if fitted.trusted else None,
        posterior_check=predictive(variant, counts, named, settings.seed),
        prior_check=predictive(variant, counts, prior_draws(fitted.model, 200, settings.seed), settings.seed),
        placebo=tuple(clean),
        versions=versions(),
    )


def _part(progress: Progress | None, before: int, parts: int) -> Progress | None:
    """Progress of one run of the chains among several of the same length."""
    if progress is None:
        return None
    return lambda done, total: progress(before * total + done, parts * total)


def prior_draws(model: Model, number: int, seed: int) -> dict[str, Floats]:
    """Parameters by name from the prior; float[draw, ...]."""
    import jax

    keys = jax.random.split(jax.random.PRNGKey(seed), number)
    drawn = jnp.stack([model.layout.draw(key) for key in keys])
    return {name: np.asarray(values) for name, values in model.layout.named(drawn).items()}


def _fraction(values: Floats, weight: Floats) -> Fraction:
    order = np.argsort(values)
    cumulated = np.cumsum(weight[order])
    at = np.minimum(np.searchsorted(cumulated, INTERVAL), len(values) - 1)
    low, median, high = values[order][at].tolist()
    return Fraction(mean=float((values * weight).sum()), low=low, median=median, high=high)


def save_posterior(found: Fitted, path: str, *, attributes: dict[str, str]) -> None:
    """The draws for ArviZ: NetCDF, or Zarr where the name ends so."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import arviz as az

        data = az.from_dict(
            posterior=found.named,
            sample_stats={
                "energy": found.draws.energy,
                "n_steps": found.draws.steps,
                "diverging": found.draws.diverging.astype(bool),
                "log_weight": found.draws.log_weight,
            },
            attrs=attributes,
        )
        data.to_zarr(path) if path.endswith(".zarr") else data.to_netcdf(path)
