"""The sentences of this room, in every language."""

from pathlib import Path

from veedor.catalogue import Catalogue

TEXTS = Catalogue(Path(__file__).parent)
