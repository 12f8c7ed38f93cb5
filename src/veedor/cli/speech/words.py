"""Words and amounts that several commands print, in the language of the command line."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from veedor.cli.speech import figures
from veedor.cli.texts import TEXTS

if TYPE_CHECKING:
    from veedor.finding import Verdict

NOTHING = "-"
"""In a cell without a figure."""


def per_cent(amount: float, digits: int) -> str:
    """An amount in per cent with `digits` decimals: 47.08 %."""
    return TEXTS.say("amount.per_cent", number=figures(f"{amount:.{digits}f}"))


def per_cent_short(amount: float) -> str:
    """An amount in per cent with the decimals that it has: 5 %, 0.1 %."""
    return TEXTS.say("amount.per_cent", number=figures(f"{amount:g}"))


def between(low: str, high: str) -> str:
    """A range of two numbers that are written already."""
    return TEXTS.say("amount.between", low=low, high=high)


def paired(parts: Iterable[str]) -> str:
    """Parts with `and` between every two."""
    first, *rest = parts
    for second in rest:
        first = TEXTS.say("amount.pair", first=first, second=second)
    return first


def verdict_word(verdict: "Verdict") -> str:
    """A verdict as tables show it."""
    return TEXTS.say(f"verdict.{verdict.value}")
