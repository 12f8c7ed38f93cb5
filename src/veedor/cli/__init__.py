"""The command line: one module a command group, no logic."""

import importlib
import io
import os
import sys
import traceback
from typing import Annotated

import typer

from veedor.cli.help import Program
from veedor.cli.speech import shown
from veedor.cli.texts import TEXTS
from veedor.rim.terminal import shield
from veedor.rim.unchanged import one_look

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
"""Before NumPy is loaded: no product here is large enough for threads to gain, and while they wait for each other in a
loop they take a processor from the program that works beside a report. So no digit hangs on their number either."""

GROUPS = {
    "new": "new",
    "fetch": "fetch",
    "count": "count",
    "check": "check",
    "interruption": "interruption",
    "forensics": "forensics",
    "mixture": "mixture",
    "audit": "audit.plan",
    "record": "record.log",
    "claims": "claims",
    "report": "report",
    "verify": "report",
    "demo": "report",
    "export": "export",
    "simulate": "simulate",
    "quickcount": "quickcount",
}
"""The module of each command; those of one module are registered together."""


HELP = {"help_option_names": ["-h", "--help"]}
"""Settings of the program that every command below it inherits."""


ABOUT = (
    "Count, check and audit an election from its polling-station tally sheets.\n\n"
    "VEEDOR_LANGUAGE is the language of what is printed: en or es. What --json and files hold does not depend on it."
)


def application(command: str | None = None) -> typer.Typer:
    """The program with all its commands, or with those of the module that has this one: the others are not loaded."""
    modules = [GROUPS[command]] if command in GROUPS else list(dict.fromkeys(GROUPS.values()))
    app = typer.Typer(
        name="veedor",
        cls=Program,
        help=ABOUT,
        no_args_is_help=True,
        context_settings=HELP,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_general)
    for name in modules:
        importlib.import_module(f"veedor.cli.{name}").register(app)
    return app


COMPLETE = "_VEEDOR_COMPLETE"
"""Variable by which a shell asks what can follow the words typed so far; they are in one of two others."""


def command_typed() -> str | None:
    """The first word after `veedor`, here or in the line that a shell wants completed."""
    if COMPLETE not in os.environ:
        words = sys.argv
    else:
        words = (os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS") or "").split()
    return words[1] if len(words) > 1 else None


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
    """See ABOUT."""


def _open_closed() -> None:
    """Where a caller closed an output (`veedor ... >&-`), what is written there goes nowhere."""
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


FAULT_OF_OURS = 70
"""Exit status for an error that is none of the input or of the arguments (EX_SOFTWARE of sysexits.h)."""


def main() -> None:
    """Run the command line.

    Exit status: 0 done, 1 something asked for does not hold, 2 unusable input or arguments, 70 a fault of veedor's own,
    130 interrupted.
    """
    _open_closed()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name that the terminal cannot show is no reason to stop
    shield()
    try:
        with one_look():
            application(command_typed())(prog_name="veedor")
    except BrokenPipeError:
        # The reader of our output has gone (`veedor ... | head`): nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except SystemExit:
        if type(sys.stdout).__name__ == "PacifyFlushWrapper":  # how the library says that the reader has gone
            sys.exit(0)
        raise
    except KeyboardInterrupt:
        print(f"veedor: {TEXTS.say('frame.interrupted')}", file=sys.stderr)
        sys.exit(130)
    except Exception as error:
        print(f"veedor: {_said(error)}", file=sys.stderr)
        sys.exit(2 if _of_input(error) else FAULT_OF_OURS)


def _of_input(error: Exception) -> bool:
    """True if it is the input, the arguments or the machine that cannot be used, and not this program."""
    from veedor.errors import VeedorError

    return isinstance(error, VeedorError | OSError | MemoryError | RecursionError)


def _said(error: Exception) -> str:
    """The error for a person; with its traceback only where it is our own."""
    from veedor.errors import VeedorError

    if isinstance(error, OSError):
        return f"{error.filename or TEXTS.say('frame.system')}: {error.strerror or error}"
    if isinstance(error, MemoryError):
        return TEXTS.say("frame.memory")
    if isinstance(error, RecursionError):
        return TEXTS.say("frame.nested")
    if _of_input(error):
        return shown(error.said) if isinstance(error, VeedorError) else str(error)
    trace = "".join(traceback.format_exception(error))
    return f"{TEXTS.say('frame.fault_of_ours')}\n{trace}"
