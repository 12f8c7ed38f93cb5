"""A target: one parser, or one room that reads what others made."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random

Mutator = Callable[[bytes, Random], bytes]
"""An input changed in one way; the same input and state of the generator give the same bytes."""


class InvariantError(AssertionError):
    """A result that is wrong whatever the input was. The text names the law, not the input."""


def require(holds: bool, law: str) -> None:
    """Raise InvariantError unless the law holds."""
    if not holds:
        raise InvariantError(law)


@dataclass(frozen=True, kw_only=True)
class Target:
    """run: judged on an input; it may return, or raise VeedorError or RecordError, and nothing else.

    seeds: inputs to begin with. mutator: made once in a process, of the seeds. smaller: inputs to try in place of one,
    each a little smaller (None: cut bytes out). most_bytes: of an input. weight: of its share of the time.
    share: changed inputs in `make test`.
    """

    name: str
    run: Callable[[bytes], object]
    seeds: Callable[[], Sequence[bytes]]
    mutator: Callable[[Sequence[bytes]], Mutator]
    smaller: Callable[[bytes], Iterable[bytes]] | None = None
    most_bytes: int = 8192
    weight: float = 1
    share: int = 60
