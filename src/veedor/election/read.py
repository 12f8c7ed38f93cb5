"""election.toml read into an Election; all faults at once, with file, line, table, key and the nearest name."""

import datetime as dt
import difflib
import tomllib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from veedor.election.base import zone_named
from veedor.election.cross import cross_faults
from veedor.election.definition import Election
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


def election_from(text: str, *, file: str = DEFINITION) -> Election:
    """The election that a TOML text defines; `file` names it in messages."""
    try:
        raw = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise DefinitionError([Fault(file=file, found=str(error), wanted="TOML")]) from None
    try:
        election = Election.model_validate(_plain(raw, _zone_of(raw)))
    except ValidationError as error:
        raise DefinitionError([_fault_from(details, text, file) for details in _own(error.errors())]) from None
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


def dotted(location: Sequence[str | int]) -> str:
    """A place in the file as a person writes it: contests[1].rule.lead, contests counted from 1."""
    name = ""
    for part in location:
        name += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if name else part
    return name


def _zone_of(raw: dict[str, Any]) -> dt.tzinfo:
    name = raw.get("timezone")
    zone = zone_named(name) if isinstance(name, str) else None
    return zone if zone is not None else dt.UTC


def _plain(value: Any, zone: dt.tzinfo) -> Any:
    """TOML values as the models want them: arrays as tuples, times without an offset in the election's zone."""
    if isinstance(value, dict):
        return {key: _plain(part, zone) for key, part in value.items()}
    if isinstance(value, list):
        return tuple(_plain(part, zone) for part in value)
    if isinstance(value, dt.datetime) and value.tzinfo is None:
        return value.replace(tzinfo=zone)
    return value


def _own(errors: Sequence[Any]) -> list[Any]:
    """The errors but for those that only echo one further in: an array "too short" because its entries are faulty."""
    places = [error["loc"] for error in errors]
    return [
        error
        for error in errors
        if error["type"] != "too_short"
        or not any(len(place) > len(error["loc"]) and place[: len(error["loc"])] == error["loc"] for place in places)
    ]


def _fault_from(details: Any, text: str, file: str) -> Fault:
    steps = list(_steps(details["loc"]))
    location = [step for step, _ in steps]
    known = steps[-1][1] if steps else ()
    given = details["input"]
    if details["type"] == "extra_forbidden":
        name = str(location[-1])
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
        found, wanted = f"an unknown key {name!r}", "a key that veedor knows"
        remedy = f"did you mean {near[0]}?" if near else f"known keys: {', '.join(sorted(known))}"
    elif details["type"] == "union_tag_invalid":
        location.append("kind")
        found, wanted = repr(details["ctx"]["tag"]), f"one of {details['ctx']['expected_tags']}"
        remedy = _nearest_of_expected(details, given)
    elif details["type"] == "missing":
        found, wanted, remedy = "nothing", f"the key {location[-1]!r}", ""
    else:
        found = repr(str(given) if isinstance(given, Decimal) else given)
        wanted = details["msg"].removeprefix("Value error, ")
        remedy = _nearest_of_expected(details, given)
    return Fault(
        file=file,
        row=line_of(text, location),
        column=dotted(location) or None,
        found=found if len(found) <= 80 else f"{found[:77]}...",
        wanted=wanted,
        remedy=remedy,
    )


def _nearest_of_expected(details: Any, given: Any) -> str:
    expected = str(details.get("ctx", {}).get("expected", details.get("ctx", {}).get("expected_tags", "")))
    names = [part.strip(" '\"") for part in expected.replace(" or ", ",").split(",")]
    tag = details.get("ctx", {}).get("tag", given)
    near = difflib.get_close_matches(str(tag), names, n=1, cutoff=0.5)
    return f"did you mean {near[0]!r}?" if near and near[0] else ""


def _steps(location: Sequence[str | int]) -> Iterator[tuple[str | int, tuple[str, ...]]]:
    """The steps of a pydantic location that stand in the file, each with the keys known beside it.

    pydantic names the member of a union (the rule's kind) as a step of its own: the file has none there.
    """
    models: tuple[type[BaseModel], ...] = (Election,)
    for step in location:
        tagged = [model for model in models if len(models) > 1 and _tag_of(model) == step]
        if tagged:
            models = tuple(tagged)
            continue
        fields = {(info.alias or name): info for model in models for name, info in model.model_fields.items()}
        yield step, tuple(fields)
        if isinstance(step, str) and step in fields:
            models = tuple(_models_in(fields[step].annotation))


def _tag_of(model: type[BaseModel]) -> object:
    field = model.model_fields.get("kind")
    return get_args(field.annotation)[0] if field else None


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        return
    for part in get_args(annotation):
        yield from _models_in(part)
