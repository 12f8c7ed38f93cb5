"""The licence, and the pages that say what is promised and who could do what."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT

SECURITY, THREATS, INSTALL = "SECURITY.md", "docs/threat-model.md", "docs/guide/install.md"


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_licence_is_the_same_everywhere() -> None:
    assert tomllib.loads(text_of("pyproject.toml"))["project"]["license"] == "Apache-2.0"
    assert re.search(r"^license: (.+)$", text_of("CITATION.cff"), re.MULTILINE)[1] == "Apache-2.0"  # type: ignore[index]
    assert "Apache License\n                           Version 2.0" in text_of("LICENSE")


@pytest.mark.parametrize("name", ["README.md", SECURITY, THREATS])
def test_links_point_at_files_that_are_there(name: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text_of(name))
    assert links
    assert [link for link in links if not ((ROOT / name).parent / link).exists()] == []


def test_a_reader_finds_the_pages() -> None:
    assert {SECURITY, THREATS, INSTALL} <= set(re.findall(r"\]\(([^)#]+)\)", text_of("README.md")))
    assert {"threat-model.md", "guide/install.md"} <= set(re.findall(r"\]\(([^)#]+)\)", text_of("docs/index.md")))


def test_a_report_goes_through_the_repository() -> None:
    """No address is invented, neither of a person nor of a site."""
    text = text_of(SECURITY)
    assert "## How to report a vulnerability" in text
    assert not re.search(r"\S@\S|https?://|mailto:", text)


def test_each_row_of_the_threat_model_has_its_four_cells_and_names_tests_that_exist() -> None:
    text = text_of(THREATS)
    rows = [re.split(r"(?<!\\)\|", line.strip())[1:-1] for line in text.splitlines() if line.startswith("| ")]
    assert len(rows) > 30
    assert {len(row) for row in rows} == {4}
    assert [row for row in rows if not all(cell.strip() for cell in row)] == []
    named = set(re.findall(r"`(tests/[^`]+)`", text))
    assert len(named) > 10
    assert [name for name in sorted(named) if not Path(ROOT / name).is_file()] == []
