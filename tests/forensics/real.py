"""Stations of the elections whose files lie beside the repository."""

from functools import cache
from pathlib import Path

from veedor.election.read import read_election
from veedor.forensics.stations import Stations, stations_of
from veedor.sheets.read import read_sheets


@cache
def stations_named(shared: Path, name: str) -> Stations:
    """The last count of an election; its folder of data bears its name, or its country's."""
    folder = shared / "data" / name
    election = read_election(name)
    data = folder if folder.exists() else shared / "data" / name.rpartition("-")[0]
    skip = name == "bolivia-2020"
    sheets = read_sheets(election, election.contests[0], election.counts[-1], data, skip_bad_rows=skip)
    return stations_of(sheets.table, election, election.contests[0])
