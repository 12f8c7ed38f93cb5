"""The sentences of this room, in every language."""

from collections.abc import Collection
from pathlib import Path

from veedor.catalogue import Catalogue
from veedor.saying import Sayings

TEXTS = Catalogue(Path(__file__).parent)
SAID = Sayings(Path(__file__).parent)
"""The same as English text, which other languages say when it is shown: of steps and errors."""


def everybody(names: Collection[str]) -> str:
    """The names one after the other, or that there is nobody."""
    return ", ".join(names) if names else SAID.say("who.nobody")
