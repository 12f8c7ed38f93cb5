"""Estimates of real nights by command, against values computed apart from veedor (tests/vectors/quickcount)."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from tests.quickcount.elections import COAHUILA_2017, ESTADO_DE_MEXICO_2017, MEXICO_2012, mexico_2018, mexico_2018_final
from tests.vectors import vectors_of
from veedor.cli import application

CELLS = '[post_strata]\ncolumns = ["estrato", "tipo_seccion"]\n'
ARRIVED, NOT_ARRIVED = "where = { status = 1 }", "where = { status = 0 }"
AS_TAKEN = ("--single", "zero")
GIVEN = (*AS_TAKEN, "--cells", "given")

CASES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "mexico-2018-2230": (mexico_2018("mexico-2018-received-2230.csv"), AS_TAKEN),
    "mexico-2018-0000": (mexico_2018("mexico-2018-received-0000.txt"), AS_TAKEN),
    "mexico-2018-2200-empty-stratum-left-out": (mexico_2018("mexico-2018-received-2200.txt"), AS_TAKEN),
    "mexico-2018-whole-sample": (mexico_2018_final(), AS_TAKEN),
    "mexico-2018-arrived": (mexico_2018_final(ARRIVED), AS_TAKEN),
    "mexico-2018-not-arrived": (mexico_2018_final(NOT_ARRIVED), GIVEN),
    "mexico-2018-arrived-poststratified": (mexico_2018_final(ARRIVED, CELLS), GIVEN),
    "mexico-2012": (MEXICO_2012, ()),
    "coahuila-2017": (COAHUILA_2017, AS_TAKEN),
    "estado-de-mexico-2017-pooled": (ESTADO_DE_MEXICO_2017, ()),
}
"""Each case's definition and options."""

NAMES = {"NULOS": "null", "Del Mazo (PRI and its coalition)": "Del-Mazo"}


@pytest.fixture(scope="module")
def night(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files of the quick counts; arrivals.parquet has what the stations of 2018 said in the end."""
    source = shared / "data/quickcount"
    if not source.is_dir():
        pytest.skip(f"needs the samples of quick counts in {source}, which is not there")
    folder = tmp_path_factory.mktemp("night")
    for path in source.glob("*.*"):
        shutil.copyfile(path, folder / path.name)
    key = pl.col("CLAVE_CASILLA")
    numbers = [key.str.slice(0, 2), key.str.slice(2, 4), key.str.slice(7, 2), key.str.slice(9, 2)]
    state, section, number, extra = (part.cast(pl.Int64) for part in numbers)
    station = pl.format("{}-{}-{}-{}-{}", state, section, number, key.str.slice(6, 1), extra).alias("station")
    arrivals = pl.read_parquet(source / "mexico-2018-arrivals-final.parquet").with_columns(station)
    arrivals.write_parquet(folder / "arrivals.parquet")
    return folder


def estimated(folder: Path, definition: str, *options: str) -> Any:
    """What the command prints."""
    (folder / "quickcount.toml").write_text(definition, encoding="utf-8")
    ran = CliRunner().invoke(application("quickcount"), ["quickcount", "estimate", str(folder), "--json", *options])
    assert ran.exit_code == 0, ran.exception
    return json.loads(ran.stdout)


def case(name: str) -> Any:
    return next(one for one in vectors_of("quickcount/reproduced")["cases"] if one["id"] == name)


def in_per_cent(found: Any) -> dict[str, tuple[float, float]]:
    """Share and linear error of each choice, and of each difference by `A - B`."""
    shares = {one["choice"]: (100 * one["share"], 100 * one["se_linear"]) for one in found["estimates"]}
    return shares | {
        f"{one['first']} - {one['second']}": (100 * one["share"], 100 * one["se"]) for one in found["differences"]
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_shares_and_errors_are_those_computed_apart(night: Path, name: str) -> None:
    definition, options = CASES[name]
    wanted, found = case(name), estimated(night, definition, *options)
    assert found["received"] == wanted.get("sheets", 6286)  # those that arrived
    assert found["strata"]["received"] == wanted.get("strata_received", found["strata"]["received"])
    shown = in_per_cent(found)
    for choice, figures in wanted.get("estimates", {}).items() if "collapsed" not in wanted else ():
        assert shown[NAMES.get(choice, choice)] == pytest.approx(figures, abs=0.005), choice
    for choice, share in (wanted.get("estimates_without_error", {}) | wanted.get("collapsed", {})).items():
        assert shown[NAMES.get(choice, choice)][0] == pytest.approx(share, abs=0.005), choice
    turnout = wanted.get("turnout_votes_over_nominal_list_of_received")
    assert turnout is None or 100 * found["turnout"]["share"] == pytest.approx(turnout, abs=0.005)


def test_every_case_has_its_definition() -> None:
    assert {one["id"] for one in vectors_of("quickcount/reproduced")["cases"]} == CASES.keys()


@pytest.mark.slow
def test_the_night_of_2018_carries_its_allowance_and_tipping_point(night: Path) -> None:
    """Interval with late shift 15.07 to 16.84, tipping point -64, worst case at equal turnout 36.0 to 68.5."""
    found = estimated(night, *_joined("mexico-2018-2230"))
    meade = next(one for one in found["estimates"] if one["choice"] == "JAMK")
    assert [round(100 * limit, 2) for limit in meade["shift"]] == [15.07, 16.84]
    leader = found["estimates"][0]
    half = (leader["sampling"][1] - leader["sampling"][0]) / 2
    low, high = leader["bound_equal_turnout"]
    assert [round(100 * (low + half), 1), round(100 * (high - half), 1)] == [36.0, 68.5]
    first = next(one for one in found["differences"] if (one["first"], one["second"]) == ("AMLO", "RAC"))
    assert round(100 * first["tipping_point"]) == -64
    assert found["missing_share"] == pytest.approx(0.325, abs=0.0005)


@pytest.mark.slow
def test_coahuila_is_undecided(night: Path) -> None:
    """With 2 points PAN 35.69 to 39.65 and PRI 34.89 to 38.91, which hold both finals; tipping point -0.92."""
    found = estimated(night, *_joined("coahuila-2017"), "--shift", "2")
    shown = {one["choice"]: [100 * limit for limit in one["shift"]] for one in found["estimates"]}
    assert shown["PAN"] == pytest.approx([35.69, 39.65], abs=0.011)
    assert shown["PRI"] == pytest.approx([34.89, 38.91], abs=0.011)
    gap = found["differences"][0]
    assert (gap["first"], gap["second"]) == ("PAN", "PRI")
    assert 100 * gap["tipping_point"] == pytest.approx(-0.92, abs=0.006)
    assert gap["shift"][0] < 0 < gap["shift"][1]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mexico-2018-2230", "mexico-2018-0000", "mexico-2018-2200-empty-stratum-left-out"])
def test_the_bootstrap_agrees_with_the_linear_error(night: Path, name: str) -> None:
    """Each choice that has more than a hundredth of the votes; the published limits are 0.93 and 1.07."""
    found = estimated(night, *_joined(name))
    ratios = [one["se_bootstrap"] / one["se_linear"] for one in found["estimates"] if one["share"] > 0.01]
    assert ratios == pytest.approx([1.0] * len(ratios), abs=0.07)
    assert found["method"]["errors_agree"]


@pytest.mark.slow
def test_estado_de_mexico_has_the_errors_of_its_districts(night: Path) -> None:
    """Errors over 45 local districts with the finite correction of 1,347 in 18,605: 0.212, 0.185, 0.160, 0.141."""
    found = in_per_cent(estimated(night, ESTADO_DE_MEXICO_2017))
    errors = [found[name][1] for name in ("Del-Mazo", "MORENA", "PRD", "PAN", "TERESA_CASTELL", "PT", "null")]
    assert errors == pytest.approx([0.212, 0.185, 0.160, 0.141, 0.027, 0.020, 0.114], abs=0.0005)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "first", "second", "verdict"),
    [
        ("mexico-2018-2200-empty-stratum-left-out", "AMLO", "RAC", "holds"),
        ("mexico-2018-2230", "AMLO", "RAC", "holds"),
        ("mexico-2018-2230", "JAMK", "JHRC", "holds"),
        ("coahuila-2017", "PAN", "PRI", "undecided"),
    ],
)
def test_what_the_rule_would_have_said(night: Path, name: str, first: str, second: str, verdict: str) -> None:
    """As it ended: the leader of 2018 led by 31 points; in Coahuila the order turned round."""
    rule = f'[release]\nreceived = 0\ntakes = 1\n[[release.leads]]\nfirst = "{first}"\nsecond = "{second}"\n'
    (night / "quickcount.toml").write_text(CASES[name][0] + rule, encoding="utf-8")
    ran = CliRunner().invoke(application("quickcount"), ["quickcount", "release", str(night), "--json"])
    assert json.loads(ran.stdout)["sentences"][0]["verdict"] == verdict


def _joined(name: str) -> tuple[str, ...]:
    definition, options = CASES[name]
    return definition, *options
