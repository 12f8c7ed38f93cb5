"""Documents kept between reports: taken again only for the very same inputs, and never when they were spoiled."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.dossier.conftest import opened_from
from veedor.dossier.gather import Kept, gather
from veedor.dossier.opened import Opened
from veedor.dossier.site import write_dossier
from veedor.dossier.verify import verify_dossier

pytestmark = pytest.mark.slow

ROOMS = {"count.json", "places.json", "timeline.json", "check.json", "map.json", "interruption.json", "audit.json"}


@pytest.fixture(scope="module")
def folder(simulated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the documents of one report."""
    kept = tmp_path_factory.mktemp("kept")
    gather(opened_from(simulated, "simulated"), Kept(folder=kept))
    return kept


@pytest.fixture
def kept(folder: Path, tmp_path: Path) -> Kept:
    return Kept(folder=Path(shutil.copytree(folder, tmp_path / "kept")))


def derived(opened: Opened, kept: Kept | None) -> set[str]:
    """The documents that a report of this election derives; the others it takes."""
    names: list[str] = []
    gather(opened, kept, names.append)
    assert len(names) == len(set(names))
    return set(names) - {"record.json"}  # never kept: it follows from a log beside the raw files


def files(kept: Kept) -> list[Path]:
    return sorted(path for path in kept.folder.rglob("*") if path.is_file())


def test_a_second_report_derives_nothing_and_says_the_same(simulated: Path, kept: Kept) -> None:
    opened = opened_from(simulated, "simulated")
    assert derived(opened, kept) == set()
    assert gather(opened, kept) == gather(opened)


def test_without_a_folder_of_its_own_every_room_runs(simulated: Path) -> None:
    assert derived(opened_from(simulated, "simulated"), None) >= ROOMS


def test_one_changed_byte_of_a_sheet_and_every_room_runs_again(simulated: Path, kept: Kept, tmp_path: Path) -> None:
    raw = Path(shutil.copytree(simulated, tmp_path / "raw"))
    last = max(raw.glob("official-*.csv"))
    text = last.read_text(encoding="utf-8")
    header, first, *rest = text.splitlines()
    cells = first.split(",")
    at = header.split(",").index("faro") if "faro" in header.split(",") else len(cells) - 1
    cells[at] = str(int(cells[at]) + 1)
    last.write_text("\n".join([header, ",".join(cells), *rest, ""]), encoding="utf-8")
    assert derived(opened_from(raw, "simulated"), kept) >= ROOMS


def test_other_claims_leave_the_rooms_alone(simulated: Path, kept: Kept) -> None:
    import dataclasses

    claims = b"""[[claims]]
id = "elected"
who = { name = "Ana" }
words = { en = "It is decided." }
source = { title = "Paper" }
kind = "testable"
[[claims.conditions]]
room = "count"
finding = "official"
field = "outcome.result"
is = "elected"
"""
    opened = dataclasses.replace(opened_from(simulated, "simulated"), claims=claims)
    assert derived(opened, kept) == set()
    assert gather(opened, kept)["claims.json"]["claims"][0]["id"] == "elected"


@pytest.mark.parametrize("change", ["name", "definition", "skip_bad_rows"])
def test_what_else_a_document_follows_from(simulated: Path, kept: Kept, change: str) -> None:
    import dataclasses

    opened = opened_from(simulated, "simulated")
    other: dict[str, object] = {
        "name": "other",
        "definition": opened.definition + b"\n# another line\n",
        "skip_bad_rows": True,
    }
    assert derived(dataclasses.replace(opened, **{change: other[change]}), kept) >= ROOMS  # type: ignore[arg-type]


def _figure(path: Path, other: Path) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"counted": ', '"counted": 1', 1), encoding="utf-8")


def _swapped(path: Path, other: Path) -> None:
    path.write_bytes(other.read_bytes())


def _cut(path: Path, other: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def _emptied(path: Path, other: Path) -> None:
    path.write_bytes(b"")


def _unsealed(path: Path, other: Path) -> None:
    path.write_bytes(path.read_bytes().partition(b"\n")[2])


@pytest.mark.parametrize("spoil", [_figure, _swapped, _cut, _emptied, _unsealed])
def test_a_spoiled_document_is_derived_again(simulated: Path, kept: Kept, spoil: Callable[[Path, Path], None]) -> None:
    opened = opened_from(simulated, "simulated")
    wanted = gather(opened)
    holders = [path for path in files(kept) if b'"counted": ' in path.read_bytes()]
    for path in holders:
        spoil(path, next(one for one in files(kept) if one not in holders))
    assert len(derived(opened, kept)) == len(holders)
    assert gather(opened, kept) == wanted


def test_verify_trusts_no_kept_document_even_a_sealed_one(simulated: Path, kept: Kept, tmp_path: Path) -> None:
    from veedor.dossier.gather import _seal

    opened = opened_from(simulated, "simulated")
    holders = [path for path in files(kept) if b'"check": "reconciliation"' in path.read_bytes()]
    for path in holders:
        document = path.read_bytes().partition(b"\n")[2].replace(b'"changed_sheets": ', b'"changed_sheets": 9', 1)
        path.write_bytes(_seal(path.name, document) + b"\n" + document)
    out = tmp_path / "site"
    write_dossier(opened, out, data=str(simulated), kept=kept)
    found = {(one.file, one.where) for one in verify_dossier(out, simulated).differences}
    assert any(file == "results/check.json" and where.endswith("effect.changed_sheets") for file, where in found)


def test_another_program_s_documents_are_not_taken(
    simulated: Path, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    from veedor.dossier import gather as module

    monkeypatch.setattr(module, "program", lambda: "0" * 64)
    assert derived(opened_from(simulated, "simulated"), kept) >= ROOMS
    assert {path.parent.name for path in files(kept)} == {"0" * 16}  # and those of the other one are gone


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(simulated: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    found = gather(opened_from(simulated, "simulated"), Kept(folder=tmp_path / "file"))
    assert json.loads(json.dumps(found["count.json"])) == found["count.json"]
