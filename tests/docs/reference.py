"""A page of reference that has a table of keys for each model: what its tests share."""

import re

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from veedor.election.clocks import PlainTable


def sections_of(page: str) -> dict[str, str]:
    """Heading -> what stands below it, up to the next heading."""
    parts = re.split(r"^#{1,4} (.+)$", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def keys_of(section: str) -> list[str]:
    """The keys that the section's table has, in order."""
    return re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE)


def needed_of(section: str) -> list[str]:
    """Those of them that the table says have no default."""
    return re.findall(r"^\| `(\w+)` \|[^|]*\| needed \|", section, flags=re.MULTILINE)


def all_models(model: type[BaseModel]) -> set[type[BaseModel]]:
    """The model and every model inside it."""
    found = {model} | ({PlainTable} if issubclass(model, PlainTable) else set())
    for field in model.model_fields.values():
        waiting = [field.annotation]
        while waiting:
            part = waiting.pop()
            if isinstance(part, type) and issubclass(part, BaseModel):
                found |= all_models(part)
            waiting.extend(getattr(part, "__args__", ()))
    return found


def fields_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The model's own keys; those of a file beside the sheets have a section of their own."""
    shared = PlainTable.model_fields if model is not PlainTable and issubclass(model, PlainTable) else {}
    fields = {(field.alias or name).rstrip("_"): field for name, field in model.model_fields.items()}
    return {name: field for name, field in fields.items() if name not in shared}
