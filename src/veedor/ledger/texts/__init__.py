"""The sentences of this room, in every language."""

from pathlib import Path

from veedor.catalogue import Catalogue
from veedor.saying import Sayings

TEXTS = Catalogue(Path(__file__).parent)
SAID = Sayings(Path(__file__).parent)
"""The same as English text, which other languages say when it is shown: of steps and errors."""
