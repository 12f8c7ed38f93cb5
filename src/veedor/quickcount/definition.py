"""quickcount.toml: where frame, sample and reports are, which columns hold what, and what is assumed of the missing."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, StrictInt, model_validator

from veedor.election.base import Identifier, Names, Table

Columns = Annotated[tuple[str, ...] | str, Field(min_length=1)]
"""One column, or several: of a station those whose cells, joined by `-`, identify it; of a figure those that add up."""

NULL = "null"
"""How an estimate calls the null (invalid) votes: no choice may have this ID."""

PerCent = Annotated[Decimal | StrictInt, Field(ge=0, le=100)]


class StationTable(Table):
    """A file with one row a station.

    file: beside quickcount.toml, or in the folder of --data. format: `csv` (a header, then rows), `parquet`, or
    `counted` (separated by `|`; the first line is the number of rows, the second the header); by the file's ending
    `.parquet`, `.txt` (counted), anything else csv. where: only rows whose cells are these.
    leading_zeros: `drop` where other files write 7 for 007.
    """

    file: str
    format: Literal["csv", "parquet", "counted"] | None = None
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    encoding: str = "utf-8"
    where: dict[str, str | StrictInt] = {}
    leading_zeros: Literal["keep", "drop"] = "keep"
    station: Columns | None = None
    stratum: str | None = None
    roll: str | None = None

    @property
    def kind(self) -> Literal["csv", "parquet", "counted"]:
        """The format, by the file's ending where none is given."""
        if self.format is not None:
            return self.format
        name = self.file.lower()
        return "parquet" if name.endswith(".parquet") else "counted" if name.endswith(".txt") else "csv"


class FrameTable(StationTable):
    """Every station of the election. group: a column of larger areas (states), whose strata stand in for each other."""

    stratum: str | None = None
    group: str | None = None


class SampleTable(StationTable):
    """Every station of the sample, reported or not: a station that was replaced is a missing station."""

    station: Columns


class ReportsTable(StationTable):
    """One row for each station that reported.

    total: all votes in the sheet, the base of every share; null: null votes among them; time: when it reported.
    """

    station: Columns
    total: Columns
    null: Columns | None = None
    time: str | None = None


class NumberOfStations(Table):
    """How many stations there are, where no file lists them."""

    stations: int = Field(ge=1, le=10_000_000)


class Choice(Table):
    """A choice and the columns of the reports that add up to its votes."""

    id: Identifier
    name: Names | None = None
    columns: Columns

    @property
    def title(self) -> Names:
        """Its name; its ID where it has none."""
        return self.name if self.name is not None else Names(en=self.id)


class PostStrata(Table):
    """Cells by columns of the frame, chosen before the election, broadest first.

    minimum: reports below which a cell is merged with the next one of the same broader cell.
    """

    columns: tuple[str, ...] = Field(min_length=1, max_length=4)
    minimum: int = Field(default=5, ge=2, le=1000)


class Assumptions(Table):
    """What the stations that did not report may have said.

    scale: `national` allows them to differ by 2 points from those that did, `regional` by 4; 5 where a stratum is
    empty. shift: another number of points, which then holds in any case.
    """

    scale: Literal["national", "regional"] = "national"
    shift: PerCent | None = None


class Threshold(Table):
    """A share that decides something, in per cent of the total: `choice` above it or not."""

    choice: str
    share: PerCent


class DesignTable(Table):
    """How the sample is drawn: stations in all, and how they are spread over the strata.

    allocation: `proportional` to the strata's stations, or `neyman`, to stations times the standard deviation of
    `spread`, a column of the frame such as a choice's per cent in an earlier election. minimum: stations of each
    stratum, or all of them where it has fewer.
    """

    size: int = Field(ge=1, le=1_000_000)
    allocation: Literal["proportional", "neyman"] = "proportional"
    spread: str | None = None
    minimum: int = Field(default=2, ge=0, le=100_000)

    @model_validator(mode="after")
    def _spread_where_needed(self) -> Self:
        if (self.allocation == "neyman") != (self.spread is not None):
            raise ValueError("`spread`, a column of the frame, with the allocation neyman and with no other")
        return self


class Leads(Table):
    """The sentence that one choice leads another."""

    first: str
    second: str


class ReleaseTable(Table):
    """What must be so to say a sentence, fixed before the polls close.

    received: per cent of the sample that must have reported, over all and in each group; takes: estimates in a row that
    must agree; reports: reports between two of them.
    """

    received: PerCent = 50
    takes: int = Field(default=3, ge=1, le=20)
    reports: int = Field(default=100, ge=1, le=100_000)
    leads: tuple[Leads, ...] = Field(min_length=1, max_length=50)


class QuickCount(Table):
    """The whole of quickcount.toml."""

    contest: Identifier | None = None
    frame: FrameTable | NumberOfStations | None = None
    sample: SampleTable | NumberOfStations
    reports: ReportsTable
    choices: tuple[Choice, ...] = Field(min_length=1, max_length=200)
    design: DesignTable | None = None
    release: ReleaseTable | None = None
    post_strata: PostStrata | None = None
    assumptions: Assumptions = Assumptions()
    thresholds: tuple[Threshold, ...] = Field(default=(), max_length=50)

    @model_validator(mode="after")
    def _choices_differ(self) -> Self:
        ids = [choice.id for choice in self.choices]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise ValueError(f"choices with an ID each, got {twice[0]!r} twice")
        if NULL in ids:
            raise ValueError(f"choices with other IDs than {NULL!r}, which is what the null votes are called")
        leads = () if self.release is None else self.release.leads
        if odd := [one for one in leads if one.first == one.second or not {one.first, one.second} <= set(ids)]:
            raise ValueError(f"sentences of two choices that there are, got {odd[0].first!r} and {odd[0].second!r}")
        if unknown := sorted({one.choice for one in self.thresholds} - set(ids)):
            raise ValueError(f"thresholds of choices that there are ({', '.join(ids[:20])}), got {unknown[0]!r}")
        return self

    @model_validator(mode="after")
    def _strata_known(self) -> Self:
        if self.post_strata is None:
            return self
        if not isinstance(self.frame, FrameTable) or self.frame.station is None:
            raise ValueError(
                "[post_strata] needs [frame] with a file and its column of stations: cells are the frame's"
            )
        return self


def listed(columns: tuple[str, ...] | str) -> tuple[str, ...]:
    """Columns as a tuple."""
    return (columns,) if isinstance(columns, str) else columns
