"""Words of the interruption's findings that more than one layer uses."""

from veedor.finding import Text
from veedor.interruption.texts import TEXTS
from veedor.wording import points

SHEETS = TEXTS.say("sentences.sheets")

SIGNIFICANT = 0.05
"""The level of every test."""

GEOGRAPHY = TEXTS.say("sentences.geography")


def lead_words(lead: float | None) -> Text:
    """A group's lead in points; in words where it holds no valid vote."""
    return TEXTS.say("sentences.lead_words") if lead is None else points(lead)
