"""Election: what is counted, where, under which rule, and where its published files lie."""

import datetime as dt
from collections.abc import Sequence
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from veedor.election.base import Identifier, Names, PlainName, Table, zone_named
from veedor.election.clocks import Clock, EarlierVote, Grouping, PlainTable
from veedor.election.layout import Layout
from veedor.election.nearest import named
from veedor.election.rules import Rule
from veedor.wording import UNKNOWN_DATE

LONGEST_QUESTION = 2_000


class Level(Table):
    """One level of geography; a place is known by its full path from the broadest level down."""

    id: Identifier
    name: Names


class Choice(Table):
    """A candidate, list, or answer. order: as on the ballot; color: '#rrggbb'."""

    id: Identifier
    name: Names
    party: PlainName | None = None
    color: str | None = Field(default=None, pattern=r"^#[0-9A-Fa-f]{6}$")


class OtherFigure(Table):
    """A figure of sheets with a name of its own: contested or appealed ballots, ballots issued or left over.

    It is neither a choice's votes nor valid, blank or null. of_cast: whether these ballots were found in the box, so
    that they are part of the ballots cast.
    """

    id: Identifier
    name: Names
    of_cast: bool = False


class Contest(Table):
    """A vote: its choices in ballot order, and the rule that makes votes an outcome. other: figures beside these."""

    id: Identifier
    name: Names
    rule: Rule
    choices: tuple[Choice, ...] = Field(min_length=1, max_length=1_000)
    other: tuple[OtherFigure, ...] = Field(default=(), max_length=100)

    @property
    def choice_ids(self) -> tuple[str, ...]:
        """Ids of the choices in ballot order."""
        return tuple(choice.id for choice in self.choices)


class Source(Table):
    """Files of one snapshot (`file`, or `files` of which each holds a part), or of a series of them.

    file: one file, relative to the data folder; member: the file's name inside a zip, or a pattern of names with `*`.
    files: a pattern with `*`; where it holds `{time:%Y%m%d_%H%M%S}`, each match is a snapshot of the time in its name,
      else all matches together are one snapshot.
    time: when it was published; without an offset, in the election's time zone.
    join, add: the file holds more of the sheets that the other sources of its time hold. join: other columns, by
      `station`, or by a level of geography (a row for each place, its key under `columns.station`); add: more votes and
      ballots of the same stations, which are summed (on paper, by machine). A file without any choice is joined.
    alone: what the votes of a station are that has none in a file that is added, absent or zero.
    url, sha256: where `veedor fetch` gets the file and what its bytes must be.
    """

    file: str | None = None
    files: str | None = None
    member: str | None = None
    time: dt.datetime | None = None
    layout: Identifier
    join: Identifier | None = None
    add: Literal["station"] | None = None
    alone: Literal["absent", "zero"] = "absent"
    url: str | None = None
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-fA-F]{64}$")


Kind = Literal["preliminary", "official", "observers", "party", "parallel", "recount"]
"""Whose count it is: the authority's before and after it is final, observers', a party's, another parallel one, or a
recount."""

UNKNOWN_ZONE = "UTC"
"""Stands in a draft for a time zone that nobody has filled in: no place's own zone is called so."""


class Count(Table):
    """One count of the same ballots.

    kind: whose count it is; only an official one is called official. authority: who counts, by name.
    publishes: whether each snapshot is the whole state of the count, or only what was added since the one before.
    """

    id: Identifier
    kind: Kind
    name: Names
    authority: PlainName | None = None
    expected_sheets: int | None = Field(default=None, ge=1, le=1_000_000_000)
    publishes: Literal["state", "additions"] = "state"
    sources: tuple[Source, ...] = Field(min_length=1, max_length=10_000)


class Interruption(Table):
    """A known stop of a count's publication."""

    id: Identifier
    count: Identifier
    start: dt.datetime
    end: dt.datetime
    name: Names
    source: str | None = None


class Document(Table):
    """Where a reader can check a fact. title: as published, in `language`; note: such as that only the press has it."""

    title: str
    publisher: str | None = None
    date: dt.date | None = None
    url: str | None = None
    language: str | None = Field(default=None, pattern="^[a-z]{2,3}(-[A-Za-z0-9]+)*$")
    note: Names | None = None


class Aftermath(Table):
    """What became of the election. headline: shown under the headline; the timeline has every entry."""

    what: Names
    date: dt.date
    source: Document
    headline: bool = False


class Question(Table):
    """What a draft could not decide: it follows every output until its table is taken out of the definition.

    about: the column, file or figure; text: the question; choices: answers, the one that was taken first; where: the
    file, layout or rows.
    """

    about: str = Field(max_length=LONGEST_QUESTION)
    text: str = Field(max_length=LONGEST_QUESTION)
    choices: tuple[str, ...] = Field(default=(), max_length=100)
    where: str = Field(default="", max_length=LONGEST_QUESTION)


class Reference(Table):
    """The source of the data or of a fact, and its terms."""

    title: str
    publisher: str | None = None
    url: str | None = None
    licence: str | None = None
    accessed: dt.date | None = None
    note: str | None = None


class Election(Table):
    """The whole election.toml, checked.

    Times without an offset are in `timezone`. `contests[0]` is the one that commands use by default.
    """

    id: Identifier
    name: Names
    date: dt.date = Field(ge=dt.date(1800, 1, 1), le=dt.date(2999, 12, 31))
    timezone: str
    levels: tuple[Level, ...] = Field(default=(), max_length=20)
    contests: tuple[Contest, ...] = Field(min_length=1, max_length=200)
    counts: tuple[Count, ...] = Field(min_length=1, max_length=100)
    layouts: dict[Identifier, Layout] = Field(max_length=200)
    interruptions: tuple[Interruption, ...] = Field(default=(), max_length=100)
    aftermath: tuple[Aftermath, ...] = Field(default=(), max_length=100)
    clocks: tuple[Clock, ...] = Field(default=(), max_length=100)
    groupings: tuple[Grouping, ...] = Field(default=(), max_length=100)
    earlier_votes: tuple[EarlierVote, ...] = Field(default=(), max_length=100)
    sources: tuple[Reference, ...] = Field(default=(), max_length=1_000)
    questions: tuple[Question, ...] = Field(default=(), max_length=1_000)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if zone_named(value) is None:
            raise ValueError("wanted a time zone's name such as 'America/La_Paz'")
        return value

    def __repr__(self) -> str:
        return (
            f"<Election {self.id}, {self.date.isoformat()}: {len(self.contests)} contests, {len(self.counts)} counts>"
        )

    @property
    def open_questions(self) -> tuple[str, ...]:
        """The questions that nobody has answered yet, in words."""
        return tuple(question.text for question in self.questions)

    @property
    def date_known(self) -> bool:
        """False where the day of the vote is the one that a draft puts in for want of a better."""
        return self.date != UNKNOWN_DATE

    @property
    def zone_known(self) -> bool:
        """False where the time zone is the one that a draft puts in for want of a better."""
        return self.timezone != UNKNOWN_ZONE

    @property
    def zone(self) -> ZoneInfo:
        """The election's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def plain_tables(self) -> tuple[PlainTable, ...]:
        """All auxiliary tables (clock logs, groupings, earlier elections): logs of clocks, groupings, earlier votes."""
        logs = [table for clock in self.clocks for table in (*clock.of_sheets, *clock.of_publications)]
        return (*logs, *self.groupings, *self.earlier_votes)

    @property
    def level_ids(self) -> tuple[str, ...]:
        """Ids of the levels, broadest first."""
        return tuple(level.id for level in self.levels)

    @staticmethod
    def official_of(counts: Sequence[Count]) -> Count | None:
        """The last official one of these counts, if there is one."""
        return next((count for count in reversed(counts) if count.kind == "official"), None)

    @staticmethod
    def default_of(counts: Sequence[Count]) -> Count:
        """The count that is meant where nobody names one: the last official one of these, else the last."""
        return Election.official_of(counts) or counts[-1]

    def contest_named(self, name: str | None) -> Contest:
        """The contest with this id, or the first. Raises VeedorError with the nearest id."""
        return self.contests[0] if name is None else named(self.contests, name, "contest")

    def count_named(self, name: str | None) -> Count:
        """The count with this id, or the default one. Raises VeedorError with the nearest id."""
        return self.default_of(self.counts) if name is None else named(self.counts, name, "count")

    def level_named(self, name: str) -> Level:
        """The level with this id. Raises VeedorError with the nearest id."""
        return named(self.levels, name, "level")
