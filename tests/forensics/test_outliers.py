"""Local outliers: the tail against its own sum, the level on clean elections, power on planted sheets."""

import numpy as np
import pytest
from scipy.special import betaln, gammaln, logsumexp

from tests.forensics.elections import of
from veedor.forensics.outliers import local_outliers, tail
from veedor.forensics.stations import Floats, Stations


def summed(x: float, n: float, alpha: float, beta: float) -> float:
    """P(X >= x) or P(X <= x), on the far side of the mean, term by term."""
    upper = (x + 0.5) / (n + 1) > alpha / (alpha + beta)
    k: Floats = np.arange(x, n + 1) if upper else np.arange(0, x + 1)
    log = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1) + betaln(k + alpha, n - k + beta) - betaln(alpha, beta)
    return float(np.exp(logsumexp(log)))


def test_the_tail_is_the_sum_of_its_terms() -> None:
    rng = np.random.default_rng(4)
    n = rng.integers(20, 2500, 300).astype(float)
    alpha, beta = (np.exp(rng.uniform(np.log(0.5), np.log(500), 300)) for _ in range(2))
    x = np.floor(rng.random(300) * (n + 1))
    wanted = np.array([summed(*each) for each in zip(x, n, alpha, beta, strict=True)])
    far = wanted > 1e-14
    assert tail(x, n, alpha, beta)[far] == pytest.approx(wanted[far], rel=0.06)
    assert far.sum() > 150


def clean(seed: int, size: int, scatter: float, stations: int = 2000) -> Stations:
    """Places of four; a station's share scatters around its place's with correlation `scatter`."""
    rng = np.random.default_rng(seed)
    places = np.arange(stations) // 4
    mean = rng.beta(2, 3, places.max() + 1)[places]
    precision = 1 / scatter - 1
    cast = rng.integers(size // 2, size, stations)
    votes = rng.binomial(cast, rng.beta(mean * precision, (1 - mean) * precision))
    return of(cast * 2, np.stack([votes, cast - votes], axis=1), places=places)


@pytest.mark.parametrize(("size", "scatter"), [(60, 0.001), (200, 0.005), (3000, 0.01)])
def test_clean_elections_list_nothing_nineteen_times_in_twenty(size: int, scatter: float) -> None:
    found = [local_outliers(clean(seed, size, scatter)) for seed in range(60)]
    assert all(each is not None for each in found)
    assert sum(len(each.listed) > 0 for each in found if each) <= 8  # P(Bin(60, 0.05) > 8) = 0.003


def test_switched_sheets_are_listed_and_hardly_any_beyond_their_places() -> None:
    stations = clean(11, 300, 0.004)
    rng = np.random.default_rng(1)
    changed = rng.choice(np.flatnonzero(stations.leading < 0.5 * stations.valid), 40, replace=False)
    moved = stations.votes[changed, 1] * 6 // 10
    stations.votes[changed, 0] += moved
    stations.votes[changed, 1] -= moved
    found = local_outliers(stations)
    assert found is not None
    listed = set(found.compared[found.listed].tolist())
    assert len(listed & set(changed.tolist())) >= 30
    touched = stations.places[0][changed]  # siblings of a changed sheet are compared with it
    assert sum(stations.places[0][row] not in touched for row in listed) <= 2
