"""Files of folders that somebody else made."""

import os
import time
from hashlib import sha256
from pathlib import Path

import pytest

from veedor.rim.foreign import Entry, ForeignError, MissingFileError, entries, read_content, read_file
from veedor.rim.unchanged import ChangedError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "folder"
    (made / "inner").mkdir(parents=True)
    (made / "inner" / "file").write_bytes(b"inside")
    (tmp_path / "secret").write_bytes(b"outside")
    (made / "out").symlink_to(tmp_path / "secret")
    (made / "relative").symlink_to("../secret")
    (made / "in").symlink_to("inner/file")
    (made / "round").symlink_to("round")
    (made / "elsewhere").symlink_to(tmp_path)
    os.mkfifo(made / "pipe")
    return made


@pytest.mark.parametrize("name", ["out", "relative", "elsewhere/secret", "inner/../../secret"])
def test_nothing_outside_the_folder_is_read(folder: Path, name: str) -> None:
    with pytest.raises(ForeignError, match="leads out of"):
        read_file(folder / name, most=100, within=folder)


@pytest.mark.parametrize("name", ["inner/file", "in"])
def test_what_lies_inside_is(folder: Path, name: str) -> None:
    content = read_content(folder / name, most=6, within=folder)
    assert (content.data, content.sha256) == (b"inside", sha256(b"inside").hexdigest())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("pipe", "a pipe"),
        ("inner", "a folder"),
        ("round", "circle"),
        ("/dev/zero", "a device"),
        ("/dev/tty", "a device"),
    ],
)
def test_what_is_no_file_is_refused_at_once(folder: Path, name: str, said: str) -> None:
    start = time.monotonic()
    with pytest.raises(ForeignError, match=said):
        read_file(folder / name, most=100)
    assert time.monotonic() - start < 1


def test_size_comes_before_bytes(folder: Path) -> None:
    with (folder / "huge").open("wb") as stream:
        stream.truncate(8 * 2**30)
    with pytest.raises(ForeignError, match="8,589,934,592 bytes; at most 100"):
        read_file(folder / "huge", most=100)


def test_names_that_lead_nowhere(folder: Path) -> None:
    for name in ("nothing", "inner/file/more", "a\0b"):
        with pytest.raises(MissingFileError):
            read_file(folder / name, most=100)


def test_everything_in_a_folder_is_listed_and_no_link_followed(folder: Path) -> None:
    (folder / ".htaccess").write_bytes(b"123")
    kinds = {one.path: (one.kind, one.size) for one in entries(folder)}
    assert kinds[".htaccess"] == ("file", 3)
    assert kinds["inner/file"] == ("file", 6)
    assert {kinds[name][0] for name in ("out", "relative", "in", "round", "elsewhere")} == {"link"}
    assert (kinds["pipe"], kinds["inner"]) == (("other", 0), ("folder", 0))
    assert len(kinds) == 9
    assert Entry(path="inner", kind="folder", size=0) in list(entries(folder))


def test_a_file_that_is_replaced_while_it_is_opened_has_changed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is in the folder, and another one than that which was opened: no link out of it."""
    (tmp_path / "other").write_bytes(b"others")
    plain = os.open

    def replaced(path: Path, *rest: int) -> int:
        opened = plain(path, *rest)
        if Path(path).name == "file" and (tmp_path / "other").exists():
            os.replace(tmp_path / "other", folder / "inner" / "file")
        return opened

    monkeypatch.setattr(os, "open", replaced)
    with pytest.raises(ChangedError, match="changed while it was read"):
        read_file(folder / "inner" / "file", most=100, within=folder)
