"""Help in other languages: English is in the docstrings and options, the others' in a catalogue by the command's path.

`texts/help/<code>.toml`, or `<code>/help.toml` in VEEDOR_LANGUAGES, holds `count.text` for what a command does (its
first sentence is the summary that lists show) and `count.snapshot` for `--snapshot`; `every.json` is what `--json` says
in each command that has no own. What a file lacks stays English; a program that speaks English reads no file.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typer.core import TyperGroup

from veedor.cli.speech import ENGLISH, language_code

if TYPE_CHECKING:  # typer has its own copy of click's classes
    from typer._click import Command, HelpFormatter
    from typer._click.core import Parameter

HELP_TEXTS = Path(__file__).parents[1] / "texts" / "help"
ROOM = "help"

TEXT, EVERY = "text", "every"
"""The name of what a command does, beside those of its options; and the table of what several commands share."""

HEADINGS = ("Usage", "Options", "Commands", "Arguments")
"""Headings that the library writes: `frame.usage` and so on. Others are in `heading`, named as in English."""

EXTRAS = {"default: ": "default", "env var: ": "env_var", "required": "required"}
"""How the library begins what it says of an option in brackets after its help."""


def help_texts(code: str) -> Mapping[str, str]:
    """The help in a language by its name."""
    from veedor.catalogue import sentences

    return sentences(HELP_TEXTS, ROOM, code)


def name_of(parameter: "Parameter") -> str:
    """An option by its longest name without dashes, an argument by its name in the usage line."""
    if parameter.param_type_name == "option":
        return max(parameter.opts, key=len).lstrip("-")
    return str(parameter.metavar or parameter.name).split("...")[0].lower()


def below(command: "Command") -> "Mapping[str, Command]":
    """The commands of a group by their name."""
    found: Mapping[str, Command] = getattr(command, "commands", {})
    return found


def translate(command: "Command", texts: Mapping[str, str], path: tuple[str, ...] = ()) -> None:
    """Give a command and all below it the help of a language; what it lacks stays as it is."""
    command.help = texts.get(".".join((*path, TEXT)), command.help)
    command.options_metavar = texts.get("frame.options_metavar", command.options_metavar)
    if isinstance(command, TyperGroup):
        command.subcommand_metavar = texts.get("frame.command_metavar", command.subcommand_metavar)
    formatter = _formatter_of(texts, command.context_class.formatter_class)
    command.context_class = type("SpokenContext", (command.context_class,), {"formatter_class": formatter})
    for parameter in command.params:
        own = texts.get(".".join((*path, name_of(parameter))), texts.get(f"{EVERY}.{name_of(parameter)}"))
        if own is not None:
            parameter.help = own  # type: ignore[attr-defined]
    for name, one in below(command).items():
        translate(one, texts, (*path, name))


def _formatter_of(texts: Mapping[str, str], library: "type[HelpFormatter]") -> "type[HelpFormatter]":
    """The library's pages with its own words in the language."""

    class SpokenFormatter(library):  # type: ignore[misc, valid-type]
        def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
            super().write_usage(prog, args, f"{texts.get('frame.usage', 'Usage')}: " if prefix is None else prefix)

        def write_heading(self, heading: str) -> None:
            super().write_heading(texts.get(_heading(heading), heading))

        def write_dl(self, rows: Sequence[tuple[str, str]], *widths: Any, **named: Any) -> None:
            super().write_dl([(name, _extras(text, texts)) for name, text in rows], *widths, **named)

    return SpokenFormatter


def _heading(english: str) -> str:
    return f"frame.{english.lower()}" if english in HEADINGS else f"heading.{english}"


OF_HELP = "Show this message and exit."
"""What the library says of --help, an option that it makes when it is asked for."""


def _extras(text: str, texts: Mapping[str, str]) -> str:
    """The help of an option with what the library adds in brackets, `[default: 1; required]`, in the language."""
    if text == OF_HELP:
        return texts.get(f"{EVERY}.help", text)
    found = re.fullmatch(r"(.*)\[([^\[\]]*)\]", text, re.DOTALL)
    if not found:
        return text
    return f"{found[1]}[{'; '.join(_extra(part, texts) for part in found[2].split('; '))}]"


def _extra(part: str, texts: Mapping[str, str]) -> str:
    for english, name in EXTRAS.items():
        if part.startswith(english):
            said = texts.get(f"frame.{name}", english.removesuffix(": "))
            return f"{said}: {part.removeprefix(english)}" if english.endswith(" ") else said
    return part


class Program(TyperGroup):
    """The program, in the language of the command line."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run, with help and errors of the arguments in the language; English is left to the library."""
        code = language_code()
        if code == ENGLISH:
            return super().main(args, prog_name, complete_var, standalone_mode, windows_expand_args, **extra)
        translate(self, help_texts(code))
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, False, windows_expand_args, **extra)
        from veedor.cli.help.usage import ends_in_words

        with ends_in_words(help_texts(code)):
            status = super().main(args, prog_name, complete_var, False, windows_expand_args, **extra)
        raise SystemExit(status if isinstance(status, int) else 0)


def english_help(command: "Command", path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """The name and the English of every help text below a command, each by its own path."""
    yield ".".join((*path, TEXT)), command.help or ""
    for parameter in command.params:
        if not getattr(parameter, "hidden", False):
            yield ".".join((*path, name_of(parameter))), getattr(parameter, "help", None) or ""
    for name, one in below(command).items():
        yield from english_help(one, (*path, name))
