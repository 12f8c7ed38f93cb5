"""Published documents held to their schemas: `docs/schemas.py` makes these from the documents' types."""

import importlib.util
import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType

from veedor.document import Json


@cache
def script() -> ModuleType:
    """docs/schemas.py."""
    path = Path(__file__).parent.parent / "docs/schemas.py"
    spec = importlib.util.spec_from_file_location("schemas", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def validator(name: str) -> Callable[[object], None]:
    """What raises for a document that the schema of this name does not allow."""
    check: Callable[[object], None] = script().validator(name)
    return check


def check_printed(words: Sequence[object], printed: str | bytes | None) -> None:
    """Hold what a command in a process of its own printed with --json to its schema. words: the command line."""
    said = [str(word) for word in words]
    start = next((at for at, word in enumerate(said) if word == "veedor" or word.endswith("/veedor")), None)
    if start is None or "--json" not in said or not (printed or "").strip():
        return
    plain = [word for word in said[start + 1 :] if not word.startswith("-")]
    name = next((name for name in ("-".join(plain[:2]), *plain[:1]) if name in script().DOCUMENTS), None)
    assert name is not None, f"no schema in docs/schemas.py for {' '.join(said)}"
    shown = json.loads(printed or "")
    if shown != []:  # nothing was appended to a log
        validator(name)(shown)


def as_its_schema(document: object, shown: Json) -> Json:
    """What a command prints, once it is seen to be what the schema of its type says."""
    if document != []:  # nothing was appended to a log
        name = script().name_of(document)
        assert name is not None, f"no schema in docs/schemas.py for {type(document)}"
        validator(name)(shown)
    return shown
