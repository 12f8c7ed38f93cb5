"""The guesses of all files put together: which share a layout, which are a series, one list of choices and levels."""

import datetime as dt
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from veedor.draft.evidence import NotRead
from veedor.draft.guess.found import ContestGuess, Guess
from veedor.draft.guess.guess import guess_of
from veedor.draft.guess.levels import LevelGuess
from veedor.draft.guess.nist import nist_part
from veedor.draft.open_file import Opened, alike, check_document, open_unknown
from veedor.draft.together import (
    added_up,
    are_the_sum,
    beside,
    choices_of,
    hold_other_choices,
    of_each_file,
    whole_of_all,
)
from veedor.draft.vocabulary import LEVELS, PRELIMINARY, plain_words, slug
from veedor.election.definition import Question
from veedor.election.patterns import pattern_of
from veedor.sheets.formats.unpack import members, read_raw
from veedor.sheets.pieces import matching
from veedor.wording import UNKNOWN_DATE

TIMES = (
    (r"\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}", "%Y-%m-%dT%H-%M-%S"),
    (r"\d{4}\.\d{2}\.\d{2}\.\d{2}\.\d{2}\.\d{2}", "%Y.%m.%d.%H.%M.%S"),
    (r"\d{4}-\d{2}-\d{2}[_-]\d{2}-\d{2}-\d{2}", "%Y-%m-%d_%H-%M-%S"),
    (r"\d{8}_\d{6}", "%Y%m%d_%H%M%S"),
    (r"\d{8}-\d{6}", "%Y%m%d-%H%M%S"),
    (r"\d{8}T\d{6}", "%Y%m%dT%H%M%S"),
    (r"\d{14}", "%Y%m%d%H%M%S"),
    (r"\d{4}-\d{2}-\d{2}T\d{2}-\d{2}", "%Y-%m-%dT%H-%M"),
    (r"\d{8}_\d{4}", "%Y%m%d_%H%M"),
    (r"\d{12}", "%Y%m%d%H%M"),
)
"""How times stand in file names."""

DATES = ((r"\d{4}-\d{2}-\d{2}", "%Y-%m-%d"), (r"\d{8}", "%Y%m%d"), (r"\d{2}-\d{2}-\d{4}", "%d-%m-%Y"))


@dataclass(frozen=True, kw_only=True)
class SourceGuess:
    """One file, or a pattern of files with their times."""

    layout: str
    file: str | None = None
    pattern: str | None = None
    member: str | None = None
    time: dt.datetime | None = None
    join: str | None = None
    add: bool = False
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class CountGuess:
    """One count and its files."""

    id: str
    kind: str
    name: str
    why: str
    sheets: int
    sources: tuple[SourceGuess, ...]


@dataclass(frozen=True, kw_only=True)
class Part:
    """Files of one layout. levels, votes: id -> column(s); contest: a NIST contest's id; files: relative names.

    join: by what the files are joined to the sheets of another part. added: files of the part whose votes are added.
    dated: the files are states of the same stations, each of the day in its name.
    """

    layout: str
    guess: Guess
    files: tuple[Opened, ...]
    levels: Mapping[str, str] = field(default_factory=dict)
    votes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    vote_whys: Mapping[str, str] = field(default_factory=dict)
    contest: str | None = None
    join: str | None = None
    added: tuple[Path, ...] = ()
    dated: bool = False


@dataclass(frozen=True, kw_only=True)
class Planned:
    """Everything that the definition says. choices: id -> name; choice_of: label of a long file -> id."""

    id: str
    name: str
    date: dt.date
    date_why: str
    folder: Path
    files: tuple[str, ...]
    levels: tuple[LevelGuess, ...]
    contest: ContestGuess | None
    contest_id: str
    contest_name: str
    choices: Mapping[str, str]
    choice_of: Mapping[str, str]
    counts: tuple[CountGuess, ...]
    parts: tuple[Part, ...]
    todo: tuple[str, ...]
    questions: tuple[Question, ...] = ()
    not_read: tuple[NotRead, ...] = ()


def planned_for(identifier: str, paths: Sequence[Path], opened_so_far: Callable[[int], None] | None = None) -> Planned:
    """Open all files and put together what they say. opened_so_far: told how many of them are open."""
    folder = Path(os.path.commonpath([path.resolve().parent for path in paths]))
    opened: list[Opened] = []
    for path in paths:
        opened.append(open_unknown(path.resolve()))
        if opened_so_far is not None:
            opened_so_far(len(opened))
    names = tuple(str(file.path.relative_to(folder)) for file in opened)
    opened = _documents_together(opened)
    for file in opened:
        check_document(file)
    choices: dict[str, str] = {}
    choice_of: dict[str, str] = {}
    found, not_read, questions = _parts(opened)
    parts = [_with_choices(part, choices, choice_of) for part in found]
    questions += _other_choices(parts)
    date, date_why = _date(opened)
    contest = next((part.guess.contest for part in parts if part.guess.contest is not None), None)
    contest_name = (contest.name or contest.value) if contest is not None else "Contest"
    return Planned(
        id=identifier,
        name=identifier,
        date=date,
        date_why=date_why,
        folder=folder,
        files=names,
        levels=_levels(parts),
        contest=contest,
        contest_id=slug(plain_words(contest_name).replace(" ", "-"), set(), "contest") if contest else "contest",
        contest_name=contest_name,
        choices=choices,
        choice_of=choice_of,
        counts=tuple(_counts(parts, folder)),
        parts=tuple(parts),
        todo=tuple(todo for part in parts for todo in part.guess.todo),
        questions=tuple(dict.fromkeys([*(one for part in parts for one in part.guess.questions), *questions])),
        not_read=tuple(not_read),
    )


def _documents_together(opened: Sequence[Opened]) -> list[Opened]:
    """The files, JSON documents of one row each that lie in one folder being one."""
    found: list[Opened] = []
    folders: dict[Path, list[Opened]] = {}
    for file in opened:
        if file.format == "json" and file.rows == "" and file.member is None:
            folders.setdefault(file.path.parent, []).append(file)
        else:
            found.append(file)
    for files in folders.values():
        cells = pl.concat([file.cells for file in files], how="diagonal")
        header = dict.fromkeys(name for file in files for name in file.header)
        address = {name: known for file in files for name, known in file.address.items()}
        rest = tuple(file.path for file in files[1:])
        found.append(replace(files[0], cells=cells, header=tuple(header), address=address, documents=rest))
    return found


def _parts(opened: Sequence[Opened]) -> tuple[list[Part], list[NotRead], list[Question]]:
    """Files of the same columns share a layout; the largest is looked at. What is not read, and what is asked."""
    opened = [_with_votes(file) for file in opened]
    groups = _of_one_shape(opened)
    parts: list[Part] = []
    not_read = [one for file in opened for one in file.not_read]
    not_read += [_named(one, f"other columns: {', '.join(one.header[:6])}") for file in opened for one in file.others]
    questions: list[Question] = []
    number = 0
    for files in groups.values():
        number += 1
        name = "file" if len(groups) == 1 else f"file-{number}"
        largest = max(files, key=lambda file: file.cells.height)
        if largest.format in ("nist-json", "nist-xml"):
            guess, contest, levels = nist_part(largest)
            parts.append(Part(layout=name, guess=guess, files=tuple(files), contest=contest, levels=levels))
            continue
        guess = guess_of(largest)
        if not any(time_in(file.path.name) for file in files) and of_each_file(files, guess):
            parts += [_of_a_choice(f"{name}-{place}", file) for place, file in enumerate(files, start=1)]
            continue
        together, apart = _of_one_count(largest, guess)
        not_read += apart
        questions += [_of_another(largest, one) for one in apart]
        if together:
            whole = pl.concat([largest.cells, *(one.cells for one in together)])
            guess = guess_of(replace(largest, cells=whole))
        guess = _placed(guess, largest, together)
        levels = {level.id: level.column for level in guess.levels}
        same = [one for one in together if one.sheet == largest.sheet]
        sheets = [one.sheet for one in (largest, *together) if one.sheet is not None and one.sheet != largest.sheet]
        if sheets and largest.sheet is not None:
            guess = replace(guess, opened=replace(guess.opened, sheets=(largest.sheet, *sheets)))
        added, asked = added_up(files, guess) if not all(time_in(file.path.name) for file in files) else ((), [])
        dated = bool(asked) and not added and _days_differ(files)
        questions += [] if dated else asked
        files = [*(file for file in files if file.path not in added), *(file for file in files if file.path in added)]
        parts.append(Part(layout=name, guess=guess, files=(*files, *same), levels=levels, added=added, dated=dated))
    parts, asked = _put_together(parts)
    questions += asked
    parts, asked = _choices_together(parts)
    questions += asked
    if any(_holds_votes(part) for part in parts):
        empty = [part for part in parts if not _holds_votes(part)]
        parts = [part for part in parts if _holds_votes(part)]
        for part in empty:
            columns = ", ".join(part.guess.opened.header[:6])
            why = f"no votes were found in its columns ({columns} ...)"
            not_read += [replace(_named(file, why), worksheet=file.sheet) for file in part.files]
    questions += [_not_read(one) for one in not_read if one.rows]
    questions += _written_otherwise(parts)
    return parts, not_read, list(dict.fromkeys(questions))


def _of_one_shape(opened: Sequence[Opened]) -> dict[object, list[Opened]]:
    """The files by their format and columns."""
    groups: dict[object, list[Opened]] = {}
    for file in opened:
        shape = (
            file.format,
            file.encoding,
            file.delimiter,
            file.header_row,
            file.sheet,
            file.rows,
            frozenset(file.header),
        )
        groups.setdefault(shape if file.header else file.path, []).append(file)
    return groups


def _holds_votes(part: Part) -> bool:
    return bool(part.guess.votes) or part.guess.long is not None or part.join is not None


def _put_together(parts: Sequence[Part]) -> tuple[list[Part], list[Question]]:
    """The parts, those that hold more of the sheets of the one with most choices joined to it; and what is asked."""
    able = [part for part in parts if part.guess.opened.header and choices_of(part.guess) > 1]
    if not able:
        return list(parts), []
    main = max(able, key=lambda part: choices_of(part.guess))
    found: list[Part] = []
    questions: list[Question] = []
    others: set[str] = set()
    for part in parts:
        own = beside(main.guess, part.guess) if part is not main and part.guess.opened.header else None
        if own is None:
            found.append(part)
            continue
        found.append(replace(part, guess=own.guess, levels=own.levels, join=own.by))
        questions += own.questions
        others |= set(own.levels)
    own_levels = {level: column for level, column in main.levels.items() if level not in others}
    kept = tuple(level for level in main.guess.levels if level.id in own_levels)
    whole = replace(main, levels=own_levels, guess=replace(main.guess, levels=kept))
    return [whole if part is main else part for part in found], questions


def _of_a_choice(layout: str, file: Opened) -> Part:
    """A file whose one column of votes is a choice's, which is called as the file is."""
    guess = guess_of(file)
    name = " ".join(file.path.stem.split())
    vote = replace(guess.votes[0], id=slug(name, set(), layout), name=name, why="its only votes; the file's name")
    levels = {level.id: level.column for level in guess.levels}
    return Part(layout=layout, guess=replace(guess, votes=(vote,), todo=()), files=(file,), levels=levels)


def _choices_together(parts: Sequence[Part]) -> tuple[list[Part], list[Question]]:
    """The parts, files of other choices of the same stations joined; asked, but where stated sums settle it."""
    able = [part for part in parts if part.join is None and part.guess.votes and len(part.files) == 1]
    main = max(able, key=lambda part: choices_of(part.guess), default=None)
    if main is None:
        return list(parts), []
    kept = [main]
    for part in able:
        if part is not main and all(hold_other_choices(one.guess, part.guess) for one in kept):
            kept.append(part)
    if len(kept) < 2:
        return list(parts), []
    stated = whole_of_all([part.guess for part in kept])
    joined = [replace(part, join="station") if part in kept[1:] else part for part in parts]
    if are_the_sum(stated):
        return joined, []
    names = [part.guess.opened.path.name for part in kept]
    listed = "; ".join(
        f"{', '.join(vote.name for vote in part.guess.votes[:4])} in {name}"
        for part, name in zip(kept[:6], names, strict=False)
    )
    sums = f"{stated[0]!r} is their sum in {stated[1]:,} of {stated[2]:,} stations" if stated else "no sum settles it"
    text = (
        f"{' and '.join(names[:4])} have the same stations and other choices ({listed}): the choices of one contest? "
        f"They were taken for that; {sums}"
    )
    choices = ("one contest", "a contest for each file")
    return joined, [Question(about=names[1], text=text, choices=choices, where=" and ".join(names[:4]))]


def _placed(guess: Guess, opened: Opened, together: Sequence[Opened]) -> Guess:
    """The guess; where no column is a place the names of the members or worksheets are taken for places."""
    if guess.levels or not together:
        return guess
    column, what = ("@worksheet", "worksheets") if together[0].sheet != opened.sheet else ("@member", "members")
    why = f"the names of {len(together) + 1} {what}; TODO are they places?"
    level = LevelGuess(id="region", en="Region", es="Región", column=column, why=why)
    return replace(guess, levels=(level,))


MOST_FILES_COMPARED = 12


def _written_otherwise(parts: Sequence[Part]) -> list[Question]:
    """Files in which the same stations may be numbered with and without zeros, or written in capitals."""
    keys: list[tuple[str, set[str]]] = []
    for part in parts:
        station = part.guess.station
        for file in part.files if station else ():
            if (
                station is None
                or len(keys) >= MOST_FILES_COMPARED
                or not set(station.columns) <= set(file.cells.columns)
            ):
                continue
            texts = file.cells.select(pl.concat_str(station.columns, separator="-")).to_series().drop_nulls().unique()
            keys.append((file.path.name, set(texts)))
    found = []
    for number, (name, own) in enumerate(keys):
        for other_name, other in keys[number + 1 :]:
            plain = {_plain_key(key): key for key in own}
            again = {_plain_key(key): key for key in other}
            common = plain.keys() & again.keys()
            differ = [key for key in sorted(common) if plain[key] != again[key]]
            if not differ or len(own & other) >= len(common):
                continue
            first = differ[0]
            text = (
                f"{name} writes the station {plain[first]!r}, {other_name} {again[first]!r}: are these one station? "
                f"{len(own & other):,} stations are in both as they are written, {len(common):,} without leading zeros "
                "and capitals; they are read as different stations"
            )
            choices = ("different stations", "the same stations: bring both files into one form")
            where = f"{name} and {other_name}, columns.station"
            found.append(Question(about=plain[first], text=text, choices=choices, where=where))
    return found


def _plain_key(key: str) -> str:
    return "-".join(part.strip().lstrip("0") or "0" for part in key.casefold().split("-"))


def _with_votes(opened: Opened) -> Opened:
    """The file, seen from the member or worksheet that holds votes, where the first one holds none."""
    if not opened.others or _guess_holds_votes(opened):
        return opened
    for one in sorted(opened.others, key=lambda other: -other.cells.height):
        if _guess_holds_votes(one):
            rest = [opened, *opened.beside, *opened.others]
            same = [other for other in rest if other is not one and alike(other, one)]
            unlike = [replace(other, beside=(), others=()) for other in rest if not alike(other, one)]
            return replace(one, beside=tuple(same), others=tuple(unlike), not_read=opened.not_read)
    return opened


def _guess_holds_votes(opened: Opened) -> bool:
    if not opened.header:
        return True
    guess = guess_of(opened)
    return bool(guess.votes) or guess.long is not None


def _of_one_count(opened: Opened, guess: Guess) -> tuple[list[Opened], list[NotRead]]:
    """Worksheets or members with other stations than the first; those with the same are about something else."""
    if guess.station is None:
        return [], [_named(one, "its stations are not told apart") for one in opened.beside]
    if not opened.beside:
        return [], []
    columns = list(guess.station.columns)
    seen = opened.cells.select(columns).unique()
    together: list[Opened] = []
    apart: list[NotRead] = []
    for one in opened.beside:
        keys = one.cells.select(columns).unique()
        again = keys.join(seen, on=columns, how="semi").height
        if again:
            apart.append(
                _named(one, f"{again:,} of its {keys.height:,} stations are in what was read: another contest?")
            )
        else:
            together.append(one)
            seen = pl.concat([seen, keys])
    return together, apart


def _named(one: Opened, why: str) -> NotRead:
    return NotRead(file=one.path.name, member=one.member, worksheet=one.sheet, rows=one.cells.height, why=why)


def _of_another(opened: Opened, one: NotRead) -> Question:
    kept = opened.sheet or opened.member or opened.path.name
    about = one.worksheet or one.member or one.file
    return Question(
        about=about,
        text=f"{one.file}: {about!r} has the columns of {kept!r} and is not read: {one.why} Which one is meant?",
        choices=(kept, about),
        where=one.file,
    )


def _not_read(one: NotRead) -> Question:
    about = one.worksheet or one.member or one.file
    what = "worksheet" if one.worksheet else "member" if one.member else "file"
    rows = f"{one.rows:,} rows" if one.rows is not None else "a table"
    return Question(
        about=about,
        text=f"{one.file}: the {what} {about!r} with {rows} is not read ({one.why}): does it hold results?",
        choices=("it does not", "it does: it needs a layout of its own"),
        where=one.file,
    )


def _with_choices(part: Part, choices: dict[str, str], choice_of: dict[str, str]) -> Part:
    """The part with its votes under ids that are the same for the same name in every file."""
    known = {plain_words(name): identifier for identifier, name in choices.items()}
    votes: dict[str, tuple[str, ...]] = {}
    whys: dict[str, str] = {}
    taken = {*choices, "count", "snapshot", "station", "registered", "blank", "null", "valid", "cast", "status"}
    for vote in part.guess.votes:
        identifier = known.get(plain_words(vote.name)) or slug(vote.id, taken, "choice")
        choices.setdefault(identifier, vote.name)
        if part.guess.opened.format in ("nist-json", "nist-xml") and len(vote.columns) != 1:
            continue
        votes[identifier] = vote.columns
        whys[identifier] = vote.why
    long = part.guess.long
    for label in long.labels if long else ():
        if label not in choice_of:
            stands = long.spelled.get(label, label) if long else label
            seen = choice_of.get(stands) or known.get(plain_words(stands))
            identifier = seen or slug(" ".join(stands.split()), taken, f"choice-{len(choices) + 1}")
            choices.setdefault(identifier, " ".join(stands.split()))
            choice_of[label] = identifier
    return replace(part, votes=votes, vote_whys=whys)


def _other_choices(parts: Sequence[Part]) -> list[Question]:
    """Files that have no choice in common: the same choices under other names, or another contest."""
    found = []
    for number, part in enumerate(parts):
        for other in parts[number + 1 :]:
            own, others = _choices_of(part), _choices_of(other)
            if part.join or other.join:
                continue
            if own and others and not own & others:
                names = [each.guess.opened.path.name for each in (part, other)]
                text = (
                    f"{names[0]} and {names[1]} have no choice in common: {', '.join(sorted(own)[:4])} in the one, "
                    f"{', '.join(sorted(others)[:4])} in the other. Are these the same under other names?"
                )
                choices = ("different choices", "the same choices: name both columns under one id")
                found.append(Question(about=sorted(own)[0], text=text, choices=choices, where=" and ".join(names)))
    return found


def _choices_of(part: Part) -> set[str]:
    return {plain_words(vote.name) for vote in part.guess.votes} | (
        {plain_words(label) for label in part.guess.long.labels} if part.guess.long else set()
    )


def _levels(parts: Iterable[Part]) -> tuple[LevelGuess, ...]:
    """All levels: those of the file with most of them, and where they belong those that only others have."""
    found: list[LevelGuess] = []
    known = list(LEVELS)
    for number, part in enumerate(sorted(parts, key=lambda part: -len(part.guess.levels))):
        for level in part.guess.levels:
            if level.id in {other.id for other in found}:
                continue
            if number == 0:
                found.append(level)
                continue
            narrower = [
                place
                for place, other in enumerate(found)
                if level.id in known and other.id in known and known.index(other.id) > known.index(level.id)
            ]
            found.insert(min(narrower, default=len(found)), level)
    return tuple(found)


def _counts(parts: Sequence[Part], folder: Path) -> list[CountGuess]:
    by_kind: dict[str, list[SourceGuess]] = {}
    sheets: dict[str, int] = {}
    joined: list[SourceGuess] = []
    for part in parts:
        for kind in ("preliminary", "official"):
            files = [file for file in part.files if kind_of(file.path.name) == kind]
            if files and part.join is not None:
                joined += _sources(part, files, folder)
            elif files:
                by_kind.setdefault(kind, []).extend(_sources(part, files, folder))
                sheets[kind] = max(
                    sheets.get(kind, 0), part.guess.station.stations if part.guess.station else part.guess.rows
                )
    counts = []
    for kind, sources in sorted(by_kind.items(), reverse=True):
        sources = [*sources, *(replace(one, time=sources[0].time) for one in joined)]
        words = "the file's name says so" if kind == "preliminary" else "unless a name says otherwise; TODO is it?"
        name = "Preliminary count" if kind == "preliminary" else "Official count"
        counts.append(CountGuess(id=kind, kind=kind, name=name, why=words, sheets=sheets[kind], sources=tuple(sources)))
    return counts


def kind_of(name: str) -> str:
    """The kind of count that a file's name suggests."""
    return "preliminary" if re.search(PRELIMINARY, plain_words(name)) else "official"


def _sources(part: Part, files: Sequence[Opened], folder: Path) -> list[SourceGuess]:
    if len(files) == 1 and files[0].documents:
        return _documents(part, files[0], folder)
    if (members := _members(part, files, folder)) is not None:
        return members
    shapes = DATES if part.dated else TIMES
    timed = [(file, found) for file in files if (found := time_in(file.path.name, shapes)) is not None]
    if len(files) > 1 and len(timed) == len(files):
        pattern = _pattern([str(file.path.relative_to(folder)) for file, _ in timed], shapes)
        if pattern is not None:
            what = (
                "the day in the name, of the same stations: states of one count"
                if part.dated
                else "the time in the name"
            )
            why = f"{len(files)} files with {what}"
            return [SourceGuess(layout=part.layout, pattern=pattern, member=None, why=why)]
    found_times = {file.path: found[0] for file, found in timed}
    return [
        SourceGuess(
            layout=part.layout,
            file=str(file.path.relative_to(folder)),
            member=file.member,
            time=found_times.get(file.path),
            join=part.join,
            add=file.path in part.added,
        )
        for file in files
    ]


def _members(part: Part, files: Sequence[Opened], folder: Path) -> list[SourceGuess] | None:
    """One source for the members of an archive, where a pattern names these and no other; else None."""
    names = [file.member for file in files if file.member is not None]
    if len(names) < 2 or len(names) < len(files) or len({file.path for file in files}) > 1:
        return None
    path = files[0].path
    first, last = _shared(names), _shared([name[::-1] for name in names])[::-1]
    pattern = f"{first}*{last[max(0, len(first) + len(last) - min(map(len, names))) :]}"
    known = [name for name in members(read_raw(path, path.name).data, path.name) if not name.startswith("__MACOSX/")]
    if "/" in pattern.partition("*")[2] or set(matching(known, pattern)) != set(names):
        return None
    why = f"{len(names)} members"
    found = SourceGuess(layout=part.layout, file=str(path.relative_to(folder)), member=pattern, join=part.join, why=why)
    return [found]


def _documents(part: Part, file: Opened, folder: Path) -> list[SourceGuess]:
    """A pattern for documents of one row each, where no other file of their folder fits it; else each of them."""
    paths = [file.path, *file.documents]
    names = [path.name for path in paths]
    first, last = _shared(names), _shared([name[::-1] for name in names])[::-1]
    suffix = file.path.suffix
    inside = file.path.parent.relative_to(folder)
    for shape in (f"*{suffix}", f"{first}*{last}"):
        step = pattern_of(shape).steps[0]
        if {other.name for other in file.path.parent.iterdir() if step.match(other.name) is not None} == set(names):
            pattern = (inside / shape).as_posix()
            why = f"{len(paths):,} documents, one row each"
            return [SourceGuess(layout=part.layout, pattern=pattern, join=part.join, why=why)]
    return [SourceGuess(layout=part.layout, file=str(path.relative_to(folder)), join=part.join) for path in paths]


def _days_differ(files: Sequence[Opened]) -> bool:
    """True if each file has a day in its name, and none the same."""
    days = [found[0] for file in files if (found := time_in(file.path.name, DATES)) is not None]
    return len(days) == len(set(days)) == len(files)


def time_in(name: str, shapes: Sequence[tuple[str, str]] = TIMES) -> tuple[dt.datetime, str, int, int] | None:
    """The time in a file's name: the time, its format, and where it begins and ends. shapes: how it may stand there."""
    for expression, time_format in shapes:
        for match in re.finditer(rf"(?<!\d){expression}(?!\d)", name):
            try:
                return dt.datetime.strptime(match[0], time_format), time_format, match.start(), match.end()
            except ValueError:
                continue
    return None


def _pattern(names: Sequence[str], shapes: Sequence[tuple[str, str]]) -> str | None:
    """One pattern for all names: what they share, the time, and `*` for what differs after it."""
    cut = []
    for name in names:
        found = time_in(name, shapes)
        assert found is not None
        cut.append((name[: found[2]], found[1], name[found[3] :]))
    if len({(before, time_format) for before, time_format, _ in cut}) != 1:
        return None
    endings = [after for _, _, after in cut]
    first = _shared(endings)
    last = _shared([ending[::-1] for ending in endings])[::-1]
    after = endings[0] if len(set(endings)) == 1 else f"{first[: min(map(len, endings)) - len(last)] or ''}*{last}"
    return f"{cut[0][0]}{{time:{cut[0][1]}}}{after}"


def _shared(texts: Sequence[str]) -> str:
    """How all texts begin."""
    length = 0
    while all(text[length : length + 1] == texts[0][length : length + 1] != "" for text in texts):
        length += 1
    return texts[0][:length]


def _date(opened: Sequence[Opened]) -> tuple[dt.date, str]:
    times = [found[0] for file in opened if (found := time_in(file.path.name)) is not None]
    if times:
        return min(times).date(), "TODO the day of the vote; the earliest time in a file's name is taken"
    for file in opened:
        for expression, date_format in DATES:
            for match in re.finditer(rf"(?<!\d){expression}(?!\d)", file.path.name):
                try:
                    return dt.datetime.strptime(match[0], date_format).date(), "TODO is it? It is in the file's name"
                except ValueError:
                    continue
    years = [match[0] for file in opened for match in re.finditer(r"(?<!\d)(19|20)\d{2}(?!\d)", file.path.name)]
    if years:
        return UNKNOWN_DATE, f"TODO the day of the vote; only its year, {years[0]}, is in the file's name"
    return UNKNOWN_DATE, "TODO the day of the vote"
