"""The guide says what the commands print."""

from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.docs.blocks import agrees, blocks_of, commands_of, run_page

PAGES = [ROOT / f"docs/guide/{name}.md" for name in ("describe-your-election", "tutorial", "check-a-count")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_print_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    text = page.read_text(encoding="utf-8")
    shown = [command for block in blocks_of(text) if block.language == "console" for command in commands_of(block.body)]
    assert shown, "a page without a command is not a guide"
    assert run_page(text, tmp_path) == text


def test_dots_stand_for_any_lines_and_nothing_else_does() -> None:
    assert agrees("a\n...\nd\n", "a\nb\nc\nd\n")
    assert not agrees("a\nd\n", "a\nb\nd\n")
    assert not agrees("a.c\n", "abc\n")
