"""Which stations are compared and listed, and with what p-value; and the comb of tenths of a per cent, by hand."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import false_discovery_control

from tests.forensics.test_outliers import clean, stuffed, summed, with_turnout
from veedor.forensics.methods.integers import integer_percentages, tenths
from veedor.forensics.methods.outliers import local_outliers
from veedor.forensics.methods.siblings import compare


def test_what_is_listed_has_a_false_discovery_rate_of_five_per_cent() -> None:
    """Benjamini and Hochberg's adjusted values by scipy: those of at most 0.05 are listed, those up to 0.1 are not."""
    stations, _ = stuffed(with_turnout(5), 2, 120, 0.55)
    found = local_outliers(stations)
    assert found is not None
    assert found.looked_at == len(stations.names)
    q = false_discovery_control(found.p)
    assert found.q == pytest.approx(q)
    assert ((q > 0.05) & (q <= 0.1)).any(), "nothing lies between the two rates, so nothing is shown"
    assert set(found.listed.tolist()) == set(np.flatnonzero(q <= 0.05).tolist())


def test_no_p_value_is_above_one() -> None:
    found = local_outliers(with_turnout(3))
    assert found is not None
    assert found.share is not None
    assert found.turnout is not None
    assert (2 * np.minimum(found.share.p, found.turnout.p) > 1).any(), "two tests of a middling station exceed one"
    assert found.p.max() == 1.0
    assert (found.p > 0).all()


@pytest.mark.parametrize("turned_out", [0, 241, 500], ids=["nobody", "one more than the roll", "twice the roll"])
def test_a_turnout_that_cannot_be_is_not_compared_with_the_others(turned_out: int) -> None:
    """A sheet that says so is a fault of the sheet, which another check finds; it is no turnout to judge others by."""
    stations = with_turnout(3)
    stations.registered[50] = 240
    odd = stations.turned_out.copy()
    odd[50] = turned_out
    found = local_outliers(replace(stations, turned_out=odd))
    assert found is not None
    assert found.turnout is not None
    assert found.share is not None
    assert np.isnan(found.turnout.z[50])
    assert found.turnout.p[50] == 1.0
    assert not np.isnan(found.share.z[50])
    # Its place's others are compared with each other, as if it were not there.
    others = [row for row in range(50, 55) if row != 50]
    apart = stations.turned_out[others[1:]].sum() / stations.registered[others[1:]].sum()
    assert found.turnout.expected[51] == pytest.approx(apart * stations.registered[51], rel=0.01)


def test_a_far_station_has_twice_the_tail_beyond_it() -> None:
    stations = clean(11, 300, 0.004)
    rows = np.arange(0, 400, 40)
    stations.votes[rows] = stations.votes[rows][:, ::-1]
    found = local_outliers(stations)
    side = compare(stations.leading, stations.valid, stations.finest)
    assert found is not None
    assert found.share is not None
    assert side is not None
    far = np.flatnonzero(np.abs(side.z) > 5)
    assert len(far) >= 3
    for at in far:
        alpha, beta = side.share[at] * side.precision[at], (1 - side.share[at]) * side.precision[at]
        wanted = 2 * summed(side.x[at], side.n[at], alpha, beta)
        assert found.share.p[side.rows[at]] == pytest.approx(wanted, rel=0.06)


@pytest.mark.parametrize(
    ("part", "whole", "tenth"),
    [(0, 7, 0), (1, 3, 333), (2, 3, 667), (1, 2, 500), (1, 16, 63), (1, 1000, 1), (1, 2001, 0), (999, 1000, 999)],
)  # fmt: skip
def test_a_station_is_in_the_bin_of_its_nearest_tenth_of_a_per_cent(part: int, whole: int, tenth: int) -> None:
    """1 of 16 is 6.25 %, half way between 6.2 and 6.3: such a half goes up."""
    comb = tenths(np.array([part]), np.array([whole]))
    assert comb.shape == (1001,)
    assert np.flatnonzero(comb).tolist() == [tenth]


def test_the_comb_of_turnout_and_of_the_result_counts_every_station_once() -> None:
    stations = with_turnout(4)
    found = integer_percentages(stations)
    assert found is not None
    assert found.comb.sum(axis=1).tolist() == [found.stations, found.stations]
    middles = np.arange(1001) / 10
    keep = (stations.turned_out <= 0.99 * stations.registered) & (stations.leading <= 0.99 * stations.cast)
    turnout = 100 * stations.turned_out[keep] / stations.registered[keep]
    result = 100 * stations.leading[keep] / stations.cast[keep]
    for comb, shares in zip(found.comb, (turnout, result), strict=True):
        assert (comb * middles).sum() / comb.sum() == pytest.approx(shares.mean(), abs=0.005)
