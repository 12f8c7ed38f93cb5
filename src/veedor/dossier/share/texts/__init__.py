"""The sentences of this room, in every language."""

from pathlib import Path

from veedor.catalogue import Catalogue
from veedor.dossier.show.language import Language

TEXTS = Catalogue(Path(__file__).parent)


def sentence(lang: Language, key: str, **values: object) -> str:
    """The sentence of that name in the reader's language, with its gaps filled in."""
    return TEXTS.sentence(lang.spoken, key).format_map(values)


def count_of(lang: Language, key: str, number: int, **values: object) -> str:
    """The sentence of that name in the plural form that goes with the number, written as {n}."""
    return TEXTS.sentence(lang.spoken, key, number).format_map({**values, "n": lang.number(number)})
