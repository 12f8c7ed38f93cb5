"""The reader's language: sentences from the catalogues in texts/, numbers and dates as it writes them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from markupsafe import Markup, escape

from veedor.dossier.texts import TEXTS
from veedor.finding import Text
from veedor.languages import SOURCE, codes, languages
from veedor.languages import Language as Spoken
from veedor.wording import is_unknown

MINUS = "\u2212"


@cache
def catalogue(code: str) -> Mapping[str, str]:
    """Every sentence of a language by its dotted name."""
    return TEXTS.all(code)


@dataclass(frozen=True, kw_only=True)
class Language:
    """The forms of one language: sentences, names, numbers, shares, times."""

    spoken: Spoken

    @property
    def code(self) -> str:
        """As in `<html lang>`, and the folder of its pages."""
        return self.spoken.code

    @property
    def direction(self) -> str:
        """ltr or rtl."""
        return self.spoken.direction

    def say(self, key: str, **values: object) -> str:
        """The sentence of that name with its gaps filled in. An unknown name is our mistake: KeyError."""
        return TEXTS.sentence(self.spoken, key).format_map(values)

    def marked(self, key: str, **values: object) -> Markup:
        """As `say`, of values some of which are marked up already: all others, and the sentence, are escaped."""
        return escape(TEXTS.sentence(self.spoken, key)).format(**values)

    def count_of(self, key: str, number: int, **values: object) -> str:
        """The sentence of that name in the plural form that goes with the number, written as {n}."""
        return TEXTS.sentence(self.spoken, key, number).format_map({**values, "n": self.number(number)})

    def pick(self, text: Text | Mapping[str, Any] | str | None) -> str:
        """The reader's version of a name or sentence; English where it is not given in the reader's language."""
        if text is None:
            return ""
        if isinstance(text, str):
            return text
        said = text.get(self.code)
        return str(text[SOURCE] if said is None else said)

    def of(self, document: Mapping[str, Any]) -> Mapping[str, Any]:
        """A document of results whose sentences are the reader's: those in English stand where it has no others."""
        return {**document, **document.get("translations", {}).get(self.code, {})}

    def number(self, value: float | None, digits: int = 0) -> str:
        """1,234.5 in English, 1.234,5 in Spanish; a dash where there is no figure."""
        if value is None:
            return "–"
        plain = f"{abs(value):,.{digits}f}"
        sign = MINUS if value < 0 and plain.strip("0.,") else ""
        return sign + self.spoken.figures(plain)

    def signed(self, value: float | None, digits: int = 0) -> str:
        """As `number`, with a plus sign before what is above zero."""
        text = self.number(value, digits)
        return f"+{text}" if value is not None and value > 0 else text

    def percent(self, share: float | None, digits: int = 2) -> str:
        """A share (0 to 1) as per cent."""
        return "–" if share is None else self.say("unit.percent", n=self.number(100 * share, digits))

    def points(self, share: float | None, digits: int = 2) -> str:
        """A difference of shares (0 to 1) in percentage points."""
        return "–" if share is None else self.say("unit.points", n=self.number(100 * share, digits))

    def date(self, value: str | dt.date) -> str:
        """20 October 2019, or 20 de octubre de 2019."""
        day = dt.date.fromisoformat(value[:10]) if isinstance(value, str) else value
        return self.say("time.date", day=day.day, month=self.say(f"month.{day.month}"), year=day.year)

    def moment(self, value: str | dt.datetime | None) -> str:
        """A date with hours and minutes, in the offset that the value carries; of midnight sharp the date alone."""
        if value is None:
            return "–"
        when = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
        if is_unknown(when):
            return self.say("time.unknown")
        if when.time() == dt.time():
            return self.date(when.date())
        return self.say("time.moment", date=self.date(when.date()), time=when.strftime("%H:%M"))

    def length(self, seconds: float) -> str:
        """A length of time as people say it: almost 23 hours, 6 h 40 min, 12 minutes."""
        minutes = round(seconds / 60)
        hours, rest = divmod(minutes, 60)
        if not hours:
            return self.count_of("unit.minutes", rest)
        if rest >= 45:
            return self.count_of("unit.almost_hours", hours + 1)
        return (
            self.say("unit.hours_minutes", h=self.number(hours), m=rest) if rest else self.count_of("unit.hours", hours)
        )

    def short_moment(self, value: str | dt.datetime) -> str:
        """20 Oct, 19:40 for axes and table heads."""
        when = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
        if is_unknown(when):
            return self.say("time.unknown")
        month = self.spoken.months[when.month - 1]
        if when.time() == dt.time():
            return self.day_month(when.date())
        return self.say("time.short", day=when.day, month=month, time=when.strftime("%H:%M"))

    def day_month(self, when: dt.date) -> str:
        """20 Oct, for axes."""
        return f"{when.day} {self.spoken.months[when.month - 1]}"

    def listing(self, names: list[str]) -> str:
        """`A, B and C`."""
        if len(names) < 2:
            return "".join(names)
        return self.say("unit.and", first=", ".join(names[:-1]), last=names[-1])


@cache
def language(code: str) -> Language:
    """The language of that code."""
    return Language(spoken=languages()[code])


def all_languages() -> tuple[Language, ...]:
    """Every language that pages are written in, English first."""
    return tuple(language(code) for code in codes())


ENGLISH = language("en")
SPANISH = language("es")
