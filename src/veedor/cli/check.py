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
    open_with_data,
    print_json,
    progress_bar,
    tell_left_out,
    tell_notes,
    tell_spellings,
    titled,
)
from veedor.cli.layout import Column, show_table
from veedor.cli.speech import number, shown
from veedor.cli.speech.words import verdict_word
from veedor.cli.texts import TEXTS

if TYPE_CHECKING:
    from veedor.checks import CheckInputs
    from veedor.election import Election
    from veedor.finding import Finding
    from veedor.sheets.dataset import Dataset

SIDE = "COUNT or COUNT@WHEN, such as official or preliminary@2019-10-20T19:40:57"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check")(check)


def check(
    election: ElectionArgument,
    checks: Annotated[list[str] | None, typer.Argument(metavar="CHECK", help="Names of checks (default: all).")] = None,
    contest: ContestOption = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--from",
            help=f"First side of comparisons: {SIDE}.",
        ),
    ] = None,
    end: Annotated[
        str | None,
        typer.Option("--to", help="Second side, with --from (default: the last snapshot of the default count)."),
    ] = None,
    items: Annotated[
        int | None, typer.Option("--items", min=0, help="Maximum items listed per finding (default: 100; 0 = all).")
    ] = None,
    data: DataOption = None,
    skip_bad_rows: SkipOption = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with status 1 if a check does not hold, or a question is open.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Check the sheets of each count, and counts to each other.

    Without --from every other count is compared with the default one: as it was before each stop, and as it was last.
    """
    from veedor.checks import ITEMS_SHOWN, known_check, run_checks
    from veedor.checks.run import CheckDocument
    from veedor.finding import Verdict

    names = [known_check(name) for name in checks] if checks else None
    dataset = open_with_data(election, contest, data, skip_bad_rows=skip_bad_rows)
    limit = ITEMS_SHOWN if items is None else items or None
    inputs = _inputs(dataset, start, end, limit)
    findings = run_checks(inputs, names)
    for left_out in inputs.left_out.values():
        tell_left_out(left_out, listed=True)
    tell_spellings(series.spellings for series in inputs.series.values())
    notes = tell_notes(note for series in inputs.series.values() for note in series.notes)
    if json:
        faults = [str(fault) for listed in inputs.left_out.values() for fault in listed]
        print_json(
            CheckDocument(
                election=dataset.election.id,
                contest=dataset.contest.id,
                findings=findings,
                left_out=faults or None,
                open_questions=dataset.election.open_questions or None,
                notes=notes or None,
            )
        )
    else:
        _show(dataset.election, findings)
    if strict and (dataset.election.questions or any(finding.verdict is Verdict.DOES_NOT_HOLD for finding in findings)):
        raise typer.Exit(1)


def _inputs(dataset: "Dataset", start: str | None, end: str | None, limit: int | None) -> "CheckInputs":
    from dataclasses import replace

    from veedor.checks import CheckInputs
    from veedor.checks.inputs import sides_named

    with progress_bar(TEXTS.say("progress.reading")) as step:
        dataset.read(step)
    inputs = CheckInputs(dataset=dataset, items=limit)
    first, second = sides_named(inputs, start, end)
    return replace(inputs, start=first, end=second)


def _show(election: "Election", findings: "list[Finding]") -> None:
    from veedor.finding import Verdict

    columns = [
        Column(TEXTS.say("head.check"), "word"),
        Column(TEXTS.say("head.verdict"), "word"),
        Column(TEXTS.say("head.found")),
        Column(TEXTS.say("head.of")),
        Column(TEXTS.say("head.what_was_found"), "text"),
    ]
    rows = [
        [
            finding.check,
            titled(word) if finding.verdict is Verdict.DOES_NOT_HOLD else word,
            number(finding.found),
            number(finding.looked_at),
            shown(finding.summary),
        ]
        for finding in sorted(findings, key=lambda one: one.verdict is not Verdict.DOES_NOT_HOLD)
        for word in [verdict_word(finding.verdict)]
    ]
    show_table(columns, rows, title=shown(election.name))
    console().print(f"\n{summary_of(findings)}")


def summary_of(findings: "list[Finding]") -> str:
    """One line: the checks that do not hold by name, and how many findings were undecided."""
    from veedor.finding import Verdict

    failing = list(dict.fromkeys(one.check for one in findings if one.verdict is Verdict.DOES_NOT_HOLD))
    undecided = sum(one.verdict is Verdict.UNDECIDED for one in findings)
    if failing:
        said = TEXTS.say("check.failing", names=", ".join(failing))
    elif undecided:
        said = TEXTS.say("check.none_decided" if undecided == len(findings) else "check.all_decided_hold")
    else:
        said = TEXTS.say("check.all_hold" if findings else "check.none_decided")
    if not undecided:
        return said
    return f"{said} {TEXTS.plural('check.undecided', len(findings), undecided=number(undecided))}"
