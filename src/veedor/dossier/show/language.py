"""The reader's language: sentences from the catalogues in translations/, numbers and dates as it writes them."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from veedor.finding import Text

Code = Literal["en", "es"]
LANGUAGES: tuple[Code, ...] = ("en", "es")
FOLDER = Path(__file__).parent.parent / "translations"

NBSP = "\u00a0"
MINUS = "\u2212"


@cache
def catalogue(code: Code) -> Mapping[str, str]:
    """Every sentence of a language by its dotted name."""
    with (FOLDER / f"{code}.toml").open("rb") as file:
        return dict(_flat(tomllib.load(file), ""))


def _flat(table: Mapping[str, Any], prefix: str) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for key, value in table.items():
        rows += _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else [(prefix + key, value)]
    return rows


@dataclass(frozen=True, kw_only=True)
class Language:
    """How one reader reads: sentences, names, numbers, shares, times."""

    code: Code
    decimal: str
    group: str

    def say(self, key: str, **values: object) -> str:
        """The sentence of that name with its gaps filled in. An unknown name is our mistake: KeyError."""
        return catalogue(self.code)[key].format_map(values)

    def count_of(self, key: str, number: int, **values: object) -> str:
        """The sentence `key.one` or `key.other` with the number written as {n}."""
        form = "one" if abs(number) == 1 else "other"
        return self.say(f"{key}.{form}", n=self.number(number), **values)

    def pick(self, text: Text | Mapping[str, Any] | str | None) -> str:
        """The reader's version of a name or sentence given in both languages (`es` may be absent)."""
        if text is None:
            return ""
        if isinstance(text, str):
            return text
        en, es = (text.en, text.es) if isinstance(text, Text) else (text["en"], text.get("es"))
        return str(es if self.code == "es" and es is not None else en)

    def number(self, value: float | None, digits: int = 0) -> str:
        """1,234.5 in English, 1.234,5 in Spanish; a dash where there is no figure."""
        if value is None:
            return "–"
        plain = f"{abs(value):,.{digits}f}"
        sign = MINUS if value < 0 and plain.strip("0.,") else ""
        return sign + plain.translate({ord(","): self.group, ord("."): self.decimal})

    def signed(self, value: float | None, digits: int = 0) -> str:
        """As `number`, with a plus sign before what is above zero."""
        text = self.number(value, digits)
        return f"+{text}" if value is not None and value > 0 else text

    def percent(self, share: float | None, digits: int = 2) -> str:
        """A share (0 to 1) as per cent."""
        return "–" if share is None else f"{self.number(100 * share, digits)}{NBSP}%"

    def points(self, share: float | None, digits: int = 2) -> str:
        """A difference of shares (0 to 1) in percentage points."""
        return "–" if share is None else self.say("unit.points", n=self.number(100 * share, digits))

    def date(self, value: str | dt.date) -> str:
        """20 October 2019, or 20 de octubre de 2019."""
        day = dt.date.fromisoformat(value[:10]) if isinstance(value, str) else value
        return self.say("time.date", day=day.day, month=self.say(f"month.{day.month}"), year=day.year)

    def moment(self, value: str | dt.datetime | None) -> str:
        """A date with the time of day, in the offset that the value carries."""
        if value is None:
            return "–"
        when = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
        return self.say("time.moment", date=self.date(when.date()), time=when.strftime("%H:%M:%S"))

    def short_moment(self, value: str | dt.datetime) -> str:
        """20 Oct, 19:40 for axes and table heads."""
        when = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
        month = self.say(f"month.{when.month}")[:3]
        return self.say("time.short", day=when.day, month=month, time=when.strftime("%H:%M"))

    def day_month(self, when: dt.date) -> str:
        """20 Oct, for axes."""
        return f"{when.day} {self.say(f'month.{when.month}')[:3]}"

    def listing(self, names: list[str]) -> str:
        """`A, B and C`."""
        if len(names) < 2:
            return "".join(names)
        return self.say("unit.and", first=", ".join(names[:-1]), last=names[-1])


ENGLISH = Language(code="en", decimal=".", group=",")
SPANISH = Language(code="es", decimal=",", group=".")


def language(code: Code) -> Language:
    """The language of that code."""
    return ENGLISH if code == "en" else SPANISH
