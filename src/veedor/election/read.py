"""election.toml read into an Election; all faults at once, with file, line, table, key and the nearest name."""

import datetime as dt
import os
from hashlib import sha256
from pathlib import Path
from typing import Any

from veedor.election.base import zone_named
from veedor.election.cross import cross_faults
from veedor.election.definition import Election
from veedor.election.faults import MOST_TOLD, dotted, more_than_told, toml_of, validated
from veedor.election.line_numbers import line_of
from veedor.election.nearest import nearest_name
from veedor.election.texts import SAID
from veedor.election.toml_shape import MOST_BYTES
from veedor.errors import SHOWN_FAULTS, DefinitionError, Fault, VeedorError
from veedor.rim.foreign import read_file
from veedor.rim.unchanged import note
from veedor.saying import figures, joined

DEFINITION = "election.toml"


def known_elections() -> dict[str, Path]:
    """The definitions that come with veedor: name -> election.toml."""
    package = Path(__file__).resolve().parent.parent
    roots = (package / "elections", package.parent.parent / "elections")
    return {
        found.parent.name: found for root in roots if root.is_dir() for found in sorted(root.glob(f"*/{DEFINITION}"))
    }


def find_definition(name_or_path: str | Path) -> Path:
    """The election.toml meant by a folder, a file, or the name of a definition that comes with veedor."""
    path = Path(name_or_path)
    if path.is_dir() and os.path.lexists(path / DEFINITION):
        _check_one_meaning(name_or_path, path)
        return path / DEFINITION
    if os.path.lexists(path) and not path.is_dir():
        return path
    known = known_elections()
    if str(name_or_path) in known:
        return known[str(name_or_path)]
    if path.is_dir():
        raise VeedorError(SAID.say("election.no_definition", path=str(path), file=DEFINITION))
    names, near = ", ".join(sorted(known)), nearest_name(str(name_or_path), known)
    said = SAID.say("election.none", name=repr(str(name_or_path)), file=DEFINITION, known=names)
    hint = [SAID.say("election.did_you_mean", name=near)] if near else []
    raise VeedorError(joined("; ", (said, *hint)))


def _check_one_meaning(name: str | Path, folder: Path) -> None:
    """Refuse a bare name that is a folder here and a definition that comes along: one would pass for the other."""
    own = known_elections().get(name) if isinstance(name, str) else None
    if own is not None and not own.parent.samefile(folder):
        raise VeedorError(SAID.say("election.two_meanings", name=repr(name), bare=str(name)))


def read_election(name_or_path: str | Path) -> Election:
    """Read and check a definition. Raises DefinitionError with all faults, VeedorError if there is no such file."""
    path = find_definition(name_or_path)
    return election_from(text_of(definition_bytes(path), path), file=str(path))


def definition_bytes(path: Path, what: str = DEFINITION) -> bytes:
    """The bytes of a definition, or of the claims beside it. Raises VeedorError.

    Raises ChangedError where this command read others there before: what is shown is what was followed.
    """
    if path.is_file() and path.stat().st_size > MOST_BYTES:
        raise VeedorError(
            SAID.say(
                "election.too_large",
                path=str(path),
                size=figures(f"{path.stat().st_size:,}"),
                what=what,
                most=figures(f"{MOST_BYTES:,}"),
            )
        )
    data = read_file(path, most=MOST_BYTES)
    note(path, sha256(data).hexdigest())
    return data


def text_of(data: bytes, path: Path) -> str:
    """The text of a definition. Raises DefinitionError."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fault = Fault(file=str(path), found=SAID.say("file.not_utf8", at=error.start), wanted=SAID.say("file.toml"))
        raise DefinitionError([fault]) from None


def election_of(data: bytes, file: str = DEFINITION) -> Election:
    """The election that the bytes of a definition describe; `file` names them in messages. Raises DefinitionError."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fault = Fault(file=file, found=SAID.say("file.not_utf8", at=error.start), wanted=SAID.say("file.toml"))
        raise DefinitionError([fault]) from None
    return election_from(text, file=file)


def election_from(text: str, *, file: str = DEFINITION) -> Election:
    """The election that a TOML text defines; `file` names it in messages."""
    raw = toml_of(text, file)
    election = validated(Election, raw, text, file, _zone_of(raw))
    found = cross_faults(election)
    faults = [
        Fault(
            file=file,
            row=line_of(text, fault.location),
            column=dotted(fault.location),
            found=fault.found,
            wanted=fault.wanted,
            remedy=fault.remedy if place < SHOWN_FAULTS else "",
        )
        for place, fault in enumerate(found[:MOST_TOLD])
    ]
    if faults:
        raise DefinitionError([*faults, *more_than_told(len(found), file)])
    return election


def _zone_of(raw: dict[str, Any]) -> dt.tzinfo:
    name = raw.get("timezone")
    zone = zone_named(name) if isinstance(name, str) else None
    return zone if zone is not None else dt.UTC
