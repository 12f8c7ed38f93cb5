"""What can go wrong with a log, beyond a text that is malformed or not verified (see `verify`)."""

from veedor.record.verify import MalformedError, NotVerifiedError, RecordError

__all__ = ["BusyError", "DamagedError", "LogError", "MalformedError", "NotVerifiedError", "RecordError"]


class DamagedError(RecordError):
    """Files of a log are missing, cut short or altered; the message names each."""


class BusyError(RecordError):
    """Another process writes this log now."""


class LogError(RecordError):
    """The log could not be read or written (disk full, folder read-only, address not reachable)."""
