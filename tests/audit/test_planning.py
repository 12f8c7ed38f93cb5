"""Planning with expected errors: against closed forms, the theory of random walks, and BRAVO's average sample."""

import json
from math import ceil, log, log1p
from pathlib import Path

import numpy as np
import pytest

from tests.audit.builders import contest, units
from tests.audit.town import veedor
from veedor.audit.assertions.statements import Statements
from veedor.audit.planning.ballot_sizes import best_growth, draws_at
from veedor.audit.planning.expected_errors import SHARE, Rates, rate_of, simulated_ballots, simulated_sheets
from veedor.audit.planning.overview import overview
from veedor.audit.statistics import bravo
from veedor.audit.statistics.ballot_values import comparison_null, comparison_values, expecting
from veedor.audit.statistics.martingale import Floats, stopping_times, wealth
from veedor.audit.statistics.sheet_comparison import UNIT, Bounds, bounds, weights
from veedor.audit.units import Units
from veedor.count.totals import Tally
from veedor.election import Plurality
from veedor.errors import VeedorError

LIMITS = (0.01, 0.05, 0.1)
NONE = Rates(sheets=0, ballots=0, one_over=0, two_over=0, one_under=0, two_under=0)
SHEETS = units()


def closest() -> tuple[Bounds, Floats]:
    bound = bounds(SHEETS, Statements(SHEETS.contest).pairwise("ana", "bea"), "registered")
    return bound, weights([bound]) / UNIT


def test_without_errors_the_simulation_is_the_closed_form() -> None:
    bound, weight = closest()
    sheets = simulated_sheets(bound, weight, NONE, LIMITS, 20, np.random.default_rng(1))
    ballots = simulated_ballots(0.04, 1.0, NONE, LIMITS, 20, np.random.default_rng(1))
    total = weight.sum()
    for place, limit in enumerate(LIMITS):
        # A share c of the largest bet grows by 1 + c / (1 - 1/U) - c for each sheet that does not differ.
        assert sheets[place].mean == ceil(-log(limit) / log1p(SHARE * (1 / (1 - 1 / total) - 1)))
        assert ballots[place].mean == ceil(-log(limit) / log1p(SHARE * (1 / (1 - 0.02) - 1)))
        assert sheets[place].confirmed == ballots[place].confirmed == 20


@pytest.mark.parametrize("rates", [Rates(sheets=0.05, ballots=3), Rates(sheets=0.2, ballots=2)])
def test_errors_of_sheets_cost_what_the_average_growth_says(rates: Rates) -> None:
    """Wald 1947: the mean number of draws is ln(1 / limit), and what the last step is too much, over the mean step."""
    bound, weight = closest()
    error = np.minimum(rates.ballots * 2 / (bound.margin / bound.scale), 1.0)
    x = 1 - error / weight
    mean = 1 - 1 / weight.sum()
    drawn = weight / weight.sum()
    wrong = np.log1p(SHARE * (x / mean - 1))
    step = rates.sheets * float(drawn @ wrong) + (1 - rates.sheets) * log1p(SHARE * (1 / mean - 1))
    found = simulated_sheets(bound, weight, rates, (0.001,), 1000, np.random.default_rng(2))[0]
    assert found.confirmed == 1000
    assert found.mean == pytest.approx(log(1000) / step, rel=0.05)


def test_errors_of_ballots_cost_what_the_average_growth_says() -> None:
    rates, margin = Rates(one_over=0.004, two_over=0.0, one_under=0.002, two_under=0.0005), 0.06
    shares = np.array([0.004, 0.0, 0.002, 0.0005])
    omega = np.array([0.5, 1.0, -0.5, -1.0, 0.0])
    x = comparison_values(omega, np.zeros(5), margin, 1.0)
    step = float(np.log1p(SHARE * (x / 0.5 - 1)) @ np.append(shares, 1 - shares.sum()))
    found = simulated_ballots(margin, 1.0, rates, (0.001,), 2000, np.random.default_rng(3))[0]
    assert found.mean == pytest.approx(log(1000) / step, rel=0.04)


def test_more_errors_never_cost_less() -> None:
    bound, weight = closest()
    means = [
        simulated_sheets(bound, weight, Rates(sheets=rate, ballots=3), (0.05,), 300, np.random.default_rng(4))[0].mean
        for rate in (0.0, 0.02, 0.1, 0.3)
    ]
    assert means == sorted(means)
    assert means[-1] > 1.05 * means[0]


def test_ballots_read_alone_take_about_the_average_sample_of_bravo() -> None:
    town = contest(Plurality(kind="plurality"), ("ana", "bea"))
    figures = np.array([[5300, 4300, 250, 150]], dtype=np.int64)
    sheet = Units(contest=town, ids=("s",), figures=figures, registered=np.array([12_000]), places=((),))
    tally: Tally = sheet.tally()
    growth = best_growth("ballot_polling", Statements(town).pairwise("ana", "bea"), sheet, tally, tally.cast)
    found = draws_at(growth, 0.05, tally.cast)
    assert found == pytest.approx(bravo.average_sample(0.53, 0.43, 0.05), rel=0.04)
    # One sheet says nothing about which ballot says what: its totals are as good as none, but for the bound.
    one_pool = best_growth("oneaudit", Statements(town).pairwise("ana", "bea"), sheet, tally, tally.cast)
    assert one_pool == pytest.approx(growth, rel=0.05)


@pytest.mark.slow
def test_optimal_bet_of_a_comparison_takes_the_draws_of_the_published_simulation() -> None:
    """SHANGRLA's optimal_comparison, error_rate_2 = 0.0001, margin 2 %, 100,000 cards: 90 % of audits within 438 draws.

    438 is what two one-vote overstatements take; the mean of 353 has a Monte-Carlo error of 7.3 (200 audits).
    """
    bet, null = expecting(0.02, 1.0, 1e-4), comparison_null(0.02, 1.0, 100_000)
    needed = []
    for wrong in range(3):
        omega = np.zeros((1, 600))
        omega[0, 50 : 50 + wrong] = 0.5
        x = comparison_values(omega, np.zeros_like(omega), 0.02, 1.0)
        needed.append(int(stopping_times(wealth(x, null, bet), 0.05)[0]))
    assert needed == [301, 370, 438]
    chance = np.random.default_rng(5).random((4000, 2500))
    omega = np.where(chance < 1e-4, 1.0, np.where(chance < 1.1e-3, 0.5, 0.0))
    times = stopping_times(wealth(comparison_values(omega, np.zeros_like(omega), 0.02, 1.0), null, bet), 0.05)
    assert (times > 0).all()
    error_of_200 = float(times.std()) / np.sqrt(200)
    assert abs(float(times.mean()) - 353) < 2 * error_of_200


@pytest.mark.parametrize(("text", "rate"), [("0.1 %", 0.001), ("0.001", 0.001), ("0", 0.0), ("1/8", 0.125)])
def test_rates_as_people_write_them(text: str, rate: float) -> None:
    assert rate_of(text) == rate


@pytest.mark.parametrize("text", ["", "few", "1/0", "%"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(VeedorError, match="not a rate of errors"):
        rate_of(text)


def test_rates_beyond_all_ballots_are_refused() -> None:
    with pytest.raises(VeedorError, match="add up to 1 at most"):
        Rates(one_over=0.7, two_over=0.4)
    with pytest.raises(VeedorError, match="between 0 and 1"):
        Rates(sheets=-0.1)


@pytest.mark.slow
def test_errors_that_no_sample_survives_are_said_so() -> None:
    """Where every sheet overstates by far more than the margin allows, no audit confirms, and no mean is given."""
    expected = overview(SHEETS, "registered", 0.05, rates=Rates(sheets=1.0, ballots=200)).expected_errors
    assert expected is not None
    assert all(row.sheets.confirmed == 0 and row.sheets.mean is None for row in expected.rows)


@pytest.mark.slow
def test_the_table_follows_the_rates_given(town: Path) -> None:
    usual = veedor("audit", "plan", town, "--json")
    more = veedor("audit", "plan", town, "--json", "--sheets-overstated", "20 %", "--by-ballots", "3")
    first, second = (json.loads(one.output)["expected_errors"] for one in (usual, more))
    assert first["rates"]["sheets"] == 0.01
    assert second["rates"] == {**first["rates"], "sheets": 0.2, "ballots": 3}
    assert all(b["sheets"]["mean"] >= a["sheets"]["mean"] for a, b in zip(first["rows"], second["rows"], strict=True))
    assert veedor("audit", "plan", town, "--json").output == usual.output
    shown = veedor("audit", "plan", town)
    assert "With errors: 1 % of sheets overstate by 2 ballots" in " ".join(shown.output.split())
    assert veedor("audit", "plan", town, "--one-vote-over", "200 %").exit_code == 2
