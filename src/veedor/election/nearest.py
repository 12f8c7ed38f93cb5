"""The nearest of the names that are known, for "did you mean": of bounded cost, whatever the names are."""

import difflib
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Protocol, TypeVar

from veedor.errors import VeedorError

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


class HasId(Protocol):
    """Anything that a definition names by an id."""

    @property
    def id(self) -> str:
        """The name by which commands and documents call it."""


_T = TypeVar("_T", bound=HasId)


def named(things: Sequence[_T], name: str, what: str) -> _T:
    """The one of these with that id; VeedorError with the nearest, or with all ids, if there is none."""
    for thing in things:
        if thing.id == name:
            return thing
    near = nearest_name(name, (thing.id for thing in things))
    known = ", ".join(thing.id for thing in things) or "none"
    raise VeedorError(f"no {what} {name!r}; " + (f"did you mean {near!r}?" if near else f"known: {known}"))
