"""Pydantic's errors as faults of a TOML file: line, dotted key, found, wanted, and the nearest name that is known."""

import datetime as dt
import difflib
import tomllib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from veedor.election.lines import line_of
from veedor.errors import SHOWN_FAULTS, DefinitionError, Fault

Model = TypeVar("Model", bound=BaseModel)


def toml_of(text: str, file: str) -> dict[str, Any]:
    """A TOML text as plain values, its decimals exact. Raises DefinitionError."""
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise DefinitionError([Fault(file=file, found=str(error), wanted="TOML")]) from None
    except RecursionError:
        fault = Fault(file=file, found="values inside one another without end", wanted="TOML as election.toml has it")
        raise DefinitionError([fault]) from None
    except ValueError as error:  # a whole number of thousands of digits
        raise DefinitionError([Fault(file=file, found=str(error), wanted="TOML")]) from None


def validated(model: type[Model], raw: dict[str, Any], text: str, file: str, zone: dt.tzinfo) -> Model:
    """Plain TOML values as a model; times without an offset are in `zone`. Raises DefinitionError with every fault."""
    try:
        return model.model_validate(_plain(raw, zone))
    except ValidationError as error:
        own = _own(error.errors())
        faults = [_fault_from(details, text, file, model, place < SHOWN_FAULTS) for place, details in enumerate(own)]
        raise DefinitionError(faults) from None


def dotted(location: Sequence[str | int]) -> str:
    """A place in the file as a person writes it: contests[1].rule.lead, contests counted from 1."""
    name = ""
    for part in location:
        name += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if name else part
    return name


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


def _fault_from(details: Any, text: str, file: str, root: type[BaseModel], shown: bool) -> Fault:
    """shown: whether the message will spell it out, with the nearest name; of thousands the first few are enough."""
    steps = list(_steps(details["loc"], root))
    location = [step for step, _ in steps]
    known = steps[-1][1] if steps else ()
    given = details["input"]
    if details["type"] == "extra_forbidden":
        name = str(location[-1])
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.5) if shown else []
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
        wanted = details["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
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


def _steps(location: Sequence[str | int], root: type[BaseModel]) -> Iterator[tuple[str | int, tuple[str, ...]]]:
    """The steps of a pydantic location that stand in the file, each with the keys known beside it.

    pydantic names the member of a union (the rule's kind) as a step of its own: the file has none there.
    """
    models: tuple[type[BaseModel], ...] = (root,)
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
