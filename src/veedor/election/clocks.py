"""What else an election.toml may name beside the sheets: clocks, groupings of stations, and an earlier vote."""

import datetime as dt

from pydantic import Field, model_validator

from veedor.election.base import Identifier, Names, Table
from veedor.election.layout import Labels


class PlainTable(Table):
    """A file with a header row, read as it is; the ending tells its format (csv, tsv, xlsx, xls, ods, parquet, jsonl).

    sheet: the worksheet's name; without it the first one.
    """

    file: str
    member: str | None = None
    sheet: str | None = None
    encoding: str = "utf-8"
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    header_row: int = Field(default=1, ge=1, le=1_000_000)
    url: str | None = None
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-fA-F]{64}$")


class SheetTimes(PlainTable):
    """One row per tally sheet: its station and when it passed this clock, or its batch in the order of passing.

    time: column of the moment; order: column of a whole number that grows with time (sheets of one batch share it).
    valid, votes: columns with the figures as they stood in this log, where it has them.
    Rows without a station are left out (a log's own totals).
    """

    station: str
    time: str | None = None
    order: str | None = None
    time_format: str | None = None
    valid: str | None = None
    votes: dict[Identifier, str] = {}

    @model_validator(mode="after")
    def _time_or_order(self) -> "SheetTimes":
        if (self.time is None) == (self.order is None):
            raise ValueError("give exactly one of time and order")
        return self


class PublicationTimes(PlainTable):
    """One row per publication: its moment and the totals it showed."""

    time: str
    time_format: str | None = None
    sheets: str | None = None
    valid: str | None = None
    votes: dict[Identifier, str] = {}


class Clock(Table):
    """One clock of a count: when sheets were sent, verified, published.

    of_sheets: logs with a row per sheet, read one after the other; of_publications: a log with a row per publication.
    """

    id: Identifier
    count: Identifier
    name: Names
    of_sheets: tuple[SheetTimes, ...] = ()
    of_publications: tuple[PublicationTimes, ...] = ()
    note: str | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> "Clock":
        if bool(self.of_sheets) == bool(self.of_publications):
            raise ValueError("give exactly one of of_sheets and of_publications")
        return self


class Grouping(PlainTable):
    """A column that sorts stations into groups (urban, rural, abroad): text in the file -> the group's id."""

    id: Identifier
    name: Names
    station: str
    column: str
    values: dict[Identifier, Labels]
    value_names: dict[Identifier, Names] = {}


class EarlierVote(PlainTable):
    """An earlier election or referendum by polling station, as a covariate.

    votes: its answers (any names) -> their columns; station numbers are compared as text where `same_stations`,
    else places are matched by the columns in `levels`.
    """

    id: Identifier
    name: Names
    date: dt.date | None = None
    station: str
    registered: str | None = None
    votes: dict[Identifier, str]
    levels: dict[Identifier, str] = {}
    same_stations: bool = False
