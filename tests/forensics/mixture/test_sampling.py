# ruff: noqa: E402 - JAX is set up before it is used
"""The same seed gives the same bits; short chains give no fractions; draws are kept for ArviZ."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("jax")

from tests.parsed import parsed
from veedor.command import Command
from veedor.forensics.mixture.backend import prepare

prepare(chains=4)

from tests.forensics.mixture.elections import as_stations, election
from veedor.finding import Verdict
from veedor.forensics.mixture.diagnostics import _efficiency
from veedor.forensics.mixture.findings import finding_of, mixture_as_json
from veedor.forensics.mixture.models.model import Model
from veedor.forensics.mixture.sampling import Settings, _one_step
from veedor.forensics.mixture.study import Mixture, fit_counts, mixture, save_posterior

pytestmark = pytest.mark.slow

SHORT = Settings(chains=2, warmup=20, draws=20, seed=3)


@pytest.fixture(scope="module")
def short() -> Mixture:
    return mixture(as_stations(election("bl", 60)[0]), variant="bl", covariates=("province",), settings=SHORT)


def test_short_chains_give_no_fraction_and_say_why(short: Mixture) -> None:
    finding = finding_of(short, Command(words=("mixture", "x")))
    document = parsed(mixture_as_json(short, finding, election="x", contest="y", count="z"))
    assert finding.verdict is Verdict.UNDECIDED
    assert "effective sample size of pi" in finding.summary.en
    assert document["fractions"] is None
    assert document["parameters"] is None
    assert document["trusted"] is False
    assert finding.effect["fractions"] is None
    assert not finding.items
    assert 0.52 < document["prior_mean_none"] < 0.53  # 3 ln 3 - 4 ln 2 = 0.5232


def test_the_same_seed_gives_the_same_bits_whatever_the_sampler_was_compiled_on(short: Mixture) -> None:
    counts = short.fitted.model.counts
    other = replace(counts, abstained=counts.registered - counts.leading, leading=0.5 * counts.leading)
    compiled = fit_counts(other, "bl", SHORT)
    again = fit_counts(counts, "bl", SHORT, runner=compiled.runner)
    assert again.runner is compiled.runner
    assert again.draws.x.tobytes() == short.fitted.draws.x.tobytes()
    assert compiled.draws.x.tobytes() != short.fitted.draws.x.tobytes()


def test_a_compiled_sampler_is_used_for_what_it_was_compiled_for_only(short: Mixture) -> None:
    runner, counts = short.fitted.runner, short.fitted.model.counts
    assert runner.takes(Model(variant="bl", counts=counts))
    assert not runner.takes(Model(variant="qbl", counts=counts))
    assert not runner.takes(Model(variant="bl", counts=election("bl", 60)[0]))  # without the covariate
    assert not runner.takes(Model(variant="bl", counts=replace(counts, registered=counts.registered + 1)))
    assert runner.draws_as(replace(SHORT, seed=9))
    assert not runner.draws_as(replace(SHORT, draws=30))


def test_weights_lessen_the_effective_draws() -> None:
    """Kish: (sum of w)^2 / (n sum of w^2); weights 3 and 1 are worth 16 / 20 of the draws."""
    assert _efficiency(np.zeros((2, 10))) == 1.0
    assert _efficiency(np.log([[3.0, 1.0]])) == pytest.approx(0.8)


def test_all_chains_keep_to_one_step() -> None:
    tuned = SimpleNamespace(step_size=np.array([0.2, 0.8]))
    tuned._replace = lambda **changed: SimpleNamespace(**changed)
    state = SimpleNamespace(adapt_state=tuned, _replace=lambda **changed: SimpleNamespace(**changed))
    assert np.asarray(_one_step(state).adapt_state.step_size).tolist() == pytest.approx([0.4, 0.4])


def test_a_covariate_has_slopes_for_every_effect(short: Mixture) -> None:
    assert short.fitted.named["beta"].shape == (2, 20, 6, 1)
    assert len(short.fitted.model.counts.covariates) == 1


def test_the_posterior_is_kept_for_arviz(short: Mixture, tmp_path: Path) -> None:
    import xarray

    path = tmp_path / "posterior.nc"
    save_posterior(short.fitted, str(path), attributes={"seed": "3"})
    with xarray.open_dataset(path, group="posterior", engine="h5netcdf") as kept:
        assert np.array_equal(kept["pi"].values, short.fitted.named["pi"])
