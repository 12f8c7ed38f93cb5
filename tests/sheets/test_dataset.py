"""The opened election: which count is meant, what is read, and how often."""

import datetime as dt
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from veedor.claims.read import read_claims
from veedor.claims.run import results_for
from veedor.election import Contest, Election
from veedor.errors import VeedorError
from veedor.sheets import file
from veedor.sheets.dataset import Dataset, in_memory, open_dataset
from veedor.sheets.publications import PublishedFile
from veedor.simulation import simulate, write_demo_claims, write_simulated


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = write_simulated(simulate(200, "clean", 1), tmp_path_factory.mktemp("dataset") / "election")
    write_demo_claims(made)
    return made


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each published file is read from now on."""
    counted: Counter[str] = Counter()
    plain = file.read_file

    def read_file(
        election: Election, contest: Contest, published: PublishedFile, *, whole: bool = True
    ) -> file.FileRead:
        counted[published.name] += 1
        return plain(election, contest, published, whole=whole)

    monkeypatch.setattr("veedor.sheets.read.read_file", read_file)
    return counted


def test_nothing_is_read_before_it_is_asked_for(folder: Path, reads: Counter[str]) -> None:
    dataset = open_dataset(folder)
    assert dataset.snapshots(dataset.election.counts[0])
    assert not reads
    dataset.table()
    assert sum(reads.values()) == 1


@pytest.mark.slow
def test_a_state_out_of_a_series_is_the_one_that_its_own_file_gives(folder: Path) -> None:
    alone, whole = open_dataset(folder), open_dataset(folder)
    whole.read()
    for count in alone.counts:
        for when in (None, alone.snapshots(count)[0]):
            one, other = alone.sheets(count, when=when), whole.sheets(count, when=when)
            assert one.when == other.when
            assert one.table.sort("station").equals(other.table.sort("station"))


@pytest.mark.slow
def test_claims_read_every_file_once(folder: Path, reads: Counter[str]) -> None:
    dataset = open_dataset(folder)
    found = results_for(read_claims(folder, dataset.election), dataset)
    assert {"count", "checks", "interruption"} <= set(found)
    assert reads
    assert set(reads.values()) == {1}


@pytest.mark.slow
def test_what_was_read_is_shared_by_what_is_made_of_it(folder: Path, reads: Counter[str]) -> None:
    dataset = open_dataset(folder)
    renamed = replace(dataset, name="other")
    renamed.read()
    dataset.at_hand().read()
    assert set(reads.values()) == {1}
    dataset.unread().read()
    assert set(reads.values()) == {2}


def test_the_default_count_is_the_last_official_one_else_the_last(folder: Path) -> None:
    dataset = open_dataset(folder)
    preliminary, official = dataset.counts
    assert (preliminary.kind, official.kind) == ("preliminary", "official")
    again = official.model_copy(update={"id": "again"})
    for counts, meant in (
        ((preliminary, official), "official"),
        ((official, preliminary), "official"),
        ((official, again), "again"),
        ((preliminary,), "preliminary"),
    ):
        assert replace(dataset, counts=counts).default_count.id == meant


def test_names_that_are_not_there_are_refused_with_the_nearest(folder: Path) -> None:
    election = open_dataset(folder).election
    with pytest.raises(VeedorError, match="no count 'oficial'; did you mean 'official'"):
        election.count_named("oficial")
    with pytest.raises(VeedorError, match="no contest 'zzz'; known: "):
        election.contest_named("zzz")
    assert election.contest_named(None) is election.contests[0]


def test_a_snapshot_is_named_by_its_time_or_the_beginning_of_it(folder: Path) -> None:
    dataset = open_dataset(folder)
    count = dataset.counts[0]
    first = dataset.snapshots(count)[0]
    local = first.astimezone(dataset.election.zone).replace(tzinfo=None).isoformat()
    assert dataset.snapshot(count, "last") is None
    assert dataset.snapshot(count, local) == first
    assert dataset.snapshot(count, first.astimezone(dt.UTC).isoformat()) == first
    with pytest.raises(VeedorError, match="no snapshot is called '1999'; the nearest are"):
        dataset.snapshot(count, "1999")
    with pytest.raises(VeedorError, match="several snapshots begin with"):
        dataset.snapshot(count, local[:4])


@pytest.mark.slow
def test_one_made_in_memory_has_the_counts_that_were_made(folder: Path) -> None:
    read = open_dataset(folder)
    only = in_memory(read.election, [read.series(read.counts[0])])
    assert isinstance(only, Dataset)
    assert [count.id for count in only.counts] == [read.counts[0].id]
    assert only.default_count.id == read.counts[0].id
    assert only.table().height == read.table(read.counts[0]).height


def test_a_folder_without_its_files_names_what_is_missing(folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / "election.toml", tmp_path)
    with pytest.raises(VeedorError, match="official"):
        open_dataset(tmp_path).table()
