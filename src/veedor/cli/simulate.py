"""veedor simulate: an election of known truth, written as an authority would publish it."""

import shlex
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from veedor.cli.common import (
    DEFAULT_SEED,
    DataOption,
    JsonOption,
    open_with_data,
    print_json,
    program,
    progress_bar,
    say,
)
from veedor.cli.speech import number
from veedor.cli.texts import TEXTS
from veedor.errors import VeedorError

if TYPE_CHECKING:
    from veedor.cli.documents import SimulateDocument
    from veedor.simulation import Kind, Simulated


class Scenario(StrEnum):
    """The scenarios of veedor.simulation, which is not imported to keep start-up short; a test compares them."""

    CLEAN = "clean"
    STUFFING = "stuffing"
    SWITCHING = "switching"
    LATE_ALTERATION = "late_alteration"
    TRANSCRIPTION_ERRORS = "transcription_errors"
    DUPLICATED_SHEETS = "duplicated_sheets"


class FileFormat(StrEnum):
    """File format of the snapshots."""

    CSV = "csv"
    PARQUET = "parquet"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("simulate")(simulate)


def simulate(
    stations: Annotated[int, typer.Option("--stations", help="Number of polling stations, 100 to 1,200,000.")],
    out: Annotated[Path, typer.Option("--out", help="Folder to write: new, empty, or an earlier simulated election.")],
    scenario: Annotated[
        Scenario, typer.Option("--scenario", help="Kind of error or manipulation to simulate.")
    ] = Scenario.CLEAN,
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind",
            help="Kind of election: geography, order of arrival, stop (a name that does not exist lists them).",
        ),
    ] = None,
    like: Annotated[
        str | None,
        typer.Option("--like", help="An election whose slopes and variances are to be met; it needs a stop."),
    ] = None,
    data: DataOption = None,
    clock: Annotated[bool, typer.Option("--clock", help="Publish the moment at which each sheet arrived.")] = False,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same election.")] = DEFAULT_SEED,
    file_format: Annotated[FileFormat, typer.Option("--format", help="File format of the snapshots.")] = FileFormat.CSV,
    json: JsonOption = False,
) -> None:
    """Generate an election whose truth is known.

    Its definition, the snapshots of two counts, and truth.json.
    """
    from veedor import simulation
    from veedor.simulation.writing import check_replaceable

    check_replaceable(out)
    if kind is not None and like is not None:
        raise VeedorError(TEXTS.say("error.kind_and_like"))
    given = _like(like, data) if like is not None else kind
    simulated = simulation.simulate(stations, scenario.value, seed, kind=given, clock=clock)
    with progress_bar(TEXTS.say("progress.writing")) as progress:
        simulation.write_simulated(simulated, out, file_format.value, progress=progress)
    if json:
        print_json(_document(simulated, out))
        return
    truth = simulated.truth
    votes = number(truth.totals.valid)
    print(TEXTS.plural("simulate.made", truth.stations, folder=str(out), votes=votes, scenario=scenario.value))
    if truth.planted.height:
        altered = number(truth.votes_altered)
        print(TEXTS.plural("simulate.planted", truth.planted.height, votes=altered, file=str(out / "truth.json")))
    else:
        print(TEXTS.say("simulate.nothing_planted", file=str(out / "truth.json")))
    say(TEXTS.say("simulate.next", command=f"{program()} count {shlex.quote(str(out))}"))


def _document(simulated: "Simulated", out: Path) -> "SimulateDocument":
    """What was made, in short."""
    from veedor.cli.documents import Planted, SimulateDocument, SimulatedTotals

    truth, totals = simulated.truth, simulated.truth.totals
    return SimulateDocument(
        election=simulated.election.id,
        folder=str(out),
        scenario=truth.scenario.value,
        kind=truth.kind,
        seed=truth.seed,
        stations=truth.stations,
        totals=SimulatedTotals(
            sheets=totals.sheets,
            registered=totals.registered,
            cast=totals.cast,
            valid=totals.valid,
            blank=totals.blank,
            null=totals.null,
            votes=totals.votes,
        ),
        planted=Planted(stations=truth.planted.height, votes=truth.votes_altered),
    )


def _like(name: str, data: Path | None) -> "Kind":
    """The kind of an election that is at hand."""
    from veedor.api.like import kind_of
    from veedor.interruption.study import at_stop

    found = at_stop(open_with_data(name, None, data))
    return kind_of(found.split, found.clocks)
