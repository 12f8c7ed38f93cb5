"""veedor fetch: download an election's public files once, checked against their SHA-256."""

from pathlib import Path
from typing import Annotated

import typer

from veedor.cli.common import ElectionArgument, JsonOption, open_election, print_json, say
from veedor.cli.speech import number
from veedor.cli.texts import TEXTS


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("fetch")(fetch)


def fetch(
    election: ElectionArgument,
    out: Annotated[Path | None, typer.Option("--out", help="Folder to fill (default: the cache).")] = None,
    json: JsonOption = False,
) -> None:
    """Download an election's public files and check their hashes.

    A file that is already in the folder is checked and not downloaded again.
    """
    from veedor.cli.documents import FetchDocument
    from veedor.sheets.fetch import downloads, fetch_election

    opened = open_election(election)
    files = [str(path) for path in fetch_election(opened, out)]
    unchecked = [one.name for one in downloads(opened) if one.sha256 is None]
    if unchecked:
        say(TEXTS.say("fetch.no_hash", files=names(unchecked)))
    if json:
        print_json(FetchDocument(election=election, files=files))
        return
    for path in files:
        print(path)


SHOWN = 5
"""Files without a hash that are named one by one."""


def names(files: list[str]) -> str:
    """The first few names, and how many more there are."""
    first, more = ", ".join(files[:SHOWN]), len(files) - SHOWN
    return TEXTS.say("fetch.and_more", files=first, more=number(more)) if more > 0 else first
