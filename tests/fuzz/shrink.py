"""A find made as small as it can be made in a given time, while it still ends in the same way."""

import time
from collections.abc import Callable, Iterable

from tests.fuzz.overlay import cuts


def shrunk(
    data: bytes,
    same: Callable[[bytes], bool],
    *,
    seconds: float,
    smaller: Callable[[bytes], Iterable[bytes]] | None = None,
) -> bytes:
    """The smallest input found. same: whether another input ends as this one does."""
    end = time.monotonic() + seconds
    again = True
    while again and time.monotonic() < end:
        again = False
        for candidate in (smaller or cuts)(data):
            if time.monotonic() >= end:
                break
            if len(candidate) < len(data) and same(candidate):
                data, again = candidate, True
                break
    return data
