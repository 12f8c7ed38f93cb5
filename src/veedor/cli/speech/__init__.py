"""The language of the command line: that of VEEDOR_LANGUAGE, English without it whatever the locale is.

A script so reads the same lines on every machine. What `--json` prints holds every language, and none by choice.
"""

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from veedor.catalogue import Catalogue, Value
    from veedor.election.base import Names
    from veedor.finding import Text

VARIABLE = "VEEDOR_LANGUAGE"
"""Environment variable: the code of the language of the command line."""

ENGLISH = "en"
"""Known here too, so that a program that speaks English loads no languages to say so."""


def language_code() -> str:
    """The code of the language that the command line speaks. Raises VeedorError for one that there is not."""
    named = os.environ.get(VARIABLE, "") or ENGLISH
    if named != ENGLISH:
        from veedor.errors import VeedorError
        from veedor.languages import codes

        if named not in codes():
            raise VeedorError(f"{VARIABLE}: found {named!r}, wanted one of {', '.join(codes())}")
    return named


class Speech:
    """The sentences of a catalogue in the language of the command line; its file is read when one is said.

    texts: the folder of the catalogue; room: the name of its file in a language's folder of VEEDOR_LANGUAGES.
    """

    def __init__(self, texts: Path, room: str) -> None:
        self.texts = texts
        self.room = room

    @cached_property
    def catalogue(self) -> "Catalogue":
        """The sentences in every language."""
        from veedor.catalogue import Catalogue

        return Catalogue(self.texts, self.room)

    def say(self, key: str, /, **values: "Value") -> str:
        """The sentence of that name; a Text among the values comes in the same language."""
        return self._filled(key, None, values)

    def plural(self, key: str, n: int, /, **values: "Value") -> str:
        """The sentence of that name in the form that goes with the number `n`, which fills its gap `{n}`."""
        return self._filled(key, n, {**values, "n": number(n)})

    def _filled(self, key: str, n: int | None, values: "Mapping[str, Value]") -> str:
        from veedor.languages import languages

        sentence = self.catalogue.sentence(languages()[language_code()], key, n)
        return sentence.format_map({name: _plain(value) for name, value in values.items()})


def shown(text: "Text | Names | str") -> str:
    """A text, a sentence, or a name of a definition, in the language of the command line."""
    if isinstance(text, str):
        return _sentence(text)
    from veedor.finding import Text

    return (text if isinstance(text, Text) else text.text).to(language_code())


def figures(english: str) -> str:
    """A number written the English way, -1,234.5, with the language's marks."""
    from veedor.languages import languages

    sign = english[: len(english) - len(english.lstrip("+-"))]
    return sign + languages()[language_code()].figures(english[len(sign) :])


def number(value: int) -> str:
    """A whole number with marks between thousands."""
    return figures(f"{value:,}")


def _plain(value: "Value") -> str | int:
    if isinstance(value, str):
        return _sentence(value)
    return value if isinstance(value, int) else value.to(language_code())


def _sentence(text: str) -> str:
    """Plain text as it is, and English as it is: for those no languages are loaded."""
    from veedor.saying import Sentence

    if not isinstance(text, Sentence) or (code := language_code()) == ENGLISH:
        return str(text)
    from veedor.catalogue import said

    return said(text, code)
