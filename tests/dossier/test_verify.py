"""A dossier is derived again and compared: any spoiled byte is named, with the figure where it stands."""

import json
import shutil
from pathlib import Path

import pytest
import typer

from veedor.cli.report import verify
from veedor.dossier.compare import differences
from veedor.dossier.input import Opened
from veedor.dossier.site import MANIFEST, check_replaceable, write_dossier
from veedor.dossier.verify import verify_dossier
from veedor.errors import InputError, VeedorError


@pytest.fixture
def copy(dossier: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(dossier, tmp_path / "copy"))


@pytest.mark.slow
def test_an_untouched_dossier_is_the_same(dossier: Path, simulated: Path) -> None:
    result = verify_dossier(dossier, simulated)
    assert result.differences == ()
    assert result.files == sum(1 for path in dossier.rglob("*") if path.is_file())
    assert result.raw == len(list(simulated.glob("*.csv")))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("written", "first"),
    [("0.0.1", "veedor 0.0.1 wrote this dossier, and veedor"), (None, "The manifest does not say which version")],
)
def test_another_version_is_named_first(
    copy: Path, simulated: Path, written: str | None, first: str, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = json.loads((copy / MANIFEST).read_text(encoding="utf-8"))
    (copy / MANIFEST).write_text(json.dumps({**manifest, "veedor": written}), encoding="utf-8")
    with pytest.raises(typer.Exit):
        verify(copy, simulated)
    assert capsys.readouterr().out.splitlines()[0].startswith(first)


@pytest.mark.slow
def test_the_same_version_is_not_named(dossier: Path, simulated: Path, capsys: pytest.CaptureFixture[str]) -> None:
    verify(dossier, simulated)
    assert "all the same" in capsys.readouterr().out.splitlines()[0]


def spoil(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


@pytest.mark.slow
def test_a_changed_figure_is_named_with_its_path(copy: Path, simulated: Path) -> None:
    document = json.loads((copy / "results/count.json").read_text(encoding="utf-8"))
    votes = document["choices"][0]["votes"]
    spoil(copy / "results/count.json", f'"votes": {votes}', f'"votes": {votes + 1}')
    found = verify_dossier(copy, simulated).differences
    assert [(one.file, one.where, one.found, one.derived) for one in found] == [
        ("results/count.json", "choices[0].votes", str(votes + 1), str(votes))
    ]


@pytest.mark.slow
def test_a_changed_cell_page_chunk_and_style_are_named(copy: Path, simulated: Path) -> None:
    table = next(copy.glob("tables/places-*.csv"))
    lines = table.read_text(encoding="utf-8").split("\n")
    cells = lines[1].split(",")
    cells[-1] = str(int(cells[-1]) + 1)
    lines[1] = ",".join(cells)
    table.write_text("\n".join(lines), encoding="utf-8")
    spoil(copy / "es/index.html", "<h1>", "<h1>¡")
    spoil(copy / "data/chunk-0.js", '"station":[0,', '"station":[1,')
    spoil(copy / "assets/style.css", "--ink: #1b1b1a", "--ink: #1b1b1b")
    found = {one.file: one.where for one in verify_dossier(copy, simulated).differences}
    last = lines[0].split(",")[-1]
    assert found == {
        table.relative_to(copy).as_posix(): f"row 2, column {last}",
        "es/index.html": found["es/index.html"],
        "data/chunk-0.js": "station[0]",
        "assets/style.css": found["assets/style.css"],
    }
    assert found["es/index.html"].startswith("line ")


@pytest.mark.slow
def test_a_missing_file_and_one_that_nobody_made_are_named(copy: Path, simulated: Path) -> None:
    (copy / "results/check.json").unlink()
    (copy / "en/extra.html").write_text("<p>", encoding="utf-8")
    found = {(one.file, one.found) for one in verify_dossier(copy, simulated).differences}
    assert found == {("results/check.json", "nothing"), ("en/extra.html", "a file")}


@pytest.mark.slow
def test_another_raw_file_is_named_by_its_hash(dossier: Path, simulated: Path, tmp_path: Path) -> None:
    raw = Path(shutil.copytree(simulated, tmp_path / "raw"))
    last = max(raw.glob("official-*.csv"))
    lines = last.read_text(encoding="utf-8").splitlines(keepends=True)
    last.write_text("".join(lines[:-1]), encoding="utf-8")
    found = verify_dossier(dossier, raw).differences
    assert found[0].file == f"raw file {last.name}"
    assert found[0].where == "SHA-256"
    assert any(one.file == "results/count.json" for one in found)


def test_a_folder_that_is_no_dossier_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(VeedorError, match="veedor report"):
        verify_dossier(tmp_path, tmp_path)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"raw": 3}', "[" * 100_000], ids=["empty", "list", "object", "types", "deep"]
)
def test_a_spoiled_manifest_is_refused(copy: Path, simulated: Path, text: str) -> None:
    (copy / MANIFEST).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"manifest\.json"):
        verify_dossier(copy, simulated)


def test_data_that_is_not_where_the_manifest_says(copy: Path) -> None:
    manifest = json.loads((copy / MANIFEST).read_text(encoding="utf-8"))
    (copy / MANIFEST).write_text(json.dumps({**manifest, "data": "nowhere"}), encoding="utf-8")
    with pytest.raises(VeedorError, match="--data DIR"):
        verify_dossier(copy, None)


def test_nobody_s_files_are_thrown_away(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(VeedorError, match="not a dossier"):
        write_dossier(opened, tmp_path, data="x")
    assert (tmp_path / "letter.txt").read_text(encoding="utf-8") == "dear"
    with pytest.raises(VeedorError, match="no folder"):
        check_replaceable(tmp_path / "letter.txt")


@pytest.mark.slow
def test_a_dossier_is_replaced_whole(opened: Opened, tmp_path: Path) -> None:
    out = tmp_path / "site"
    write_dossier(opened, out, data="x")
    (out / "old.html").write_text("old", encoding="utf-8")
    before = (out / MANIFEST).read_bytes()
    write_dossier(opened, out, data="x")
    assert not (out / "old.html").exists()
    assert (out / MANIFEST).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize(
    ("file", "found", "derived", "where"),
    [
        ("a.json", b'{"a": [1, 2]}', b'{"a": [1, 3]}', "a[1]"),
        ("a.json", b'{"a": [1]}', b'{"a": [1, 3]}', "a[1]"),
        ("a.json", b'{"a": true}', b'{"a": 1}', "a"),
        ("a.json", b'{"a": 1}', b'{"b": 1}', "b"),
        ("t.csv", b"x,y\n1,2\n", b"x,y\n1,3\n", "row 2, column y"),
        ("t.csv", b"x,y\n1,2\n", b"x,y\n", "row 2, column x"),
        ("p.html", b"a\nb", b"a\nc", "line 2"),
        ("a.json", b"not json", b"{}", ""),
        ("a.json", b'{"a":1}', b'{"a": 1}', ""),
    ],
)
def test_where_two_files_part(file: str, found: bytes, derived: bytes, where: str) -> None:
    assert differences(file, found, derived)[0].where == where
    assert differences(file, derived, derived) == []
