"""A sentence that is English until somebody wants it in another language: what errors and steps of an audit say.

Rooms at the ground know no languages, and most errors are never shown. So a Sentence is English text like any other,
goes wherever text goes, and keeps by which sentence of which catalogue it was made, and of what values.
`veedor.catalogue.said` says it in another language; the command line does so with whatever it prints.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A catalogue's sentence with its values. texts, room: as a Catalogue has them; n: what its plural goes with."""

    texts: Path
    room: str
    key: str
    n: int | None
    values: Mapping[str, str | int]


@dataclass(frozen=True, kw_only=True)
class Joined:
    """Texts one after the other."""

    separator: str
    parts: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number with marks between its thousands and before its decimals."""


class Sentence(str):
    """English text, and how it was made: what is done to it as to text (cut, put into an f-string) is plain text."""

    __slots__ = ("made",)

    made: Filled | Joined | Number

    def __new__(cls, english: str, made: Filled | Joined | Number) -> "Sentence":
        """The English, and how it was made."""
        text = super().__new__(cls, english)
        text.made = made
        return text

    def __reduce__(self) -> tuple[type["Sentence"], tuple[str, Filled | Joined | Number]]:
        return Sentence, (str(self), self.made)


class Sayings:
    """The sentences of a room's catalogue as Sentences; English is read when the first is said.

    texts: the folder texts/ beside the room; room: the name of its file in a language's folder of VEEDOR_LANGUAGES.
    """

    def __init__(self, texts: Path, room: str | None = None) -> None:
        self.texts = texts
        self.room = room or texts.parent.name

    def say(self, key: str, /, **values: str | int) -> Sentence:
        """The sentence of that name; KeyError for one that there is not, or a gap without a value."""
        made = Filled(texts=self.texts, room=self.room, key=key, n=None, values=values)
        return Sentence(_english(self.texts)[key].format_map(values), made)

    def plural(self, key: str, n: int, /, **values: str | int) -> Sentence:
        """The sentence of that name in the form that goes with the number `n`, which fills its gap `{n}`."""
        form = "one" if abs(n) == 1 else "other"
        made = Filled(texts=self.texts, room=self.room, key=key, n=n, values={"n": n, **values})
        return Sentence(_english(self.texts)[f"{key}.{form}"].format_map(made.values), made)


def joined(separator: str, parts: Iterable[str]) -> str:
    """Texts one after the other; sentences among them are said in another language as they are alone."""
    kept = tuple(parts)
    return Sentence(separator.join(kept), Joined(separator=separator, parts=kept))


def figures(english: str) -> str:
    """A number written the English way, 1,234.5, which another language writes with its own marks."""
    return Sentence(english, Number())


def message_of(error: Exception) -> str:
    """The text that an error was made with, still a Sentence where it was one: str() of an error is English."""
    given = error.args[0] if len(error.args) == 1 else None
    return given if isinstance(given, str) else str(error)


def on_one_line(text: str) -> str:
    """The text without line ends: as it is, still a Sentence, where it has none."""
    return text if "\n" not in text else text.replace("\n", "\\n")


def flat(table: Mapping[str, object], prefix: str = "") -> list[tuple[str, str]]:
    """Every sentence of a catalogue by its dotted name."""
    rows: list[tuple[str, str]] = []
    for key, value in table.items():
        if isinstance(value, dict):
            rows += flat(value, f"{prefix}{key}.")
        elif isinstance(value, str):
            rows.append((prefix + key, value))
    return rows


@cache
def _english(texts: Path) -> Mapping[str, str]:
    import tomllib  # not before a sentence is said: a command's help says none

    return dict(flat(tomllib.loads((texts / "en.toml").read_text(encoding="utf-8"))))
