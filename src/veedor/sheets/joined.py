"""One sheet put together from several files: what each says of the same station, joined or added up.

A station that one of the files lacks has absent figures there, never zero, and is named. Where two files say different
things of one station none is preferred: that is a fault.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from veedor.election import Contest, Source
from veedor.errors import Fault, InputError
from veedor.sheets.file import FILE, SAID, FileRead
from veedor.sheets.formats.rows import MOST_FAULTS, ROW, check_number, shown
from veedor.sheets.table import LINE, MOST, bounded_columns, vote_columns

KEY = "\0key"
PART = "\0part "
"""Before the name of a column of the file that is joined."""

EXAMPLES = 3
MOST_NAMED = 1_000
"""Stations that a note names."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """Files that are joined to the sheets, or added to them, in one step: no station is in two of them.

    masked: columns of which some of the files have texts for absent figures only.
    """

    source: Source
    table: pl.DataFrame
    masked: frozenset[str] = frozenset()

    @property
    def by(self) -> str:
        """The column of the sheets by which they are joined."""
        return self.source.join or "station"

    @property
    def name(self) -> str:
        """The files, in words."""
        names = self.table[FILE].unique(maintain_order=True).to_list()
        return " and ".join(names[:2]) + (f" and {len(names) - 2} more" if len(names) > 2 else "")


@dataclass(frozen=True, kw_only=True)
class Joined:
    """The sheets with what a group says of them; unpaired: what only one side has, in words."""

    table: pl.DataFrame
    faults: list[Fault]
    unpaired: list[str]


def groups_of(parts: Iterable[tuple[Source, FileRead]]) -> list[Group]:
    """The files in as few steps as can be: those of one layout that hold other stations are one."""
    groups: list[Group] = []
    for source, part in parts:
        stations = part.table["station"].implode()
        for place, group in enumerate(groups):
            alike = _way(group.source) == _way(source)
            if alike and not group.table["station"].is_in(stations).any():
                whole = pl.concat([group.table, part.table])
                groups[place] = Group(source=group.source, table=whole, masked=group.masked | part.masked)
                break
        else:
            groups.append(Group(source=source, table=part.table, masked=part.masked))
    return groups


def _way(source: Source) -> tuple[str, str | None, str | None, str]:
    return source.layout, source.join, source.add, source.alone


def joined(table: pl.DataFrame, group: Group, contest: Contest, *, masked: frozenset[str] = frozenset()) -> Joined:
    """The sheets and a group put together. Raises InputError where they have no key in common.

    masked: columns of which the sheets' own files have texts for absent figures only. A sum with one is absent.
    """
    part = group.table
    keyed = table.with_columns(pl.col(group.by).cast(pl.String).alias(KEY))
    has = keyed[KEY].is_in(part["station"].implode()).fill_null(value=False)
    known = part["station"].is_in(keyed[KEY].drop_nulls().implode())
    if table.height and part.height and not has.any():
        raise InputError([_nothing_in_common(keyed, group)])
    bounds = [MOST + name for name in bounded_columns(contest) if MOST + name in part.columns]
    aside = {FILE, ROW, SAID, "station", *bounds}
    given = [name for name in part.columns if name not in aside and (not _empty(part[name]) or name in group.masked)]
    lines = [name for name in part.columns if name.startswith(LINE)]
    figures = [*vote_columns(contest), "blank", "null", "valid", "cast", *lines]
    stated = [name for name in figures if name in masked or not _empty(table[name])]
    summed = [name for name in stated if name in given] if group.source.add else []
    right = part.select(
        pl.col("station").alias(KEY),
        *(pl.col(name).alias(PART + name) for name in (*given, *bounds, FILE, ROW, SAID)),
    )
    both = keyed.join(right, on=KEY, how="left", maintain_order="left")
    apart, faults = _contradictions(both, [name for name in given if name not in summed], group)
    paired = has & ~apart
    made = [
        _sum(both, name, paired, group) if name in summed else _either(both, name, apart)
        for name in table.columns
        if name in given
    ]
    made += _most(both.with_columns(made), both, bounds, summed, paired)
    made.append((both[SAID] | both[PART + SAID].fill_null(value=False)).alias(SAID))
    alone = _alone(table, part.filter(~known), [*given, *bounds], [*summed, *(MOST + name for name in summed)], group)
    whole = pl.concat([both.with_columns(made).select(table.columns), *alone])
    return Joined(table=whole, faults=faults, unpaired=_unpaired(keyed.filter(~has), part.filter(~known), group))


def _empty(column: pl.Series) -> bool:
    return column.null_count() == len(column)


def _sum(both: pl.DataFrame, name: str, paired: pl.Series, group: Group) -> pl.Series:
    """Both figures added up; absent where one of them is, and where a station has no other unless that is zero."""
    other = both[PART + name]
    if name.startswith(LINE):  # a line without a figure in one of them is told apart by the sum, which has both
        return both.select(
            pl.when(pl.any_horizontal(pl.col(name, PART + name).is_not_null()))
            .then(pl.sum_horizontal(name, PART + name))
            .alias(name)
        ).to_series()
    if group.source.alone == "zero":
        other = other.set(~paired, 0)
    return (both[name] + other).alias(name)


def _most(
    made: pl.DataFrame, both: pl.DataFrame, bounds: Sequence[str], summed: Sequence[str], paired: pl.Series
) -> list[pl.Series]:
    """The most that figures are which are still absent, as the marks of the files say: of sums the numbers added up."""
    found = []
    for bound in bounds:
        name = bound.removeprefix(MOST)
        if name in summed:
            parts = [pl.coalesce(at + name, at + bound) for at in ("", PART)]
            open_ = paired & made[name].is_null()
            most = pl.sum_horizontal(parts, ignore_nulls=False)
        else:
            open_ = made[name].is_null()
            most = pl.min_horizontal(bound, PART + bound)
        found.append(both.select(pl.when(open_).then(most).alias(bound)).to_series())
    return found


def _either(both: pl.DataFrame, name: str, apart: pl.Series) -> pl.Series:
    """What the sheet says, or where it says nothing the other file; of times of files that are added the later."""
    other = both[PART + name]
    if apart.any():
        other = other.set(apart, None)
    frame = pl.DataFrame([both[name].alias("own"), other.alias("other")])
    if name == "arrived":
        return frame.select(pl.max_horizontal("own", "other").alias(name)).to_series()
    return frame.select(pl.coalesce("own", "other").alias(name)).to_series()


def _contradictions(both: pl.DataFrame, names: Sequence[str], group: Group) -> tuple[pl.Series, list[Fault]]:
    """Sheets of which the files say different things, and a fault for each."""
    apart = pl.Series([False]).new_from_index(0, both.height)
    faults: list[Fault] = []
    for name in names:
        if name == "arrived" and group.source.add is not None:
            continue
        own, other = both[name], both[PART + name]
        if own.dtype == pl.Categorical:
            own, other = own.cast(pl.String), other.cast(pl.String)
        differ = (own != other).fill_null(value=False)
        if not differ.any():
            continue
        apart |= differ
        faults += [
            Fault(
                file=file,
                row=row,
                column=name,
                found=f"{shown(found)} for {group.by} {key}",
                wanted=f"{shown(wanted)}, as in {where}",
                remedy="leave the column out of the layout of one of them",
            )
            for file, row, key, found, wanted, where in both.with_columns(own.alias("\0own"), other.alias("\0other"))
            .filter(differ)
            .head(MOST_FAULTS + 1)
            .select(PART + FILE, PART + ROW, KEY, "\0other", "\0own", FILE)
            .iter_rows()
        ]
        check_number(faults)
    return apart, faults


def _alone(
    table: pl.DataFrame, part: pl.DataFrame, given: Sequence[str], summed: Sequence[str], group: Group
) -> list[pl.DataFrame]:
    """The sheets of stations that only the other file has; none where its rows are places."""
    if group.by != "station" or part.is_empty():
        return []
    absent = [] if group.source.alone == "zero" else summed
    own = [name for name in (*given, "station", FILE, ROW, SAID) if name not in absent]
    columns = [
        pl.col(name) if name in own else pl.lit(None, dtype=kind).alias(name) for name, kind in table.schema.items()
    ]
    return [part.select(columns)]


def _unpaired(without: pl.DataFrame, over: pl.DataFrame, group: Group) -> list[str]:
    """What the group lacks, and what it has alone: how many stations or places, which, and what becomes of them."""
    here, there = "figures there are absent", "other figures are absent"
    if group.by != "station":
        there = "figures are not used"
    if group.source.add is not None:
        absent = 'sums are absent (`alone = "zero"` in the source says that they have no votes there)'
        here = there = absent if group.source.alone == "absent" else "votes there are taken as 0"
    what = "station" if group.by == "station" else group.by
    return [
        *_listed(without[KEY], what, "of the other files", f"in {group.name}", here),
        *_listed(over["station"], what, f"in {group.name}", "in another file", there),
    ]


def _listed(keys: pl.Series, what: str, of: str, lacking: str, means: str) -> list[str]:
    """One sentence that names them, or none; of very many the first."""
    names = keys.drop_nulls().unique(maintain_order=True)
    if names.is_empty():
        return []
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    verb, whose = ("has", "its") if len(names) == 1 else ("have", "their")
    many = f"{len(names):,} {what}{'' if len(names) == 1 else 's'}"
    listed = f"{', '.join(names.head(MOST_NAMED))}{more}"
    return [f"{many} {of} {verb} no row {lacking}, and {whose} {means}: {listed}"]


def _nothing_in_common(keyed: pl.DataFrame, group: Group) -> Fault:
    here = ", ".join(group.table["station"].head(EXAMPLES))
    there = ", ".join(keyed[KEY].drop_nulls().unique(maintain_order=True).head(EXAMPLES))
    what = "station" if group.by == "station" else group.by
    return Fault(
        file=group.name,
        column=what,
        found=f"no {what} that the other files have ({here} here, {there} there)",
        wanted=f"the same {what}s, written alike",
        remedy="name the column that both have under columns.station, and bring it into one form",
    )
