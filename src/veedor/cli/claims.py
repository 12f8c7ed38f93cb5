"""veedor claims: who said what, and what the findings say today."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

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
from veedor.cli.speech import shown
from veedor.cli.texts import TEXTS
from veedor.rim.terminal import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from veedor.claims.bind import Bound, Checked
    from veedor.claims.model import Claim


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
        raise VeedorError(TEXTS.say("error.no_claims", file=str(claims_file(election))))
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

    kinds: dict[str, Literal["word", "name", "text"]] = {
        "when": "word",
        "who": "name",
        "said": "text",
        "kind": "word",
        "today": "text",
    }
    columns = [Column(TEXTS.say(f"claims.head.{name}"), kind) for name, kind in kinds.items()]
    rows = [
        [
            _when(each.claim),
            shown(each.claim.who.name),
            one_line(shown(each.claim.words)),
            TEXTS.say(f"claims.kind.{each.claim.kind}"),
            "\n".join([TEXTS.say(f"claims.answer.{each.answer}"), *(f"  {_said(one)}" for one in each.checked)]),
        ]
        for each in in_order(bound)
    ]
    show_table(columns, rows, heads=2)


def _when(claim: "Claim") -> str:
    """A date no finer than it is known."""
    if claim.when is None:
        return TEXTS.say("claims.not_known")
    day = claim.when.isoformat()
    if claim.precision in ("week", "unknown"):
        return TEXTS.say(f"claims.when_{claim.precision}", day=day)
    return day[:7] if claim.precision == "month" else day


def _said(checked: "Checked") -> str:
    """A bound finding's figure today, beside the condition."""
    asked = checked.condition
    name = f"{asked.room} {asked.finding}, {asked.field}"
    if not checked.found:
        return TEXTS.say("claims.no_finding", name=name)
    found = ", ".join(str(value) for value in checked.found)
    test, value = asked.test
    return TEXTS.say("claims.found", name=name, found=found, test=TEXTS.say(f"claims.test.{test}", value=str(value)))
