"""Numbers, amounts and times as the findings' sentences write them, in English and Spanish."""

import datetime as dt
from typing import NamedTuple
from zoneinfo import ZoneInfo

from veedor.finding import Text

MONTHS_ES = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Noun(NamedTuple):
    """What is counted, for one and for any other number."""

    one: Text
    many: Text


SHEETS = Noun(Text("tally sheet", "acta"), Text("tally sheets", "actas"))
STATIONS = Noun(Text("polling station", "mesa"), Text("polling stations", "mesas"))
VOTES = Noun(Text("vote", "voto"), Text("votes", "votos"))
BALLOTS = Noun(Text("ballot", "voto emitido"), Text("ballots", "votos emitidos"))
VOTERS = Noun(Text("registered voter", "inscrito"), Text("registered voters", "inscritos"))
PLACES = Noun(Text("place", "lugar"), Text("places", "lugares"))
PAIRS = Noun(Text("pair of sheets", "par de actas"), Text("pairs of sheets", "pares de actas"))
STATES = Noun(Text("published state", "estado publicado"), Text("published states", "estados publicados"))
UNIT_SHEETS = SHEETS.many
UNIT_STATIONS = STATIONS.many


def number(value: int) -> Text:
    """A whole number with marks between thousands: 6,137,671 and 6.137.671."""
    return Text(f"{value:,}", f"{value:,}".replace(",", "."))


def signed(value: int) -> Text:
    """A change in whole votes, with its sign: +2,697, −1,065, 0."""
    mark = "+" if value > 0 else "\N{MINUS SIGN}" if value < 0 else ""
    plain = number(abs(value))
    return Text(mark + plain.en, mark + plain.es)


def amount(value: int, noun: Noun) -> Text:
    """How many of what: 1 tally sheet, 549 tally sheets."""
    name = noun.one if abs(value) == 1 else noun.many
    plain = number(value)
    return Text(f"{plain.en} {name.en}", f"{plain.es} {name.es}")


def moment(when: dt.datetime, zone: ZoneInfo) -> Text:
    """A time in the election's zone: 20 Oct 2019, 19:40:57."""
    local = when.astimezone(zone)
    clock = f"{local:%H:%M:%S}"
    return Text(
        f"{local.day} {MONTHS_EN[local.month - 1]} {local.year}, {clock}",
        f"{local.day} {MONTHS_ES[local.month - 1]} {local.year}, {clock}",
    )


def listed(parts: list[Text]) -> Text:
    """Parts in one sentence, separated by commas."""
    return Text(", ".join(part.en for part in parts), ", ".join(part.es for part in parts))


def chance(probability: float) -> Text:
    """A probability for a sentence: three significant digits, Spanish with a decimal comma."""
    shown = f"{probability:.3g}"
    return Text(shown, shown.replace(".", ","))
