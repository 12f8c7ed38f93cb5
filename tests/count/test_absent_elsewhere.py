"""Absent figures beyond the count: no test, projection, audit, export or record takes one for a number unsaid."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tests.checks.world import CONTEST, ELECTION, OFFICIAL_TIME, Row, rows, spoiled
from tests.checks.world import table as table_of
from veedor.audit.units import units_from
from veedor.command import Command
from veedor.errors import VeedorError
from veedor.forensics.findings import findings_of as forensic_findings
from veedor.forensics.findings import study_document
from veedor.forensics.stations import stations_of
from veedor.forensics.study import study
from veedor.interruption.split import split_at
from veedor.ledger.entry import sheets_of
from veedor.sheets.export.csv import read_table_csv, write_csv
from veedor.sheets.nist.write import nist_report


def with_gaps() -> list[Row]:
    """Sheet 101 lacks C, sheet 102 its blank votes and printed sums."""
    made = spoiled(rows(), "101", **{"votes.C": None})
    return spoiled(made, "102", blank=None, valid=None, cast=None)


def test_a_sheet_that_lacks_a_figure_is_no_station_of_a_statistical_test() -> None:
    whole = stations_of(table_of(rows()), ELECTION, CONTEST)
    found = stations_of(table_of(with_gaps()), ELECTION, CONTEST)
    assert (whole.left_out, len(whole.names)) == (0, 18)
    assert (found.left_out, len(found.names)) == (2, 16)
    assert not {"101", "102"} & set(found.names)
    told = study(found, ["second_digit"], draws=2, seed=1)
    [finding] = forensic_findings(told, Command(words=("forensics",)))
    assert finding.summary.en.endswith("2 sheets that lack a figure are left out.")
    assert finding.summary.es.endswith("Quedan fuera 2 actas a las que les falta una cifra.")
    document = study_document(told, [finding], election="x", contest="y", count="z")
    assert (document.stations, document.stations_left_out) == (16, 2)


def test_an_interruption_counts_the_figures_that_it_takes_as_zero() -> None:
    universe = table_of(with_gaps())
    assert split_at(ELECTION, CONTEST, universe.head(9), universe, cut=OFFICIAL_TIME).figures_absent == 4
    clean = table_of(rows())
    assert split_at(ELECTION, CONTEST, clean.head(9), clean, cut=OFFICIAL_TIME).figures_absent == 0


def test_an_audit_takes_every_ballot_that_an_absent_figure_can_hold_as_null() -> None:
    whole, found = units_from(table_of(rows()), CONTEST), units_from(table_of(with_gaps()), CONTEST)
    first, second = (dict(zip(whole.ids, figures, strict=True)) for figures in (whole.figures, found.figures))
    assert list(second["101"]) == [60, 40, 0, 3, 2 + 10], "by its printed sum the ten votes for C"
    stated = sum(int(n) for n in first["102"]) - int(first["102"][3])
    assert list(second["102"]) == [*first["102"][:3], 0, first["102"][4] + 240 - stated], "by its roll"
    for bound in ("registered", "ballots"):
        assert (found.bounds(bound) >= whole.bounds(bound)).all(), "no sheet can hold more than its bound"
    rest = [n for n, unit in enumerate(found.ids) if unit not in ("101", "102")]
    assert np.array_equal(found.figures[rest], whole.figures[rest])


def test_an_audit_refuses_a_sheet_whose_ballots_nothing_bounds() -> None:
    made = [{**row, "registered": None} for row in with_gaps()]
    with pytest.raises(VeedorError, match="sheet 102 and 0 more lack a figure"):
        units_from(table_of(made), CONTEST)


def test_a_report_and_the_record_leave_it_out() -> None:
    stamp = pl.lit(OFFICIAL_TIME).dt.convert_time_zone(ELECTION.timezone).alias("snapshot")
    table = table_of(with_gaps()).with_columns(stamp)
    report = json.loads(json.dumps(nist_report(table, ELECTION, CONTEST, ELECTION.counts[1])))
    ballots = {entry["GpUnitId"]: entry for entry in report["Election"][0]["BallotCounts"]}
    assert "BallotsCast" in ballots["station-101"], "as printed"
    assert "BallotsCast" not in ballots["station-102"], "a sum without its blank votes is none"
    selection = report["Election"][0]["Contest"][0]["ContestSelection"][2]
    assert "station-101" not in {entry["GpUnitId"] for entry in selection["VoteCounts"]}
    entries = {entry["station"]: entry for entry in sheets_of(table, ELECTION, CONTEST)}
    assert set(entries["101"]["votes"]) == {"A", "B"}
    assert "blank" not in entries["102"]
    assert entries["103"]["votes"] == {"A": 64, "B": 42, "C": 12}


def test_csv_keeps_the_cell_empty(tmp_path: Path) -> None:
    table = table_of(with_gaps())
    write_csv(tmp_path / "sheets.csv", table)
    assert read_table_csv(tmp_path / "sheets.csv", ELECTION, CONTEST)["votes.C"].to_list() == table["votes.C"].to_list()
