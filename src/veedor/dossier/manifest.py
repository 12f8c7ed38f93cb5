"""results/manifest.json: what a dossier says of itself, read as what somebody else wrote."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from veedor.dossier.address import ADDRESS
from veedor.dossier.address import LONGEST as LONGEST_ADDRESS
from veedor.dossier.target_folder import LARGEST, MANIFEST
from veedor.errors import Fault, InputError, VeedorError
from veedor.rim import hostile_json
from veedor.rim.foreign import read_file
from veedor.rim.terminal import plain_name

REMEDY = "point to a folder that `veedor report` wrote"

Text = Annotated[str, Field(max_length=4096)]
Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Code = Annotated[str, Field(pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=40)]
Size = Annotated[int, Field(ge=0, le=2**63)]


class _Read(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class Raw(_Read):
    """One raw file: its name in their folder, and what its bytes were."""

    file: Text
    member: Text | None = None
    count: Text | None = None
    snapshot: Text | None = None
    bytes: Size
    sha256: Hash


class Own(_Read):
    """One file of the dossier."""

    file: Text
    bytes: Size
    sha256: Hash


class Manifest(_Read):
    """The part that verify needs; all of it is compared with the manifest that is derived again."""

    veedor: Annotated[str, Field(max_length=100)] | None = None
    name: Text
    contest: Text
    skip_bad_rows: bool
    cut: Annotated[str, Field(pattern=r"^[0-9T:+Z. -]{8,40}$")] | None = None
    url: Annotated[str, Field(pattern=f"^{ADDRESS}$", max_length=LONGEST_ADDRESS)] | None = None
    data: Text
    record: Text | None = None
    audit: Text | None = None
    given: tuple[Text, ...] = ()
    languages: tuple[Code, ...] = ()
    raw: tuple[Raw, ...]
    files: tuple[Own, ...] = ()


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a dossier. Raises InputError with every fault, VeedorError where it is not there."""
    path = folder / MANIFEST
    try:
        return manifest_from(read_file(path, most=LARGEST, within=folder), str(path))
    except InputError:
        raise
    except VeedorError as problem:
        raise VeedorError(f"{problem}; {REMEDY}") from None


def manifest_from(data: bytes, file: str) -> Manifest:
    """The manifest that the bytes hold."""
    try:
        hostile_json.loads_object(data, file, most_bytes=LARGEST)  # no key twice, nothing nested deep
        return Manifest.model_validate_json(data)
    except hostile_json.JsonError as problem:
        fault = Fault(file=file, found=f"no JSON ({problem.problem})", wanted="a manifest", remedy=REMEDY)
        raise InputError([fault]) from None
    except ValidationError as error:
        raise InputError([_fault(file, found) for found in error.errors(include_url=False)]) from None


def _fault(file: str, found: Mapping[str, Any]) -> Fault:
    return Fault(
        file=file,
        column=".".join(map(str, found["loc"])),
        found="nothing" if found["type"] == "missing" else repr(found["input"])[:80],
        wanted=found["msg"],
        remedy=REMEDY,
    )


def name_in_commands(name: str) -> str:
    """The election's name in a dossier's commands: as it was called here, but never a path of this machine.

    Nor by anything that a reader's eye takes for something else than one name. Commands quote it for the shell.
    """
    return name if is_name_in_commands(shlex.quote(name)) else "election.toml"


def is_name_in_commands(text: str) -> bool:
    """True if a manifest's name is one word for a shell, as `veedor report` quotes it: readers copy it into theirs."""
    try:
        words = shlex.split(text)
    except ValueError:
        return False
    if len(words) != 1 or shlex.quote(words[0]) != text:
        return False
    return plain_name(words[0]) and not words[0].startswith("-") and not Path(words[0]).is_absolute()


def unquoted(text: str) -> str:
    """The election's name behind a manifest's; the text itself where that is not one word for a shell."""
    return shlex.split(text)[0] if is_name_in_commands(text) else text
