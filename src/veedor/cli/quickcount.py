"""veedor quickcount: the observers' own estimate from a sample of polling stations."""

import datetime as dt
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated

import typer

from veedor.cli.common import (
    DEFAULT_SEED,
    DataOption,
    ElectionArgument,
    JsonOption,
    SeedOption,
    SkipOption,
    print_json,
    say,
    tell_left_out,
)
from veedor.cli.layout import Column, show_table
from veedor.rim.terminal import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from veedor.quickcount.document import EstimateDocument


class EstimatorName(StrEnum):
    """How strata are put together."""

    COMBINED = "combined"
    SEPARATE = "separate"


class CellsName(StrEnum):
    """What the reports are weighted by."""

    STRATA = "strata"
    MERGED = "merged"
    GIVEN = "given"


class SingleName(StrEnum):
    """The error of a stratum with one report."""

    PAIR = "pair"
    ZERO = "zero"


EstimatorOption = Annotated[
    EstimatorName, typer.Option("--estimator", help="Combined ratio, or separate by registered voters.")
]
CellsOption = Annotated[
    CellsName | None,
    typer.Option(
        "--cells",
        help="Weight by strata; by the cells of [post_strata], small ones merged; or by those cells (else strata) as "
        "given, empty ones being in no figure (default: merged if there is a [post_strata], else strata).",
    ),
]
SingleOption = Annotated[
    SingleName,
    typer.Option("--single", help="Error of a stratum with one report: paired with the next, or taken as zero."),
]
ShiftOption = Annotated[
    float | None,
    typer.Option("--shift", min=0, max=100, help="Late-shift allowance in points, in place of the one fixed."),
]
UntilOption = Annotated[
    dt.datetime | None, typer.Option("--until", help="Only reports up to this moment, as their column has it.")
]
ReplicatesOption = Annotated[
    int, typer.Option("--replicates", min=100, max=100_000, help="Replicates of the bootstrap.")
]


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(
        name="quickcount",
        help=(
            "Estimate the result from a sample of stations.\n\n"
            "From the sheets that observers reported, with what the missing stations could change."
        ),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    group.command("estimate")(estimate)
    app.add_typer(group)


def estimate(
    election: ElectionArgument,
    data: DataOption = None,
    estimator: EstimatorOption = EstimatorName.COMBINED,
    cells: CellsOption = None,
    single: SingleOption = SingleName.PAIR,
    shift: ShiftOption = None,
    until: UntilOption = None,
    replicates: ReplicatesOption = 1000,
    seed: SeedOption = DEFAULT_SEED,
    skip_bad_rows: SkipOption = False,
    json: JsonOption = False,
) -> None:
    """Estimate shares, turnout and differences.

    From the reports that have arrived, each with three intervals: sampling error; with an allowance for a late shift;
    and the worst case of what is missing.
    """
    from veedor.errors import VeedorError
    from veedor.quickcount import estimate as estimating
    from veedor.quickcount.night import read_night
    from veedor.quickcount.read import open_quickcount

    opened = open_quickcount(election)
    quick = opened.definition
    if cells is CellsName.MERGED and quick.post_strata is None:
        raise VeedorError(f"--cells merged: {opened.path} has no [post_strata]")
    by = cells if cells is not None else CellsName.STRATA if quick.post_strata is None else CellsName.MERGED
    folder = data if data is not None else opened.folder
    night = read_night(quick, folder, post_strata=by is not CellsName.STRATA, skip_bad_rows=skip_bad_rows, until=until)
    tell_left_out(night.left_out, listed=True)
    settings = estimating.Settings(
        estimator=estimator.value,
        cells=by.value,
        single=single.value,
        replicates=replicates,
        seed=seed,
        shift=None if shift is None else shift / 100,
    )
    found = estimating.estimate(
        quick, night, settings, election=opened.election, left_out=[str(fault) for fault in night.left_out]
    )
    if json:
        print_json(found)
        return
    _show(found)


def _show(found: "EstimateDocument") -> None:
    print(
        f"{one_line(found.election)}: {found.received:,} of {found.planned:,} stations of the sample reported; "
        f"{100 * found.missing_share:.1f} % are missing"
    )
    heads = ("", "share", "error", "sampling 95 %", "with late shift", "worst case", "design effect")
    columns = [Column(heads[0], "name"), *(Column(head, "figure") for head in heads[1:])]
    rows = [
        [
            one_line(each.name.en),
            f"{100 * each.share:.2f} %",
            f"{100 * each.se_linear:.2f}",
            _range(each.sampling),
            _range(each.shift),
            "not known" if each.bound is None else _range(each.bound),
            "" if each.design_effect is None else f"{each.design_effect:.1f}",
        ]
        for each in found.estimates
    ]
    if found.turnout is not None:
        turnout = found.turnout
        rows.append(
            [
                "turnout",
                f"{100 * turnout.share:.2f} %",
                f"{100 * turnout.se_linear:.2f}",
                _range(turnout.sampling),
                _range(turnout.shift),
                _range(turnout.bound),
                "",
            ]
        )
    show_table(columns, rows)
    _show_differences(found)
    print(
        f"late shift: {100 * found.allowance.share:g} points between missing and other stations "
        f"({found.allowance.why.en})"
    )
    for each in found.thresholds:
        print(f"{one_line(each.choice)} above {100 * each.threshold:g} %: {each.answer}")
    for note in found.notes:
        say(one_line(f"note: {note.en}"))


def _show_differences(found: "EstimateDocument") -> None:
    """Neighbours in the order of their shares; --json has every two."""
    order = {each.choice: each.share for each in found.estimates}
    ranked = sorted(
        {each.first for each in found.differences} | {each.second for each in found.differences}, key=order.__getitem__
    )[::-1]
    beside = set(pairwise(ranked))
    rows = [
        [
            f"{one_line(each.first)} - {one_line(each.second)}",
            f"{100 * each.share:.2f}",
            f"{100 * each.se:.2f}",
            _range(each.sampling),
            _range(each.shift),
            "" if each.tipping_point is None else f"{100 * each.tipping_point:.2f}",
        ]
        for each in found.differences
        if (each.first, each.second) in beside
    ]
    heads = ("difference in points", "", "error", "sampling 95 %", "with late shift", "tipping point")
    if rows:
        show_table([Column(heads[0], "name"), *(Column(head, "figure") for head in heads[1:])], rows)


def _range(interval: "Sequence[float]") -> str:
    return f"{100 * interval[0]:.2f} to {100 * interval[1]:.2f}"
