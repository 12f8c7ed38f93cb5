"""The room's documents: what `veedor audit` prints as JSON, and what the dossier and claims are given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from veedor.audit.findings import findings_of
from veedor.audit.planning.finding import need
from veedor.audit.planning.overview import Expected, Overview, overview
from veedor.audit.protocol.unsigned import Unsigned
from veedor.audit.rounds.ballots import BallotsAssessed
from veedor.audit.rounds.readings import Difference
from veedor.audit.rounds.regions import RegionsAssessed
from veedor.audit.units import Units, units_from
from veedor.audit.verified import Audited, StepShown, VerifiedReport, read_audit
from veedor.command import Command
from veedor.document import INLINED, LEFT_OUT
from veedor.election import Count
from veedor.errors import VeedorError
from veedor.finding import Finding
from veedor.rim.unchanged import ChangedError
from veedor.sheets.dataset import Dataset

RISK_LIMIT = 0.05


@dataclass(frozen=True, kw_only=True)
class AuditDocument:
    """Results/audit.json of a dossier: the plan's figures, or why no sample can confirm the outcome; the audit itself.

    figures: None where refused says why there are none; findings: `audit_need`, then those of the audit's folder.
    audited: whether there is an audit; report: what its page shows, None where it does not hold together.
    """

    election: str
    count: str
    figures: Overview | None = field(metadata=INLINED)
    refused: str | None
    findings: tuple[Finding, ...]
    audited: bool
    report: VerifiedReport | None


@dataclass(frozen=True, kw_only=True)
class ExpectedOfCount:
    """Simulated audits that find what another count says."""

    count: str
    expected: Expected = field(metadata=INLINED)


@dataclass(frozen=True, kw_only=True)
class PlanDocument:
    """`veedor audit plan --json`. expected: with --expect; findings: `audit_need`, not for another program's files.

    open_questions, here and below: of the definition, where it has any.
    """

    election: str
    count: str
    figures: Overview = field(metadata=INLINED)
    expected: ExpectedOfCount | None = field(default=None, metadata=LEFT_OUT)
    findings: tuple[Finding, ...] | None = field(default=None, metadata=LEFT_OUT)
    open_questions: Sequence[str] | None = field(default=None, metadata=LEFT_OUT)


@dataclass(frozen=True, kw_only=True)
class PlanWritten:
    """`veedor audit plan --terms --out --json`: the plan's hash, that of the plan it replaces, its rounds."""

    folder: str
    plan: str
    replaces: str | None
    rounds: tuple[int, ...]
    open_questions: Sequence[str] | None = field(default=None, metadata=LEFT_OUT)


@dataclass(frozen=True, kw_only=True)
class BallotsDocument:
    """`veedor audit ballots --json`."""

    election: str
    kind: Literal["polling", "comparison", "oneaudit"]
    risk_limit: float
    assertions: Sequence[BallotsAssessed]
    open_questions: Sequence[str] | None = field(default=None, metadata=LEFT_OUT)


@dataclass(frozen=True, kw_only=True)
class StrataDocument:
    """`veedor audit strata --json`. samples: stations by region, as drawn; assertions: None without --read."""

    election: str
    samples: Mapping[str, Sequence[str]]
    assertions: Sequence[RegionsAssessed] | None
    open_questions: Sequence[str] | None = field(default=None, metadata=LEFT_OUT)


@dataclass(frozen=True, kw_only=True)
class StatementWritten:
    """`veedor audit consent|object|commit|reveal|attest --out --json`: the files of a statement and its signature."""

    statement: str
    signature: str


@dataclass(frozen=True, kw_only=True)
class StatementKept:
    """The same without --out: whose statement the folder keeps, what it says, and whether it is signed."""

    signatory: str
    answer: str
    at: str
    signed: bool


@dataclass(frozen=True, kw_only=True)
class SeedShown:
    """`veedor audit reveal --json`: the seed, None while others have not shown their part."""

    seed: str | None


@dataclass(frozen=True, kw_only=True)
class DrawDocument:
    """`veedor audit draw --json`: what the rounds so far have drawn, and the file that says what to fetch."""

    round: int
    draws: int
    sheets: int
    pull_list: str


@dataclass(frozen=True, kw_only=True)
class EnterDocument:
    """`veedor audit enter --json`: where the two entries differ; none where they are kept."""

    differences: Sequence[Difference]


@dataclass(frozen=True, kw_only=True)
class SeedLogged:
    """`veedor audit log-seed --json`: where the record of the seed stands in the log."""

    log: str
    index: int


@dataclass(frozen=True, kw_only=True)
class NotVerified:
    """`veedor audit verify --json` of a folder that does not verify: the step that does not follow, and why."""

    verified: Literal[False] = False
    step: str
    reason: str
    findings: Sequence[Finding]


@dataclass(frozen=True, kw_only=True)
class VerifiedDocument:
    """`veedor audit verify --json` of a folder that verifies."""

    verified: Literal[True] = True
    steps: tuple[StepShown, ...]
    unsigned: tuple[Unsigned, ...]
    findings: Sequence[Finding]


def audit_document(dataset: Dataset, *, folder: Path | None = None, shown_folder: str = "FOLDER") -> AuditDocument:
    """The work that an audit of the dataset's default count needs, and the audit itself.

    folder: of an audit, which commands call shown_folder. VeedorError if it has no plan that can be read.
    """
    figures, refused = None, None
    try:
        figures = overview(_units(dataset, dataset.default_count), "registered", RISK_LIMIT)
    except ChangedError:
        raise
    except VeedorError as error:
        refused = str(error)
    audited = None if folder is None else read_audit(folder)
    return AuditDocument(
        election=dataset.election.id,
        count=dataset.default_count.id,
        figures=figures,
        refused=refused,
        findings=(
            need(figures, refused, dataset.command("audit", "plan")),
            *findings_of(audited, _published(dataset, audited), Command(words=("audit", "verify", shown_folder))),
        ),
        audited=audited is not None,
        report=None if audited is None else audited.report,
    )


def _published(dataset: Dataset, audited: Audited | None) -> Units | None:
    """The sheets of the count that the plan names; None if they are not at hand, or a figure is missing."""
    if audited is None or audited.plan.election != dataset.election.id:
        return None
    count = next((count for count in dataset.counts if count.id == audited.plan.count), None)
    if count is None:
        return None
    try:
        return _units(dataset, count)
    except ChangedError:
        raise
    except VeedorError:
        return None


def _units(dataset: Dataset, count: Count) -> Units:
    return units_from(dataset.table(count), dataset.contest, dataset.election.level_ids)
