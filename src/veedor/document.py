"""What rooms hand to each other and publish: dataclasses, which become JSON in one place, here.

A field's name is its key in the JSON (`from_` is `from`), and the order of the fields is the order of the keys.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import Field, fields, is_dataclass
from enum import Enum
from typing import ClassVar, Protocol, runtime_checkable

from typing_extensions import TypeAliasType

Json = TypeAliasType("Json", "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None")
"""A value that json.dumps takes as it is: no dates, no polars or NumPy scalars."""

INLINED: Mapping[str, str] = {"json": "inlined"}
"""Metadata of a field that is itself an object, whose keys stand among those of the object around it."""
LEFT_OUT: Mapping[str, str] = {"json": "left out"}
"""Metadata of a field that the JSON lacks where it is None."""


class Document(Protocol):
    """A dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[object]]]


@runtime_checkable
class OwnForm(Protocol):
    """What is another thing in JSON than its fields, or more than they say."""

    def as_json(self) -> dict[str, Json]:
        """The form."""


def as_json(document: Document | OwnForm) -> dict[str, Json]:
    """The dataclass as one JSON object; Text and other named tuples become objects too, other tuples arrays."""
    return document.as_json() if isinstance(document, OwnForm) else of_fields(document)


def of_fields(document: Document) -> dict[str, Json]:
    """The same where the dataclass has a form of its own, which begins with its fields."""
    found: dict[str, Json] = {}
    for each in fields(document):
        value, how = getattr(document, each.name), each.metadata.get("json")
        if how == INLINED["json"]:
            found |= {} if value is None else as_json(value)
        elif how != LEFT_OUT["json"] or value is not None:
            found[each.name.removesuffix("_")] = plain(value)
    return found


def finite(value: Json) -> Json:
    """The value with null for what is not a number: JSON has no NaN."""
    if isinstance(value, Mapping):
        return {name: finite(each) for name, each in value.items()}
    if isinstance(value, str) or not isinstance(value, Sequence):
        return None if isinstance(value, float) and not math.isfinite(value) else value
    return [finite(each) for each in value]


def plain(value: object) -> Json:
    """The value as JSON has it. TypeError for what JSON has no form for."""
    if value is None or isinstance(value, bool | int | float | str):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, OwnForm) or (is_dataclass(value) and not isinstance(value, type)):
        return as_json(value)
    if (dump := getattr(value, "model_dump", None)) is not None:
        model: dict[str, Json] = dump(mode="json")
        return model
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: plain(each) for name, each in value._asdict().items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [plain(each) for each in value]
    raise TypeError(f"JSON has no form for {type(value).__name__}")
