"""The forensics room: each method on real elections, the whole command, and all default methods on a national one."""

import sys
from collections.abc import Callable
from pathlib import Path

from bench.data import STATIONS, bolivia_2019, shared_file
from bench.measure import Result, against_limit, best_of, paired, process, veedor
from veedor.forensics.stations import Stations

NATIONAL = """
from veedor.forensics.stations import stations_of
from veedor.forensics.study import study
from veedor.simulation import draw, election_of, sheet_table
drawn = draw({stations}, "clean", 1)
election = election_of(drawn)
stations = stations_of(sheet_table(drawn, "official"), election, election.contests[0])
del drawn
study(stations)
"""


def run() -> list[Result]:
    """The authors' program takes 43.1 s for the first line, the published kernel density 92 s for 2,000 stations."""
    data, russian = bolivia_2019(), shared_file("data/russia")
    russia, bolivia = _stations("russia-2018", russian), _stations("bolivia-2019", data)
    command = best_of(2, lambda: veedor("forensics", "bolivia-2019", "--data", str(data), "--json"))
    national = process([sys.executable, "-c", NATIONAL.format(stations=STATIONS)])
    size = f"{len(bolivia.names):,} stations"
    return [
        _method("integer_percentages", russia, f"whole percentages, {len(russia.names):,} stations, all redraws", 2),
        *(
            _method(name, bolivia, f"{name}, {size}", 1)
            for name in ("second_digit", "last_digit", "turnout_and_share", "repeated_rows", "local_outliers")
        ),
        _method("resampled_density", bolivia, f"resampled density, {size}, 99 resamples", 10),
        _method("klimek", bolivia, f"Klimek's fit, {size}", 5),
        against_limit("forensics bolivia-2019, all methods, 19 clean elections", command.seconds, 10),
        against_limit(f"all methods, {STATIONS:,} stations, 19 clean elections", national.seconds, 180),
        against_limit(f"all methods, {STATIONS:,} stations, peak memory", national.memory, 6, "GB"),
    ]


def _stations(name: str, data: Path) -> Stations:
    from veedor.election.read import read_election
    from veedor.forensics.stations import stations_of
    from veedor.sheets.read import read_sheets

    election = read_election(name)
    sheets = read_sheets(election, election.contests[0], election.counts[-1], data)
    return stations_of(sheets.table, election, election.contests[0])


def _method(name: str, stations: Stations, what: str, limit: float) -> Result:
    from veedor.forensics.registry import METHODS

    measure: Callable[[], object] = lambda: METHODS[name].measure(stations, 1)  # noqa: E731 - one thing to time
    seconds, _ = paired(measure, lambda: None, rounds=2)
    return against_limit(what, seconds, limit)
