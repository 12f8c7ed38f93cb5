"""Elections of other kinds: each is what its dials ask for, and is written and read as any other."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from veedor.election.read import read_election
from veedor.errors import VeedorError
from veedor.simulation import KINDS, Drawn, Kind, draw_kind, simulate, write_simulated
from veedor.simulation.drawing import NEVER
from veedor.simulation.types import Floats, Ints


def _slope(drawn: Drawn, group: Ints) -> float:
    """Points of the first choice's share from the first sheet to the last, within groups, by least squares."""
    votes = drawn.voters.votes[:, :-2]
    share = 100 * votes[:, 0] / np.maximum(votes.sum(axis=1), 1)
    order = np.argsort(np.argsort(drawn.preliminary.arrived, kind="stable")) / len(share)
    y, x = _centred(share, group), _centred(order, group)
    return float((x * y).sum() / (x * x).sum())


def _centred(values: Floats, group: Ints) -> Floats:
    return np.asarray(values - (np.bincount(group, values) / np.maximum(np.bincount(group), 1))[group])


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_is_an_election_of_its_choices_that_stops_where_asked(name: str) -> None:
    kind = KINDS[name]
    drawn = draw_kind(600, kind, 3)
    assert drawn.voters.votes.shape == (600, len(kind.shares) + 2)
    assert (drawn.voters.votes.sum(axis=1) <= drawn.voters.registered).all()
    assert drawn.geography.levels == kind.levels
    before = drawn.preliminary.present(drawn.preliminary.calendar.before - 1)
    assert before.mean() == pytest.approx(kind.stop_after, abs=0.05)
    assert (drawn.official.published != NEVER).all()
    assert set(kind.about) == {"en", "es"}


def test_remote_places_late_move_the_share_as_in_bolivia_2019() -> None:
    # Slopes of the leader's share over the whole count there: 12.6 points raw, 5.3 within towns, 0.6 within precincts.
    drawn = [draw_kind(2_000, KINDS["remote-late"], seed) for seed in range(1, 13)]
    whole = [_slope(each, np.zeros(2_000, dtype=np.int64)) for each in drawn]
    towns = [_slope(each, each.geography.places(1)[each.geography.precinct]) for each in drawn]
    precincts = [_slope(each, each.geography.precinct) for each in drawn]
    assert np.mean(whole) == pytest.approx(12.6, abs=3)
    assert np.mean(towns) == pytest.approx(6.5, abs=2.5)
    assert np.mean(precincts) == pytest.approx(0.0, abs=0.7)


def test_the_same_seed_gives_the_same_votes_and_another_kind_others() -> None:
    one, again = (draw_kind(300, KINDS["strongholds"], 5).voters.votes for _ in range(2))
    assert (one == again).all()
    assert not np.array_equal(one, draw_kind(300, KINDS["places-late"], 5).voters.votes)


def test_rolls_are_as_unequal_as_asked() -> None:
    equal = draw_kind(1_000, KINDS["any-order"], 1).voters.registered
    unequal = draw_kind(1_000, KINDS["unequal-rolls"], 1).voters.registered
    assert equal.max() < 1.5 * equal.min()
    assert unequal.max() > 10 * unequal.min()


def test_sheets_of_a_precinct_differ_more_where_asked() -> None:
    spread = {}
    for name in ("any-order", "overdispersed"):
        drawn = draw_kind(2_000, KINDS[name], 2)
        votes = drawn.voters.votes[:, :-2]
        share = _centred(votes[:, 0] / votes.sum(axis=1), drawn.geography.precinct)
        spread[name] = share.std()
    assert spread["overdispersed"] > 1.7 * spread["any-order"]


def test_an_unknown_kind_is_named_with_those_there_are() -> None:
    with pytest.raises(VeedorError, match=r"no kind 'odd'; there are any-order, places-late"):
        simulate(100, "clean", 1, kind="odd")


def test_a_kind_says_which_dial_is_wrong() -> None:
    with pytest.raises(VeedorError, match="concentration needs one number for each of 2 levels"):
        Kind(about={}, stations_per=(6.5,))
    with pytest.raises(VeedorError, match="2 to 12 shares that add up to 1"):
        Kind(about={}, shares=(0.5, 0.4))


@pytest.mark.slow
def test_it_is_written_and_read_with_the_clock_of_every_sheet(tmp_path: Path) -> None:
    simulated = simulate(200, "clean", 4, kind="many-parties", clock=True)
    folder = write_simulated(simulated, tmp_path / "land")
    election = read_election(str(folder))
    assert election.id == "simulated-many-parties-clean-200-4"
    assert len(election.contests[0].choices) == 12
    assert election.level_ids == ("region", "municipality", "precinct")
    clock = pl.read_csv(folder / election.clocks[0].of_sheets[0].file, infer_schema=False)
    last = pl.read_csv(max(folder.glob("preliminary-*.csv")), infer_schema=False)
    both = last.join(clock, on="station")
    assert both.height == last.height
    assert (both["arrived"].str.head(19) == both["time"]).all()
