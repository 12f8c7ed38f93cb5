"""What the checks count, and amounts of it, as sentences write them in English and Spanish."""

from typing import NamedTuple

from veedor.finding import Text
from veedor.wording import number


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


def amount(value: int, noun: Noun) -> Text:
    """How many of what: 1 tally sheet, 549 tally sheets."""
    name = noun.one if abs(value) == 1 else noun.many
    plain = number(value)
    return Text(f"{plain.en} {name.en}", f"{plain.es} {name.es}")


def listed(parts: list[Text]) -> Text:
    """Parts in one sentence, separated by commas."""
    return Text(", ".join(part.en for part in parts), ", ".join(part.es for part in parts))


def chance(probability: float) -> Text:
    """A probability for a sentence: three significant digits, Spanish with a decimal comma."""
    shown = f"{probability:.3g}"
    return Text(shown, shown.replace(".", ","))
