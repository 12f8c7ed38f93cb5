"""A room's sentences, one file a language: `texts/en.toml` beside the room, `texts/es.toml`, and any other language's.

A sentence has a dotted name (`sums.summary`) and gaps in braces (`{votes}`), the same in every language. One that
depends on a number is a table of its plural forms, `one`, `few`, `other`, ... as the language has them, with the number
as `{n}`. A language that lacks a sentence or a form says it in English, or with `other`; tests see that ours lack none.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from veedor.finding import Text
from veedor.languages import SOURCE, Language, catalogue_file, languages, read_toml
from veedor.saying import Joined, Number, Sentence, flat

FORMS = frozenset(("zero", "one", "two", "few", "many", "other"))
"""CLDR's names of plural forms. A table with no other keys is one sentence in several forms."""

Value = Text | str | int
"""What fills a gap. A Text or Sentence comes in its own form in each language; the others are written as they are."""


class Catalogue:
    """The sentences of one room.

    texts: the folder texts/ beside the room; room: the name of its file in a language's folder of VEEDOR_LANGUAGES.
    """

    def __init__(self, texts: Path, room: str | None = None) -> None:
        self.texts = texts
        self.room = room or texts.parent.name

    def say(self, key: str, /, **values: Value) -> Text:
        """The sentence of that name in all languages, each with its own form of the values.

        Raises KeyError for a name that English lacks, or a gap without a value.
        """
        return Text.of(
            {code: self.sentence(one, key).format_map(_forms(values, code)) for code, one in languages().items()}
        )

    def plural(self, key: str, n: int, /, **values: Value) -> Text:
        """The sentence of that name in the form that goes with the number `n`, which fills its gap `{n}`."""
        return Text.of(
            {
                code: self.sentence(one, key, n).format_map(
                    {**_forms(values, code), "n": ("-" if n < 0 else "") + one.figures(f"{abs(n):,}")}
                )
                for code, one in languages().items()
            }
        )

    def sentence(self, language: Language, key: str, n: int | None = None) -> str:
        """The sentence of that name in one language, its gaps open; in English where the language lacks it."""
        for one in (language, languages()[SOURCE]):
            held = sentences(self.texts, self.room, one.code)
            found = held.get(key) if n is None else held.get(f"{key}.{one.plural(n)}", held.get(f"{key}.other"))
            if found is not None:
                return found
        raise KeyError(f"{self.room}: no sentence {key}")

    def all(self, code: str) -> Mapping[str, str]:
        """Every sentence in one language by its name, gaps open; English where the language lacks one."""
        return {**sentences(self.texts, self.room, SOURCE), **sentences(self.texts, self.room, code)}

    def table(self, prefix: str) -> dict[str, Text]:
        """Every sentence whose name begins with `prefix.`, by the rest of its name, gaps open."""
        names = [key for key in sentences(self.texts, self.room, SOURCE) if key.startswith(f"{prefix}.")]
        return {
            key.removeprefix(f"{prefix}."): Text.of(
                {code: self.sentence(language, key) for code, language in languages().items()}
            )
            for key in names
        }


def _forms(values: Mapping[str, Value], code: str) -> dict[str, str | int]:
    """The values as they are written in one language."""
    return {name: _form(value, code) for name, value in values.items()}


def _form(value: Value, code: str) -> str | int:
    if isinstance(value, Text):
        return value.to(code)
    return said(value, code) if isinstance(value, str) else value


def said(text: str, code: str) -> str:
    """A Sentence in a language; other text as it is."""
    if not isinstance(text, Sentence) or code == SOURCE:
        return str(text)
    made = text.made
    if isinstance(made, Joined):
        return made.separator.join(said(part, code) for part in made.parts)
    language = languages()[code]
    if isinstance(made, Number):
        sign = text[: len(text) - len(text.lstrip("+-"))]
        return sign + language.figures(text[len(sign) :])
    sentence = Catalogue(made.texts, made.room).sentence(language, made.key, made.n)
    return sentence.format_map(_forms(made.values, code))


@cache
def sentences(texts: Path, room: str, code: str) -> Mapping[str, str]:
    """Every sentence of a room in one language by its dotted name."""
    path = catalogue_file(texts, room, code)
    return {} if path is None else dict(flat(read_toml(path)))
