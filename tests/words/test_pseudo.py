"""A language is files and nothing else: a dossier in the pseudo-language, with no sentence in English on its pages."""

import os
import re
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.words import pseudo
from tests.words.source import GAP, rooms
from veedor.catalogue import sentences
from veedor.dossier.verify import verify_dossier
from veedor.errors import VeedorError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


class Shown(HTMLParser):
    """What a reader of the page reads or hears: text and labels, but not what is marked as being in English."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.off = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in VOID:
            pass
        elif self.off or tag in ("script", "style", "code") or given.get("lang", pseudo.CODE) != pseudo.CODE:
            self.off += tag != "html"
        if not self.off:
            self.texts += [
                value for name, value in attrs if name in ("aria-label", "title", "alt", "content") and value
            ]

    def handle_endtag(self, tag: str) -> None:
        if self.off and tag not in VOID:
            self.off -= 1

    def handle_data(self, data: str) -> None:
        if not self.off:
            self.texts.append(data)


VOID = frozenset(("meta", "link", "input", "br", "img", "path", "rect", "line", "circle", "hr", "col"))


@pytest.fixture(scope="module")
def dossier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = pseudo.write(tmp_path_factory.mktemp("languages"))
    out = tmp_path_factory.mktemp("demo") / "demo"
    made = _veedor(folder, "demo", "--out", str(out))
    done = _veedor(folder, "verify", str(out / "dossier"))
    assert done.returncode == 0, done.stdout
    for words in (made.stdout, done.stdout):
        assert pseudo.LONGER in words
        assert not [part for part in fragments() if part in words]
    return out / "dossier"


def _veedor(languages: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "VEEDOR_LANGUAGES": str(languages), "VEEDOR_LANGUAGE": pseudo.CODE}
    return subprocess.run(
        [sys.executable, "-m", "veedor", *words],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
    )


def fragments() -> set[str]:
    """What stands between the gaps of the sentences in English, where it is long enough to be one's own words."""
    return {
        part.strip()
        for room, texts in rooms().items()
        for text in sentences(texts, room, "en").values()
        for part in GAP.sub("\0", text).split("\0")
        if len(part.strip()) >= 12 and " " in part.strip()
    }


@pytest.mark.slow
def test_every_page_is_there_and_runs_from_right_to_left(dossier: Path) -> None:
    names = {path.name for path in (dossier / "en").iterdir()}
    assert {path.name for path in (dossier / pseudo.CODE).iterdir()} == names
    for path in (dossier / pseudo.CODE).glob("*.html"):
        assert f'<html lang="{pseudo.CODE}" dir="rtl">' in path.read_text(encoding="utf-8")
    assert f'hreflang="{pseudo.CODE}"' in (dossier / "es" / "index.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_without_the_catalogues_verify_says_which_language_it_lacks(dossier: Path) -> None:
    with pytest.raises(VeedorError, match=r"also in qps.*VEEDOR_LANGUAGES"):
        verify_dossier(dossier, None)


@pytest.mark.slow
def test_no_english_sentence_is_left_on_a_page(dossier: Path) -> None:
    given = "".join((dossier / name).read_text(encoding="utf-8") for name in ("election.toml", "claims.toml"))
    wanted = {part for part in fragments() if part not in given}
    assert len(wanted) > 500
    left = {}
    for path in sorted((dossier / pseudo.CODE).glob("*.html")):
        page = Shown()
        page.feed(path.read_text(encoding="utf-8"))
        text = re.sub(r"\s+", " ", unescape(" ".join(page.texts)))
        assert pseudo.LONGER in text
        found = sorted(part for part in wanted if part in text)
        if found:
            left[path.name] = found
    assert left == {}


@pytest.mark.slow
def test_the_scripts_texts_are_in_the_language_too(dossier: Path) -> None:
    text = (dossier / "data" / f"texts-{pseudo.CODE}.js").read_text(encoding="utf-8")
    assert not [part for part in fragments() if part in text]


@pytest.mark.browser
@pytest.mark.slow
def test_scripts_say_it_in_the_language_and_nothing_overflows(dossier: Path, browser: "Browser") -> None:
    given = "".join((dossier / name).read_text(encoding="utf-8") for name in ("election.toml", "claims.toml"))
    wanted = {part for part in fragments() if part not in given}
    page = browser.new_page(viewport={"width": 375, "height": 800})
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    for path in sorted((dossier / pseudo.CODE).glob("*.html")):
        page.goto(path.as_uri())
        page.wait_for_timeout(300)
        shown = re.sub(r"\s+", " ", page.inner_text("body"))
        assert "undefined" not in shown, path.name
        assert not [part for part in wanted if part in shown and part not in _in_english(page)], path.name
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path.name
    page.close()
    assert problems == []


def _in_english(page: "Page") -> str:
    """What the page itself marks as being in English, or as a command."""
    return " ".join(page.locator("[lang=en], code").all_inner_texts())


def test_a_sentence_is_a_third_longer_and_keeps_its_gaps() -> None:
    said = pseudo.pseudo("Of {n} votes")
    assert "{n}" in said
    assert len(said) >= 12 * 4 / 3
    assert not re.search("[A-Za-z]", GAP.sub("", said))
