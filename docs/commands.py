"""Write docs/reference/commands.md: every command with its arguments and options, from the program itself.

python docs/commands.py            write it
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from veedor.cli import application

PAGE = Path(__file__).resolve().parent / "reference/commands.md"
HEAD = """\
# Reference of the commands

Written by `python docs/commands.py` from the program's own help. `ELECTION` is a folder with an `election.toml`, that file, or the name of
a bundled election. `-h` is short for `--help`. Exit status of every command: 0 done; 1 something asked for does not hold (`verify`, `--strict`, a
receipt, a quorum); 2 unusable input or arguments; 70 a fault of veedor itself; 130 interrupted. Errors go to standard error. `VEEDOR_LANGUAGE=es` makes the commands and their help speak Spanish, English otherwise
([In your language](../guide/in-your-language.md)).
"""


def commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Every command below this one, by its full name, in the order of the program."""
    below_it = getattr(command, "commands", None)
    if below_it is not None:
        for word, below in below_it.items():
            yield from commands(below, f"{name} {word}")
    elif not command.hidden:
        yield name, command


def default_of(option: Any) -> str:
    """The default, where a reader needs to know it."""
    value = option.default
    if option.required or value is None or callable(value) or isinstance(value, bool) or value in ((), []):
        return ""
    return f" Default: `{value}`."


def metavar_of(argument: Any) -> str:
    """An argument as the usage line has it."""
    name = argument.metavar or str(argument.name).upper()
    if argument.nargs == -1 and "..." not in name:
        name += "..."
    return name if argument.required else f"[{name}]"


def rows(command: Any, name: str) -> Iterator[str]:
    """The section of one command."""
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option" and not one.hidden]
    usage = " ".join([name, *(metavar_of(one) for one in arguments)])
    yield f"\n## `{name}`\n"
    yield f"{' '.join((command.help or '').split())}\n"
    yield f"    {usage}{' [OPTIONS]' if options else ''}\n"
    shown = [one for one in options if one.name != "help"]
    if shown:
        yield "| option | meaning |\n|---|---|"
    for one in shown:
        names = ", ".join(f"`{text}`" for text in [*one.opts, *one.secondary_opts])
        needed = " Needed." if one.required else ""
        meaning = " ".join((one.help or "").split()).replace("|", "\\|")
        yield f"| {names} | {meaning}{default_of(one)}{needed} |"


def page() -> str:
    """The page as it should stand."""
    whole = typer.main.get_command(application())
    parts = [HEAD]
    for name, command in sorted(commands(whole, "veedor"), key=lambda one: one[0].split()[:2]):
        parts += rows(command, name)
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"wrote {PAGE}\n")
