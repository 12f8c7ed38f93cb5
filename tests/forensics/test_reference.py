"""Values from outside: tests/vectors/forensics/reference.json and the elections it was taken from."""

from pathlib import Path

import numpy as np
import pytest

from tests.forensics.real import stations_named
from tests.vectors import vectors_of
from veedor.forensics.klimek.published import first_maxima, published
from veedor.forensics.methods.association import association
from veedor.forensics.methods.digits import (
    SECOND_DIGIT,
    SECOND_MEAN,
    SECOND_SD,
    last_digit,
    second_digit,
    second_digits,
)
from veedor.forensics.methods.integers import Excess, integer_chance, integer_percentages, on_integer
from veedor.forensics.stations import Stations

REPOSITORY_EXCESS = {
    # dkobak/elections, montecarlo.pickle: (either, result, turnout) over 1,000 redraws; sd of one redraw
    2018: ((1708.84, 859.01, 1296.19), 116.5),
    2011: ((1003.48, 767.14, 449.33), 113.1),
}


@pytest.fixture(scope="module")
def bolivia(shared: Path) -> Stations:
    return stations_named(shared, "bolivia-2019")


def test_benford_to_twelve_digits() -> None:
    exact = vectors_of("forensics/reference")["benford"]
    assert pytest.approx([exact["second_digit"][str(d)] for d in range(10)], abs=1e-12) == SECOND_DIGIT.tolist()
    assert pytest.approx(exact["second_digit_mean"], abs=1e-12) == SECOND_MEAN
    assert pytest.approx(exact["second_digit_sd"], abs=1e-12) == SECOND_SD


def test_second_digits_are_those_of_the_written_number() -> None:
    numbers = [*range(10, 2500), 9_999_999, 10_000_000, 123_456_789_012]
    assert second_digits(np.array(numbers)).tolist() == [int(str(n)[1]) for n in numbers]


def test_bolivia_2019_digits(bolivia: Stations) -> None:
    wanted = vectors_of("forensics/reference")["bolivia_2019_final_digit_tests"]["MAS"]
    second, last = second_digit(bolivia.leading), last_digit(bolivia.leading, least=0)
    large = last_digit(bolivia.leading)
    assert second
    assert last
    assert large
    assert second.n == wanted["n2"]
    assert second.mean == pytest.approx(wanted["mean2"], abs=1e-9)
    assert second.chi2 == pytest.approx(wanted["chi2_2BL"], abs=1e-6)
    assert last.mean == pytest.approx(wanted["last_mean"], abs=1e-9)
    assert last.zero_five == pytest.approx(wanted["C05s"], abs=1e-9)
    assert second.se == pytest.approx(wanted["se2"], rel=1e-4)  # theirs divides by n, ours by n - 1
    assert last.chi2 == pytest.approx(wanted["last_chi2"], abs=1e-6)
    assert large.chi2 == pytest.approx(wanted["chi_last_ge100"], abs=1e-6)
    assert large.n == wanted["n_ge100"]
    assert large.mean == pytest.approx(wanted["last_mean_ge100"], abs=1e-9)


def test_bolivia_2019_turnout_and_share(bolivia: Stations) -> None:
    # computed on the same count by a program apart from veedor
    found = association(bolivia)
    assert found
    assert found.correlation == pytest.approx(0.043, abs=0.0005)
    assert (found.full, found.unanimous) == (280, 81)
    # the page's 16 are the unanimous stations with a turnout of 99 per cent or more; 13 have a turnout of exactly 1
    assert (found.both, found.nearly_both) == (13, 16)


@pytest.mark.slow
@pytest.mark.parametrize("year", [2018, 2011])
def test_russia_equals_the_authors_code_within_its_monte_carlo_error(shared: Path, year: int) -> None:
    found = integer_percentages(stations_named(shared, f"russia-{year}"))
    assert found
    wanted, sd = REPOSITORY_EXCESS[year]
    for mine, theirs in zip((found.either, found.result, found.turnout), wanted, strict=True):
        assert abs(mine.excess - theirs) < 4 * mine.sd / np.sqrt(1000), (mine, theirs)
    exact = vectors_of("forensics/reference")["kobak_integer_percentages"]
    row = exact["years"][str(year)]
    assert found.voters == pytest.approx(row["excess_voters_either"], rel=0.02)
    assert found.leader_votes == pytest.approx(row["excess_leader_ballots_either"], rel=0.02)
    if year == 2018:
        assert found.stations == exact["stations_2018"]
    assert isinstance(found.either, Excess)
    assert found.either.sd == pytest.approx(sd, rel=0.1)  # sd of 1,000 redraws has an error of 2.2 %


@pytest.mark.slow
def test_the_chance_of_an_integer_is_that_of_redraws() -> None:
    rng = np.random.default_rng(5)
    whole = rng.integers(100, 3000, 40)
    part = (whole * rng.uniform(0.02, 0.98, 40)).astype(np.int64)
    drawn = rng.binomial(whole, part / whole, (20_000, 40))
    share = on_integer(drawn, np.broadcast_to(whole, drawn.shape)).mean(axis=0)
    chance = integer_chance(part, whole)
    assert np.abs(share - chance).max() < 5 * np.sqrt(0.25 / 20_000)
    assert chance.sum() == pytest.approx(share.sum(), abs=5 * np.sqrt((chance * (1 - chance)).sum() / 20_000))


@pytest.mark.slow
def test_klimek_russia_2011_by_the_authors_procedure(shared: Path) -> None:
    """The first maxima are the published ones; the fractions lie near, and what is left of the difference is stated.

    Published: f_i 0.64, f_e 0.033, alpha 2.3, from simulated histograms on a grid. The expected histogram itself is
    nearest at 0.71, 0.038, 2.2 (squares) or 0.73, 0.044, 2.8 (the program's relative squares).
    """
    wanted = vectors_of("forensics/reference")["klimek_pnas"]["values"]["2011"]
    stations = stations_named(shared, "russia-2011")
    shape = first_maxima(stations)
    assert shape
    assert shape.nu == pytest.approx(wanted["nu"], abs=0.001)
    assert shape.tau == pytest.approx(wanted["tau"], abs=0.001)
    assert shape.spread_share == pytest.approx(wanted["sigma_nu"], abs=0.0005)
    assert shape.theta == pytest.approx(wanted["theta"], abs=0.0005)
    assert shape.spread_turnout == pytest.approx(wanted["sigma_tau"], abs=0.004)
    squared, relative = published(stations, shape), published(stations, shape, "relative")
    assert squared.f_i == pytest.approx(wanted["f_i"], abs=0.08)
    assert squared.f_e == pytest.approx(wanted["f_e"], abs=0.008)
    assert squared.shape.alpha < wanted["alpha"] < relative.shape.alpha
