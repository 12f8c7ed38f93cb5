"""What a NIST report says of itself, as a guess: its contest, choices, levels, and how its stations are told apart."""

import re
from collections.abc import Iterable

from veedor.draft.guess.figures import Figures
from veedor.draft.guess.found import ContestGuess, Guess
from veedor.draft.guess.levels import LevelGuess
from veedor.draft.guess.station import StationGuess
from veedor.draft.guess.votes import VoteGuess
from veedor.draft.open_file import Opened
from veedor.draft.vocabulary import LEVELS, PRESIDENT, plain_words, slug
from veedor.errors import Fault, InputError
from veedor.sheets.nist.counts import selection_counts
from veedor.sheets.nist.load import load_json, load_xml
from veedor.sheets.nist.units import Unit, reporting_units, stations_among


def nist_part(opened: Opened) -> tuple[Guess, str | None, dict[str, str]]:
    """The guess, the id of the contest where there are several, and level -> column."""
    file = opened.path.name
    report = (load_xml if opened.format == "nist-xml" else load_json)(opened.data, file)
    try:
        known = [(told, around) for around in report.get("Election", ()) for told in around.get("Contest", ())]
        if not known:
            raise InputError([Fault(file=file, found="no contest", wanted="one with counts")])
        told, around = next((pair for pair in known if _is_main(str(pair[0].get("Name", "")))), known[0])
        units = reporting_units(report)
        selections = selection_counts(told, around, report, units, file, [])
        stations, _ = stations_among(units, selections, file, ())
    except (AttributeError, TypeError, KeyError) as problem:
        fault = Fault(file=file, found=f"objects of another shape ({problem})", wanted="a report valid by its schema")
        raise InputError([fault]) from problem
    levels = _levels(stations, units.values())
    votes = tuple(_vote(selection.names, number) for number, selection in enumerate(selections, start=1))
    others = tuple(str(other.get("Name")) for other, _ in known if other is not told)
    several = len(known) > 1
    contest = ContestGuess(column="Contest", value=str(told.get("Name")), others=others, why=f"{len(known)} contests")
    guess = Guess(
        opened=opened,
        rows=len(stations),
        marks=Figures(columns={}, thousands="", decimal=".", missing=(), evidence={}),
        station=_station(stations),
        levels=levels,
        figures={},
        votes=votes,
        votes_why="the selections of the contest",
        long=None,
        contest=contest if several else None,
        drop=(),
        status=None,
        status_words={},
        coordinates={},
        arrived=None,
        time_format="",
        unused=(),
    )
    return guess, str(told["@id"]) if several else None, {level.id: level.column for level in levels}


def _is_main(name: str) -> bool:
    return re.search(PRESIDENT, plain_words(name)) is not None


def _station(stations: list[Unit]) -> StationGuess:
    for column, values in (
        ("ExternalIdentifier", [unit.external for unit in stations]),
        ("Name", [unit.name for unit in stations]),
    ):
        if all(values) and len(set(values)) == len(values):
            why = f"the {column} of the reporting units is unique in all {len(values):,}"
            return StationGuess(columns=(column,), why=why, repeated=0, stations=len(stations))
    return StationGuess(
        columns=("ObjectId",), why="names and external identifiers repeat", repeated=0, stations=len(stations)
    )


def _levels(stations: list[Unit], units: Iterable[Unit]) -> tuple[LevelGuess, ...]:
    """Kinds of places around the stations; the broadest lie within the fewest other kinds."""
    depth: dict[str, int] = {}
    for unit in units:
        depth[unit.kind] = max(depth.get(unit.kind, 0), len(unit.above))
    kinds: dict[str, set[str]] = {}
    for unit in stations:
        for kind, name in unit.above.items():
            kinds.setdefault(kind, set()).add(name)
    found = []
    taken: set[str] = {"count", "snapshot", "station", "registered", "status"}
    for kind in sorted(kinds, key=lambda kind: (depth[kind], len(kinds[kind]))):
        if kind == "election":
            continue
        identifier = slug(kind, taken, "level")
        _, english, spanish = LEVELS.get(kind, ("", kind, kind))
        why = f"{len(kinds[kind])} names"
        found.append(LevelGuess(id=identifier, en=english, es=spanish, column=kind, why=why))
    return tuple(found)


def _vote(names: tuple[str, ...], number: int) -> VoteGuess:
    short = min((name for name in names[:3]), key=len)
    return VoteGuess(id=slug(short, set(), f"choice-{number}"), name=names[0], columns=(names[-1],))
