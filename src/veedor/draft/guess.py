"""What each column of an unknown file is, with the evidence: station, places, figures, votes, contest, status."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from veedor.draft.guess_figures import Figures, figures_in
from veedor.draft.guess_levels import LevelGuess, levels_in
from veedor.draft.guess_station import StationGuess, station_in
from veedor.draft.guess_votes import VoteGuess, total_among, votes_by_any_sum, votes_by_place, votes_by_sum
from veedor.draft.open_file import Opened
from veedor.draft.vocabulary import (
    BALLOTS,
    PRESIDENT,
    ROLES,
    is_code,
    level_of,
    names_somebody,
    plain_words,
    role_of,
    status_of,
)
from veedor.election import Status

TIME_FORMATS = (
    ("", r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([+-]\d{2}:?\d{2}|Z)?$"),
    ("%d/%m/%Y %H:%M:%S", r"^\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d{2}:\d{2}$"),
    ("%d/%m/%Y %H:%M", r"^\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d{2}$"),
    ("%d-%m-%Y %H:%M:%S", r"^\d{1,2}-\d{1,2}-\d{4} \d{1,2}:\d{2}:\d{2}$"),
    ("%d.%m.%Y %H:%M:%S", r"^\d{1,2}\.\d{1,2}\.\d{4} \d{1,2}:\d{2}:\d{2}$"),
    ("%d.%m.%Y %H:%M", r"^\d{1,2}\.\d{1,2}\.\d{4} \d{1,2}:\d{2}$"),
)
TOTALS = r"(?i)^(gran )?(sub)?(total(es)?|итого|summe|gesamt|somme)\b"
OUTSIDE = r"\btotal\b|impugnad|recurrid|\bcomando\b|challenged"
"""Labels of a long file that are neither votes for a choice nor blank nor null."""
FITS = 0.98
"""Share of the sheets whose votes must lie within the roll for the columns of votes to be taken without asking."""
SINGLE = ("registered", "blank", "null", "valid", "cast")


@dataclass(frozen=True, kw_only=True)
class Named:
    """A column with the reason why it was taken."""

    column: str
    why: str


@dataclass(frozen=True, kw_only=True)
class LongGuess:
    """One row a choice: the columns, and what each label is. special: blank, null ... -> labels."""

    choice: tuple[str, ...]
    votes: str
    labels: tuple[str, ...]
    special: Mapping[str, tuple[str, ...]]
    ignore: tuple[str, ...]
    add_over: tuple[str, ...]
    why: str


@dataclass(frozen=True, kw_only=True)
class ContestGuess:
    """Rows of several contests: the column, the contest that was taken, and the others."""

    column: str
    value: str
    others: tuple[str, ...]
    why: str


@dataclass(frozen=True, kw_only=True)
class Guess:
    """Everything that is guessed of one file."""

    opened: Opened
    rows: int
    marks: Figures
    station: StationGuess | None
    levels: tuple[LevelGuess, ...]
    figures: Mapping[str, Named]
    votes: tuple[VoteGuess, ...]
    votes_why: str
    long: LongGuess | None
    contest: ContestGuess | None
    drop: tuple[tuple[str, tuple[str, ...]], ...]
    status: Named | None
    status_words: Mapping[str, Status | None]
    coordinates: Mapping[str, str]
    arrived: Named | None
    time_format: str
    unused: tuple[str, ...]
    todo: tuple[str, ...] = field(default=())


def guess_of(opened: Opened) -> Guess:
    """Look at all cells and decide, in an order in which each step has fewer columns to choose from than the last.

    `taken`: columns that are known to be no votes; `used`: columns that have a part in the draft.
    """
    # 1. Rows and columns that hold other things: totals, other contests. What the cells and the names say.
    cells, drop = _without_totals(opened.cells)
    cells, contest = _one_contest(cells)
    marks = figures_in(cells)
    roles = _roles(cells, marks)
    # 2. What is known by its name: figures, status, times, coordinates. Those cannot be votes.
    long = _long(cells, marks, roles)
    figures, _ = _single_figures(cells, marks, roles, long)
    single = {role: named.column for role, named in figures.items()}
    status, words = _status(cells, roles)
    arrived, time_format = _arrived(cells, roles)
    coordinates = _coordinates(cells, roles, marks)
    taken = {named.column for named in (*figures.values(), status, arrived) if named} | set(coordinates.values())
    taken |= {*long.choice, long.votes, *long.add_over} if long else set()
    taken |= {contest.column} if contest else set()
    taken |= {name for name, role in roles.items() if role == "ignored"}
    # 3. Votes: the columns that add up to a figure known by name.
    votes, why = votes_by_sum(cells, _pool(cells, marks, roles, taken), marks.columns, single) if not long else ((), "")
    used = taken | {column for vote in votes for column in vote.columns}
    # 4. The station, then its places, among what is neither a figure nor votes.
    station = station_in(cells, roles, marks.columns, used, (*long.choice, *long.add_over) if long else ())
    station_columns = set(station.columns) if station else set()
    if long is not None and station is not None:
        figures = {role: named for role, named in figures.items() if _one_each(cells, station.columns, named.column)}
    levels = levels_in(cells, station_columns if len(station_columns) == 1 else set(), used, marks.columns, roles)
    used |= station_columns | {level.column for level in levels}
    # 5. Where no figure gave the votes away: any sum among the columns that are left, else where they stand.
    asked: list[str] = []
    if long is None and not votes:
        pool = [name for name in _pool(cells, marks, roles, used) if _is_no_place_or_sum(name, roles)]
        left = _votes_left(cells, pool, marks.columns, single, opened.path.name)
        votes, why, asked = left.votes, left.why, left.asked
        figures |= {role: named for role, named in left.figures.items() if role not in figures}
        used |= {left.total, *(column for vote in votes for column in vote.columns)}
    # 6. What a person is to look at.
    todo = _todo(station, votes, long, words, opened) + asked
    todo += _beside(cells, station, long, opened.path.name)
    if "registered" not in figures and (spare := _pool(cells, marks, roles, used)):
        todo.append(
            f"{opened.path.name}: no column is known for the registered voters; are they in "
            f"{' or '.join(map(repr, spare[:5]))}? Then name it under columns.registered"
        )
    return Guess(
        opened=opened,
        rows=cells.height,
        marks=marks,
        station=station,
        levels=levels,
        figures=figures,
        votes=votes,
        votes_why=why,
        long=long,
        contest=contest,
        drop=drop,
        status=status,
        status_words=words,
        coordinates=coordinates,
        arrived=arrived,
        time_format=time_format,
        unused=tuple(name for name in cells.columns if name not in used),
        todo=tuple(todo),
    )


@dataclass(frozen=True, kw_only=True)
class _VotesLeft:
    """Votes among the columns that were left, the column of their sum (empty where there is none), what to ask."""

    votes: tuple[VoteGuess, ...]
    why: str
    total: str
    figures: Mapping[str, Named]
    asked: list[str]


def _votes_left(
    cells: pl.DataFrame, pool: list[str], figures: Mapping[str, pl.Series], single: Mapping[str, str], file: str
) -> _VotesLeft:
    """pool: the columns; figures: whole numbers by column; single: columns of figures that are known by their role."""
    votes, why, total = votes_by_any_sum(cells, pool, figures)
    if total:
        named = Named(column=total, why="by what it is the sum of; TODO is it?")
        return _VotesLeft(votes=votes, why=why, total=total, figures={"valid": named}, asked=[])
    total, said = total_among(pool, figures, single)
    known = {"cast" if said else "valid": Named(column=total, why=said or "the sum of all others")} if total else {}
    votes, why = votes_by_place(cells, [name for name in pool if name != total], figures, single)
    asked = f"{file}: no column is the sum of votes; is each of the choices one?"
    unsure = votes and not total and not _plausible(votes, figures, single)
    return _VotesLeft(votes=votes, why=why, total=total, figures=known, asked=[asked] if unsure else [])


def _beside(cells: pl.DataFrame, station: StationGuess | None, long: LongGuess | None, file: str) -> list[str]:
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


def _plausible(votes: Sequence[VoteGuess], figures: Mapping[str, pl.Series], single: Mapping[str, str]) -> bool:
    """True if the sheet's other figures are known and its votes lie within its roll, but for faults."""
    if "registered" not in single:
        return bool(single)
    columns = [column for vote in votes for column in vote.columns]
    columns += [single[role] for role in ("blank", "null") if role in single]
    ballots = sum((figures[name].fill_null(0).to_numpy() for name in columns), np.int64(0))
    fits = ballots <= figures[single["registered"]].fill_null(0).to_numpy()
    return bool(fits.mean() >= FITS)


def _one_each(cells: pl.DataFrame, station: Sequence[str], column: str) -> bool:
    """True if the rows of a station all say the same in this column: the figure is the sheet's, not the choice's."""
    return cells.select(*station, column).n_unique() == cells.select(station).n_unique()


def _pool(cells: pl.DataFrame, marks: Figures, roles: Mapping[str, str], used: Collection[str]) -> list[str]:
    """Columns of figures that may be votes."""
    able = [name for name in cells.columns if name in marks.columns and name not in used]
    return [name for name in able if not is_code(name) and roles.get(name) not in ("ignored", "other")]


def _is_no_place_or_sum(name: str, roles: Mapping[str, str]) -> bool:
    return level_of(name) is None and roles.get(name) not in (*SINGLE, "station")


def _without_totals(cells: pl.DataFrame) -> tuple[pl.DataFrame, tuple[tuple[str, tuple[str, ...]], ...]]:
    """Without rows that sum the others up (a text column says `Total` in a few of them), and without footers."""
    cells, footers = _without_footers(cells)
    for name in cells.columns[:12]:
        words = cells[name].drop_nulls().unique(maintain_order=True)
        totals = tuple(words.filter(words.str.contains(TOTALS)))
        rows = cells[name].is_in(list(totals)).sum() if totals else 0
        if 0 < rows <= max(3, cells.height // 100) and len(words) > len(totals):
            return cells.filter(~pl.col(name).is_in(list(totals)).fill_null(value=False)), (*footers, (name, totals))
    return cells, footers


def _without_footers(cells: pl.DataFrame) -> tuple[pl.DataFrame, tuple[tuple[str, tuple[str, ...]], ...]]:
    """Without the last rows if they hold one text each and nothing else: notes, signatures."""
    if cells.width < 4 or cells.is_empty():
        return cells, ()
    filled = cells.select(pl.sum_horizontal(pl.all().is_not_null().cast(pl.Int64))).to_series()
    whole = cells.height - int((filled > 1).reverse().arg_max() or 0)
    last = cells[whole:]
    if last.is_empty() or not 0 < last.height <= max(3, cells.height // 100):
        return cells, ()
    texts = {name: tuple(last[name].drop_nulls().unique(maintain_order=True)) for name in last.columns}
    return cells[:whole], tuple((name, found) for name, found in texts.items() if found)


def _one_contest(cells: pl.DataFrame) -> tuple[pl.DataFrame, ContestGuess | None]:
    beside = _contest_beside(cells)
    for name in cells.columns:
        paper = re.search(BALLOTS, plain_words(name)) is not None
        if role_of(name) != "contest" and name != beside and not paper:
            continue
        counts = cells[name].drop_nulls().value_counts(sort=True)
        words = [str(word) for word in counts[name]]
        if not 2 <= len(words) <= 60 or all(word.isdigit() for word in words):
            continue
        value = next((word for word in words if re.search(PRESIDENT, plain_words(word))), words[0])
        rows = int(counts.filter(pl.col(name) == value)["count"][0])
        why = f"{len(words)} contests; this one has {rows:,} of {cells.height:,} rows"
        others = tuple(word for word in words if word != value)
        return cells.filter(pl.col(name) == value), ContestGuess(column=name, value=value, others=others, why=why)
    return cells, None


def _contest_beside(cells: pl.DataFrame) -> str | None:
    """A column of few words without which the stations repeat, and with which they do not."""
    stations = [name for name in cells.columns if role_of(name) == "station" and cells[name].n_unique() < cells.height]
    rolls = [name for name in cells.columns if role_of(name) == "registered"]
    for name in cells.columns:
        if role_of(name) in ("choice", "votes", "status", "station") or len(_special(_labels(cells, name))[0]) >= 2:
            continue
        few = 2 <= cells[name].n_unique() <= 12 and cells[name].null_count() == 0 and level_of(name) is None
        words = few and not cells[name].str.contains(r"^[0-9.,]+$").any()
        if words and any(_crossed(cells, station, name, rolls) for station in stations):
            return name
    return None


def _crossed(cells: pl.DataFrame, station: str, name: str, rolls: Sequence[str]) -> bool:
    """True if each station has a row for each word, with the same roll: a place would have stations of its own."""
    own = cells[station].n_unique()
    if any(cells.select(station, roll).n_unique() > own for roll in rolls):
        return False
    return cells.height >= 0.8 * own * cells[name].n_unique() and cells.select(station, name).is_unique().all()


def _roles(cells: pl.DataFrame, marks: Figures) -> dict[str, str]:
    """Roles by name that the column's cells do not contradict."""
    found: dict[str, str] = {}
    for name in cells.columns:
        role = role_of(name)
        if role in (*SINGLE, "votes") and name not in marks.columns:
            continue
        if role in SINGLE and is_code(name) and names_somebody(name, role):
            continue
        if role == "choice" and name in marks.columns and re.search(ROLES["votes"], plain_words(name)):
            role = "votes"  # PartyVotes: figures, not names
        if role is not None:
            found[name] = role
    return found


def _long(cells: pl.DataFrame, marks: Figures, roles: Mapping[str, str]) -> LongGuess | None:
    """A text column whose labels name choices, beside one column of votes, with several rows a station."""
    votes = [name for name in cells.columns if roles.get(name) == "votes"]
    texts = [name for name in cells.columns if name not in marks.columns and 2 <= cells[name].n_unique() <= 400]
    named = [name for name in texts if roles.get(name) == "choice"]
    special = [name for name in texts if name not in named and len(_special(_labels(cells, name))[0]) >= 2]
    sorts = {name: _special(_labels(cells, name)) for name in {*named, *special}}
    candidates = sorted(
        sorts, key=lambda name: (-len(sorts[name][0]), is_code(name), -len(sorts[name][1]), cells.columns.index(name))
    )
    if not votes or not candidates or len([name for name in votes if not is_code(name)]) > 2:
        return None
    choice, figure = _choice_columns(cells, candidates, named), votes[-1]
    label = cells.select(pl.coalesce(choice).alias("label"))
    labels = _labels(label, "label")
    known, rest = _special(labels)
    ignore = tuple(label for label in rest if re.search(OUTSIDE, plain_words(label)))
    return LongGuess(
        choice=choice,
        votes=figure,
        labels=tuple(label for label in rest if label not in ignore),
        special=known,
        ignore=ignore,
        add_over=tuple(name for name, role in roles.items() if role == "part" and name in texts),
        why=f"{len(labels)} labels in {cells.height:,} rows; the figures are in {figure!r}",
    )


def _choice_columns(cells: pl.DataFrame, candidates: Sequence[str], named: Sequence[str]) -> tuple[str, ...]:
    """The column of the choices; where it is empty in some rows, the column that says what those rows are beside it."""
    for name in named:
        empty = cells.filter(pl.col(name).is_null())
        for other in candidates:
            if other != name and 0 < empty.height < cells.height and empty[other].null_count() == 0:
                return name, other
    return (candidates[0],)


def _labels(cells: pl.DataFrame, name: str) -> list[str]:
    return [str(label) for label in cells[name].drop_nulls().unique(maintain_order=True)]


def _special(labels: Sequence[str]) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Labels that are no choices, by role, and the others."""
    found: dict[str, tuple[str, ...]] = {}
    rest: list[str] = []
    for label in labels:
        role = role_of(label)
        short = len(plain_words(label).split()) <= 4
        if role in SINGLE and short and role not in found:
            found[role] = (label,)
        else:
            rest.append(label)
    return found, rest


def _single_figures(
    cells: pl.DataFrame, marks: Figures, roles: Mapping[str, str], long: LongGuess | None
) -> tuple[dict[str, Named], list[str]]:
    """One column for each of registered, blank, null, valid, cast; of several the one with the shortest name."""
    found: dict[str, Named] = {}
    spare: list[str] = []
    for role in SINGLE:
        names = [name for name in cells.columns if roles.get(name) == role and name in marks.columns]
        if long is not None:
            names = [name for name in names if name not in (long.votes, *long.choice)]
            if role in long.special:
                names = []
        if names:
            name = min(names, key=lambda one: (names_somebody(one, role), len(one.split()), names.index(one)))
            total = marks.columns[name].sum()
            others = f"; so might be {', '.join(map(repr, (one for one in names if one != name)))}" if names[1:] else ""
            found[role] = Named(column=name, why=f"by its name; {total:,} in all rows{others}")
            spare += [one for one in names if one != name]
    return found, spare


def _status(cells: pl.DataFrame, roles: Mapping[str, str]) -> tuple[Named | None, dict[str, Status | None]]:
    for name, role in roles.items():
        if role != "status":
            continue
        words = [str(word) for word in cells[name].drop_nulls().unique(maintain_order=True)]
        known = {word: status_of(word, name) for word in words}
        if words and len(words) <= 12 and sum(status is not None for status in known.values()) * 2 >= len(words):
            return Named(column=name, why=f"{len(words)} words"), known  # type: ignore[return-value]
    return None, {}


def _arrived(cells: pl.DataFrame, roles: Mapping[str, str]) -> tuple[Named | None, str]:
    for name, role in roles.items():
        texts = cells[name].drop_nulls()
        if role != "arrived" or len(texts) == 0:
            continue
        for pattern, expression in TIME_FORMATS:
            if texts.str.contains(expression).all():
                return Named(column=name, why=f"times such as {texts[0]!r}"), pattern
    return None, ""


def _coordinates(cells: pl.DataFrame, roles: Mapping[str, str], marks: Figures) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, role in roles.items():
        if role in ("latitude", "longitude") and role not in found:
            texts = cells[name].drop_nulls()
            texts = texts.str.replace(",", ".", literal=True) if marks.decimal == "," else texts
            degrees = texts.cast(pl.Float64, strict=False).abs()
            limit = 90 if role == "latitude" else 180
            if len(texts) and degrees.null_count() == 0 and (degrees <= limit).all():
                found[role] = name
    return found if len(found) == 2 else {}


def _todo(
    station: StationGuess | None,
    votes: Sequence[VoteGuess],
    long: LongGuess | None,
    words: Mapping[str, Status | None],
    opened: Opened,
) -> list[str]:
    found = []
    if station is None:
        found.append(f"{opened.path.name}: no column tells the stations apart; name it under columns.station")
    elif station.repeated:
        found.append(f"{opened.path.name}: {station.why}; see columns.station")
    if not votes and long is None:
        found.append(f"{opened.path.name}: no columns of votes were found; name them under columns.votes")
    unknown = [word for word, status in words.items() if status is None]
    if unknown:
        found.append(f"{opened.path.name}: what do the status words {', '.join(map(repr, unknown))} mean?")
    return found
