"""claims.toml, beside election.toml, read and checked: every fault at once, with line, key and the nearest name."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from veedor.claims.model import Claims
from veedor.election import Election
from veedor.election.cross import CrossFault, Location
from veedor.election.faults import MOST_TOLD, dotted, more_than_told, toml_of, validated
from veedor.election.line_numbers import line_of
from veedor.election.read import definition_bytes, find_definition, text_of
from veedor.errors import SHOWN_FAULTS, DefinitionError, Fault
from veedor.rim.foreign import MissingFileError

FILE = "claims.toml"

MOST_NAMES = 1_000
"""Names among which the one that was meant is looked for."""


def claims_file(election_name: str | Path) -> Path:
    """Path of an election's claims.toml, which may not exist."""
    return find_definition(election_name).parent / FILE


def read_claims(election_name: str | Path, election: Election) -> Claims:
    """The claims and events beside a definition; none where there is no file."""
    data = claims_bytes(election_name)
    path = claims_file(election_name)
    return Claims() if data is None else claims_from(text_of(data, path), election, file=str(path))


def claims_bytes(election_name: str | Path) -> bytes | None:
    """The bytes of the claims beside a definition; None where there is no file. See `definition_bytes`."""
    try:
        return definition_bytes(claims_file(election_name), FILE)
    except MissingFileError:
        return None


def claims_from(text: str, election: Election, *, file: str = FILE) -> Claims:
    """The claims that a TOML text holds; times without an offset are in the election's zone."""
    claims = validated(Claims, toml_of(text, file), text, file, election.zone)
    problems = list(_cross(claims, election))
    faults = [
        Fault(
            file=file,
            row=line_of(text, problem.location),
            column=dotted(problem.location),
            found=problem.found,
            wanted=problem.wanted,
            remedy=problem.remedy if place < SHOWN_FAULTS else "",
        )
        for place, problem in enumerate(problems[:MOST_TOLD])
    ]
    if faults:
        raise DefinitionError([*faults, *more_than_told(len(problems), file)])
    return claims


def _cross(claims: Claims, election: Election) -> Iterator[CrossFault]:
    yield from _twice("claims", [claim.id for claim in claims.claims])
    yield from _twice("events", [event.id for event in claims.events])
    known = {claim.id for claim in claims.claims}
    for number, claim in enumerate(claims.claims):
        for key in ("answers", "contradicts", "withdraws"):
            for other in getattr(claim, key):
                if other not in known or other == claim.id:
                    yield _unknown(("claims", number, key), other, known, "the id of another claim")
    for number, event in enumerate(claims.events):
        for index, account in enumerate(event.accounts):
            location: Location = ("events", number, "accounts", index)
            if account.corrects is not None and not 1 <= account.corrects <= index:
                yield CrossFault(
                    location=(*location, "corrects"),
                    found=str(account.corrects),
                    wanted="the number of an earlier account of this event",
                )
            for place in account.places:
                for level in place.path:
                    if level not in election.level_ids:
                        yield _unknown((*location, "places"), level, election.level_ids, "the id of a level")


def _twice(table: str, ids: list[str]) -> Iterator[CrossFault]:
    places: dict[str, list[int]] = {}
    for index, name in enumerate(ids):
        places.setdefault(name, []).append(index)
    for name, at in places.items():
        if len(at) > 1:
            yield CrossFault(location=(table, at[1], "id"), found=f"{name!r} {len(at)} times", wanted="ids used once")


def _unknown(location: Location, name: str, known: Iterable[str], wanted: str) -> CrossFault:
    return CrossFault(
        location=location,
        found=repr(name),
        wanted=wanted,
        name=name,
        known=tuple(sorted(one for one in islice(known, MOST_NAMES) if one != name)),
    )
