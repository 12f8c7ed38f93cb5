"""The nearest of the names that are known, for "did you mean": of bounded cost, whatever the names are."""

import difflib
from collections.abc import Iterable
from itertools import islice

LONGEST = 100
"""Characters of a name that is compared; no name that a person mistyped has more."""

MOST = 2_000
"""Names that it is compared with."""


def nearest_name(name: str, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """The one of these names that is most like the name; None where none is like it."""
    if len(name) > LONGEST:
        return None
    among = [one for one in islice(known, MOST) if len(one) <= LONGEST]
    return next(iter(difflib.get_close_matches(name, among, n=1, cutoff=cutoff)), None)
