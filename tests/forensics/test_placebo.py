"""The placebo keeps what an honest election has: unanimous valleys stay so, and coincide as often as they do."""

from dataclasses import replace

import numpy as np

from tests.forensics.test_study import clean
from veedor.forensics.methods.duplicates import duplicates
from veedor.forensics.placebo import fit, redraw
from veedor.forensics.stations import Stations


def with_unanimous_valley(seed: int) -> Stations:
    """600 stations in 120 precincts; the last 40 precincts lie in a valley that votes for one choice alone."""
    stations = clean(seed, stations=600, size=120)
    precincts = stations.places[0]
    valley = (precincts >= 80).astype(np.int64)
    votes, empty = stations.votes.copy(), stations.empty.copy()
    rows = valley == 1
    votes[rows] = 0
    votes[rows, 0] = stations.turned_out[rows]
    empty[rows] = 0
    return replace(stations, votes=votes, empty=empty, levels=("valley", "precinct"), places=(valley, precincts))


def test_a_unanimous_valley_stays_one() -> None:
    stations = with_unanimous_valley(1)
    fitted = fit(stations)
    valley = stations.places[0] == 1
    # A precinct alone has some 300 ballots: drawn towards the whole by 50 voters it would fall below 0.95.
    assert (fitted.shares[valley, 0] > 0.99).all()
    assert (fitted.shares[~valley, 0] < 0.9).all()


def test_equal_rows_of_a_unanimous_valley_are_met_by_the_placebo() -> None:
    stations = with_unanimous_valley(2)
    own = duplicates(stations)
    clean_elections = [redraw(stations, fit(stations), np.random.default_rng((7, draw))) for draw in range(10)]
    pairs = [found.pairs for each in clean_elections if (found := duplicates(each))]
    assert own
    assert own.pairs > 200
    assert 0.5 < np.mean(pairs) / own.pairs < 2


def test_shares_and_turnout_are_proportions_where_no_level_groups_stations() -> None:
    stations = replace(clean(3, stations=200), levels=(), places=())
    fitted = fit(stations)
    assert np.allclose(fitted.shares.sum(axis=1), 1)
    assert np.ptp(fitted.turnout) == 0
