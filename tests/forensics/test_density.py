"""Resampled density: level on clean elections, power on shares that were rounded, the published program's figure."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.forensics.elections import of
from tests.forensics.real import stations_named
from veedor.forensics.methods import beta_mixture
from veedor.forensics.methods.density import resampled_density
from veedor.forensics.stations import Stations
from veedor.forensics.study import study

pytestmark = pytest.mark.slow


def clean(seed: int, stations: int = 1500, size: int = 900) -> Stations:
    rng = np.random.default_rng(seed)
    rolls = rng.integers(size // 2, size, stations)
    cast = rng.binomial(rolls, rng.beta(20, 8, stations))
    votes = rng.binomial(cast, rng.beta(8, 7, stations))
    return of(rolls, np.stack([votes, cast - votes], axis=1))


def test_the_mixture_finds_two_kinds_of_stations() -> None:
    rng = np.random.default_rng(0)
    p = np.where(rng.random(1500) < 0.3, rng.beta(60, 20, 1500), rng.beta(20, 60, 1500))
    whole = rng.integers(200, 400, 1500)
    found = beta_mixture.fit(rng.binomial(whole, p), whole)
    means = found.alpha / (found.alpha + found.beta)
    assert found.weight[means > 0.5].sum() == pytest.approx(0.3, abs=0.04)
    assert np.average(means, weights=found.weight) == pytest.approx(0.3 * 0.75 + 0.7 * 0.25, abs=0.02)


def test_clean_elections_alarm_no_more_often_than_the_level() -> None:
    alarms = 0
    for seed in range(20):
        answer = study(clean(seed, 500), ["resampled_density"], draws=19, seed=seed).answers[0]
        assert answer.p_value is not None
        alarms += answer.p_value <= 0.05
    assert alarms <= 4  # P(Bin(20, 0.05) > 4) = 0.003


def test_rounded_shares_are_seen() -> None:
    stations = clean(5)
    cast = stations.cast[:90]
    aimed = np.random.default_rng(2).choice([0.6, 0.65, 0.7, 0.75], 90)
    stations.votes[:90, 0] = np.rint(cast * aimed)
    stations.votes[:90, 1] = cast - stations.votes[:90, 0]
    found = resampled_density(stations, np.random.default_rng(1))
    assert found is not None
    assert found.rank == 0.01
    answer = study(stations, ["resampled_density"]).answers[0]
    assert answer.p_value is not None
    assert answer.p_value < 0.01
    assert 0.02 < found.share < 0.09  # 90 of 1,500 are 6 per cent
    again = resampled_density(stations, np.random.default_rng(1))
    assert again is not None
    assert again.share == found.share


def test_the_published_programs_figure_is_within_what_samples_of_2000_give(shared: Path) -> None:
    # The published figure: 2,000 stations of Bolivia 2019 (which ones it does not say), 100 resamples
    bolivia = stations_named(shared, "bolivia-2019")
    found = []
    for seed in range(4):
        rows = np.sort(np.random.default_rng(seed).choice(len(bolivia.names), 2000, replace=False))
        sample = replace(
            bolivia,
            names=tuple(bolivia.names[row] for row in rows),
            registered=bolivia.registered[rows],
            votes=bolivia.votes[rows],
            empty=bolivia.empty[rows],
            turned_out=bolivia.turned_out[rows],
            places=(),
        )
        excess = resampled_density(sample, np.random.default_rng(seed), 100)
        assert excess is not None
        found.append(100 * excess.share)
    assert abs(0.81 - np.mean(found)) < 3 * 0.58  # of 40 samples: mean 1.66, standard deviation 0.58, least 0.44
