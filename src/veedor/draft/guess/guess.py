"""What each column of an unknown file is, with the evidence: station, places, figures, votes, contest, status."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from veedor.draft.arithmetic import SumFound, agreement, arrays, sum_found, totals_among
from veedor.draft.asked_of_columns import (
    fractions_in,
    joined_parties,
    named_otherwise,
    places_without_stations,
    remarks_in,
    rest_of_ballots,
    spellings_of,
)
from veedor.draft.evidence import ColumnEvidence, RowsLeftOut
from veedor.draft.guess.figures import Figures, figures_in
from veedor.draft.guess.levels import LevelGuess, levels_in
from veedor.draft.guess.long import OUTSIDE, SINGLE, LongGuess, labels_in, long_in, special_of
from veedor.draft.guess.same_twice import (
    MOST_CONTESTS,
    Rule,
    districts_in,
    is_update,
    one_round,
    states_of_sheets,
    without_mode_totals,
)
from veedor.draft.guess.station import StationGuess, station_in
from veedor.draft.guess.votes import VoteGuess, total_among, votes_by_any_sum, votes_by_place, votes_by_sum, votes_named
from veedor.draft.open_file import Opened
from veedor.draft.rows_out import without_totals
from veedor.draft.vocabulary import (
    BALLOTS,
    OTHERS,
    PRESIDENT,
    REMARKS,
    ROLES,
    WAYS,
    is_code,
    level_of,
    names_somebody,
    number_at_end,
    plain_words,
    role_of,
    status_of,
)
from veedor.election import Status
from veedor.election.definition import Question

TIME_FORMATS = (
    ("", r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([+-]\d{2}:?\d{2}|Z)?$"),
    ("%d/%m/%Y %H:%M:%S", r"^\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d{2}:\d{2}$"),
    ("%d/%m/%Y %H:%M", r"^\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d{2}$"),
    ("%d-%m-%Y %H:%M:%S", r"^\d{1,2}-\d{1,2}-\d{4} \d{1,2}:\d{2}:\d{2}$"),
    ("%d.%m.%Y %H:%M:%S", r"^\d{1,2}\.\d{1,2}\.\d{4} \d{1,2}:\d{2}:\d{2}$"),
    ("%d.%m.%Y %H:%M", r"^\d{1,2}\.\d{1,2}\.\d{4} \d{1,2}:\d{2}$"),
)
FITS = 0.98
"""Share of the sheets whose votes must lie within the roll for the columns of votes to be taken without asking."""


@dataclass(frozen=True, kw_only=True)
class Named:
    """A column with the reason why it was taken."""

    column: str
    why: str


@dataclass(frozen=True, kw_only=True)
class ContestGuess:
    """Rows of several contests: the column, the contest that was taken, and the others."""

    column: str
    value: str
    others: tuple[str, ...]
    why: str
    name: str = ""


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
    columns: tuple[ColumnEvidence, ...] = ()
    left_out: tuple[RowsLeftOut, ...] = ()
    questions: tuple[Question, ...] = ()


def guess_of(opened: Opened) -> Guess:
    """Look at all cells and decide, in an order in which each step has fewer columns to choose from than the last.

    `taken`: columns that are known to be no votes; `used`: columns that have a part in the draft.
    """
    # 1. Rows that hold other things: footers, other rounds and contests, totals. What the cells and the names say.
    file = opened.path.name
    rows = _rows_of_one(opened.cells, file)
    cells, contest, marks, roles, long = rows.cells, rows.contest, rows.marks, rows.roles, rows.long
    questions = [*opened.asked, *rows.questions, *_absent(opened.cells, marks, file)]
    # 2. What is known by its name: figures, status, times, coordinates. Those cannot be votes.
    figures, asked_figures = _single_figures(cells, marks, roles, long, file)
    questions += asked_figures
    single = {role: named.column for role, named in figures.items()}
    status, words = _status(cells, roles)
    arrived, time_format = _arrived(cells, roles)
    coordinates = _coordinates(cells, roles, marks)
    taken = {named.column for named in (*figures.values(), status, arrived) if named} | set(coordinates.values())
    taken |= {*long.choice, long.votes, *long.add_over} if long else set()
    taken |= {name for name, role in roles.items() if role == "choice"} | set(long.parts) if long else set()
    taken |= {contest.column} if contest else set()
    taken |= {column for column, _ in rows.drop if column in rows.spent}
    taken |= {name for name in cells.columns if is_update(cells, name)}
    taken |= {name for name in cells.columns if _is_remark(cells, name, marks, roles)}
    taken |= {name for name, role in roles.items() if role == "ignored"}
    by_ways, parts_of_ways = ((), set()) if long else _of_each_way(cells, marks)
    if by_ways:
        figures = {role: named for role, named in figures.items() if named.column not in by_ways}
        single = {role: named.column for role, named in figures.items()}
        taken = (taken - set(by_ways)) | parts_of_ways
    # 3. Votes: the columns that add up to a figure known by name.
    votes, why = votes_by_sum(cells, _pool(cells, marks, roles, taken), marks.columns, single) if not long else ((), "")
    if by_ways:
        votes = votes_named(cells, by_ways)
        why = f"each is the sum of ways of voting; these are not read: {', '.join(sorted(parts_of_ways)[:6])}"
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
        questions += left.questions
        figures |= {role: named for role, named in left.figures.items() if role not in figures}
        used |= {left.total, *(column for vote in votes for column in vote.columns)}
    votes, said = _no_sums_among(cells, votes, marks.columns, file)
    questions += said
    texts_of_sheets = (
        [name for name in cells.columns if name not in marks.columns and name not in used] if not long else []
    )
    questions += [
        *fractions_in(cells, marks, roles, file),
        *remarks_in(cells, roles, [status.column] if status else [], texts_of_sheets, file),
        *joined_parties(votes, marks, file),
        *named_otherwise(votes, marks, file),
        *rest_of_ballots(votes, marks, figures, file),
        *places_without_stations(station, file),
        *spellings_of(cells, levels, file),
    ]
    # 6. What a person is to look at.
    if station is not None and station.repeated and long is None:
        questions += states_of_sheets(cells, station.columns, file)
    if status is not None and (outside := _annulled(cells, status, words, file)):
        questions.append(outside)
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
        drop=rows.drop,
        status=status,
        status_words=words,
        coordinates=coordinates,
        arrived=arrived,
        time_format=time_format,
        unused=tuple(name for name in cells.columns if name not in used),
        todo=tuple(todo),
        left_out=rows.left_out,
        questions=tuple(questions),
    )


@dataclass(frozen=True, kw_only=True)
class _Rows:
    """The rows of one contest and round without totals, and what that rests on. spent: columns that are used up."""

    cells: pl.DataFrame
    contest: ContestGuess | None
    marks: Figures
    roles: dict[str, str]
    long: LongGuess | None
    drop: tuple[Rule, ...]
    spent: tuple[str, ...]
    left_out: tuple[RowsLeftOut, ...]
    questions: tuple[Question, ...]


def _rows_of_one(cells: pl.DataFrame, file: str) -> _Rows:
    """Leave out, one after the other, what is no sheet of the contest."""
    cells, drop = _without_footers(cells)
    left_out = [
        RowsLeftOut(file=file, rule=f"{column} is {words[0]!r}: a note below the table", rows=1, example=words[0])
        for column, words in drop
    ]
    questions: list[Question] = []
    first = one_round(cells, file)
    cells, drop = first.cells, (*drop, *first.drop)
    spent = [column for column, _ in first.drop]
    left_out += first.left_out
    questions += first.questions
    cells, contest = _one_contest(cells)
    marks = figures_in(cells)
    roles = _roles(cells, marks)
    long = long_in(cells, marks, roles, file)
    if long is not None:
        modes = without_mode_totals(cells, marks, long, roles, file)
        if modes.drop:
            cells, drop = modes.cells, (*drop, *modes.drop)
            left_out += modes.left_out
            questions += modes.questions
            marks = _marks_again(cells, marks)
    kinds = (
        [
            name
            for name in cells.columns
            if name not in marks.columns and roles.get(name) in ("choice", "part", "contest")
        ]
        if long
        else []
    )
    kinds = list(dict.fromkeys([*kinds, *long.choice, *long.add_over])) if long else []
    totals = without_totals(cells, marks.columns, kinds, long.votes if long else None, file)
    if totals.drop:
        cells, drop = totals.cells, (*drop, *totals.drop)
        marks = _marks_again(cells, marks)
    left_out += totals.left_out
    questions += totals.questions
    if long is not None:
        long = long_in(cells, marks, roles, file) or long
        found = districts_in(cells, long, roles, [contest.column] if contest else [])
        if found is not None and len(found.values) <= MOST_CONTESTS:
            value, *others = found.values
            if contest is not None and contest.others:
                drop = (*drop, (contest.column, contest.others))
                spent.append(contest.column)
            named = f"{contest.value}, {found.column} {value}" if contest else f"{found.column} {value}"
            why = f"{len(found.values)} contests: each choice stands in one {found.column!r} only"
            contest = ContestGuess(column=found.column, value=value, others=tuple(others), why=why, name=named)
            cells = cells.filter(pl.col(found.column) == value)
            marks = _marks_again(cells, marks)
            long = long_in(cells, marks, roles, file) or long
            listed = ", ".join(map(repr, found.values[:8]))
            text = (
                f"{file}: each of {found.choices:,} choices stands in one {found.column!r} only ({listed}): contests "
                f"of their own? {value!r} was taken"
            )
            questions.append(Question(about=found.column, text=text, choices=tuple(found.values[:8]), where=file))
        elif found is not None:
            text = (
                f"{file}: each of {found.choices:,} choices stands in one of {len(found.values):,} texts of "
                f"{found.column!r} only: are these contests of their own? They were added up"
            )
            questions.append(Question(about=found.column, text=text, choices=("one contest", "contests"), where=file))
        questions += long.questions
    drop = _joined(drop)
    return _Rows(
        cells=cells,
        contest=contest,
        marks=marks,
        roles=roles,
        long=long,
        drop=drop,
        spent=tuple(spent),
        left_out=tuple(left_out),
        questions=tuple(questions),
    )


def _joined(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """One rule a column."""
    found: dict[str, list[str]] = {}
    for column, words in rules:
        found.setdefault(column, []).extend(words)
    return tuple((column, tuple(dict.fromkeys(words))) for column, words in found.items())


def _marks_again(cells: pl.DataFrame, marks: Figures) -> Figures:
    """The figures of the rows that are left, read by the same marks."""
    again = figures_in(cells)
    return replace(
        again,
        thousands=again.thousands or marks.thousands,
        decimal=again.decimal if again.decimal != "." else marks.decimal,
        missing=tuple(dict.fromkeys([*marks.missing, *again.missing])),
        evidence={**marks.evidence, **again.evidence},
    )


def _absent(cells: pl.DataFrame, marks: Figures, file: str) -> list[Question]:
    """Words that stand where figures should: how many there are, and in which columns."""
    found = []
    for word in marks.missing:
        numbers = {name: int((cells[name] == word).sum()) for name in cells.columns if name in marks.columns}
        numbers = {name: number for name, number in numbers.items() if number}
        if not numbers:
            continue
        listed = ", ".join(f"{name} {number:,}" for name, number in list(numbers.items())[:8])
        text = (
            f"{file}: {sum(numbers.values()):,} cells among the figures say {word!r} ({listed}): absent figures, "
            f"masked or missing, or none at all? They are read as absent, which is not "
            f"zero{_without_any(cells, numbers, word)}"
        )
        found.append(
            Question(about=next(iter(numbers)), text=text, choices=("absent", "zero"), where=f"{file}, missing")
        )
    return found


def _without_any(cells: pl.DataFrame, columns: Collection[str], word: str) -> str:
    """How many rows say it in all of several columns of figures, in words: sheets that have not come."""
    rows = int(cells.select(pl.all_horizontal(pl.col(list(columns)) == word)).sum().item() or 0)
    if len(columns) < 2 or not rows:
        return ""
    return f"; {rows:,} rows that say it in all of these are read as sheets that have not come"


def _no_sums_among(
    cells: pl.DataFrame, votes: Sequence[VoteGuess], figures: Mapping[str, pl.Series], file: str
) -> tuple[tuple[VoteGuess, ...], list[Question]]:
    """Choices without columns that are the sums of others, and without ballots that are no votes for a choice."""
    names = [column for vote in votes for column in vote.columns]
    if len(names) < 3:
        return tuple(votes), []
    values = arrays(figures, names)
    found_sums = totals_among(names, values)
    whole = [found for found in found_sums if _of_ways(found)]
    if whole:
        return _without_ways(votes, whole, file)
    sums = {found.total: found for found in found_sums}
    outside = {name for name in names if re.search(OUTSIDE, plain_words(name)) and name not in sums}
    questions = [
        Question(
            about=name,
            text=f"{file}: {found.words}; it was taken for a sum and is no choice: right?",
            choices=("a sum", "a choice"),
            where=f"{file}, column {name}",
        )
        for name, found in sums.items()
    ]
    questions += [
        Question(
            about=name,
            text=f"{file}: {name!r} holds {int(values[name].sum()):,} ballots that by its name are no votes for a "
            "choice: not valid, null, or votes? They are not read",
            choices=("not read", "null votes", "votes for a choice"),
            where=f"{file}, column {name}",
        )
        for name in names
        if name in outside and values[name].any()
    ]
    kept = [vote for vote in votes if not (set(vote.columns) & (set(sums) | outside))]
    return (tuple(kept), questions) if len(kept) > 1 else (tuple(votes), [])


def _of_each_way(cells: pl.DataFrame, marks: Figures) -> tuple[tuple[str, ...], set[str]]:
    """Columns of a total for each choice beside its ways of voting, two choices at least; and the ways."""
    ways = [name for name in cells.columns if name in marks.columns and re.search(WAYS, plain_words(name))]
    if len(ways) < 4:
        return (), set()
    others = [name for name in cells.columns if name in marks.columns and name not in ways and not is_code(name)]
    values = arrays(marks.columns, [*ways, *others])
    totals: list[str] = []
    parts: set[str] = set()
    for name in others:
        found = sum_found(name, ways, values)
        if found is not None and not parts & set(found.parts):
            totals.append(name)
            parts |= set(found.parts)
    return (tuple(totals), parts) if len(totals) > 1 else ((), set())


def _of_ways(found: SumFound) -> bool:
    """Whether the parts of a sum are ways of voting for one choice, and not choices."""
    return all(re.search(WAYS, plain_words(part)) for part in found.parts)


def _without_ways(
    votes: Sequence[VoteGuess], whole: Sequence[SumFound], file: str
) -> tuple[tuple[VoteGuess, ...], list[Question]]:
    parts = {part for found in whole for part in found.parts}
    questions = [
        Question(
            about=found.total,
            text=f"{file}: {found.words}; the parts were taken for ways of voting and are not read beside it: right?",
            choices=("ways of voting", "choices"),
            where=f"{file}, column {found.total}",
        )
        for found in whole
    ]
    return tuple(vote for vote in votes if not set(vote.columns) & parts), questions


def _is_remark(cells: pl.DataFrame, name: str, marks: Figures, roles: Mapping[str, str]) -> bool:
    """Whether a column says something of sheets: no place, whatever lies in what."""
    if name in marks.columns or roles.get(name) in ("station", "choice", "contest", "part"):
        return False
    return re.search(REMARKS, plain_words(name)) is not None or (roles.get(name) == "status" and level_of(name) is None)


def _annulled(cells: pl.DataFrame, status: Named, words: Mapping[str, Status | None], file: str) -> Question | None:
    unknown = [word for word, known in words.items() if known is None]
    if not unknown:
        return None
    numbers = {word: int((cells[status.column] == word).sum()) for word in unknown}
    listed = ", ".join(f"{word!r} in {number:,} rows" for word, number in list(numbers.items())[:8])
    text = f"{file}: {status.column!r} says {listed}: do these sheets count? They are read as observed, in the totals"
    return Question(about=status.column, text=text, choices=("observed", "withheld", "annulled"), where=file)


@dataclass(frozen=True, kw_only=True)
class _VotesLeft:
    """Votes among the columns that were left, the column of their sum (empty where there is none), what to ask."""

    votes: tuple[VoteGuess, ...]
    why: str
    total: str
    figures: Mapping[str, Named]
    asked: list[str]
    questions: list[Question] = field(default_factory=list)


def _votes_left(
    cells: pl.DataFrame, pool: list[str], figures: Mapping[str, pl.Series], single: Mapping[str, str], file: str
) -> _VotesLeft:
    """pool: the columns; figures: whole numbers by column; single: columns of figures that are known by their role."""
    votes, why, total = votes_by_any_sum(cells, pool, figures)
    if total:
        named = Named(column=total, why="by what it is the sum of; TODO is it?")
        parts = [column for vote in votes for column in vote.columns]
        beside = [name for name in pool if name not in (total, *parts)]
        choices = [name for name in beside if _is_no_roll(figures[name], figures[total])]
        if choices and role_of(total) not in SINGLE and _sums_some(total, parts, choices, figures):
            # Others are beside the parts: the column sums up some of the choices, and is none itself.
            votes = votes_named(cells, [name for name in pool if name in parts or name in choices])
            named_parts, named_choices = ", ".join(parts[:4]), ", ".join(choices[:4])
            text = (
                f"{file}: {total} = sum of {len(parts)} columns ({named_parts}), beside {named_choices}: a sum of some "
                f"choices ({_held(figures, total)}), or all valid votes? It was taken for a sum of some"
            )
            question = Question(
                about=total, text=text, choices=("a sum of some choices", "all valid votes"), where=file
            )
            why = "figures that are nothing else, but for a sum of some of them"
            return _VotesLeft(votes=votes, why=why, total=total, figures={}, asked=[], questions=[question])
        if beside:
            held = ", ".join(f"{name} {_held(figures, name)}" for name in beside[:5])
            text = f"{file}: {total} = sum of {', '.join(parts[:4])}; {held} stands beside: is it votes, too?"
            question = Question(about=beside[0], text=text, choices=("not votes", "votes"), where=file)
            known = {"valid": named}
            return _VotesLeft(votes=votes, why=why, total=total, figures=known, asked=[], questions=[question])
        return _VotesLeft(votes=votes, why=why, total=total, figures={"valid": named}, asked=[])
    total, said = total_among(pool, figures, single)
    known = {"cast" if said else "valid": Named(column=total, why=said or "the sum of all others")} if total else {}
    votes, why = votes_by_place(cells, [name for name in pool if name != total], figures, single)
    asked = f"{file}: no column is the sum of votes; is each of the choices one?"
    unsure = votes and not total and not _plausible(votes, figures, single)
    return _VotesLeft(votes=votes, why=why, total=total, figures=known, asked=[asked] if unsure else [])


def _held(figures: Mapping[str, pl.Series], name: str) -> str:
    return f"{int(figures[name].sum() or 0):,}"


SMALL = 0.2
"""Share of a sum up to which figures beside it are rather null votes than choices that it leaves out."""


def _sums_some(total: str, parts: Sequence[str], beside: Sequence[str], figures: Mapping[str, pl.Series]) -> bool:
    """Whether a column rather sums some choices than all: it is called so, or has few parts beside large figures."""
    if re.search(OTHERS, plain_words(total)):
        return True
    if sum(int(figures[name].sum() or 0) for name in beside) <= SMALL * int(figures[total].sum() or 0):
        return False
    family = len({part.removesuffix(number_at_end(part)) for part in parts}) == 1
    return not family and (len(parts) < 5 or len(parts) < 2 * len(beside))


def _is_no_roll(column: pl.Series, total: pl.Series) -> bool:
    """Whether a column can be votes beside a sum of votes, rather than a roll that holds them all, or a code."""
    pairs = pl.DataFrame([column.alias("one"), total.alias("total")]).drop_nulls()
    distinct = pairs["one"].n_unique()
    return distinct > 1 and 10 * int((pairs["one"] < pairs["total"]).sum()) > pairs.height


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
    named = [
        name
        for name in cells.columns
        if role_of(name) == "contest" or re.search(BALLOTS, plain_words(name)) is not None
    ]
    for name in named:
        if (found := _contest_of(cells, name)) is not None:
            return cells.filter(pl.col(name) == found.value), found
    beside = _contest_beside(cells)
    found = _contest_of(cells, beside) if beside is not None else None
    return (cells, None) if found is None else (cells.filter(pl.col(found.column) == found.value), found)


def _contest_of(cells: pl.DataFrame, name: str) -> ContestGuess | None:
    """The contest that is taken of those that a column tells apart; None where it tells none."""
    counts = cells[name].drop_nulls().value_counts(sort=True)
    words = [str(word) for word in counts[name]]
    if not 2 <= len(words) <= MOST_CONTESTS or all(word.isdigit() for word in words):
        return None
    value = next((word for word in words if re.search(PRESIDENT, plain_words(word))), words[0])
    rows = int(counts.filter(pl.col(name) == value)["count"][0])
    why = f"{len(words)} contests; this one has {rows:,} of {cells.height:,} rows"
    others = tuple(word for word in words if word != value)
    return ContestGuess(column=name, value=value, others=others, why=why)


def _contest_beside(cells: pl.DataFrame) -> str | None:
    """A column of few words without which the stations repeat, and with which they do not."""
    stations = [name for name in cells.columns if role_of(name) == "station" and cells[name].n_unique() < cells.height]
    rolls = [name for name in cells.columns if role_of(name) == "registered"]
    for name in cells.columns:
        if role_of(name) in ("choice", "votes", "status", "station") or len(special_of(labels_in(cells, name))[0]) >= 2:
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
        if role == "contest" and name in marks.columns and re.search(WAYS, plain_words(name)):
            continue  # election_day: figures of a way of voting
        if role is not None:
            found[name] = role
    return found


def _single_figures(
    cells: pl.DataFrame, marks: Figures, roles: Mapping[str, str], long: LongGuess | None, file: str
) -> tuple[dict[str, Named], list[Question]]:
    """One column for each of registered, blank, null, valid, cast.

    Of several the one whose sums agree, else the one with the shortest name. A column that is called `cast` or `valid`
    and agrees nowhere with what the sheets hold is none.
    """
    found: dict[str, Named] = {}
    questions: list[Question] = []
    for role in SINGLE:
        names = [name for name in cells.columns if roles.get(name) == role and name in marks.columns]
        if long is not None:
            names = [name for name in names if name not in (long.votes, *long.choice, *long.parts)]
            if role in long.special:
                names = []
        if not names:
            continue
        name = min(names, key=lambda one: (names_somebody(one, role), len(one.split()), names.index(one)))
        agrees = ""
        if role in ("valid", "cast") and long is None:
            name, agrees, agree, compared = _by_arithmetic(cells, marks, roles, found, names, name)
            if role == "cast" and compared >= 5 and agree == 0 and (said := _of_a_place(cells, marks, name)):
                text = f"{file}: {name!r} is called ballots cast, but {said}: it was not taken"
                questions.append(Question(about=name, text=text, choices=("not read", "cast"), where=file))
                continue
        total = marks.columns[name].sum()
        others = f"; so might be {', '.join(map(repr, (one for one in names if one != name)))}" if names[1:] else ""
        found[role] = Named(column=name, why=f"by its name{agrees}; {total:,} in all rows{others}")
    return found, questions


def _by_arithmetic(
    cells: pl.DataFrame,
    marks: Figures,
    roles: Mapping[str, str],
    found: Mapping[str, Named],
    names: Sequence[str],
    first: str,
) -> tuple[str, str, int, int]:
    """Of columns for one figure the one that most rows' votes add up to; the evidence; rows that agree; of how many."""
    single = {role: named.column for role, named in found.items() if role in ("blank", "null")}
    taken = {*single.values(), *names, *(named.column for named in found.values())}
    pool = _pool(cells, marks, roles, taken)
    best = (0, 0, first)
    for name in sorted(names, key=lambda one: one != first):
        rows = int((marks.columns[name].fill_null(0) > 0).sum())
        for role in ("cast", "valid"):
            guesses, _ = votes_by_sum(cells, pool, marks.columns, {**single, role: name})
            if not guesses:
                continue
            columns = [column for guess in guesses for column in guess.columns]
            parts = [*columns, *(single.values() if role == "cast" else ())]
            values = arrays(marks.columns, [name, *parts])
            agree, _ = agreement(values[name], [values[part] for part in parts])
            if agree > best[0]:
                best = (agree, rows, name)
    agree, rows, name = best
    if agree == 0:
        return first, "", 0, int((marks.columns[first].fill_null(0) > 0).sum())
    return name, f"; the votes add up to it in {agree:,} of {rows:,} rows", agree, rows


def _of_a_place(cells: pl.DataFrame, marks: Figures, column: str) -> str:
    """How a figure shows that it is a whole place's: it is the same in all rows of each place that has several."""
    for place in cells.columns:
        if place in marks.columns and not is_code(place):
            continue
        table = pl.DataFrame([cells[place].alias("place"), marks.columns[column].alias("figure")]).drop_nulls()
        places = table.group_by("place").agg(pl.len(), pl.col("figure").n_unique().alias("figures"))
        several = places.filter(pl.col("len") > 1)
        if several.height >= 3 and bool((several["figures"] == 1).all()) and places.height < table.height / 1.5:
            figure = table["figure"][0]
            return f"it is the same in all rows of each {place!r} (such as {figure:,}), and no votes add up to it"
    return ""


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
    elif station.repeated and station.empty is None:
        found.append(f"{opened.path.name}: {station.why}; see columns.station")
    if not votes and long is None:
        found.append(f"{opened.path.name}: no columns of votes were found; name them under columns.votes")
    unknown = [word for word, status in words.items() if status is None]
    if unknown:
        found.append(f"{opened.path.name}: what do the status words {', '.join(map(repr, unknown))} mean?")
    return found
