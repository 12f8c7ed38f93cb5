"""The placebo keeps what an honest election has: unanimous valleys stay so, and coincide as often as they do."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom

from tests.forensics.test_study import clean
from veedor.command import Command
from veedor.finding import Verdict
from veedor.forensics.findings import findings_of, verdict_of
from veedor.forensics.method import Measured
from veedor.forensics.methods.duplicates import duplicates
from veedor.forensics.methods.integers import integer_percentages
from veedor.forensics.placebo import fit, redraw
from veedor.forensics.stations import Stations
from veedor.forensics.study import _answer, _count_beyond, study


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


def _ranked(values: np.ndarray) -> float:
    """p_placebo of the last of the values, the others being the placebo's."""
    own, *others = (
        Measured(
            statistic=float(value), reference=None, se=None, p_value=0.5, looked_at=1, found=0, effect={}, picture={}
        )
        for value in values[::-1]
    )
    answer = _answer("second_digit", own, others)
    assert answer.p_placebo is not None
    return answer.p_placebo


@pytest.mark.slow
def test_ranks_among_placebos_keep_their_level() -> None:
    """2,000 times twenty draws of one law: a rank of at most 0.05 in 5 %, four binomial errors at most more or less.

    With the distance from the mean of the other nineteen it is 6.2 %, 2.4 such errors more.
    """
    rng = np.random.default_rng(11)
    for draws in (rng.normal(size=(2_000, 20)), rng.exponential(size=(2_000, 20))):
        share = np.mean([_ranked(each) <= 0.05 for each in draws])
        assert abs(share - 0.05) < 2 * (0.05 * 0.95 / 2_000) ** 0.5


def test_the_rank_of_each_of_twenty_values_is_another_twentieth() -> None:
    """One among equals: whichever of the values is the election's own, each rank comes once."""
    values = np.random.default_rng(3).normal(size=20)
    ranks = [_ranked(np.roll(values, shift)) for shift in range(20)]
    assert sorted(ranks) == [n / 20 for n in range(1, 21)]


def test_a_count_has_its_exact_p_where_clean_elections_all_give_the_same() -> None:
    """Given the sum of two Poisson counts, one has each with chance 1 / 20: six of six (1 / 20)^6, none of none 1."""
    assert _count_beyond(6.0, np.zeros(19)) == pytest.approx(0.05**6)
    assert _count_beyond(0.0, np.zeros(19)) == 1.0
    # Seven against 19 times 3: P(Bin(64, 1 / 20) >= 7), from scipy's binomial distribution.
    assert _count_beyond(7.0, np.full(19, 3.0)) == pytest.approx(binom.sf(6, 64, 0.05))


def test_copied_sheets_do_not_hold_where_clean_elections_have_no_equal_rows() -> None:
    stations = clean(5, stations=600, size=4000)
    stations.votes[10:16] = stations.votes[500:506]
    found = study(stations, ["repeated_rows", "last_digit", "second_digit"])
    answer = next(each for each in found.answers if each.method == "repeated_rows")
    assert answer.placebo_sd == 0.0
    assert verdict_of(answer) is Verdict.DOES_NOT_HOLD


def test_a_list_of_outliers_is_no_verdict_and_no_test() -> None:
    stations = clean(6, stations=600, size=200)
    stations.votes[::40, :2] = stations.votes[::40, 1::-1]
    found = study(stations, ["local_outliers", "second_digit"])
    listed = next(each for each in found.answers if each.method == "local_outliers")
    assert listed.measured is not None
    assert listed.measured.found > 0
    assert (listed.p_value, listed.p_bh, listed.p_placebo, listed.alarm_rate) == (None, None, None, None)
    assert found.tests == 1
    assert verdict_of(listed) is Verdict.UNDECIDED
    (said,) = (each for each in findings_of(found, Command(words=("x",))) if each.check == "local_outliers")
    assert "not a test" in said.summary.en
    assert said.uncertainty is None
    nothing = replace(listed, measured=replace(listed.measured, statistic=0.0))
    assert verdict_of(nothing) is Verdict.HOLDS


def test_whole_percentages_are_of_what_the_rule_takes_shares_of() -> None:
    """60.0 per cent of valid votes in every station, blank ballots beside them: an excess of valid votes only."""
    stations = clean(7, stations=800, size=3000)
    votes = stations.votes.copy()
    votes[:, 0] = votes[:, 0] // 3 * 3
    votes[:, 1], votes[:, 2] = votes[:, 0] * 2 // 3, 0
    of_valid, of_cast = (integer_percentages(replace(stations, votes=votes, of=of)) for of in ("valid", "cast"))
    assert of_valid is not None
    assert of_cast is not None
    assert of_valid.result.observed == of_valid.stations
    assert of_cast.result.observed < 0.3 * of_cast.stations
