"""Sheet tables for the tests of the writers: one by hand, one from a published file read with the standard library."""

import csv
import datetime as dt
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from veedor.election import Contest, Count, Election
from veedor.election.read import election_from
from veedor.sheets import schema

ZONE = ZoneInfo("America/La_Paz")
WHEN = dt.datetime(2030, 5, 5, 20, 0, tzinfo=ZONE)

SMALL = """
id = "small"
name = { en = "A small election", es = "Una elección pequeña" }
date = 2030-05-05
timezone = "America/La_Paz"
levels = [{ id = "state", name = { en = "State" } }, { id = "precinct", name = { en = "Precinct", es = "Recinto" } }]
[[contests]]
id = "president"
name = { en = "President" }
rule = { kind = "two_round" }
choices = [
  { id = "A", name = { en = "Ana" }, party = "Alba", color = "#AA0011" },
  { id = "B.2", name = { en = "Blas \\"el Rey\\"" } },
]
[[counts]]
id = "official"
kind = "official"
name = { en = "Official" }
expected_sheets = 5
sources = [{ file = "x.csv", time = 2030-05-05T20:00:00, layout = "plain" }]
[layouts.plain.columns]
station = "station"
votes = { A = "A", "B.2" = "B" }
"""


def small() -> tuple[Election, Contest, Count]:
    election = election_from(SMALL)
    return election, election.contests[0], election.counts[0]


def table_of(election: Election, contest: Contest, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """A sheet table from rows; what a row does not say is absent."""
    wanted = schema(election, contest)
    full = [{"count": "official", "snapshot": WHEN, **row} for row in rows]
    columns = {name: [row.get(name) for row in full] for name in wanted}
    return pl.DataFrame(
        {
            name: pl.Series(values).cast(pl.String).cast(kind)
            if isinstance(kind, pl.Categorical)
            else pl.Series(values, dtype=kind)
            for (name, kind), values in zip(wanted.items(), columns.values(), strict=True)
        }
    )


def small_table() -> tuple[Election, Contest, Count, pl.DataFrame]:
    election, contest, count = small()
    rows = [
        {"station": "1", "state": "North", "precinct": "School", "registered": 100, "votes.A": 30, "votes.B.2": 20}
        | {"blank": 5, "null": 2, "cast": 58, "status": "counted", "latitude": -16.5, "longitude": -68.15},
        {"station": "2", "state": "North", "precinct": "School", "votes.A": 0, "votes.B.2": 9, "blank": 0, "null": 0},
        {"station": "a b", "state": "South", "precinct": "School", "votes.A": 7, "blank": 1, "status": "observed"},
        {"station": "a_b", "state": "South", "votes.A": 90, "votes.B.2": 1, "blank": 3, "null": 4}
        | {"status": "withheld"},
        {"station": "=5", "votes.A": 11, "votes.B.2": 12, "null": 1, "status": "annulled"},
    ]
    return election, contest, count, table_of(election, contest, rows)


def bolivia(shared: Path) -> tuple[Election, Contest, Count, pl.DataFrame]:
    """The official count of 2019, read with the csv module."""
    from veedor.election.read import read_election

    election = read_election("bolivia-2019")
    contest, count = election.contests[0], election.counts[-1]
    columns = election.layouts["official"].columns
    with (shared / "data/bolivia-2019/computo-final.csv").open(encoding="utf-8-sig", newline="") as file:
        source = list(csv.DictReader(file))
    named: dict[str, str] = {"station": columns.station.names[0]}
    named |= {level: column.names[0] for level, column in columns.levels.items()}
    whole = {f"votes.{choice}": column.names[0] for choice, column in columns.votes.items()}
    whole |= {"registered": "Inscritos", "blank": "Blancos", "null": "Nulos"}
    rows = [
        {name: row[column].strip() for name, column in named.items()}
        | {name: int(row[column]) for name, column in whole.items()}
        | {
            "latitude": float(row["lat"]) if row["lat"] else None,
            "longitude": float(row["lon"]) if row["lon"] else None,
        }
        for row in source
    ]
    return election, contest, count, table_of(election, contest, rows)
