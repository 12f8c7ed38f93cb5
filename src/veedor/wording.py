"""Numbers, shares and times as sentences write them, in every language."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

from veedor.catalogue import Catalogue
from veedor.finding import Text
from veedor.languages import ROOM, languages

MINUS = "\N{MINUS SIGN}"
TEXTS = Catalogue(Path(__file__).parent / "texts", ROOM)


def figures(english: str) -> Text:
    """A number written the English way, 1,234.5, with each language's marks."""
    return Text.of({code: language.figures(english) for code, language in languages().items()})


def sum_in_figures(english: str) -> Text:
    """A sum written the English way, 9/10 × 1,234 - 5 = 1,105.6, with each language's marks in its numbers."""
    return Text.of(
        {
            code: english.translate({ord(","): language.group, ord("."): language.decimal})
            for code, language in languages().items()
        }
    )


def number(value: int) -> Text:
    """A whole number with marks between thousands: 6,137,671 and 6.137.671."""
    plain = figures(f"{abs(value):,}")
    return plain.map(lambda said: f"-{said}") if value < 0 else plain


def signed(value: int) -> Text:
    """A change in whole units, with its sign: +2,697, −1,065, 0."""
    mark = "+" if value > 0 else MINUS if value < 0 else ""
    return number(abs(value)).map(lambda said: mark + said)


def decimal(value: float, digits: int = 2) -> Text:
    """A number with `digits` decimal places, its sign only where it is negative: 19.16 and 19,16."""
    mark = MINUS if value < 0 and round(value, digits) != 0 else ""
    return figures(f"{abs(value):,.{digits}f}").map(lambda said: mark + said)


def per_cent(share: float, digits: int = 2) -> Text:
    """A fraction as per cent: 47.08 % and 47,08 %."""
    return TEXTS.say("amount.per_cent", number=decimal(100.0 * share, digits))


def points(difference: float, digits: int = 2) -> Text:
    """A difference of two fractions in points: 10.57 points and 10,57 puntos."""
    return TEXTS.say("amount.points", number=decimal(100.0 * difference, digits))


UNKNOWN_DATE = dt.date(2000, 1, 1)
"""Stands in a draft for a day that nobody has filled in: it is shown as unknown, and nothing is compared with it."""


def is_unknown(local: dt.datetime) -> bool:
    """True for midnight at the beginning or the end of the unknown day: a time that follows from no fact."""
    return local.date() - UNKNOWN_DATE in (dt.timedelta(0), dt.timedelta(days=1)) and local.time() == dt.time()


def moment(when: dt.datetime, zone: ZoneInfo) -> Text:
    """A time in the election's zone, to the minute: 20 Oct 2019, 19:40; of midnight sharp the date alone.

    That of a day which nobody has filled in is not known.
    """
    local = when.astimezone(zone)
    if is_unknown(local):
        return TEXTS.say("amount.no_moment")
    month = Text.of({code: language.months[local.month - 1] for code, language in languages().items()})
    if local.time() == dt.time():
        return TEXTS.say("amount.day", day=local.day, month=month, year=local.year)
    clock = f"{local:%H:%M}"
    return TEXTS.say("amount.moment", day=local.day, month=month, year=local.year, clock=clock)


def duration(seconds: int) -> Text:
    """A length of time to the minute, of one under a minute in seconds: 22 h 49 min."""
    if seconds < 60:
        return TEXTS.say("amount.seconds", number=Text.same(str(seconds)))
    hours, minutes = divmod(round(seconds / 60), 60)
    parts = [
        TEXTS.say(f"amount.{unit}", number=Text.same(str(value)))
        for unit, value in (("hours", hours), ("minutes", minutes))
        if value
    ]
    return Text.join(" ", parts)
