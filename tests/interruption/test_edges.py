"""Elections that have little: no levels, two choices, plurality, no registered voters, nothing missing."""

import datetime as dt
import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tests.interruption.cases import simulated_split
from veedor.command import Command
from veedor.election import Plurality
from veedor.election.read import read_election
from veedor.errors import VeedorError
from veedor.finding import Verdict
from veedor.interruption.as_json import study_as_json
from veedor.interruption.clock.gaps import Gap
from veedor.interruption.findings import findings_of
from veedor.interruption.projection.projection import outcome_shares
from veedor.interruption.projection.rule_names import NAMES
from veedor.interruption.regression.level_finding import level_sentence
from veedor.interruption.split import Split, split_at
from veedor.interruption.study import Study, study, study_of
from veedor.sheets import VOTES
from veedor.sheets.dataset import open_dataset
from veedor.simulation import Parameters, draw, election_of, sheet_table, simulate, write_simulated
from veedor.simulation.definition import snapshot_times


def _tables(seed: int, parameters: Parameters | None = None) -> tuple[object, pl.DataFrame, pl.DataFrame, dt.datetime]:
    drawn = draw(400, "clean", seed, parameters or Parameters())
    before = drawn.preliminary.calendar.before - 1
    when = snapshot_times(drawn, "preliminary")[before]
    return election_of(drawn), sheet_table(drawn, "preliminary", before), sheet_table(drawn, "official"), when


def _study(split: Split, table: pl.DataFrame) -> Study:
    stop = Gap(clock="given", count=split.count, start=split.cut, end=split.cut, sheets_before=None, sheets_after=None)
    return study_of(
        split, table=table, stop=stop, clocks=[], groupings={}, earlier={}, draws=50, hidings=2, shuffles=20
    )


@pytest.mark.parametrize("case", ["no levels", "two choices", "plurality", "null levels", "registered 0 or null"])
def test_a_whole_study(case: str) -> None:
    shares = (0.55, 0.45) if case == "two choices" else Parameters().shares
    election, counted, table, when = _tables(3, Parameters(shares=shares))
    contest = election.contests[0]  # type: ignore[attr-defined]
    if case == "no levels":
        election = election.model_copy(update={"levels": []})  # type: ignore[attr-defined]
    if case == "plurality":
        contest = contest.model_copy(update={"rule": Plurality(kind="plurality", seats=1)})
    if case == "null levels":
        finest = election.level_ids[-1]  # type: ignore[attr-defined]
        blank = pl.when(pl.int_range(pl.len()) % 7 == 0).then(None).otherwise(pl.col(finest)).alias(finest)
        table = table.with_columns(blank)
    if case == "registered 0 or null":
        number = pl.int_range(pl.len())
        spoiled = pl.when(number % 9 == 0).then(None).when(number % 9 == 1).then(0).otherwise(pl.col("registered"))
        counted, table = (each.with_columns(spoiled.alias("registered")) for each in (counted, table))
    split = split_at(election, contest, counted, table, cut=when)  # type: ignore[arg-type]
    found = _study(split, table)
    findings = findings_of(found, Command(words=("interruption",)))
    document = study_as_json(found, findings, draws=50, seed=1)
    listed = document["findings"]
    assert isinstance(listed, list)
    assert len(listed) == 9
    for each in found.projections:
        assert np.isfinite(each.mean)
        assert each.p_outcome
        assert sum(each.p_outcome.values()) == pytest.approx(1.0, abs=0.021)
    by_check = {finding.check: finding for finding in findings}
    assert by_check["jump_at_stop"].verdict is Verdict.UNDECIDED
    assert by_check["trend_between_places"].verdict is Verdict.UNDECIDED
    assert by_check["jump_at_stop"].summary.en.startswith("Not applicable: ")
    assert by_check["jump_at_stop"].summary.es.startswith("No aplicable: ")
    for finding in findings:
        assert finding.looked_at or not any(letter.isdigit() for letter in "".join(finding.summary.values()))
    if case == "registered 0 or null":
        assert split.registered_unknown > 0


def test_rules_are_named_in_both_languages() -> None:
    split = simulated_split(5, stations=200)
    found = _study(split, sheet_table(draw(200, "clean", 5), "official"))
    said = next(one for one in findings_of(found, Command(words=("x",))) if one.check == "lead_as_projected").summary
    assert {each.rule for each in found.projections} >= set(NAMES)
    for rule, name in NAMES.items():
        assert name.en in said.en
        assert name.es in said.es
        assert re.search(rf"\b{rule}\b", said.es) is None


@pytest.mark.slow
@pytest.mark.parametrize(("stop_after", "decided"), [(0.2, False), (0.4, True)])
def test_nothing_is_decided_before_a_quarter_of_the_sheets(stop_after: float, decided: bool) -> None:
    """The projection learned from counts that had stopped at a quarter of the sheets or later."""
    election, counted, table, cut = _tables(3, Parameters(order="random", stop_after=stop_after))
    split = split_at(election, election.contests[0], counted, table, cut=cut)  # type: ignore[attr-defined, arg-type]
    findings = findings_of(_study(split, table), Command(words=("x",)))
    found = next(one for one in findings if one.check == "lead_as_projected")
    assert (found.verdict is not Verdict.UNDECIDED) is decided
    assert ("25%" in found.summary.en and "nothing is decided" in found.summary.en) is not decided
    # Findings by a test say their false alarms, in figures too.
    assert found.uncertainty is not None
    assert "simulated elections" in found.uncertainty.en
    assert found.effect["simulated_false_alarms"]


@pytest.mark.parametrize(
    ("loud", "shares", "en", "es"),
    [
        (0, [], "Not applicable", "No aplicable"),
        (0, [0.04, 0.06], "None of 2 tests raises more false alarms than that; the one", "Ninguna de 2 pruebas"),
        (1, [0.04, 0.28], "1 of 2 tests raise more false alarms", "1 de 2 pruebas"),
    ],
)
def test_only_a_loud_test_means_little(loud: int, shares: list[float], en: str, es: str) -> None:
    said = level_sentence(loud, shares)
    assert said.en.startswith(en)
    assert said.es.startswith(es)
    assert ("means little here" in said.en) == ("significa poco" in said.es) == bool(loud)


def test_nothing_missing_is_nothing_to_project() -> None:
    election, _, table, when = _tables(4)
    with pytest.raises(VeedorError, match="no sheet of official was missing"):
        split_at(election, election.contests[0], table, table, cut=when)  # type: ignore[arg-type,attr-defined]


def test_without_registered_voters_nothing_can_be_scaled() -> None:
    election, counted, table, when = _tables(4)
    none = pl.lit(None, dtype=pl.Int64).alias("registered")
    with pytest.raises(VeedorError, match="registered voters"):
        split_at(
            election,  # type: ignore[arg-type]
            election.contests[0],  # type: ignore[attr-defined]
            counted.with_columns(none),
            table.with_columns(none),
            cut=when,
        )


def test_registered_voters_of_one_count_serve_both() -> None:
    election, counted, table, when = _tables(5)
    none = pl.lit(None, dtype=pl.Int64).alias("registered")
    split = split_at(
        election,  # type: ignore[arg-type]
        election.contests[0],  # type: ignore[attr-defined]
        counted.with_columns(none),
        table,
        cut=when,
    )
    assert split.registered_unknown == 0
    assert (split.registered_at_cut[split.counted] == split.registered[split.counted]).all()


def test_sheets_the_universe_does_not_know_stay_counted() -> None:
    election, counted, table, when = _tables(6)
    gone = counted["station"][0]
    contest = election.contests[0]  # type: ignore[attr-defined]
    split = split_at(election, contest, counted, table.filter(pl.col("station") != gone), cut=when)  # type: ignore[arg-type]
    assert split.sheets_outside == 1
    votes = counted.filter(pl.col("station") == gone)
    assert split.outside.sum() == sum(votes[VOTES + choice][0] for choice in contest.choice_ids)


def test_outcomes_of_draws_by_the_rule() -> None:
    """Two rounds: over 50 %, or 40 % and 10 points ahead; exactly on the line is reached, half of all is not."""
    split = simulated_split(1)
    draws = np.array([[51.0, 40, 9], [50, 45, 5], [40, 30, 30], [40, 30.5, 29.5], [30, 45, 25], [39, 20, 41]])
    shares = outcome_shares(split, draws)
    first, second = split.first, split.second
    assert shares[f"elected {first}"] == pytest.approx(2 / 6)
    assert shares[f"elected {second}"] == pytest.approx(1 / 6)
    assert shares[f"runoff {first} {second}"] == pytest.approx(3 / 6)


@pytest.mark.slow
def test_the_interrupted_count_itself_may_be_the_universe(tmp_path: Path) -> None:
    """Projected to what the preliminary count finally published: another universe, named, with fewer sheets."""
    simulated = simulate(400, "clean", 3)
    write_simulated(simulated, tmp_path / "election")
    election = read_election(str(tmp_path / "election"))
    preliminary = election.counts[0]
    found = study(open_dataset(tmp_path / "election"), universe=preliminary, draws=20)
    assert found.split.universe == preliminary.id
    last = simulated.series["preliminary"].at()
    assert len(found.split.station) == last.height
    assert len(found.split.station) < 400
