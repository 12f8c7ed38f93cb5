"""The comparison of figures sees a figure that changed, wherever it stands."""

import shutil
from pathlib import Path

import pytest

from tests.figures.compare import compare_folders


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    one = tmp_path / "one"
    (one / "en").mkdir(parents=True)
    (one / "results.json").write_text(
        '{"votes": 12, "said": "of 34,555 sheets", "manifest": {"sha256": "a1"}, "x": [0.5]}'
    )
    (one / "en" / "page.html").write_text("<p>47.08 %</p><script>var version = 3;</script>")
    (one / "table.csv").write_text("station,votes\n101,7\n")
    return one, Path(shutil.copytree(one, tmp_path / "other"))


def test_the_same_dossier_has_the_same_figures(folders: tuple[Path, Path]) -> None:
    found = compare_folders(*folders)
    assert (found.files, found.differences) == (3, [])
    assert found.figures == 3 + 1 + 2


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("results.json", "12", "13"),
        ("results.json", "34,555", "34,556"),
        ("results.json", "0.5", "0.25"),
        ("en/page.html", "47.08", "47.09"),
        ("table.csv", "7", "8"),
    ],
)
def test_one_other_figure_is_seen(folders: tuple[Path, Path], file: str, old: str, new: str) -> None:
    path = folders[1] / file
    path.write_text(path.read_text().replace(old, new))
    (one,) = compare_folders(*folders).differences
    assert one.where.startswith(file)
    assert old in one.before
    assert new in one.after


def test_what_names_the_program_may_differ(folders: tuple[Path, Path]) -> None:
    path = folders[1] / "results.json"
    path.write_text(path.read_text().replace("a1", "b2"))
    page = folders[1] / "en" / "page.html"
    page.write_text(page.read_text().replace("version = 3", "version = 4"))
    assert compare_folders(*folders).differences == []


def test_a_missing_file_is_a_difference(folders: tuple[Path, Path]) -> None:
    (folders[1] / "table.csv").unlink()
    assert [str(one) for one in compare_folders(*folders).differences] == ["table.csv: there -> absent"]
