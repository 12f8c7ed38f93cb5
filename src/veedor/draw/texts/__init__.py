"""The sentences of this room, in every language."""

from pathlib import Path

from veedor.saying import Sayings

SAID = Sayings(Path(__file__).parent)
