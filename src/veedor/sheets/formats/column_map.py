"""Which column of a file becomes which column of the sheet table, found by name in the file's header."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from veedor.election import BETWEEN, Column, Contest, Election, Layout
from veedor.election.nearest import nearest_name
from veedor.errors import SHOWN_FAULTS, DefinitionError, Fault, InputError
from veedor.sheets.formats.rows import shown
from veedor.sheets.table import FIGURES, OTHER, VOTES

COORDINATES = ("latitude", "longitude")

MOST_COLUMNS = 16_384
"""Columns of a file, as many as a spreadsheet has."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Plan for reading one file.

    targets: column of the sheet table -> its source, with one spelling left in `names`.
    header: the columns of the file, in the file's order, as they are called from here on.
    texts, figures, coordinates: columns of the file that are needed, by what their cells hold.
    places: those texts that are names of places and nothing else, a column each.
    """

    targets: dict[str, Column]
    header: tuple[str, ...]
    texts: frozenset[str]
    figures: frozenset[str]
    coordinates: frozenset[str]
    places: frozenset[str]

    @property
    def needed(self) -> tuple[str, ...]:
        """Columns of the file that are read, in the file's order."""
        wanted = self.texts | self.figures | self.coordinates
        return tuple(name for name in self.header if name in wanted)


def plan_for(
    header: Sequence[str], election: Election, contest: Contest, layout: Layout, layout_id: str, file: str
) -> Plan:
    """Match the layout to a file's header, in any order. Raises InputError with every column that does not fit."""
    if len(header) > MOST_COLUMNS:
        found = f"{len(header)} columns"
        raise InputError([Fault(file=file, row=layout.header_row, found=found, wanted=f"at most {MOST_COLUMNS}")])
    names = dict.fromkeys(called([plain(name) for name in header]))
    listed = list(names)
    faults: list[Fault] = []
    targets: dict[str, Column] = {}
    for target, column in _targets(election, contest, layout, layout_id):
        present = [plain(name) for name in column.names if plain(name) in names]
        if column.names and len(present) != 1:
            suggest = len(faults) < SHOWN_FAULTS
            faults.append(_name_fault(file, layout, target, column.names, present, listed, suggest=suggest))
        absent = [name for name in (*column.join, *column.sum) if plain(name) not in names]
        suggest = len(faults) < SHOWN_FAULTS
        faults += [_name_fault(file, layout, target, (name,), [], listed, suggest=suggest) for name in absent]
        targets[target] = column.model_copy(
            update={
                "names": tuple(present[:1]),
                "join": tuple(map(plain, column.join)),
                "sum": tuple(map(plain, column.sum)),
            }
        )
    others = _other_columns(layout)
    faults += [
        _name_fault(file, layout, what, (name,), [], listed) for what, name in others if plain(name) not in names
    ]
    if faults:
        raise InputError([*_elsewhere(file, layout, listed, faults), *faults])
    return _sorted_by_kind(tuple(names), targets, election, layout, [plain(name) for _, name in others])


def plain(name: str) -> str:
    """A column's name in the composed Unicode form, without blanks around it; any blanks inside are one space."""
    return unicodedata.normalize("NFC", " ".join(name.removeprefix("\ufeff").split()))


def called(names: Sequence[str]) -> list[str]:
    """Names of the columns: of several with one name the second is `name#2`; one without name is `#` and its place.

    A column that bears such a name itself keeps it; the other is then called by nothing that a layout can say.
    """
    times = Counter(names)
    seen: Counter[str] = Counter()
    result = []
    for place, name in enumerate(names, start=1):
        seen[name] += 1
        own = f"#{place}" if not name else f"{name}#{seen[name]}" if times[name] > 1 else name
        result.append(own if own == name or own not in times else f"\0{place}")
    return result


def with_unnamed(header: Sequence[str], cells: int, layout: Layout) -> list[str]:
    """The header, filled up to this number of cells if the layout names a column that lies beyond it (`#12`)."""
    named = named_in(layout)
    beyond = any(f"#{place}" in named for place in range(len(header) + 1, cells + 1))
    return [*header, *([""] * (cells - len(header)) if beyond else [])]


def named_in(layout: Layout) -> set[str]:
    """All columns that the layout names."""
    sources = [column for _, column in _all_columns(layout)]
    named = {plain(name) for column in sources for name in (*column.names, *column.join, *column.sum)}
    return named | {plain(name) for _, name in _other_columns(layout)}


def heading(rows: Sequence[Sequence[str]]) -> list[str]:
    """The names of the columns by a header of one or more rows, the last of which is the widest.

    A name in an upper row is that of the columns to its right, too, up to the next name in it or above it.
    """
    *above, last = [[plain(cell) for cell in row] for row in rows]
    if not above:
        return list(rows[-1])
    titles: list[list[str]] = [[] for _ in last]
    fresh = [True] * len(last)
    for row in above:
        title = ""
        for place in range(len(last)):
            cell = row[place] if place < len(row) else ""
            title = cell if cell or (fresh[place] and titles[place]) else title
            fresh[place] = bool(cell)
            titles[place] += [title] if title else []
    return [BETWEEN.join([*title, *([name] if name else [])]) for title, name in zip(titles, last, strict=True)]


def nearest(found: str, wanted: Iterable[str]) -> str:
    """A remedy that suggests the nearest of the wanted names, or nothing."""
    lower = {name.casefold(): name for name in wanted}
    close = nearest_name(found.casefold(), lower)
    return f"is it '{lower[close]}'?" if close else ""


def _targets(election: Election, contest: Contest, layout: Layout, layout_id: str) -> Iterator[tuple[str, Column]]:
    columns = layout.columns
    yield "station", columns.station
    for level in election.level_ids:
        if level in columns.levels:
            yield level, columns.levels[level]
    given = carried(layout)
    # In a file whose own layout does not carry a choice that another does, it was not on the ballot.
    known = {choice for each in election.layouts.values() for choice in carried(each)}
    if absent := [choice for choice in contest.choice_ids if choice not in known]:
        others = [name for name in given if name not in set(contest.choice_ids)]
        where = "columns.votes" if layout.long is None else "long.labels"
        raise DefinitionError(
            [
                Fault(
                    file=f"{election.id}/election.toml",
                    column=f"layouts.{layout_id}.{where}.{choice}",
                    found="no column that carries this choice",
                    wanted=f"an entry for each choice of the contest {contest.id}",
                    remedy=nearest(choice, others) if place < SHOWN_FAULTS else "",
                )
                for place, choice in enumerate(absent)
            ]
        )
    if layout.long is None:
        for choice in (choice for choice in contest.choice_ids if choice in given):
            yield VOTES + choice, columns.votes[choice]
    for figure in contest.other:
        if figure.id in columns.other:
            yield OTHER + figure.id, columns.other[figure.id]
    for name in (*FIGURES, "status", *COORDINATES, "arrived"):
        column = getattr(columns, name)
        if column is not None:
            yield name, column


def _all_columns(layout: Layout) -> list[tuple[str, Column]]:
    columns = layout.columns
    figures = ((name, getattr(columns, name)) for name in ("station", *FIGURES, "status", *COORDINATES, "arrived"))
    texts = [*columns.levels.items(), *columns.votes.items(), *columns.other.items()]
    return [*texts, *((name, source) for name, source in figures if source)]


def carried(layout: Layout) -> dict[str, object]:
    """The choices for which the layout names a column or labels."""
    return dict(layout.long.labels if layout.long is not None else layout.columns.votes)


def _other_columns(layout: Layout) -> list[tuple[str, str]]:
    """Columns that the layout needs beside those of the sheet table: (what for, name)."""
    found = [("drop", rule.column) for rule in layout.drop]
    found += [("fill_down", name) for name in layout.fill_down]
    if layout.latest is not None:
        found.append(("latest", layout.latest))
    if layout.contest is not None:
        found += [("contest", name) for name in layout.contest.column]
    if layout.long is not None:
        found += [*(("long.choice", name) for name in layout.long.choice), ("long.votes", layout.long.votes)]
        found += [("long.add_over", name) for name in layout.long.add_over]
        found += [("long.lines_in", layout.long.lines_in)] if layout.long.lines_in is not None else []
    return found


def _sorted_by_kind(
    header: tuple[str, ...], targets: dict[str, Column], election: Election, layout: Layout, others: Sequence[str]
) -> Plan:
    texts, figures, coordinates = set(others), set(), set()
    places: set[str] = set()
    if layout.long is not None:
        texts.discard(plain(layout.long.votes))
        figures.add(plain(layout.long.votes))
    for target, column in targets.items():
        sources = {*column.names, *column.join, *column.sum}
        if target in FIGURES or target.startswith((VOTES, OTHER)):
            figures |= sources
        elif target in COORDINATES:
            coordinates |= sources
        elif target in election.level_ids and column.names and not column.transforms:
            places |= sources
        else:
            texts |= sources
    places -= texts
    texts |= places
    return Plan(
        targets=targets,
        header=header,
        texts=frozenset(texts),
        figures=frozenset(figures - texts),
        coordinates=frozenset(coordinates - texts - figures),
        places=frozenset(places - figures - coordinates),
    )


def _name_fault(
    file: str,
    layout: Layout,
    target: str,
    wanted: Sequence[str],
    present: Sequence[str],
    header: Sequence[str],
    *,
    suggest: bool = True,
) -> Fault:
    """suggest: whether the nearest of the file's names is looked for; of very many faults the first few are enough."""
    quoted = " or ".join(f"'{name}'" for name in wanted)
    if (again := _repeated(wanted, header)) is not None:
        name, count = again
        return Fault(
            file=file,
            row=layout.header_row,
            column=target,
            found=f"{count} columns named '{name}'",
            wanted="one of them",
            remedy=f"write '{name}#1' for the first, '{name}#2' for the second",
        )
    if present:
        return Fault(
            file=file,
            row=layout.header_row,
            column=target,
            found=f"the columns {' and '.join(repr(name) for name in present)}",
            wanted=f"only one of {quoted}",
            remedy="leave the other spelling out of the layout",
        )
    return Fault(
        file=file,
        row=layout.header_row,
        column=target,
        found=f"no such column among {len(header)}",
        wanted=f"a column named {quoted}",
        remedy=nearest(wanted[0], header) if suggest else "",
    )


def _elsewhere(file: str, layout: Layout, header: Sequence[str], faults: Sequence[Fault]) -> list[Fault]:
    """Where the row holds none of the columns, it is not the header, or it is cut at the wrong marks: what it reads."""
    found = [f"no such column among {len(header)}"] * len(faults)
    if len(faults) < 2 or [fault.found for fault in faults] != found or any(fault.remedy for fault in faults):
        return []
    asked = "is `header_row` right?" if layout.format != "csv" else "are `header_row` and `delimiter` right?"
    names = " and ".join(shown(name) for name in header[:4]) + (" ..." if len(header) > 4 else "")
    return [Fault(file=file, row=layout.header_row, found=names, wanted="the names of the columns", remedy=asked)]


def _repeated(wanted: Sequence[str], header: Sequence[str]) -> tuple[str, int] | None:
    """The first of the names that several columns bear, and how many do."""
    parts = [name.rpartition("#") for name in header if "#" in name]
    times = Counter(name for name, _, number in parts if number.isdigit())
    return next(((name, times[name]) for name in map(plain, wanted) if times[name] > 1), None)
