"""Invented tally sheets and their sums in plain Python: the truth that the program is held to."""

import random
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One invented tally sheet. place: names from the broadest level down; votes: by choice, in ballot order."""

    number: int
    place: tuple[str, ...]
    registered: int
    votes: tuple[int, ...]
    blank: int
    null: int

    @property
    def valid(self) -> int:
        """Votes for all choices."""
        return sum(self.votes)

    @property
    def cast(self) -> int:
        """Ballots in the box."""
        return self.valid + self.blank + self.null


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What the sheets give when they are added."""

    sheets: int
    registered: int
    votes: tuple[int, ...]
    blank: int
    null: int

    @property
    def valid(self) -> int:
        """Votes for all choices."""
        return sum(self.votes)

    @property
    def cast(self) -> int:
        """Ballots in all boxes."""
        return self.valid + self.blank + self.null


def invented(seed: int, stations: int, weights: Sequence[int], places: Sequence[tuple[str, ...]]) -> list[Sheet]:
    """Sheets of `stations` polling stations, spread over the places in turn; votes go to choices by the weights."""
    chance = random.Random(seed)
    sheets = []
    for number in range(1, stations + 1):
        registered = chance.randint(150, 1_900)
        parts = [weight * chance.uniform(0.6, 1.4) for weight in weights]
        turnout = registered * chance.uniform(0.45, 0.95)
        votes = tuple(int(turnout * 0.93 * part / sum(parts)) for part in parts)
        blank, null = int(turnout * chance.uniform(0, 0.03)), int(turnout * chance.uniform(0, 0.03))
        place = places[number % len(places)]
        sheets.append(Sheet(number=number, place=place, registered=registered, votes=votes, blank=blank, null=null))
    return sheets


def added(sheets: Sequence[Sheet]) -> Truth:
    """The sums of the sheets."""
    return Truth(
        sheets=len(sheets),
        registered=sum(sheet.registered for sheet in sheets),
        votes=tuple(map(sum, zip(*(sheet.votes for sheet in sheets), strict=True))),
        blank=sum(sheet.blank for sheet in sheets),
        null=sum(sheet.null for sheet in sheets),
    )
