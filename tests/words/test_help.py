"""The help in other languages: none missing, none unused, summaries that fit, and English that needs no file."""

import os
import subprocess
import sys
from collections import Counter

import pytest
import typer
from typer.testing import CliRunner

from tests.words import pseudo
from veedor.cli import application
from veedor.cli.help import english_help, help_texts
from veedor.cli.help.usage import ENGLISH_FRAME
from veedor.cli.speech import VARIABLE
from veedor.errors import VeedorError
from veedor.languages import others

WHOLE = typer.main.get_command(application())
ENGLISH = dict(english_help(WHOLE))
LISTS = [(), ("audit",), ("record",), ("quickcount",)]


def shared(texts: dict[str, str]) -> dict[str, str]:
    """The English of each text that commands share: that of every option of the name without a text of its own."""
    found: dict[str, Counter[str]] = {}
    for key, text in ENGLISH.items():
        name = f"every.{key.rpartition('.')[2]}"
        if key not in texts and name in texts:
            found.setdefault(name, Counter())[text] += 1
    assert {name: set(said) for name, said in found.items() if len(said) > 1} == {}, "one text for several meanings"
    return {name: next(iter(said)) for name, said in found.items()}


@pytest.mark.parametrize("code", others())
def test_no_text_is_missing_and_none_unused(code: str) -> None:
    texts = dict(help_texts(code))
    common = shared(texts)
    missing = [key for key in ENGLISH if key not in texts and f"every.{key.rpartition('.')[2]}" not in common]
    assert missing == []
    named = {"every.help", *(f"heading.{heading}" for heading in panels()), *(f"frame.{name}" for name in FRAME)}
    assert texts.keys() - ENGLISH.keys() - common.keys() == named


FRAME = (
    *("usage", "options", "commands", "arguments", "default", "required", "env_var"),
    *("options_metavar", "command_metavar", *ENGLISH_FRAME),
    *("missing", "missing_command", "no_option", "no_option_possible", "no_command", "no_command_possible"),
    "bad_value",
)


def panels() -> set[str]:
    plan = WHOLE.commands["audit"].commands["plan"]  # type: ignore[attr-defined]
    return {one.rich_help_panel for one in plan.params if getattr(one, "rich_help_panel", None)}


def test_a_text_that_says_the_same_in_english_says_the_same_in_spanish() -> None:
    texts = help_texts("es")
    said: dict[str, set[str]] = {}
    for key, english in ENGLISH.items():
        said.setdefault(english, set()).add(texts.get(key, texts.get(f"every.{key.rpartition('.')[2]}", "")))
    assert {english: ways for english, ways in said.items() if len(ways) > 1} == {}


def help_of(words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, code: str = "es") -> str:
    monkeypatch.setenv(VARIABLE, code)
    monkeypatch.setenv("COLUMNS", "80")
    done = CliRunner().invoke(application(), [*words, "--help"], prog_name="veedor", terminal_width=80)
    assert done.exit_code == 0
    return done.output


@pytest.mark.parametrize("words", LISTS, ids=" ".join)
def test_spanish_summaries_are_whole_at_80_columns(words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    page = help_of(words, monkeypatch)
    listed = page.partition("Comandos:")[2].strip().splitlines()
    group = WHOLE
    for word in words:
        group = group.commands[word]  # type: ignore[attr-defined]
    assert [line.split()[0] for line in listed] == list(group.commands)  # type: ignore[attr-defined]
    assert all(line.endswith(".") and not line.endswith("...") for line in listed)
    assert max(map(len, page.splitlines())) <= 80


def test_headings_and_what_the_library_adds_are_spanish_too(monkeypatch: pytest.MonkeyPatch) -> None:
    page = help_of(("audit", "plan"), monkeypatch)
    for words in ("Uso: veedor audit plan [OPCIONES]", "Errores esperados (sin --terms):", "[por omisión: 2; x>=0]"):
        assert words in page
    for english in ("Usage", "Options:", "default", "required", "env var", "Show this message"):
        assert english not in page


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["count"], "Error: Falta 'ELECTION'."),
        (["cuont"], "Error: No existe el comando 'cuont'. ¿Quiso decir 'count'?"),
        (["count", "x", "--sno"], "Error: No existe la opción --sno (opciones parecidas: --json, --snapshot)"),
        (["check", "x", "--items", "many"], "Error: Valor no válido para '--items': "),
    ],
)
def test_errors_of_the_arguments_are_spanish(words: list[str], sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "es")
    done = CliRunner().invoke(application(), words, prog_name="veedor")
    assert done.exit_code == 2
    assert sentence in done.output
    assert "Uso: veedor" in done.output


def test_what_was_typed_moves_no_cursor_in_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "es")
    for words in (["count", "x", "--s\x1b[31mno"], ["c\x1b[31mo"]):
        done = CliRunner().invoke(application(), words, prog_name="veedor", color=True)
        assert done.exit_code == 2
        assert "\x1b" not in done.output
        assert "1b[31m" in done.output


def test_a_language_that_there_is_not_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "es_BO.UTF-8")
    with pytest.raises(VeedorError, match=r"VEEDOR_LANGUAGE: found 'es_BO.UTF-8', wanted one of en, es"):
        CliRunner().invoke(application(), ["--help"], catch_exceptions=False)


@pytest.mark.slow
def test_help_in_english_loads_no_catalogue_and_no_languages() -> None:
    code = (
        "import sys; from veedor.cli import application; from typer.testing import CliRunner;"
        "CliRunner().invoke(application(), ['--help']);"
        "print([name for name in ('babel', 'tomllib', 'veedor.languages', 'veedor.catalogue') if name in sys.modules])"
    )
    environment = {**os.environ, "LANG": "es_BO.UTF-8", "LC_ALL": "es_BO.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True, env=environment
    )
    assert done.stdout.strip() == "[]"


def test_the_pseudo_language_has_every_text() -> None:
    texts = pseudo.help_in_pseudo()
    assert texts['"count"."text"'].startswith(pseudo.MARK)
    assert len(texts) > len(ENGLISH)
