"""What every table of an election.toml has in common: frozen, strict, and no key that nobody asked for."""

import unicodedata
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from veedor.finding import Text
from veedor.rim.terminal import one_line, plain_name

Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=64)]
"""A name that is safe in a column name, a file name and an address: letters, digits, `_`, `.`, `-`."""


class Table(BaseModel):
    """One table of the file. Unknown keys are errors; values are never converted from another type."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


LONGEST_NAME = 2_000

JOINERS = "\u200c\u200d"
"""Zero-width joiner and non-joiner: part of the spelling in some scripts, and in none of the others."""

JOINED_SCRIPTS = frozenset(
    (
        *("ARABIC", "BENGALI", "DEVANAGARI", "GUJARATI", "GURMUKHI", "KANNADA", "KHMER", "MALAYALAM", "MONGOLIAN"),
        *("MYANMAR", "ORIYA", "SINHALA", "SYRIAC", "TAMIL", "TELUGU", "THAANA", "TIBETAN"),
    )
)


def _plain(text: str) -> str:
    """A name as it can be shown. Raises ValueError where it holds what steers a terminal, or is not seen."""
    if len(text) > LONGEST_NAME:
        raise ValueError(f"a name of at most {LONGEST_NAME} characters, got {len(text)}")
    bare = "".join(one for at, one in enumerate(text) if one not in JOINERS or not _joins(text, at))
    if not plain_name(bare):
        seen = one_line(text) if text.strip() else "blanks only"
        raise ValueError(f"a name of letters, digits and signs on one line; marks in it are not seen: {seen[:60]}")
    return text


def _joins(text: str, at: int) -> bool:
    """True if a joiner stands between two letters of a script that is written with it."""
    around = (text[at - 1 : at], text[at + 1 : at + 2])
    return all(unicodedata.name(letter or " ", "").partition(" ")[0] in JOINED_SCRIPTS for letter in around)


PlainName = Annotated[str, AfterValidator(_plain)]
"""A name of anything that people call by it: no control, bidi or zero-width marks, no line ends."""


class Names(Table):
    """A name in English, and in Spanish where it differs."""

    en: PlainName
    es: PlainName | None = None

    @property
    def text(self) -> Text:
        """The name in both languages; Spanish falls back to English."""
        return Text(self.en, self.es if self.es is not None else self.en)


def zone_named(name: str) -> ZoneInfo | None:
    """The time zone of that name, None if there is none. (Listing all names takes longer than reading a definition.)"""
    if name.startswith(("posix", "right/")) or name in ("localtime", "Factory"):
        return None  # names of some systems only
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
