"""Documents kept between reports: taken again only for the very same inputs, and never when they were spoiled."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.dossier.conftest import opened_from
from veedor.dossier import kept as module
from veedor.dossier.gather import gather
from veedor.dossier.input import Opened
from veedor.dossier.kept import MARK, SECRET, Kept
from veedor.dossier.site import write_dossier
from veedor.dossier.verify import verify_dossier
from veedor.election.read import read_election
from veedor.leftovers import PART
from veedor.sheets.cache import documents_folder
from veedor.sheets.fetch import cache_folder

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
    """The documents that are kept."""
    return sorted(path for path in kept.folder.rglob("*") if path.is_file() and len(path.name) == 64)


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
    dataset = dataclasses.replace(opened.dataset, **{change: other[change]})  # type: ignore[arg-type]
    assert derived(dataclasses.replace(opened, dataset=dataset), kept) >= ROOMS


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
    opened = opened_from(simulated, "simulated")
    holders = [path for path in files(kept) if b'"check": "reconciliation"' in path.read_bytes()]
    for path in holders:
        document = path.read_bytes().partition(b"\n")[2].replace(b'"changed_sheets": ', b'"changed_sheets": 9', 1)
        path.write_bytes(kept._seal(path.name, document) + b"\n" + document)
    out = tmp_path / "site"
    write_dossier(opened, out, data=str(simulated), kept=kept)
    found = {(one.file, one.where) for one in verify_dossier(out, simulated).differences}
    assert any(file == "results/check.json" and where.endswith("effect.changed_sheets") for file, where in found)


def test_another_program_s_documents_are_not_taken(
    simulated: Path, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "program", lambda: "0" * 64)
    assert derived(opened_from(simulated, "simulated"), kept) >= ROOMS
    assert {path.parent.name for path in files(kept)} == {"0" * 16}  # and those of the other one are gone


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(simulated: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    found = gather(opened_from(simulated, "simulated"), Kept(folder=tmp_path / "file"))
    assert json.loads(json.dumps(found["count.json"])) == found["count.json"]


def test_an_unkeyed_hash_seals_nothing_and_neither_does_another_user_s_key(simulated: Path, kept: Kept) -> None:
    """Whoever can put a file among the documents knows how they are sealed, but not with which key."""
    opened = opened_from(simulated, "simulated")
    wanted, holders = gather(opened), [path for path in files(kept) if b'"counted": ' in path.read_bytes()]
    for path in holders:
        forged = path.read_bytes().partition(b"\n")[2].replace(b'"counted": ', b'"counted": 9')
        plain = hashlib.sha256(path.name.encode() + b"\n" + forged).hexdigest().encode()
        path.write_bytes(plain + b"\n" + forged)
    assert gather(opened, Kept(folder=kept.folder)) == wanted
    other = Kept(folder=kept.folder.with_name("other"))
    for path in holders:
        document = path.read_bytes().partition(b"\n")[2].replace(b'"counted": ', b'"counted": 9')
        path.write_bytes(other._seal(path.name, document) + b"\n" + document)
    assert gather(opened, Kept(folder=kept.folder)) == wanted


def test_the_key_is_readable_by_its_user_alone(kept: Kept) -> None:
    assert (kept.folder / SECRET).stat().st_mode & 0o777 == 0o600
    assert "seal" not in repr(kept)
    assert str(kept._secret) not in repr(kept)


def _readable(secret: Path) -> None:
    secret.chmod(0o644)


def _linked(secret: Path) -> None:
    moved = secret.rename(secret.with_name("moved"))
    secret.symlink_to(moved)


def _named_twice(secret: Path) -> None:
    os.link(secret, secret.with_name("second"))


def _short(secret: Path) -> None:
    secret.write_bytes(b"")


def _pipe(secret: Path) -> None:
    secret.unlink()
    os.mkfifo(secret, 0o600)


def _shared_folder(secret: Path) -> None:
    secret.parent.chmod(0o777)


def _of_another_user(secret: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root gives a file to somebody else")
    os.chown(secret, 12345, -1)


@pytest.mark.parametrize(
    "spoil",
    [_readable, _linked, _named_twice, _short, _pipe, _shared_folder, _of_another_user],
    ids=lambda one: one.__name__,
)
def test_with_a_key_that_others_may_have_made_nothing_is_kept_or_taken(
    simulated: Path, kept: Kept, spoil: Callable[[Path], None]
) -> None:
    before = {path: path.read_bytes() for path in files(kept)}
    spoil(kept.folder / SECRET)
    again = Kept(folder=kept.folder)
    again.write("0" * 64, b"{}")
    assert [again.read(path.name) for path in before] == [None] * len(before)
    assert {path: path.read_bytes() for path in files(kept)} == before


def test_what_a_killed_report_was_writing_is_gone_at_the_next(kept: Kept) -> None:
    killed = """
import os, signal, sys
from pathlib import Path
from veedor.dossier.kept import Kept
Path.replace = lambda path, target: os.kill(os.getpid(), signal.SIGKILL)
Kept(folder=Path(sys.argv[1])).write("3" * 64, b"{}")
"""
    before = {path for path in kept.folder.rglob("*") if path.is_file()}
    done = subprocess.run([sys.executable, "-c", killed, str(kept.folder)], check=False)
    assert done.returncode == -signal.SIGKILL
    left = {path for path in kept.folder.rglob("*") if path.is_file()} - before
    assert len(left) == 1
    kept.write("4" * 64, b"{}")
    after = {path for path in kept.folder.rglob("*") if path.is_file()}
    assert [path.name for path in after - before] == ["4" * 64]


def test_only_what_was_marked_is_deleted(kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """VEEDOR_CACHE may be a folder in which somebody keeps other things."""
    own, odd, mixed = (kept.folder / name for name in ("thesis", "f" * 16, "e" * 16))
    for folder in (own, odd, mixed):
        folder.mkdir()
        (folder / "d").write_text("x", encoding="utf-8")
    (mixed / MARK).touch()
    (mixed / ("a" * 64)).touch()
    (mixed / "part-abc").touch()  # as earlier versions called what they were writing
    (mixed / f".{'a' * 40}.abcdefgh{PART}").touch()
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / MARK).touch()
    (tmp_path / "target" / ("b" * 64)).touch()
    (kept.folder / ("d" * 16)).symlink_to(tmp_path / "target")
    (kept.folder / "notes.txt").write_text("x", encoding="utf-8")
    monkeypatch.setattr(module, "program", lambda: "0" * 64)
    kept.write("1" * 64, b"{}")
    assert kept.read("1" * 64) == {}
    left = {path.relative_to(kept.folder).as_posix() for path in kept.folder.rglob("*") if path.is_file()}
    home = "0" * 16
    assert left == {
        "thesis/d",
        f"{'f' * 16}/d",
        f"{'e' * 16}/d",
        "notes.txt",
        SECRET,
        f"{home}/{MARK}",
        f"{home}/{'1' * 64}",
    }
    assert len(list((tmp_path / "target").iterdir())) == 2


def test_a_document_of_another_state_of_the_program_is_not_taken(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.write("2" * 64, b"[1]")
    before = next(path for path in files(kept) if path.name == "2" * 64)
    monkeypatch.setattr(module, "program", lambda: "0" * 64)
    kept.write("3" * 64, b"[2]")
    (kept.folder / ("0" * 16) / ("2" * 64)).write_bytes(kept._seal("3" * 64, b"[1]") + b"\n[1]")
    assert (kept.read("2" * 64), kept.read("3" * 64)) == (None, [2])
    assert not before.exists()


def test_a_document_without_a_language_s_sentences_is_not_taken(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.write("2" * 64, b"[1]")
    seen = {module.program()}
    for sentence in ("", 'ballots = "Papila"', 'ballots = "Papilakuna"'):
        catalogue = tmp_path / "languages" / "qu" / "count.toml"
        catalogue.parent.mkdir(parents=True, exist_ok=True)
        catalogue.write_text(sentence, encoding="utf-8")
        monkeypatch.setenv("VEEDOR_LANGUAGES", str(tmp_path / "languages"))
        module.program.cache_clear()
        assert kept.read("2" * 64) is None
        seen.add(module.program())
    assert len(seen) == 4
    monkeypatch.undo()
    module.program.cache_clear()
    assert kept.read("2" * 64) == [1]


def test_a_definition_called_report_leaves_the_kept_documents_alone(
    simulated: Path, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its files are called as kept documents are; they are downloaded, and lie elsewhere."""
    monkeypatch.setenv("VEEDOR_CACHE", str(kept.folder.parent))
    names = [path.relative_to(kept.folder).as_posix() for path in files(kept)]
    elected = read_election(simulated)
    for identifier in ("report", "documents", "kept"):
        evil = elected.model_copy(update={"id": identifier})
        for name in names:
            assert not (cache_folder(evil) / name).is_relative_to(documents_folder())
            assert not (cache_folder(evil) / name).exists()
