"""What is guessed of one file, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from veedor.draft.evidence import ColumnEvidence, RowsLeftOut
from veedor.draft.guess.figures import Figures
from veedor.draft.guess.levels import LevelGuess
from veedor.draft.guess.long import LongGuess
from veedor.draft.guess.station import StationGuess
from veedor.draft.guess.votes import VoteGuess
from veedor.draft.open_file import Opened
from veedor.election import Status
from veedor.election.definition import Question


@dataclass(frozen=True, kw_only=True)
class Named:
    """A column with the reason why it was taken."""

    column: str
    why: str


@dataclass(frozen=True, kw_only=True)
class ContestGuess:
    """Rows of several contests: the column, the contest that was taken, and the others.

    within: the column of the offices, where a contest is a district of one: the value is then of both.
    """

    column: str
    value: str
    others: tuple[str, ...]
    why: str
    name: str = ""
    within: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that tell it."""
        return (self.column,) if self.within is None else (self.within, self.column)


@dataclass(frozen=True, kw_only=True)
class Guess:
    """Everything that is guessed of one file. other: ballots cast that are no votes, by the id that they get."""

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
    other: Mapping[str, Named] = field(default_factory=dict)
