"""The documentation's site, opened from disk: built without a warning, no request leaves, and its search works."""

import importlib.util
import re
from pathlib import Path

import pytest

from tests.browser.conftest import Watched
from tests.conftest import ROOT
from tests.docs.test_site import named
from tests.once import made_once

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OUTSIDE = re.compile(
    r"""(?:src|srcset)=["']?(?:https?:)?//|<link(?![^>]*rel=["']?(?:canonical|next|prev))[^>]*href=["']?(?:https?:)?//"""
)
"""What a browser would fetch from another host; a link that a reader may follow is none."""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("material", reason="needs mkdocs-material, which `make setup` installs")
    spec = importlib.util.spec_from_file_location("build", ROOT / "docs/build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def build(folder: Path) -> None:
        assert module.build(folder) == 0

    return made_once(tmp_path_factory, "documentation", build)


def test_every_page_is_built_and_names_no_other_host_for_its_parts(site: Path) -> None:
    pages = {path.relative_to(site).with_suffix("").as_posix(): path for path in site.rglob("*.html")}
    assert {name.removesuffix(".md") for name in named()} <= set(pages)
    assert {name for name, path in pages.items() if OUTSIDE.search(path.read_text(encoding="utf-8"))} == set()


@pytest.mark.parametrize(("width", "scheme"), [(375, "light"), (1280, "dark")])
def test_no_request_leaves_and_nothing_is_wider_than_the_window(
    site: Path, watched: Watched, width: int, scheme: str
) -> None:
    watched.page.set_viewport_size({"width": width, "height": 900})
    watched.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    wide = []
    for name in named():
        page = watched.open(site, f"{name.removesuffix('.md')}.html")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(name)
    assert (watched.outside, watched.complaints, wide) == ([], [], [])
    assert watched.page.evaluate("document.body.dataset.mdColorScheme") == ("slate" if scheme == "dark" else "default")


@pytest.mark.parametrize(
    ("page", "words", "title"),
    [
        ("index.html", "witness state file", "Run a witness"),
        ("guide/tutorial.html", "commit and reveal", "Audit an outcome together"),
        ("es/index.html", "denominador", "Cómo leer un hallazgo"),
    ],
)
def test_the_search_finds_a_page_without_a_server(
    site: Path, watched: Watched, page: str, words: str, title: str
) -> None:
    shown = watched.open(site, page)
    shown.locator("input.md-search__input").click()
    shown.keyboard.type(words)
    # Results change with each letter: those of the first ones may be there when the last is typed.
    shown.locator(".md-search-result__item h1", has_text=title).first.wait_for(state="attached")
    assert (watched.outside, watched.complaints) == ([], [])
    shown.locator(".md-search-result__link", has_text=title).first.click()
    shown.wait_for_load_state("load")
    assert title in shown.locator("h1").inner_text()


def test_pages_say_their_language(site: Path, watched: Watched) -> None:
    for page, language in (("index.html", "en"), ("es/index.html", "es")):
        assert watched.open(site, page).evaluate("document.documentElement.lang") == language
