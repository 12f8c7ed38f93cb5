"""What the mixture looks at, without JAX: stations kept, covariates, the lattice's moments."""

import numpy as np
import pytest

from tests.forensics.mixture.elections import as_stations, election
from veedor.errors import VeedorError
from veedor.forensics.mixture.data import counts_at, counts_of, rows_of
from veedor.forensics.mixture.thinning import thin


def test_the_seed_draws_the_stations() -> None:
    stations = as_stations(election("bl", 200)[0])
    drawn = rows_of(stations, 50, 1)
    assert len(drawn) == 50
    assert np.array_equal(drawn, rows_of(stations, 50, 1))
    assert not np.array_equal(drawn, rows_of(stations, 50, 2))


def test_a_level_becomes_an_indicator_against_its_most_frequent_place() -> None:
    stations = as_stations(election("bl", 101)[0])
    counts = counts_at(stations, np.arange(101), ("province",))
    assert counts.design.tolist() == [[0.0], [1.0]]
    assert np.array_equal(counts.group, np.arange(101) % 2)  # places alternate; the first has one station more


def test_a_level_that_does_not_split_the_stations_is_refused() -> None:
    stations = as_stations(election("bl", 30)[0])
    with pytest.raises(VeedorError, match="do not split these stations"):
        counts_at(stations, np.arange(30), ("province",))
    with pytest.raises(VeedorError, match="no covariate 'region'; there are province"):
        counts_at(stations, np.arange(30), ("region",))


def test_the_lattice_never_has_more_rows_than_stations() -> None:
    """Stations scattered so widely that each would need points of its own stay as they are."""
    rng = np.random.default_rng(1)
    registered = rng.integers(60, 4000, 300)
    abstained = rng.integers(5, registered - 20)
    counts = counts_of(registered, abstained, rng.integers(5, registered - abstained - 5))
    thinned = thin(counts)
    assert thinned.stations <= counts.stations
    assert thinned.weight.sum() == pytest.approx(300)


def test_the_lattice_keeps_moments_to_the_third() -> None:
    counts, _ = election("qbl", 3000, size=220)
    thinned = thin(counts)
    assert thinned.stations < counts.stations
    moments = []
    for each in (counts, thinned):
        valid = each.registered - each.abstained
        inside = (each.abstained > 0) & (each.leading > 0) & (valid > each.leading)
        turnout = np.log(valid[inside] / each.abstained[inside])
        share = np.log(each.leading[inside] / (valid - each.leading)[inside])
        weight = each.weight[inside]
        moments.append([(weight * turnout**i * share**j).sum() for i in range(4) for j in range(4)])
    assert moments[1] == pytest.approx(moments[0], rel=1e-9, abs=1e-6)
