"""The clocks of a count: when sheets were sent, verified, published, as far as the sources say.

A clock ticks by sheets (a moment or a batch for each) or by publications (a moment and the totals shown).
They are different events: publication can stop while verification goes on.
"""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from veedor.election import Clock, Contest, Election, PublicationTimes, SheetTimes
from veedor.errors import Fault, InputError
from veedor.finding import Text
from veedor.interruption.texts import TEXTS
from veedor.sheets import VOTES, Series, in_totals, valid_votes
from veedor.sheets.side_tables import read_plain


@dataclass(frozen=True, kw_only=True)
class Ticks:
    """A clock read.

    sheets: for a clock by sheets, one row per sheet: station, `when` (datetime) or `order` (int), and, as the log has
      them, `valid` and `votes.<choice>`; else None.
    publications: for a clock by publications, one row per moment, oldest first: `when`, `sheets`, `valid` and
      `votes.<choice>` as the log has them; else None.
    """

    id: str
    count: str
    name: Text
    sheets: pl.DataFrame | None = None
    publications: pl.DataFrame | None = None


def read_clocks(election: Election, contest: Contest, data: Path) -> list[Ticks]:
    """Every clock that the definition names, read from the folder `data`."""
    return [_read(clock, election, contest, data) for clock in election.clocks]


def snapshot_clock(series: Series) -> Ticks:
    """The clock that every count with a series has: its snapshots at hand."""
    moments = []
    for when in series.snapshots:
        state = series.at(when).filter(in_totals())
        totals = state.select(
            pl.len().alias("sheets").cast(pl.Int64),
            valid_votes(series.contest).sum().alias("valid"),
            *(pl.col(VOTES + choice).sum() for choice in series.contest.choice_ids),
        )
        moments.append(totals.with_columns(pl.lit(when).alias("when")))
    return Ticks(
        id=f"{series.count.id}-snapshots",
        count=series.count.id,
        name=TEXTS.say("clocks.snapshot_clock.name", text=series.count.name.text),
        publications=pl.concat(moments).sort("when"),
    )


def arrival_clock(series: Series) -> Ticks | None:
    """The order in which sheets first appeared among a count's snapshots; None with fewer than three of these."""
    if len(series.snapshots) < 3:
        return None
    first = series.changes.filter(pl.col("change") == "added").unique("station", keep="first", maintain_order=True)
    numbers = {when: number for number, when in enumerate(series.snapshots, start=1)}
    order = first["snapshot"].replace_strict(list(numbers), list(numbers.values()), return_dtype=pl.Int64)
    return Ticks(
        id=f"{series.count.id}-arrival",
        count=series.count.id,
        name=TEXTS.say("clocks.arrival_clock.name", text=series.count.name.text),
        sheets=pl.DataFrame({"station": first["station"], "order": order}),
    )


def arrived_clock(series: Series) -> Ticks | None:
    """The times at which the sheets say that they arrived, for a count whose snapshots are too few to order them."""
    if len(series.snapshots) >= 3:
        return None
    sheets = series.at().filter(pl.col("arrived").is_not_null()).select("station", pl.col("arrived").alias("when"))
    if sheets.is_empty():
        return None
    return Ticks(
        id=f"{series.count.id}-arrived",
        count=series.count.id,
        name=TEXTS.say("clocks.arrived_clock.name", text=series.count.name.text),
        sheets=sheets,
    )


def _read(clock: Clock, election: Election, contest: Contest, data: Path) -> Ticks:
    if clock.of_sheets:
        parts = [_sheets(table, election, contest, data) for table in clock.of_sheets]
        return Ticks(id=clock.id, count=clock.count, name=clock.name.text, sheets=pl.concat(parts, how="diagonal"))
    logs = [_publications(table, election, contest, data) for table in clock.of_publications]
    log = pl.concat(logs, how="diagonal").sort("when")
    return Ticks(id=clock.id, count=clock.count, name=clock.name.text, publications=log)


def _sheets(table: SheetTimes, election: Election, contest: Contest, data: Path) -> pl.DataFrame:
    moment = table.time if table.time is not None else table.order
    assert moment is not None
    votes = {choice: column for choice, column in table.votes.items() if choice in contest.choice_ids}
    figures = [column for column in (table.valid, *votes.values()) if column is not None]
    found = read_plain(table, data, columns=[table.station, moment, *figures]).drop_nulls([table.station, moment])
    return found.select(
        pl.col(table.station).alias("station"),
        _moment(found, moment, table, election) if table.time else _whole(found, moment, table.file).alias("order"),
        *_figures(found, table.valid, votes, table.file),
    )


def _publications(table: PublicationTimes, election: Election, contest: Contest, data: Path) -> pl.DataFrame:
    votes = {choice: column for choice, column in table.votes.items() if choice in contest.choice_ids}
    figures = [column for column in (table.sheets, table.valid, *votes.values()) if column is not None]
    found = read_plain(table, data, columns=[table.time, *figures]).drop_nulls(table.time)
    counted = [_whole(found, table.sheets, table.file).alias("sheets")] if table.sheets is not None else []
    return found.select(
        _moment(found, table.time, table, election), *counted, *_figures(found, table.valid, votes, table.file)
    )


def _figures(found: pl.DataFrame, valid: str | None, votes: dict[str, str], file: str) -> list[pl.Series]:
    figures = [_whole(found, valid, file).alias("valid")] if valid is not None else []
    return [*figures, *(_whole(found, column, file).alias(VOTES + choice) for choice, column in votes.items())]


def _whole(found: pl.DataFrame, column: str, file: str) -> pl.Series:
    text = found[column]
    number = text.str.extract(r"^([0-9]{1,12})$").cast(pl.Int64)
    _refuse(text, number, column, file, "a whole number")
    return number


def _moment(found: pl.DataFrame, column: str, table: SheetTimes | PublicationTimes, election: Election) -> pl.Series:
    text = found[column]
    when = text.str.to_datetime(table.time_format or "%Y-%m-%dT%H:%M:%S%.f", strict=False, time_unit="us")
    _refuse(text, when, column, table.file, "a moment such as 2019-10-20T19:40:57, or `time_format` in the definition")
    return when.dt.replace_time_zone(election.timezone, ambiguous="earliest", non_existent="null").alias("when")


def _refuse(text: pl.Series, read: pl.Series, column: str, file: str, wanted: str) -> None:
    bad = text.filter(text.is_not_null() & read.is_null())
    if bad.len():
        faults = [Fault(file=file, column=column, found=repr(cell), wanted=wanted) for cell in bad.head(50)]
        raise InputError(faults)
