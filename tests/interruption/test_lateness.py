"""The lateness of places, and the forecast that uses it: against dense algebra, by hand, and by simulation."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.interruption.cases import Floats, random_tree, simulated_split, tree
from veedor.command import Command
from veedor.finding import Verdict
from veedor.interruption.clock.order import Order
from veedor.interruption.findings import findings_of
from veedor.interruption.outstanding.missing_sheets import hidden_places
from veedor.interruption.places import Places
from veedor.interruption.projection.covariates import sizes
from veedor.interruption.projection.lateness import learned
from veedor.interruption.projection.lateness.forecast import Forecast, forecast
from veedor.interruption.projection.lateness.passing import finest_order, passing
from veedor.interruption.projection.lateness.places import Lateness, lateness
from veedor.interruption.projection.lateness.tree import Components, Sheets, metric, missing_total
from veedor.interruption.projection.projection import hierarchies_of
from veedor.interruption.split import Split
from veedor.interruption.study import study
from veedor.sheets.dataset import open_dataset


def _order(*position: float, clock: str = "c") -> Order:
    return Order(clock=clock, position=np.array(position), cut=None)


def test_sheets_of_a_batch_lie_somewhere_within_it() -> None:
    """Eight sheets: two batches of two passed, one of unknown time, three missing. 5 of 8 are counted."""
    nan = float("nan")
    counted = np.array([True, True, True, True, True, False, False, False])
    found = passing(_order(10, 10, 30, 30, nan, nan, nan, nan), counted, ~counted)
    assert found.share == 0.625
    assert found.low[:5] == pytest.approx([0, 0, 0.3125, 0.3125, 0])
    assert found.high[:5] == pytest.approx([0.3125, 0.3125, 0.625, 0.625, 0.625])


def test_the_clock_that_tells_most_apart_is_used_if_it_has_nearly_all_sheets() -> None:
    nan = float("nan")
    fine, coarse, partial = (
        _order(1, 2, 3, 4, clock="fine"),
        _order(1, 1, 2, 2, clock="coarse"),
        _order(1, 2, 3, nan, clock="partial"),
    )
    every = np.ones(4, dtype=np.bool_)
    assert finest_order([coarse, fine, partial], every) is fine
    assert finest_order([coarse, partial], every) is coarse
    assert finest_order([partial], every) is None


def _known(places: Places, position: Floats, counted: np.ndarray) -> Lateness:
    return lateness(places, passing(Order(clock="c", position=position, cut=None), counted, ~counted))


def test_a_place_of_which_all_of_six_sheets_are_missing_is_later_than_one_of_which_one_of_one_is() -> None:
    rng = np.random.default_rng(3)
    paths = ["a/six"] * 6 + ["a/one"] + [f"a/{place}" for place in range(60) for _ in range(5)]
    places = tree(*paths)
    shift = rng.normal(0, 1, places.sizes[-1])[places.codes[-1]]
    time = shift + rng.normal(0, 0.7, len(paths))
    time[:7] = 9.0
    counted = np.argsort(np.argsort(time)) < 0.8 * len(time)
    found = _known(places, np.where(counted, time, np.nan), counted)
    whole = found.whole[places.codes[-1]]
    assert whole[0] > whole[6] > np.median(whole)
    # Places whose own times are known come out in their own order.
    sure = counted[7:].reshape(60, 5).all(axis=1)
    assert np.corrcoef(whole[7::5][sure], shift[7::5][sure])[0, 1] > 0.85


def test_lateness_adds_up_from_the_whole_to_the_sheet() -> None:
    """With every sheet counted, in an order of its own: sheets' times are normal quantiles, so are the sums."""
    rng = np.random.default_rng(5)
    places = random_tree(rng, 200)
    counted = np.arange(200) < 199
    found = _known(places, rng.permutation(200).astype(np.float64), counted)
    time = found.sheets + found.whole[places.codes[-1]]
    assert time[counted].std() == pytest.approx(1.0, abs=0.1)
    assert found.places.shape == (places.finest, places.sizes[-1])


def _dense(places: Places, at: np.ndarray, weights: Floats, parts: Components) -> Floats:
    """The covariance of the stations `at`, a nearly flat top included."""
    covariance = np.full((len(at), len(at)), 1e2) + np.diag(parts.noise / weights)
    for depth, spread in zip(range(places.finest, 0, -1), parts.spreads, strict=True):
        code = places.codes[depth][at]
        covariance += spread * (code[:, None] == code)
    return covariance


def test_products_and_totals_are_those_of_the_dense_covariance() -> None:
    rng = np.random.default_rng(8)
    places = random_tree(rng, 60)
    counted = rng.random(60) < 0.7
    counted[:3] = True
    registered = rng.integers(50, 400, 60).astype(np.float64)
    votes = rng.multinomial(registered.astype(np.int64), (0.4, 0.3, 0.3)).T.astype(np.float64)
    votes[0] = np.minimum(votes[0] * rng.uniform(0.5, 1.5, 60), registered)
    sheets = Sheets.of(places, counted, registered, votes)
    assert 0 < sheets.beyond < 1
    parts = Components(noise=0.02, spreads=(0.01, 0.005, 0.003))
    own = rng.normal(size=(4, 60))[:, counted]
    means = sheets.means(own)
    found = metric(places, sheets, own - means[:, sheets.place], means, parts)
    inverse = np.linalg.inv(_dense(places, sheets.at, sheets.weights, parts))
    assert found.products == pytest.approx(own @ inverse @ own.T, rel=1e-3, abs=1e-3)
    late = places.codes[-1][~counted]
    voters = np.bincount(late, registered[~counted], places.sizes[-1]).astype(np.float64)
    shares, variance = missing_total(found, voters, parts.noise * sheets.squares(late, registered[~counted]))
    weights = 1 / (sheets.beyond + (1 - sheets.beyond) * sheets.size / registered)
    assert weights[sheets.at] == pytest.approx(sheets.weights)
    everything = _dense(places, np.arange(60), weights, parts)
    gain = everything[np.ix_(~counted, counted)] @ inverse
    assert shares @ means.T == pytest.approx(registered[~counted] @ gain @ own.T, rel=1e-3)
    left = everything[np.ix_(~counted, ~counted)] - gain @ everything[np.ix_(counted, ~counted)]
    assert variance == pytest.approx(registered[~counted] @ left @ registered[~counted], rel=5e-3)


def test_what_of_sheets_variance_is_beyond_chance() -> None:
    """Sheets of one place: of binomial ones nothing; of those whose chance itself varies by 0.1, nearly all."""
    rng = np.random.default_rng(4)
    places = tree(*["a"] * 4_000)
    every, voters = np.ones(4_000, dtype=np.bool_), rng.integers(200, 2_000, 4_000)
    plain = rng.binomial(voters, 0.5).astype(np.float64)
    varied = rng.binomial(voters, rng.normal(0.5, 0.1, 4_000).clip(0, 1)).astype(np.float64)
    found = [
        Sheets.of(places, every, voters.astype(np.float64), np.stack([first, voters - first])).beyond
        for first in (plain, varied)
    ]
    assert found[0] < 0.05
    # Variance of the lead per voter: 4 * 0.1^2 beyond, 1 / 1,100 by chance: 0.978 of both.
    assert found[1] == pytest.approx(0.04 / (0.04 + 1 / 1_100), abs=0.01)


def _election(seed: int, slope: float) -> tuple[Places, np.ndarray, Floats, Floats, Floats]:
    """Places, counted, votes, registered, position: the leader's rate rises by `slope` for each unit of lateness."""
    rng = np.random.default_rng(seed)
    n = 900
    places = tree(*(f"{number % 6}/{number % 36}/{number % 180}" for number in range(n)))
    late = rng.normal(0, 1, places.sizes[-1])[places.codes[-1]]
    time = late + rng.normal(0, 0.5, n)
    effect = rng.normal(0, 0.05, places.sizes[-1])[places.codes[-1]]
    first = 0.4 + effect + slope * late + rng.normal(0, 0.02, n)
    votes = 200 * np.stack([first, 0.8 - first, np.full(n, 0.05)])
    counted = np.argsort(np.argsort(time)) < 0.8 * n
    return places, counted, votes, np.full(n, 200.0), np.where(counted, time, np.nan)


@pytest.mark.parametrize("slope", [0.0, 0.06])
def test_lateness_is_used_where_votes_go_with_it(slope: float) -> None:
    """Each of the 180 missing sheets (200 voters) has 2 * slope more lead for each unit that its place is late."""
    places, counted, votes, registered, position = _election(1, slope)
    found = forecast(
        places,
        counted=counted,
        missing=~counted,
        votes=votes,
        registered=registered,
        late=_known(places, position, counted),
        earlier=np.zeros((0, len(registered))),
    )
    held = float((votes[0] - votes[1])[~counted].sum())
    assert abs(held - found.lead) < 3 * found.calibrated_sd
    assert found.mean.sum() == pytest.approx(0.85 * 200 * (~counted).sum(), rel=0.01)
    if slope:
        assert found.tied_to_lateness > 0.95
        assert found.late_votes > 0.4 * 2 * slope * 1.2 * 200 * (~counted).sum()
    else:
        assert found.tied_to_lateness < 0.6
        assert abs(found.late_votes) < 2 * found.sd
    assert sum(found.scales) == pytest.approx(1.0)
    assert found.sd < found.calibrated_sd <= found.widest_sd
    # Where lateness adds less than MATTERS of a standard deviation nothing beyond the stop is supposed of it.
    assert (found.calibrated_sd < found.widest_sd) is (abs(found.late_votes) > learned.MATTERS[0] * found.sd)
    assert found.widest_reach >= 1.959964 * found.calibrated_sd * (1 - 1e-6)


def _told(late_votes: float, bend: float) -> Forecast:
    mean = np.array([1_000.0, 400.0, 100.0])
    return Forecast(mean=mean, sd=100.0, late_votes=late_votes, bend=bend, scales=(0.0, 0.0, 0.0, 1.0, 0.0))


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_bend_goes_on_beyond_the_stop_and_widens(sign: float) -> None:
    """200 votes for lateness and a bend of one standard error its way: 35 % more of them, and wider by 0.3 of 40 %."""
    plain, bent = _told(200.0 * sign, 0.0), _told(200.0 * sign, 1.0 * sign)
    assert plain.bent_on().lead == plain.lead == 600.0
    assert bent.bent_on().lead == pytest.approx(600.0 + sign * 0.35 * 200.0)
    assert bent.bent_on().mean.sum() == pytest.approx(1_500.0)
    assert bent.calibrated_sd == pytest.approx(1.12 * plain.calibrated_sd)
    # The other way, or where lateness adds next to nothing, a bend says nothing.
    for other in (_told(200.0 * sign, -2.0 * sign), _told(30.0 * sign, 3.0 * sign)):
        assert other.bent_on().lead == 600.0
        assert other.calibrated_sd == pytest.approx(np.hypot(1.02 * 100.0, 0.5 * other.late_votes))


def test_the_widest_interval_is_the_calibrated_one_where_lateness_is_no_matter() -> None:
    little, much = _told(30.0, 0.0), _told(200.0, 0.0)
    assert little.widest_reach == pytest.approx(1.959964 * little.calibrated_sd)
    assert much.widest_reach == pytest.approx(2.575829 * np.hypot(102.0, 300.0))


def test_exchanging_the_leaders_changes_signs_only() -> None:
    places, counted, votes, registered, position = _election(2, 0.05)
    late = _known(places, position, counted)
    one, other = (
        forecast(
            places,
            counted=counted,
            missing=~counted,
            votes=each,
            registered=registered,
            late=late,
            earlier=np.zeros((0, len(registered))),
        )
        for each in (votes, votes[[1, 0, 2]])
    )
    assert one.lead == pytest.approx(-other.lead)
    assert one.sd == pytest.approx(other.sd)
    assert one.late_votes == pytest.approx(-other.late_votes)
    assert one.bend == pytest.approx(-other.bend)


@pytest.mark.slow
def test_forecasts_hold_what_they_say_in_the_models_own_world() -> None:
    """120 elections, a third without any slope: 80 % intervals hold 80 % or more, at most four binomial errors less."""
    inside = []
    for seed in range(120):
        places, counted, votes, registered, position = _election(seed, (0.0, 0.03, 0.08)[seed % 3])
        found = forecast(
            places,
            counted=counted,
            missing=~counted,
            votes=votes,
            registered=registered,
            late=_known(places, position, counted),
            earlier=np.zeros((0, len(registered))),
        )
        inside.append(abs(float((votes[0] - votes[1])[~counted].sum()) - found.lead) <= 1.2816 * found.calibrated_sd)
    assert np.mean(inside) > 0.8 - 4 * (0.16 / 120) ** 0.5


def test_an_earlier_vote_takes_the_place_of_what_lateness_would_explain() -> None:
    """Where places answered alike before, the forecast is far surer with that vote than without it."""
    split = simulated_split(4)
    lead = (split.final[:, 0] - split.final[:, 1]) / np.maximum(split.registered, 1)
    finest = split.places.codes[-1]
    share = (np.bincount(finest, lead) / np.bincount(finest))[finest]
    plain, known = (
        hierarchy.forecast(split.counted, split.missing)
        for hierarchy in hierarchies_of(split, None, {"before": share}).values()
    )
    assert plain is not None
    assert known is not None
    assert known.sd < 0.6 * plain.sd


def test_a_country_of_one_place_and_sizes_of_one_level() -> None:
    places = Places(levels=("whole",), codes=(np.zeros(40, dtype=np.int64),), sizes=(1,))
    counted = np.arange(40) < 30
    votes = np.stack([np.full(40, 50.0), np.linspace(30, 40, 40), np.full(40, 5.0)])
    found = forecast(
        places,
        counted=counted,
        missing=~counted,
        votes=votes,
        registered=np.full(40, 100.0),
        late=lateness(places, passing(None, counted, ~counted)),
        earlier=np.zeros((0, 40)),
    )
    assert found.mean[0] == pytest.approx(500.0)
    assert len(sizes(places)) == 2


def test_intervals_are_wider_where_less_than_half_is_counted() -> None:
    found = Forecast(mean=np.array([9.0, 5.0, 1.0]), sd=100.0, late_votes=0.0, bend=0.0, scales=(1.0,), share=0.5)
    assert found.calibrated_sd == pytest.approx(102.0)
    # 0.75 of the lacking 0.2: 15 % more.
    assert replace(found, share=0.3).calibrated_sd == pytest.approx(102.0 * 1.15)
    assert replace(found, late_votes=-200.0).widest_sd == pytest.approx((102.0**2 + 300.0**2) ** 0.5)


def test_weights_of_the_strengths_are_shares() -> None:
    assert sum(learned.WEIGHTS) == pytest.approx(1.0)
    assert len(learned.WEIGHTS) == len(learned.SCALES)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["election-III-4", "election-IV-2"])
def test_honest_elections_with_remote_places_late_are_not_called_unexpected(name: str, shared: Path) -> None:
    """Two elections that another program made; nothing in them was altered."""
    folder = shared / "cases" / "statistics" / name
    if not folder.is_dir():
        pytest.skip(f"needs {folder}, which is not there")
    found = study(open_dataset(folder), draws=200, hidings=2)
    verdicts = {each.check: each.verdict for each in findings_of(found, Command(words=("x",)))}
    assert verdicts["lead_as_projected"] in (Verdict.HOLDS, Verdict.UNDECIDED)


def test_missing_sheets_of_places_without_a_counted_one_beside_counted_places() -> None:
    """Of the missing sheets two are of town a's place y, of which nothing was counted; town b has nothing counted."""
    split = simulated_split(3, stations=200)
    places = tree("a/x", "a/x", "a/x", "a/y", "a/y", "b/z")
    counted = np.array([True, True, False, False, False, False])
    held = {name: getattr(split, name) for name in split.__dataclass_fields__}
    assert hidden_places(Split(**{**held, "places": places, "counted": counted})) == pytest.approx(2 / 4)
    flat = tree(*["a"] * 6)
    assert hidden_places(Split(**{**held, "places": flat, "counted": counted})) == 0.0
