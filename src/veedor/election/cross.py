"""What a schema cannot say of an election.toml: names that must be unique, and names that must be there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from veedor.election.definition import Contest, Count, Election, Source
from veedor.election.layout import Layout
from veedor.election.nearest import nearest_name
from veedor.election.patterns import PatternError, pattern_of
from veedor.election.rules import Supermajority
from veedor.rim.terminal import plain_name

RESERVED = frozenset(
    {"count", "snapshot", "station", "registered", "blank", "null", "valid", "cast", "status", "latitude", "longitude"}
    | {"arrived", "change"}
)
"""Columns of the sheet table: no level and no choice may be called so."""

LONGEST_PATH = 500

SHOWN = 30
"""Known names that a message lists."""

Location = tuple[str | int, ...]


@dataclass(frozen=True, kw_only=True)
class CrossFault:
    """A fault at a place of the definition, before file and line are known. known: names that could be meant."""

    location: Location
    found: str
    wanted: str
    name: str = ""
    known: tuple[str, ...] | None = None

    @property
    def remedy(self) -> str:
        """The nearest of the known names, or all of them."""
        if self.known is None:
            return ""
        near = nearest_name(self.name, self.known, cutoff=0.5)
        listed = ", ".join(self.known[:SHOWN]) + (", ..." if len(self.known) > SHOWN else "")
        return f"did you mean {near}?" if near else f"known: {listed or 'none'}"


def cross_faults(election: Election) -> list[CrossFault]:
    """Every name that is used twice, taken, or points at nothing."""
    return [
        *_unique(election),
        *_sources(election),
        *_interruptions(election),
        *_aftermath(election),
        *_clocks(election),
        *_rules(election),
        *_layout_names(election),
        *_uncarried_choices(election),
    ]


def _unknown(location: Location, name: str, known: Iterable[str], what: str) -> CrossFault:
    return CrossFault(location=location, found=repr(name), wanted=what, name=name, known=tuple(sorted(known)))


def _unique(election: Election) -> Iterator[CrossFault]:
    groups: list[tuple[Location, list[str]]] = [
        (("levels",), list(election.level_ids)),
        (("contests",), [contest.id for contest in election.contests]),
        (("counts",), [count.id for count in election.counts]),
        *(
            (("contests", number, "choices"), list(contest.choice_ids))
            for number, contest in enumerate(election.contests)
        ),
        *(
            (("contests", number, "other"), [figure.id for figure in contest.other])
            for number, contest in enumerate(election.contests)
        ),
    ]
    for location, names in groups:
        places: dict[str, list[int]] = {}
        for index, name in enumerate(names):
            places.setdefault(name, []).append(index)
        for name, at in places.items():
            if len(at) > 1:
                yield CrossFault(
                    location=(*location, at[1], "id"), found=f"{name!r} {len(at)} times", wanted="ids used once"
                )
            if name in RESERVED and location[-1] in ("levels", "choices"):
                yield CrossFault(
                    location=(*location, at[0], "id"),
                    found=repr(name),
                    wanted="an id that is not a column of the sheet table",
                )


def _sources(election: Election) -> Iterator[CrossFault]:
    for number, count in enumerate(election.counts):
        for index, source in enumerate(count.sources):
            location: Location = ("counts", number, "sources", index)
            if (source.file is None) == (source.files is None):
                yield CrossFault(
                    location=location, found="both or neither of file and files", wanted="exactly one of file and files"
                )
            if source.layout not in election.layouts:
                yield _unknown((*location, "layout"), source.layout, election.layouts, "a table under [layouts]")
            yield from _unsafe_path(source, location)
            yield from _joined(source, location, election)
        if count.sources and all(source.join or source.add for source in count.sources):
            found = "only files that are joined or added to others"
            wanted = "a file with the sheets, without `join` and `add`"
            yield CrossFault(location=("counts", number, "sources", 0), found=found, wanted=wanted)
    tables = (
        *(
            (("clocks", number, kind, index), table)
            for number, clock in enumerate(election.clocks)
            for kind, logs in (("of_sheets", clock.of_sheets), ("of_publications", clock.of_publications))
            for index, table in enumerate(logs)
        ),
        *((("groupings", number), grouping) for number, grouping in enumerate(election.groupings)),
        *((("earlier_votes", number), vote) for number, vote in enumerate(election.earlier_votes)),
    )
    for location, table in tables:
        yield from _unsafe(location, "file", table.file)


def _joined(source: Source, location: Location, election: Election) -> Iterator[CrossFault]:
    """What is wrong with how a file is put together with others."""
    if source.join is not None and source.add is not None:
        yield CrossFault(location=(*location, "add"), found="join and add", wanted="one of them")
    if source.join is not None and source.join not in ("station", *election.level_ids):
        known = ("station", *election.level_ids)
        yield _unknown((*location, "join"), source.join, known, "station, or the id of a level")
    if source.alone == "zero" and source.add is None:
        yield CrossFault(location=(*location, "alone"), found="alone without add", wanted="it beside `add` only")


def _unsafe_path(source: Source, location: Location) -> Iterator[CrossFault]:
    for key, path in (("file", source.file), ("files", source.files)):
        if path is not None:
            yield from _unsafe(location, key, path)
    if source.files is not None:
        try:
            pattern_of(source.files)
        except PatternError as problem:
            yield CrossFault(location=(*location, "files"), found=repr(source.files[:80]), wanted=str(problem))


def _unsafe(location: Location, key: str, path: str) -> Iterator[CrossFault]:
    if path.startswith(("/", "\\")) or ".." in path.replace("\\", "/").split("/") or path[1:2] == ":":
        yield CrossFault(
            location=(*location, key),
            found=repr(path[:80]),
            wanted="a path inside the data folder, relative to it",
        )
    elif len(path) > LONGEST_PATH or not plain_name(path):
        yield CrossFault(
            location=(*location, key),
            found=repr(path[:80]),
            wanted=f"a name of at most {LONGEST_PATH} characters without control or zero-width marks",
        )


def _interruptions(election: Election) -> Iterator[CrossFault]:
    counts = [count.id for count in election.counts]
    for number, stop in enumerate(election.interruptions):
        if stop.count not in counts:
            yield _unknown(("interruptions", number, "count"), stop.count, counts, "the id of a count")
        if stop.end <= stop.start:
            yield CrossFault(
                location=("interruptions", number, "end"), found=stop.end.isoformat(), wanted="a time after its start"
            )


def _aftermath(election: Election) -> Iterator[CrossFault]:
    for number, entry in enumerate(election.aftermath):
        if election.date_known and entry.date < election.date:
            yield CrossFault(
                location=("aftermath", number, "date"),
                found=entry.date.isoformat(),
                wanted=f"the election's day or a later one ({election.date.isoformat()})",
            )


def _clocks(election: Election) -> Iterator[CrossFault]:
    counts = [count.id for count in election.counts]
    choices = {choice for contest in election.contests for choice in contest.choice_ids}
    for number, clock in enumerate(election.clocks):
        if clock.count not in counts:
            yield _unknown(("clocks", number, "count"), clock.count, counts, "the id of a count")
        named = [table.votes for table in clock.of_sheets] + [table.votes for table in clock.of_publications]
        for votes in named:
            for choice in votes:
                if choice not in choices:
                    yield _unknown(("clocks", number, "votes", choice), choice, choices, "the id of a choice")
    for number, vote in enumerate(election.earlier_votes):
        for level in vote.levels:
            if level not in election.level_ids:
                location = ("earlier_votes", number, "levels", level)
                yield _unknown(location, level, election.level_ids, "the id of a level")


def _rules(election: Election) -> Iterator[CrossFault]:
    for number, contest in enumerate(election.contests):
        rule = contest.rule
        if isinstance(rule, Supermajority) and rule.proposal not in contest.choice_ids:
            location = ("contests", number, "rule", "proposal")
            yield _unknown(location, rule.proposal, contest.choice_ids, "the id of a choice")


def _layout_names(election: Election) -> Iterator[CrossFault]:
    choices = {choice for contest in election.contests for choice in contest.choice_ids}
    contests = {contest.id for contest in election.contests}
    others = {figure.id for contest in election.contests for figure in contest.other}
    for name, layout in election.layouts.items():
        used: list[tuple[Location, Iterable[str], Iterable[str], str]] = [
            (("columns", "votes"), layout.columns.votes, choices, "the id of a choice"),
            (("columns", "levels"), layout.columns.levels, election.level_ids, "the id of a level"),
            (("columns", "other"), layout.columns.other, others, "the id of one of a contest's other figures"),
        ]
        if layout.long is not None:
            used.append((("long", "labels"), layout.long.labels, choices, "the id of a choice"))
            used.append((("long", "other"), layout.long.other, others, "the id of one of a contest's other figures"))
            used.append((("long", "lines"), layout.long.lines, choices, "the id of a choice"))
        if layout.contest is not None:
            used.append((("contest", "values"), layout.contest.values, contests, "the id of a contest"))
        for location, names, known, what in used:
            for given in names:
                if given not in known:
                    yield _unknown(("layouts", name, *location, given), given, known, what)
        if layout.thousands == layout.decimal:
            yield CrossFault(
                location=("layouts", name, "thousands"),
                found=f"{layout.thousands!r}, which is the decimal mark as well",
                wanted="two different marks",
            )
        if layout.long is not None and layout.columns.votes:
            yield CrossFault(
                location=("layouts", name, "long"),
                found="a long layout with vote columns",
                wanted="either [long] with labels or [columns.votes]",
            )


def _carried(election: Election, count: Count) -> set[str] | None:
    """Ids of the choices that a count's layouts carry; None if a layout names its choices itself (NIST files)."""
    layouts: list[Layout] = [
        election.layouts[source.layout] for source in count.sources if source.layout in election.layouts
    ]
    if any(layout.format.startswith("nist") for layout in layouts):
        return None
    return {
        choice for layout in layouts for choice in (*layout.columns.votes, *(layout.long.labels if layout.long else ()))
    }


def _uncarried_choices(election: Election) -> Iterator[CrossFault]:
    """A choice that no column of a count carries would silently have no votes."""
    for number, contest in enumerate(election.contests):
        by_count = {count.id: _carried(election, count) for count in election.counts}
        carrying = {name: carried for name, carried in by_count.items() if carried is None or _shares(carried, contest)}
        for index, choice in enumerate(contest.choice_ids):
            for name, carried in (carrying or by_count).items():
                if carried is not None and choice not in carried:
                    yield CrossFault(
                        location=("contests", number, "choices", index),
                        found=f"choice {choice!r} that no column of count {name!r} carries",
                        wanted="an entry for it in that count's layout, under [columns.votes] or [long.labels]",
                    )


def _shares(carried: set[str], contest: Contest) -> bool:
    return not carried.isdisjoint(contest.choice_ids)
