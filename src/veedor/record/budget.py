"""What reading somebody else's log may take: entries, bytes and seconds. A log has no end that it does not choose."""

import time
from collections.abc import Callable

from veedor.record.errors import LogError

MOST_ENTRIES = 1_000_000
MOST_BYTES = 1_000_000_000
MOST_SECONDS = 600.0


class LimitError(LogError):
    """Reading the log would take more than it may; or did, and was given up. spanish: the same in Spanish."""

    def __init__(self, english: str, spanish: str) -> None:
        super().__init__(english)
        self.spanish = spanish


class Budget:
    """For one look at a log; its time begins when it is made."""

    def __init__(
        self,
        *,
        entries: int = MOST_ENTRIES,
        data: int = MOST_BYTES,
        seconds: float = MOST_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.entries, self.data, self.seconds, self.clock = entries, data, seconds, clock
        self.spent, self.begun = 0, clock()

    def allow(self, size: int) -> None:
        """LimitError if a log of this size is not read at all."""
        if size > self.entries:
            raise LimitError(
                f"its checkpoint is of {size:,} entries, and at most {self.entries:,} are read",
                f"su punto de control es de {_es(size)} entradas, y se leen a lo sumo {_es(self.entries)}",
            )

    def left(self) -> float:
        """Seconds that are left. LimitError if none are."""
        left = self.seconds - (self.clock() - self.begun)
        if left <= 0:
            raise LimitError(
                f"it is not read whole after {self.seconds:g} seconds, the most that it is given",
                f"no se leyó entero en {self.seconds:g} segundos, lo más que se le da",
            )
        return left

    def spend(self, count: int) -> None:
        """So many bytes more were read. LimitError if that is too many."""
        self.spent += count
        if self.spent > self.data:
            raise LimitError(
                f"it is not read whole after {self.data:,} bytes, the most that are read",
                f"no se leyó entero en {_es(self.data)} bytes, lo más que se lee",
            )


def _es(number: int) -> str:
    return f"{number:,}".replace(",", ".")
