"""Each column of a table: its meaning, type, unit, and what it means that a cell is empty."""

from dataclasses import dataclass

from veedor.dossier.dictionary.texts import TEXTS
from veedor.election import Contest, Election
from veedor.finding import Text
from veedor.sheets import other_columns, vote_columns

MOST = "most."

_TYPES = {"latitude": "number", "longitude": "number", "snapshot": "datetime", "arrived": "datetime"}
_UNITS = {
    "registered": "voters",
    "blank": "votes",
    "null": "votes",
    "valid": "votes",
    "cast": "ballots",
    "sheets": "sheets",
    "stations": "stations",
    "latitude": "degrees",
    "longitude": "degrees",
    "snapshot": "time",
    "arrived": "time",
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """type: as Table Schema calls it (string, integer, number, datetime). unit, absent: in every language."""

    name: str
    type: str
    means: Text
    unit: Text
    absent: Text


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of the dossier: its name without ending, its columns, its rows, and its files with their sizes."""

    name: str
    columns: tuple[str, ...]
    rows: int
    files: tuple[tuple[str, int], ...]

    @property
    def kind(self) -> str:
        """sheets, changes or places."""
        return self.name.partition("-")[0]


def columns_of(table: Table, election: Election, contest: Contest) -> list[Column]:
    """The columns of a table, explained. A column that nothing explains is our mistake: KeyError."""
    return [column_of(name, table.kind, election, contest) for name in table.columns]


def column_of(name: str, kind: str, election: Election, contest: Contest) -> Column:
    """One column of a kind of table."""
    levels = {level.id: level.name.text for level in election.levels}
    bare = name.removeprefix(MOST)
    if bare in vote_columns(contest):
        of = {f"votes.{choice.id}": choice.name.text for choice in contest.choices}[bare]
        return _column(name, TEXTS.say("column.votes", name=of), kind, unit="votes")
    if name in other_columns(contest):
        of = {f"other.{figure.id}": figure.name.text for figure in contest.other}[name]
        return _column(name, TEXTS.say("column.other", name=of), kind, unit="figure")
    if name in levels:
        return _column(name, TEXTS.say("column.level", name=levels[name]), kind)
    printed = "_printed" if name in ("valid", "cast") and kind != "places" else ""
    return _column(name, TEXTS.table("column")[f"{bare}{printed}"], kind)


def _column(name: str, means: Text, kind: str, unit: str | None = None) -> Column:
    units, absent = TEXTS.table("unit"), TEXTS.table("absent")
    marked = name.startswith(MOST)
    own = unit or _UNITS.get(name.removeprefix(MOST))
    known = own is not None and name not in _TYPES
    return Column(
        name=name,
        type=_TYPES.get(name, "integer" if known else "string"),
        means=TEXTS.say("column.most", name=means) if marked else means,
        unit=units[own or "none"],
        absent=absent["mark" if marked else _absent(name, kind)],
    )


def _absent(name: str, kind: str) -> str:
    if name in ("count", "snapshot", "station", "sheets", "stations", "change"):
        return "never"
    return "place" if kind == "places" else "sheet"
