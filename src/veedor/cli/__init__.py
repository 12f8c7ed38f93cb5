"""The command line: one module a command group, no logic."""

import importlib
import os
import sys
from typing import Annotated

import typer

GROUPS = (
    "new",
    "fetch",
    "count",
    "check",
    "interruption",
    "forensics",
    "audit",
    "record",
    "claims",
    "report",
    "export",
    "simulate",
)


def application() -> typer.Typer:
    """The program with all its commands."""
    app = typer.Typer(
        name="veedor",
        help="Count, check and audit an election from its polling-station tally sheets.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_general)
    for group in GROUPS:
        try:
            module = importlib.import_module(f"veedor.cli.{group}")
        except ModuleNotFoundError as error:
            if error.name != f"veedor.cli.{group}":
                raise
            continue
        module.register(app)
    return app


def _show_version(wanted: bool) -> None:
    if wanted:
        from veedor import __version__

        print(f"veedor {__version__}")
        raise typer.Exit


def _general(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Count, check and audit an election from its polling-station tally sheets."""


def main() -> None:
    """Run the command line. Exit status: 0 done, 1 something asked for does not hold, 2 unusable input or arguments."""
    from veedor.errors import VeedorError

    try:
        application()(prog_name="veedor")
    except VeedorError as error:
        print(f"veedor: {error}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        # The reader of our output has gone (`veedor ... | head`): nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        print("veedor: interrupted", file=sys.stderr)
        sys.exit(130)
    except OSError as error:
        print(f"veedor: {error.filename or 'the system'}: {error.strerror or error}", file=sys.stderr)
        sys.exit(2)
