"""A mixture that was run beforehand, shown in a dossier: what is taken from its file, and what is refused."""

import json
import math
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.dossier.conftest import BOMB
from veedor.cli.report import make_dossier, verify
from veedor.count import tally
from veedor.dossier.derive.mixture import given_mixture
from veedor.dossier.input import Opened
from veedor.dossier.verify import verify_dossier
from veedor.errors import InputError, VeedorError

STATES = ("none", "incremental", "extreme")
AGREEING = {
    "rhat": 1.004,
    "ess_bulk_pi": 1203.0,
    "ess_tail_pi": 1100.5,
    "divergences": 0,
    "bfmi": 0.9,
    "pareto_k": 0.21,
}

OPTIONS = "--variant qbl --stations 200 --chains 4 --draws 400 --warmup 200 --seed 1"


def fractions(*means: float) -> dict[str, dict[str, float]]:
    named = zip(STATES, means, strict=True)
    return {state: {"mean": mean, "low": max(mean - 0.02, 0), "high": min(mean + 0.02, 1)} for state, mean in named}


def mixture(opened: Opened, **changed: Any) -> dict[str, Any]:
    """As `veedor mixture ELECTION --json` prints it, with more than a dossier takes."""
    return {
        "election": opened.election.id,
        "contest": opened.contest.id,
        "count": opened.count.id,
        "leader": leader(opened),
        "stations": 200,
        "method": "mixture",
        "variant": "qbl",
        "changed_model": BOMB,
        "asked": {"stations": 200, "covariates": []},
        "chains": 4,
        "warmup": 200,
        "draws": 400,
        "seed": 1,
        "versions": {"jax": "0.10.2"},
        "cpu_seconds": 238.2,
        "wall_seconds": 140.0,
        "prior_mean_none": 0.99,
        "trusted": True,
        "fractions": fractions(0.779, 0.185, 0.036),
        "diagnostics": {**AGREEING, "steps_mean": 9.0, "modes": [0.0, -3.0]},
        "posterior_check": {"replicates": 40, "not_reproduced": ["turnout_sd"]},
        "placebo": [],
        "verdict": "does_not_hold",
        "findings": [{"command": "rm -r .", "summary": BOMB}],
        **changed,
    }


def written(folder: Path, document: dict[str, Any]) -> Path:
    path = folder / "mixture.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def taken(opened: Opened, document: dict[str, Any]) -> Any:
    return given_mixture(json.dumps(document).encode(), "mixture.json", opened)


def leader(opened: Opened) -> str:
    votes = tally(opened.table(opened.count.id), opened.contest).votes
    return max(votes, key=lambda choice: votes[choice])


@pytest.fixture(scope="session")
def site(simulated: Path, opened: Opened, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("given")
    make_dossier(str(simulated), home / "site", data=simulated, mixture=written(home, mixture(opened)))
    return home / "site"


@pytest.mark.slow
def test_the_page_shows_the_figures_in_both_languages_and_none_of_the_files_own_sentences(site: Path) -> None:
    for code, share, said in (
        ("en", "77.9", "other values of spread of turnout"),
        ("es", "77,9", "dispersión de la participación"),
    ):
        page = (site / code / "forensics.html").read_text(encoding="utf-8")
        part = page[page.index('id="mixture"') :]
        assert share in part
        assert said in part
        assert "--variant qbl --stations 200 --chains 4 --draws 400 --warmup 200 --seed 1" in part
        assert "rm -r" not in part
        assert "window.hacked" not in part
        assert 'class="verdict undecided"' in part  # the file's own verdict has no clean elections behind it
    assert BOMB not in (site / "results/mixture.json").read_text(encoding="utf-8")


@pytest.mark.slow
def test_it_is_said_not_to_be_derived_again(site: Path, simulated: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = verify_dossier(site, simulated)
    assert result.differences == ()
    ((name, command),) = result.given
    assert name == "results/mixture.json"
    assert re.fullmatch(f"veedor mixture [^ ]+ {OPTIONS}", command)
    verify(site, simulated)
    assert "results/mixture.json was not derived again" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "after"), [('"seed": 1', '"seed": 2'), ('"rhat": 1.004', '"rhat": 1.04'), ("{", "")]
)
def test_a_spoiled_copy_inside_the_dossier_is_a_difference(
    site: Path, simulated: Path, tmp_path: Path, before: str, after: str
) -> None:
    copy = Path(shutil.copytree(site, tmp_path / "copy"))
    own = copy / "results/mixture.json"
    own.write_text(own.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    assert verify_dossier(copy, simulated).differences


@pytest.mark.slow
def test_a_command_recorded_before_the_mixture_was_one_of_its_own_still_verifies(
    site: Path, simulated: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(site, tmp_path / "copy"))
    own = copy / "results/mixture.json"
    document = json.loads(own.read_text(encoding="utf-8"))
    name = document["command"].split()[2]
    for command, same in ((f"veedor forensics {name} mixture {OPTIONS}", True), (f"rm -r {name}", False)):
        own.write_text(own.read_text(encoding="utf-8").replace(json.dumps(document["command"]), json.dumps(command)))
        document["command"] = command
        found = {one.file for one in verify_dossier(copy, simulated).differences}
        assert ("results/mixture.json" not in found) == same


@pytest.mark.slow
def test_a_missing_copy_is_a_difference(site: Path, simulated: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(site, tmp_path / "copy"))
    (copy / "results/mixture.json").unlink()
    assert "results/mixture.json" in {one.file for one in verify_dossier(copy, simulated).differences}


@pytest.mark.slow
def test_without_it_the_page_says_how_to_run_it(dossier: Path, simulated: Path) -> None:
    page = (dossier / "en/forensics.html").read_text(encoding="utf-8")
    assert "is not run for these pages" in page
    assert not (dossier / "results/mixture.json").exists()
    assert verify_dossier(dossier, simulated).given == ()


def test_the_verdict_follows_from_the_clean_elections(opened: Opened) -> None:
    clean = [
        {"fractions": fractions(0.9 - at / 1000, 0.1 + at / 1000, 0.0), "diagnostics": AGREEING} for at in range(19)
    ]
    assert taken(opened, mixture(opened, placebo=clean))["verdict"] == "does_not_hold"
    assert taken(opened, mixture(opened, placebo=clean[:18]))["verdict"] == "undecided"
    inside = mixture(opened, placebo=clean, fractions=fractions(0.885, 0.115, 0.0))
    assert taken(opened, inside)["verdict"] == "holds"
    failed = {"fractions": None, "diagnostics": {**AGREEING, "rhat": 1.2}}
    assert taken(opened, mixture(opened, placebo=[*clean, failed]))["verdict"] == "undecided"


def test_the_prior_is_the_programs_and_large_seeds_are_taken(opened: Opened) -> None:
    found = taken(opened, mixture(opened, seed=3_000_000_000))
    assert found["prior_mean_none"] == pytest.approx(3 * math.log(3) - 4 * math.log(2))
    assert found["seed"] == 3_000_000_000


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"election": "another"}, "election"),
        ({"count": "preliminary"}, "count"),
        ({"fractions": fractions(0.7, 0.185, 0.036)}, "fractions"),
        ({"fractions": None}, None),
        ({"diagnostics": {**AGREEING, "rhat": 1.02}}, None),
        ({"diagnostics": {**AGREEING, "divergences": 1}}, None),
        ({"diagnostics": {**AGREEING, "ess_tail_pi": 399}}, None),
        ({"diagnostics": {**AGREEING, "bfmi": None}}, None),
        ({"stations": "200"}, "stations"),
        ({"stations": 10**6}, "stations"),
        ({"leader": "nobody"}, "leader"),
        ({"chains": 0}, "chains"),
        ({"seed": -1}, "seed"),
        ({"asked": {"stations": None, "covariates": ["x; rm -r ."]}}, "asked.covariates"),
        ({"fractions": fractions(0.4, 0.6, 0.0)}, None),
        ({"diagnostics": {**AGREEING, "rhat": -1.0}}, "diagnostics.rhat"),
        ({"diagnostics": {**AGREEING, "ess_bulk_pi": 1e300}}, "diagnostics.ess_bulk_pi"),
        ({"diagnostics": {**AGREEING, "rhat": float("nan")}}, None),
        ({"cpu_seconds": -1}, "cpu_seconds"),
        ({"method": "last_digit"}, "method"),
        ({"posterior_check": {"not_reproduced": ["<b>"]}}, "posterior_check.not_reproduced.0"),
        ({"posterior_check": {"not_reproduced": ["turnout_sd", "turnout_sd"]}}, "posterior_check"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(opened: Opened, changed: dict[str, Any], column: str | None) -> None:
    with pytest.raises(InputError) as caught:
        taken(opened, mixture(opened, **changed))
    (fault,) = caught.value.faults
    assert fault.column == column


def test_what_is_no_such_file(opened: Opened, simulated: Path, tmp_path: Path) -> None:
    for data in (b"", b"[]", b"\xff", b"[" * 100_000):
        with pytest.raises(InputError):
            given_mixture(data, "mixture.json", opened)
    with pytest.raises(VeedorError, match="is not there"):
        make_dossier(str(simulated), tmp_path / "site", data=simulated, mixture=tmp_path / "absent.json")
    assert not (tmp_path / "site").exists()
