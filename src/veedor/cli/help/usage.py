"""Errors of the arguments in the language of the command line: the library's own sentences, said again."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from veedor.rim.terminal import printable

if TYPE_CHECKING:  # typer has its own copy of click's classes
    from typer._click.exceptions import ClickException

LIBRARY_ERROR: type[Exception] = typer.BadParameter.__mro__[2]
"""The library's error, of which those of usage are kinds; typer gives it no name of its own."""
NO_COMMAND = re.compile(r"No such command (?P<name>'.*?')\.?(?:\. Did you mean (?P<possible>.*)\?)?")
ENGLISH_FRAME = {"error": "Error: {message}", "try": "Try '{command}' for help.", "interrupted": "Aborted!"}
"""Where a language lacks them."""


@contextmanager
def ends_in_words(texts: Mapping[str, str]) -> Iterator[None]:
    """What the library would do with its errors: a sentence, and the exit status."""
    try:
        yield
    except typer.Abort:
        typer.echo(_frame(texts, "interrupted"), err=True)
        raise SystemExit(1) from None
    except LIBRARY_ERROR as error:
        _show(error, texts)  # type: ignore[arg-type]
        raise SystemExit(error.exit_code) from None  # type: ignore[attr-defined]


def _show(error: "ClickException", texts: Mapping[str, str]) -> None:
    if type(error).__name__ == "NoArgsIsHelpError":  # its message is the page of help
        error.show()
        return
    context = getattr(error, "ctx", None)
    if context is not None:
        typer.echo(context.get_usage(), err=True)
        command = f"{context.command_path} {context.help_option_names[0]}"
        typer.echo(_frame(texts, "try").format_map({"command": command}) + "\n", err=True)
    typer.echo(_frame(texts, "error").format_map({"message": printable(_said(error, texts))}), err=True)


def _frame(texts: Mapping[str, str], name: str) -> str:
    return texts.get(f"frame.{name}", ENGLISH_FRAME[name])


def _said(error: "ClickException", texts: Mapping[str, str]) -> str:
    """The library's sentence in the language; its own where it is none of those that are known."""
    kind, gaps = _kind_of(error)
    sentence = texts.get(f"frame.{kind}")
    return error.format_message() if sentence is None else sentence.format_map(gaps)


def _kind_of(error: "ClickException") -> tuple[str, dict[str, str]]:
    """The name of the sentence that says this error, and what fills its gaps."""
    name, message = type(error).__name__, str(getattr(error, "message", ""))
    if name == "NoSuchOption":
        possible = ", ".join(sorted(getattr(error, "possibilities", None) or ()))
        return ("no_option_possible" if possible else "no_option"), {"name": error.option_name, "possible": possible}  # type: ignore[attr-defined]
    parameter = getattr(error, "param", None)
    if parameter is not None:
        called = _called(parameter)
        return (
            ("missing", {"name": called})
            if name == "MissingParameter"
            else ("bad_value", {"name": called, "message": message})
        )
    if found := NO_COMMAND.fullmatch(message):
        possible = found["possible"] or ""
        return ("no_command_possible" if possible else "no_command"), {"name": found["name"], "possible": possible}
    return "missing_command" if message == "Missing command." else "", {}


def _called(parameter: object) -> str:
    """A parameter as the usage line has it."""
    if getattr(parameter, "param_type_name", "") == "option":
        return f"'{max(getattr(parameter, 'opts', ['?']), key=len)}'"
    return f"'{getattr(parameter, 'metavar', None) or str(getattr(parameter, 'name', '?')).upper()}'"
