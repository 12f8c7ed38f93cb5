"""What each column of an unknown file is, with the evidence: station, places, figures, votes, contest, status."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from veedor.draft.asked_of_columns import (
    fractions_in,
    joined_parties,
    named_otherwise,
    places_without_stations,
    remarks_in,
    rest_of_ballots,
    spellings_of,
)
from veedor.draft.guess.asked import absent_words, annulled, beside_the_station, no_votes, todo_of
from veedor.draft.guess.choices import no_sums_among, of_each_way, other_ballots, votes_left
from veedor.draft.guess.found import Guess, Named
from veedor.draft.guess.known import arrived_in, coordinates_in, is_remark, pool_of, single_figures, status_in
from veedor.draft.guess.levels import LevelGuess, levels_in
from veedor.draft.guess.long import SINGLE
from veedor.draft.guess.rows import Rows, rows_of_one
from veedor.draft.guess.same_twice import is_update, states_of_sheets
from veedor.draft.guess.station import StationGuess, station_in
from veedor.draft.guess.votes import VoteGuess, votes_by_sum, votes_named
from veedor.draft.open_file import Opened
from veedor.draft.vocabulary import level_of
from veedor.election import Status
from veedor.election.definition import Question


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What is known by its name. taken: columns that are no votes; totals, ways: of choices that are sums of ways."""

    figures: dict[str, Named]
    status: Named | None
    words: Mapping[str, Status | None]
    arrived: Named | None
    time_format: str
    coordinates: Mapping[str, str]
    taken: set[str]
    totals: tuple[str, ...]
    ways: set[str]
    questions: list[Question]

    @property
    def single(self) -> dict[str, str]:
        """The column of each figure."""
        return {role: named.column for role, named in self.figures.items()}


@dataclass(frozen=True, kw_only=True)
class _Shared:
    """Which columns are the station, its places and the votes. used: all that have a part in the draft."""

    station: StationGuess | None
    levels: tuple[LevelGuess, ...]
    figures: dict[str, Named]
    votes: tuple[VoteGuess, ...]
    why: str
    used: set[str]
    asked: list[str]
    questions: list[Question]


def guess_of(opened: Opened) -> Guess:
    """Look at all cells and decide, in an order in which each step has fewer columns to choose from than the last."""
    # 1. Rows that hold other things: footers, other rounds and contests, totals. What the cells and the names say.
    file = opened.path.name
    rows = rows_of_one(opened.cells, file)
    # 2. What is known by its name: figures, status, times, coordinates. Those cannot be votes.
    known = _known(rows, file)
    # 3. Votes, station, places.
    shared = _shared_out(rows, known, file)
    # 4. Ballots cast that are no votes, where the sums say so; they are not asked about.
    single = {role: named.column for role, named in shared.figures.items()}
    other = {} if rows.long else other_ballots(rows.cells, rows.marks.columns, single, shared.votes)
    settled = {named.column for named in other.values()}
    shared.used.update(settled)
    # 5. What a person is to look at.
    asked = [*absent_words(opened.cells, rows.marks, file), *known.questions, *shared.questions]
    asked = [one for one in asked if one.about not in settled]
    return Guess(
        opened=opened,
        rows=rows.cells.height,
        marks=rows.marks,
        station=shared.station,
        levels=shared.levels,
        figures=shared.figures,
        votes=shared.votes,
        votes_why=shared.why,
        long=rows.long,
        contest=rows.contest,
        drop=rows.drop,
        status=known.status,
        status_words=known.words,
        coordinates=known.coordinates,
        arrived=known.arrived,
        time_format=known.time_format,
        unused=tuple(name for name in rows.cells.columns if name not in shared.used),
        todo=tuple(_to_do(rows, known, shared, file)),
        left_out=rows.left_out,
        questions=(*opened.asked, *rows.questions, *asked, *_asked_of(rows, known, shared, file)),
        other=other,
    )


def _known(rows: Rows, file: str) -> _Known:
    cells, marks, roles, long = rows.cells, rows.marks, rows.roles, rows.long
    figures, questions = single_figures(cells, marks, roles, long, file)
    status, words = status_in(cells, roles)
    arrived, time_format = arrived_in(cells, roles)
    coordinates = coordinates_in(cells, roles, marks)
    taken = {named.column for named in (*figures.values(), status, arrived) if named} | set(coordinates.values())
    taken |= _no_votes(rows)
    totals, ways = ((), set()) if long else of_each_way(cells, marks)
    if totals:
        figures = {role: named for role, named in figures.items() if named.column not in totals}
        taken = (taken - set(totals)) | ways
    return _Known(
        figures=figures,
        status=status,
        words=words,
        arrived=arrived,
        time_format=time_format,
        coordinates=coordinates,
        taken=taken,
        totals=totals,
        ways=ways,
        questions=questions,
    )


def _no_votes(rows: Rows) -> set[str]:
    """Columns that say which choice, contest or part a row is about, that were used up, or that are remarks."""
    cells, roles, long = rows.cells, rows.roles, rows.long
    found = {*long.choice, long.votes, *long.add_over, *long.parts} if long else set()
    said = ("choice", "ignored") if long else ("ignored",)
    found |= {name for name, role in roles.items() if role in said}
    found |= set(rows.contest.columns) if rows.contest else set()
    found |= {column for column, _ in rows.drop if column in rows.spent}
    return found | {
        name for name in cells.columns if is_update(cells, name) or is_remark(cells, name, rows.marks, roles)
    }


def _shared_out(rows: Rows, known: _Known, file: str) -> _Shared:
    cells, marks, roles, long = rows.cells, rows.marks, rows.roles, rows.long
    figures = known.figures
    # 1. Votes: the columns that add up to a figure known by name.
    votes, why = _votes_by_name(rows, known)
    used = known.taken | {column for vote in votes for column in vote.columns}
    # 2. The station, then its places, among what is neither a figure nor votes.
    station = station_in(cells, roles, marks.columns, used, (*long.choice, *long.add_over) if long else ())
    columns = set(station.columns) if station else set()
    if long is not None and station is not None:
        figures = {role: named for role, named in figures.items() if _one_each(cells, station.columns, named.column)}
    levels = levels_in(cells, columns if len(columns) == 1 else set(), used, marks.columns, roles)
    used |= columns | {level.column for level in levels}
    # 3. Where no figure gave the votes away: any sum among the columns that are left, else where they stand.
    asked: list[str] = []
    questions: list[Question] = []
    if long is None and not votes:
        pool = [name for name in pool_of(cells, marks, roles, used) if _is_no_place_or_sum(name, roles)]
        left = votes_left(cells, pool, marks.columns, known.single, file)
        votes, why, asked, questions = left.votes, left.why, left.asked, left.questions
        figures = figures | {role: named for role, named in left.figures.items() if role not in figures}
        used |= {left.total, *(column for vote in votes for column in vote.columns)}
    votes, said = no_sums_among(cells, votes, marks.columns, file)
    return _Shared(
        station=station,
        levels=levels,
        figures=figures,
        votes=votes,
        why=why,
        used=used,
        asked=asked,
        questions=[*questions, *said],
    )


def _votes_by_name(rows: Rows, known: _Known) -> tuple[tuple[VoteGuess, ...], str]:
    """Votes that add up to a figure that is known by its name, or to whose totals their ways of voting do."""
    if rows.long:
        return (), ""
    if known.totals:
        why = f"each is the sum of ways of voting; these are not read: {', '.join(sorted(known.ways)[:6])}"
        return votes_named(rows.cells, known.totals), why
    pool = pool_of(rows.cells, rows.marks, rows.roles, known.taken)
    return votes_by_sum(rows.cells, pool, rows.marks.columns, known.single)


def _asked_of(rows: Rows, known: _Known, shared: _Shared, file: str) -> list[Question]:
    cells, marks, station, status = rows.cells, rows.marks, shared.station, known.status
    unused = [name for name in cells.columns if name not in marks.columns and name not in shared.used]
    texts_of_sheets = [] if rows.long else unused
    found = [
        *fractions_in(cells, marks, rows.roles, file),
        *remarks_in(cells, rows.roles, [status.column] if status else [], texts_of_sheets, file),
        *joined_parties(shared.votes, marks, file),
        *named_otherwise(shared.votes, marks, file),
        *rest_of_ballots(shared.votes, marks, shared.figures, file),
        *places_without_stations(station, file),
        *spellings_of(cells, shared.levels, file),
    ]
    if station is not None and station.repeated and rows.long is None:
        found += states_of_sheets(cells, station.columns, file)
    if not shared.votes and rows.long is None:
        found.append(no_votes(unused, file))
    outside = annulled(cells, status, known.words, file) if status is not None else None
    return [*found, outside] if outside else found


def _to_do(rows: Rows, known: _Known, shared: _Shared, file: str) -> list[str]:
    found = todo_of(shared.station, shared.votes, rows.long, known.words, file) + shared.asked
    found += beside_the_station(rows.cells, shared.station, rows.long, file)
    spare = pool_of(rows.cells, rows.marks, rows.roles, shared.used) if "registered" not in shared.figures else []
    if spare:
        found.append(
            f"{file}: no column is known for the registered voters; are they in "
            f"{' or '.join(map(repr, spare[:5]))}? Then name it under columns.registered"
        )
    return found


def _one_each(cells: pl.DataFrame, station: Sequence[str], column: str) -> bool:
    """True if the rows of a station all say the same in this column: the figure is the sheet's, not the choice's."""
    return cells.select(*station, column).n_unique() == cells.select(station).n_unique()


def _is_no_place_or_sum(name: str, roles: Mapping[str, str]) -> bool:
    return level_of(name) is None and roles.get(name) not in (*SINGLE, "station")
