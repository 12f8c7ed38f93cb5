"""Words of the interruption's findings that more than one layer uses."""

from veedor.finding import Text
from veedor.wording import points

SHEETS = Text("tally sheets", "actas")

SIGNIFICANT = 0.05
"""The level of every test."""

GEOGRAPHY = Text(
    "Sheets do not arrive at random: cities transmit before the countryside, near consulates before far ones, and a "
    "place that is late may vote unlike one that is early.",
    "Las actas no llegan al azar: las ciudades transmiten antes que el campo y los consulados cercanos antes que los "
    "lejanos, y un lugar que llega tarde puede votar de otro modo que uno que llega temprano.",
)


def lead_words(lead: float | None) -> Text:
    """A group's lead in points; in words where it holds no valid vote."""
    return Text("none: no valid vote", "ninguna: sin votos válidos") if lead is None else points(lead)
