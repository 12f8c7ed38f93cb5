"""The study as one JSON object: shares, leads and estimates as fractions, votes as whole numbers, times as ISO 8601.

Each layer's part stands beside it; a layer's own dataclass is its part where the names are the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from veedor.document import LEFT_OUT, Json, finite, of_fields
from veedor.finding import Finding
from veedor.interruption.clock.as_json import (
    ClockShown,
    GapRule,
    GapShown,
    LineShown,
    UnpublishedShown,
    clock_shown,
    gap_shown,
    line_shown,
    unpublished_shown,
)
from veedor.interruption.like import Like
from veedor.interruption.outstanding.missing_sheets import Group, OwnEarlyLead
from veedor.interruption.outstanding.needed_lead_finding import NeededShown, needed_shown
from veedor.interruption.projection.as_json import ProjectionShown, projection_shown
from veedor.interruption.projection.placebo_cuts import PlaceboCuts
from veedor.interruption.regression.as_json import (
    JumpShown,
    ShuffledShown,
    WithinShown,
    jump_shown,
    shuffled_shown,
    within_shown,
)
from veedor.interruption.regression.trend import Slope
from veedor.interruption.revised_finding import RevisedShown, revised_shown
from veedor.interruption.study import Study


@dataclass(frozen=True, kw_only=True)
class GroupPair:
    """The counted and the missing sheets of one group."""

    counted: Group
    missing: Group


@dataclass(frozen=True, kw_only=True)
class EarlierVote:
    """By how many names or codes the stations of an earlier vote were found again: stations by what matched."""

    stations_matched_by: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class StudyDocument:
    """`veedor interruption --json`.

    cut: the last publication before the stop; first, second: the choices with the most votes then; draws, seed: of the
    projections; needed_lead: of all valid votes that the totals lack, null where they
    lack none (`needed.lead_needed`: of the missing sheets alone); placebos: the tests of `within` on shuffled sheets.
    like: of the check on simulated elections like this one, null where it was not asked for.
    open_questions, notes: as of a count.
    """

    election: str
    contest: str
    count: str
    cut: str
    stop: GapShown
    universe: str
    first: str
    second: str
    draws: int
    seed: int
    clocks: tuple[ClockShown, ...]
    gap_rule: GapRule = field(default_factory=GapRule)
    gaps: tuple[GapShown, ...]
    timeline: tuple[LineShown, ...]
    unpublished: tuple[UnpublishedShown, ...]
    needed_lead: float | None
    needed: NeededShown
    groups: tuple[Group, ...]
    missing_by_level: Mapping[str, int]
    groupings: Mapping[str, tuple[GroupPair, ...]]
    regions: tuple[GroupPair, ...]
    projections: tuple[ProjectionShown, ...]
    placebo_cuts: tuple[PlaceboCuts, ...]
    earlier_votes: Mapping[str, EarlierVote]
    within: tuple[WithinShown, ...]
    placebos: tuple[ShuffledShown, ...]
    own_early_lead: OwnEarlyLead
    discontinuity: tuple[JumpShown, ...]
    trend: tuple[Slope, ...]
    revisions: RevisedShown
    findings: tuple[Finding, ...]
    open_questions: Sequence[str] | None = field(default=None, metadata=LEFT_OUT)
    like: Like | None = None
    notes: Sequence[str] | None = field(default=None, metadata=LEFT_OUT)

    def as_json(self) -> dict[str, Json]:
        """The document as JSON; null for what is not a number."""
        return {name: finite(value) for name, value in of_fields(self).items()}


def study_document(study: Study, findings: Sequence[Finding], *, draws: int, seed: int) -> StudyDocument:
    """Every figure of the study; `findings` are those of `findings_of`."""
    split = study.split
    return StudyDocument(
        election=split.election.id,
        contest=split.contest.id,
        count=split.count,
        cut=split.cut.isoformat(),
        stop=gap_shown(study.stop),
        universe=split.universe,
        first=split.first,
        second=split.second,
        draws=draws,
        seed=seed,
        clocks=tuple(map(clock_shown, study.clocks)),
        gaps=tuple(map(gap_shown, study.gaps)),
        timeline=tuple(map(line_shown, study.lines)),
        unpublished=tuple(map(unpublished_shown, study.unpublished)),
        needed_lead=study.needed.lead_needed_of_totals,
        needed=needed_shown(split, study.needed),
        groups=study.groups,
        missing_by_level=study.by_level,
        groupings={name: _pairs(pairs) for name, pairs in study.groupings.items()},
        regions=_pairs(study.regions),
        projections=tuple(map(projection_shown, study.projections)),
        placebo_cuts=study.placebo_cuts,
        earlier_votes={name: EarlierVote(stations_matched_by=how) for name, how in study.earlier_matched.items()},
        within=tuple(map(within_shown, study.within)),
        placebos=tuple(map(shuffled_shown, study.shuffles)),
        own_early_lead=study.own_early,
        discontinuity=tuple(map(jump_shown, study.jumps)),
        trend=study.slopes,
        revisions=revised_shown(study.revised),
        findings=tuple(findings),
        open_questions=split.election.open_questions or None,
    )


def study_as_json(study: Study, findings: Sequence[Finding], *, draws: int, seed: int) -> dict[str, Json]:
    """The same as JSON."""
    return study_document(study, findings, draws=draws, seed=seed).as_json()


def _pairs(pairs: Sequence[tuple[Group, Group]]) -> tuple[GroupPair, ...]:
    return tuple(GroupPair(counted=counted, missing=missing) for counted, missing in pairs)
