"""The options of `veedor audit plan`, under the headings that its help shows them."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

ESTIMATE, PLAN = "Estimate (without --terms)", "Audit plan for signature (--terms and --out)"
ERRORS, SIMULATED = "Expected errors (without --terms)", "Simulated audits (without --terms)"


class BoundName(StrEnum):
    """The basis of a sheet's error bound."""

    REGISTERED = "registered"
    BALLOTS = "ballots"


SnapshotOption = Annotated[
    datetime | None, typer.Option("--snapshot", help="Time of the snapshot to audit (default: the last snapshot).")
]
BoundOption = Annotated[
    BoundName, typer.Option("--bound", help="What limits the error of a sheet.", rich_help_panel=ESTIMATE)
]
RiskLimitOption = Annotated[
    str, typer.Option("--risk-limit", help="Risk limit, such as '5 %' or 0.05.", rich_help_panel=ESTIMATE)
]
TermsOption = Annotated[
    Path | None,
    typer.Option(
        "--terms",
        help="TOML file with the risk limit, the test, the seed and who must sign; with --out.",
        rich_help_panel=PLAN,
    ),
]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", help="Folder of the audit, for the plan; with --terms.", rich_help_panel=PLAN),
]
RecordOption = Annotated[
    str | None,
    typer.Option("--record", help="Log (folder or address) whose checkpoint fixes these sheets.", rich_help_panel=PLAN),
]
PolicyOption = Annotated[
    Path | None,
    typer.Option(
        "--policy", help="Policy file: who must have signed that checkpoint; with --record.", rich_help_panel=PLAN
    ),
]
RecordsOption = Annotated[
    Path | None,
    typer.Option("--records", help="Cast vote records, for terms of the kind ballot_comparison.", rich_help_panel=PLAN),
]
SheetsOverstatedOption = Annotated[
    str,
    typer.Option(
        "--sheets-overstated",
        help="Expected rate of sheets that overstate an assertion.",
        rich_help_panel=ERRORS,
        metavar="RATE",
    ),
]
ByBallotsOption = Annotated[
    int,
    typer.Option("--by-ballots", min=0, help="Ballots by which each such sheet overstates it.", rich_help_panel=ERRORS),
]
OneVoteOverOption = Annotated[
    str,
    typer.Option(
        "--one-vote-over", help="Expected rate of one-vote overstatements.", rich_help_panel=ERRORS, metavar="RATE"
    ),
]
TwoVoteOverOption = Annotated[
    str,
    typer.Option(
        "--two-vote-over", help="Expected rate of two-vote overstatements.", rich_help_panel=ERRORS, metavar="RATE"
    ),
]
OneVoteUnderOption = Annotated[
    str,
    typer.Option(
        "--one-vote-under",
        help="Expected rate of one-vote understatements.",
        rich_help_panel=ERRORS,
        metavar="RATE",
    ),
]
TwoVoteUnderOption = Annotated[
    str,
    typer.Option(
        "--two-vote-under",
        help="Expected rate of two-vote understatements.",
        rich_help_panel=ERRORS,
        metavar="RATE",
    ),
]
ExpectOption = Annotated[
    str | None,
    typer.Option("--expect", help="Simulate audits that find what this other count says.", rich_help_panel=SIMULATED),
]
AuditsOption = Annotated[
    int,
    typer.Option("--audits", min=100, max=20_000, help="Number of simulated audits.", rich_help_panel=SIMULATED),
]
SeedOption = Annotated[
    int, typer.Option("--seed", help="Seed of the simulated audits (--expect).", rich_help_panel=SIMULATED)
]
