"""Numbers, shares and times as sentences write them, in English and Spanish."""

import datetime as dt
from zoneinfo import ZoneInfo

from veedor.finding import Text

MINUS = "\N{MINUS SIGN}"
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHS_ES = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")


def number(value: int) -> Text:
    """A whole number with marks between thousands: 6,137,671 and 6.137.671."""
    return Text(f"{value:,}", f"{value:,}".replace(",", "."))


def signed(value: int) -> Text:
    """A change in whole units, with its sign: +2,697, −1,065, 0."""
    mark = "+" if value > 0 else MINUS if value < 0 else ""
    plain = number(abs(value))
    return Text(mark + plain.en, mark + plain.es)


def decimal(value: float, digits: int = 2) -> Text:
    """A number with so many decimals, its sign only where it is negative: 19.16 and 19,16."""
    mark = MINUS if value < 0 and round(value, digits) != 0 else ""
    plain = f"{abs(value):,.{digits}f}"
    return Text(mark + plain, mark + plain.translate(str.maketrans(",.", ".,")))


def per_cent(share: float, digits: int = 2) -> Text:
    """A fraction as per cent: 47.08 % and 47,08 %."""
    plain = decimal(100.0 * share, digits)
    return Text(f"{plain.en} %", f"{plain.es} %")


def points(difference: float, digits: int = 2) -> Text:
    """A difference of two fractions in points: 10.57 points and 10,57 puntos."""
    plain = decimal(100.0 * difference, digits)
    return Text(f"{plain.en} points", f"{plain.es} puntos")


def moment(when: dt.datetime, zone: ZoneInfo) -> Text:
    """A time in the election's zone: 20 Oct 2019, 19:40:57."""
    local = when.astimezone(zone)
    clock = f"{local:%H:%M:%S}"
    return Text(
        f"{local.day} {MONTHS_EN[local.month - 1]} {local.year}, {clock}",
        f"{local.day} {MONTHS_ES[local.month - 1]} {local.year}, {clock}",
    )


def duration(seconds: int) -> Text:
    """A length of time: 22 h 48 min 56 s."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    parts = [(hours, "h"), (minutes, "min"), (left, "s")]
    text = " ".join(f"{value} {unit}" for value, unit in parts if value) or "0 s"
    return Text(text, text)


def fill(english: str, spanish: str, **values: Text | str | int) -> Text:
    """A sentence in both languages, each with its own form of the values."""
    forms = {name: value if isinstance(value, Text) else Text(str(value), str(value)) for name, value in values.items()}
    return Text(
        english.format(**{name: text.en for name, text in forms.items()}),
        spanish.format(**{name: text.es for name, text in forms.items()}),
    )
