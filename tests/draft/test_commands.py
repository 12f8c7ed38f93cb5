"""veedor new and veedor export as a person runs them."""

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from tests.conftest import ROOT
from tests.draft import files

pytestmark = pytest.mark.slow

PROGRAM = [sys.executable, "-c", "from veedor.cli import main; main()"]


def veedor(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PROGRAM, *words], cwd=folder, capture_output=True, encoding="utf-8", check=False)


def test_new_then_export(tmp_path: Path) -> None:
    files.english(tmp_path)
    done = veedor("new", "my", "--from", "results.csv", "--json", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told["counts"] == [{"id": "official", "sheets": 3, "valid": 757, "problem": None}]
    assert told["data"] == str(tmp_path)
    for kind in ("csv", "parquet", "nist-json"):
        words = ["export", "my", "--data", ".", "--format", kind, "--out", f"out.{kind}"]
        assert veedor(*words, folder=tmp_path).returncode == 0
    assert pl.read_parquet(tmp_path / "out.parquet")["votes.Ada-Stone"].sum() == 442
    assert pl.read_csv(tmp_path / "out.csv")["votes.Ada-Stone"].sum() == 442
    assert json.loads((tmp_path / "out.nist-json").read_text())["@type"] == "ElectionResults.ElectionReport"


def test_the_ending_of_the_file_tells_the_format(tmp_path: Path) -> None:
    files.english(tmp_path)
    veedor("new", "my", "--from", "results.csv", folder=tmp_path)
    for name in ("out.csv", "out.parquet", "out.json"):
        assert veedor("export", "my", "--data", ".", "--out", name, folder=tmp_path).returncode == 0
    assert pl.read_parquet(tmp_path / "out.parquet")["votes.Ada-Stone"].sum() == 442
    assert pl.read_csv(tmp_path / "out.csv")["votes.Ada-Stone"].sum() == 442
    assert json.loads((tmp_path / "out.json").read_text())["@type"] == "ElectionResults.ElectionReport"
    done = veedor("export", "my", "--data", ".", "--out", "out.txt", folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "found 'out.txt', wanted a name in .csv, .parquet or .json" in done.stderr
    assert not (tmp_path / "out.txt").exists()


def test_several_files_after_from(tmp_path: Path) -> None:
    path, _ = files.english(tmp_path)
    for time in ("20300505_200000", "20300505_210000"):
        (tmp_path / f"prelim_{time}.csv").write_bytes(path.read_bytes())
    done = veedor(
        "new",
        "my",
        "--from",
        "prelim_20300505_200000.csv",
        "prelim_20300505_210000.csv",
        "results.csv",
        folder=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "my/election.toml").read_text()
    assert 'files = "prelim_{time:%Y%m%d_%H%M%S}.csv" # 2 files with the time in the name' in text
    assert "date = 2030-05-05" in text


def test_bad_input_ends_with_2_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"")
    for words in (
        ("new", "my", "--from", "x.csv"),
        ("new", "my", "--from", "y.csv"),
        ("export", "nowhere", "--out", "z.csv"),
        ("export", "bolivia-2019", "--data", ".", "--out", "z.csv"),
        ("export", "bolivia-2019", "--data", ".", "--out", "z.csv", "--snapshot", "noon"),
        ("export", "bolivia-2019", "--data", ".", "--out", "z.csv", "--contest", "presidnt"),
    ):
        done = veedor(*words, folder=tmp_path)
        assert done.returncode == 2, words
        assert done.stdout == ""
        assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]


def test_the_json_is_documented(tmp_path: Path) -> None:
    page = (ROOT / "docs/reference/new-and-export.md").read_text(encoding="utf-8")
    files.english(tmp_path)
    first = json.loads(veedor("new", "my", "--from", "results.csv", "--json", folder=tmp_path).stdout)
    second = json.loads(veedor("export", "my", "--data", ".", "--out", "x.csv", "--json", folder=tmp_path).stdout)
    for key in (*first, *first["counts"][0], *second):
        assert f"`{key}`" in page
    assert (second["sheets"], second["left_out"], second["snapshot"]) == (4, [], "2000-01-02T00:00:00+00:00")
