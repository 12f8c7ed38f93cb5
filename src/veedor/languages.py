"""The languages that veedor writes: English, Spanish, and any other that a folder of catalogues holds.

A language is files and nothing else. Those that come along lie beside their rooms, `<room>/texts/<code>.toml`; those of
the folder that VEEDOR_LANGUAGES names lie in it as `<code>/<room>.toml`. The file of the room `language` (here
texts/<code>.toml) has a table `[language]`: the language's name in itself, `direction` (ltr or rtl), `locale` (whose
plural rules and marks in numbers Babel knows) and, where Babel's are not the wanted ones, `months`, twelve short names.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import get_month_names
from babel.numbers import get_decimal_symbol, get_group_symbol

from veedor.errors import VeedorError

SOURCE = "en"
"""The language that every sentence has, and that stands in where another has none."""

OWN = (SOURCE, "es")
"""The languages that come along, in their order; others follow by code."""

FOLDER = "VEEDOR_LANGUAGES"
"""Environment variable: a folder with catalogues of more languages."""

ROOM = "language"
"""The room whose catalogue says what the language is."""

HERE = Path(__file__).parent / "texts"
CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, kw_only=True)
class Language:
    """One language: code (as in `<html lang>`), name in itself, direction of writing, name of its Babel locale."""

    code: str
    name: str
    direction: Literal["ltr", "rtl"]
    locale: str
    own_months: tuple[str, ...] = ()

    @cached_property
    def babel(self) -> Locale:
        """Babel's rules of the locale."""
        return Locale.parse(self.locale.replace("-", "_"))

    @cached_property
    def decimal(self) -> str:
        """The mark between whole units and decimals."""
        return get_decimal_symbol(self.babel, numbering_system="latn")

    @cached_property
    def group(self) -> str:
        """The mark between groups of digits."""
        return get_group_symbol(self.babel, numbering_system="latn")

    @cached_property
    def grouping(self) -> tuple[int, int]:
        """Number of digits in the last group of a whole number, and in those before it: 3 and 3, or 3 and 2."""
        last, before = self.babel.decimal_formats[None].grouping
        return int(last), int(before)

    @cached_property
    def months(self) -> tuple[str, ...]:
        """The twelve months, short."""
        names = get_month_names("abbreviated", locale=self.babel)
        return self.own_months or tuple(str(name) for name in names.values())

    def plural(self, number: int) -> str:
        """The form that goes with a whole number: one, few, other, ... (CLDR's names)."""
        return self.babel.plural_form(abs(number))

    def figures(self, english: str) -> str:
        """A number written the English way (1,234.5) with this language's marks.

        Groups are marked wherever English marks them: 6.137.671 and 1.234 in Spanish, where Babel leaves 1234 whole.
        """
        whole, point, decimals = english.partition(".")
        if "," in whole:
            whole = self._grouped(whole.replace(",", ""))
        return whole + (self.decimal if point else "") + decimals

    def _grouped(self, digits: str) -> str:
        last, before = self.grouping
        parts = [digits[-last:]]
        rest = digits[:-last]
        while rest:
            parts.insert(0, rest[-before:])
            rest = rest[:-before]
        return self.group.join(parts)


@cache
def languages() -> Mapping[str, Language]:
    """Every language by its code: English, Spanish, then the others. Raises VeedorError naming a bad file."""
    own = {path.stem: path for path in HERE.glob("*.toml")}
    folder = more_languages()
    more = {} if folder is None else {path.parent.name: path for path in folder.glob(f"*/{ROOM}.toml")}
    for code in own.keys() & more.keys():
        raise VeedorError(f"{more[code]}: veedor has the language {code} already; give this one another code")
    paths = own | more
    order = sorted(paths, key=lambda code: (OWN.index(code) if code in OWN else len(OWN), code))
    return {code: _language(code, paths[code]) for code in order}


def codes() -> tuple[str, ...]:
    """The codes of all languages, English first."""
    return tuple(languages())


def others() -> tuple[str, ...]:
    """The codes of all languages but English."""
    return tuple(code for code in languages() if code != SOURCE)


def catalogue_file(texts: Path, room: str, code: str) -> Path | None:
    """A room's catalogue of a language: texts/<code>.toml, else that of VEEDOR_LANGUAGES; None without."""
    beside = texts / f"{code}.toml"
    if beside.is_file():
        return beside
    more = more_languages()
    path = None if more is None else more / code / f"{room}.toml"
    return path if path is not None and path.is_file() else None


def read_toml(path: Path) -> Mapping[str, object]:
    """The tables of a catalogue. Raises VeedorError naming the file that cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise VeedorError(f"{path}: no catalogue of sentences: {error}") from None


def more_languages() -> Path | None:
    """The folder of languages that did not come along, if one is named."""
    named = os.environ.get(FOLDER, "")
    return Path(named) if named else None


def _language(code: str, path: Path) -> Language:
    """The language that a catalogue describes."""
    if not CODE.fullmatch(code):
        raise VeedorError(f"{path}: {code} is no code of a language (es, qu, zh-Hant)")
    table = read_toml(path).get("language")
    given = table if isinstance(table, dict) else {}
    name, direction, locale, months = (given.get(key) for key in ("name", "direction", "locale", "months"))
    if not isinstance(name, str) or not isinstance(locale, str) or direction not in ("ltr", "rtl"):
        raise VeedorError(f"{path}: [language] needs name, direction (ltr or rtl) and locale")
    if months is not None and (not isinstance(months, list) or [type(month) for month in months] != [str] * 12):
        raise VeedorError(f"{path}: months in [language] are twelve names")
    language = Language(
        code=code,
        name=name,
        direction="rtl" if direction == "rtl" else "ltr",
        locale=locale,
        own_months=tuple(months or ()),
    )
    try:
        _ = language.babel
    except (UnknownLocaleError, ValueError):
        raise VeedorError(f"{path}: Babel has no locale {locale}") from None
    return language
