"""veedor check: what the tally sheets of an election say about themselves and each other."""

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
    progress_bar,
    tell_left_out,
    tell_spellings,
    titled,
)

if TYPE_CHECKING:
    from pathlib import Path

    from veedor.checks import CheckInputs
    from veedor.election import Contest, Election
    from veedor.finding import Finding

SIDE = "COUNT or COUNT@WHEN, such as official or preliminary@2019-10-20T19:40:57"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check")(check)


def check(
    election: ElectionArgument,
    checks: Annotated[
        list[str] | None, typer.Argument(metavar="[CHECK]...", help="Names of checks; all unless told.")
    ] = None,
    contest: ContestOption = None,
    start: Annotated[str | None, typer.Option("--from", help=f"First side of comparisons: {SIDE}.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Second side; the official count's last state.")] = None,
    items: Annotated[int | None, typer.Option("--items", min=0, help="Most items a finding lists; 0 for all.")] = None,
    data: DataOption = None,
    skip_bad_rows: SkipOption = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 if a check does not hold.")] = False,
    json: JsonOption = False,
) -> None:
    """Check the tally sheets of every count, and counts against each other."""
    from veedor.checks import ITEMS_SHOWN, findings_as_json, known_check, run_checks
    from veedor.finding import Verdict

    names = [known_check(name) for name in checks] if checks else None
    opened = open_election(election)
    chosen = contest_of(opened, contest)
    folder = data_folder(opened, election, data)
    limit = ITEMS_SHOWN if items is None else items or None
    inputs = _inputs(opened, chosen, folder, (election, start, end, limit), skip_bad_rows=skip_bad_rows)
    findings = run_checks(inputs, names)
    for left_out in inputs.left_out.values():
        tell_left_out(left_out)
    tell_spellings(series.spellings for series in inputs.series.values())
    if json:
        document = findings_as_json(opened, chosen, findings)
        if any(inputs.left_out.values()):
            document["left_out"] = [str(fault) for faults in inputs.left_out.values() for fault in faults]
        print_json(document)
    else:
        _show(opened, findings)
    if strict and any(finding.verdict is Verdict.DOES_NOT_HOLD for finding in findings):
        raise typer.Exit(1)


def _inputs(
    election: "Election",
    contest: "Contest",
    folder: "Path",
    asked: tuple[str, str | None, str | None, int | None],
    *,
    skip_bad_rows: bool,
) -> "CheckInputs":
    from dataclasses import replace

    from veedor.checks import CheckInputs
    from veedor.checks.inputs import sides_named
    from veedor.sheets.read import read_series

    name, start, end, limit = asked
    with progress_bar("reading") as step:
        series = {
            count.id: read_series(election, contest, count, folder, skip_bad_rows=skip_bad_rows, progress=step)
            for count in election.counts
        }
    inputs = CheckInputs(election=election, contest=contest, series=series, name=name, items=limit)
    first, second = sides_named(inputs, start, end)
    return replace(inputs, start=first, end=second)


def _show(election: "Election", findings: "list[Finding]") -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, title=election.name.en, title_justify="left", show_lines=False)
    table.add_column("check", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    table.add_column("found", justify="right", no_wrap=True)
    table.add_column("of", justify="right", no_wrap=True)
    table.add_column("what was found", ratio=1)
    for finding in findings:
        table.add_row(
            finding.check,
            titled("does not hold") if finding.verdict.value == "does_not_hold" else finding.verdict.value,
            f"{finding.found:,}",
            f"{finding.looked_at:,}",
            finding.summary.en,
        )
    console().print(table)
