"""What is asked about columns: fractions, remarks about sheets, parties together, the rest, names in two ways."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import polars as pl

from veedor.draft.guess.figures import Figures
from veedor.draft.guess.levels import LevelGuess
from veedor.draft.guess.long import alike, loosely
from veedor.draft.guess.station import StationGuess
from veedor.draft.guess.votes import VoteGuess
from veedor.draft.vocabulary import REMARKS, THE_REST, is_code, number_at_end, plain_words, status_of
from veedor.election.definition import Question

FRACTION = r"^[0-9]{1,12}[.,][0-9]*[1-9][0-9]*$"
MOST_REMARKS = 12
MOST_NAMES = 20_000
"""Places of one level whose spellings are compared."""

SHOWN = 8
MOST_PARTS = 16
"""Columns of one choice that a question spells out."""


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


def remarks_in(
    cells: pl.DataFrame, roles: Mapping[str, str], taken: Collection[str], texts_of_sheets: Collection[str], file: str
) -> list[Question]:
    """Columns of a few words about some sheets: perhaps those that do not count.

    texts_of_sheets: columns of texts that say something of whole sheets, under whatever name.
    """
    found = []
    for name in cells.columns:
        about = re.search(REMARKS, plain_words(name)) is not None or roles.get(name) == "status"
        about = about or (name in texts_of_sheets and _annuls(cells[name]))
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


def _annuls(cells: pl.Series) -> bool:
    """True if one of a few words means that a sheet was annulled."""
    words = cells.drop_nulls().unique()
    return len(words) <= MOST_REMARKS and any(status_of(str(word)) == "annulled" for word in words)


def joined_parties(votes: Sequence[VoteGuess], marks: Figures, file: str) -> list[Question]:
    """Choices that several columns were added up for, because the names of some join those of others."""
    found = []
    for vote in votes:
        if len(vote.columns) < 2:
            continue
        sums = {name: int(marks.columns[name].sum() or 0) for name in vote.columns}
        listed = " + ".join(f"{name} {number:,}" for name, number in list(sums.items())[:MOST_PARTS])
        listed += f" + {len(sums) - MOST_PARTS:,} more columns" if len(sums) > MOST_PARTS else ""
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


def rest_of_ballots(votes: Sequence[VoteGuess], marks: Figures, roles: Collection[str], file: str) -> list[Question]:
    """Columns of votes for "others", where no column is known to hold null or valid votes: null votes may be in them.

    roles: the figures that are known.
    """
    if {"null", "valid"} & set(roles):
        return []
    return [
        Question(
            about=column,
            text=f"{file}: {column!r} ({int(marks.columns[column].sum() or 0):,}) was taken for a choice, and no "
            "column is known for null votes: are these votes for other candidates, or null votes, or both?",
            choices=("other candidates", "null votes", "both: name it among the contest's `other` figures"),
            where=f"{file}, column {column}",
        )
        for vote in votes
        for column in vote.columns
        if re.search(THE_REST, plain_words(column))
    ]


def places_without_stations(station: StationGuess | None, file: str) -> list[Question]:
    """Rows whose station is empty, and which are sheets of whole places."""
    if station is None or station.empty is None:
        return []
    text = (
        f"{file}: in {station.repeated:,} rows {station.empty!r} is empty, and their places have no other rows: totals "
        "of places without their stations? They are in the totals, each place as one sheet"
    )
    choices = ("totals of places", "no sheets: name them under `drop`")
    return [Question(about=station.empty, text=text, choices=choices, where=f"{file}, columns.station")]


def spellings_of(cells: pl.DataFrame, levels: Sequence[LevelGuess], file: str) -> list[Question]:
    """Places of one level that differ only by case, blanks, accents or the order of their words."""
    found = []
    for level in levels:
        names = cells[level.column].drop_nulls().unique(maintain_order=True)
        if len(names) > MOST_NAMES or names.str.contains(r"^[0-9]+$").all():  # numbers have one spelling each
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
