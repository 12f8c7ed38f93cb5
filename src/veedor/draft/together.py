"""Files that hold the same sheets in parts: votes here, roll and blank votes there, places in a third, by one key."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import polars as pl

from veedor.draft.guess.found import Guess, Named
from veedor.draft.guess.station import StationGuess
from veedor.draft.open_file import Opened
from veedor.draft.vocabulary import WAYS, plain_words, role_of
from veedor.election.definition import Question
from veedor.sheets.formats.whole_numbers import plain_digits

MATCH = 0.5
"""Share of the keys of the smaller file that the other must have for both to be about the same stations."""

SURE = 0.95
"""The same for columns that are called differently; and the share of stations in which a sum must hold."""

PARTS_OF_VOTES = rf"{WAYS}|\b(paper|papel|hartien\w*|mashin\w*|maquina|electronic\w*|cabina|booth)\b"
"""What names of files say that hold the votes of one way of voting."""


@dataclass(frozen=True, kw_only=True)
class Beside:
    """A file that is joined to the sheets of another. by: station, or a level; guess: what it adds, no votes."""

    guess: Guess
    by: str
    levels: Mapping[str, str]
    questions: tuple[Question, ...] = field(default=())


def choices_of(guess: Guess) -> int:
    """How many choices a file has votes for."""
    return len(guess.long.labels) if guess.long is not None else len(guess.votes)


def beside(main: Guess, other: Guess) -> Beside | None:
    """How the other file adds to the sheets of the main one; None where it does not, or may hold votes of its own."""
    if main.station is None or other.opened.path == main.opened.path:
        return None
    key = _key(main, main.station.columns, other)
    if key is not None and _is_no_count(main, other, key):
        if not hold_other_choices(main, other) or _whole(main, other, key) is not None:
            return _joined(main, other, key, "station")
        if are_the_sum(whole_of_all([main, other])):
            return None
        found = _joined(main, other, key, "station")
        return replace(found, questions=(*found.questions, *_left_aside(other, found)))
    for level in main.levels:
        at = _key(main, (level.column,), other)
        if at is not None and choices_of(other) < 2:
            return _joined(main, other, at, level.id)
    return None


def of_each_file(files: Sequence[Opened], guess: Guess) -> bool:
    """Whether files of the same columns hold one column of votes each for the same stations: a file for each choice."""
    if guess.long is not None or guess.station is None or choices_of(guess) != 1 or len(files) < 2:
        return False
    if any(re.search(PARTS_OF_VOTES, plain_words(file.path.stem)) for file in files):
        return False
    columns = list(guess.station.columns)
    keys = [file.cells.select(columns).drop_nulls() for file in files]
    first = keys[0].unique()
    return all(
        not own.is_duplicated().any() and own.join(first, on=columns, how="semi").height >= SURE * max(own.height, 2)
        for own in keys
    )


def hold_other_choices(main: Guess, other: Guess) -> bool:
    """Whether two wide files hold votes of other choices for the same stations, which both call alike."""
    if main.station is None or other.station is None or main.long is not None or other.long is not None:
        return False
    columns = main.station.columns
    if other.station.columns != columns or {one.name for one in main.votes} & {one.name for one in other.votes}:
        return False
    tables = (main.opened.cells, other.opened.cells)
    if any(table.select(columns).is_duplicated().any() for table in tables):
        return False
    return bool(main.votes) and bool(other.votes) and _matches(tables[0], columns, other, columns, SURE)


def whole_of_all(guesses: Sequence[Guess]) -> tuple[str, int, int] | None:
    """The valid votes that one of the files states: its column, in how many stations all give it, and of how many."""
    sums = [found for guess in guesses if (found := _sums(guess)) is not None]
    added = pl.concat(sums).group_by("key").agg(pl.col("votes").sum())
    for guess in guesses:
        if guess.station is None or "valid" not in guess.figures:
            continue
        stated = guess.opened.cells.select(pl.concat_str(guess.station.columns, separator="-").alias("key"))
        both = stated.with_columns(_again(guess, guess.figures["valid"].column).alias("valid")).join(added, on="key")
        return guess.figures["valid"].column, int((both["valid"] == both["votes"]).sum()), both.height
    return None


def are_the_sum(stated: tuple[str, int, int] | None) -> bool:
    """Whether what `whole_of_all` found speaks for one contest."""
    return stated is not None and stated[2] > 0 and stated[1] >= SURE * stated[2]


def _left_aside(other: Guess, found: Beside) -> list[Question]:
    """Whether a column of the other file that may be votes, and is not read, holds votes of one more choice."""
    file, taken = other.opened.path.name, {named.column for named in found.guess.figures.values()}
    questions = []
    for name in (column for vote in other.votes for column in vote.columns if column not in taken):
        if role_of(name) is not None:
            continue
        whole = int(_again(other, name).sum() or 0)
        text = (
            f"{file}: {name!r} ({whole:,}) is not read: is it the votes of one more choice? "
            "No sum says so; its stations are those of the other file"
        )
        choices = ("not read", "votes of one more choice: name it under columns.votes")
        questions.append(Question(about=name, text=text, choices=choices, where=f"{file}, column {name}"))
    return questions


def _key(main: Guess, columns: Sequence[str], other: Guess) -> tuple[str, ...] | None:
    """The columns of the other file that hold the same key, once in each row (or in each row of a label)."""
    table, there = main.opened.cells, other.opened.cells
    if set(columns) <= set(there.columns):
        return tuple(columns) if _matches(table, columns, other, columns, MATCH) else None
    if len(columns) > 1:
        return None
    for name in there.columns:
        if name not in other.figures and _matches(table, columns, other, (name,), SURE):
            return (name,)
    return None


def _matches(table: pl.DataFrame, columns: Sequence[str], other: Guess, own: Sequence[str], share: float) -> bool:
    here = table.select(columns).drop_nulls().unique()
    cells = other.opened.cells.select(own).drop_nulls()
    there = cells.unique()
    once = other.long is not None or there.height == cells.height
    if not once or there.height < 2 or here.height < 2:
        return False
    common = there.join(here, left_on=list(own), right_on=list(columns), how="semi").height
    return common >= share * min(here.height, there.height)


def _is_no_count(main: Guess, other: Guess, key: Sequence[str]) -> bool:
    """True if what looks like votes in the other file is none: too few, called otherwise, or the sum of the main's."""
    if choices_of(other) < 2:
        return True
    if other.long is not None:
        return bool(other.long.special) and choices_of(other) < choices_of(main)
    names = [column for vote in other.votes for column in vote.columns]
    return all(role_of(name) is not None for name in names) or _whole(main, other, key) is not None


def _whole(main: Guess, other: Guess, key: Sequence[str]) -> str | None:
    """The column of the other file that holds what the choices of each sheet add up to."""
    sums = _sums(main)
    if sums is None:
        return None
    figures = [name for name in other.marks.columns if name not in key]
    table = other.opened.cells.select(pl.concat_str(key, separator="-").alias("key"))
    table = table.with_columns(_again(other, name).alias(f"figure {place}") for place, name in enumerate(figures))
    both = table.join(sums, on="key", how="inner").filter(pl.col("votes") > 0)
    if both.height < 2:
        return None
    equal = {name: int((both[f"figure {place}"] == both["votes"]).sum()) for place, name in enumerate(figures)}
    named = [name for name, number in equal.items() if number >= SURE * both.height]
    return next((name for name in named if role_of(name) == "valid"), named[0] if named else None)


def _again(guess: Guess, name: str) -> pl.Series:
    """A column's figures in all rows of the file."""
    return (
        plain_digits(guess.opened.cells[name])
        .str.replace_all(guess.marks.thousands or "\0", "", literal=True)
        .cast(pl.Int64, strict=False)
    )


def _sums(main: Guess) -> pl.DataFrame | None:
    """The votes of all choices by key."""
    if main.station is None:
        return None
    key = pl.concat_str(main.station.columns, separator="-").alias("key")
    cells = main.opened.cells
    if main.long is not None:
        label = pl.coalesce(main.long.choice)
        rows = cells.select(key, label.alias("label"), _again(main, main.long.votes).alias("votes"))
        rows = rows.filter(pl.col("label").is_in(list(main.long.labels)))
    else:
        columns = [column for vote in main.votes for column in vote.columns]
        whole = sum((_again(main, column).fill_null(0).to_numpy() for column in columns), np.int64(0))
        rows = cells.select(key).with_columns(pl.Series("votes", whole, dtype=pl.Int64))
    return rows.group_by("key").agg(pl.col("votes").sum())


def _joined(main: Guess, other: Guess, key: tuple[str, ...], by: str) -> Beside:
    """What the other file adds: its figures that have a role, and its places."""
    there = main.opened.path.name
    whole = _whole(main, other, key) if by == "station" else None
    figures = {role: named for role, named in other.figures.items() if by == "station" and named.column not in key}
    if whole is not None:
        figures["valid"] = Named(column=whole, why=f"what the votes of {there} add up to")
    figures = {role: named for role, named in figures.items() if role == "valid" or named.column != whole}
    own = {level.column for level in main.levels}
    taken = {*key, *(named.column for named in figures.values())}
    levels = {level.id: level.column for level in other.levels if level.column not in taken}
    common = {level for level, column in levels.items() if column in own}
    levels = {level: column for level, column in levels.items() if level not in common}
    questions = [*other.opened.asked, *(_labels_left(other) if other.long is not None else [])]
    questions += _unmatched(main, other, key, by)
    stations = other.opened.cells.select(key).n_unique()
    words = " and ".join(map(repr, key))
    why = f"the key that {there} has, too: {words}, {stations:,} of them"
    station = StationGuess(columns=key, why=why, repeated=0, stations=stations)
    long = other.long
    if long is not None:
        long = replace(long, labels=(), ignore=(*long.ignore, *long.labels))
    used = {*taken, *levels.values()}
    guess = replace(
        other,
        station=station,
        figures=figures,
        votes=(),
        long=long,
        levels=tuple(level for level in other.levels if level.id in levels),
        unused=tuple(name for name in other.opened.cells.columns if name not in used),
        todo=(),
        questions=(),
    )
    return Beside(guess=guess, by=by, levels=levels, questions=tuple(questions))


def _labels_left(other: Guess) -> list[Question]:
    """What the labels of a long file hold that are neither blank nor null votes, and no choices of the main file."""
    long = other.long
    if long is None or not long.labels:
        return []
    cells = other.opened.cells
    rows = cells.select(pl.coalesce(long.choice).alias("label"), _again(other, long.votes).alias("votes"))
    held = dict(rows.group_by("label").agg(pl.col("votes").sum()).iter_rows())
    listed = ", ".join(f"{label!r} {held.get(label, 0):,}" for label in long.labels[:8])
    file = other.opened.path.name
    text = f"{file}: {long.choice[0]!r} has labels that are no choices of the other file ({listed}): they are not read"
    choices = ("no votes for choices", "choices: name them under long.labels")
    return [Question(about=long.labels[0], text=text, choices=choices, where=f"{file}, column {long.choice[0]}")]


def _unmatched(main: Guess, other: Guess, key: Sequence[str], by: str) -> list[Question]:
    """How many keys only one of the files has."""
    columns = main.station.columns if by == "station" and main.station else [_column(main, by)]
    here = main.opened.cells.select(columns).drop_nulls().unique()
    there = other.opened.cells.select(key).drop_nulls().unique()
    only = [
        (here.join(there, left_on=list(columns), right_on=list(key), how="anti"), main.opened.path.name),
        (there.join(here, left_on=list(key), right_on=list(columns), how="anti"), other.opened.path.name),
    ]
    found = [
        f"{table.height:,} only in {name} (such as {'-'.join(map(str, table.row(0)))})"
        for table, name in only
        if table.height
    ]
    if not found:
        return []
    file = other.opened.path.name
    what = "stations" if by == "station" else f"places of the level {by}"
    text = f"{file}: {what} that one file lacks: {'; '.join(found)}. What it would say of them is absent: is that so?"
    return [Question(about=file, text=text, choices=("absent", "the files do not belong together"), where=file)]


def _column(main: Guess, level: str) -> str:
    return next(one.column for one in main.levels if one.id == level)


def added_up(files: Sequence[Opened], guess: Guess) -> tuple[tuple[Path, ...], list[Question]]:
    """Files of the same columns and stations whose names say that they hold parts of the votes, but for the first.

    Where the names do not say so it is asked, and nothing is added up.
    """
    if guess.station is None or len(files) < 2 or choices_of(guess) < 2:
        return (), []
    keys = [file.cells.select(guess.station.columns).drop_nulls().unique() for file in files]
    columns = list(guess.station.columns)
    added: list[Path] = []
    questions: list[Question] = []
    for place, (file, own) in enumerate(zip(files, keys, strict=True)):
        for earlier, seen in zip(files[:place], keys[:place], strict=True):
            common = own.join(seen, on=columns, how="semi").height
            if common < MATCH * min(own.height, seen.height) or not common:
                continue
            parts = all(re.search(PARTS_OF_VOTES, plain_words(one.path.stem)) for one in (file, earlier))
            names = f"{earlier.path.name} and {file.path.name}"
            alone = [f"{len(one) - common:,} only in {name.path.name}" for one, name in ((seen, earlier), (own, file))]
            lacks = f" ({', '.join(alone)}, whose other votes are absent)" if common < max(len(own), len(seen)) else ""
            taken = "They are added up" if parts else "They are not added up"
            text = (
                f"{names} have the same columns and {common:,} stations in common{lacks}: the votes of two ways of "
                f"voting, or two states of one count? {taken}"
            )
            choices = ("added up", "two states: give each its time") if parts else ("two states", 'add = "station"')
            questions.append(Question(about=file.path.name, text=text, choices=choices, where=names))
            added += [file.path] if parts else []
            break
    return tuple(added), questions
