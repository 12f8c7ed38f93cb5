"""What every table of an election.toml has in common: frozen, strict, and no key that nobody asked for."""

from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, StringConstraints

from veedor.finding import Text

Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=64)]
"""A name that is safe in a column name, a file name and an address: letters, digits, `_`, `.`, `-`."""


class Table(BaseModel):
    """One table of the file. Unknown keys are errors; values are never converted from another type."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Names(Table):
    """A name in English, and in Spanish where it differs."""

    en: str
    es: str | None = None

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
