"""Claims and events for the dossier: bound to what the other rooms' results say, with no room run again."""

from collections.abc import Container, Mapping
from dataclasses import replace

from veedor.claims.as_json import AccountShown
from veedor.claims.as_json import claims_document as claims_of_room
from veedor.claims.bind import bind
from veedor.claims.bound_to import of_audit, of_record, with_projections
from veedor.claims.model import Claims
from veedor.claims.read import FILE, claims_from
from veedor.claims.run import count_entry, counts_named, state_named
from veedor.document import as_json
from veedor.dossier.derive import results as rooms
from veedor.dossier.input import Opened
from veedor.dossier.parsed import Parsed
from veedor.errors import Fault, InputError, VeedorError

DOCUMENTS = {
    "checks": "check.json",
    "interruption": "interruption.json",
    "forensics": "forensics.json",
    "audit": "audit.json",
    "record": "record.json",
}
"""The file in results/ with the findings of each room that claims may be bound to."""


def claims_document(opened: Opened, results: Mapping[str, Parsed]) -> Parsed:
    """`veedor claims ELECTION --json`, and whether each event's place is one of the election's; None without claims."""
    if opened.claims is None:
        return None
    claims = claims_from(_text(opened.claims), opened.election)
    bound = bind(claims, _findings(opened, claims, results), file=FILE)
    document, known = claims_of_room(opened.election, claims, bound), _places(opened)
    return as_json(
        replace(
            document,
            events=tuple(
                replace(event, accounts=tuple(_matched(opened, account, known) for account in event.accounts))
                for event in document.events
            ),
        )
    )


def _matched(opened: Opened, account: AccountShown, known: Container[tuple[str, ...]]) -> AccountShown:
    """The account, with whether each of its places is one of the election's."""
    places = tuple(replace(place, matched=_names(opened, place.path) in known) for place in account.places)
    return replace(account, places=places)


def _text(claims: bytes) -> str:
    try:
        return claims.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError([Fault(file=FILE, found=f"byte {error.start} is not UTF-8", wanted="UTF-8")]) from None


def _findings(opened: Opened, claims: Claims, results: Mapping[str, Parsed]) -> dict[str, list[dict[str, Parsed]]]:
    found = {
        room: results[name]["findings"] for room, name in DOCUMENTS.items() if "findings" in (results.get(name) or {})
    }
    if "interruption" in found:
        found["interruption"] = with_projections(found["interruption"], results["interruption.json"])
    if "audit" in found:
        found["audit"] = of_audit(found["audit"], results["audit.json"]["report"])
    if "record" in found:
        log = results["record.json"]
        found["record"] = of_record(found["record"], [log["origin"], *log["keys"]])
    named = counts_named(claims)
    return {**found, "count": [_state(opened, one) for one in named]} if named else found


def _state(opened: Opened, named: str) -> dict[str, Parsed]:
    count, when, command = state_named(opened.dataset, named)
    if when is not None and when not in opened.series[count.id].snapshots:
        known = ", ".join(rooms.local(one.when.isoformat()) for one in opened.publications_of(count.id))
        raise VeedorError(f"a claim is bound to {named!r}; the count's published states are {known}")
    return count_entry(rooms.state_document(opened, count, when), named, command)


def places_of_events(opened: Opened, document: Parsed) -> dict[str, list[int]]:
    """For each event the places of the election that its accounts name, by their number in the dossier."""
    known = _places(opened)
    return {
        event["id"]: list(
            dict.fromkeys(
                known[_names(opened, place["path"])]
                for account in event["accounts"]
                for place in account["places"]
                if place["matched"]
            )
        )
        for event in document["events"]
    }


def _names(opened: Opened, path: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(path[level] for level in opened.election.level_ids if level in path)


def _places(opened: Opened) -> dict[tuple[str, ...], int]:
    """Every place of the election by its names, broadest first, and its number."""
    geography = opened.geography
    return {tuple(geography.path(place)): place for place in range(1, len(geography.level))}
