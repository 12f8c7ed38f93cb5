"""The program's help and what a shell completes."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from veedor.checks import ITEMS_SHOWN
from veedor.cli import GROUPS, application, command_typed

RUN = [sys.executable, "-c", "from veedor.cli import main; main()"]


def printed(words: list[str], folder: Path | None = None, **environment: str) -> str:
    """What the program prints on a terminal of 80 columns."""
    done = subprocess.run(
        [*RUN, *words],
        cwd=folder,
        env={**os.environ, "COLUMNS": "80", **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def commands(command: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command and group, as the words that call it."""
    yield words
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(below, (*words, name))


WHOLE = typer.main.get_command(application())
ALL = list(commands(WHOLE))
GROUPS_OF_COMMANDS = [(), ("audit",), ("record",), ("quickcount",)]


@pytest.mark.parametrize("words", GROUPS_OF_COMMANDS, ids=" ".join)
def test_summaries_are_whole_at_80_columns(words: tuple[str, ...]) -> None:
    page = printed([*words, "--help"])
    listed = page.partition("Commands:")[2].strip().splitlines()
    names = [name[-1] for name in ALL if name[:-1] == words and name]
    assert [line.split()[0] for line in listed] == names, "one line each"
    assert "..." not in page.partition("Options:")[2]
    assert max(len(line) for line in page.splitlines()) <= 80


@pytest.mark.slow
def test_every_command_explains_itself_at_h_and_at_help() -> None:
    for words in ALL:
        command = WHOLE
        context = typer.Context(command, info_name="veedor", **command.context_settings)
        for word in words:
            command = command.commands[word]  # type: ignore[attr-defined]
            context = typer.Context(command, info_name=word, parent=context)
        assert context.help_option_names == ["-h", "--help"], words
    assert printed(["count", "-h"]) == printed(["count", "--help"])
    assert printed(["record", "watch", "-h"]) == printed(["record", "watch", "--help"])


def completed(line: str, folder: Path | None = None) -> list[str]:
    """What bash is told can follow the line; its last word is the one being typed."""
    words = line.split(" ")
    asked = {"_VEEDOR_COMPLETE": "complete_bash", "COMP_WORDS": "\n".join(words), "COMP_CWORD": str(len(words) - 1)}
    return printed([], folder, **asked).split()


@pytest.mark.slow
def test_a_shell_completes_commands_subcommands_options_and_elections(tmp_path: Path) -> None:
    assert completed("veedor ") == [name[0] for name in ALL if len(name) == 1]
    assert completed("veedor inter") == ["interruption"]
    assert completed("veedor audit log") == ["log-seed"]
    assert completed("veedor record co") == ["cosign"]
    assert completed("veedor count --sk") == ["--skip-bad-rows"]
    assert completed("veedor simulate --scenario st") == ["stuffing"]
    (tmp_path / "bolivar").mkdir()
    (tmp_path / "bolivar/election.toml").touch()
    assert completed("veedor check boliv", tmp_path) == ["bolivar", "bolivia-2019", "bolivia-2020"]


@pytest.mark.slow
def test_other_shells_are_answered_too() -> None:
    zsh = printed([], _VEEDOR_COMPLETE="complete_zsh", _TYPER_COMPLETE_ARGS="veedor audit log")
    assert re.findall(r'"(.*?)":', zsh) == ["log-seed"]
    fish = {"_VEEDOR_COMPLETE": "complete_fish", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    assert printed([], None, _TYPER_COMPLETE_ARGS="veedor veri", **fish).split("\t")[0] == "verify"


@pytest.mark.slow
def test_a_command_loads_no_other_one() -> None:
    code = (
        "import sys; from veedor.cli import application; application('count');"
        "print(sorted(name for name in sys.modules if name.startswith('veedor.cli.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    loaded = ("common", "count", "help", "layout", "speech", "speech.words", "texts")
    assert done.stdout.strip() == str([f"veedor.cli.{name}" for name in loaded])


def test_completion_loads_only_the_command_that_is_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["veedor"])
    monkeypatch.setenv("_VEEDOR_COMPLETE", "complete_zsh")
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", "veedor audit log")
    assert command_typed() == "audit"
    monkeypatch.setenv("COMP_WORDS", "veedor\nrecord\nco")
    assert command_typed() == "record"
    monkeypatch.delenv("_VEEDOR_COMPLETE")
    assert command_typed() is None


def test_every_command_is_registered_under_its_module() -> None:
    assert [name[0] for name in ALL if len(name) == 1] == [
        *(name for name in GROUPS if name not in ("audit", "record", "quickcount")),
        "audit",
        "record",
        "quickcount",
    ]


def shown(command: Any) -> list[Any]:
    return [one for one in command.params if not getattr(one, "hidden", False)]


def helps() -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Every option and argument of every command: the command, the parameter's name and its help."""
    for words in ALL:
        command = WHOLE
        for word in words:
            command = command.commands[word]  # type: ignore[attr-defined]
        yield words, "", command.help or ""
        yield from ((words, one.name or "", getattr(one, "help", "")) for one in shown(command))


TRANSLATED = re.compile(
    r"unless told|so many|\banew\b|\bstands?\b|\blies?\b|\btells?\b|comes? along|\bId of\b|published state"
)


def test_every_option_says_what_it_is_in_whole_sentences_without_marks_of_translation() -> None:
    for words, name, text in helps():
        assert re.match("[A-Z`]|csv", text), (words, name, text)
        assert text.endswith("."), (words, name, text)
        assert not TRANSLATED.search(text), (words, name, text)


def test_the_count_of_an_interruption_is_the_interrupted_one() -> None:
    """It was said to be the official one unless told, and the official one is that which goes on."""
    texts = {(words, name): text for words, name, text in helps()}
    assert texts[("interruption",), "count"].startswith("ID of the interrupted count (default: the declared one")
    assert texts[("count",), "which"].startswith("Count ID (default: the last official count")
    assert f"(default: {ITEMS_SHOWN}; 0 = all)" in texts[("check",), "items"]


def test_every_command_draws_from_the_same_seed_by_default() -> None:
    seeds: dict[tuple[str, ...], int] = {}
    for words in ALL:
        command = WHOLE
        for word in words:
            command = command.commands[word]  # type: ignore[attr-defined]
        for one in shown(command):
            if "--seed" in one.opts and type(one.default) is int:
                seeds[words] = one.default
    drawing = [
        "interruption",
        "forensics",
        "mixture",
        "simulate",
        "audit plan",
        "quickcount estimate",
        "quickcount release",
    ]
    assert {" ".join(words): seed for words, seed in seeds.items()} == dict.fromkeys(drawing, 1)


@pytest.mark.slow
def test_the_options_of_a_plan_are_read_heading_by_heading() -> None:
    page = printed(["audit", "plan", "--help"])
    parts = re.split(r"^(\S.*):\n", page, flags=re.MULTILINE)[1:]
    options = {heading: re.findall(r"^  (?:-h, )?(--\S+)", text, re.MULTILINE) for heading, text in pairs(parts)}
    assert max(map(len, options.values())) <= 7
    assert [len(found) for found in options.values()] == [0, 2, 5, 6, 3, 7]
    assert sum(map(len, options.values())) == len(shown(WHOLE.commands["audit"].commands["plan"]))  # type: ignore[attr-defined]
    assert options["Expected errors (without --terms)"][0] == "--sheets-overstated"
    assert max(map(len, page.splitlines())) <= 80


def pairs(parts: list[str]) -> list[tuple[str, str]]:
    return list(zip(parts[::2], parts[1::2], strict=True))
