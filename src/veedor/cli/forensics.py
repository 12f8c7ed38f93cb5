"""veedor forensics: the field's statistical tests, each with what it cannot show."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from veedor.cli.common import (
    DEFAULT_SEED,
    ContestOption,
    CountOption,
    DataOption,
    JsonOption,
    SeedOption,
    SkipOption,
    console,
    open_election,
    open_with_data,
    print_json,
    progress_bar,
    say,
    tell_left_out,
    titled,
)
from veedor.cli.layout import Column, show_table
from veedor.cli.mixture import CHAINS, DEVICE, DRAWS, VARIANT, WARMUP, Asked, run_mixture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from veedor.forensics.findings import ForensicsDocument, MethodShown


MIXTURE = "mixture"
"""A command of its own since; as a method here it is an alias of that."""
PLACEBO = 19
"""Simulated clean elections."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("forensics")(forensics)


def forensics(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="ELECTION... [METHOD...]", help="Elections, then names of methods (default: all methods)."
        ),
    ],
    method: Annotated[list[str] | None, typer.Option("--method", help="Name of a method; may be repeated.")] = None,
    contest: ContestOption = None,
    count: CountOption = None,
    placebo: Annotated[
        int | None,
        typer.Option(
            "--placebo", min=2, help=f"Number of simulated clean elections for the placebo (default: {PLACEBO})."
        ),
    ] = None,
    seed: SeedOption = DEFAULT_SEED,
    data: DataOption = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="File for the chart of the comparison (SVG), also for one election.", metavar="FILE"
        ),
    ] = None,
    language: Annotated[str, typer.Option("--language", help="Language of the chart: en or es.")] = "en",
    skip_bad_rows: SkipOption = False,
    json: JsonOption = False,
    most: Annotated[int | None, typer.Option("--stations", min=2, hidden=True)] = None,
    variant: Annotated[str | None, typer.Option("--variant", hidden=True)] = None,
    chains: Annotated[int | None, typer.Option("--chains", min=2, hidden=True)] = None,
    draws: Annotated[int | None, typer.Option("--draws", min=10, hidden=True)] = None,
    warmup: Annotated[int | None, typer.Option("--warmup", min=10, hidden=True)] = None,
    covariate: Annotated[list[str] | None, typer.Option("--covariate", hidden=True)] = None,
    posterior: Annotated[Path | None, typer.Option("--posterior", hidden=True)] = None,
    device: Annotated[str | None, typer.Option("--device", hidden=True)] = None,
) -> None:
    """Run the field's statistical tests, each with its limits.

    Each method says what it cannot show.

    With several elections, --data may name a folder that holds one folder each, named after the election or country.
    The Bayesian mixture is a command of its own: veedor mixture.
    """
    from veedor.errors import VeedorError
    from veedor.forensics.comparison import chart
    from veedor.forensics.findings import ForensicsDocuments, findings_of, study_document
    from veedor.forensics.registry import METHODS
    from veedor.forensics.stations import stations_of
    from veedor.forensics.study import study
    from veedor.languages import codes

    of_the_mixture = {
        "--stations": most,
        "--variant": variant,
        "--chains": chains,
        "--draws": draws,
        "--warmup": warmup,
        "--covariate": covariate,
        "--posterior": posterior,
        "--device": device,
    }
    if MIXTURE in names or MIXTURE in (method or ()):
        say("veedor forensics ELECTION mixture is deprecated: use veedor mixture ELECTION, with the same options")
        rest = [name for name in (*names, *(method or ())) if name != MIXTURE]
        if len(rest) != 1:
            raise VeedorError("the mixture takes one election and no other method beside it")
        asked = Asked(
            variant=variant or VARIANT,
            stations=most,
            covariates=tuple(covariate or ()),
            placebo=placebo or 0,
            posterior=posterior,
            device=device or DEVICE,
            chains=chains or CHAINS,
            warmup=warmup or WARMUP,
            draws=draws or DRAWS,
            seed=seed,
        )
        run_mixture(rest[0], asked, contest, count, data, skip_bad_rows=skip_bad_rows, json=json)
        return
    for option, value in of_the_mixture.items():
        if value:
            raise VeedorError(f"{option} is an option of veedor mixture")
    placebo = PLACEBO if placebo is None else placebo
    elections = [name for name in names if name not in METHODS]
    methods = [*(method or ()), *(name for name in names if name in METHODS)]
    for name in methods:
        if name not in METHODS:
            raise VeedorError(f"no method {name!r}; there are {', '.join(METHODS)}")
    if language not in codes():
        raise VeedorError(f"--language must be one of {', '.join(codes())}, got {language!r}")
    if not elections:
        raise VeedorError("name at least one election before the methods")
    documents: list[ForensicsDocument] = []
    shown: list[tuple[str, ForensicsDocument]] = []
    for name in elections:
        own = _own(data, open_election(name).id) if len(elections) > 1 else data
        dataset = open_with_data(name, contest, own, skip_bad_rows=skip_bad_rows)
        told, chosen, counted = dataset.election, dataset.contest, dataset.election.count_named(count)
        sheets = dataset.sheets(counted)
        tell_left_out(sheets.left_out)
        stations = stations_of(sheets.table, told, chosen)
        with progress_bar(f"{name}: placebo") as step:
            found = study(stations, methods, draws=placebo, seed=seed, progress=step)
        findings = findings_of(found, f"veedor forensics {name} --placebo {placebo} --seed {seed}")
        document = study_document(found, findings, election=told.id, contest=chosen.id, count=counted.id)
        documents.append(document)
        shown.append((told.name.en, document))
    if out is not None:
        out.write_text(chart(documents, language), encoding="utf-8")
    if json:
        print_json(documents[0] if len(documents) == 1 else ForensicsDocuments(elections=documents))
        return
    for title, figures in shown:
        _show(title, figures)
    if len(shown) > 1:
        _compare(documents)


def _own(data: Path | None, election: str) -> Path | None:
    """The folder of one election among several: DATA/russia-2018, else DATA/russia, else DATA."""
    if data is None:
        return None
    inner = [data / election, data / election.rpartition("-")[0]] if "-" in election else [data / election]
    return next((folder for folder in inner if folder.is_dir()), data)


def _show(title: str, document: "ForensicsDocument") -> None:
    out = console()
    out.print(titled(title, f": {document.stations:,} stations, leader {document.leader}"))
    out.print(f"{document.tests} tests, {document.placebo_draws} clean placebo elections\n")
    for finding in document.findings:
        out.print(titled(finding.title.en, f"  {finding.verdict.value.replace('_', ' ')}"))
        for text in (finding.summary, finding.uncertainty, finding.other_explanations, finding.cannot_show):
            if text is not None:
                lead = {id(finding.other_explanations): "What else: ", id(finding.cannot_show): "Cannot show: "}
                out.print(f"  {lead.get(id(text), '')}{text.en}")
        out.print()


def _compare(documents: "Sequence[ForensicsDocument]") -> None:
    columns = [Column("method", "word"), *(Column(document.election, "name") for document in documents)]
    rows = []
    for number, row in enumerate(documents[0].methods):
        cells = []
        for document in documents:
            method = document.methods[number]
            if not method.applies:
                cells.append("not applicable")
                continue
            if method.refused:
                cells.append("no figure given")
                continue
            verdict = method.verdict.replace("_", " ")
            cells.append(f"{method.statistic:,.4g}  {verdict} {_alarms(method)}")
        rows.append([row.method, *cells])
    show_table(columns, rows)


def _alarms(method: "MethodShown") -> str:
    rate = method.placebo_alarm_rate
    return "(no placebo)" if rate is None else f"(placebo alarms {rate:.0%})"
