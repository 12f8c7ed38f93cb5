"""The one small tree of errors a user can meet. All of them end a command with exit status 2."""

from collections.abc import Sequence
from dataclasses import dataclass

SHOWN_FAULTS = 50
"""How many faults, of different causes, a message spells out; the rest are counted."""

FEW_FAULTS = 5
"""How many of one cause it spells out."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that is wrong with an input: where it is, what was found, what was wanted.

    row is the line of a text file or the row of a worksheet as an editor shows it, counted from 1.
    """

    file: str
    row: int | None = None
    column: str | None = None
    found: str
    wanted: str
    remedy: str = ""

    def __str__(self) -> str:
        place = [self.file]
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.column is not None:
            place.append(f"column {self.column}")
        remedy = f" ({self.remedy})" if self.remedy else ""
        # On one line whatever the names hold: a second line could look like a fault, or a success, of its own.
        return f"{', '.join(place)}: found {self.found}, wanted {self.wanted}{remedy}".replace("\n", "\\n")


class VeedorError(Exception):
    """Unusable input or arguments; the text is for people and says the remedy."""


class InputError(VeedorError):
    """One or more faults in the files given, reported together."""

    def __init__(self, faults: Sequence[Fault], *, remedy: str = "") -> None:
        self.faults = tuple(faults)
        self.remedy = remedy
        kinds = _alike(self.faults)
        lines = [line for kind in kinds[:SHOWN_FAULTS] for line in _told(kind)]
        if rest := sum(map(len, kinds[SHOWN_FAULTS:])):
            lines.append(f"... and {rest} more")
        if remedy:
            lines.append(remedy)
        super().__init__("\n".join(lines))


def _alike(faults: Sequence[Fault]) -> list[list[Fault]]:
    """The faults by their cause, in order: those of one file and column of which the same is wanted."""
    kinds: dict[tuple[str, str | None, str], list[Fault]] = {}
    for fault in faults:
        kinds.setdefault((fault.file, fault.column, fault.wanted), []).append(fault)
    return list(kinds.values())


def _told(kind: list[Fault]) -> list[str]:
    """Lines for the faults of one cause: each, or of many the first few different ones and how many there are."""
    if len(kind) <= FEW_FAULTS or kind[0].row is None:
        return [str(fault) for fault in kind[:SHOWN_FAULTS]] + _rest(len(kind) - SHOWN_FAULTS, "")
    rows = [fault.row for fault in kind if fault.row is not None]
    shown = _different(kind)[:FEW_FAULTS]
    return [str(fault) for fault in shown] + _rest(len(kind) - len(shown), f" such, in rows {min(rows)} to {max(rows)}")


def _different(kind: list[Fault]) -> list[Fault]:
    """The first fault of each text that was found."""
    first: dict[str, Fault] = {}
    for fault in kind:
        first.setdefault(fault.found, fault)
    return list(first.values())


def _rest(number: int, where: str) -> list[str]:
    return [f"... and {number:,} more{where}"] if number > 0 else []


class MissingExtraError(VeedorError):
    """A package of an optional extra is not installed; the text says how to install it, from a checkout or a wheel."""

    def __init__(self, what: str, *, extra: str) -> None:
        super().__init__(f"{what}: {install_extra(extra)}")


def install_extra(extra: str) -> str:
    """How an extra is installed: from a folder or a file, never by a name on a package index, which anybody may own."""
    wheel = f"./veedor-VERSION-py3-none-any.whl[{extra}]"
    return f"in a checkout, pip install '.[{extra}]'; from a wheel, pip install '{wheel}'"


class DefinitionError(InputError):
    """Faults in an election.toml; a fault's column is the dotted name of the table and key."""


class MissingDataError(VeedorError):
    """A file that the definition names is not there, or is not the file that it names (its hash differs)."""
