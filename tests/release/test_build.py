"""Wheel and sdist: the same bytes however they are built, with all that the program needs."""

import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from release import __main__ as made
from release import build
from release.calls import ReleaseError
from tests.conftest import ROOT

EPOCH = 1_600_000_000


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, bytes]]:
    if not (ROOT / ".git").exists():
        pytest.skip("needs the repository: what is built are the files that git knows of")
    scratch = tmp_path_factory.mktemp("built")
    return [build.built(ROOT, scratch, circumstances, EPOCH) for circumstances in (build.ONE, build.OTHER)]


@pytest.mark.slow
def test_folder_umask_zone_and_times_do_not_reach_the_bytes(both: list[dict[str, bytes]]) -> None:
    one, other = both
    assert sorted(name.rpartition(".")[2] for name in one) == ["gz", "whl"]
    assert one == other


def test_the_circumstances_differ_in_everything() -> None:
    one, other = vars(build.ONE), vars(build.OTHER)
    assert [name for name in one if one[name] == other[name]] == []


@pytest.mark.slow
def test_the_time_within_is_that_of_the_commit(both: list[dict[str, bytes]]) -> None:
    data = next(data for name, data in both[0].items() if name.endswith(".gz"))
    with tarfile.open(fileobj=BytesIO(data)) as packed:
        assert {member.mtime for member in packed} == {EPOCH}
        assert {(member.uid, member.gid) for member in packed} == {(0, 0)}


@pytest.mark.slow
def test_the_wheel_holds_all_that_the_program_needs(both: list[dict[str, bytes]]) -> None:
    data = next(data for name, data in both[0].items() if name.endswith(".whl"))
    names = set(zipfile.ZipFile(BytesIO(data)).namelist())
    tracked = build.tracked(ROOT)
    wanted = {name.removeprefix("src/") for name in tracked if name.startswith("src/")}
    wanted |= {f"veedor/{name}" for name in tracked if name.startswith("elections/")}
    assert {name for name in names if name.startswith("veedor/")} == wanted
    assert any(name.endswith("/licenses/LICENSE") for name in names)


@pytest.mark.slow
def test_the_sdist_holds_what_is_committed_and_nothing_else(both: list[dict[str, bytes]]) -> None:
    data = next(data for name, data in both[0].items() if name.endswith(".gz"))
    with tarfile.open(fileobj=BytesIO(data)) as packed:
        names = {member.name.partition("/")[2] for member in packed if member.isfile()}
    assert names == {*build.tracked(ROOT), "PKG-INFO"}


def test_two_builds_that_differ_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([{"a.whl": b"one"}, {"a.whl": b"other"}])
    monkeypatch.setattr(build, "built", lambda *_: next(answers))
    monkeypatch.setattr("release.__main__.time.sleep", lambda _: None)
    with pytest.raises(ReleaseError, match=r"a\.whl: 7692c3ad"):  # printf one | sha256sum
        made.built_twice(tmp_path, tmp_path, EPOCH)


def _add(path: Path) -> None:
    (path / "new.py").write_text("")


def _change(path: Path) -> None:
    (path / "old.py").write_text("changed")


@pytest.mark.parametrize(("spoil", "named"), [(_add, "new.py"), (_change, "old.py")])
def test_a_tree_that_is_not_what_was_committed_is_refused(
    tmp_path: Path, spoil: Callable[[Path], None], named: str
) -> None:
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    (tmp_path / "old.py").write_text("")
    for words in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "All"]):
        subprocess.run([*git, *words], check=True)
    made.require_clean(tmp_path)
    spoil(tmp_path)
    with pytest.raises(ReleaseError, match=named):
        made.require_clean(tmp_path)
