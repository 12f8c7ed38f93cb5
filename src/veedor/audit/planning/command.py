"""The command that gives a plan's figures again."""

import datetime as dt

from veedor.command import Command
from veedor.sheets.dataset import Dataset

BOUND, RISK_LIMIT = "registered", 0.05
"""What the command takes where nobody says otherwise."""


def plan_command(
    dataset: Dataset,
    *,
    count: str | None = None,
    snapshot: dt.datetime | None = None,
    bound: str = BOUND,
    risk_limit: float = RISK_LIMIT,
) -> Command:
    """`veedor audit plan` with those options that decide what an audit of the outcome needs."""
    made = dataset.command("audit", "plan").option("--count", count)
    made = made.option("--snapshot", None if snapshot is None else snapshot.isoformat())
    made = made.option("--bound", None if bound == BOUND else bound)
    return made.option("--risk-limit", None if risk_limit == RISK_LIMIT else f"{risk_limit:g}")
