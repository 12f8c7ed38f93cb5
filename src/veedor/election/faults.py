"""Pydantic's errors as faults of a TOML file: line, dotted key, found, wanted, and the nearest name that is known."""

import datetime as dt
import tomllib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any, TypeAlias, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from veedor.election.line_numbers import line_of
from veedor.election.nearest import nearest_name
from veedor.election.toml_shape import too_much
from veedor.errors import SHOWN_FAULTS, DefinitionError, Fault

Model = TypeVar("Model", bound=BaseModel)

Toml: TypeAlias = "bool | int | Decimal | str | dt.date | dt.time | list[Toml] | dict[str, Toml]"
"""What a TOML text holds; a date with a time is a date too."""


MOST_TOLD = 1_000
"""Faults of a definition that are spelt out with line and key; the rest are counted."""

WHOLE = 2**63
"""TOML's whole numbers lie below it: whatever is larger is no count of anything here."""

YEARS = range(1000, 3000)

LONGEST_KEY = 80
"""Characters of a key that a message repeats."""


def toml_of(text: str, file: str) -> dict[str, Toml]:
    """A TOML text as plain values, its decimals exact. Raises DefinitionError."""
    if (problem := too_much(text)) is not None:
        line, found, wanted = problem
        raise DefinitionError([Fault(file=file, row=line, found=found, wanted=wanted)])
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise DefinitionError([Fault(file=file, found=str(error), wanted="TOML")]) from None
    except RecursionError:
        fault = Fault(file=file, found="values inside one another without end", wanted="TOML as election.toml has it")
        raise DefinitionError([fault]) from None
    except (ValueError, OverflowError) as error:  # a number of thousands of digits, an offset of more than a day
        raise DefinitionError([Fault(file=file, found=str(error), wanted="TOML")]) from None


def validated(model: type[Model], raw: dict[str, Toml], text: str, file: str, zone: dt.tzinfo) -> Model:
    """Plain TOML values as a model; times without an offset are in `zone`. Raises DefinitionError with every fault."""
    odd = [
        Fault(file=file, row=line_of(text, place), column=dotted(place), found=found, wanted=wanted)
        for place, found, wanted in islice(_out_of_range(raw), MOST_TOLD)
    ]
    if odd:
        raise DefinitionError(odd)
    try:
        return model.model_validate(_plain(raw, zone))
    except ValidationError as error:
        own = _own(error.errors(include_url=False))
        faults = [
            _fault_from(details, text, file, model, place < SHOWN_FAULTS)
            for place, details in enumerate(own[:MOST_TOLD])
        ]
        raise DefinitionError([*faults, *more_than_told(len(own), file)]) from None


def more_than_told(number: int, file: str) -> list[Fault]:
    """A fault that stands for those beyond MOST_TOLD; none where there are none."""
    if number <= MOST_TOLD:
        return []
    return [Fault(file=file, found=f"{number - MOST_TOLD} more such faults", wanted="none")]


def _out_of_range(raw: Any) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Place, what was found, what is wanted: numbers and years that no arithmetic here is made for."""
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), raw)]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [((*place, key), part) for key, part in reversed(value.items())]
        elif isinstance(value, list):
            waiting += [((*place, number), part) for number, part in reversed(list(enumerate(value)))]
        elif isinstance(value, int) and not -WHOLE <= value < WHOLE:
            yield place, f"a whole number of {value.bit_length()} bits", "one of at most 18 digits"
        elif isinstance(value, dt.date) and value.year not in YEARS:
            yield place, f"the year {value.year}", f"one from {YEARS.start} to {YEARS.stop - 1}"


def dotted(location: Sequence[str | int]) -> str:
    """A place in the file as a person writes it: contests[1].rule.lead, contests counted from 1."""
    name = ""
    for part in location:
        step = f"[{part + 1}]" if isinstance(part, int) else part if len(part) <= LONGEST_KEY else f"{part[:60]}..."
        name += step if isinstance(part, int) or not name else f".{step}"
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
    around = {error["loc"][:end] for error in errors for end in range(len(error["loc"]))}
    return [error for error in errors if error["type"] != "too_short" or error["loc"] not in around]


def _fault_from(details: Any, text: str, file: str, root: type[BaseModel], shown: bool) -> Fault:
    """shown: whether the message will spell it out, with the nearest name; of thousands the first few are enough."""
    steps = list(_steps(details["loc"], root))
    location = [step for step, _ in steps]
    known = steps[-1][1] if steps else ()
    given = details["input"]
    if details["type"] == "extra_forbidden":
        name = str(location[-1])
        near = nearest_name(name, known, cutoff=0.5) if shown else None
        found, wanted = f"an unknown key {name[:LONGEST_KEY]!r}", "a key that veedor knows"
        remedy = f"did you mean {near}?" if near else f"known keys: {', '.join(sorted(known))}" if shown else ""
    elif details["type"] == "union_tag_invalid":
        location.append("kind")
        found, wanted = repr(details["ctx"]["tag"]), f"one of {details['ctx']['expected_tags']}"
        remedy = _nearest_of_expected(details, given) if shown else ""
    elif details["type"] == "missing":
        found, wanted, remedy = "nothing", f"the key {location[-1]!r}", ""
    else:
        found = _briefly(given)
        wanted = details["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
        remedy = _nearest_of_expected(details, given) if shown else ""
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
    near = nearest_name(tag, names, cutoff=0.5) if isinstance(tag, str) else None
    return f"did you mean {near!r}?" if near else ""


def _briefly(given: Any) -> str:
    """A value as a message repeats it; of a table or list, which may be very large, only that it is one."""
    if isinstance(given, dict | list | tuple) and len(given) > 20:
        return f"a {'table' if isinstance(given, dict) else 'list'} of {len(given)}"
    return repr(str(given) if isinstance(given, Decimal) else given)


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
