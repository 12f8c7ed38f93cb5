"""Layouts: how the columns and labels of a published file map to the sheet table."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from veedor.election.base import Identifier, Table

Format = Literal["csv", "xlsx", "parquet", "jsonl", "json", "nist-json", "nist-xml"]
"""csv reads any delimiter, xlsx any spreadsheet (XLSX, XLS, ODS), jsonl an object on each line, json any document whose
rows a path names; compression follows the file's ending."""

Status = Literal["counted", "observed", "withheld", "quarantined", "annulled", "pending"]
"""counted and observed sheets are in the totals; withheld, quarantined and pending ones are still open;
annulled ones are out for good, and listed."""

IN_TOTALS: tuple[Status, ...] = ("counted", "observed")
STATUSES: tuple[Status, ...] = ("counted", "observed", "withheld", "quarantined", "annulled", "pending")


MOST_NAMES = 200
"""Columns of a file that one column of the sheet table is made of, and spellings of a name."""

BETWEEN = " / "
"""Between the names in several rows of a header, and the texts by which several columns tell a contest."""

TOLD = ("@file", "@folder", "@member", "@worksheet")
"""What a column may be called that is not in the file: its name without endings, its folder, member or worksheet."""


MOST_VOTES = 100_000_000
"""Largest figure that a sheet can hold: ten times the votes of the largest city. More is a typing error."""

Place = Annotated[int, Field(ge=1, le=200)]
"""The number of a character or part of a text, counted from 1."""


LineName = Annotated[str, Field(min_length=1, max_length=60)]
"""What a party line is called: a name of the ballot, such as `Working Families`."""


class Column(Table):
    """The source of one column of the sheet table; exactly one of the four.

    names: the source column's name, or several spellings of it of which one is present.
    join: several source columns joined into one text (a station known by section and box).
    sum: several source columns of votes added (a choice that several parties put up).
    value: the same text for every row (a country that no column names).

    What identifiers and names are made of each text, in this order (each part of a join by itself):
    split, keep: only these parts, counted from 1, of the text between the marks `split`, joined by `separator`.
    characters: only the characters from the first to the last of these, counted from 1.
    strip_zeros: without zeros before the first other character ("000" is "0"). pad: with zeros before it up to so many
      characters; for a join one number, or one for each part.
    if_empty: of a join, what stands for a part that is empty: the row is the total of a place without its stations.
    lines: of a sum for a choice, what each of its columns is called, one name for each: the party lines on which the
      choice stands, kept beside their sum.
    """

    names: tuple[str, ...] = Field(default=(), max_length=MOST_NAMES)
    join: tuple[str, ...] = Field(default=(), max_length=MOST_NAMES)
    separator: str = Field(default="-", max_length=20)
    sum: tuple[str, ...] = Field(default=(), max_length=MOST_NAMES)
    value: str | None = None
    split: str = Field(default="", max_length=20)
    keep: tuple[Place, ...] = Field(default=(), max_length=MOST_NAMES)
    characters: tuple[Place, ...] = Field(default=(), max_length=2)
    strip_zeros: bool = False
    pad: tuple[Place, ...] = Field(default=(), max_length=MOST_NAMES)
    if_empty: str | None = Field(default=None, min_length=1, max_length=60)
    lines: tuple[LineName, ...] = Field(default=(), max_length=MOST_NAMES)

    @property
    def transforms(self) -> bool:
        """True if texts are changed on their way, joining aside."""
        return bool(self.split or self.characters or self.strip_zeros or self.pad)

    @model_validator(mode="after")
    def _one_of_four(self) -> "Column":
        given = [bool(self.names), bool(self.join), bool(self.sum), self.value is not None]
        if given.count(True) != 1:
            raise ValueError("give one of: a column name, a list of spellings, join, sum, value")
        if self.transforms and (self.sum or self.value is not None):
            raise ValueError("split, characters, strip_zeros and pad go with a column name or join")
        if self.if_empty is not None and not self.join:
            raise ValueError("if_empty goes with join: it stands for a part that is empty")
        if bool(self.split) != bool(self.keep):
            raise ValueError("split and keep go together: the mark between parts, and the numbers of the parts kept")
        if self.characters and (len(self.characters) != 2 or self.characters[0] > self.characters[1]):
            raise ValueError("characters are the first and the last, such as [1, 9]")
        if self.lines and (len(self.lines) != len(self.sum) or len(set(self.lines)) < len(self.lines)):
            raise ValueError("lines go with sum: what each of its columns is called, another name for each")
        if len(self.pad) > 1 and len(self.pad) != len(self.join):
            raise ValueError("pad is one number, or one for each part of a join")
        return self


def _column_from(value: object) -> object:
    if isinstance(value, str):
        return {"names": (value,)}
    if isinstance(value, (list, tuple)):
        return {"names": tuple(value)}
    if isinstance(value, dict):
        given = {key: tuple(part) if isinstance(part, list) else part for key, part in value.items()}
        if "column" in given and "names" not in given:
            name = given.pop("column")
            given["names"] = (name,) if isinstance(name, str) else name
        return {key: (part,) if key in ("pad", "keep") and type(part) is int else part for key, part in given.items()}
    return value


ColumnSource = Annotated[Column, BeforeValidator(_column_from)]


def _labels_from(value: object) -> object:
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


Labels = Annotated[tuple[str, ...], BeforeValidator(_labels_from)]


class Columns(Table):
    """Source columns of the sheet table; only `station` is always needed.

    votes: one entry for each choice, keyed by the choice's id (wide layout).
    other: one entry for each other figure that the file has, keyed by its id in the contest.
    levels: one entry for each level of geography that the file has, keyed by the level's id.
    """

    station: ColumnSource
    levels: dict[Identifier, ColumnSource] = {}
    registered: ColumnSource | None = None
    votes: dict[Identifier, ColumnSource] = {}
    blank: ColumnSource | None = None
    null: ColumnSource | None = None
    other: dict[Identifier, ColumnSource] = {}
    valid: ColumnSource | None = None
    cast: ColumnSource | None = None
    status: ColumnSource | None = None
    latitude: ColumnSource | None = None
    longitude: ColumnSource | None = None
    arrived: ColumnSource | None = None

    @model_validator(mode="after")
    def _only_texts_change(self) -> "Columns":
        figures = [self.registered, self.blank, self.null, self.valid, self.cast, self.latitude, self.longitude]
        if any(
            one is not None and one.transforms
            for one in (*figures, self.arrived, *self.votes.values(), *self.other.values())
        ):
            raise ValueError("split, characters, strip_zeros and pad are for station, levels and status")
        others = [self.station, self.status, *self.levels.values(), *figures, self.arrived, *self.other.values()]
        if any(one is not None and one.lines for one in others):
            raise ValueError("lines are for the votes of a choice")
        if any(one.if_empty for one in (*self.levels.values(), *([self.status] if self.status is not None else []))):
            raise ValueError("if_empty is for station")
        return self


class Long(Table):
    """A file with one row for each sheet and choice.

    choice: the column that names the choice, or several of which the first that is not empty in a row names it
      (parties in one column, "blank" and "null" in another); votes: the column with its votes.
    labels: the spellings of each choice's id; blank, null, registered, valid, cast: the spellings of those figures.
    other: the labels of the contest's other figures, by their ids (contested ballots).
    ignore: labels that are none of these (a grand total, for instance); any other label is a fault.
    add_over: columns that tell several rows of one choice on one sheet apart (by post, on the day); these are added.
    lines_in: the column of the party lines on which one choice stands; its rows are added, too, and kept beside their
      sum for those choices for which `lines` names their texts in that column.
    absent_row: what a choice is of which a sheet has no row, zero or absent. Without it zero, as files that leave zeros
      out mean it, but absent in a sheet that prints a larger sum than its rows give.
    """

    choice: Annotated[Labels, Field(min_length=1)]
    votes: str
    labels: dict[Identifier, Labels]
    blank: Labels = ()
    null: Labels = ()
    registered: Labels = ()
    valid: Labels = ()
    cast: Labels = ()
    other: dict[Identifier, Labels] = {}
    ignore: Labels = ()
    add_over: Labels = ()
    lines_in: str | None = None
    lines: dict[Identifier, Annotated[tuple[LineName, ...], BeforeValidator(_labels_from)]] = {}
    absent_row: Literal["zero", "absent"] | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """The columns over which rows of one choice are added: those of `add_over`, and that of the lines."""
        return tuple(dict.fromkeys((*self.add_over, *((self.lines_in,) if self.lines_in is not None else ()))))

    @model_validator(mode="after")
    def _lines_and_their_column(self) -> "Long":
        if bool(self.lines) != (self.lines_in is not None):
            raise ValueError("lines and lines_in go together: the texts of each choice's lines, and their column")
        if any(len(set(names)) < len(names) for names in self.lines.values()):
            raise ValueError("lines of a choice are each named once")
        return self


class Groups(Table):
    """Columns that repeat in groups, one group for each choice: section; party; votes; party; votes; ...

    first: the column, counted from 1, in which the first group begins. columns: what the columns of a group are called
    from here on, as `long` names them.
    """

    first: int = Field(ge=1, le=16_384)
    columns: Annotated[tuple[str, ...], Field(min_length=1, max_length=MOST_NAMES), BeforeValidator(_labels_from)]


MOST_STEPS = 10


def _path(path: str) -> str:
    """A path into a JSON document: keys with dots between them, and `*` for each entry."""
    if path and (not all(path.split(".")) or path.count(".") >= MOST_STEPS):
        raise ValueError(
            f"at most {MOST_STEPS} keys or '*' with dots between them, such as 'data.sheets.*'; what that cannot say, "
            "a program such as jq makes of the file: one object on each line, format jsonl"
        )
    return path


class RowFilter(Table):
    """Rows whose `column` holds one of the given texts."""

    column: str
    is_: Labels = Field(alias="is")


class ContestFilter(Table):
    """The assignment of rows to contests: the column, and its text for each contest's id.

    column: several where a contest is known by all of them (office, district, round); its text is then theirs with
    ` / ` between, such as `House / 3`.
    """

    column: Annotated[Labels, Field(min_length=1)]
    values: dict[Identifier, Labels]


class Layout(Table):
    """Instructions for reading one kind of published file.

    header_row: the row of the column names, counted from 1, 0 where there is none (columns are then called `#1`, `#2`).
    header_rows: how many rows hold names, of which that is the last; a column is called by all, with ` / ` between.
    Footer rows that are not sheets are named in `drop`. sheet: worksheets, by name or a pattern with `*`.
    fill_down: columns in which an empty cell stands for the one above it. rows: in a JSON document, the path to them.
    groups: columns that repeat.
    missing: texts that mean "no figure here"; at_most: texts that do, too, and say the most that it can be (`<10`: 9).
    decimal, thousands: marks inside numbers (a blank stands for the blanks that do not break, too).
    status: the authority's words for a sheet's state -> ours; a word that is not listed is a fault.
    time_format: strptime pattern of `arrived`, without it ISO 8601.
    latest: the column (dates and times as ISO 8601, or whole numbers) by which, of several rows of one station, the
      last replaces those before it; these are counted and told. Without it a station twice is a fault.
    """

    format: Format = "csv"
    encoding: str = "utf-8"
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    quote: Literal['"', "'", ""] = '"'
    header_row: int = Field(default=1, ge=0, le=1_000_000)
    header_rows: int = Field(default=1, ge=1, le=10)
    sheet: Labels = ()
    rows: Annotated[str, AfterValidator(_path)] = "*"
    fill_down: Labels = ()
    groups: Groups | None = None
    decimal: Literal[".", ","] = "."
    thousands: Literal["", ".", ",", " ", "'", "’"] = ""
    missing: Labels = ("",)
    at_most: dict[str, Annotated[int, Field(ge=0, le=MOST_VOTES)]] = Field(default={}, max_length=MOST_NAMES)
    time_format: str | None = None
    contest: ContestFilter | None = None
    drop: tuple[RowFilter, ...] = ()
    latest: str | None = None
    columns: Columns
    long: Long | None = None
    status: dict[str, Status] = {}

    @model_validator(mode="after")
    def _other_mark(self) -> "Layout":
        """Where a point stands between thousands, the decimal mark is a comma unless it is said."""
        if self.thousands == "." and "decimal" not in self.model_fields_set:
            return self.model_copy(update={"decimal": ","})
        return self

    @model_validator(mode="after")
    def _rows_of_names(self) -> "Layout":
        if self.header_rows > 1 and self.header_rows > self.header_row:
            raise ValueError("header_row is the last of the rows of names, so it is at least header_rows")
        if self.groups is not None and self.long is None:
            raise ValueError("groups of columns become rows: name the choice and the votes among them under `long`")
        if self.groups is not None and self.format not in ("csv", "xlsx"):
            raise ValueError("groups of columns are in the formats csv and xlsx")
        return self

    @field_validator("delimiter")
    @classmethod
    def _apart(cls, delimiter: str) -> str:
        if not delimiter.isascii() or delimiter.isalnum() or delimiter in "\"'\r\n\0":
            raise ValueError("a mark between cells, such as ',', ';', '|' or a tab '\\t'")
        return delimiter
