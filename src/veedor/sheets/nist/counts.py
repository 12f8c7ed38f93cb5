"""Counts of a NIST report: for each selection and unit one figure, whatever types, devices and rounds it came in."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from veedor.election import STATUSES
from veedor.errors import Fault
from veedor.sheets.nist.references import class_of, text_of
from veedor.sheets.nist.shape import (
    Candidate,
    Contest,
    Counts,
    Election,
    Figure,
    Holder,
    Named,
    Party,
    Report,
    Selection,
)

WHOLE = re.compile(r"^[0-9]{1,18}(\.0*)?$", re.ASCII)


NAMED: tuple[Named, ...] = ("CandidateIds", "PartyIds", "ExternalIdentifier")
SPELT: tuple[Literal["Name", "Abbreviation"], ...] = ("Name", "Abbreviation")
OTHER: tuple[Figure, ...] = ("Undervotes", "Overvotes", "WriteIns")
BALLOTS: tuple[Figure, ...] = ("BallotsCast", "BallotsRejected")

MOST_SELECTIONS = 2_000
MOST_NAMES = 100
"""Candidates, parties or identifiers of one selection."""


class Numbered(Protocol):
    """A unit that knows its place in the file."""

    @property
    def row(self) -> int:
        """Counted from 1."""


@dataclass(frozen=True, kw_only=True)
class SelectionCounts:
    """One selection of a contest. names: its spellings, the most telling first; votes: unit -> whole number as text.

    A unit's votes are None where they are suppressed for privacy. totals: units that have a count of Type `total`.
    """

    id: str
    names: tuple[str, ...]
    votes: dict[str, str | None] = field(default_factory=dict)
    totals: set[str] = field(default_factory=set)

    @property
    def total(self) -> int:
        """Votes over all units, summaries included: only to tell whether there are any."""
        return sum(int(votes) for votes in self.votes.values() if votes)


def selection_counts(
    told: Contest,
    around: Election,
    report: Report,
    units: Mapping[str, Numbered],
    file: str,
    faults: list[Fault],
) -> list[SelectionCounts]:
    """The contest's selections with their counts; a figure that is no whole number is a fault of its unit."""
    candidates = {candidate["@id"]: candidate for candidate in around.get("Candidate", ())}
    parties = {party["@id"]: party for party in report.get("Party", ())}
    found = []
    listed = told.get("ContestSelection", ())
    if len(listed) > MOST_SELECTIONS:
        raise TypeError(f"{len(listed)} selections in a contest; at most {MOST_SELECTIONS} are read")
    for selection in listed:
        counts = SelectionCounts(id=selection["@id"], names=tuple(_names(selection, candidates, parties)))
        by_unit: dict[str, list[Counts]] = {}
        for entry in selection.get("VoteCounts", ()):
            by_unit.setdefault(entry["GpUnitId"], []).append(entry)
        for unit, entries in by_unit.items():
            if any(entry.get("Type") == "total" for entry in entries):
                counts.totals.add(unit)
            place = f"{selection['@id']} at {unit}"
            counts.votes[unit] = _figure(entries, "Count", place, units[unit].row, file, faults)
        found.append(counts)
    return found


def _names(selection: Selection, candidates: Mapping[str, Candidate], parties: Mapping[str, Party]) -> Iterator[str]:
    """Spellings of a selection: names, abbreviations, external identifiers, ids."""
    for key in NAMED:
        if (named := len(selection.get(key, ()))) > MOST_NAMES:
            raise TypeError(f"{named} {key} of one selection")
    kind = class_of(selection)
    if kind == "CandidateSelection":
        people = [candidates[name] for name in selection.get("CandidateIds", ()) if name in candidates]
        if people:
            yield " / ".join(text_of(person.get("BallotName")) or person["@id"] for person in people)
        elif selection.get("IsWriteIn"):
            yield "write-in"
        for holder in people[:1]:
            yield from _identifiers(holder)
            party = parties.get(str(holder.get("PartyId")))
            yield from _party_names([party] if party else [])
    elif kind == "PartySelection":
        known = [parties[name] for name in selection.get("PartyIds", ()) if name in parties]
        yield from _party_names(known)
        for party in known[:1]:
            yield from _identifiers(party)
    elif selection.get("Selection"):
        yield text_of(selection["Selection"]) or selection["@id"]
    yield from _identifiers(selection)
    yield selection["@id"]


def _party_names(parties: Sequence[Party]) -> Iterator[str]:
    for key in SPELT:
        texts = [text_of(party.get(key)) for party in parties]
        if texts and all(texts):
            yield " / ".join(text or "" for text in texts)


def _identifiers(holder: Holder) -> Iterator[str]:
    for identifier in holder.get("ExternalIdentifier", ()):
        yield str(identifier["Value"])


def _figure(entries: Sequence[Counts], key: Figure, place: str, row: int, file: str, faults: list[Fault]) -> str | None:
    """The one figure that the entries of a unit make: the total, else the sum of all types; None if suppressed."""
    whole = []
    for entry in _that_count(entries):
        if key not in entry or str(entry.get("IsSuppressedForPrivacy", "")).lower() == "true":
            return None
        text = str(entry[key])
        if isinstance(entry[key], bool) or not WHOLE.match(text):
            faults.append(
                Fault(file=file, row=row, column=f"{place}, {key}", found=repr(entry[key]), wanted="a whole number")
            )
            return None
        whole.append(int(text.partition(".")[0]))
    return str(sum(whole))


def _that_count(entries: Sequence[Counts]) -> Sequence[Counts]:
    """Which entries to add: the first round's; totals, else all types; those of all devices together, else of each."""
    if len(entries) == 1:
        return entries
    rounds = {str(entry.get("Round", "1")) for entry in entries}
    first = min(rounds, key=lambda name: (len(name), name))
    entries = [entry for entry in entries if str(entry.get("Round", "1")) == first]
    totals = [entry for entry in entries if entry.get("Type") == "total" or entry.get("OtherType") in STATUSES]
    by_type: dict[tuple[str, str], list[Counts]] = {}
    for entry in totals or entries:
        by_type.setdefault(_type(entry), []).append(entry)
    parts: list[Counts] = []
    for alike in by_type.values():
        parts.extend([entry for entry in alike if "DeviceClass" not in entry] or alike)
    return parts


def _type(entry: Counts) -> tuple[str, str]:
    return str(entry.get("Type")), str(entry.get("OtherType"))


def unit_figures(
    told: Contest, around: Election, units: Mapping[str, Numbered], file: str, faults: list[Fault]
) -> dict[str, dict[str, str | None]]:
    """Figures of each unit beside the votes: name -> unit -> whole number as text."""
    found: dict[str, dict[str, str | None]] = {}
    for source, keys in (
        (told.get("OtherCounts", ()), OTHER),
        (around.get("BallotCounts", ()), BALLOTS),
    ):
        by_unit: dict[str, list[Counts]] = {}
        for entry in source:
            by_unit.setdefault(entry["GpUnitId"], []).append(entry)
        for key in keys:
            found[key] = {
                unit: _figure(with_key, key, unit, units[unit].row, file, faults)
                for unit, entries in by_unit.items()
                if (with_key := [entry for entry in entries if key in entry])
            }
    return found
