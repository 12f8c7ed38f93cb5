"""Truth from outside: values that others published or computed, each file with its source. README.md says more."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def vectors_of(name: str) -> Any:
    """The document of one file, for example `audit/arlo_bravo`."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def names_of(room: str) -> list[str]:
    """The files of one room, each as `vectors_of` takes it."""
    return sorted(f"{room}/{path.stem}" for path in (FOLDER / room).glob("*.json"))
