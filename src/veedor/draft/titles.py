"""Headers of several rows: titles above, below each the same few columns, of which one is meant."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from veedor.draft.vocabulary import plain_words
from veedor.election import BETWEEN
from veedor.election.definition import Question

MOST_ROWS = 5
REPEATED = 0.3
"""Share of the names in a row that others repeat, from which on the rows above tell them apart."""

EVERYWHERE = 0.6
"""Share of the titles under which a column must stand for it to be one of those that each title has."""

MOST_OF_THEM = 0.8
"""Share of the columns below titles that these must be."""

FEWEST = 3
"""Titles below which columns repeat."""

EARLIER = r"vorperiode|vorwahl|previous|prior|anterior|\blast\b|precedent|vorher|prev\b"
SHARES = r"^%|%$|\b(percent\w*|prozent|anteil|pct|porcentaje|share|in %|por ciento)\b"
CHANGES = r"\b(diff\w*|differenz|change|swing|gewinn\w*|variacion|vs)\b"
MEANT = r"zweit|second vote|list vote|party vote|\bvotes?\b|\bvotos?\b|\bvoix\b|\bstimmen\b|\bvoti\b"


@dataclass(frozen=True, kw_only=True)
class Titled:
    """The columns that are looked at: place and name of each, and what is asked about the others."""

    columns: tuple[tuple[int, str], ...]
    asked: tuple[Question, ...]


def rows_of_names(records: Sequence[Sequence[str]], row: int) -> int:
    """How many rows hold names, up to this one (from 1): more than one where its own names repeat."""
    last = [cell.strip() for cell in records[row - 1]]
    filled = [cell for cell in last if cell]
    if not filled or len(set(filled)) > (1 - REPEATED) * len(filled):
        return 1
    number = 1
    while number < min(row, MOST_ROWS):
        above = [cell.strip() for cell in records[row - 1 - number]]
        names = [cell for cell in above if cell]
        if len(names) < 2 or any(re.fullmatch(r"[-+]?\d[\d.,\s]*%?", cell) for cell in names):
            break
        number += 1
    return number


def titled(names: Sequence[str], file: str) -> Titled | None:
    """Of the columns that each title has the one that is meant, called by the title; and those without a title.

    None where the titles do not have the same columns.
    """
    parts = [tuple(name.split(BETWEEN)) for name in names]
    under = Counter(lower for _, *rest in parts if (lower := tuple(rest)))
    titles = {one[0] for one in parts if len(one) > 1}
    ways = [lower for lower, number in under.items() if number >= EVERYWHERE * len(titles)]
    below = sum(len(one) > 1 for one in parts)
    if len(titles) < FEWEST or sum(under[way] for way in ways) < MOST_OF_THEM * below:
        return None
    chosen = min(ways, key=lambda way: (_rank(way), ways.index(way)))
    own = [(place, one[0] if one[1:] == chosen else names[place]) for place, one in enumerate(parts)]
    kept = tuple((place, name) for place, name in own if parts[place][1:] in ((), chosen))
    others = [way for way in ways if way != chosen and not _is_share(way)]
    if not others:
        return Titled(columns=kept, asked=())
    words, listed = repr(BETWEEN.join(chosen)), ", ".join(repr(BETWEEN.join(way)) for way in others)
    text = (
        f"{file}: each of {len(titles):,} names in the header has columns for {words} and for {listed}: which are "
        f"meant? Those for {words} were taken, the others are not read"
    )
    choices = tuple(BETWEEN.join(way) for way in (chosen, *others))
    return Titled(
        columns=kept, asked=(Question(about=choices[0], text=text, choices=choices, where=f"{file}, header"),)
    )


def _is_share(way: Sequence[str]) -> bool:
    return any(re.search(SHARES, plain_words(word)) or "%" in word for word in way)


def _rank(way: Sequence[str]) -> int:
    """How unlikely it is that these columns hold the votes that are meant."""
    words = " ".join(map(plain_words, way))
    unlikely = 4 * _is_share(way) + 4 * bool(re.search(CHANGES, words)) + 4 * bool(re.search(EARLIER, words))
    return unlikely + (not re.search(MEANT, words))
