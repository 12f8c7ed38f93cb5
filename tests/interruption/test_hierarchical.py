"""The tree's two passes against the same Gaussian model as one dense matrix, and its intervals by simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from tests.interruption.cases import Floats, random_tree, tree
from veedor.interruption.places import Places
from veedor.interruption.projection.covariates import fitted_slopes, sizes
from veedor.interruption.projection.hierarchical import Total, _finest, _Sheets, _upward, project

SEEDS = st.integers(0, 2**32)


def _dense(
    places: Places,
    counted: np.ndarray,
    rates: Floats,
    weights: Floats,
    registered: Floats,
    parts: tuple[Floats, list[Floats]],
) -> tuple[Floats, Floats]:
    """Mean and covariance of the missing total, by conditioning one large Gaussian with a (nearly) flat top."""
    noise, spreads = parts
    n, groups = len(registered), 3
    covariance = np.zeros((n * groups, n * groups))
    # spreads: finest level first; places at a level share that level's deviation.
    per_level = {depth: spreads[len(places.levels) - 1 - depth] for depth in range(1, len(places.levels))}
    for one in range(n):
        for other in range(n):
            block = 1e6 * np.eye(groups)
            for depth, spread in per_level.items():
                if places.codes[depth][one] == places.codes[depth][other]:
                    block = block + spread
            if one == other:
                block = block + noise / weights[one]
            covariance[one * groups : (one + 1) * groups, other * groups : (other + 1) * groups] = block
    known = np.repeat(counted, groups)
    data = rates[counted].reshape(-1)
    inner, cross = covariance[np.ix_(known, known)], covariance[np.ix_(~known, known)]
    gain = np.linalg.solve(inner, cross.T).T
    mean = gain @ data
    left = covariance[np.ix_(~known, ~known)] - gain @ cross.T
    adding = np.kron(registered[~counted][None, :], np.eye(groups))
    return adding @ mean, adding @ left @ adding.T


@pytest.mark.slow
@settings(max_examples=15)
@given(seed=SEEDS)
def test_two_passes_are_the_dense_conditioning(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 36
    places = random_tree(rng, n)
    counted = rng.random(n) < 0.6
    counted[:4] = True
    counted[4:6] = False
    registered = rng.integers(100, 300, n).astype(np.float64)
    town = rng.normal(0, 0.08, (places.sizes[2], 3))[places.codes[2]]
    rates = np.array([0.4, 0.3, 0.1]) + town + rng.normal(0, 0.04, (n, 3))
    votes = (rates * registered[:, None]).T
    total = project(
        places, counted=counted, missing=~counted, votes=votes, registered=registered, registered_missing=registered
    )
    weights = registered / registered[counted].mean()
    finest, noise = _finest(_Sheets.of(places, np.flatnonzero(counted), votes, registered))
    spreads = [step.spread for step in _upward(places, finest)[1]]
    mean, covariance = _dense(places, counted, rates, weights, registered, (noise, spreads))
    assert total.mean == pytest.approx(mean, rel=1e-3, abs=0.05)
    assert np.sqrt(np.diag(total.covariance)) == pytest.approx(np.sqrt(np.diag(covariance)), rel=2e-3, abs=0.05)


def test_widening_leaves_the_mean() -> None:
    total = Total(mean=np.array([5.0, 4.0, 3.0]), covariance=np.eye(3))
    wide = total.widened(2.0)
    assert wide.mean.tolist() == total.mean.tolist()
    assert np.diag(wide.covariance).tolist() == [4.0, 4.0, 4.0]
    assert (total.draws(np.random.default_rng(1), 1000) >= 0).all()


def test_places_sizes() -> None:
    rows = sizes(tree("a/1", "a/1", "a/2", "b/1"))
    assert rows[0].tolist() == pytest.approx([1 / 3, 1 / 3, 1 / 3, 1.0])
    assert rows[3].tolist() == pytest.approx([np.log(2), np.log(2), 0.0, 0.0])


def test_two_choices_and_no_levels() -> None:
    """An "other" group that is always 0, and no place but the whole: finite, and 0 stays 0."""
    rng = np.random.default_rng(4)
    places = tree(*(f"{number % 4}" for number in range(40)))
    votes = np.stack([rng.integers(40, 60, 40), rng.integers(30, 50, 40), np.zeros(40)]).astype(np.float64)
    counted = np.arange(40) % 4 < 3
    total = project(
        places,
        counted=counted,
        missing=~counted,
        votes=votes,
        registered=np.full(40, 100.0),
        registered_missing=np.full(40, 100.0),
        covariates=sizes(places),
    )
    assert np.isfinite(total.mean).all()
    assert total.mean[2] == pytest.approx(0.0, abs=1e-6)
    assert total.covariance[2, 2] == pytest.approx(0.0, abs=1e-6)


@pytest.mark.slow
def test_intervals_hold_what_they_say_in_the_models_own_world() -> None:
    """200 elections drawn from the model: the 80 % interval of the lead holds 80 % (binomial error 4 x 2.8 %)."""
    inside = 0
    rounds = 200
    for seed in range(rounds):
        rng = np.random.default_rng(seed)
        n = 300
        places = tree(*(f"{number % 10}/{number % 50}" for number in range(n)))
        region = rng.normal(0, 0.05, (10, 3))[places.codes[1]]
        precinct = rng.normal(0, 0.05, (50, 3))[places.codes[2]]
        rates = np.array([0.4, 0.3, 0.1]) + region + precinct + rng.normal(0, 0.03, (n, 3))
        votes = 200 * rates.T
        counted = (rng.random(50) < 0.8)[places.codes[2]] & (rng.random(n) < 0.9)
        registered = np.full(n, 200.0)
        total = project(
            places, counted=counted, missing=~counted, votes=votes, registered=registered, registered_missing=registered
        )
        z = ((votes[0] - votes[1])[~counted].sum() - total.lead) / total.lead_sd
        inside += abs(z) <= norm.ppf(0.9)
    assert 0.69 < inside / rounds < 0.91


def test_slopes_are_weighted_least_squares_with_dummies() -> None:
    """The slopes against numpy's least squares with an intercept for each region, weights as the module says."""
    rng = np.random.default_rng(5)
    n = 240
    places = tree(*(f"{number % 6}/{number % 48}/{number % 120}" for number in range(n)))
    size = places.sizes[-1]
    known, weight = rng.random(size) < 0.8, rng.uniform(1, 4, size)
    x, noise = rng.normal(size=(2, size)), np.diag([0.02, 0.01, 0.005])
    y = np.array([[0.3, -0.2], [0.1, 0.0], [0.0, 0.1]]) @ x + rng.normal(0, 0.1, (3, size)) / np.sqrt(weight)
    found = fitted_slopes(places, y, x, known=known, weight=weight, noise=noise)
    region = places.around(places.finest - 2)
    assert places.levels[places.finest - 2] == "level0"
    dummies = (region[known][:, None] == np.unique(region[known])).astype(float)
    plain = y[:, known] - (y[:, known] @ dummies / dummies.sum(axis=0)) @ dummies.T
    variance = np.trace(noise) / weight[known]
    spread = max((plain**2).sum() / (known.sum() - dummies.shape[1]) - variance.mean(), 0.0)
    root = 1 / np.sqrt(spread + variance)
    design = np.column_stack([x[:, known].T, dummies]) * root[:, None]
    expected = np.linalg.lstsq(design, y[:, known].T * root[:, None], rcond=None)[0][:2]
    assert found.value == pytest.approx(expected, abs=1e-10)


@pytest.mark.slow
def test_the_slopes_uncertainty_is_in_the_interval() -> None:
    """400 elections whose missing places lie beyond the counted ones on a covariate: the 80 % interval holds 80 %.

    Without the slopes' uncertainty it would hold far less; with it, the binomial error is 2 points (four of them).
    """
    inside, without = 0, 0
    for seed in range(400):
        rng = np.random.default_rng(seed)
        n = 400
        places = tree(*(f"{number % 8}/{number % 40}/{number % 200}" for number in range(n)))
        finest = places.codes[-1]
        covariate = rng.normal(size=places.sizes[-1])
        precinct = rng.normal(0, 0.05, (places.sizes[-1], 3)) + 0.03 * covariate[:, None]
        rates = (np.array([0.4, 0.3, 0.1]) + precinct[finest] + rng.normal(0, 0.02, (n, 3))).T
        registered = np.full(n, 200.0)
        counted = (covariate < 0.7)[finest]
        total, fixed = (
            project(
                places,
                counted=counted,
                missing=~counted,
                votes=200 * (rates - shift),
                registered=registered,
                registered_missing=registered,
                covariates=rows,
            )
            for shift, rows in ((0.0, covariate[finest][None]), (0.03 * covariate[finest], None))
        )
        error = 200 * (rates[0] - rates[1])[~counted].sum() - total.lead
        inside += abs(error) <= norm.ppf(0.9) * total.lead_sd
        without += abs(error) <= norm.ppf(0.9) * fixed.lead_sd
    assert 0.72 < inside / 400 < 0.88
    assert without / 400 < 0.7


def test_a_covariate_that_does_not_vary_takes_no_slope() -> None:
    rng = np.random.default_rng(2)
    places = tree(*(f"{number % 4}/{number % 12}/{number % 36}" for number in range(144)))
    votes = rng.uniform(20, 60, (3, 144))
    counted = rng.random(144) < 0.7
    registered = np.full(144, 200.0)
    flat = places.codes[1][None] / 3.0
    with_flat, plain = (
        project(
            places,
            counted=counted,
            missing=~counted,
            votes=votes,
            registered=registered,
            registered_missing=registered,
            covariates=rows,
        )
        for rows in (flat, None)
    )
    assert with_flat.mean == pytest.approx(plain.mean, rel=1e-9)
    assert with_flat.covariance == pytest.approx(plain.covariance, rel=1e-9)
