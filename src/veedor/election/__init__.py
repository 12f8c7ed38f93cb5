"""Election: what is counted, read from election.toml; errors name file, table and key."""

from veedor.election.base import Identifier, Names
from veedor.election.clocks import Clock, EarlierVote, Grouping, PlainTable, PublicationTimes, SheetTimes
from veedor.election.definition import (
    Choice,
    Contest,
    Count,
    Election,
    Interruption,
    Level,
    Question,
    Reference,
    Source,
)
from veedor.election.layout import IN_TOTALS, STATUSES, Column, Columns, Format, Layout, Long, Status
from veedor.election.rules import (
    Base,
    HighestAverages,
    LargestRemainder,
    Plurality,
    Quorum,
    Rule,
    Supermajority,
    Threshold,
    TwoRound,
)

__all__ = [
    "IN_TOTALS",
    "STATUSES",
    "Base",
    "Choice",
    "Clock",
    "Column",
    "Columns",
    "Contest",
    "Count",
    "EarlierVote",
    "Election",
    "Format",
    "Grouping",
    "HighestAverages",
    "Identifier",
    "Interruption",
    "LargestRemainder",
    "Layout",
    "Level",
    "Long",
    "Names",
    "PlainTable",
    "Plurality",
    "PublicationTimes",
    "Question",
    "Quorum",
    "Reference",
    "Rule",
    "SheetTimes",
    "Source",
    "Status",
    "Supermajority",
    "Threshold",
    "TwoRound",
]
