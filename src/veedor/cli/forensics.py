"""veedor forensics: the field's statistical tests, each with what it cannot show."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
import typer.main
from typer.core import TyperCommand

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
from veedor.cli.mixture import register as register_mixture
from veedor.cli.speech import figures, shown
from veedor.cli.speech.words import verdict_word
from veedor.cli.texts import TEXTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from veedor.forensics.findings import ForensicsDocument, MethodShown
    from veedor.sheets.dataset import Dataset


MIXTURE = "mixture"
"""A command of its own since; as a method here it is an alias of that."""
PLACEBO = 19
"""Simulated clean elections."""


NamesArgument = Annotated[
    list[str],
    typer.Argument(metavar="ELECTION... [METHOD...]", help="Elections, then names of methods (default: all methods)."),
]
MethodOption = Annotated[list[str] | None, typer.Option("--method", help="Name of a method; may be repeated.")]
PlaceboOption = Annotated[
    int | None,
    typer.Option("--placebo", min=2, help=f"Number of simulated clean elections for the placebo (default: {PLACEBO})."),
]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", help="File for the chart of the comparison (SVG), also for one election.", metavar="FILE"),
]
LanguageOption = Annotated[str, typer.Option("--language", help="Language of the chart: en or es.")]


class ForensicsCommand(TyperCommand):
    """The command, under whose name the mixture ran before it had one of its own."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any
    ) -> Any:  # of the Click that this Typer brings along
        """As it is, or the mixture's where it is named as a method: with a word on standard error."""
        if MIXTURE not in args:
            return super().make_context(info_name, args, parent, **extra)
        say(TEXTS.say("forensics.mixture_moved"))
        own = typer.Typer()
        register_mixture(own)
        rest = [word for word in args if word not in (MIXTURE, "--method")]
        return typer.main.get_command(own).make_context(MIXTURE, rest, parent, **extra)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("forensics", cls=ForensicsCommand)(forensics)


def forensics(
    names: NamesArgument,
    method: MethodOption = None,
    contest: ContestOption = None,
    count: CountOption = None,
    placebo: PlaceboOption = None,
    seed: SeedOption = DEFAULT_SEED,
    data: DataOption = None,
    out: OutOption = None,
    language: LanguageOption = "en",
    skip_bad_rows: SkipOption = False,
    json: JsonOption = False,
) -> None:
    """Run the field's statistical tests, each with its limits.

    Each method says what it cannot show.

    With several elections, --data may name a folder that holds one folder each, named after the election or country.
    The Bayesian mixture is a command of its own: veedor mixture.
    """
    from veedor.errors import VeedorError
    from veedor.forensics.comparison import chart
    from veedor.forensics.findings import ForensicsDocuments
    from veedor.languages import codes

    if language not in codes():
        raise VeedorError(TEXTS.say("error.no_language", codes=", ".join(codes()), found=repr(language)))
    elections, methods = _elections_and_methods(names, method or ())
    runs = PLACEBO if placebo is None else placebo
    studied: list[tuple[str, ForensicsDocument]] = []
    for name in elections:
        own = _own(data, open_election(name).id) if len(elections) > 1 else data
        dataset = open_with_data(name, contest, own, skip_bad_rows=skip_bad_rows)
        document = _studied(dataset, count, methods, runs, seed)
        document = replace(document, open_questions=dataset.election.open_questions or None)
        studied.append((shown(dataset.election.name), document))
    documents = [document for _, document in studied]
    if out is not None:
        out.write_text(chart(documents, language), encoding="utf-8")
    if json:
        print_json(documents[0] if len(documents) == 1 else ForensicsDocuments(elections=documents))
        return
    for title, document in studied:
        _show(title, document)
    if len(studied) > 1:
        _compare(documents)


def _elections_and_methods(names: "Sequence[str]", methods: "Sequence[str]") -> tuple[list[str], list[str]]:
    """The two apart: they stand in one list on the command line."""
    from veedor.errors import VeedorError
    from veedor.forensics.registry import METHODS

    for name in methods:
        if name not in METHODS:
            raise VeedorError(TEXTS.say("error.no_method", name=repr(name), methods=", ".join(METHODS)))
    elections = [name for name in names if name not in METHODS]
    if not elections:
        raise VeedorError(TEXTS.say("error.no_election"))
    return elections, [*methods, *(name for name in names if name in METHODS)]


def _studied(
    dataset: "Dataset", count: str | None, methods: "Sequence[str]", placebo: int, seed: int
) -> "ForensicsDocument":
    """One election with its placebo."""
    from veedor.forensics.findings import findings_of, study_document
    from veedor.forensics.stations import stations_of
    from veedor.forensics.study import study

    counted = dataset.election.count_named(count)
    sheets = dataset.sheets(counted)
    tell_left_out(sheets.left_out)
    stations = stations_of(sheets.table, dataset.election, dataset.contest)
    with progress_bar(TEXTS.say("progress.placebo", election=dataset.name)) as step:
        found = study(stations, methods, draws=placebo, seed=seed, progress=step)
    findings = findings_of(found, dataset.command("forensics").option("--count", count))
    return study_document(found, findings, election=dataset.election.id, contest=dataset.contest.id, count=counted.id)


def _own(data: Path | None, election: str) -> Path | None:
    """The folder of one election among several: DATA/russia-2018, else DATA/russia, else DATA."""
    if data is None:
        return None
    inner = [data / election, data / election.rpartition("-")[0]] if "-" in election else [data / election]
    return next((folder for folder in inner if folder.is_dir()), data)


def _show(title: str, document: "ForensicsDocument") -> None:
    out = console()
    out.print(titled(title, TEXTS.plural("forensics.stations", document.stations, leader=document.leader)))
    placebo = TEXTS.plural("forensics.placebo", document.placebo_draws)
    out.print(f"{TEXTS.plural('forensics.tests', document.tests, placebo=placebo)}\n")
    for finding in document.findings:
        out.print(titled(shown(finding.title), f"  {verdict_word(finding.verdict)}"))
        for text in (finding.summary, finding.uncertainty):
            if text is not None:
                out.print(f"  {shown(text)}")
        out.print(f"  {TEXTS.say('finding.what_else', text=finding.other_explanations)}")
        out.print(f"  {TEXTS.say('finding.cannot_show', text=finding.cannot_show)}")
        out.print()


def _compare(documents: "Sequence[ForensicsDocument]") -> None:
    columns = [Column(TEXTS.say("head.method"), "word"), *(Column(document.election, "name") for document in documents)]
    rows = []
    for number, row in enumerate(documents[0].methods):
        cells = []
        for document in documents:
            method = document.methods[number]
            if not method.applies:
                cells.append(TEXTS.say("forensics.not_applicable"))
                continue
            if method.refused:
                cells.append(TEXTS.say("forensics.no_figure"))
                continue
            statistic = figures(f"{method.statistic:,.4g}")
            cells.append(f"{statistic}  {verdict_word(method.verdict)} {_alarms(method)}")
        rows.append([row.method, *cells])
    show_table(columns, rows)


def _alarms(method: "MethodShown") -> str:
    rate = method.placebo_alarm_rate
    if rate is None:
        return TEXTS.say("forensics.no_placebo")
    return TEXTS.say("forensics.placebo_alarms", rate=figures(f"{100 * rate:.0f}"))
