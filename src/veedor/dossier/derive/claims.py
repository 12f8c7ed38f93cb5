"""Claims and events for the dossier: bound to what the other rooms' results say, with no room run again."""

from collections.abc import Mapping

from veedor.claims.as_json import claims_as_json
from veedor.claims.bind import bind
from veedor.claims.model import Claims
from veedor.claims.read import FILE, claims_from
from veedor.claims.run import count_entry, counts_named, state_named
from veedor.dossier.derive import results as rooms
from veedor.dossier.input import Opened
from veedor.errors import Fault, InputError, VeedorError
from veedor.finding import Json

DOCUMENTS = {
    "checks": "check.json",
    "interruption": "interruption.json",
    "forensics": "forensics.json",
    "audit": "audit.json",
    "record": "record.json",
}
"""The file in results/ with the findings of each room that claims may be bound to."""


def claims_document(opened: Opened, results: Mapping[str, Json]) -> Json:
    """`veedor claims ELECTION --json`, and whether each event's place is one of the election's; None without claims."""
    if opened.claims is None:
        return None
    claims = claims_from(_text(opened.claims), opened.election)
    bound = bind(claims, _findings(opened, claims, results), file=FILE)
    document = claims_as_json(opened.election, claims, bound)
    known = _places(opened)
    for event in document["events"]:
        for account in event["accounts"]:
            for place in account["places"]:
                place["matched"] = _names(opened, place) in known
    return document


def _text(claims: bytes) -> str:
    try:
        return claims.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError([Fault(file=FILE, found=f"byte {error.start} is not UTF-8", wanted="UTF-8")]) from None


def _findings(opened: Opened, claims: Claims, results: Mapping[str, Json]) -> dict[str, list[dict[str, Json]]]:
    found = {
        room: results[name]["findings"] for room, name in DOCUMENTS.items() if "findings" in (results.get(name) or {})
    }
    named = counts_named(claims)
    return {**found, "count": [_state(opened, one) for one in named]} if named else found


def _state(opened: Opened, named: str) -> dict[str, Json]:
    count, when, command = state_named(opened.election, named, opened.name)
    if when is not None and when not in opened.series[count.id].snapshots:
        known = ", ".join(rooms.local(one.when.isoformat()) for one in opened.publications_of(count.id))
        raise VeedorError(f"a claim is bound to {named!r}; the count's published states are {known}")
    return count_entry(rooms.state_document(opened, count, when), named, command)


def places_of_events(opened: Opened, document: Json) -> dict[str, list[int]]:
    """For each event the places of the election that its accounts name, by their number in the dossier."""
    known = _places(opened)
    return {
        event["id"]: list(
            dict.fromkeys(
                known[_names(opened, place)]
                for account in event["accounts"]
                for place in account["places"]
                if place["matched"]
            )
        )
        for event in document["events"]
    }


def _names(opened: Opened, place: Json) -> tuple[str, ...]:
    return tuple(place["path"][level] for level in opened.election.level_ids if level in place["path"])


def _places(opened: Opened) -> dict[tuple[str, ...], int]:
    """Every place of the election by its names, broadest first, and its number."""
    geography = opened.geography
    return {tuple(geography.path(place)): place for place in range(1, len(geography.level))}
