"""veedor fetch: download an election's public files once, checked against their SHA-256."""

from pathlib import Path
from typing import Annotated

import typer

from veedor.cli.common import ElectionArgument, JsonOption, open_election, print_json


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("fetch")(fetch)


def fetch(
    election: ElectionArgument,
    out: Annotated[Path | None, typer.Option("--out", help="Folder to fill; the cache unless told.")] = None,
    json: JsonOption = False,
) -> None:
    """Download the files that the definition names, once, and check their hashes."""
    from veedor.sheets.fetch import fetch_election

    files = [str(path) for path in fetch_election(open_election(election), out)]
    if json:
        print_json({"election": election, "files": files})
        return
    for path in files:
        print(path)
