"""claims.toml, beside election.toml, read and checked: every fault at once, with line, key and the nearest name."""

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from veedor.claims.model import Claims
from veedor.election import Election
from veedor.election.faults import dotted, toml_of, validated
from veedor.election.lines import line_of
from veedor.election.read import find_definition
from veedor.errors import DefinitionError, Fault, VeedorError

FILE = "claims.toml"
MOST_BYTES = 4 * 2**20


def claims_file(election_name: str | Path) -> Path:
    """Where an election's claims are written, whether or not the file is there."""
    return find_definition(election_name).parent / FILE


def read_claims(election_name: str | Path, election: Election) -> Claims:
    """The claims and events beside a definition; none where there is no file."""
    path = claims_file(election_name)
    if not path.is_file():
        return Claims()
    if path.stat().st_size > MOST_BYTES:
        raise VeedorError(f"{path} has {path.stat().st_size:,} bytes: no {FILE} is larger than {MOST_BYTES:,}")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fault = Fault(file=str(path), found=f"byte {error.start} is not UTF-8", wanted="a TOML file in UTF-8")
        raise DefinitionError([fault]) from None
    return claims_from(text, election, file=str(path))


def claims_from(text: str, election: Election, *, file: str = FILE) -> Claims:
    """The claims that a TOML text holds; times without an offset are in the election's zone."""
    claims = validated(Claims, toml_of(text, file), text, file, election.zone)
    faults = [
        Fault(
            file=file, row=line_of(text, location), column=dotted(location), found=found, wanted=wanted, remedy=remedy
        )
        for location, found, wanted, remedy in _cross(claims, election)
    ]
    if faults:
        raise DefinitionError(faults)
    return claims


Location = tuple[str | int, ...]
Problem = tuple[Location, str, str, str]


def _cross(claims: Claims, election: Election) -> Iterator[Problem]:
    yield from _twice("claims", [claim.id for claim in claims.claims])
    yield from _twice("events", [event.id for event in claims.events])
    known = {claim.id for claim in claims.claims}
    for number, claim in enumerate(claims.claims):
        for key in ("answers", "contradicts", "withdraws"):
            for other in getattr(claim, key):
                if other not in known - {claim.id}:
                    yield _unknown(("claims", number, key), other, known - {claim.id}, "the id of another claim")
    for number, event in enumerate(claims.events):
        for index, account in enumerate(event.accounts):
            location: Location = ("events", number, "accounts", index)
            if account.corrects is not None and not 1 <= account.corrects <= index:
                yield (
                    (*location, "corrects"),
                    str(account.corrects),
                    "the number of an earlier account of this event",
                    "",
                )
            for place in account.places:
                for level in place.path:
                    if level not in election.level_ids:
                        yield _unknown((*location, "places"), level, election.level_ids, "the id of a level")


def _twice(table: str, ids: list[str]) -> Iterator[Problem]:
    for name, times in Counter(ids).items():
        if times > 1:
            place = [index for index, other in enumerate(ids) if other == name][1]
            yield (table, place, "id"), f"{name!r} {times} times", "ids used once", ""


def _unknown(location: Location, name: str, known: Iterable[str], wanted: str) -> Problem:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return location, repr(name), wanted, f"did you mean {near[0]}?" if near else ""
