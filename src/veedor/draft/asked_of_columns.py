"""What is asked about columns: fractions, remarks about sheets, parties together, names written in two ways."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import polars as pl

from veedor.draft.guess.figures import Figures
from veedor.draft.guess.levels import LevelGuess
from veedor.draft.guess.long import alike, loosely
from veedor.draft.guess.votes import VoteGuess
from veedor.draft.vocabulary import REMARKS, is_code, number_at_end, plain_words
from veedor.election.definition import Question

FRACTION = r"^[0-9]{1,12}[.,][0-9]*[1-9][0-9]*$"
MOST_REMARKS = 12
MOST_NAMES = 20_000
"""Places of one level whose spellings are compared."""

SHOWN = 8


def fractions_in(cells: pl.DataFrame, marks: Figures, roles: Mapping[str, str], file: str) -> list[Question]:
    """Columns of numbers that are no whole numbers, and are neither shares nor coordinates by their names."""
    found = []
    for name in cells.columns:
        if name in marks.columns or roles.get(name) in (*("ignored", "latitude", "longitude", "arrived", "station"),):
            continue
        texts = cells[name].drop_nulls()
        fractions = texts.str.contains(FRACTION)
        numbers = fractions | texts.str.contains(r"^[0-9]{1,12}([.,]0*)?$")
        if not fractions.any() or int(numbers.sum()) < 0.9 * len(texts):
            continue
        example = texts.filter(fractions)[0]
        text = (
            f"{file}: {name!r} holds fractions ({example!r} and others, in {int(fractions.sum()):,} of {len(texts):,} "
            "rows): votes that were shared, or a share in per cent? It is not read"
        )
        choices = ("not votes", "votes with fractions, which are not counted yet")
        found.append(Question(about=name, text=text, choices=choices, where=f"{file}, column {name}"))
    return found


def remarks_in(cells: pl.DataFrame, roles: Mapping[str, str], taken: Collection[str], file: str) -> list[Question]:
    """Columns of a few words about some sheets: perhaps those that do not count."""
    found = []
    for name in cells.columns:
        about = re.search(REMARKS, plain_words(name)) is not None or roles.get(name) == "status"
        if not about or name in taken or is_code(name):
            continue
        words = cells[name].drop_nulls().value_counts(sort=True)
        texts = [(str(word), int(number)) for word, number in words.iter_rows()]
        if texts and texts[0][1] == cells.height:
            continue  # the same of every sheet
        if not 1 <= len(texts) <= MOST_REMARKS or all(number == 1 for _, number in texts[:2]):
            continue
        listed = ", ".join(f"{word!r} {number:,}" for word, number in texts[:SHOWN])
        text = (
            f"{file}: {name!r} says something of sheets ({listed} of {cells.height:,} rows): do all of them count? "
            "All are in the totals"
        )
        choices = ("all count", f"some do not: name {name} as columns.status")
        found.append(Question(about=name, text=text, choices=choices, where=f"{file}, column {name}"))
    return found


def joined_parties(votes: Sequence[VoteGuess], marks: Figures, file: str) -> list[Question]:
    """Choices that several columns were added up for, because the names of some join those of others."""
    found = []
    for vote in votes:
        if len(vote.columns) < 2:
            continue
        sums = {name: int(marks.columns[name].sum() or 0) for name in vote.columns}
        listed = " + ".join(f"{name} {number:,}" for name, number in sums.items())
        text = (
            f"{file}: {vote.name!r} is {listed} = {sum(sums.values()):,}, since the names of these columns join one "
            "another: one choice of several parties, or choices of their own?"
        )
        choices = ("one choice", "a choice for each column")
        found.append(Question(about=vote.name, text=text, choices=choices, where=f"{file}, columns.votes"))
    return found


def named_otherwise(votes: Sequence[VoteGuess], marks: Figures, file: str) -> list[Question]:
    """Columns of votes beside many that are numbered alike (`p_3`, `p_4`), and are not: null votes, perhaps."""
    names = [column for vote in votes for column in vote.columns]
    stems = Counter(name.removesuffix(number_at_end(name)) for name in names if number_at_end(name))
    stem, times = max(stems.items(), key=lambda one: one[1], default=("", 0))
    if not stem or times < max(4, 0.8 * len(names)):
        return []
    return [
        Question(
            about=name,
            text=f"{file}: {name!r} ({int(marks.columns[name].sum() or 0):,}) was taken for a choice beside {times:,} "
            f"columns that are called {stem!r} and a number: is it one, or null or blank votes?",
            choices=("a choice", "null votes", "blank votes"),
            where=f"{file}, column {name}",
        )
        for name in names
        if not name.startswith(stem)
    ]


def spellings_of(cells: pl.DataFrame, levels: Sequence[LevelGuess], file: str) -> list[Question]:
    """Places of one level that differ only by case, blanks, accents or the order of their words."""
    found = []
    for level in levels:
        names = cells[level.column].drop_nulls().unique(maintain_order=True)
        if len(names) > MOST_NAMES:
            continue
        near: dict[str, list[str]] = {}
        for name in names:
            near.setdefault(loosely(name) or alike(name), []).append(name)
        several = [words for words in near.values() if len(words) > 1]
        if several:
            listed = "; ".join(" and ".join(map(repr, words)) for words in several[:4])
            text = (
                f"{file}: {len(several):,} place{'s' if len(several) > 1 else ''} of {level.column!r} may be written "
                f"in several ways: {listed}. They are taken for different places"
            )
            choices = ("different places", "the same: bring them into one spelling")
            found.append(Question(about=level.column, text=text, choices=choices, where=f"{file}, levels"))
    return found
