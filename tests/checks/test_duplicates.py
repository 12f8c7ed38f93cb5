from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from tests.checks.world import CONTEST, ELECTION, STATIONS, inputs, rows
from veedor.checks import CheckInputs, run_checks
from veedor.finding import Verdict
from veedor.sheets.dataset import in_memory
from veedor.sheets.read import read_series


def test_it_holds_where_each_station_is_there_once() -> None:
    finding = run_checks(inputs(rows()), ["duplicate_stations"])[0]
    assert (finding.verdict, finding.looked_at, finding.found) == (Verdict.HOLDS, 18, 0)


@pytest.mark.parametrize("station", STATIONS)
def test_every_station_listed_twice_is_seen(station: str) -> None:
    clean = inputs(rows())
    changes = clean.series["official"].changes
    twice = pl.concat([changes, changes.filter(pl.col("station") == station)])
    series = replace(clean.series["official"], changes=twice)
    finding = run_checks(CheckInputs(dataset=in_memory(ELECTION, [series])), ["duplicate_stations"])[0]
    assert finding.verdict is Verdict.DOES_NOT_HOLD
    assert [item["station"] for item in finding.items] == [station]


def test_a_sheet_in_several_states_is_not_listed_twice() -> None:
    finding = run_checks(inputs(preliminary=[rows(), rows()[1:], rows()]), ["duplicate_stations"])[0]
    assert finding.verdict is Verdict.HOLDS


@pytest.mark.parametrize("other_figures", [False, True])
def test_rows_that_the_reader_left_out_are_named(tmp_path: Path, other_figures: bool) -> None:
    made = rows()
    again = dict(made[4])
    if other_figures:
        again["blank"] = 1
    frame = pl.DataFrame([*made, again]).with_columns(pl.col("arrived").dt.to_string("iso:strict"))
    frame.rename({f"votes.{choice}": choice for choice in "ABC"}).write_csv(tmp_path / "official.csv")
    count = ELECTION.counts[1]
    series = read_series(ELECTION, CONTEST, count, tmp_path, skip_bad_rows=True)
    finding = run_checks(CheckInputs(dataset=in_memory(ELECTION, [series])), ["duplicate_stations"])[0]
    assert finding.verdict is Verdict.DOES_NOT_HOLD
    assert {item["station"] for item in finding.items} == {"105"}
    # Of two rows that differ neither can be told right, so both are out; of two that agree one stays.
    assert finding.effect["left_out"] == (2 if other_figures else 1)
    assert finding.effect["stations"] == 1
