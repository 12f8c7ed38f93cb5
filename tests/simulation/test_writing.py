"""What is written: whole or not at all, readable by veedor, and true by an addition that uses none of veedor."""

import csv
import hashlib
import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from veedor.election.read import read_election
from veedor.errors import VeedorError
from veedor.sheets import schema, series_of
from veedor.sheets.read import read_series
from veedor.simulation import Parameters, Scenario, Simulated, draw, sheet_table, simulate, write_simulated
from veedor.simulation.names import awkward_names

CHOICES = ("aurora", "faro", "raiz", "norte", "menta")
FIGURES = (*CHOICES, "blank", "null")
BUSY = Parameters(misread=0.05, withdrawn=0.02)
"""More errors and withdrawals than usual, so that a small election has some of each."""


def _write(folder: Path, scenario: str, stations: int = 400, seed: int = 3) -> Path:
    return write_simulated(simulate(stations, scenario, seed, BUSY), folder / scenario)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _files(folder: Path, count: str) -> list[Path]:
    return sorted(folder.glob(f"{count}-*.csv"))


def _truth(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return document


@pytest.fixture(scope="module", params=list(Scenario))
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _write(tmp_path_factory.mktemp("simulated"), request.param)


def test_every_snapshot_adds_up_to_what_the_truth_says(written: Path) -> None:
    truth = _truth(written)
    for count in ("preliminary", "official"):
        files, said = _files(written, count), truth["published"][count]
        assert len(files) == len(said) == 12
        for path, totals in zip(files, said, strict=True):
            rows = _rows(path)
            stamp = re.sub(r"[-:]", "", totals["snapshot"][:19])
            assert path.name == f"{count}-{stamp}.csv"
            assert len(rows) == totals["sheets"]
            assert len({row["station"] for row in rows}) == len(rows)
            assert sum(int(row["registered"]) for row in rows) == totals["registered"]
            sums = {name: sum(int(row[name]) for row in rows) for name in FIGURES}
            assert sums == {**totals["votes"], "blank": totals["blank"], "null": totals["null"]}
            assert sum(totals["votes"].values()) == totals["valid"]
            assert sum(sums.values()) == totals["cast"]


def test_the_official_count_less_what_was_planted_is_how_people_voted(written: Path) -> None:
    truth = _truth(written)
    planted = {item["station"]: item for item in truth["planted"]["items"]}
    voted: Counter[str] = Counter()
    for row in _rows(_files(written, "official")[-1]):
        item = planted.get(row["station"], {})
        for name in FIGURES:
            difference = item.get(name if name in ("blank", "null") else f"votes.{name}", 0)
            voted[name] += int(row[name]) - difference
    totals = truth["totals"]
    assert dict(voted) == {**totals["votes"], "blank": totals["blank"], "null": totals["null"]}
    assert truth["planted"]["stations"] == len(planted)
    assert bool(planted) == (truth["scenario"] != "clean")


def test_planted_votes_are_counted_right(written: Path) -> None:
    truth = _truth(written)
    deltas = [
        value
        for item in truth["planted"]["items"]
        for name, value in item.items()
        if name not in ("station", "copied_from")
    ]
    more, fewer = sum(value for value in deltas if value > 0), -sum(value for value in deltas if value < 0)
    assert truth["planted"]["votes"] == max(more, fewer)
    if truth["scenario"] in ("stuffing", "switching", "late_alteration"):
        assert more == truth["totals"]["valid"] // 100  # altered_votes is 1 % unless told otherwise
        assert fewer == (0 if truth["scenario"] == "stuffing" else more)


def test_misread_sheets_are_those_that_differ_from_the_sums_printed_on_them_or_from_the_official_count(
    written: Path,
) -> None:
    truth = _truth(written)
    if truth["scenario"] == "transcription_errors":
        return  # there the official count is no measure of what the sheet bears
    official = {row["station"]: row for row in _rows(_files(written, "official")[-1])}
    first_seen: dict[str, dict[str, str]] = {}
    for path in _files(written, "preliminary"):
        for row in _rows(path):
            first_seen.setdefault(row["station"], row)
    differing = {
        station: {name: int(row[name]) - int(official[station][name]) for name in FIGURES}
        for station, row in first_seen.items()
        if any(row[name] != official[station][name] for name in FIGURES)
    }
    said = {
        item["station"]: {name: item.get(f"votes.{name}", item.get(name)) for name in FIGURES}
        for item in truth["misread"]
    }
    assert said == differing
    assert len(said) > 5


def test_missing_withdrawn_and_corrected_sheets_are_those_named(written: Path) -> None:
    truth = _truth(written)
    states = [{row["station"]: row for row in _rows(path)} for path in _files(written, "preliminary")]
    official = {row["station"] for row in _rows(_files(written, "official")[-1])}
    seen = set().union(*states)
    assert set(truth["missing"]) == official - seen
    gone = {station for before, after in pairwise(states) for station in before.keys() - after}
    assert {item["station"] for item in truth["withdrawn"]} == gone
    assert {item["station"] for item in truth["withdrawn"] if item["returned"]} == gone & states[-1].keys()
    revised = {
        station
        for before, after in pairwise(states)
        for station in before.keys() & after.keys()
        if before[station] != after[station]
    }
    assert {item["station"] for item in truth["misread"] if item["corrected"]} == revised
    assert gone
    assert revised


def test_the_stop_is_the_longest_gap_and_holds_the_sheets_named(written: Path) -> None:
    stop = _truth(written)["interruption"]
    definition = read_election(written)
    files = _files(written, "preliminary")
    names = [path.stem.removeprefix("preliminary-") for path in files]
    before = names.index(re.sub(r"[-:]", "", stop["from"][:19]))
    assert names[before + 1] == re.sub(r"[-:]", "", stop["to"][:19])
    assert len(_rows(files[before])) == stop["sheets_before"]
    assert len(_rows(files[before + 1])) == stop["sheets_after"]
    assert definition.interruptions[0].start.isoformat() == stop["from"]
    assert definition.interruptions[0].end.isoformat() == stop["to"]


@pytest.mark.slow
def test_duplicated_sheets_are_equal_in_the_file(tmp_path: Path) -> None:
    folder = _write(tmp_path, "duplicated_sheets", stations=1000)
    rows = {row["station"]: row for row in _rows(_files(folder, "official")[-1])}
    items = _truth(folder)["planted"]["items"]
    assert len(items) == 20  # 2 % of 1,000
    for item in items:
        one, other = rows[item["station"]], rows[item["copied_from"]]
        assert all(one[name] == other[name] for name in (*FIGURES, "precinct"))


@pytest.mark.slow
def test_transcription_errors_contradict_the_printed_sums(tmp_path: Path) -> None:
    folder = _write(tmp_path, "transcription_errors", stations=2000)
    contradicting = {
        row["station"]
        for row in _rows(_files(folder, "official")[-1])
        if sum(int(row[name]) for name in CHOICES) != int(row["valid"])
    }
    planted = {item["station"] for item in _truth(folder)["planted"]["items"]}
    assert contradicting <= planted
    assert len(contradicting) > len(planted) / 2  # exchanged neighbours keep the sum


@pytest.mark.slow
def test_what_veedor_reads_is_what_was_simulated(tmp_path: Path) -> None:
    simulated = simulate(400, "switching", 3, BUSY)
    folder = write_simulated(simulated, tmp_path / "out")
    election = read_election(folder)
    assert election == simulated.election
    for count in election.counts:
        series = read_series(election, election.contests[0], count, folder)
        assert series.snapshots == simulated.series[count.id].snapshots
        assert_frame_equal(series.changes, simulated.series[count.id].changes, categorical_as_str=True)


@pytest.mark.slow
def test_parquet_holds_the_same_rows_as_csv(tmp_path: Path) -> None:
    simulated = simulate(300, "clean", 3)
    as_csv, as_parquet = tmp_path / "csv", tmp_path / "parquet"
    write_simulated(simulated, as_csv)
    write_simulated(simulated, as_parquet, "parquet")
    assert read_election(as_parquet).layouts["sheets"].format == "parquet"
    for path in as_csv.glob("*.csv"):
        table = pl.read_parquet(as_parquet / f"{path.stem}.parquet")
        assert table.schema["arrived"] == pl.Datetime("us", "Etc/GMT+8")
        table = table.with_columns(pl.col("arrived").dt.to_string("%Y-%m-%dT%H:%M:%S%:z"))
        cells = pl.read_csv(path, infer_schema=False)
        assert_frame_equal(
            table.cast(pl.String), cells.with_columns(pl.col("latitude", "longitude").cast(pl.Float64).cast(pl.String))
        )


def test_changes_are_those_that_whole_states_give() -> None:
    """series_of compares whole tables; the simulation writes its changes down directly."""
    simulated = simulate(400, "clean", 3, BUSY)
    for series in simulated.series.values():
        states = [(when, series.at(when).sort("station")) for when in series.snapshots]
        again = series_of(series.election, series.contest, series.count, states)
        assert_frame_equal(again.changes, series.changes, categorical_as_str=True)


def test_tables_have_the_sheet_tables_schema() -> None:
    simulated = simulate(200, "clean", 1)
    wanted = schema(simulated.election, simulated.election.contests[0])
    for count, series in simulated.series.items():
        assert dict(series.changes.drop("change").schema) == wanted
        last = sheet_table(draw(200, "clean", 1), count)
        assert dict(last.schema) == wanted
        assert_frame_equal(last, series.at().sort("station"), categorical_as_str=True)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    def digest(folder: Path, seed: int) -> str:
        written = _write(folder, "stuffing", seed=seed)
        parts = [path.name.encode() + path.read_bytes() for path in sorted(written.iterdir())]
        return hashlib.sha256(b"".join(parts)).hexdigest()

    first = digest(tmp_path / "one", 3)
    assert digest(tmp_path / "two", 3) == first
    assert digest(tmp_path / "three", 4) != first


def test_names_exercise_escaping_and_are_there_at_every_size(tmp_path: Path) -> None:
    names = {name for level in draw(100, "clean", 1).geography.names for name in level}
    assert set(awkward_names()) <= names
    text = "".join(names)
    assert all(sign in text for sign in "\"',&<>/ñé東")
    for row in _rows(_files(_write(tmp_path, "clean", stations=100), "official")[-1]):
        assert row["region"]
        assert row["station"] == row["station"].zfill(6)


def test_some_precincts_have_no_coordinates(tmp_path: Path) -> None:
    rows = _rows(_files(_write(tmp_path, "clean"), "official")[-1])
    without = [row for row in rows if not row["latitude"]]
    assert 0 < len(without) < 0.2 * len(rows)
    assert all((row["latitude"] == "") == (row["longitude"] == "") for row in rows)
    assert all(-34 < float(row["latitude"]) < -22 for row in rows if row["latitude"])


@pytest.fixture(scope="module")
def small() -> Simulated:
    return simulate(100, "clean", 1)


def test_an_earlier_simulated_election_is_replaced_whole(tmp_path: Path, small: Simulated) -> None:
    out = tmp_path / "out"
    write_simulated(simulate(120, "clean", 1, Parameters(snapshots=3)), out)
    write_simulated(small, out)
    assert _truth(out)["stations"] == 100
    assert len(list(out.iterdir())) == 2 + 24
    assert [path.name for path in tmp_path.iterdir()] == ["out"], "nothing is left lying about"


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path, small: Simulated) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(VeedorError, match="holds other files than a simulated election"):
        write_simulated(small, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_an_election_with_one_file_more_is_left_alone(tmp_path: Path, small: Simulated) -> None:
    out = write_simulated(small, tmp_path / "out")
    (out / "notes.csv").write_text("mine")
    with pytest.raises(VeedorError, match="holds other files"):
        write_simulated(small, out)
    assert (out / "notes.csv").read_text() == "mine"


def test_when_writing_fails_nothing_is_there(tmp_path: Path, small: Simulated, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("veedor.simulation.writing.truth_as_json", full)
    with pytest.raises(VeedorError, match="No space left on device"):
        write_simulated(small, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_format_is_refused(tmp_path: Path, small: Simulated) -> None:
    with pytest.raises(VeedorError, match="no format 'xls'; there are csv, parquet"):
        write_simulated(small, tmp_path / "out", "xls")  # type: ignore[arg-type]


@pytest.mark.slow
def test_progress_is_told_for_every_file(tmp_path: Path, small: Simulated) -> None:
    told: list[tuple[int, int]] = []
    write_simulated(small, tmp_path / "out", progress=lambda done, total: told.append((done, total)))
    assert told == [(done, 24) for done in range(1, 25)]
