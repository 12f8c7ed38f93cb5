"""`import veedor`: what it promises, what its methods give, and that they give what the commands give."""

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

import veedor
from veedor.api import ElectionData
from veedor.count import tallies_by
from veedor.errors import VeedorError
from veedor.simulation import simulate, write_simulated

RULE = "late_alteration"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_simulated(simulate(300, RULE, 1), tmp_path_factory.mktemp("api") / "election")


@pytest.fixture(scope="module")
def election(folder: Path) -> ElectionData:
    return veedor.open_election(folder)


def command(*words: str) -> object:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "veedor", *words, "--json"], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_every_promised_name_is_there_and_no_other_is() -> None:
    assert sorted(veedor.__all__) == sorted(set(veedor.__all__))
    for name in veedor.__all__:
        assert getattr(veedor, name) is not None
    assert set(veedor.__all__) <= set(dir(veedor))
    with pytest.raises(AttributeError, match="no attribute 'open_elections'; it offers AuditPlan"):
        veedor.open_elections  # noqa: B018


def test_importing_veedor_loads_nothing_of_its_rooms() -> None:
    asked = (
        "import sys, veedor; print([name for name in sys.modules if name.startswith(('veedor.', 'polars', 'numpy'))])"
    )
    done = subprocess.run([sys.executable, "-P", "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.slow
def test_the_count_is_that_of_the_command(folder: Path, election: ElectionData) -> None:
    document = command("count", str(folder))
    assert isinstance(document, dict)
    total, outcome = election.tally(), election.outcome()
    assert {one["id"]: one["votes"] for one in document["choices"]} == dict(total.votes)
    assert (document["outcome"]["result"], document["outcome"]["reason"]) == (outcome.result, outcome.reason.en)
    nearest = election.distances().row(0, named=True)
    assert document["outcome"]["distances"][0]["votes"] == nearest["votes"]
    assert election.tally("preliminary", at=election.snapshots("preliminary")[0]).sheets < total.sheets


def test_places_have_shares_of_what_they_say(election: ElectionData) -> None:
    level = election.election.level_ids[0]
    places = election.tally(by=level)
    plain = tallies_by(election.sheets(), election.election, election.contest, level)
    assert places.select(plain.columns).equals(plain)
    for row in places.iter_rows(named=True):
        for choice in election.contest.choice_ids:
            assert row[f"share.{choice}"] == pytest.approx(row[f"votes.{choice}"] / row["valid"])
        assert row["turnout"] == pytest.approx(row["cast"] / row["registered"])


def test_a_share_without_a_denominator_is_absent(election: ElectionData) -> None:
    from dataclasses import replace

    from veedor.sheets import series_of
    from veedor.sheets.dataset import in_memory

    count = election.dataset.default_count
    when = election.snapshots()[-1]
    empty = election.sheets().with_columns(
        pl.lit(None, dtype=pl.Int64).alias("registered"),
        *(pl.lit(0).alias(f"votes.{c}") for c in election.contest.choice_ids),
    )
    series = series_of(election.election, election.contest, count, [(when, empty)])
    made = replace(election, dataset=in_memory(election.election, [series]))
    row = made.tally(by=election.election.level_ids[0]).row(0, named=True)
    assert row["turnout"] is None
    assert {row[f"share.{choice}"] for choice in election.contest.choice_ids} == {None}


@pytest.mark.slow
def test_findings_are_those_of_the_commands(folder: Path, election: ElectionData) -> None:
    document = command("check", str(folder), "reconciliation")
    assert isinstance(document, dict)
    findings = election.check("reconciliation")
    assert [one["summary"] for one in document["findings"]] == [finding.summary.en for finding in findings]
    assert findings.frame()["found"].to_list() == [one["found"] for one in document["findings"]]
    assert all(finding.verdict is veedor.Verdict.DOES_NOT_HOLD for finding in findings.failing)
    assert findings["reconciliation"] is findings[0]
    assert len(findings[:1]) == 1
    with pytest.raises(VeedorError, match="no finding of 'sums'; there are reconciliation"):
        findings["sums"]


@pytest.mark.slow
def test_the_interruption_is_that_of_the_command(folder: Path, election: ElectionData) -> None:
    document = command("interruption", str(folder), "--draws", "50", "--seed", "3")
    assert isinstance(document, dict)
    study = election.interruption(draws=50, seed=3)
    assert [one["rule"] for one in document["projections"]] == study.projections()["rule"].to_list()
    assert [one["unexplained_votes"] for one in document["projections"]] == pytest.approx(
        study.projections()["unexplained_votes"].to_list(), abs=0.51
    )
    assert [one["check"] for one in document["findings"]] == [finding.check for finding in study.findings]


@pytest.mark.slow
def test_forensics_and_audit_are_those_of_the_commands(folder: Path, election: ElectionData) -> None:
    document = command("forensics", str(folder), "second_digit", "--placebo", "3")
    assert isinstance(document, dict)
    found = election.forensics(["second_digit"], placebo=3).frame().row(0, named=True)
    assert found["p_value"] == pytest.approx(document["methods"][0]["p_value"])
    plan = command("audit", "plan", str(folder))
    assert isinstance(plan, dict)
    assert [cost["draws"] for cost in plan["costs"]] == election.audit_plan().frame()["draws"].to_list()
    with pytest.raises(VeedorError, match=r"5 % is 0\.05"):
        election.audit_plan(risk_limit=5)
    with pytest.raises(VeedorError, match="did you mean 'second_digit'"):
        election.forensics(["second_digits"])


@pytest.mark.slow
def test_two_states_are_compared_sheet_by_sheet(election: ElectionData) -> None:
    comparison = election.compare("preliminary")
    changed = comparison.frame()
    assert changed.height == comparison.finding.effect["changed_sheets"]
    assert comparison.added.height == comparison.finding.effect["added_sheets"]
    assert comparison.missing.height == comparison.finding.effect["missing_sheets"]
    votes = [f"votes.{choice}" for choice in election.contest.choice_ids]
    assert {"station", *votes, *(f"{name} before" for name in votes)} <= set(changed.columns)


@pytest.mark.slow
def test_everything_shows_itself_in_one_short_line_and_escapes_names(election: ElectionData) -> None:
    results = [
        election,
        election.dataset,
        election.election,
        election.tally(),
        election.outcome(),
        election.check(),
        *election.check(),
        election.compare("preliminary"),
        election.audit_plan(),
        election.interruption(draws=20),
        election.forensics(["second_digit"], placebo=2),
        election.interruption(draws=20).study,
    ]
    for result in results:
        assert len(repr(result)) < 500
        assert "\n" not in repr(result)
        if hasattr(result, "_repr_html_"):
            assert result._repr_html_().startswith("<")
    from veedor.notebook import definitions, titled_table

    assert "<b>" not in titled_table("<b>", pl.DataFrame({"<b>": ["<b>"]}))
    assert "<b>" not in definitions("<b>", [("<b>", "<b>")])


def test_data_may_come_from_the_environment(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "election.toml").write_bytes((folder / "election.toml").read_bytes())
    monkeypatch.setenv("VEEDOR_DATA", str(folder))
    assert veedor.open_election(tmp_path).tally().sheets > 0
    monkeypatch.delenv("VEEDOR_DATA")
    with pytest.raises(VeedorError):
        veedor.open_election(tmp_path).tally()
