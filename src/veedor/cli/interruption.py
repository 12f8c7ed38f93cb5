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
    from veedor.interruption.command import study_command
    from veedor.interruption.findings import findings_of
    from veedor.interruption.study import study
    from veedor.interruption.workers import workers
    from veedor.sheets.snapshot_names import moment_named

    dataset = open_with_data(election, contest, data, skip_bad_rows=skip_bad_rows)
    told = dataset.election
    named = told.count_named(count) if count is not None else None
    when = moment_named(cut, told.zone, "--cut") if cut is not None else None
    whole = told.count_named(universe) if universe is not None else None
    with workers(scheduler) as executor, progress_bar("projecting") as step:
        found = study(
            dataset,
            count=named,
            cut=when,
            universe=whole,
            draws=draws,
            seed=seed,
            executor=executor,
            progress=step,
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
    shares = ", ".join(f"{100 * share:.1f} %" for share in checked.inside.values())
    console().print(
        f"Of {checked.elections:,} simulated elections like this one, in which nothing was altered, the calibrated 50, "
        f"80 and 95 % intervals of the hierarchical rule hold the final lead in {shares}; outside even the widest: "
        f"{100 * checked.beyond:.1f} %."
    )


def _tell(dataset: "Dataset") -> list[str]:
    """Say what was left out and merged in reading; the notes of the series."""
    tell_left_out(dataset.left_out)
    tell_spellings(series.spellings for series in dataset.read().values())
    return tell_notes(note for series in dataset.read().values() for note in series.notes)


def _show(study: "Study", findings: "Sequence[Finding]") -> None:
    out = console()
    split = study.split
    out.print(titled(split.election.name.en, f": {split.count} at {split.cut.isoformat()}"))
    out.print(f"{split.counted.sum():,} sheets counted, {split.missing.sum():,} missing; universe: {split.universe}\n")
    for finding in findings:
        out.print(titled(finding.title.en, f"  {finding.verdict.value.replace('_', ' ')}"))
        out.print(f"  {finding.summary.en}\n")
    columns = [
        Column("rule", "word"),
        Column("counted sheets at", "word"),
        *map(Column, ("mean", "sd", "2.5 %", "97.5 %", "calibrated 2.5 %", "calibrated 97.5 %", "unexplained votes")),
    ]
    rows = []
    for each in study.projections:
        sd = f"{100 * each.sd:.3f}" if each.sd is not None else ""
        span = [f"{100 * each.quantiles[q]:.3f}" if each.quantiles else "" for q in ("0.025", "0.975")]
        span += [f"{100 * each.calibrated.quantiles[q]:.3f}" if each.calibrated else "" for q in ("0.025", "0.975")]
        rows.append([each.rule, each.values, f"{100 * each.mean:.3f}", sd, *span, f"{each.unexplained_votes:,.0f}"])
    rows.append(["observed", "", f"{100 * study.projections[0].observed:.3f}", *[""] * 6])
    show_table(columns, rows, title="Projected final lead, in points of valid votes")
