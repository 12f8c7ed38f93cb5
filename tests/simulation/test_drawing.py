"""What is true of every simulated election, whatever its size and seed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veedor.errors import VeedorError
from veedor.simulation import Drawn, Parameters, Scenario, draw
from veedor.simulation.drawing import NEVER
from veedor.simulation.geography import LEVELS
from veedor.simulation.parameters import MOST_STATIONS

SIZES = st.integers(100, 3000)
SEEDS = st.integers(0, 2**63)
SCENARIOS = st.sampled_from(Scenario)
ORDERS = st.sampled_from([Parameters(), Parameters(order="random"), Parameters(stop_after=None, snapshots=3)])


@pytest.mark.slow
@settings(max_examples=40)
@given(stations=SIZES, seed=SEEDS)
def test_geography_is_nested_and_every_place_has_a_station(stations: int, seed: int) -> None:
    geography = draw(stations, "clean", seed).geography
    assert geography.stations == stations
    path: list[tuple[str, ...]] = [()]
    for level in range(len(LEVELS)):
        above = geography.above[level]
        assert set(above) == set(range(len(path)))
        path = [(*path[parent], name) for parent, name in zip(above, geography.names[level], strict=True)]
        assert len(set(path)) == len(path), "two places of the same full path"
    assert set(geography.precinct) == set(range(len(path)))


@pytest.mark.slow
@settings(max_examples=40)
@given(stations=SIZES, seed=SEEDS, scenario=SCENARIOS, parameters=ORDERS)
def test_no_sheet_holds_more_ballots_than_voters(
    stations: int, seed: int, scenario: Scenario, parameters: Parameters
) -> None:
    if scenario is Scenario.LATE_ALTERATION and parameters.stop_after is None:
        return
    drawn = draw(stations, scenario, seed, parameters)
    registered = drawn.voters.registered
    assert (registered >= 1).all()
    assert (registered <= 240).all()
    for figures in (drawn.voters.votes, drawn.sheets, drawn.preliminary.typed, drawn.preliminary.corrected):
        assert (figures >= 0).all()
        assert (figures.sum(axis=1) <= registered).all()
    assert (drawn.official.typed >= 0).all()
    if scenario is not Scenario.TRANSCRIPTION_ERRORS:
        assert (drawn.official.typed.sum(axis=1) <= registered).all()


@pytest.mark.slow
@settings(max_examples=40)
@given(stations=SIZES, seed=SEEDS, parameters=ORDERS)
def test_what_happens_to_a_sheet_happens_in_order(stations: int, seed: int, parameters: Parameters) -> None:
    drawn = draw(stations, "clean", seed, parameters)
    for history in drawn.histories.values():
        times, last = history.calendar.times, len(history.calendar.times) - 1
        assert (np.diff(times) > 0).all()
        seen = history.published != NEVER
        assert (history.arrived[seen] <= times[history.published[seen]]).all()
        later = seen & (history.published > 0)
        assert (history.arrived[later] > times[history.published[later] - 1]).all()
        for before, after in (
            (history.published, history.corrected_at),
            (history.published, history.withdrawn_at),
            (history.withdrawn_at, history.returned_at),
        ):
            happened = after != NEVER
            assert (before[happened] != NEVER).all()
            assert (before[happened] < after[happened]).all()
            assert (after[happened] <= last).all()
        assert not ((history.corrected_at != NEVER) & (history.withdrawn_at != NEVER)).any()
    assert drawn.official.present(parameters.snapshots - 1).all()


@settings(max_examples=25)
@given(stations=SIZES, seed=SEEDS, scenario=SCENARIOS)
def test_a_scenario_is_the_clean_election_plus_its_faults(stations: int, seed: int, scenario: Scenario) -> None:
    clean, drawn = draw(stations, "clean", seed), draw(stations, scenario, seed)
    assert clean.geography.names == drawn.geography.names
    assert np.array_equal(clean.voters.votes, drawn.voters.votes)
    assert np.array_equal(clean.preliminary.arrived, drawn.preliminary.arrived)
    assert np.array_equal(clean.preliminary.published, drawn.preliminary.published)
    changed = np.flatnonzero((drawn.official.typed != clean.official.typed).any(axis=1))
    assert np.array_equal(changed, drawn.planted.station)
    assert np.array_equal((drawn.official.typed - clean.official.typed)[changed], drawn.planted.delta)


def test_sizes_are_unequal_as_in_real_countries() -> None:
    geography = draw(34_555, "clean", 1).geography
    precincts = np.bincount(geography.precinct)
    # Bolivia 2019 has 5,296 precincts of 34,555 stations; many hold a single station, a few hold many.
    assert 4_500 < len(precincts) < 6_500
    assert np.median(precincts) <= 5
    assert precincts.max() > 40
    regions = np.bincount(geography.places(0, geography.precinct))
    assert regions.max() > 2 * regions.min()


def test_shares_turnout_blank_and_null_are_those_asked_for() -> None:
    parameters = Parameters(shares=(0.5, 0.3, 0.2), turnout=0.7, blank=0.03, null=0.05)
    voters = draw(30_000, "clean", 5, parameters).voters
    totals = voters.votes.sum(axis=0)
    valid, cast = totals[:3].sum(), totals.sum()
    # Shares: three standard deviations of what draws by station leave. Turnout, blank, null: place effects leave more.
    assert totals[:3] / valid == pytest.approx([0.5, 0.3, 0.2], abs=0.002)
    assert cast / voters.registered.sum() == pytest.approx(0.7, abs=0.02)
    assert totals[3] / cast == pytest.approx(0.03, rel=0.1)
    assert totals[4] / cast == pytest.approx(0.05, rel=0.1)


def test_without_place_effects_every_place_votes_alike() -> None:
    """Residual spread between precincts is then that of multinomial draws and the small effect of stations."""

    def spread(parameters: Parameters) -> float:
        drawn = draw(3000, "clean", 2, parameters)
        votes = drawn.voters.votes
        leader = np.bincount(drawn.geography.precinct, weights=votes[:, 0])
        valid = np.bincount(drawn.geography.precinct, weights=votes[:, :-2].sum(axis=1))
        large = valid > 500
        return float((leader[large] / valid[large]).std())

    assert spread(Parameters(place_spread=0, urban_gradient=0)) < 0.025
    assert spread(Parameters()) > 0.08


def _bytes(drawn: Drawn) -> bytes:
    histories = drawn.histories.values()
    arrays = [drawn.voters.votes, *(part for h in histories for part in (h.arrived, h.published, h.typed))]
    return b"".join(array.tobytes() for array in arrays)


def test_the_seed_decides_everything() -> None:
    assert _bytes(draw(700, "switching", 9)) == _bytes(draw(700, "switching", 9))
    assert _bytes(draw(700, "switching", 9)) != _bytes(draw(700, "switching", 10))


@pytest.mark.parametrize("stations", [-1, 0, 99, MOST_STATIONS + 1])
def test_sizes_out_of_range_are_refused(stations: int) -> None:
    with pytest.raises(VeedorError, match="stations must lie between 100 and 1,200,000"):
        draw(stations, "clean", 1)


def test_an_unknown_scenario_is_refused_with_the_known_ones() -> None:
    with pytest.raises(VeedorError, match="no scenario 'stuffed'; there are clean, stuffing"):
        draw(100, "stuffed", 1)


def test_parameters_report_every_fault() -> None:
    with pytest.raises(VeedorError) as error:
        Parameters(shares=(0.5, 0.6), turnout=5, snapshots=1, blank=0.5, null=0.5)
    message = str(error.value)
    assert "shares must add up to 1" in message
    assert "turnout must lie between 0 and 1, got 5 (5 % is 0.05)" in message
    assert "snapshots must lie between 2 and 100" in message
    assert "leave something for valid votes" in message
