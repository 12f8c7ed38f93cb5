"""What the record's commands show: errors as the program's own, tables, and bytes made safe for a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from veedor.cli.speech import shown
from veedor.rim.terminal import printable

if TYPE_CHECKING:
    from veedor.cli.documents import CheckpointOfLog, CosignDocument, ReceiptVerified
    from veedor.record.cosign import Gathered
    from veedor.record.verify import Checkpoint, Policy, Verified

P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def record_errors() -> Iterator[None]:
    """Errors of the record room as the program's own: exit status 2 and no traceback."""
    from veedor.errors import VeedorError
    from veedor.record.errors import RecordError
    from veedor.saying import message_of

    try:
        yield
    except RecordError as error:
        raise VeedorError(printable(shown(message_of(error)))) from error


def guarded(command: Callable[P, R]) -> Callable[P, R]:
    """A command whose errors of the record are reported as the program's own."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with record_errors():
            return command(*args, **kwargs)

    return run


def read_policy(path: Path) -> "Policy":
    """The policy in a file."""
    from veedor.record.files import read_file
    from veedor.record.verify import MAX_NOTE, parse_policy

    return parse_policy(read_file(path, MAX_NOTE))


def iso(time: int) -> str:
    """POSIX seconds as ISO 8601 in UTC."""
    return datetime.fromtimestamp(time, UTC).isoformat()


def checkpoint_shown(checkpoint: "Checkpoint") -> "CheckpointOfLog":
    """Origin, size and root hash."""
    from veedor.cli.documents import CheckpointOfLog

    return CheckpointOfLog(origin=checkpoint.origin, size=checkpoint.size, root_sha256=checkpoint.root.hex())


def verified_shown(shown: "Verified") -> "ReceiptVerified":
    """The result of verifying a receipt."""
    from veedor.cli.documents import ReceiptVerified, WitnessTime

    return ReceiptVerified(
        index=shown.index,
        entry=shown.entry.decode("utf-8", "backslashreplace"),
        checkpoint=checkpoint_shown(shown.checkpoint),
        witnesses=[WitnessTime(name=name, time=iso(time)) for name, time in shown.witnesses.items()],
    )


def gathered_shown(gathered: "Gathered") -> "CosignDocument":
    """The witnesses that cosigned, and those that did not, with the reason."""
    from veedor.cli.documents import AskedWitness, CosignDocument

    return CosignDocument(
        checkpoint=checkpoint_shown(gathered.checkpoint),
        quorum_met=gathered.met,
        witnesses=[
            AskedWitness(name=one.witness, url=one.url, signed=one.signature is not None, message=one.message)
            for one in gathered.asked
        ],
    )
