"""veedor export: one snapshot's sheets as a file for other programs."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from veedor.cli.common import (
    ContestOption,
    CountOption,
    DataOption,
    ElectionArgument,
    JsonOption,
    SkipOption,
    open_with_data,
    print_json,
    tell_left_out,
)
from veedor.cli.texts import TEXTS

ENDINGS: dict[str, Literal["csv", "parquet", "nist-json"]] = {
    ".csv": "csv",
    ".parquet": "parquet",
    ".json": "nist-json",
}
"""What a file's ending says of its format."""


OutOption = Annotated[Path, typer.Option("--out", metavar="FILE", help="The file to write.")]
FormatOption = Annotated[
    Literal["csv", "parquet", "nist-json"] | None,
    typer.Option(
        "--format",
        help="csv, parquet or nist-json (default: by the ending of FILE).",
    ),
]
SnapshotOption = Annotated[
    str | None,
    typer.Option("--snapshot", metavar="WHEN", help="Snapshot time, ISO 8601 (default: the last snapshot)."),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export")(export)


def export(
    election: ElectionArgument,
    out: OutOption,
    format: FormatOption = None,  # noqa: A002 - the option's name
    data: DataOption = None,
    contest: ContestOption = None,
    count: CountOption = None,
    snapshot: SnapshotOption = None,
    skip_bad_rows: SkipOption = False,
    json: JsonOption = False,
) -> None:
    """Write one snapshot's sheets as CSV, Parquet or NIST JSON.

    NIST JSON is an election results report in NIST SP 1500-100 version 2.
    """
    from veedor.cli.documents import ExportDocument
    from veedor.errors import VeedorError
    from veedor.sheets.snapshot_names import moment_named

    kind = format or ENDINGS.get(out.suffix.lower())
    if kind is None:
        raise VeedorError(TEXTS.say("error.no_format", file=repr(str(out))))
    dataset = open_with_data(election, contest, data, skip_bad_rows=skip_bad_rows)
    told, chosen, counted = dataset.election, dataset.contest, dataset.election.count_named(count)
    sheets = dataset.sheets(counted, when=None if snapshot is None else moment_named(snapshot, told.zone, "--snapshot"))
    tell_left_out(sheets.left_out, listed=True)
    if kind == "csv":
        from veedor.sheets.export.csv import write_csv

        write_csv(out, sheets.table)
    elif kind == "parquet":
        from veedor.sheets.export.parquet import write_parquet

        write_parquet(out, sheets.table)
    else:
        from veedor.sheets.nist.write import write_nist_json

        write_nist_json(out, sheets.table, told, chosen, counted)
    if json:
        print_json(
            ExportDocument(
                election=told.id,
                contest=chosen.id,
                count=counted.id,
                snapshot=sheets.when.isoformat(),
                format=kind,
                file=str(out),
                sheets=sheets.table.height,
                left_out=[str(fault) for fault in sheets.left_out],
                open_questions=told.open_questions or None,
            )
        )
    else:
        wrote = TEXTS.plural(
            "export.wrote", sheets.table.height, file=str(out), count=counted.id, when=sheets.when.isoformat()
        )
        print(wrote)
