"""Stations for tests, from plain arrays."""

import numpy as np

from veedor.forensics.stations import Ints, Stations


def of(rolls: Ints, votes: Ints, empty: Ints | None = None, places: Ints | None = None) -> Stations:
    """votes: int[station, choice]; the first choice is the leader; empty: blank and null, else none."""
    empty = np.zeros(len(rolls), dtype=np.int64) if empty is None else empty
    return Stations(
        names=tuple(str(number) for number in range(len(rolls))),
        choices=tuple("abcdefgh"[: votes.shape[1]]),
        registered=rolls,
        votes=np.ascontiguousarray(votes),
        empty=empty,
        turned_out=votes.sum(axis=1) + empty,
        leader=0,
        levels=("precinct",) if places is not None else (),
        places=(places,) if places is not None else (),
    )
