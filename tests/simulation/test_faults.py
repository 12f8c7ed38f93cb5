"""Each scenario's faults: where, how many votes, and nothing else."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veedor.errors import VeedorError
from veedor.simulation import Parameters, Scenario, draw
from veedor.simulation.drawing import NEVER
from veedor.simulation.faults import BENEFICIARY, VICTIM, mistyped
from veedor.simulation.voters import Voters

SHARES = st.sampled_from(["0.0025", "0.005", "0.01", "0.02"])
SEEDS = st.integers(0, 2**32)


def _wanted(share: str, valid: int) -> int:
    """That share of all valid votes, rounded down, exactly."""
    return int(Fraction(share) * valid)


@pytest.mark.slow
@settings(max_examples=30)
@given(seed=SEEDS, share=SHARES, scenario=st.sampled_from(["stuffing", "switching", "late_alteration"]))
def test_exactly_the_votes_asked_for_are_altered(seed: int, share: str, scenario: str) -> None:
    drawn = draw(1000, scenario, seed, Parameters(altered_votes=float(share)))
    delta, valid = drawn.planted.delta, int(drawn.voters.votes[:, :-2].sum())
    assert delta[:, BENEFICIARY].sum() == pytest.approx(_wanted(share, valid), abs=1)
    assert (delta[:, BENEFICIARY] > 0).all()
    others = np.delete(delta, [BENEFICIARY, VICTIM], axis=1)
    assert not others.any()
    if scenario == "stuffing":
        assert not delta[:, VICTIM].any()
    else:
        assert (delta[:, VICTIM] == -delta[:, BENEFICIARY]).all()


@pytest.mark.slow
@settings(max_examples=30)
@given(seed=SEEDS, share=SHARES)
def test_late_alteration_touches_only_sheets_published_after_the_stop(seed: int, share: str) -> None:
    drawn = draw(1000, "late_alteration", seed, Parameters(altered_votes=float(share)))
    history = drawn.preliminary
    assert (history.published[drawn.planted.station] >= history.calendar.before).all()


def test_both_counts_bear_what_is_on_paper() -> None:
    for scenario in ("stuffing", "switching", "late_alteration", "duplicated_sheets"):
        drawn = draw(2000, scenario, 4, Parameters(misread=0))
        assert drawn.planted.on_paper
        assert np.array_equal(drawn.preliminary.typed, drawn.official.typed)
        assert np.array_equal(drawn.sheets, drawn.official.typed)


def test_transcription_errors_are_the_official_counts_alone() -> None:
    drawn = draw(5000, "transcription_errors", 4, Parameters(misread=0, altered_stations=0.1))
    assert not drawn.planted.on_paper
    assert np.array_equal(drawn.sheets, drawn.voters.votes)
    assert np.array_equal(drawn.preliminary.typed, drawn.voters.votes)
    differ = (drawn.official.typed != drawn.voters.votes).any(axis=1)
    assert np.array_equal(np.flatnonzero(differ), drawn.planted.station)
    assert 350 < len(drawn.planted.station) < 550  # 500 expected, less those whose error changes nothing
    # Errors know no side: over many of them the lead hardly moves against what each of them is worth.
    delta = (drawn.planted.delta[:, 0] - drawn.planted.delta[:, 1]).astype(float)
    assert abs(delta.mean()) < 3.5 * delta.std() / np.sqrt(len(delta)) + abs(delta).mean() / 2
    assert (drawn.official.typed.sum(axis=1) > drawn.voters.registered).any(), "a digit too many shows somewhere"


def test_duplicated_sheets_bear_a_neighbours_figures() -> None:
    drawn = draw(5000, "duplicated_sheets", 4)
    station, source = drawn.planted.station, drawn.planted.source
    assert len(station) == 100  # 2 % of 5,000
    assert np.array_equal(drawn.sheets[station], drawn.voters.votes[source])
    assert np.array_equal(drawn.geography.precinct[station], drawn.geography.precinct[source])
    assert not set(station) & set(source), "no copy of a copy"


def test_typing_errors_are_of_the_kinds_named() -> None:
    """By hand: every error is one cell with another last digit, or with its last digit lost, or two cells swapped."""
    votes = draw(3000, "clean", 1).voters
    station, delta = mistyped(np.random.default_rng(0), votes, 0.5, bounded=True)
    for row, change in zip(votes.votes[station], delta, strict=True):
        cells = np.flatnonzero(change)
        if len(cells) == 1:
            before, after = int(row[cells[0]]), int((row + change)[cells[0]])
            assert after == before // 10 or after // 10 == before // 10
        else:
            one, other = cells
            assert (row + change)[one] == row[other]
            assert (row + change)[other] == row[one]
    assert not delta[:, -2:].any(), "blank and null are typed right"
    assert len(station) > 1000


def test_no_errors_at_rate_zero() -> None:
    voters = Voters(registered=np.array([10, 10]), votes=np.array([[1, 2, 0, 0], [3, 4, 1, 1]]))
    station, delta = mistyped(np.random.default_rng(0), voters, 0, bounded=False)
    assert len(station) == len(delta) == 0


def test_the_clean_election_has_nothing_planted() -> None:
    drawn = draw(1000, Scenario.CLEAN, 1)
    assert len(drawn.planted.station) == 0
    assert np.array_equal(drawn.official.typed, drawn.voters.votes)


def test_the_preliminary_count_misreads_and_misses_as_often_as_asked() -> None:
    drawn = draw(20_000, "clean", 6, Parameters(misread=0.1, missing=0.05, corrected=0.5, order="random"))
    history = drawn.preliminary
    missing = (history.published == NEVER).mean()
    assert missing == pytest.approx(0.05, abs=0.006)  # four standard deviations of a binomial of 20,000
    assert 0.06 < len(drawn.misread) / 20_000 < 0.1  # some errors change nothing and are none
    differ = (history.typed != drawn.sheets).any(axis=1)
    assert set(drawn.misread) == set(np.flatnonzero(differ))
    corrected = (history.corrected_at[drawn.misread] != NEVER).mean()
    assert 0.4 < corrected < 0.52  # errors of the last publication stay


def test_more_votes_than_there_are_cannot_be_altered() -> None:
    with pytest.raises(VeedorError, match=r"but only [0-9,]+ can be altered in this scenario; lower it"):
        draw(300, "late_alteration", 1, Parameters(altered_votes=0.5))


def test_nearly_all_votes_that_there_are_can_be_altered() -> None:
    drawn = draw(1000, "late_alteration", 1, Parameters(altered_votes=0.03, intensity=0.1))
    assert drawn.planted.delta[:, 0].sum() == int(Fraction("0.03") * int(drawn.voters.votes[:, :-2].sum()))


def test_late_alteration_needs_a_stop() -> None:
    with pytest.raises(VeedorError, match="late_alteration needs sheets published after a stop"):
        draw(300, "late_alteration", 1, Parameters(stop_after=None))
