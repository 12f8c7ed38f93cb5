"""Commands in the documentation are commands of the program, with options that it has."""

import importlib.util
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer

from tests.conftest import ROOT
from veedor.cli import application

PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])


@cache
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("commands", ROOT / "docs/commands.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def known() -> dict[str, set[str]]:
    """Every command by its full name, and its options."""
    whole = typer.main.get_command(application())
    return {
        name: {text for one in command.params for text in (*one.opts, *one.secondary_opts)}
        for name, command in script().commands(whole, "veedor")
    }


def test_the_reference_is_what_the_program_says() -> None:
    written = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
    assert written == script().page(), "run: python docs/commands.py"


def lines_of(page: str) -> Iterator[str]:
    """Lines that begin with `veedor` or `$ veedor`, in a block or indented, and code in a sentence that does."""
    joined = page.replace("\\\n", " ")
    yield from re.findall(r"^(?:    |\$ )?(veedor [a-z].*[^.,;\n])$", joined, flags=re.MULTILINE)  # a sentence ends so
    yield from re.findall(r"`(veedor [a-z][^`\n]*)`", joined)


def command_of(words: list[str]) -> str:
    """The longest name of a command that the line begins with; empty if there is none."""
    names = (" ".join(words[:length]) for length in (3, 2))
    return next((name for name in names if name in known()), "")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_line_of_a_page_exists(page: Path) -> None:
    wrong: list[Any] = []
    for line in lines_of(page.read_text(encoding="utf-8")):
        words = line.split()
        name = command_of(words)
        if not name and not any(one.startswith(f"{' '.join(words[:2])} ") for one in known()):
            wrong.append(line)
        options = [word for word in words if re.fullmatch(r"--[a-z-]+", word)]
        wrong += [(line, word) for word in options if name and word not in known()[name]]
    assert wrong == []
