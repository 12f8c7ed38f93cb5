"""What people read from the sampled sheets or ballots: two files that must agree, cell by cell.

A ballot is read as one vote: in the figures a 1 in the column of its choice, or of blank or null.
"""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from veedor.audit.assertions.assertion import Integers
from veedor.audit.protocol.plan import Plan
from veedor.audit.tables import table_of, whole_numbers
from veedor.election import Contest
from veedor.errors import Fault, InputError
from veedor.rim.csv_cells import unguard
from veedor.rim.foreign import read_file

Status = Literal["found", "missing", "unreadable", "extra"]
STATUSES = ("found", "missing", "unreadable", "extra")
MOST_BYTES = 64 << 20


@dataclass(frozen=True, kw_only=True, eq=False)
class Interpretations:
    """The figures read: figures[unit, choice + 2] of the sheets or ballots, and how each was found.

    stations: the sheets' ids, or the ballots'.
    """

    stations: tuple[str, ...]
    statuses: tuple[str, ...]
    figures: Integers


def columns(contest: Contest, *, of_ballots: bool = False) -> list[str]:
    """The header of a file of interpretations."""
    if of_ballots:
        return ["ballot", "status", "vote"]
    return ["station", "status", *contest.choice_ids, "blank", "null"]


def read_interpretations(path: Path, contest: Contest) -> Interpretations:
    """As parse_interpretations, from a file."""
    return parse_interpretations(read_bytes(path), path, contest)


def parse_interpretations(
    data: bytes, path: Path, contest: Contest, *, of_ballots: bool = False, guarded: bool = True
) -> Interpretations:
    """Read a file of interpretations; figures of what was not found or not readable may be empty."""
    header, rows = table_of(data, str(path), guarded=guarded)
    wanted = columns(contest, of_ballots=of_ballots)
    if header != wanted:
        raise InputError([Fault(file=str(path), row=1, found=",".join(header)[:200], wanted=",".join(wanted))])
    faults = [
        Fault(file=str(path), row=number, column="status", found=repr(row[1][:40]), wanted=" or ".join(STATUSES))
        for number, row in enumerate(rows, start=2)
        if row[1] not in STATUSES
    ]
    names = [row[0] for row in rows]
    first = {name: number for number, name in reversed(list(enumerate(names, start=2)))}
    faults += [
        Fault(
            file=str(path),
            row=number,
            column=wanted[0],
            found=f"{name[:80]!r} a second time",
            wanted="each of them once",
        )
        for number, name in enumerate(names, start=2)
        if first[name] != number
    ]
    if faults:
        raise InputError(faults)
    if of_ballots:
        return _of_ballots(rows, path, contest)
    readable = [row[2:] if row[1] in ("found", "extra") else ["0"] * len(row[2:]) for row in rows]
    return Interpretations(
        stations=tuple(names),
        statuses=tuple(row[1] for row in rows),
        figures=whole_numbers(path, readable, wanted[2:]),
    )


def _of_ballots(rows: Sequence[Sequence[str]], path: Path, contest: Contest) -> Interpretations:
    known = {name: place for place, name in enumerate((*contest.choice_ids, "blank", "null"))}
    figures = np.zeros((len(rows), len(known)), dtype=np.int64)
    faults = []
    for place, (_, status, vote) in enumerate(rows):
        if status not in ("found", "extra"):
            continue
        if vote in known:
            figures[place, known[vote]] = 1
        else:
            wanted = ", ".join(known)
            faults.append(Fault(file=str(path), row=place + 2, column="vote", found=repr(vote)[:40], wanted=wanted))
    if faults:
        raise InputError(faults)
    return Interpretations(
        stations=tuple(row[0] for row in rows), statuses=tuple(row[1] for row in rows), figures=figures
    )


def as_drawn(read: Interpretations, wanted: set[str], path: Path) -> Interpretations:
    """The same, each sheet or ballot spelled as it was drawn: keyboards write one accent in two ways (Unicode, NFC).

    Only where that leaves no doubt: one drawn name for it, which has no row of its own, and no second row for it.
    """
    spellings: dict[str, list[str]] = {}
    for name in wanted - set(read.stations):
        spellings.setdefault(unicodedata.normalize("NFC", name), []).append(name)
    names: list[str] = []
    for station, status in zip(read.stations, read.statuses, strict=True):
        same = spellings.get(unicodedata.normalize("NFC", unguard(station)), [])
        known = station in wanted or status == "extra" or len(same) != 1
        names.append(station if known else same[0])
    times = Counter(names)
    for row, name in enumerate(names):
        if name != read.stations[row] and times[name] > 1:
            raise InputError(
                [Fault(file=str(path), row=row + 2, found=f"{name!a} a second time", wanted="each of them once")]
            )
    return replace(read, stations=tuple(names))


def rows_of(read: Interpretations) -> dict[str, int]:
    """Position of each sheet or ballot of the sample; extra ones, whatever they are called, take no other's place."""
    pairs = enumerate(zip(read.stations, read.statuses, strict=True))
    return {station: row for row, (station, status) in pairs if status != "extra"}


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A cell of a station's row in which two entries differ, and what each says."""

    station: str
    column: str
    a: str
    b: str


def differences(one: Interpretations, two: Interpretations, plan: Plan) -> list[Difference]:
    """Differences of two entries of the same sheets."""
    first, second = _cells(one), _cells(two)
    found = []
    for station in sorted(set(first) | set(second)):
        left, right = first.get(station), second.get(station)
        if left is None or right is None:
            found.append(Difference(station=station, column="station", a=_there(left), b=_there(right)))
            continue
        names = ["status", *columns(plan.contest)[2:]]
        for name, a, b in zip(names, left, right, strict=True):
            if a != b:
                found.append(Difference(station=station, column=name, a=a, b=b))
    return found


def require_sample(read: Interpretations, wanted: set[str], path: Path) -> None:
    """Refuse unless these are exactly the sheets or ballots of the round, and extra ones that say so."""
    got = {s for s, status in zip(read.stations, read.statuses, strict=True) if status != "extra"}
    faults = [
        Fault(file=str(path), column="station", found="no row", wanted=f"{station}, which was drawn")
        for station in sorted(wanted - got)
    ]
    faults += [
        Fault(file=str(path), column="station", found=station, wanted="only what this round drew, or status extra")
        for station in sorted(got - wanted)
    ]
    if faults:
        raise InputError(faults)


def _cells(entry: Interpretations) -> dict[str, list[str]]:
    return {
        station: [status, *map(str, figures)]
        for station, status, figures in zip(entry.stations, entry.statuses, entry.figures.tolist(), strict=True)
    }


def _there(row: list[str] | None) -> str:
    return "absent" if row is None else "present"


def read_bytes(path: Path) -> bytes:
    """The bytes of a file that somebody names, read once."""
    return read_file(path, most=MOST_BYTES)
