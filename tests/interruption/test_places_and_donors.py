"""Places as numbers, donors by the finest level, and the rules against the same rules written sheet by sheet."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.interruption.cases import Floats, donors, random_tree, tree
from veedor.interruption.projection.dirichlet import dirichlet_multinomial
from veedor.interruption.projection.donor_rules import nested, pooled, sheet, uniform
from veedor.interruption.projection.donors import Donors, concentration
from veedor.interruption.projection.draws import drawn

SEEDS = st.integers(0, 2**32)


def test_a_bare_name_is_not_a_place() -> None:
    places = tree("north/school", "south/school", "south/school")
    assert places.sizes == (1, 2, 2)
    assert places.codes[2].tolist() == [0, 1, 1]


@pytest.mark.slow
@given(seed=SEEDS, stations=st.integers(1, 40))
def test_places_nest(seed: int, stations: int) -> None:
    places = random_tree(np.random.default_rng(seed), stations)
    for outer, inner, size in zip(places.codes[:-1], places.codes[1:], places.sizes[1:], strict=True):
        pairs = {(int(one), int(other)) for one, other in zip(outer, inner, strict=True)}
        assert len(pairs) == len({other for _, other in pairs}) == size
        ordered = sorted(pairs, key=lambda pair: pair[1])
        assert [one for one, _ in ordered] == sorted(one for one, _ in ordered), "children of a place stand together"


def _by_hand() -> tuple[Donors, Floats]:
    """Precinct a/x/1 has two donors, a/x/2 none, a/y/1 one; b has none at all."""
    places = tree("a/x/1", "a/x/1", "a/x/1", "a/x/2", "a/y/1", "b/z/1")
    votes = np.array([[60.0, 20, 10], [20, 60, 10], [0, 0, 0], [0, 0, 0], [10, 80, 0], [0, 0, 0]])
    registered = np.array([100.0, 100, 200, 50, 100, 10])
    return donors(places, [True, True, False, False, True, False], votes, registered), votes


def test_the_finest_level_with_a_donor() -> None:
    found, _ = _by_hand()
    assert found.level.tolist() == [3, 2, 0]


def test_uniform_and_nested_means_by_hand() -> None:
    """Sheet 3 (200 voters): mean rate of a/x/1, (.4, .4, .1). Sheet 4 (50): the same, its town's only donors.

    Sheet 6 (10): uniform over all three donors; nested over towns x and y first, so y's sheet weighs a half.
    """
    found, _ = _by_hand()
    inside = 250 * np.array([0.4, 0.4, 0.1])
    rng = np.random.default_rng(1)
    draws = 40_000
    for rule, far in (
        (uniform, np.array([0.3, 1.6 / 3, 0.2 / 3])),
        (nested, 0.5 * np.array([0.4, 0.4, 0.1]) + 0.5 * np.array([0.1, 0.8, 0])),
    ):
        totals = rule(found, rng, draws)
        error = 4 * totals.std(axis=0) / np.sqrt(draws)
        assert (np.abs(totals.mean(axis=0) - inside - 10 * far) < error + 1e-9).all()


def test_sheets_of_one_uncounted_precinct_share_their_replacement() -> None:
    """Two missing sheets of a precinct without donors: the sheet method takes both from one precinct."""
    places = tree("a/1", "a/2", "a/3", "a/3")
    votes = np.array([[100.0, 0, 0], [0, 100, 0], [0, 0, 0], [0, 0, 0]])
    found = donors(places, [True, True, False, False], votes, np.full(4, 100.0))
    shared = sheet(found, np.random.default_rng(1), 500)
    assert set(shared[:, 0].tolist()) == {0.0, 200.0}
    apart = nested(found, np.random.default_rng(1), 500)
    assert np.count_nonzero(np.abs(apart[:, 0] - 100) < 50) > 150


def test_pooled_by_hand() -> None:
    found, votes = _by_hand()
    counted = [0, 1, 4]
    places = tree("a/x/1", "a/x/1", "a/x/1", "a/x/2", "a/y/1", "b/z/1")
    total = pooled(found, votes[counted], np.full(3, 100.0), tuple(codes[counted] for codes in places.codes))
    assert total.tolist() == pytest.approx([250 * 0.4 + 10 * 0.3, 250 * 0.4 + 10 * 1.6 / 3, 250 * 0.1 + 10 * 0.2 / 3])


@settings(max_examples=20)
@given(seed=SEEDS)
def test_uniform_has_the_pooled_mean_where_all_rolls_are_alike(seed: int) -> None:
    """With equal registered voters the mean over donors is the pooled rate: two rules, one expectation."""
    rng = np.random.default_rng(seed)
    places = random_tree(rng, 30)
    votes = rng.integers(0, 50, (30, 3)).astype(np.float64)
    counted = [True, True, *(rng.random(28) < 0.6).tolist()]
    found = donors(places, counted, votes, np.full(30, 200.0))
    usable = np.flatnonzero(counted)
    expected = pooled(found, votes[usable], np.full(len(usable), 200.0), tuple(c[usable] for c in places.codes))
    totals = uniform(found, rng, 4_000)
    assert (np.abs(totals.mean(axis=0) - expected) <= 5 * totals.std(axis=0) / np.sqrt(4_000) + 1e-9).all()


@pytest.mark.slow
def test_dirichlet_multinomial_against_drawing_every_sheet() -> None:
    """The sum's normal with exact moments, against Dirichlet and multinomial draws sheet by sheet."""
    rng = np.random.default_rng(2)
    stations = 60
    places = tree(*(f"a/{number % 6}" for number in range(stations)))
    counted = [number % 4 != 0 for number in range(stations)]
    own_shares = rng.dirichlet([20, 15, 5, 10], stations)
    votes = rng.multinomial(200, own_shares)[:, :3].astype(np.float64)
    found = donors(places, counted, votes, np.full(stations, 200.0))
    ours = dirichlet_multinomial(found, rng, 20_000)
    shares = np.column_stack([found.pooled, 1 - found.pooled.sum(axis=1)])[found.missing_places[-1]]
    draws = 20_000
    brute = np.zeros((draws, 3))
    for own in shares:
        brute += rng.multinomial(200, rng.dirichlet(own * found.concentration, draws))[:, :3]
    for group in range(3):
        spread = brute[:, group].std()
        assert ours[:, group].mean() == pytest.approx(brute[:, group].mean(), abs=5 * spread / np.sqrt(draws / 2))
        assert ours[:, group].std() == pytest.approx(spread, rel=0.04)
    assert np.cov(ours.T)[0, 1] == pytest.approx(np.cov(brute.T)[0, 1], rel=0.1)


@pytest.mark.parametrize("true", [10.0, 100.0, 1000.0])
def test_the_concentration_is_found_again(true: float) -> None:
    rng = np.random.default_rng(3)
    place = np.repeat(np.arange(400), 6)
    shares = rng.dirichlet([4, 3, 1, 2], 400)[place]
    votes = np.array([rng.multinomial(220, rng.dirichlet(own * true)) for own in shares])[:, :3].astype(np.float64)
    found = concentration(votes, np.full(len(place), 220.0), place)
    assert 1 / (1 + found) == pytest.approx(1 / (1 + true), rel=0.12, abs=3e-4)


def test_nobody_can_stand_for_anyone() -> None:
    """Counted sheets without registered voters are no donors."""
    found = donors(tree("a/1", "a/2"), [True, False], np.ones((2, 3)), np.array([0.0, 100.0]))
    assert found.level.tolist() == [-1]
    for rule in (uniform, nested, sheet, dirichlet_multinomial):
        assert np.abs(rule(found, np.random.default_rng(1), 5)).max() < 1e-3


def test_same_seed_same_numbers_and_a_tail_of_draws() -> None:
    found, _ = _by_hand()
    one = drawn(nested, found, draws=250, seed=7)
    assert one.shape == (250, 3)
    assert (drawn(nested, found, draws=250, seed=7) == one).all()
    assert (drawn(nested, found, draws=120, seed=7)[:100] == one[:100]).all()
    assert not (drawn(nested, found, draws=250, seed=8) == one).all()
