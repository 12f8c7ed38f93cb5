"""What commands print with --json where no room has a document of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from veedor.document import INLINED, LEFT_OUT
from veedor.draft.evidence import ColumnEvidence, NotRead, RowsLeftOut
from veedor.finding import Text


@dataclass(frozen=True, kw_only=True)
class SkippedPage:
    """A page that a dossier does without, and why."""

    page: str
    title: Mapping[str, str]
    reason: str


@dataclass(frozen=True, kw_only=True)
class ReportDocument:
    """`veedor report --json`: what was written.

    verify: the command that verifies it; pdf: with --pdf; left_out: rows and files that were not read; spellings:
    stations that are written in two ways; open_questions: those of the definition; notes: what was said of the files;
    figures_absent: figures that the last states of the counts lack; url: with --url, the address as pages have it;
    pages_without_card: those for which a shared link shows no picture all the same.
    """

    election: str
    folder: str
    files: int
    bytes: int
    skipped: Sequence[SkippedPage]
    index: str
    verify: str
    pdf: Sequence[str] | None = field(default=None, metadata=LEFT_OUT)
    left_out: Sequence[str] | None = field(default=None, metadata=LEFT_OUT)
    spellings: Sequence[str] | None = field(default=None, metadata=LEFT_OUT)
    open_questions: Sequence[str] | None = field(default=None, metadata=LEFT_OUT)
    notes: Sequence[str] | None = field(default=None, metadata=LEFT_OUT)
    figures_absent: int | None = field(default=None, metadata=LEFT_OUT)
    url: str | None = field(default=None, metadata=LEFT_OUT)
    pages_without_card: Sequence[str] | None = field(default=None, metadata=LEFT_OUT)


@dataclass(frozen=True, kw_only=True)
class GivenFile:
    """A result that was given and is not derived again, and the command that derives it."""

    file: str
    command: str


@dataclass(frozen=True, kw_only=True)
class DifferenceShown:
    """One figure that is not what the raw files give. where: a JSON path, a row and column, or a line; else empty."""

    file: str
    where: str
    found: str
    derived: str


@dataclass(frozen=True, kw_only=True)
class VerifyDocument:
    """`veedor verify --json`. written_by, derived_by: versions of veedor; raw_files, files: how many."""

    election: str
    written_by: str | None
    derived_by: str
    raw_files: int
    files: int
    given: Sequence[GivenFile]
    same: bool
    differences: Sequence[DifferenceShown]


@dataclass(frozen=True, kw_only=True)
class CountTried:
    """A count of a draft, read as the draft says; problem: why it cannot be."""

    id: str
    sheets: int
    valid: int
    problem: str | None


@dataclass(frozen=True, kw_only=True)
class QuestionShown:
    """A question that the draft leaves open; choices: answers, the one that was taken first."""

    about: str
    text: str
    choices: Sequence[str]
    where: str


@dataclass(frozen=True, kw_only=True)
class NewDocument:
    """`veedor new --json`: the draft, the folder of its files, what it rests on, and what is left to be filled in.

    notes: what was said of stations and places when the files were read as the draft says.
    """

    election: str
    file: str
    data: str
    todo: Sequence[str]
    counts: Sequence[CountTried]
    columns: Sequence[ColumnEvidence]
    rows_left_out: Sequence[RowsLeftOut]
    not_read: Sequence[NotRead]
    questions: Sequence[QuestionShown]
    notes: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class ExportDocument:
    """`veedor export --json`: which sheets were written, where and how."""

    election: str
    contest: str
    count: str
    snapshot: str
    format: str
    file: str
    sheets: int
    left_out: Sequence[str]
    open_questions: Sequence[str] | None = field(default=None, metadata=LEFT_OUT)


@dataclass(frozen=True, kw_only=True)
class FetchDocument:
    """`veedor fetch --json`: the files that are there now."""

    election: str
    files: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class SimulatedTotals:
    """Whole votes over all stations; votes by choice."""

    sheets: int
    registered: int
    cast: int
    valid: int
    blank: int
    null: int
    votes: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Planted:
    """Sheets that were altered, and by how many votes."""

    stations: int
    votes: int


@dataclass(frozen=True, kw_only=True)
class SimulateDocument:
    """`veedor simulate --json`: the truth, in short."""

    election: str
    folder: str
    scenario: str
    kind: str | None
    seed: int
    stations: int
    totals: SimulatedTotals
    planted: Planted


@dataclass(frozen=True, kw_only=True)
class KeyDocument:
    """`veedor record key --json`: the file of the private half, and the public half."""

    file: str
    vkey: str


@dataclass(frozen=True, kw_only=True)
class CheckpointOfLog:
    """Number of entries of a log, and the root hash of their tree, hexadecimal."""

    origin: str
    size: int
    root_sha256: str


@dataclass(frozen=True, kw_only=True)
class InitDocument:
    """`veedor record init --json`: an empty log, and the public keys that sign it."""

    checkpoint: CheckpointOfLog = field(metadata=INLINED)
    keys: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class AppendedSnapshot:
    """One snapshot that `veedor record append --json` put into the log: how many entries it added."""

    snapshot: str
    added: int
    checkpoint: CheckpointOfLog


@dataclass(frozen=True, kw_only=True)
class CheckpointDocument:
    """`veedor record checkpoint --json`. signers: names under it; policy_met: False without --policy."""

    checkpoint: CheckpointOfLog = field(metadata=INLINED)
    signers: Sequence[str]
    policy_met: bool
    faults: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class AskedWitness:
    """A witness that was asked to cosign, and what it said."""

    name: str
    url: str
    signed: bool
    message: str


@dataclass(frozen=True, kw_only=True)
class CosignDocument:
    """`veedor record cosign --json`: who cosigned and who did not, and why."""

    checkpoint: CheckpointOfLog
    quorum_met: bool
    witnesses: Sequence[AskedWitness]


@dataclass(frozen=True, kw_only=True)
class ReceiptsWritten:
    """`veedor record receipt --json`: how many receipts were written, and where."""

    receipts: int
    out: str


@dataclass(frozen=True, kw_only=True)
class ConsistencyDocument:
    """`veedor record receipt --since --json`: the proof that the log continues an earlier tree, hashes in Base64."""

    since: int
    checkpoint: CheckpointOfLog
    proof: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class ReceiptRefused:
    """`veedor record verify --json` of a receipt that does not verify."""

    verified: Literal[False] = False
    reason: str


@dataclass(frozen=True, kw_only=True)
class WitnessTime:
    """A witness, and when it says that it signed."""

    name: str
    time: str


@dataclass(frozen=True, kw_only=True)
class ReceiptVerified:
    """`veedor record verify --json` of a receipt that verifies: the entry that it shows is in the log."""

    verified: Literal[True] = True
    index: int
    entry: str
    checkpoint: CheckpointOfLog
    witnesses: Sequence[WitnessTime]


@dataclass(frozen=True, kw_only=True)
class AlarmShown:
    """Something in a watched log that must not be."""

    kind: str
    entry: int | None
    en: str
    es: str


@dataclass(frozen=True, kw_only=True)
class LoggedTotals:
    """Sums of a contest's count over the sheets that stand in the log."""

    contest: str
    count: str
    sheets: int
    blank: int
    null: int
    votes: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class WatchDocument:
    """`veedor record watch --json`: one look. published_totals_equal: None where nothing was compared."""

    time: str
    before: CheckpointOfLog | None
    now: CheckpointOfLog | None
    alarms: Sequence[AlarmShown]
    growth: Text | None
    published_totals_equal: bool | None
    totals: Sequence[LoggedTotals]
