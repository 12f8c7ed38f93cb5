"""What a log of the sheets says beside the published count, as a document and as findings that claims are bound to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import polars as pl

from veedor.audit.units import Units, units_from
from veedor.command import Command
from veedor.count import tally
from veedor.election import Contest
from veedor.errors import VeedorError
from veedor.finding import Finding, Verdict
from veedor.ledger.findings import Signed, log_finding, quorum_finding
from veedor.ledger.ledger import Difference, Ledger, Standings, differences_of_totals, published_at, read_ledger
from veedor.ledger.texts import TEXTS
from veedor.record.errors import RecordError
from veedor.record.log import checkpoints_of, read_head
from veedor.record.merkle import root_of_tree
from veedor.record.reader import all_levels, verified_entries
from veedor.record.source import Folder
from veedor.record.verify import Checkpoint, Key, Note, parse_checkpoint, parse_policy, verify_note
from veedor.rim.foreign import MissingFileError, read_file
from veedor.sheets.dataset import Dataset
from veedor.wording import number

POLICY = "policy"
"""File of the log's folder with the policy that it asks to be verified under; without it no cosigner is named."""
MOST_POLICY = 2**20
"""Bytes of a policy; that of fifty witnesses has some 10,000."""
AFTERWARDS = 24 * 3600
"""Seconds after a publication from which a cosignature is taken to have been made afterwards."""


@dataclass(frozen=True, kw_only=True)
class Cosigned:
    """A witness's cosignature: its name, and when it says that it signed."""

    witness: str
    time: str


@dataclass(frozen=True, kw_only=True)
class CheckpointShown:
    """A checkpoint that was kept; published: when the last of its sheets was, null where no entry says so."""

    size: int
    root_sha256: str
    published: str | None
    cosigned: tuple[Cosigned, ...]


@dataclass(frozen=True, kw_only=True)
class RecordDocument:
    """Results/record.json of a dossier: what a log of the sheets says beside the published count.

    receipts: sheets of the count that the log has; has_policy: whether one names witnesses; made_afterwards: whether a
    checkpoint was cosigned by nobody within a day of its publication.
    """

    origin: str
    keys: tuple[str, ...]
    entries: int
    corrections: int
    receipts: int
    totals_equal_published: bool
    has_policy: bool
    made_afterwards: bool
    checkpoints: tuple[CheckpointShown, ...]
    findings: tuple[Finding, ...]


def record_document(log: Path, dataset: Dataset) -> RecordDocument:
    """The log's checkpoints, and findings on it; every root is rebuilt from the entries, every signature verified.

    dataset: its default count is what the log is compared with. Raises VeedorError.
    """
    table, contest = dataset.table(), dataset.contest
    try:
        return _document(log, table, contest, election=dataset.election.id, count=dataset.default_count.id)
    except RecordError as error:
        raise VeedorError(f"the record cannot be shown: {error}") from error


def _document(log: Path, table: pl.DataFrame, contest: Contest, *, election: str, count: str) -> RecordDocument:
    head = read_head(log)
    entries = verified_entries(Folder(log), head.checkpoint)
    levels = all_levels(entries)
    witnesses = _witnesses(log)
    rows = []
    for note in checkpoints_of(log):
        checkpoint = parse_checkpoint(note.text)
        if checkpoint.size > head.checkpoint.size:
            raise VeedorError(f"{log}: a kept checkpoint has {checkpoint.size} entries, more than the log's own")
        if root_of_tree(checkpoint.size, lambda level, number: levels[level][number]) != checkpoint.root:
            raise VeedorError(f"{log}: the checkpoint of {checkpoint.size} entries is not how the log began")
        published = published_at(entries[checkpoint.size - 1]) if checkpoint.size else None
        rows.append(_row(checkpoint, note, head.keys, witnesses, published))
    # The root of an empty log is checked above like any other, but it stands for no sheet and is not shown.
    rows = [row for row in rows if row.size]
    ledger = ledger_of(log)
    scope = (election, contest.id, count)
    findings: list[Finding] = [
        _corrections(head.checkpoint.size, ledger),
        _cosigned(rows, bool(witnesses)),
        log_finding(ledger, _units(table, contest), election=election, count=count, checkpoints=len(rows)),
        _quorum(rows, policy_of(log)),
    ]
    return RecordDocument(
        origin=head.checkpoint.origin,
        keys=tuple(str(key) for key in head.keys),
        entries=head.checkpoint.size,
        corrections=len(ledger.corrections),
        receipts=sum(1 for key in ledger.standing if key[:3] == scope),
        totals_equal_published=not _differences(ledger, table, contest, count),
        has_policy=bool(witnesses),
        made_afterwards=bool(_late(rows)),
        checkpoints=tuple(rows),
        findings=tuple(findings),
    )


def _units(table: pl.DataFrame, contest: Contest) -> Units | None:
    """The sheets one by one; None where a figure is missing, so that they cannot be compared so."""
    try:
        return units_from(table, contest)
    except VeedorError:
        return None


def _quorum(rows: Sequence[CheckpointShown], policy: bytes | None) -> Finding:
    signed = [Signed(size=row.size, witnesses=tuple(one.witness for one in row.cosigned)) for row in rows]
    return quorum_finding(signed, None if policy is None else parse_policy(policy))


def ledger_of(log: Path) -> Ledger:
    """The ledger that the entries of the log make."""
    return _ledger_of(log, read_head(log).checkpoint)


@lru_cache(maxsize=1)
def _ledger_of(log: Path, checkpoint: Checkpoint) -> Ledger:
    """What the entries say; the root in the checkpoint binds them, so that the same checkpoint is the same ledger."""
    return read_ledger(verified_entries(Folder(log), checkpoint))


def policy_of(log: Path) -> bytes | None:
    """The policy that lies beside the log, if one does."""
    try:
        return read_file(log / POLICY, most=MOST_POLICY)
    except MissingFileError:
        return None


def _witnesses(log: Path) -> dict[str, Key]:
    policy = policy_of(log)
    return {} if policy is None else dict(parse_policy(policy).witnesses)


def _differences(ledger: Ledger, table: pl.DataFrame, contest: Contest, count: str) -> list[Difference]:
    totals = tally(table, contest)
    published = Standings(sheets=totals.sheets, blank=totals.blank, null=totals.null, votes=dict(totals.votes))
    return differences_of_totals(published, ledger.totals(contest.id, count))


def _row(
    checkpoint: Checkpoint, note: Note, keys: tuple[Key, ...], witnesses: Mapping[str, Key], published: str | None
) -> CheckpointShown:
    signed = verify_note(note, [*keys, *witnesses.values()])
    return CheckpointShown(
        size=checkpoint.size,
        root_sha256=checkpoint.root.hex(),
        published=published,
        cosigned=tuple(
            Cosigned(witness=name, time=datetime.fromtimestamp(signed[key], UTC).isoformat())
            for name, key in witnesses.items()
            if key in signed
        ),
    )


def _late(rows: Sequence[CheckpointShown]) -> list[CheckpointShown]:
    """Checkpoints that no witness cosigned within a day of the publication that they cover."""
    late = []
    for row in rows:
        if row.published is None:
            continue
        published = datetime.fromisoformat(row.published)
        times = [datetime.fromisoformat(one.time) for one in row.cosigned]
        if not times or (min(times) - published).total_seconds() > AFTERWARDS:
            late.append(row)
    return late


COMMAND = Command(words=("record", "verify", "LOG"))
SOURCE = "RFC 6962; C2SP tlog-checkpoint, tlog-cosignature"
CANNOT = TEXTS.say("document.cannot")


def _corrections(entries: int, ledger: Ledger) -> Finding:
    found = len(ledger.corrections)
    withdrawn = sum(1 for one in ledger.corrections if one.withdrawn)
    announced = sum(1 for one in ledger.corrections if one.announced)
    verdict = Verdict.UNDECIDED if not entries else Verdict.DOES_NOT_HOLD if found else Verdict.HOLDS
    return Finding(
        check="record_corrections",
        title=TEXTS.say("document.corrections.title"),
        verdict=verdict,
        looked_at=entries,
        unit=TEXTS.say("document.corrections.unit"),
        expected=TEXTS.say("document.corrections.expected"),
        found=found,
        summary=TEXTS.say(
            "document.corrections.summary",
            entries=number(entries),
            n=number(found),
            withdrawn=number(withdrawn),
            announced=number(announced),
        ),
        cannot_show=CANNOT,
        other_explanations=TEXTS.say("document.corrections.other_explanations"),
        command=COMMAND,
        effect={"corrections": found, "withdrawn": withdrawn, "announced": announced},
        source=SOURCE,
    )


def _cosigned(rows: Sequence[CheckpointShown], has_policy: bool) -> Finding:
    dated = [row for row in rows if row.published is not None] if has_policy else []
    late = _late(dated)
    verdict = Verdict.UNDECIDED if not dated else Verdict.DOES_NOT_HOLD if late else Verdict.HOLDS
    return Finding(
        check="record_cosigned",
        title=TEXTS.say("document.cosigned.title"),
        verdict=verdict,
        looked_at=len(dated),
        unit=TEXTS.say("document.cosigned.unit"),
        expected=TEXTS.say("document.cosigned.expected"),
        found=len(late),
        summary=TEXTS.say("document.cosigned.summary", n=number(len(late)), of=number(len(dated)))
        if has_policy
        else TEXTS.say("document.cosigned.no_policy"),
        cannot_show=CANNOT,
        other_explanations=TEXTS.say("document.cosigned.other_explanations"),
        command=COMMAND,
        effect={"late": len(late)},
        source=SOURCE,
    )
