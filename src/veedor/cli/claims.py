"""veedor claims: who said what, and what the findings say today."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from veedor.cli.common import (
    ContestOption,
    DataOption,
    ElectionArgument,
    JsonOption,
    SkipOption,
    open_election,
    open_with_data,
    print_json,
)
from veedor.cli.layout import Column, show_table
from veedor.rim.terminal import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from veedor.claims.bind import Bound, Checked
    from veedor.claims.model import Claim

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
    audit: Annotated[
        Path | None, typer.Option("--audit", help="Folder of an audit of these sheets, for claims bound to it.")
    ] = None,
    record: Annotated[
        Path | None, typer.Option("--record", help="Folder of the log of these sheets, for claims bound to it.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with status 1 if a bound finding is not available.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """List claims with what the findings say of each today."""
    from veedor.claims.as_json import claims_document
    from veedor.claims.bind import bind
    from veedor.claims.read import claims_file, read_claims
    from veedor.claims.run import results_for
    from veedor.errors import VeedorError

    defined = open_election(election)
    said = read_claims(election, defined)
    if not said.claims and not said.events:
        raise VeedorError(f"{claims_file(election)} is not there, or holds no claims and no events")
    dataset = open_with_data(election, contest, data, skip_bad_rows=skip_bad_rows)
    results = results_for(said, dataset, record=record, audit=audit)
    bound = bind(said, results, file=str(claims_file(election)))
    if json:
        print_json(claims_document(dataset.election, said, bound))
    else:
        _show(bound)
    if strict and any(not one.at_hand for each in bound for one in each.checked):
        raise typer.Exit(1)


def _show(bound: "Sequence[Bound]") -> None:
    from veedor.claims.as_json import in_order

    columns = [
        Column("when", "word"),
        Column("who", "name"),
        Column("said", "text"),
        Column("kind", "word"),
        Column("today", "text"),
    ]
    rows = [
        [
            _when(each.claim),
            each.claim.who.name.en,
            one_line(each.claim.words.en),
            each.claim.kind.replace("_", " "),
            "\n".join([ANSWERS[each.answer], *(f"  {_said(one)}" for one in each.checked)]),
        ]
        for each in in_order(bound)
    ]
    show_table(columns, rows, heads=2)


def _when(claim: "Claim") -> str:
    """A date no finer than it is known."""
    if claim.when is None:
        return "not known"
    day = claim.when.isoformat()
    return {"week": f"{day} (week)", "month": day[:7], "unknown": f"by {day}"}.get(claim.precision, day)


def _said(checked: "Checked") -> str:
    """A bound finding's figure today, beside the condition."""
    asked = checked.condition
    name = f"{asked.room} {asked.finding}, {asked.field}"
    if not checked.found:
        return f"{name}: no such finding at hand"
    found = ", ".join(str(value) for value in checked.found)
    test, value = asked.test
    return f"{name}: {found} (agrees if {test.replace('_', ' ')} {value})"
