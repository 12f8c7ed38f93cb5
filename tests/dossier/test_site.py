"""The folder: the same bytes each time, nothing from outside, hostile names inert, every page in both languages."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.dossier.conftest import BOMB
from veedor.dossier.input import Opened
from veedor.dossier.pages import PAGES
from veedor.dossier.show.bidi_marks import MARKS, marked
from veedor.dossier.show.charts import SHAPES
from veedor.dossier.site import ASSETS, MANIFEST, write_files


def pages(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


@pytest.mark.slow
def test_the_same_sheets_give_the_same_bytes(opened: Opened, dossier: Path, simulated: Path, tmp_path: Path) -> None:
    write_files(opened, tmp_path, data=str(simulated))
    for path in dossier.rglob("*"):
        if path.is_file():
            assert (tmp_path / path.relative_to(dossier)).read_bytes() == path.read_bytes(), path.name


def test_every_page_is_there_in_both_languages(dossier: Path) -> None:
    for code in ("en", "es"):
        assert {path.stem for path in (dossier / code).glob("*.html")} == {page.id for page in PAGES} - {
            "record",
            "claims",
        }
        for path in (dossier / code).glob("*.html"):
            assert f'<html lang="{code}">' in path.read_text(encoding="utf-8")


class Loads(HTMLParser):
    """Everything that a page loads or runs."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.inline: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("script", "style"):
            self.inside = tag
        if tag in ("script", "img", "iframe", "object", "embed", "source") and "src" in given:
            self.loaded.append(given["src"])
        if tag == "link" and given.get("rel") != "alternate":
            self.loaded.append(given["href"])
        self.inline += [name for name in given if name.startswith("on") or name == "style"]
        if given.get("href", "").lower().startswith("javascript:"):
            self.inline.append(given["href"])

    def handle_endtag(self, tag: str) -> None:
        if tag == self.inside:
            self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside and data.strip():
            self.inline.append(data)


@pytest.mark.slow
@pytest.mark.parametrize("which", ["dossier", "hostile_dossier"])
def test_pages_load_only_files_of_the_dossier_and_run_nothing_of_their_own(
    which: str, request: pytest.FixtureRequest
) -> None:
    folder: Path = request.getfixturevalue(which)
    for path in pages(folder):
        loads = Loads()
        loads.feed(path.read_text(encoding="utf-8"))
        assert loads.inline == [], path.name
        for address in loads.loaded:
            assert (path.parent / address).resolve().is_relative_to(folder.resolve()), address
            assert (path.parent / address).is_file(), address


@pytest.mark.parametrize("which", ["dossier", "hostile_dossier"])
def test_every_page_has_the_policy_before_anything_is_loaded(which: str, request: pytest.FixtureRequest) -> None:
    for path in pages(request.getfixturevalue(which)):
        text = path.read_text(encoding="utf-8")
        policy = text.index("Content-Security-Policy")
        assert policy < text.index("<link ")
        assert policy < text.index("<script")
        assert "default-src &#39;none&#39;" in text or "default-src 'none'" in text
        assert "unsafe" not in text


def test_hostile_names_are_text_in_every_page(hostile_dossier: Path) -> None:
    for path in pages(hostile_dossier):
        text = path.read_text(encoding="utf-8")
        assert BOMB not in text
        assert "<img" not in text
        assert "49" not in re.findall(r">\s*(49)\s*<", text)


def test_marks_that_turn_the_direction_of_a_text_are_seen(hostile_dossier: Path, hostile: Path) -> None:
    assert "\u202e12\u2066" in (hostile / "last.csv").read_text(encoding="utf-8")
    made = [
        path for folder in ("en", "es", "results", "data", "tables") for path in (hostile_dossier / folder).iterdir()
    ]
    for path in made:
        text = path.read_text(encoding="utf-8")
        assert not set(text) & set(map(chr, MARKS)), path
        assert not any(quote(chr(mark)) in text for mark in MARKS), path
    assert "[U+202E]12[U+2066]x" in (hostile_dossier / "tables/sheets-last.csv").read_text(encoding="utf-8")
    assert "[U+202E]12[U+2066]x" in (hostile_dossier / "data/places.js").read_text(encoding="utf-8")


def test_a_mark_is_seen_in_links_too() -> None:
    assert marked("a\u202eb\u2069") == "a[U+202E]b[U+2069]"
    assert marked(quote("a\u202eb")) == quote("a[U+202E]b")
    assert marked("שלום\u200f") == "שלום\u200f"


def test_hostile_names_cannot_leave_their_data_file(hostile_dossier: Path) -> None:
    for path in (hostile_dossier / "data").iterdir():
        assert "<" not in path.read_text(encoding="utf-8")


def test_a_table_never_holds_a_formula(hostile_dossier: Path) -> None:
    text = (hostile_dossier / "tables/sheets-last.csv").read_text(encoding="utf-8")
    assert "'=HYPERLINK" in text
    assert not re.search(r'(^|,)"?=HYPERLINK', text)


def test_the_manifest_names_every_other_file_with_its_hash(dossier: Path) -> None:
    import hashlib

    manifest = json.loads((dossier / MANIFEST).read_text(encoding="utf-8"))
    listed = {row["file"]: row["sha256"] for row in manifest["files"]}
    present = {path.relative_to(dossier).as_posix(): path for path in dossier.rglob("*") if path.is_file()}
    assert set(present) == {*listed, MANIFEST}
    for name, digest in listed.items():
        assert hashlib.sha256(present[name].read_bytes()).hexdigest() == digest


def test_no_page_tells_when_or_where_it_was_made(dossier: Path, simulated: Path) -> None:
    for path in pages(dossier):
        assert str(simulated) not in path.read_text(encoding="utf-8")


def test_pages_and_scripts_draw_choices_with_the_same_shapes() -> None:
    script = (ASSETS / "app.js").read_text(encoding="utf-8")
    listed = script.split("const SHAPES = [")[1].split("]")[0]
    assert tuple(re.findall(r'"([^"]+)"', listed)) == SHAPES


def test_scripts_never_read_text_as_html() -> None:
    for path in ASSETS.glob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|fetch\(|XMLHttp", text
        )
