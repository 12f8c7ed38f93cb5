"""veedor report, verify and demo: an election's dossier, its proof, and one that needs no data."""

import os
import shlex
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from veedor.cli.common import (
    ContestOption,
    DataOption,
    ElectionArgument,
    JsonOption,
    SkipOption,
    StrictOption,
    open_with_data,
    print_json,
    program,
    progress_bar,
    say,
    tell_left_out,
    tell_notes,
    tell_spellings,
)
from veedor.cli.speech import figures, language_code, number
from veedor.cli.texts import TEXTS
from veedor.rim.terminal import one_line
from veedor.rim.unchanged import one_look

if TYPE_CHECKING:
    from collections.abc import Sequence

    from veedor.cli.documents import ReportDocument, SkippedPage
    from veedor.dossier.input import Opened
    from veedor.election import Election
    from veedor.rim.process import Process
    from veedor.sheets.dataset import Dataset

SHOWN = 40
"""How many differences the table of `veedor verify` spells out; --json has them all."""


STEPS = 12
"""About how many steps a dossier takes: rooms, data, tables, pages."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("report")(report)
    app.command("verify")(verify)
    app.command("demo")(demo)


def report(
    election: ElectionArgument,
    out: Annotated[Path, typer.Option("--out", help="Folder to write: new, empty, or an earlier dossier.")],
    data: DataOption = None,
    contest: ContestOption = None,
    skip_bad_rows: SkipOption = False,
    record: Annotated[
        Path | None, typer.Option("--record", help="Folder of the log of these sheets (`veedor record`), to show it.")
    ] = None,
    audit: Annotated[
        Path | None, typer.Option("--audit", help="Folder of an audit of these sheets (`veedor audit`), to show it.")
    ] = None,
    mixture: Annotated[
        Path | None,
        typer.Option("--mixture", help="What `veedor mixture ELECTION --json` printed, to show it."),
    ] = None,
    cut: Annotated[
        str | None,
        typer.Option("--cut", help="Study the interruption after this time, ISO 8601 (default: the declared stop)."),
    ] = None,
    url: Annotated[
        str | None,
        typer.Option("--url", help="Address where the dossier will be, for cards and citations."),
    ] = None,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Also print the one-page summaries beside the folder; needs Chromium.")
    ] = False,
    strict: StrictOption = False,
    json: JsonOption = False,
) -> None:
    """Write an election's dossier: a web site of every figure.

    A static site in English and Spanish, with every figure as JSON and CSV.
    """
    summary = make_dossier(
        election,
        out,
        data=data,
        contest=contest,
        skip_bad_rows=skip_bad_rows,
        record=record,
        audit=audit,
        mixture=mixture,
        cut=cut,
        url=url,
    )
    if pdf:
        from veedor.dossier.show.pdf import print_summaries

        summary = replace(summary, pdf=[str(path) for path in print_summaries(out)])
    if json:
        print_json(summary)
    else:
        _show_written(summary, out)
    if strict and (summary.left_out or summary.spellings or summary.open_questions or summary.figures_absent):
        raise typer.Exit(1)


def _show_written(summary: "ReportDocument", out: Path) -> None:
    megabytes = figures(f"{summary.bytes / 1e6:.1f}")
    print(TEXTS.plural("report.written", summary.files, megabytes=megabytes, folder=str(out)))
    for skipped in summary.skipped:
        title = skipped.title.get(language_code(), skipped.title["en"])
        print(TEXTS.say("report.left_out", page=title, reason=skipped.reason))
    for path in summary.pdf or ():
        print(TEXTS.say("report.printed", file=path))
    if summary.url is None:
        print(TEXTS.say("report.no_url"))
    elif summary.pages_without_card:
        print(TEXTS.plural("report.no_card", len(summary.pages_without_card), first=summary.pages_without_card[0]))
    print(TEXTS.say("report.open", file=str(out / "index.html")))
    print(TEXTS.say("report.check", command=f"{program()} {summary.verify.removeprefix('veedor ')}"))


@one_look()
def make_dossier(
    name: str,
    out: Path,
    *,
    data: Path | None,
    contest: str | None = None,
    skip_bad_rows: bool = False,
    record: Path | None = None,
    audit: Path | None = None,
    mixture: Path | None = None,
    cut: str | None = None,
    url: str | None = None,
) -> "ReportDocument":
    """Read an election and write its dossier; what was written."""
    from veedor.dossier.address import address_of
    from veedor.dossier.derive.worker_process import started_for
    from veedor.dossier.share.drawing import drawn_with
    from veedor.dossier.target_folder import check_replaceable

    check_replaceable(out)
    address = None if url is None else address_of(url)
    if address is not None:
        drawn_with()
    dataset = open_with_data(name, contest, data, skip_bad_rows=skip_bad_rows)
    with started_for(dataset.folder) as beside:
        sheets = _sheets_of(dataset, record=record, audit=audit, mixture=mixture, cut=cut)
        return _make_dossier(replace(sheets, url=address), out, record=record, beside=beside)


def _make_dossier(sheets: "Opened", out: Path, *, record: Path | None, beside: "Process | None") -> "ReportDocument":
    """As make_dossier, of what was read, with the program that takes a share of the work."""
    from veedor.cli.documents import ReportDocument
    from veedor.dossier.kept import Kept
    from veedor.dossier.site import write_dossier
    from veedor.sheets.cache import documents_folder

    dataset, election = sheets.dataset, sheets.election
    spellings = tell_spellings(series.spellings for series in sheets.series.values())
    notes = tell_notes(note for series in sheets.series.values() for note in series.notes)
    with progress_bar(TEXTS.say("progress.deriving")) as progress:
        paths = write_dossier(
            sheets,
            out,
            data=_seen_from(out, dataset.folder),
            record=None if record is None else _seen_from(out, record),
            kept=Kept(folder=documents_folder()),
            step=_counted(progress),
            beside=beside,
        )
    return ReportDocument(
        election=election.id,
        folder=str(out),
        files=len(paths),
        bytes=sum((out / path).stat().st_size for path in paths),
        skipped=_skipped(out),
        index=str(out / "index.html"),
        verify=_verifying(out, dataset.folder, record),
        left_out=[str(fault) for fault in sheets.left_out] or None,
        spellings=spellings or None,
        open_questions=election.open_questions or None,
        notes=notes or None,
        figures_absent=_figures_absent(sheets) or None,
        url=sheets.url,
        pages_without_card=(_without_card(paths) if sheets.url else None) or None,
    )


def _without_card(paths: "Sequence[str]") -> list[str]:
    """Pages that show no picture where a link to them is shared."""
    from veedor.languages import codes

    pages = [path for code in codes() for path in paths if path.startswith(f"{code}/") and path.endswith(".html")]
    return [path for path in pages if f"{path.replace('/', '/card-').removesuffix('.html')}.png" not in paths]


def _figures_absent(sheets: "Opened") -> int:
    """How many figures the last states of the counts lack."""
    from veedor.count import absent_in

    return sum(absent_in(series.at(), series.contest).figures for series in sheets.series.values())


def _sheets_of(
    dataset: "Dataset", *, record: Path | None, audit: Path | None, mixture: Path | None, cut: str | None
) -> "Opened":
    """What a dossier is derived from; what is left out in reading is said."""
    from veedor.claims.read import claims_bytes
    from veedor.dossier.derive.mixture import LARGEST, with_mixture
    from veedor.dossier.input import open_sheets
    from veedor.dossier.manifest import name_in_commands
    from veedor.rim.foreign import read_file

    if audit is not None:
        _check_audit(audit, dataset.election.id, dataset.contest.id)
    given = None if mixture is None else read_file(mixture, most=LARGEST)
    with progress_bar(TEXTS.say("progress.reading_sheets")) as progress:
        sheets = open_sheets(
            replace(dataset, name=name_in_commands(dataset.name)),
            claims=claims_bytes(dataset.name),
            record=record,
            audit=audit,
            cut=None if cut is None else _local(cut, dataset.election),
            progress=progress,
        )
    tell_left_out(sheets.left_out, listed=True)
    return sheets if mixture is None or given is None else with_mixture(sheets, given, str(mixture))


def _local(cut: str, election: "Election") -> str:
    """The time of --cut in the election's zone, as its commands take it. Raises VeedorError."""
    from veedor.sheets.snapshot_names import moment_named

    return moment_named(cut, election.zone, "--cut").astimezone(election.zone).replace(tzinfo=None).isoformat()


def _skipped(out: Path) -> "list[SkippedPage]":
    """The rooms that were left out, as the dossier says it."""
    from veedor.cli.documents import SkippedPage
    from veedor.rim.hostile_json import a_text, an_array, an_object, loads_object

    name = "results/election.json"
    skipped = an_array(loads_object((out / name).read_bytes(), name)["skipped"], name)
    return [
        SkippedPage(
            page=a_text(one["page"], name),
            title={code: a_text(text, name) for code, text in an_object(one["title"], name).items()},
            reason=a_text(one["reason"], name),
        )
        for one in (an_object(each, name) for each in skipped)
    ]


def _verifying(out: Path, data: Path, record: Path | None) -> str:
    """The command that verifies the dossier: with the folders that its manifest may not point to."""
    from veedor.dossier.raw_files import tree_of

    words = ["veedor", "verify", str(out)]
    for option, folder in (("--data", data), ("--record", record)):
        if folder is not None and not folder.resolve().is_relative_to(tree_of(out)):
            words += [option, str(folder)]
    return shlex.join(words)


def _check_audit(folder: Path, election: str, contest: str) -> None:
    """Refuse a folder that is not an audit of this contest; whether it verifies, the dossier says."""
    from veedor.audit.protocol.folder import PLAN, read
    from veedor.audit.protocol.plan import parse_plan
    from veedor.errors import VeedorError

    plan = parse_plan(read(folder, PLAN), str(folder / PLAN))
    if (plan.election, plan.contest.id) != (election, contest):
        raise VeedorError(
            TEXTS.say(
                "error.other_audit",
                folder=str(folder),
                audited=f"{plan.election}, {plan.contest.id}",
                shown=f"{election}, {contest}",
            )
        )


def _counted(progress: Any) -> Any:
    """A step that counts: how many there will be depends on the election."""
    done: list[str] = []

    def step(name: str) -> None:
        done.append(name)
        progress(len(done), STEPS)

    return step


def _seen_from(out: Path, folder: Path) -> str:
    return Path(os.path.relpath(folder.resolve(), out.resolve())).as_posix()


def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that `veedor report` wrote.")],
    data: DataOption = None,
    record: Annotated[
        Path | None, typer.Option("--record", help="Folder of the log that the dossier shows, if it is elsewhere.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Derive a dossier again from its raw files and compare.

    The exit status is 1 if anything differs.
    """
    from veedor.cli.documents import DifferenceShown, GivenFile, VerifyDocument
    from veedor.dossier.verify import verify_dossier

    if folder.is_symlink():
        say(TEXTS.say("verify.link", folder=str(folder), target=str(folder.resolve())))
    result = verify_dossier(folder, data, record=record)
    if not json and result.written_by != version("veedor"):
        print(one_line(_other_version(result.written_by)))
    if json:
        print_json(
            VerifyDocument(
                election=result.election,
                written_by=result.written_by,
                derived_by=version("veedor"),
                raw_files=result.raw,
                files=result.files,
                given=[GivenFile(file=name, command=command) for name, command in result.given],
                same=not result.differences,
                differences=[
                    DifferenceShown(file=one.file, where=one.where, found=one.found, derived=one.derived)
                    for one in result.differences
                ],
            )
        )
    elif result.differences:
        print(TEXTS.plural("verify.differences", len(result.differences)))
        for one in result.differences[:SHOWN]:
            print(f"  {one}")
        if len(result.differences) > SHOWN:
            print(TEXTS.say("verify.more", number=number(len(result.differences) - SHOWN)))
    else:
        raw = TEXTS.plural("verify.raw", result.raw, election=result.election)
        print(TEXTS.plural("verify.same", result.files, raw=raw))
    for name, command in result.given if not json else ():
        print(one_line(TEXTS.say("verify.given", file=name, command=command)))
    if result.differences:
        raise typer.Exit(1)


def _other_version(writer: str | None) -> str:
    """Said first, so that nobody takes another version's wording for a changed figure."""
    own = version("veedor")
    if writer is None:
        return TEXTS.say("verify.version_unknown", own=own)
    return TEXTS.say("verify.other_version", writer=writer, own=own)


def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder to write.")] = Path("veedor-demo"),
    json: JsonOption = False,
) -> None:
    """Simulate an election and write its dossier; needs no data.

    The truth of the simulated election is known and is written beside its files.
    """
    from veedor.simulation import simulate, write_demo_claims, write_simulated

    source, dossier = out / "election", out / "dossier"
    write_simulated(simulate(DEMO_STATIONS, DEMO_SCENARIO, DEMO_SEED), source)
    write_demo_claims(source)
    summary = make_dossier(str(source), dossier, data=source)
    if json:
        print_json(summary)
        return
    veedor, source_name, dossier_name = program(), shlex.quote(str(source)), shlex.quote(str(dossier))
    print(TEXTS.plural("demo.invented", DEMO_STATIONS))
    print(f"{TEXTS.say('demo.altered', file=str(source / 'truth.json'))}\n")
    print(
        f"  {veedor} simulate --stations {DEMO_STATIONS} --scenario {DEMO_SCENARIO} --seed {DEMO_SEED} "
        f"--out {source_name}"
    )
    print(f"  {veedor} report {source_name} --out {dossier_name}")
    print(f"  {veedor} count {source_name}")
    print(f"  {veedor} check {source_name}")
    print(f"  {veedor} verify {dossier_name}\n")
    print(TEXTS.say("demo.open", file=str(dossier / "index.html")))


DEMO_STATIONS = 2400
DEMO_SCENARIO = "late_alteration"
DEMO_SEED = 2031
