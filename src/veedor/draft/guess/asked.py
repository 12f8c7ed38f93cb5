"""What a person is asked of a file, and what is left to do in its definition."""

from collections.abc import Collection, Mapping, Sequence

import polars as pl

from veedor.draft.guess.figures import Figures, at_most
from veedor.draft.guess.found import Named
from veedor.draft.guess.long import LongGuess
from veedor.draft.guess.station import StationGuess
from veedor.draft.guess.votes import VoteGuess
from veedor.draft.vocabulary import level_of
from veedor.election import Status
from veedor.election.definition import Question

ABSENT_OR = ("absent", "zero")
SMALL_OR = ("absent and small", "zero")


def absent_words(cells: pl.DataFrame, marks: Figures, file: str) -> list[Question]:
    """Words that stand where figures should: how many there are, and in which columns."""
    found = []
    for word in marks.missing:
        numbers = {name: int((cells[name] == word).sum()) for name in cells.columns if name in marks.columns}
        numbers = {name: number for name, number in numbers.items() if number}
        if not numbers:
            continue
        most = at_most(word)
        what, choices = (
            ("absent figures, masked or missing, or none at all? They are read as absent, which is not zero", ABSENT_OR)
            if most is None
            else (f"figures that are not given since they are {most} or less? They are read so", SMALL_OR)
        )
        listed = ", ".join(f"{name} {number:,}" for name, number in list(numbers.items())[:8])
        text = (
            f"{file}: {sum(numbers.values()):,} cells among the figures say {word!r} ({listed}): {what}"
            f"{_without_any(cells, numbers, word)}"
        )
        where = f"{file}, {'missing' if most is None else 'at_most'}"
        found.append(Question(about=next(iter(numbers)), text=text, choices=choices, where=where))
    return found


def _without_any(cells: pl.DataFrame, columns: Collection[str], word: str) -> str:
    """How many rows say it in all of several columns of figures, in words: sheets that have come, without figures."""
    rows = int(cells.select(pl.all_horizontal(pl.col(list(columns)) == word)).sum().item() or 0)
    if len(columns) < 2 or not rows:
        return ""
    return f"; {rows:,} rows that say it in all of these are read as sheets that have come, without figures"


def annulled(cells: pl.DataFrame, status: Named, words: Mapping[str, Status | None], file: str) -> Question | None:
    """The question what the status words mean that veedor does not know; None where it knows all."""
    unknown = [word for word, known in words.items() if known is None]
    if not unknown:
        return None
    numbers = {word: int((cells[status.column] == word).sum()) for word in unknown}
    listed = ", ".join(f"{word!r} in {number:,} rows" for word, number in list(numbers.items())[:8])
    text = f"{file}: {status.column!r} says {listed}: do these sheets count? They are read as observed, in the totals"
    return Question(about=status.column, text=text, choices=("observed", "withheld", "annulled"), where=file)


def beside_the_station(
    cells: pl.DataFrame, station: StationGuess | None, long: LongGuess | None, file: str
) -> list[str]:
    """Columns of few texts in the station's identifier of a long file that every station has: contests, or modes."""
    if long is None or station is None or len(station.columns) < 2:
        return []
    found = []
    for name in station.columns:
        rest = [other for other in station.columns if other != name]
        words = cells[name].n_unique()
        pairs = cells.select(station.columns).n_unique()
        numbers = cells[name].str.contains(r"^[0-9.,]+$").any()
        if (
            2 <= words <= 12
            and not numbers
            and level_of(name) is None
            and pairs >= 0.8 * words * cells.select(rest).n_unique()
        ):
            found.append(
                f"{file}: each station has rows for each of the {words} texts of {name!r}; if these are contests, name "
                "it under `contest` in the layout, if they are ways of voting under long.add_over"
            )
    return found


def no_votes(unused: Sequence[str], file: str) -> Question:
    """The question of a file in which no column of votes was found: the draft's one choice only keeps the place."""
    return Question(
        about="votes",
        text=f"{file}: no columns of votes were found. The choice 'choice-1' only keeps the place of the real ones: "
        "no total and no outcome of this draft means anything. Which columns hold the votes of each choice?",
        choices=tuple(unused[:12]) or ("none of this file",),
        where=f"{file}, columns.votes",
    )


def todo_of(
    station: StationGuess | None,
    votes: Sequence[VoteGuess],
    long: LongGuess | None,
    words: Mapping[str, Status | None],
    file: str,
) -> list[str]:
    """What a person is to name in the definition: the station, votes, status words."""
    found = []
    if station is None:
        found.append(f"{file}: no column tells the stations apart; name it under columns.station")
    elif station.repeated and station.empty is None:
        found.append(f"{file}: {station.why}; see columns.station")
    if not votes and long is None:
        found.append(f"{file}: no columns of votes were found; name them under columns.votes")
    unknown = [word for word, status in words.items() if status is None]
    if unknown:
        found.append(f"{file}: what do the status words {', '.join(map(repr, unknown))} mean?")
    return found
