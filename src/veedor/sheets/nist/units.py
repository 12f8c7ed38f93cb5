"""Reporting units of a NIST report: what each says of itself, the places above it, which of them are the stations."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from veedor.election import STATUSES
from veedor.errors import Fault
from veedor.sheets.nist.counts import SelectionCounts
from veedor.sheets.nist.references import class_of, text_of, units_of
from veedor.sheets.nist.shape import GpUnit, Report

MOST_STEPS = 20_000_000
"""Selections times the units that are looked at below counted units, each as often as it lies below one."""

MOST_PLACES = 200
"""No unit lies within more places, districts of all kinds included."""


@dataclass(frozen=True, kw_only=True)
class Unit:
    """One GpUnit, its figures as text. above: kind of place -> name, of every place that holds it."""

    id: str
    row: int
    device: bool
    kind: str
    name: str | None
    external: str | None
    number: str | None
    registered: str | None
    status: str | None
    latitude: str | None
    longitude: str | None
    parts: tuple[str, ...]
    above: Mapping[str, str] = field(default_factory=dict)


def reporting_units(report: Report) -> dict[str, Unit]:
    """All units by id, in the report's order. A place's kind is its Type, or its OtherType where Type is `other`."""
    raw = units_of(report)
    parents: dict[str, list[str]] = {}
    for unit in raw:
        for part in unit.get("ComposingGpUnitIds", ()):
            parents.setdefault(part, []).append(unit["@id"])
    by_id = {unit["@id"]: unit for unit in raw}
    above: dict[tuple[str, ...], dict[str, str]] = {}
    for unit in raw:
        holders = tuple(parents.get(unit["@id"], ()))
        if holders not in above:
            above[holders] = _places(holders, parents, by_id)
    return {
        unit["@id"]: _unit(unit, row, above[tuple(parents.get(unit["@id"], ()))]) for row, unit in enumerate(raw, 1)
    }


def _unit(unit: GpUnit, row: int, above: Mapping[str, str]) -> Unit:
    place = unit.get("ContactInformation", {}).get("LatLng", {})
    return Unit(
        id=unit["@id"],
        row=row,
        device=class_of(unit) == "ReportingDevice",
        kind=_kind(unit),
        name=text_of(unit.get("Name")),
        external=_external(unit),
        number=_plain(unit.get("Number")),
        registered=_plain(unit.get("VotersRegistered")),
        status=_status(unit),
        latitude=_plain(place.get("Latitude")),
        longitude=_plain(place.get("Longitude")),
        parts=tuple(unit.get("ComposingGpUnitIds", ())),
        above=above,
    )


def _plain(value: object) -> str | None:
    return None if value is None else str(value)


def _kind(unit: GpUnit) -> str:
    kind = str(unit.get("Type", "device"))
    return str(unit.get("OtherType", kind)) if kind == "other" else kind


def _external(unit: GpUnit) -> str | None:
    """The station's own identifier where the report says which it is, else the first."""
    identifiers = list(unit.get("ExternalIdentifier", ()))
    own = [identifier for identifier in identifiers if identifier.get("OtherType") == "station id"]
    return str((own or identifiers)[0]["Value"]) if identifiers else None


def _status(unit: GpUnit) -> str | None:
    """One of our words where it stands as OtherType, else the status of the total."""
    statuses = list(unit.get("CountStatus", ()))
    own = [status["OtherType"] for status in statuses if status.get("OtherType") in STATUSES]
    total = [str(status["Status"]) for status in statuses if status.get("Type") == "total"]
    return str((own or total)[0]) if own or total else None


def _places(
    holders: Sequence[str], parents: Mapping[str, Sequence[str]], by_id: Mapping[str, GpUnit]
) -> dict[str, str]:
    """Kind -> name of the holders and all places that hold them; where two are of a kind, both names in one."""
    found: dict[str, set[str]] = {}
    seen: set[str] = set()
    waiting = list(holders)
    while waiting:
        place = waiting.pop()
        if place not in seen:
            seen.add(place)
            label = text_of(by_id[place].get("Name")) or place
            found.setdefault(_kind(by_id[place]), set()).add(label)
            waiting.extend(parents.get(place, ()))
        if len(seen) > MOST_PLACES:
            raise TypeError(f"{place} and more than {MOST_PLACES} others around one unit")
    return {kind: " / ".join(sorted(names)) for kind, names in found.items()}


def stations_among(
    units: Mapping[str, Unit], selections: Sequence[SelectionCounts], file: str, dropped: Collection[str]
) -> tuple[list[Unit], list[Fault]]:
    """The units whose counts make the whole, each ballot once, in the report's order.

    A unit that holds other counted units is left out if its figures are the sum of theirs (a summary); it is a station
    of its own if it has no total (absentee ballots kept by the county); else nobody can say, and it is a fault.
    Devices within a counted unit are parts of that unit.
    """
    counted = {unit for selection in selections for unit in selection.votes}
    inside: dict[str, list[str]] = {}
    steps = 0
    for name in (name for name in units if name in counted):
        inside[name], walked = _counted_parts(name, units, counted)
        steps += walked
        if steps * max(len(selections), 5) > MOST_STEPS:
            raise TypeError(f"units that lie within one another in more than {steps} ways")
    within_station = {
        part for unit, parts in inside.items() if parts and all(units[part].device for part in parts) for part in parts
    }
    stations: list[Unit] = []
    faults: list[Fault] = []
    for unit in (unit for unit in units.values() if unit.id in counted and unit.id not in within_station):
        parts = [part for part in inside[unit.id] if part not in within_station]
        if not parts or unit.kind in dropped:
            stations.append(unit)
        elif not _is_sum(unit.id, parts, selections):
            if any(unit.id in selection.totals for selection in selections):
                faults.append(_unclear(unit, parts, selections, file))
            else:
                stations.append(unit)
    return stations, faults


def _counted_parts(unit: str, units: Mapping[str, Unit], counted: Collection[str]) -> tuple[list[str], int]:
    """The nearest counted units below this one, and how many units were looked at."""
    waiting = list(units[unit].parts)
    seen: set[str] = set()
    found: list[str] = []
    while waiting:
        part = waiting.pop()
        if part in seen or part not in units:
            continue
        seen.add(part)
        if part in counted:
            found.append(part)
        else:
            waiting.extend(units[part].parts)
    return found, len(seen)


def _sums(parts: Sequence[str], selection: SelectionCounts) -> int:
    return sum(int(selection.votes.get(part) or 0) for part in parts)


def _is_sum(unit: str, parts: Sequence[str], selections: Sequence[SelectionCounts]) -> bool:
    return all(int(selection.votes.get(unit) or 0) == _sums(parts, selection) for selection in selections)


def _unclear(unit: Unit, parts: Sequence[str], selections: Sequence[SelectionCounts], file: str) -> Fault:
    differing = next(entry for entry in selections if int(entry.votes.get(unit.id) or 0) != _sums(parts, entry))
    return Fault(
        file=file,
        row=unit.row,
        column=f"{unit.id}, {differing.id}",
        found=f"a total of {differing.votes.get(unit.id) or 0} over {len(parts)} counted units "
        f"that have {_sums(parts, differing)}",
        wanted="their sum, or no total",
        remedy=f'if it is a summary to be left out: drop = [{{ column = "Type", is = "{unit.kind}" }}]',
    )
