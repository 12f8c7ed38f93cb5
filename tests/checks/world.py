"""A small invented election whose sheets are all in order: 2 regions, 6 places, 18 stations, 3 choices, 2 counts."""

import datetime as dt
from collections.abc import Mapping, Sequence

import polars as pl

from veedor.checks import CheckInputs
from veedor.election import Election
from veedor.election.read import election_from
from veedor.sheets import Series, schema, series_of
from veedor.sheets.dataset import in_memory

DEFINITION = """
id = "invented"
name = { en = "Invented election", es = "Elección inventada" }
date = 2024-05-12
timezone = "America/La_Paz"
levels = [
  { id = "region", name = { en = "Region", es = "Región" } },
  { id = "precinct", name = { en = "Precinct", es = "Recinto" } },
]

[[contests]]
id = "mayor"
name = { en = "Mayor", es = "Alcaldía" }
rule = { kind = "plurality" }
choices = [{ id = "A", name = { en = "A" } }, { id = "B", name = { en = "B" } }, { id = "C", name = { en = "C" } }]

[[counts]]
id = "preliminary"
kind = "preliminary"
name = { en = "Preliminary count", es = "Conteo preliminar" }
sources = [{ files = "preliminary-{time:%Y%m%d_%H%M%S}.csv", layout = "plain" }]

[[counts]]
id = "official"
kind = "official"
name = { en = "Official count", es = "Cómputo oficial" }
sources = [{ file = "official.csv", layout = "plain", time = 2024-05-14T12:00:00 }]

[[interruptions]]
id = "stop"
count = "preliminary"
start = 2024-05-12T20:00:00
end = 2024-05-12T22:00:00
name = { en = "Stop", es = "Parada" }

[layouts.plain]
[layouts.plain.columns]
station = "station"
registered = "registered"
blank = "blank"
null = "null"
valid = "valid"
cast = "cast"
arrived = "arrived"
levels = { region = "region", precinct = "precinct" }
votes = { A = "A", B = "B", C = "C" }
"""

ELECTION: Election = election_from(DEFINITION)
CONTEST = ELECTION.contests[0]
VOTES = ("votes.A", "votes.B", "votes.C")
FIGURES = (*VOTES, "blank", "null")
HOUR = dt.timedelta(hours=1)
EVENING = dt.datetime(2024, 5, 12, 19, tzinfo=ELECTION.zone)
OFFICIAL_TIME = dt.datetime(2024, 5, 14, 12, tzinfo=ELECTION.zone)

Row = dict[str, object]


def rows(places: int = 6, stations: int = 3) -> list[Row]:
    """Sheets of `places` precincts with `stations` each, numbered in a row; no two sheets are equal."""
    made: list[Row] = []
    for place in range(places):
        for box in range(stations):
            n = place * stations + box
            votes = {"votes.A": 60 + 2 * n, "votes.B": 40 + n, "votes.C": 10 + n % 5}
            valid = sum(votes.values())
            made.append(
                {
                    "station": f"{101 + n}",
                    "region": f"Region {place // 3}",
                    "precinct": f"Precinct {place}",
                    "registered": 240,
                    **votes,
                    "blank": 3 + n % 3,
                    "null": 2 + n % 2,
                    "valid": valid,
                    "cast": valid + 3 + n % 3 + 2 + n % 2,
                    "arrived": EVENING,
                }
            )
    return made


def table(made: Sequence[Mapping[str, object]], election: Election = ELECTION) -> pl.DataFrame:
    """The sheet table of such rows; `count` and `snapshot` are set when it becomes part of a series."""
    wanted = schema(election, election.contests[0])
    columns = {name: [row.get(name) for row in made] for name in wanted}
    columns["arrived"] = [
        when.astimezone(dt.UTC) if isinstance(when, dt.datetime) else None for when in columns["arrived"]
    ]
    loose = pl.DataFrame(columns, schema_overrides={"arrived": pl.Datetime("us", "UTC")}, strict=False)
    plain = loose.with_columns(pl.col("arrived").dt.convert_time_zone(election.timezone))
    return plain.select(pl.col(name).cast(kind) for name, kind in wanted.items())


def series(count: str, states: Sequence[tuple[dt.datetime, Sequence[Mapping[str, object]]]]) -> Series:
    """A series of a count from its whole states."""
    known = {entry.id: entry for entry in ELECTION.counts}
    tables = []
    for when, made in states:
        stamp = pl.lit(when).dt.convert_time_zone(ELECTION.timezone).cast(pl.Datetime("us", ELECTION.timezone))
        state = table(made).with_columns(pl.lit(count).cast(pl.Categorical()).alias("count"), stamp.alias("snapshot"))
        tables.append((when, state))
    return series_of(ELECTION, CONTEST, known[count], tables)


def inputs(
    official: Sequence[Mapping[str, object]] | None = None,
    preliminary: Sequence[Sequence[Mapping[str, object]]] = (),
    *,
    items: int | None = None,
) -> CheckInputs:
    """Inputs with an official count of one state and, if any are given, hourly states of a preliminary one."""
    made = {}
    if preliminary:
        made["preliminary"] = series(
            "preliminary", [(EVENING + n * HOUR, state) for n, state in enumerate(preliminary)]
        )
    if official is not None:
        made["official"] = series("official", [(OFFICIAL_TIME, official)])
    return CheckInputs(dataset=in_memory(ELECTION, made.values()), items=items)


def spoiled(made: Sequence[Row], station: str, **changes: object) -> list[Row]:
    """The same rows, with other cells at one station."""
    return [{**row, **changes} if row["station"] == station else dict(row) for row in made]


STATIONS = tuple(str(row["station"]) for row in rows())
