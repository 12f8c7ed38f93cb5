"""veedor interruption: was the shift after the stop what the missing places would have brought anyway?"""

from typing import TYPE_CHECKING, Annotated

import typer

from veedor.cli.common import (
    DEFAULT_SEED,
    ContestOption,
    DataOption,
    ElectionArgument,
    JsonOption,
    SeedOption,
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
from veedor.cli.speech import figures, number, shown
from veedor.cli.speech.words import per_cent, verdict_word
from veedor.cli.texts import TEXTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from veedor.finding import Finding
    from veedor.interruption.like import Like
    from veedor.interruption.study import Study
    from veedor.sheets.dataset import Dataset

InterruptedOption = Annotated[
    str | None,
    typer.Option("--count", help="ID of the interrupted count (default: the declared one; with --cut, the first)."),
]

UniverseOption = Annotated[
    str | None,
    typer.Option(
        "--universe",
        help="Reference count: which sheets exist (default: the official count, else the interrupted one).",
    ),
]

SchedulerOption = Annotated[
    str | None, typer.Option("--scheduler", help="Address of a dask scheduler that distributes the draws.")
]

LikeOption = Annotated[
    int, typer.Option("--like", min=0, help="Number of simulated elections like this one to check the projection on.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("interruption")(interruption)


def interruption(
    election: ElectionArgument,
    contest: ContestOption = None,
    count: InterruptedOption = None,
    cut: Annotated[
        str | None,
        typer.Option(
            "--cut", help="Last snapshot before the stop, ISO 8601 (default: the one before the declared stop)."
        ),
    ] = None,
    universe: UniverseOption = None,
    draws: Annotated[int, typer.Option("--draws", min=10, help="Random draws for each projection.")] = 10_000,
    seed: SeedOption = DEFAULT_SEED,
    scheduler: SchedulerOption = None,
    like: LikeOption = 0,
    data: DataOption = None,
    skip_bad_rows: SkipOption = False,
    json: JsonOption = False,
) -> None:
    """Study a stop of a count and what remains unexplained.

    What was missing when publication stopped, what it would have brought, and what remains unexplained. The stop is the
    one that the definition declares, else the longest gap between the snapshots of a count.
    """
    from veedor.api.like import like as like_of
    from veedor.interruption.findings import findings_of, study_command
    from veedor.interruption.study import study
    from veedor.interruption.workers import workers
    from veedor.sheets.snapshot_names import moment_named

    dataset = open_with_data(election, contest, data, skip_bad_rows=skip_bad_rows)
    told = dataset.election
    named = told.count_named(count) if count is not None else None
    when = moment_named(cut, told.zone, "--cut") if cut is not None else None
    whole = told.count_named(universe) if universe is not None else None
    with workers(scheduler) as executor, progress_bar(TEXTS.say("progress.projecting")) as step:
        found = study(
            dataset, count=named, cut=when, universe=whole, draws=draws, seed=seed, executor=executor, progress=step
        )
    notes = _tell(dataset)
    command = study_command(dataset, count=named, cut=when, universe=whole, draws=draws, seed=seed)
    findings = findings_of(found, command)
    checked = like_of(found, like, seed) if like else None
    if json:
        from dataclasses import replace

        from veedor.interruption.as_json import study_document

        document = study_document(found, findings, draws=draws, seed=seed)
        print_json(replace(document, notes=notes or None, like=checked))
    else:
        _show(found, findings)
        _show_like(checked)


def _show_like(checked: "Like | None") -> None:
    if checked is None:
        return
    shares = ", ".join(per_cent(100 * share, 1) for share in checked.inside.values())
    beyond = per_cent(100 * checked.beyond, 1)
    console().print(TEXTS.plural("interruption.like", checked.elections, shares=shares, beyond=beyond))


def _tell(dataset: "Dataset") -> list[str]:
    """Say what was left out and merged in reading; the notes of the series."""
    tell_left_out(dataset.left_out)
    tell_spellings(series.spellings for series in dataset.read().values())
    return tell_notes(note for series in dataset.read().values() for note in series.notes)


def _show(study: "Study", findings: "Sequence[Finding]") -> None:
    out = console()
    split = study.split
    when = split.cut.isoformat()
    out.print(titled(shown(split.election.name), TEXTS.say("interruption.count", count=split.count, when=when)))
    missing = number(int(split.missing.sum()))
    sheets = TEXTS.plural("interruption.sheets", int(split.counted.sum()), missing=missing, universe=split.universe)
    out.print(f"{sheets}\n")
    for finding in findings:
        out.print(titled(shown(finding.title), f"  {verdict_word(finding.verdict)}"))
        out.print(f"  {shown(finding.summary)}\n")
    ends = [per_cent(2.5, 1), per_cent(97.5, 1)]
    columns = [
        Column(TEXTS.say("head.rule"), "word"),
        Column(TEXTS.say("head.counted_at"), "word"),
        *(Column(TEXTS.say(f"head.{name}")) for name in ("mean", "sd")),
        *map(Column, ends),
        *(Column(TEXTS.say("head.calibrated", end=end)) for end in ends),
        Column(TEXTS.say("head.unexplained")),
    ]
    rows = []
    for each in study.projections:
        sd = _points(each.sd) if each.sd is not None else ""
        span = [_points(each.quantiles[q]) if each.quantiles else "" for q in ("0.025", "0.975")]
        span += [_points(each.calibrated.quantiles[q]) if each.calibrated else "" for q in ("0.025", "0.975")]
        values = TEXTS.say(f"interruption.values.{each.values}")
        rows.append([each.rule, values, _points(each.mean), sd, *span, figures(f"{each.unexplained_votes:,.0f}")])
    rows.append([TEXTS.say("interruption.observed"), "", _points(study.projections[0].observed), *[""] * 6])
    show_table(columns, rows, title=TEXTS.say("interruption.projected"))


def _points(share: float) -> str:
    return figures(f"{100 * share:.3f}")
