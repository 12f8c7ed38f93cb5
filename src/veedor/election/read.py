"""election.toml read into an Election; all faults at once, with file, line, table, key and the nearest name."""

import datetime as dt
import difflib
from pathlib import Path
from typing import Any

from veedor.election.base import zone_named
from veedor.election.cross import cross_faults
from veedor.election.definition import Election
from veedor.election.faults import dotted, toml_of, validated
from veedor.election.lines import line_of
from veedor.errors import DefinitionError, Fault, VeedorError

DEFINITION = "election.toml"
MOST_BYTES = 4 * 2**20
"""No definition is larger; what is larger is not a definition."""


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
    if path.is_dir() and (path / DEFINITION).is_file():
        return path / DEFINITION
    if path.is_file():
        return path
    known = known_elections()
    if str(name_or_path) in known:
        return known[str(name_or_path)]
    if path.is_dir():
        raise VeedorError(f"{path} has no {DEFINITION}; `veedor new {path} --from FILE` drafts one from a results file")
    near = difflib.get_close_matches(str(name_or_path), known, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise VeedorError(
        f"no election {str(name_or_path)!r}: wanted a folder with {DEFINITION}, such a file, "
        f"or one of {', '.join(sorted(known))}{hint}"
    )


def read_election(name_or_path: str | Path) -> Election:
    """Read and check a definition. Raises DefinitionError with all faults, VeedorError if there is no such file."""
    path = find_definition(name_or_path)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise VeedorError(
                f"{path} has {path.stat().st_size:,} bytes: no election.toml is larger than {MOST_BYTES:,}"
            )
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fault = Fault(file=str(path), found=f"byte {error.start} is not UTF-8", wanted="a TOML file in UTF-8")
        raise DefinitionError([fault]) from None
    except OSError as error:
        raise VeedorError(f"{path} cannot be read: {error.strerror}") from None
    return election_from(text, file=str(path))


def election_of(data: bytes, file: str = DEFINITION) -> Election:
    """The election that the bytes of a definition describe; `file` names them in messages. Raises DefinitionError."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fault = Fault(file=file, found=f"byte {error.start} is not UTF-8", wanted="a TOML file in UTF-8")
        raise DefinitionError([fault]) from None
    return election_from(text, file=file)


def election_from(text: str, *, file: str = DEFINITION) -> Election:
    """The election that a TOML text defines; `file` names it in messages."""
    raw = toml_of(text, file)
    election = validated(Election, raw, text, file, _zone_of(raw))
    faults = [
        Fault(
            file=file,
            row=line_of(text, fault.location),
            column=dotted(fault.location),
            found=fault.found,
            wanted=fault.wanted,
            remedy=fault.remedy,
        )
        for fault in cross_faults(election)
    ]
    if faults:
        raise DefinitionError(faults)
    return election


def _zone_of(raw: dict[str, Any]) -> dt.tzinfo:
    name = raw.get("timezone")
    zone = zone_named(name) if isinstance(name, str) else None
    return zone if zone is not None else dt.UTC
