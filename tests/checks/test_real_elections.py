"""Bolivia 2019 and 2020: figures published beside the data, and a replay of the log of 2020 by other means."""

import csv
import datetime as dt
import io
import lzma
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

from tests.parsed import effect_of, items_of
from veedor.checks import CheckInputs, run_checks
from veedor.election.read import read_election
from veedor.finding import Finding, Verdict
from veedor.sheets.dataset import in_memory
from veedor.sheets.read import read_series


def inputs_of(name: str, folder: Path, *counts: str) -> CheckInputs:
    election = read_election(name)
    contest = election.contests[0]
    series = [
        read_series(election, contest, count, folder, skip_bad_rows=True)
        for count in election.counts
        if not counts or count.id in counts
    ]
    return CheckInputs(dataset=in_memory(election, series))


@pytest.fixture(scope="module")
def of_2019(shared: Path) -> CheckInputs:
    return inputs_of("bolivia-2019", shared / "data" / "bolivia-2019")


def findings(inputs: CheckInputs, name: str) -> list[Finding]:
    return run_checks(inputs, [name])


@pytest.mark.slow
def test_reconciliation_of_2019(of_2019: CheckInputs) -> None:
    """The preliminary count at 19:40:57 against the official one, as the electoral data's notes state it."""
    finding = findings(of_2019, "reconciliation")[0]
    effect = effect_of(finding)
    assert (effect["from"]["snapshot"], effect["to"]["count"]) == ("2019-10-20T19:40:57-04:00", "official")
    assert (effect["changed_sheets"], effect["added_sheets"], effect["missing_sheets"]) == (549, 34555 - 28975, 0)
    known = {"MAS-IPSP": 2697, "CC": 1903, "blank": -1065, "null": -8}
    assert {key: effect["net"][key] for key in known} == known
    assert effect["lead"]["by_changed_sheets"] == 2697 - 1903
    # Lead in the official count: 2,889,359 less 2,240,920.
    assert effect["lead"]["after"] == 648_439
    assert (finding.verdict, finding.items_total) == (Verdict.DOES_NOT_HOLD, 549)


def test_other_names_of_places_in_2019(of_2019: CheckInputs) -> None:
    """127 sheets carry other geography names in the preliminary files than in the official one."""
    finding = findings(of_2019, "geography_differs")[0]
    assert (finding.verdict, finding.found, finding.looked_at) == (Verdict.DOES_NOT_HOLD, 127, 28975)


@pytest.mark.slow
def test_sheets_missing_in_2019(of_2019: CheckInputs) -> None:
    official, last, before_stop = findings(of_2019, "missing_sheets")
    assert (official.verdict, official.looked_at) == (Verdict.HOLDS, 34555)
    assert effect_of(last)["stations"] == 34555 - 32806
    assert effect_of(before_stop)["stations"] == 34555 - 28975
    # 5,296 precincts by full path (4,814 bare names).
    assert effect_of(before_stop)["places"]["precinct"]["places"] == 5296


def test_no_sums_are_printed_in_2019(of_2019: CheckInputs) -> None:
    assert {finding.verdict for finding in findings(of_2019, "sums")} == {Verdict.UNDECIDED}


Figures = dict[str, str]


def replayed(log: Path, wanted: list[str]) -> dict[str, dict[str, Figures]]:
    """Sheets of each wanted snapshot, from the log of adds, withdrawals and revisions of all 86 publications."""
    events: dict[str, list[Figures]] = defaultdict(list)
    for row in csv.DictReader(io.StringIO(lzma.decompress(log.read_bytes()).decode())):
        events[row["snapshot"]].append(row)
    state: dict[str, Figures] = {}
    states = {}
    for snapshot in sorted({*events, *wanted}):
        for row in events.get(snapshot, []):
            if row["op"] == "withdraw":
                del state[row["codigo_mesa"]]
            else:
                state[row["codigo_mesa"]] = {k: v for k, v in row.items() if k.startswith(("voto", "inscritos"))} | {
                    k: row[k] for k in ("creemos", "adn", "mas_ipsp", "fpv", "pan_bol", "libre_21", "cc", "juntos")
                }
        if snapshot in wanted:
            states[snapshot] = dict(state)
    return states


@pytest.mark.slow
def test_revisions_of_2020_are_those_of_the_log(shared: Path) -> None:
    folder = shared / "data" / "bolivia-2020"
    inputs = inputs_of("bolivia-2020", folder, "publications")
    finding = findings(inputs, "revisions")[0]
    snapshots = [when.replace(tzinfo=None).isoformat() for when in _local(inputs)]
    states = replayed(folder / "derived_event_log.csv.xz", snapshots)
    # 16 rows of one file are malformed and were left out: its sheets do not count as withdrawn and returned.
    broken = {str(station) for station in _left_out_stations(inputs, states)}
    expected = set()
    for before, after in pairwise(snapshots):
        for station, figures in states[before].items():
            now = states[after].get(station)
            if now is None:
                expected.add((station, after, "withdrawn"))
            elif now != figures:
                expected.add((station, after, "revised"))
    found = {
        (str(item["station"]), str(item["snapshot"])[:19], str(item["change"]))
        for item in items_of(finding)
        if item["change"] != "returned" and item["station"] not in broken
    }
    assert found == {event for event in expected if event[0] not in broken}
    assert [station for station, _, change in found if change == "revised"] == ["1726"]
    assert finding.verdict is Verdict.DOES_NOT_HOLD


def _local(inputs: CheckInputs) -> list[dt.datetime]:
    series = inputs.series["publications"]
    return [when.astimezone(inputs.election.zone) for when in series.snapshots]


def _left_out_stations(inputs: CheckInputs, states: dict[str, dict[str, Figures]]) -> set[str]:
    """Stations that the log has in a snapshot and the file, for its malformed rows, has not."""
    missing: set[str] = set()
    for when, (snapshot, state) in zip(_local(inputs), states.items(), strict=True):
        assert when.replace(tzinfo=None).isoformat() == snapshot
        missing |= state.keys() - set(inputs.series["publications"].at(when)["station"])
    return missing
