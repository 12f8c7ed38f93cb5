"""What the checks look at: the snapshots of every count of one contest."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars as pl

from veedor.checks.texts import TEXTS
from veedor.command import Command
from veedor.document import Json
from veedor.election import Contest, Count, Election
from veedor.errors import Fault, VeedorError
from veedor.finding import Text
from veedor.rim.terminal import one_line
from veedor.sheets import Series, columns_absent, figures_published, in_totals, other_columns, vote_columns
from veedor.sheets.dataset import Dataset
from veedor.sheets.stations.alike import names_unified
from veedor.sheets.stations.identifiers import is_whole_place
from veedor.wording import moment, number

ITEMS_SHOWN = 100
"""Default number of items that a finding lists; items_total says how many there are."""


@dataclass(frozen=True, kw_only=True)
class Side:
    """One snapshot of one count: what a comparison has on its left or right."""

    count: str
    when: dt.datetime
    last: bool

    @property
    def label(self) -> str:
        """As the command line names it: official, or preliminary@2019-10-20T19:40:57 (the election's local time)."""
        local = self.when.replace(tzinfo=None).isoformat()
        return self.count if self.last else f"{self.count}@{local}"


@dataclass(frozen=True, kw_only=True)
class CheckInputs:
    """Everything that the checks of one contest look at.

    start, end: the two sides of comparisons where a person names them (`--from`, `--to`).
    items: how many items a finding lists, None for all.
    """

    dataset: Dataset
    start: Side | None = None
    end: Side | None = None
    items: int | None = ITEMS_SHOWN
    _tables: dict[tuple[str, dt.datetime], pl.DataFrame] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def election(self) -> Election:
        """The election whose counts are checked."""
        return self.dataset.election

    @property
    def contest(self) -> Contest:
        """The contest whose sheets are checked."""
        return self.dataset.contest

    @cached_property
    def series(self) -> Mapping[str, Series]:
        """Every count with data, by its id."""
        return self.dataset.read()

    @property
    def left_out(self) -> Mapping[str, tuple[Fault, ...]]:
        """Rows that the reader was told to leave out, by count."""
        return {name: series.left_out for name, series in self.series.items()}

    @property
    def counts(self) -> tuple[Count, ...]:
        """Counts with data: the one that commands mean by default first (the last official one), then the others."""
        known = self.dataset.counts
        first = (self.dataset.default_count,) if known else ()
        return (*first, *(count for count in known if count not in first))

    def table(self, side: Side) -> pl.DataFrame:
        """The sheet table of one side, whatever the sheets' status."""
        key = (side.count, side.when)
        if key not in self._tables:
            self._tables[key] = self.series[side.count].at(side.when)
        return self._tables[key]

    def counted(self, side: Side) -> pl.DataFrame:
        """The sheets of one side that are in the totals."""
        table = self.table(side)
        return table if table["status"].null_count() == table.height else table.filter(in_totals())

    def stations(self, side: Side) -> tuple[pl.DataFrame, int]:
        """The sheets of one side that are in the totals and of a station, and how many are of a whole place."""
        counted = self.counted(side)
        table = self.without_places(counted)
        return table, counted.height - table.height

    def without_places(self, table: pl.DataFrame) -> pl.DataFrame:
        """The sheets of a table but the totals of places whose stations are not published."""
        whole = is_whole_place(self.election)
        return table if whole is None else table.filter(~whole)

    def last(self, count: Count) -> Side:
        """The last snapshot of a count."""
        return self.side(count.id, self.series[count.id].snapshots[-1])

    def side(self, count: str, when: dt.datetime) -> Side:
        """The state of a count at one of its snapshots."""
        snapshots = self.series[count].snapshots
        return Side(count=count, when=when.astimezone(self.election.zone), last=when == snapshots[-1])

    def before_interruptions(self) -> tuple[Side, ...]:
        """For each known stop of a count, the last state published before it, if one of the snapshots is that."""
        found = [(stop, self._snapshots(stop.count, until=stop.start)) for stop in self.election.interruptions]
        return tuple(self.side(stop.count, before[-1]) for stop, before in found if before)

    def after_interruption(self, side: Side) -> Side | None:
        """The first state of the same count published after `side`."""
        later = [when for when in self.series[side.count].snapshots if when > side.when]
        return self.side(side.count, later[0]) if later else None

    def between_counts(self) -> tuple[tuple[Side, Side], ...]:
        """The pairs that comparisons between counts look at, unless a person names one.

        Each other count against the default one's last state: first as it stood before each known interruption,
        then as it stood last.
        """
        if self.start is not None and self.end is not None:
            return ((self.start, self.end),)
        if not self.counts:
            return ()
        reference = self.last(self.counts[0])
        others = [side for side in self.before_interruptions() if side.count != reference.count]
        others += [self.last(count) for count in self.counts[1:]]
        return tuple((side, reference) for side in dict.fromkeys(others))

    def pairs(self) -> tuple[tuple[Side, Side], ...]:
        """The pairs that reconciliation looks at: those between counts, then each count across its interruptions.

        Where there is neither, the first and the last state of the one count.
        """
        between = self.between_counts()
        if self.start is not None:
            return between
        across = [(side, self.after_interruption(side)) for side in self.before_interruptions()]
        found = dict.fromkeys([*between, *((before, after) for before, after in across if after is not None)])
        return tuple(found) or self._first_and_last()

    def _first_and_last(self) -> tuple[tuple[Side, Side], ...]:
        snapshots = self.series[self.counts[0].id].snapshots if self.counts else ()
        if len(snapshots) < 2:
            return ()
        return ((self.side(self.counts[0].id, snapshots[0]), self.last(self.counts[0])),)

    @cached_property
    def universe(self) -> pl.DataFrame:
        """Every station that any count ever published, with its place, roll and figures as last known.

        The count that commands mean by default has the first word, then the others in the definition's order.
        """
        levels, votes = self.election.level_ids, vote_columns(self.contest)
        columns = ["station", *levels, "registered", *votes, "blank", "null", *other_columns(self.contest)]
        rows = [self.series[count.id].changes.select(columns) for count in self.counts]
        parts = [part.unique("station", keep="last", maintain_order=True) for part in rows]
        known = pl.concat(parts).unique("station", keep="first", maintain_order=True)
        return names_unified([known], levels)[0][0]

    def apart(self, sides: tuple[Side, Side]) -> Text | None:
        """That no station of one side is in the other, as a question; None where some is or a side is empty."""
        left, right = (self.table(side) for side in sides)
        if left.is_empty() or right.is_empty() or left["station"].is_in(right["station"].implode()).any():
            return None
        return TEXTS.say(
            "apart.sides",
            left=self.called(sides[0]),
            right=self.called(sides[1]),
            n=number(left.height),
            of=number(right.height),
            one=Text.same(one_line(left["station"][0])),
            other=Text.same(one_line(right["station"][0])),
        )

    def where(self, side: Side) -> dict[str, Json]:
        """The side as findings' effects name it: count and snapshot."""
        return {"count": side.count, "snapshot": side.when.astimezone(self.election.zone).isoformat()}

    def called(self, side: Side) -> Text:
        """The side for a sentence: the count's name and the time of the snapshot."""
        name = self.series[side.count].count.name.text
        time = moment(side.when, self.election.zone)
        return TEXTS.say("inputs.called", name=name, time=time)

    def command(self, check: str, sides: tuple[Side, Side] | None = None) -> Command:
        """The command that derives a finding again."""
        made = self.dataset.command("check", then=(check,))
        return made if sides is None else made.option("--from", sides[0].label).option("--to", sides[1].label)

    def _snapshots(self, count: str, *, until: dt.datetime) -> list[dt.datetime]:
        return [when for when in self.series[count].snapshots if when <= until] if count in self.series else []


def side_named(text: str, series: Mapping[str, Series]) -> Side:
    """The side that `COUNT` or `COUNT@WHEN` names. WHEN is ISO 8601, without an offset in the election's zone."""
    name, _, when_text = text.partition("@")
    if name not in series:
        raise VeedorError(f"no count {name!r} with data; known: {', '.join(series) or 'none'}")
    snapshots = series[name].snapshots
    zone = series[name].election.zone
    if not when_text:
        return Side(count=name, when=snapshots[-1].astimezone(zone), last=True)
    try:
        when = dt.datetime.fromisoformat(when_text)
    except ValueError:
        raise VeedorError(f"{text!r}: wanted a time such as {name}@{_shown(snapshots[-1], zone)}") from None
    when = when.replace(tzinfo=zone) if when.tzinfo is None else when
    if when not in snapshots:
        near = sorted(snapshots, key=lambda known: abs(known - when))[:3]
        raise VeedorError(
            f"{name} has no snapshot of {when_text}; nearest: "
            f"{', '.join(_shown(known, zone) for known in sorted(near))}"
        )
    return Side(count=name, when=when.astimezone(zone), last=when == snapshots[-1])


def sides_named(inputs: CheckInputs, start: str | None, end: str | None) -> tuple[Side | None, Side | None]:
    """The two sides that `--from` and `--to` name; without `--to` the default count's last state; None for neither."""
    if start is None:
        if end is not None:
            raise VeedorError("--to needs --from: the state that it is compared with")
        return None, None
    first = side_named(start, inputs.series)
    second = side_named(end, inputs.series) if end is not None else inputs.last(inputs.counts[0])
    if (first.count, first.when) == (second.count, second.when):
        raise VeedorError(f"--from and --to name the same state, {first.label}; name two")
    return first, second


def _shown(when: dt.datetime, zone: dt.tzinfo) -> str:
    return when.astimezone(zone).replace(tzinfo=None).isoformat()


def place_levels(election: Election, table: pl.DataFrame) -> list[str]:
    """The levels that the table's sheets name at all, broadest first: together they are a place's full path."""
    return [level for level in election.level_ids if table[level].null_count() < table.height]


def as_items(inputs: CheckInputs, frame: pl.DataFrame, columns: Iterable[str | pl.Expr]) -> list[dict[str, Json]]:
    """The first rows of a sorted frame as items: the columns asked for, the place as a mapping from level to name."""
    shown = frame if inputs.items is None else frame.head(inputs.items)
    levels = [level for level in inputs.election.level_ids if level in shown.columns]
    place = [pl.struct(*(pl.col(level).cast(pl.String) for level in levels)).alias("place")] if levels else []
    rows = shown.select(*columns, *place).to_dicts()
    return [{key: _plain(value) for key, value in row.items()} for row in rows]


def figures(contest: Contest, *, suffix: str = "") -> pl.Expr:
    """A sheet's figures as one mapping: votes by choice, blank and null."""
    votes = [pl.col(f"votes.{choice}{suffix}").alias(choice) for choice in contest.choice_ids]
    return pl.struct(*votes, pl.col(f"blank{suffix}").alias("blank"), pl.col(f"null{suffix}").alias("null"))


def parts_published(table: pl.DataFrame, contest: Contest, parts: Iterable[str]) -> list[str]:
    """Of these columns those that the table's sheets give; an absent figure is a gap in one of them."""
    return [name for name in figures_published(table, contest) if name in set(parts)]


def lacks_figure(table: pl.DataFrame, contest: Contest) -> pl.Expr:
    """Whether a row lacks a figure that the table's sheets give: votes of a choice, blank or null if any states it."""
    lacking = columns_absent(table, contest)
    return pl.any_horizontal(pl.lit(False), *(pl.col(name).is_null() for name in lacking))


def without_the_incomparable(summary: Text, sheets: int) -> Text:
    """A summary, and how many sheets could not be compared because a figure that this needs is absent."""
    return summary + TEXTS.plural("absent.not_comparable", sheets) if sheets else summary


def without_the_places(summary: Text, sheets: int) -> Text:
    """A summary, and how many sheets were left out because they are the totals of a whole place."""
    return summary + TEXTS.plural("absent.whole_places", sheets) if sheets else summary


def one_side_absent(rows: pl.DataFrame, names: Iterable[str], suffix: str) -> int:
    """Figures that one of two states lacks: how they changed is unknown, and they count as 0 there, as in the totals.

    rows: both states side by side, the earlier one's columns with the suffix.
    """
    gaps = [(pl.col(name).is_null() != pl.col(name + suffix).is_null()).cast(pl.Int64) for name in names]
    return int(rows.select(pl.sum_horizontal(pl.lit(0), *gaps).sum()).item())


def with_those_of_one_side(summary: Text, figures: int) -> Text:
    """A summary, and how many figures are absent in one of two states."""
    return summary + TEXTS.plural("absent.one_side", figures) if figures else summary


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    return value
