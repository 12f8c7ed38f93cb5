"""veedor new: a draft election.toml for files of unknown making."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from veedor.cli.common import JsonOption, print_json, program
from veedor.rim.terminal import one_line


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("new")(new)


def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder for the new election.toml.")],
    files: Annotated[
        list[Path], typer.Option("--from", metavar="FILE", help="A results file to inspect; may be repeated.")
    ],
    more: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE", help="More files, after the first of --from.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Draft an election.toml from results files.

    Inspect results files in any supported format and write a commented draft into DIR.
    """
    from veedor.cli.documents import CountTried, NewDocument
    from veedor.draft.draft import write_draft

    draft = write_draft(folder, [*files, *(more or ())])
    if json:
        print_json(
            NewDocument(
                election=draft.election.id,
                file=str(folder / "election.toml"),
                data=str(draft.folder),
                todo=draft.todo,
                counts=[
                    CountTried(id=one.count, sheets=one.sheets, valid=one.valid, problem=one.problem or None)
                    for one in draft.tried
                ],
            )
        )
        return
    print(one_line(f"wrote {folder / 'election.toml'}"))
    election = draft.election
    print(one_line(f"  levels: {', '.join(election.level_ids) or 'none found'}"))
    print(one_line(f"  choices: {', '.join(election.contests[0].choice_ids)}"))
    for one in draft.tried:
        figures = f"{one.sheets:,} sheets, {one.valid:,} valid votes" if not one.problem else one.problem
        print(one_line(f"  {one.count}: {figures}"))
    for todo in draft.todo:
        print(one_line(f"  TODO {todo}"))
    words = [str(folder), *(() if draft.folder == folder.resolve() else ("--data", str(draft.folder)))]
    print(one_line(f"Look at its lines with TODO, then: {program()} count {shlex.join(words)}"))
