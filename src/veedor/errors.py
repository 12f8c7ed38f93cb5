"""The one small tree of errors a user can meet. All of them end a command with exit status 2."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from veedor.saying import Sayings, figures, joined, message_of, on_one_line

SAID = Sayings(Path(__file__).parent / "texts", "language")
"""The sentences of the rooms at the ground stand beside what a language is."""

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
        return str(self.said)

    @property
    def said(self) -> str:
        """The fault as a sentence, on one line whatever the names hold.

        A second line could look like a fault, or a success, of its own.
        """
        place = [on_one_line(self.file)]
        if self.row is not None:
            place.append(SAID.say("fault.row", row=self.row))
        if self.column is not None:
            place.append(SAID.say("fault.column", column=on_one_line(self.column)))
        where, found, wanted = joined(", ", place), on_one_line(self.found), on_one_line(self.wanted)
        if not self.remedy:
            return SAID.say("fault.said", where=where, found=found, wanted=wanted)
        return SAID.say("fault.remedied", where=where, found=found, wanted=wanted, remedy=on_one_line(self.remedy))


class VeedorError(Exception):
    """Unusable input or arguments; the text is for people and says the remedy.

    It is English, as `str(error)`; where it is a Sentence of a catalogue, the command line says it in its language.
    """

    @property
    def said(self) -> str:
        """The text, still a Sentence where it was given as one."""
        return message_of(self)


class InputError(VeedorError):
    """One or more faults in the files given, reported together."""

    def __init__(self, faults: Sequence[Fault], *, remedy: str = "") -> None:
        self.faults = tuple(faults)
        self.remedy = remedy
        kinds = _alike(self.faults)
        lines = [line for kind in kinds[:SHOWN_FAULTS] for line in _told(kind)]
        if rest := sum(map(len, kinds[SHOWN_FAULTS:])):
            lines.append(SAID.say("fault.more", number=rest))
        if remedy:
            lines.append(remedy)
        super().__init__(joined("\n", lines))


def _alike(faults: Sequence[Fault]) -> list[list[Fault]]:
    """The faults by their cause, in order: those of one file and column of which the same is wanted."""
    kinds: dict[tuple[str, str | None, str], list[Fault]] = {}
    for fault in faults:
        kinds.setdefault((fault.file, fault.column, fault.wanted), []).append(fault)
    return list(kinds.values())


def _told(kind: list[Fault]) -> list[str]:
    """Lines for the faults of one cause: each, or of many the first few different ones and how many there are."""
    if len(kind) <= FEW_FAULTS or kind[0].row is None:
        rest = len(kind) - SHOWN_FAULTS
        more = [SAID.say("fault.more", number=figures(f"{rest:,}"))] if rest > 0 else []
        return [*(fault.said for fault in kind[:SHOWN_FAULTS]), *more]
    rows = [fault.row for fault in kind if fault.row is not None]
    shown = _different(kind)[:FEW_FAULTS]
    lines = [fault.said for fault in shown]
    if (rest := len(kind) - len(shown)) > 0:
        number = figures(f"{rest:,}")
        lines.append(SAID.say("fault.more_such", number=number, first=min(rows), last=max(rows)))
    return lines


def _different(kind: list[Fault]) -> list[Fault]:
    """The first fault of each text that was found."""
    first: dict[str, Fault] = {}
    for fault in kind:
        first.setdefault(fault.found, fault)
    return list(first.values())


class MissingExtraError(VeedorError):
    """A package of an optional extra is not installed; the text says how to install it, from a checkout or a wheel."""

    def __init__(self, what: str, *, extra: str) -> None:
        super().__init__(SAID.say("extra.missing", what=what, how=install_extra(extra)))


def install_extra(extra: str) -> str:
    """How an extra is installed: from a folder or a file, never by a name on a package index, which anybody may own."""
    wheel = f"./veedor-VERSION-py3-none-any.whl[{extra}]"
    return SAID.say("extra.install", extra=extra, wheel=wheel)


class DefinitionError(InputError):
    """Faults in an election.toml; a fault's column is the dotted name of the table and key."""


class MissingDataError(VeedorError):
    """A file that the definition names is not there, or is not the file that it names (its hash differs)."""
