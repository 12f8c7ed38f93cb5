"""Fixed effects, placebos, jumps and slopes against the same regressions with every dummy written out."""

from itertools import combinations, permutations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from tests.interruption.cases import Floats
from veedor.interruption.places import places_of
from veedor.interruption.regression.discontinuity import jump_at, jumps, ordered
from veedor.interruption.regression.shuffles import shuffled
from veedor.interruption.regression.trend import slopes
from veedor.interruption.regression.within import late_effects

SEEDS = st.integers(0, 2**32)


def _dummies(place: np.ndarray) -> Floats:
    return np.asarray(place[:, None] == np.unique(place), dtype=np.float64)


def _by_dummies(columns: Floats, y: Floats, weight: Floats, place: np.ndarray) -> tuple[Floats, Floats, Floats]:
    """Slopes, residuals and the bread of weighted least squares with an intercept for each place, by numpy's lstsq."""
    design = np.column_stack([columns, _dummies(place)])
    root = np.sqrt(weight)[:, None]
    slope = np.linalg.lstsq(design * root, y * root[:, 0], rcond=None)[0]
    bread = np.linalg.pinv((design * weight[:, None]).T @ design)
    return np.asarray(slope), np.asarray(y - design @ slope), np.asarray(bread)


def _data(seed: int, n: int = 60, places: int = 8) -> tuple[Floats, Floats, np.ndarray]:
    rng = np.random.default_rng(seed)
    place = np.concatenate([np.arange(places), rng.integers(0, places, n - places)])
    late = (rng.random(n) < 0.4).astype(np.float64)
    late[:2] = (0.0, 1.0)
    late[place == 0] = np.arange(np.count_nonzero(place == 0)) % 2
    return rng.normal(size=n) + 0.5 * late + place, late, place


@given(seed=SEEDS)
def test_fixed_effects_and_both_errors(seed: int) -> None:
    y, late, place = _data(seed)
    cluster = place // 2
    found = late_effects({"lead": y}, late, place, cluster, level="precinct")[0]
    if found.estimate is None:
        assert all(len(set(late[place == one])) == 1 for one in set(place.tolist()))
        return
    slope, residual, bread = _by_dummies(late[:, None], y, np.ones(len(y)), place)
    design = np.column_stack([late, _dummies(place)])
    n, k = len(y), np.linalg.matrix_rank(design)
    hc1 = bread @ (design.T * residual**2) @ design @ bread * n / (n - k)
    assert found.estimate == pytest.approx(slope[0])
    assert found.se == pytest.approx(np.sqrt(hc1[0, 0]))
    # Clustered: scores of the demeaned regressor added up within clusters (the intercepts nest in them).
    x = late - design[:, 1:] @ np.linalg.lstsq(design[:, 1:], late, rcond=None)[0]
    sums = np.array([np.sum((x * residual)[cluster == one]) for one in np.unique(cluster)])
    g = len(sums)
    expected = np.sqrt(g / (g - 1) * (n - 1) / (n - 2) * np.sum(sums**2)) / np.sum(x**2)
    assert found.se_clustered == pytest.approx(expected)
    assert (found.n, found.places) == (n, len(np.unique(place)))


def test_no_place_with_both_is_no_estimate() -> None:
    place = np.array([0, 0, 0, 1, 1, 1])
    late = (place == 1).astype(np.float64)
    found = late_effects({"lead": np.arange(6.0)}, late, place, place, level="precinct")[0]
    assert (found.estimate, found.se, found.se_clustered) == (None, None, None)


def test_the_permutation_variance_is_that_of_all_shuffles() -> None:
    """Two places of 4 and 3 sheets, 2 and 1 late: all 6 x 3 ways to deal, one by one."""
    y = np.array([1.0, 4.0, -2.0, 0.5, 3.0, 3.5, 9.0])
    place = np.array([0, 0, 0, 0, 1, 1, 1])
    late = np.array([1.0, 1, 0, 0, 1, 0, 0])
    estimates = []
    for first in combinations(range(4), 2):
        for second in range(4, 7):
            dealt = np.zeros(7)
            dealt[[*first, second]] = 1
            estimates.append(late_effects({"y": y}, dealt, place, place, level="x")[0].estimate or 0.0)
    found = shuffled({"y": y}, late, place, level="x", shuffles=4_000, rng=np.random.default_rng(1))[0]
    assert found.sd == pytest.approx(np.std(estimates))
    share = np.mean(np.abs(estimates) >= abs(estimates[0]) - 1e-9)
    assert found.p_shuffled == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / 4_000) + 1e-3)


def test_shuffled_alarms_are_those_of_the_regression_itself() -> None:
    """The sums by which a shuffle is fitted give the regression's own t: counted again, one shuffle at a time."""
    y, late, place = _data(5, n=200, places=30)
    rng = np.random.default_rng(2)
    found = shuffled({"y": y}, late, place, level="x", shuffles=300, rng=np.random.default_rng(3))[0]
    alarms = 0
    for _ in range(300):
        dealt = np.empty(len(y))
        for one in np.unique(place):
            dealt[place == one] = rng.permutation(late[place == one])
        fit = late_effects({"y": y}, dealt, place, place, level="x")[0]
        assert fit.estimate is not None
        assert fit.se is not None
        alarms += abs(fit.estimate) > 1.96 * fit.se
    assert found.false_alarms == pytest.approx(alarms / 300, abs=0.06)
    assert 0.01 < found.false_alarms < 0.12


@pytest.mark.slow
@settings(max_examples=60)
@given(seed=SEEDS)
def test_p_values_keep_their_level_where_nothing_happened(seed: int) -> None:
    y, late, place = _data(seed, n=120, places=20)
    found = shuffled({"y": y}, late, place, level="x", shuffles=200, rng=np.random.default_rng(1))[0]
    assert 0 <= found.p_value <= 1
    assert found.p_value == pytest.approx(found.p_shuffled, abs=0.15)


@pytest.mark.parametrize("within", [False, True])
@given(seed=SEEDS)
@settings(max_examples=25)
def test_the_jump_by_dummies(within: bool, seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 160
    position = np.sort(rng.uniform(0, 100, n))
    place = rng.integers(0, 6, n)
    y = rng.normal(size=n) + 0.1 * position + place + 3.0 * (position >= 50)
    found = jump_at(ordered(position, y, place), 50.0, 20.0, within=within)
    assert found is not None
    near = np.abs(position - 50) < 20
    x = position[near] - 50
    right = (x >= 0).astype(np.float64)
    columns = np.column_stack([right, x * right, x * (1 - right)])
    own = place[near] if within else np.zeros(near.sum(), dtype=int)
    weight = 1 - np.abs(x) / 20
    slope, residual, bread = _by_dummies(columns, y[near], weight, own)
    design = np.column_stack([columns, _dummies(own)])
    n_used, k = len(x), np.linalg.matrix_rank(design)
    spread = bread @ (design.T * (weight * residual) ** 2) @ design @ bread * n_used / (n_used - k)
    assert found[0] == pytest.approx(slope[0], rel=1e-6, abs=1e-8)
    assert found[1] == pytest.approx(np.sqrt(spread[0, 0]), rel=1e-6)
    assert found[2] == n_used


def test_the_raw_jump_against_rdrobust() -> None:
    """The conventional local-linear estimate of Calonico, Cattaneo and Titiunik's own program."""
    rdrobust = pytest.importorskip("rdrobust", reason="the cross-check needs the package rdrobust")
    rng = np.random.default_rng(8)
    position = np.sort(rng.uniform(0, 100, 4_000))
    y = rng.normal(size=4_000) + 0.05 * position + 2.0 * (position >= 60)
    found = jump_at(ordered(position, y, np.zeros(4_000, dtype=np.int64)), 60.0, 12.0, within=False)
    assert found is not None
    theirs = rdrobust.rdrobust(y, position, c=60.0, h=12.0, kernel="triangular", p=1, vce="hc1")
    assert found[0] == pytest.approx(float(theirs.coef.iloc[0, 0]), abs=1e-8)
    # Their HC1 counts observations on each side of the cut by itself.
    assert found[1] == pytest.approx(float(theirs.se.iloc[0, 0]), rel=0.01)


def test_too_few_sheets_on_a_side_is_no_estimate() -> None:
    sheets = ordered(np.linspace(0, 100, 50), np.zeros(50), np.zeros(50, dtype=np.int64))
    assert jump_at(sheets, 99.5, 5.0, within=False) is None


def test_placebo_cuts_stay_off_the_true_one() -> None:
    rng = np.random.default_rng(9)
    position = np.sort(rng.uniform(0, 100, 3_000))
    y = rng.normal(size=3_000) + 8.0 * (position >= 50)
    for jump in jumps("clock", ordered(position, y, np.zeros(3_000, dtype=np.int64)), 50.0):
        if jump.within:
            continue
        assert jump.estimate == pytest.approx(8.0, abs=4 * (jump.se or 0))
        assert jump.placebo_share is not None
        # True level 5 %, some 70 to 95 cuts that overlap: never near what the jump itself would give.
        assert jump.placebo_share < 0.2
        assert jump.placebo_rank == 0.0


@given(seed=SEEDS)
@settings(max_examples=25)
def test_slopes_by_dummies(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 80
    names = pl.DataFrame({"region": rng.integers(0, 3, n).astype(str), "town": rng.integers(0, 4, n).astype(str)})
    places = places_of(names, ["region", "town"])
    position = rng.uniform(0, 100, n)
    share = 0.2 * position + places.codes[2] + rng.normal(size=n)
    position[0], share[1] = np.nan, np.nan
    found = {slope.level: slope for slope in slopes("clock", places, position, share)}
    usable = np.arange(2, n)
    for level, codes in zip(places.levels, places.codes, strict=True):
        place = codes[usable]
        slope, residual, bread = _by_dummies(position[usable, None], share[usable], np.ones(n - 2), place)
        design = np.column_stack([position[usable], _dummies(place)])
        spread = bread @ (design.T * residual**2) @ design @ bread * (n - 2) / (n - 2 - design.shape[1])
        assert found[level].slope == pytest.approx(slope[0])
        assert found[level].se == pytest.approx(np.sqrt(spread[0, 0]))
        assert found[level].n == n - 2


def test_the_permutation_variance_of_a_slope_is_that_of_every_order() -> None:
    """Two places of three and four sheets: all 3! x 4! ways to shuffle them, one by one."""
    rng = np.random.default_rng(3)
    place = np.array([0, 0, 0, 1, 1, 1, 1])
    places = places_of(pl.DataFrame({"town": place.astype(str)}), ["town"])
    x, y = rng.uniform(0, 100, 7), rng.normal(50, 10, 7)
    found = slopes("clock", places, x, y)[1]
    inside = np.concatenate([x[:3] - x[:3].mean(), x[3:] - x[3:].mean()])
    every = [
        inside @ y[[*one, *(3 + np.array(other))]] / (inside @ inside)
        for one in permutations(range(3))
        for other in permutations(range(4))
    ]
    assert found.slope is not None
    assert found.p_value == pytest.approx(2 * norm.sf(abs(found.slope) / np.std(every)))


def test_trends_on_shuffled_sheets_reject_as_often_as_they_say() -> None:
    """2,000 shuffles of 400 sheets: 5 % within five binomial errors; and the p-value falls where there is a trend."""
    rng = np.random.default_rng(4)
    places = places_of(pl.DataFrame({"town": (np.arange(400) // 10).astype(str)}), ["town"])
    x = rng.uniform(0, 100, 400)
    y = rng.normal(50, 10, 400) + 20.0 * rng.normal(size=40)[places.codes[1]]
    flat = slopes("clock", places, x, y, shuffles=(2_000, 2_000), rng=rng)[1]
    assert flat.false_alarms == pytest.approx(0.05, abs=0.025)
    assert flat.p_value is not None
    assert flat.p_value > 0.01
    steep = slopes("clock", places, x, y + 0.1 * x)[1]
    assert steep.p_value is not None
    assert steep.p_value < 1e-4
