"""veedor quickcount: the observers' own estimate from a sample of polling stations."""

import datetime as dt
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
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
from veedor.cli.speech import figures, number, shown
from veedor.cli.speech.words import between, per_cent, per_cent_short, verdict_word
from veedor.cli.texts import TEXTS
from veedor.rim.terminal import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from veedor.quickcount.document import EstimateDocument
    from veedor.quickcount.sample.allocation import Needed
    from veedor.quickcount.sample.plan import Design


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
SaltOption = Annotated[
    Path,
    typer.Option("--salt", help="File with the mission's salt, 32 or more characters, kept secret until the end."),
]
PublicSeedOption = Annotated[str, typer.Option("--seed", help="The seed that was rolled in public.")]
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
    group.command("design")(design)
    group.command("draw")(draw)
    group.command("open")(open_sample)
    group.command("estimate")(estimate)
    group.command("release")(release)
    group.command("compare")(compare)
    app.add_typer(group)


def design(
    election: ElectionArgument,
    data: DataOption = None,
    salt: Annotated[
        Path | None, typer.Option("--salt", help="File with the mission's salt: print the commitment to publish.")
    ] = None,
    margin: Annotated[
        float | None, typer.Option("--margin", min=0.01, max=50, help="Points: the size for it, by formula.")
    ] = None,
    level: Annotated[
        float, typer.Option("--level", min=50, max=99.9, help="Per cent of certainty for --margin.")
    ] = 95.0,
    design_effect: Annotated[
        float, typer.Option("--design-effect", min=1, help="Variance over that of a sample of voters, for --margin.")
    ] = 1.0,
    json: JsonOption = False,
) -> None:
    """Spread the sample over the strata.

    With --salt, print the commitment to publish before the seed is rolled; with --margin, the size that it takes.
    """
    from veedor.quickcount.read import open_quickcount
    from veedor.quickcount.sample.ceremony import salt_commitment
    from veedor.quickcount.sample.plan import DesignDocument, design_of

    opened = open_quickcount(election)
    found = design_of(opened.definition, data if data is not None else opened.folder)
    document = DesignDocument(
        election=opened.election,
        plan=found.plan,
        stations=len(found.frame),
        drawn=sum(found.sizes.values()),
        strata=found.strata,
        needed=None if margin is None else _needed(found, margin, level, design_effect),
        commitment=None if salt is None else salt_commitment(found.plan, _salt(salt)),
    )
    if json:
        print_json(document)
        return
    rows = [[one_line(one.stratum), number(one.stations), number(one.drawn)] for one in found.strata]
    heads = [TEXTS.say(f"quickcount.head.{name}") for name in ("stratum", "stations", "drawn")]
    show_table([Column(heads[0], "name"), Column(heads[1]), Column(heads[2])], rows)
    drawn = number(document.drawn)
    print(TEXTS.plural("quickcount.drawn_of", document.stations, drawn=drawn, plan=document.plan))
    if document.needed is not None:
        voters = TEXTS.plural("quickcount.voters", document.needed.voters)
        points = figures(str(margin))
        print(TEXTS.plural("quickcount.margin", document.needed.stations, points=points, voters=voters))
    if document.commitment is not None:
        print(TEXTS.say("quickcount.publish_before", commitment=document.commitment))


def _needed(found: "Design", margin: float, level: float, design_effect: float) -> "Needed":
    from statistics import NormalDist

    from veedor.errors import VeedorError
    from veedor.quickcount.sample.allocation import size_for

    rolls = [one.roll for one in found.frame if one.roll is not None]
    if len(rolls) < len(found.frame) or not sum(rolls):
        raise VeedorError(TEXTS.say("error.margin_needs_roll"))
    z = NormalDist().inv_cdf(0.5 + level / 200)
    return size_for(margin / 100, z, sum(rolls), sum(rolls) / len(rolls), design_effect)


def _salt(path: Path) -> str:
    from veedor.errors import VeedorError
    from veedor.rim.foreign import read_file

    try:
        return read_file(path, most=10_000).decode("utf-8").strip()
    except UnicodeDecodeError:
        raise VeedorError(TEXTS.say("error.salt", file=str(path))) from None


def draw(
    election: ElectionArgument,
    seed: PublicSeedOption,
    salt: SaltOption,
    out: Annotated[Path, typer.Option("--out", help="File to write the sample to; it must not be there yet.")],
    data: DataOption = None,
    json: JsonOption = False,
) -> None:
    """Draw the sample by seed and salt.

    Its commitment is printed, to be published with the seed; the sample itself goes to --out only.
    """
    from veedor.errors import VeedorError
    from veedor.files import atomic
    from veedor.quickcount.read import open_quickcount
    from veedor.quickcount.sample import ceremony
    from veedor.quickcount.sample.plan import DrawDocument, design_of

    opened, secret = open_quickcount(election), _salt(salt)
    if out.exists():
        raise VeedorError(TEXTS.say("error.drawn_already", file=str(out)))
    found = design_of(opened.definition, data if data is not None else opened.folder)
    content = ceremony.sample_bytes(ceremony.draw(found.frame, found.sizes, seed, secret))
    with atomic(out) as path:
        path.write_bytes(content)
    document = DrawDocument(
        election=opened.election,
        plan=found.plan,
        seed=seed,
        commitment=ceremony.salt_commitment(found.plan, secret),
        sample=ceremony.sample_commitment(secret, content),
        drawn=sum(found.sizes.values()),
    )
    if json:
        print_json(document)
        return
    print(TEXTS.plural("quickcount.drawn", document.drawn, file=str(out), plan=document.plan))
    print(TEXTS.say("quickcount.publish_with", commitment=document.sample))


def open_sample(
    election: ElectionArgument,
    seed: PublicSeedOption,
    salt: SaltOption,
    commitment: Annotated[str, typer.Option("--commitment", help="To the salt, published before the seed.")],
    sample: Annotated[str, typer.Option("--sample", help="Commitment to the sample, published with the seed.")],
    file: Annotated[Path, typer.Option("--file", help="The sample.")],
    data: DataOption = None,
    json: JsonOption = False,
) -> None:
    """Verify an opened sample; exit status 1 if it is another.

    It is drawn again from seed and salt, and compared with both commitments.
    """
    from veedor.quickcount.read import open_quickcount
    from veedor.quickcount.sample import ceremony
    from veedor.quickcount.sample.plan import OpenDocument, design_of
    from veedor.rim.foreign import read_file

    opened, secret = open_quickcount(election), _salt(salt)
    found = design_of(opened.definition, data if data is not None else opened.folder)
    content = read_file(file, most=100_000_000)
    again = ceremony.sample_bytes(ceremony.draw(found.frame, found.sizes, seed, secret))
    document = OpenDocument(
        election=opened.election,
        plan=found.plan,
        seed=seed,
        commitment_holds=ceremony.salt_commitment(found.plan, secret) == commitment.lower(),
        sample_holds=ceremony.sample_commitment(secret, content) == sample.lower(),
        drawn_again=again == content,
    )
    if json:
        print_json(document)
    else:
        for holds, what in (
            (document.commitment_holds, "commitment"),
            (document.sample_holds, "sample"),
            (document.drawn_again, "drawn_again"),
        ):
            word = TEXTS.say("verdict.holds" if holds else "verdict.does_not_hold")
            print(f"{word}: {TEXTS.say(f'quickcount.opened.{what}')}")
    if not (document.commitment_holds and document.sample_holds and document.drawn_again):
        raise typer.Exit(1)


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
        raise VeedorError(TEXTS.say("error.no_post_strata", file=str(opened.path)))
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


def release(
    election: ElectionArgument,
    data: DataOption = None,
    until: UntilOption = None,
    seed: SeedOption = DEFAULT_SEED,
    skip_bad_rows: SkipOption = False,
    json: JsonOption = False,
) -> None:
    """Say which sentences the release rule allows.

    Each holds, does not hold, or is undecided, by the rule in quickcount.toml; its hash is to be published beforehand.
    """
    from veedor.quickcount.estimate import Settings
    from veedor.quickcount.night import read_night
    from veedor.quickcount.read import open_quickcount
    from veedor.quickcount.release import release as by_rule

    opened = open_quickcount(election)
    quick, folder = opened.definition, data if data is not None else opened.folder
    cells = quick.post_strata is not None
    night = read_night(quick, folder, post_strata=cells, skip_bad_rows=skip_bad_rows, until=until)
    tell_left_out(night.left_out)
    settings = Settings(cells="merged" if cells else "strata", seed=seed)
    found = by_rule(quick, night, settings, election=opened.election)
    if json:
        print_json(found)
        return
    print(TEXTS.plural("quickcount.received", found.planned, received=number(found.received), rule=found.rule))
    for one in found.sentences:
        first, second = one_line(one.first), one_line(one.second)
        print(TEXTS.say("quickcount.leads", first=first, second=second, verdict=verdict_word(one.verdict)))
        for reason in one.reasons:
            print(f"  {one_line(shown(reason))}")


def compare(
    intervals: Annotated[
        Path, typer.Argument(help="CSV with the columns choice, low, high, official, in per cent.", show_default=False)
    ],
    json: JsonOption = False,
) -> None:
    """Compare published intervals with a result.

    Each official share is inside its interval or outside; without one it is undecided. Nothing more is said.
    """
    from veedor.quickcount.compare import compared, published_in
    from veedor.rim.foreign import read_file

    found = compared(published_in(read_file(intervals, most=1_000_000), str(intervals)))
    if json:
        print_json(found)
        return
    rows = [
        [
            one_line(one.choice),
            _range((one.low, one.high)),
            "" if one.official is None else _points(one.official),
            TEXTS.say(f"quickcount.compared.{one.answer}"),
        ]
        for one in found.compared
    ]
    interval, official = (TEXTS.say(f"quickcount.head.{name}") for name in ("interval", "official"))
    show_table([Column("", "name"), Column(interval), Column(official), Column("", "word")], rows)
    for pair in found.order:
        print(f"{one_line(pair.first)}, {one_line(pair.second)}: {TEXTS.say(f'quickcount.order.{pair.answer}')}")


def _show(found: "EstimateDocument") -> None:
    print(
        TEXTS.plural(
            "quickcount.reported",
            found.planned,
            election=one_line(found.election),
            received=number(found.received),
            missing=per_cent(100 * found.missing_share, 1),
        )
    )
    heads = ("share", "error", "sampling", "late_shift", "worst_case", "design_effect")
    columns = [Column("", "name"), *(Column(TEXTS.say(f"quickcount.head.{name}")) for name in heads)]
    rows = [
        [
            one_line(shown(each.name)),
            per_cent(100 * each.share, 2),
            _points(each.se_linear),
            _range(each.sampling),
            _range(each.shift),
            TEXTS.say("quickcount.not_known") if each.bound is None else _range(each.bound),
            "" if each.design_effect is None else figures(f"{each.design_effect:.1f}"),
        ]
        for each in found.estimates
    ]
    if found.turnout is not None:
        turnout = found.turnout
        rows.append(
            [
                TEXTS.say("quickcount.turnout"),
                per_cent(100 * turnout.share, 2),
                _points(turnout.se_linear),
                _range(turnout.sampling),
                _range(turnout.shift),
                _range(turnout.bound),
                "",
            ]
        )
    show_table(columns, rows)
    _show_differences(found)
    points = figures(f"{100 * found.allowance.share:g}")
    print(TEXTS.say("quickcount.late_shift", points=points, why=found.allowance.why))
    for each in found.thresholds:
        line, answer = per_cent_short(100 * each.threshold), TEXTS.say(f"quickcount.above.{each.answer}")
        print(TEXTS.say("quickcount.threshold", choice=one_line(each.choice), line=line, answer=answer))
    for note in found.notes:
        say(one_line(TEXTS.say("note.note", note=note)))


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
            _points(each.share),
            _points(each.se),
            _range(each.sampling),
            _range(each.shift),
            "" if each.tipping_point is None else _points(each.tipping_point),
        ]
        for each in found.differences
        if (each.first, each.second) in beside
    ]
    heads = ("error", "sampling", "late_shift", "tipping_point")
    if rows:
        first = Column(TEXTS.say("quickcount.head.difference"), "name"), Column("")
        show_table([*first, *(Column(TEXTS.say(f"quickcount.head.{name}")) for name in heads)], rows)


def _range(interval: "Sequence[float]") -> str:
    return between(_points(interval[0]), _points(interval[1]))


def _points(share: float) -> str:
    return figures(f"{100 * share:.2f}")
