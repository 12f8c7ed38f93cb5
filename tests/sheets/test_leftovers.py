"""Half-made files and folders: gone when their program ends, or cleared away by the next one; nobody else's are."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from veedor import leftovers
from veedor.errors import VeedorError
from veedor.files import atomic
from veedor.leftovers import MARK, NEW, OLD, PART, half_made_folder, put_in_place

KILLED = """
import os, signal, sys
from pathlib import Path
from veedor.leftovers import half_made_folder
from veedor.files import atomic
here = Path(sys.argv[1])
with half_made_folder(here / "site") as home, atomic(here / "sheets.csv") as part:
    (home / "new/index.html").write_text("half")
    part.write_text("half")
    if len(sys.argv) > 2:  # between the two renames
        (here / "site").rename(home / "old")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def _anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a program that has not cleared anything away yet."""
    monkeypatch.setattr(leftovers, "_cleared", set())


def killed(folder: Path, *more: str) -> list[str]:
    """Names that a program left in the folder that was killed while it wrote."""
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder), *more], check=False)
    assert done.returncode == -signal.SIGKILL
    return [path.name for path in folder.iterdir() if path.name.endswith(PART)]


def write_both(folder: Path) -> None:
    with half_made_folder(folder / "site") as home:
        (home / NEW / "index.html").write_text("whole")
        put_in_place(home, folder / "site")
    with atomic(folder / "sheets.csv") as part:
        part.write_text("whole")


def test_what_a_killed_program_left_is_cleared_away_by_the_next(tmp_path: Path) -> None:
    assert len(killed(tmp_path)) == 2
    write_both(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sheets.csv", "site"]
    assert [path.name for path in (tmp_path / "site").iterdir()] == ["index.html"]


def test_a_folder_that_was_taken_away_is_put_back(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/index.html").write_text("before")
    killed(tmp_path, "between")
    assert not (tmp_path / "site").exists()
    with pytest.raises(VeedorError, match="nothing to write"), half_made_folder(tmp_path / "site"):
        raise VeedorError("nothing to write")
    assert (tmp_path / "site/index.html").read_text() == "before"
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["site"]


def test_what_another_program_is_still_writing_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with half_made_folder(tmp_path / "site") as home, atomic(tmp_path / "sheets.csv") as part:
        monkeypatch.setattr(leftovers, "_cleared", set())
        write_both(tmp_path)
        assert (home / NEW).is_dir()
        assert part.is_file()
        part.write_text("later")
    assert (tmp_path / "sheets.csv").read_text() == "later"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sheets.csv", "site"]


def test_what_is_not_marked_is_nobody_s_to_delete(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / MARK).touch()
    there = tmp_path / "there"
    there.mkdir()
    own = [there / f".site.{name}{PART}" for name in ("aaaaaaaa", "bbbbbbbb")]
    own[0].mkdir()
    (own[0] / "thesis").touch()
    own[1].symlink_to(elsewhere)
    others = [there / ".site.abcdefgh", there / f".other.abcdefgh{PART}"]
    for other in others:
        other.mkdir()
        (other / MARK).touch()
    os.mkfifo(there / f".sheets.csv.cccccccc{PART}")
    write_both(there)
    left = {path.name for path in there.iterdir()}
    assert left == {"site", "sheets.csv", *(path.name for path in (*own, *others)), f".sheets.csv.cccccccc{PART}"}
    assert (own[0] / "thesis").exists()
    assert (elsewhere / MARK).exists()


def test_an_interruption_between_the_renames_puts_the_folder_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/index.html").write_text("before")
    rename = Path.rename

    def interrupted(self: Path, target: Path) -> Path:
        if self.name == NEW:
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt), half_made_folder(tmp_path / "site") as home:
        put_in_place(home, tmp_path / "site")
    assert (tmp_path / "site/index.html").read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_without_locks_only_what_is_old_is_cleared_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "_lock", lambda descriptor: None)
    names = killed(tmp_path)
    write_both(tmp_path)
    assert set(names) <= {path.name for path in tmp_path.iterdir()}
    for path in [*tmp_path.rglob(MARK), *tmp_path.glob(f".*{PART}")]:
        os.utime(path, (0, 0))
    monkeypatch.setattr(leftovers, "_cleared", set())
    write_both(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sheets.csv", "site"]
    assert OLD not in {path.name for path in tmp_path.rglob("*")}


def test_long_names_in_any_letters(tmp_path: Path) -> None:
    with atomic(tmp_path / ("\U0001f5f3" * 60)) as part:
        part.write_text("x")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["x"]
