"""Local outliers: the tail against its own sum, the level on clean elections, power on planted sheets."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import betaln, gammaln, logsumexp

from tests.forensics.elections import of
from tests.parsed import parsed
from veedor.forensics.methods.outliers import local_outliers
from veedor.forensics.methods.siblings import tail
from veedor.forensics.outliers_report import outliers_effect, outliers_items, outliers_said
from veedor.forensics.placebo import fit, redraw
from veedor.forensics.stations import Floats, Ints, Stations


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


@pytest.mark.slow
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
    listed = set(found.listed.tolist())
    assert len(listed & set(changed.tolist())) >= 30
    touched = stations.places[0][changed]  # siblings of a changed sheet are compared with it
    assert sum(stations.places[0][row] not in touched for row in listed) <= 2


def with_turnout(seed: int, stations: int = 2000) -> Stations:
    """Rolls of 200 to 240 voters, places of five; turnout scatters around its place's with correlation 0.003."""
    rng = np.random.default_rng(seed)
    places = np.arange(stations) // 5
    rolls = rng.integers(200, 241, stations)
    mean = rng.beta(40, 10, places.max() + 1)[places]
    cast = rng.binomial(rolls, rng.beta(mean / 0.003, (1 - mean) / 0.003))
    share = rng.beta(20, 25, places.max() + 1)[places]
    votes = rng.binomial(cast, share)
    return of(rolls, np.stack([votes, cast - votes], axis=1), places=places)


def stuffed(stations: Stations, seed: int, sheets: int, part: float) -> tuple[Stations, Ints]:
    """A part of those who stayed at home, in so many stations of a turnout below 0.9, counted for the leader."""
    absent = stations.registered - stations.turned_out
    low = np.flatnonzero(stations.turned_out < 0.9 * stations.registered)
    rows = np.random.default_rng(seed).choice(low, sheets, replace=False)
    stations.votes[rows, 0] += np.floor(part * absent[rows]).astype(np.int64)
    return replace(stations, turned_out=stations.votes.sum(axis=1)), rows


@pytest.mark.slow
def test_two_comparisons_of_clean_elections_list_nothing_nineteen_times_in_twenty() -> None:
    found = [local_outliers(with_turnout(seed)) for seed in range(60)]
    assert all(each is not None and each.share and each.turnout for each in found)
    assert sum(len(each.listed) > 0 for each in found if each) <= 8  # P(Bin(60, 0.05) > 8) = 0.003


def test_stuffed_sheets_are_out_by_turnout_and_hardly_any_beyond_their_places() -> None:
    stations, rows = stuffed(with_turnout(5), 2, 60, 0.8)
    found = local_outliers(stations)
    assert found is not None
    assert found.turnout
    listed = set(found.listed.tolist())
    assert len(listed & set(rows.tolist())) >= 30
    assert sum(stations.places[0][row] not in stations.places[0][rows] for row in listed) <= 3
    assert found.turnout.out[found.listed].mean() > 0.9
    assert (found.sign[np.isin(found.listed, rows)] == 1).all()


def test_a_tenth_of_the_sheets_does_not_hide_itself() -> None:
    stations, rows = stuffed(with_turnout(6), 3, 200, 0.8)
    found = local_outliers(stations)
    assert found is not None
    assert np.isin(rows, found.listed).sum() >= 30
    assert np.isin(found.listed, rows).mean() >= 0.8


def test_the_scatter_planted_is_the_scatter_found() -> None:
    found = [local_outliers(with_turnout(seed)) for seed in range(20)]
    scatter = [each.turnout.scatter for each in found if each and each.turnout]
    assert np.mean(scatter) == pytest.approx(0.003, rel=0.1)  # beta(p k, q k): 1 / (k + 1), k = 1 / 0.003


def test_the_placebo_scatters_as_the_election_does() -> None:
    stations = with_turnout(7)
    fitted = fit(stations)
    assert 1 / fitted.turnout_precision == pytest.approx(0.003, rel=0.25)
    redrawn = local_outliers(redraw(stations, fitted, np.random.default_rng(1)))
    own = local_outliers(stations)
    assert own
    assert own.turnout
    assert redrawn
    assert redrawn.turnout
    assert redrawn.turnout.scatter == pytest.approx(own.turnout.scatter, rel=0.25)


def test_without_a_roll_the_share_alone_is_compared_and_it_is_said() -> None:
    stations, _ = stuffed(with_turnout(8), 2, 60, 0.8)
    without = replace(stations, registered=np.zeros_like(stations.registered))
    found = local_outliers(without)
    both = local_outliers(stations)
    assert found is not None
    assert both is not None
    assert both.share
    assert found.turnout is None
    assert found.p == pytest.approx(np.minimum(both.share.p, 1.0))  # not doubled: one comparison alone
    assert outliers_said(found).en.startswith("Only the leader's share is compared")
    assert outliers_effect(without, found)["dispersion_turnout"] is None


def test_a_row_says_which_of_the_two_is_out_with_what_was_expected() -> None:
    stations = with_turnout(9)
    stations.votes[10] = [0, stations.turned_out[10]]  # votes moved: turnout stays
    stations.votes[100, 1] += stations.registered[100] - stations.turned_out[100]  # everyone took part
    stations.votes[200] = [stations.registered[200], 0]  # both
    stations = replace(stations, turned_out=stations.votes.sum(axis=1))
    found = local_outliers(stations)
    assert found is not None
    items = {item["station"]: item for item in outliers_items(stations, found, 200)}
    assert items["10"]["out"] == "share"
    assert items["100"]["out"] == "turnout"
    assert items["200"]["out"] == "both"
    assert items["100"]["turned_out"] == items["100"]["registered"]
    siblings = [row for row in range(100, 105) if row != 100]
    turnout = stations.turned_out[siblings].sum() / stations.registered[siblings].sum()
    assert items["100"]["expected_turned_out"] == pytest.approx(turnout * stations.registered[100], rel=0.01)
    effect = parsed(outliers_effect(stations, found))
    assert effect["stations"] == effect["stations_share"] + effect["stations_turnout"] - effect["stations_both"]
    assert effect["votes"] > 0
    assert effect["ballots"] > 0
