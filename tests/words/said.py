"""python -m tests.words.said FOLDER < LINES: run commands there, one after the other in one process; what each said.

LINES and what is printed are JSON: a list of command lines; for each its exit status, and both streams with the error.
A process of its own: rooms hold sentences that are made once, in the languages that there are when they are loaded.
"""

import json
import os
import sys

from typer.testing import CliRunner

from veedor.cli import application
from veedor.cli.speech import shown
from veedor.errors import VeedorError


def said(line: str) -> tuple[int, str]:
    """Exit status and words of one command; an error that `main` would say, and end with 2, is said too."""
    done = CliRunner().invoke(application(), line.split(), prog_name="veedor")
    if isinstance(done.exception, VeedorError):
        return 2, f"{done.output}{shown(done.exception.said)}"
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


if __name__ == "__main__":
    os.chdir(sys.argv[1])
    json.dump([said(line) for line in json.load(sys.stdin)], sys.stdout)
