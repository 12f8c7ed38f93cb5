"""Klimek's model: its integral against drawn elections, known fractions recovered, clean ones not accused, refusals."""

import numpy as np
import pytest

from tests.forensics.elections import of
from veedor.forensics.klimek.fit import FEWEST, fit
from veedor.forensics.klimek.measure import intervals, klimek, refusal
from veedor.forensics.klimek.model import BINS, Shape, components, drawn, mean_gain, share_components
from veedor.forensics.stations import Stations

SHAPE = Shape(tau=0.53, spread_turnout=0.08, nu=0.33, spread_share=0.07, theta=0.45, alpha=2.3)


def election(fractions: tuple[float, float], size: int, seed: int, shape: Shape = SHAPE) -> Stations:
    rng = np.random.default_rng(seed)
    rolls = rng.integers(300, 2000, size)
    cast, leader = drawn(shape, fractions, rolls, rng)
    return of(rolls, np.stack([leader, cast - leader], axis=1))


@pytest.mark.slow
@pytest.mark.parametrize("kind", [0, 1, 2])
def test_the_integral_is_what_drawing_gives(kind: int) -> None:
    rng = np.random.default_rng(kind)
    rolls = np.full(400_000, 100_000)  # large stations: the counting's own noise is below a tenth of a cell
    fractions = ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0))[kind]
    cast, leader = drawn(SHAPE, fractions, rolls, rng)
    seen = np.histogram2d(cast / rolls, leader / cast, bins=BINS, range=((0, 1), (0, 1)))[0] / len(rolls)
    wanted = components(SHAPE)[kind]
    assert wanted.sum() == pytest.approx(1, abs=1e-6)
    assert np.abs(seen - wanted).sum() / 2 < 0.025  # chance alone gives 0.01
    edges = np.linspace(0, 1, 41)
    shares = np.histogram(leader / cast, edges)[0] / len(rolls)
    assert np.abs(shares - share_components(SHAPE, edges)[kind]).sum() / 2 < 0.012
    gained = (leader / rolls).mean() - 0.53 * 0.33
    assert gained == pytest.approx((0.0, *mean_gain(SHAPE))[kind], abs=0.003)


@pytest.mark.slow
@pytest.mark.parametrize("fractions", [(0.05, 0.0), (0.2, 0.02), (0.6, 0.03)])
def test_known_fractions_are_inside_their_intervals(fractions: tuple[float, float]) -> None:
    inside = np.zeros(2)
    for seed in range(4):
        stations = election(fractions, 3000, seed)
        fitted = fit(stations)
        assert fitted is not None
        assert refusal(fitted) is None
        ends = intervals(stations, fitted)
        inside += [
            ends["f_i_low"] <= fractions[0] <= ends["f_i_high"],
            ends["f_e_low"] <= fractions[1] <= ends["f_e_high"],
        ]
    assert (inside >= 3).all(), inside  # P(Bin(4, 0.95) < 3) = 0.014


@pytest.mark.slow
def test_clean_elections_of_the_model_give_no_alarm() -> None:
    for seed in range(8):
        stations = election((0.0, 0.0), 2000, 100 + seed)
        fitted = fit(stations)
        assert fitted is not None
        found = klimek(stations, 1)
        if refusal(fitted) is None:
            assert found is not None
            assert found.p_value is not None
            assert found.p_value > 0.05
            assert intervals(stations, fitted)["f_i_low"] < 0.002


@pytest.mark.slow
def test_two_kinds_of_places_are_refused_and_no_fraction_is_printed() -> None:
    rng = np.random.default_rng(7)
    rural = rng.random(4000) < 0.4
    turnout = np.where(rural, rng.normal(0.9, 0.03, 4000), rng.normal(0.75, 0.05, 4000)).clip(0, 1)
    share = np.where(rural, rng.normal(0.8, 0.08, 4000), rng.normal(0.3, 0.06, 4000)).clip(0, 1)
    rolls = np.full(4000, 800)
    cast = rng.binomial(rolls, turnout)
    leader = rng.binomial(cast, share)
    found = klimek(of(rolls, np.stack([leader, cast - leader], axis=1)), 1)
    assert found is not None
    assert found.refused is not None
    assert found.statistic is None
    assert found.p_value is None
    assert "f_i" not in found.effect


def test_few_stations_do_not_apply() -> None:
    assert klimek(election((0.2, 0.0), FEWEST - 1, 3), 1) is None
