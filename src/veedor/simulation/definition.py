"""The definition of a simulated election: what its election.toml would say."""

import datetime as dt
from fractions import Fraction
from typing import Literal
from zoneinfo import ZoneInfo

from veedor.election import (
    Choice,
    Clock,
    Column,
    Columns,
    Contest,
    Count,
    Election,
    Interruption,
    Layout,
    Level,
    Names,
    Reference,
    SheetTimes,
    Source,
    Threshold,
    TwoRound,
)
from veedor.simulation.arrival import ELECTION_DAY, TIMEZONE
from veedor.simulation.drawing import Drawn
from veedor.simulation.geography import LEVELS

FileFormat = Literal["csv", "parquet"]

_ZONE = ZoneInfo(TIMEZONE)

CLOCK_FILE = "clock.csv"
"""The moment of arrival of every sheet, where it is published."""

TIME_IN_NAMES = "%Y%m%dT%H%M%S"
"""How a snapshot's local time stands in the names of its files."""

_LEVEL_NAMES = (
    Names(en="Region", es="Región"),
    Names(en="Province", es="Provincia"),
    Names(en="Municipality", es="Municipio"),
    Names(en="Locality", es="Localidad"),
    Names(en="Precinct", es="Recinto"),
)

# Names are awkward on purpose (quotes, commas, ampersand, angle brackets); colours tell apart with any colour vision.
_CHOICES = (
    ("aurora", Names(en="Dawn Alliance", es="Alianza Aurora"), "Aurora", "#0072B2"),
    ("faro", Names(en="The Lighthouse Front", es="Frente El Faro"), "Faro", "#E69F00"),
    ("raiz", Names(en="Root & Branch", es="Raíz y Rama"), "R&R", "#009E73"),
    ("norte", Names(en='"True North", citizens\' list', es="«Norte Fiel», lista ciudadana"), "Norte", "#CC79A7"),
    ("menta", Names(en="O'Meara <independent>", es="O'Meara <independiente>"), "<i>", "#56B4E9"),
    ("ceiba", Names(en="Ceiba Movement", es="Movimiento Ceiba"), "Ceiba", "#D55E00"),
    ("quilla", Names(en="Keel Party", es="Partido Quilla"), "Quilla", "#F0E442"),
    ("zafra", Names(en="Harvest List", es="Lista Zafra"), "Zafra", "#999999"),
    ("brasa", Names(en="Ember Union", es="Unión Brasa"), "Brasa", "#8C564B"),
    ("cauce", Names(en="Riverbed Party", es="Partido El Cauce"), "Cauce", "#17BECF"),
    ("duna", Names(en="Dune Coalition", es="Coalición Duna"), "Duna", "#332288"),
    ("espiga", Names(en="Wheat Ear Movement", es="Movimiento Espiga"), "Espiga", "#AA4499"),
)


def election_of(drawn: Drawn, file_format: FileFormat = "csv") -> Election:
    """The simulated election's definition, with its files named as write_simulated names them."""
    stop = drawn.parameters.stop_after is not None
    named = [] if drawn.kind is None else [drawn.kind]
    return Election(
        id="-".join(["simulated", *named, drawn.scenario.value, str(drawn.geography.stations), str(drawn.seed)]),
        name=Names(en="Simulated election", es="Elección simulada"),
        date=ELECTION_DAY,
        timezone=TIMEZONE,
        levels=tuple(Level(id=level, name=_LEVEL_NAMES[LEVELS.index(level)]) for level in drawn.geography.levels),
        contests=(_contest(len(drawn.parameters.shares)),),
        counts=(_count("preliminary", drawn, file_format), _count("official", drawn, file_format)),
        layouts={"sheets": _layout(file_format, drawn)},
        clocks=(_clock(),) if drawn.clock else (),
        interruptions=(_interruption(drawn),) if stop else (),
        sources=(
            Reference(
                title=f"Simulation: {drawn.geography.stations} stations, "
                f"{'' if drawn.kind is None else f'kind {drawn.kind}, '}scenario {drawn.scenario.value}, "
                f"seed {drawn.seed}",
                publisher="veedor",
                note="Invented places, parties and votes. What was planted stands in truth.json.",
            ),
        ),
    )


def in_format(election: Election, file_format: FileFormat) -> Election:
    """The same election with its files in another format."""
    layouts = {name: layout.model_copy(update={"format": file_format}) for name, layout in election.layouts.items()}
    counts = tuple(
        count.model_copy(update={"sources": (Source(files=file_pattern(count.id, file_format), layout="sheets"),)})
        for count in election.counts
    )
    return election.model_copy(update={"layouts": layouts, "counts": counts})


def file_pattern(count: str, file_format: FileFormat) -> str:
    """Name of a count's files, with the snapshot's time as a pattern."""
    return f"{count}-{{time:{TIME_IN_NAMES}}}.{file_format}"


def file_name(count: str, when: dt.datetime, file_format: FileFormat) -> str:
    """Name of the file of one snapshot; when is in the election's time zone."""
    return f"{count}-{when.strftime(TIME_IN_NAMES)}.{file_format}"


def snapshot_times(drawn: Drawn, count: str) -> tuple[dt.datetime, ...]:
    """Times of a count's snapshots, in the election's time zone."""
    return tuple(local_time(int(seconds)) for seconds in drawn.histories[count].calendar.times)


def local_time(seconds: int) -> dt.datetime:
    """Seconds since 1970, UTC, in the election's time zone."""
    return dt.datetime.fromtimestamp(seconds, _ZONE)


def _contest(choices: int) -> Contest:
    """Two rounds: more than half of the valid votes, or at least 40 % and at least 10 points ahead."""
    return Contest(
        id="president",
        name=Names(en="President", es="Presidencia"),
        rule=TwoRound(
            kind="two_round",
            of="valid",
            majority=Threshold(more_than=Fraction(1, 2)),
            alternative=Threshold(at_least=Fraction(2, 5)),
            lead=Threshold(at_least=Fraction(1, 10)),
        ),
        choices=tuple(
            Choice(id=choice, name=name, party=party, color=color) for choice, name, party, color in _CHOICES[:choices]
        ),
    )


def _count(kind: Literal["preliminary", "official"], drawn: Drawn, file_format: FileFormat) -> Count:
    names = {
        "preliminary": (Names(en="Preliminary count", es="Cómputo preliminar"), "Preliminary Results Office"),
        "official": (Names(en="Official count", es="Cómputo oficial"), "National Electoral Board"),
    }
    name, authority = names[kind]
    return Count(
        id=kind,
        kind=kind,
        name=name,
        authority=authority,
        expected_sheets=drawn.geography.stations,
        sources=(Source(files=file_pattern(kind, file_format), layout="sheets"),),
    )


def _layout(file_format: FileFormat, drawn: Drawn) -> Layout:
    def same(name: str) -> Column:
        return Column(names=(name,))

    columns = Columns(
        station=same("station"),
        registered=same("registered"),
        blank=same("blank"),
        null=same("null"),
        valid=same("valid"),
        cast=same("cast"),
        status=same("status"),
        latitude=same("latitude"),
        longitude=same("longitude"),
        arrived=same("arrived"),
        levels={level: Column(names=(level,)) for level in drawn.geography.levels},
        votes={choice: Column(names=(choice,)) for choice, *_ in _CHOICES[: len(drawn.parameters.shares)]},
    )
    return Layout(format=file_format, columns=columns, status={"counted": "counted", "observed": "observed"})


def _clock() -> Clock:
    """The moment at which each sheet of the preliminary count arrived."""
    return Clock(
        id="arrival",
        count="preliminary",
        name=Names(en="Arrival of each sheet", es="Llegada de cada acta"),
        of_sheets=(SheetTimes(file=CLOCK_FILE, station="station", time="time"),),
    )


def _interruption(drawn: Drawn) -> Interruption:
    calendar = drawn.preliminary.calendar
    return Interruption(
        id="stop",
        count="preliminary",
        start=local_time(int(calendar.times[calendar.before - 1])),
        end=local_time(int(calendar.times[calendar.before])),
        name=Names(en="Publication stops", es="Se detiene la publicación"),
        source="planted by the simulation",
    )
