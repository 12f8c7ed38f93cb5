"""The layers of the question as findings: what was measured, how sure, what else explains it, what it cannot show.

Each finding stands beside its layer.
"""

import datetime as dt
from dataclasses import replace

from veedor.command import Command
from veedor.election import Count
from veedor.finding import Finding
from veedor.interruption.clock.finding import gaps_finding
from veedor.interruption.levels.said import with_level
from veedor.interruption.outstanding.missing_sheets_finding import missing_finding
from veedor.interruption.outstanding.needed_lead_finding import needed_finding
from veedor.interruption.projection.finding import projections_finding
from veedor.interruption.regression.jump_finding import jump_finding
from veedor.interruption.regression.level_finding import level_finding
from veedor.interruption.regression.trend_finding import trend_finding
from veedor.interruption.regression.within_finding import within_finding
from veedor.interruption.revised_finding import revised_finding
from veedor.interruption.study import Study
from veedor.interruption.texts import TEXTS
from veedor.sheets.dataset import Dataset


def findings_of(study: Study, command: Command) -> list[Finding]:
    """One finding for each layer, in the order in which a reader asks. command: gives them again.

    Those by a test say how often they do not hold on simulated elections in which nothing was altered. Where figures
    are absent, the summary of each says that they were taken as 0.
    """
    split, clocks = study.split, study.clocks
    found = [
        gaps_finding(split, clocks, study.gaps, study.unpublished, command),
        needed_finding(split, study.needed, command),
        missing_finding(split, study.groups, command),
        projections_finding(split, study.needed, clocks, study.projections, study.placebo_cuts, command),
        within_finding(split, study.within, study.shuffles, study.groups, study.own_early, command),
        jump_finding(clocks, study.jumps, command),
        level_finding(study.shuffles, study.jumps, study.slopes, command),
        revised_finding(study.revised, command),
        trend_finding(split, study.slopes, command),
    ]
    told = next((each.lateness for each in study.projections if each.lateness is not None), None)
    found = [with_level(finding, None if told is None else told.kind) for finding in found]
    if not split.figures_absent:
        return found
    more = TEXTS.plural("sentences.absent", split.figures_absent)
    return [replace(finding, summary=finding.summary + more) for finding in found]


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
