"""The documentation's site: its menu names every page once."""

import re
from collections import Counter

from tests.conftest import ROOT
from tests.docs.phrases import counted, pages, prose_of

DOCS = ROOT / "docs"


def named() -> list[str]:
    """The pages that the menu of mkdocs.yml names, in its order."""
    _, _, menu = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:\n")
    return re.findall(r"(\S+\.md)$", menu, flags=re.MULTILINE)


def test_the_menu_names_every_page_and_none_twice() -> None:
    pages = [path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")]
    assert Counter(named()) == Counter(pages)


def test_every_page_begins_with_its_one_heading() -> None:
    first = {path: path.read_text(encoding="utf-8").splitlines()[0] for path in DOCS.rglob("*.md")}
    assert {path.name for path, line in first.items() if not line.startswith("# ")} == set()


def test_the_pages_use_the_words_of_the_glossary() -> None:
    """Polling place for precinct, snapshot for published state, a default for what is so unless told otherwise."""
    replaced = ("precinct", "published state", "unless told", "anew")
    spoiled = counted(["Two precincts, unless told. A published state anew."])
    assert [spoiled[name] for name in replaced] == [1, 1, 1, 1]
    counts = counted(list(pages(ROOT)))
    assert [counts[name] for name in replaced] == [0, 0, 0, 0]


def test_code_is_not_prose() -> None:
    page = "A `precinct` is\n\n    veedor precinct\n\n```toml\nid = 'precinct'\n```\n\nno precinct"
    assert counted([prose_of(page)])["precinct"] == 1
