"""veedor claims: who said what, and what the findings say today."""

from typing import TYPE_CHECKING, Annotated

import typer

from veedor.cli.common import (
    ContestOption,
    DataOption,
    ElectionArgument,
    JsonOption,
    SkipOption,
    console,
    contest_of,
    data_folder,
    open_election,
    print_json,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from veedor.claims.bind import Bound

ANSWERS = {
    "agrees": "the findings agree",
    "does_not_agree": "the findings do not agree",
    "undecided": "undecided",
    "not_at_hand": "not at hand",
    "no_verdict": "no verdict",
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("claims")(claims)


def claims(
    election: ElectionArgument,
    contest: ContestOption = None,
    data: DataOption = None,
    skip_bad_rows: SkipOption = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 if a bound finding is missing.")] = False,
    json: JsonOption = False,
) -> None:
    """List the claims about an election, each testable one with what its findings say today."""
    from veedor.claims.as_json import claims_as_json
    from veedor.claims.bind import bind
    from veedor.claims.read import claims_file, read_claims
    from veedor.claims.run import results_for
    from veedor.errors import VeedorError

    opened = open_election(election)
    said = read_claims(election, opened)
    if not said.claims and not said.events:
        raise VeedorError(f"{claims_file(election)} is not there, or holds no claims and no events")
    folder = data_folder(opened, election, data)
    results = results_for(said, opened, contest_of(opened, contest), folder, name=election, skip_bad_rows=skip_bad_rows)
    bound = bind(said, results, file=str(claims_file(election)))
    if json:
        print_json(claims_as_json(opened, said, bound))
    else:
        _show(bound)
    if strict and any(each.answer == "not_at_hand" and each.claim.conditions for each in bound):
        raise typer.Exit(1)


def _show(bound: "Sequence[Bound]") -> None:
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("when", no_wrap=True)
    table.add_column("who", ratio=1)
    table.add_column("said", ratio=3)
    table.add_column("kind", no_wrap=True)
    table.add_column("today", ratio=1)
    for each in bound:
        claim = each.claim
        when = claim.when.isoformat() if claim.when is not None else "not known"
        table.add_row(
            when, escape(claim.who.name), escape(claim.words.en), claim.kind.replace("_", " "), ANSWERS[each.answer]
        )
    console().print(table)
