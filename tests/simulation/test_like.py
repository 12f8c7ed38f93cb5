"""An election like a given one: drawn from a kind whose dials are known, it has that kind's variances and slopes."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from veedor.cli import application
from veedor.errors import VeedorError
from veedor.simulation import KINDS, Kind, draw_kind, simulate, write_simulated
from veedor.simulation.kinds.like import Given, _slopes_drawn, kind_like, slopes_of


def _given(name: str, seed: int, stations: int = 2_000) -> Given:
    drawn = draw_kind(stations, KINDS[name], seed)
    places = drawn.geography
    arrived = drawn.preliminary.arrived.astype(np.float64)
    return Given(
        codes=[places.places(level)[places.precinct] for level in range(len(places.levels))],
        votes=drawn.voters.votes[:, :-2],
        registered=drawn.voters.registered,
        time=(arrived - arrived.mean()) / arrived.std(),
        stop_after=KINDS[name].stop_after,
    )


@pytest.fixture(scope="module")
def remote() -> tuple[Given, Kind]:
    given = _given("remote-late", 3)
    return given, kind_like(given)


@pytest.mark.slow
def test_its_dials_are_those_of_the_kind_it_was_drawn_from(remote: tuple[Given, Kind]) -> None:
    """Concentrations 60, 40, 60 and 300 by level and sheet, of which the first rests on nine regions."""
    found = remote[1]
    assert found.regions == 9
    assert found.stations_per == pytest.approx((45, 6.5), rel=0.05)
    assert found.shares[0] == pytest.approx(0.47, abs=0.04)
    assert found.concentration[1:] == pytest.approx((40, 60), rel=0.4)
    assert found.sheet_concentration == pytest.approx(300, rel=0.3)
    assert found.turnout == pytest.approx(0.8, abs=0.02)
    assert found.rolls is None


@pytest.mark.slow
def test_its_slopes_are_met(remote: tuple[Given, Kind]) -> None:
    """Of 20 elections on average, whose slopes scatter by 4 points: two standard errors of the mean."""
    given, found = remote
    wanted = slopes_of(given.votes, given.time, given.codes[1])
    drawn = [_slopes_drawn(2_000, found, seed) for seed in range(101, 121)]
    assert np.mean([each.whole for each in drawn]) == pytest.approx(wanted.whole, abs=1.8)
    assert np.mean([each.within for each in drawn]) == pytest.approx(wanted.within, abs=1.5)


@pytest.mark.slow
def test_unequal_rolls_are_told(remote: tuple[Given, Kind]) -> None:
    """Pareto rolls of exponent 1.3, cut off at 2,000: far from equal."""
    found = kind_like(_given("unequal-rolls", 2, stations=600))
    assert found.rolls is not None
    assert 1 < found.rolls < 3


def test_too_few_sheets_are_refused() -> None:
    given = _given("any-order", 1, stations=100)
    short = Given(
        codes=[code[:99] for code in given.codes],
        votes=given.votes[:99],
        registered=given.registered[:99],
        time=given.time[:99],
        stop_after=0.8,
    )
    with pytest.raises(VeedorError, match="needs 100 sheets to be like, and there are 99"):
        kind_like(short)


@pytest.mark.slow
def test_the_commands_simulate_like_and_check_like(tmp_path: Path) -> None:
    folder = write_simulated(simulate(300, "clean", 4, kind="remote-late", clock=True), tmp_path / "land")
    runner = CliRunner()
    made = runner.invoke(
        application("simulate"),
        ["simulate", "--stations", "200", "--like", str(folder), "--out", str(tmp_path / "other"), "--json"],
    )
    assert made.exit_code == 0, made.output
    assert json.loads(made.stdout)["kind"] == "like-another"
    both = ["--kind", "any-order", "--like", str(folder), "--out", str(tmp_path / "third"), "--stations", "200"]
    refused = runner.invoke(application("simulate"), ["simulate", *both])
    assert isinstance(refused.exception, VeedorError)
    assert "give one of them" in str(refused.exception)
    checked = runner.invoke(
        application("interruption"), ["interruption", str(folder), "--draws", "50", "--like", "4", "--json"]
    )
    assert checked.exit_code == 0, checked.output
    like = json.loads(checked.stdout)["like"]
    assert (like["elections"], like["sheets"]) == (4, 300)
    assert 0 <= like["inside"]["0.5"] <= like["inside"]["0.8"] <= like["inside"]["0.95"] <= 1
    assert like["dials"]["regions"] == 9
