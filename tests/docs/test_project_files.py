"""The files around the program name what there is: paths, commands, one version."""

import re
import tomllib
from importlib.metadata import version

import pytest

import veedor
from tests.conftest import ROOT

PAGES = ("CONTRIBUTING.md", "tests/vectors/README.md", "tests/golden/README.md")
PATH = re.compile(r"`((?:src|tests|docs|elections|bench)/[\w./-]*\w)`")
PLACE = re.compile(r"NAME|CODE|ROOM")
"""What stands for a name that the reader gives."""


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_every_path_that_a_page_names_is_there(page: str) -> None:
    named = {path for path in PATH.findall(text_of(page)) if not PLACE.search(path)}
    assert {path for path in named if not (ROOT / path).exists()} == set()


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "README.md"])
def test_every_link_of_a_page_leads_somewhere(page: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text_of(page))
    assert {link for link in links if not (ROOT / link).exists()} == set()


def test_every_command_of_make_is_explained() -> None:
    targets = set(" ".join(re.findall(r"^\.PHONY: (.*)$", text_of("Makefile"), re.MULTILINE)).split())
    named = set(re.findall(r"\bmake ([a-z]+)\b(?=[`\n ])", text_of("CONTRIBUTING.md")))
    assert named == targets - {"clean"}


def test_there_is_one_version() -> None:
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    assert project["dynamic"] == ["version"]
    cited = re.search(r"^version: (.+)$", text_of("CITATION.cff"), re.MULTILINE)
    assert cited is not None
    assert {veedor.__version__, version("veedor"), cited[1]} == {veedor.__version__}


def test_the_changelog_begins_with_what_is_not_released() -> None:
    assert re.findall(r"^## \[(.+?)\]", text_of("CHANGELOG.md"), re.MULTILINE)[0] == "Unreleased"
