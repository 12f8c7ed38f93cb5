"""veedor verify where something cannot even be read or found: it is named as a difference, or said with its place."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.audit import builders
from tests.count.test_command_on_a_small_election import SHEETS, write
from veedor.audit.units import units_from
from veedor.cli.report import make_dossier
from veedor.dossier.verify import verify_dossier
from veedor.election.read import read_election
from veedor.errors import InputError, VeedorError
from veedor.sheets.read import read_sheets

pytestmark = pytest.mark.slow

BROKEN = "5,Sur,150,x,40,0,0"
"""A sheet whose votes for Ana are no number."""


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small election and its files, of which the official one has a row that cannot be read."""
    folder = write(tmp_path_factory.mktemp("small"))
    official = folder / "official.csv"
    official.write_text(official.read_text() + BROKEN + "\n")
    return folder


@pytest.fixture(scope="module")
def site(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its dossier, which left that row out and says so."""
    out = tmp_path_factory.mktemp("made") / "site"
    make_dossier(str(raw), out, data=raw, skip_bad_rows=True)
    return out


@pytest.fixture
def copy(site: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(site, tmp_path / "copy"))


def change_manifest(folder: Path, **changes: Any) -> None:
    (path,) = folder.rglob("manifest.json")
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


@pytest.mark.slow
def test_an_untouched_dossier_verifies(site: Path, raw: Path) -> None:
    assert verify_dossier(site, raw).differences == ()


def test_raw_files_that_are_the_manifests_and_cannot_be_read_are_a_fault_of_theirs(copy: Path, raw: Path) -> None:
    """Their hashes are right, so there is no difference to name: the row that cannot be read is said."""
    change_manifest(copy, skip_bad_rows=False)
    with pytest.raises(InputError) as caught:
        verify_dossier(copy, raw)
    assert [(fault.file, fault.row, fault.column) for fault in caught.value.faults] == [("official.csv", 6, "ana")]


@pytest.mark.parametrize("data", [b"", b"mesa\n", b"\xff\xfe\x00"], ids=["empty", "one column", "no text"])
def test_a_raw_file_spoiled_beyond_reading_is_named_and_no_figure_is_said_to_hold(
    site: Path, raw: Path, tmp_path: Path, data: bytes
) -> None:
    other = Path(shutil.copytree(raw, tmp_path / "raw"))
    (other / "official.csv").write_bytes(data)
    result = verify_dossier(site, other)
    assert (result.election, result.raw, result.files) == ("small", 5, 0)
    first, second = result.differences
    assert (first.file, first.where) == ("raw file official.csv", "SHA-256")
    assert first.found != first.derived
    assert second.file == "every figure"


def test_a_record_that_is_not_where_the_manifest_says_is_missed(copy: Path, raw: Path) -> None:
    """It is said before anything is derived: where the dossier looked for it, and from where."""
    (copy.parent / "record").write_text("a file is no folder of a log")
    for record in ("no/such/record", "../record"):
        change_manifest(copy, record=record)
        with pytest.raises(VeedorError, match=f"record.*'{record}', seen from"):
            verify_dossier(copy, raw)


@pytest.mark.parametrize("record", [3, ["record"], {"at": "record"}], ids=["a number", "a list", "an object"])
def test_a_record_that_is_no_name_is_refused(copy: Path, raw: Path, record: object) -> None:
    change_manifest(copy, record=record)
    with pytest.raises(VeedorError, match="record"):
        verify_dossier(copy, raw)


def test_a_contest_that_the_election_does_not_have_is_named_with_those_it_has(copy: Path, raw: Path) -> None:
    change_manifest(copy, contest="senator")
    with pytest.raises(InputError) as caught:
        verify_dossier(copy, raw)
    (fault,) = caught.value.faults
    assert str(fault.file).endswith("manifest.json")
    assert (fault.column, fault.found, fault.wanted) == ("contest", "'senator'", "one of mayor")


@pytest.mark.slow
def test_an_audit_whose_plan_is_spoiled_is_a_difference(tmp_path: Path) -> None:
    (tmp_path / "election").mkdir()
    folder = write(tmp_path / "election")
    election = read_election(folder)
    contest, count = election.contests[0], election.counts[1]
    table = read_sheets(election, contest, count, folder).table
    units, who = units_from(table, contest, election.level_ids), builders.signatories(builders.keys())
    builders.make(tmp_path / "audit", builders.terms(who), units, election=election.id, count=count.id)
    site = tmp_path / "site"
    make_dossier(str(folder), site, data=folder, audit=tmp_path / "audit")
    assert len(units.ids) == len(SHEETS)
    assert verify_dossier(site, folder).differences == ()
    (site / "audit/plan.json").write_text("{")
    found = {(one.file, one.where) for one in verify_dossier(site, folder).differences}
    assert ("audit/plan.json", "SHA-256") in found
    assert ("audit/plan.json", "") in found
