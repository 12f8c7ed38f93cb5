"""The command that gives a study's figures again."""

import datetime as dt

from veedor.command import Command
from veedor.election import Count
from veedor.sheets.dataset import Dataset


def study_command(
    dataset: Dataset,
    *,
    count: Count | None = None,
    cut: dt.datetime | None = None,
    universe: Count | None = None,
    draws: int,
    seed: int,
) -> Command:
    """`veedor interruption` with what was asked of `study`: what is None there is what the command takes by default."""
    zone = dataset.election.zone
    made = dataset.command("interruption").option("--count", None if count is None else count.id)
    made = made.option("--cut", None if cut is None else cut.astimezone(zone).replace(tzinfo=None).isoformat())
    made = made.option("--universe", None if universe is None else universe.id)
    return made.option("--draws", draws).option("--seed", seed)
