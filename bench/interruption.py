"""The interruption room: 10,000 draws of the nested rule, the whole command, and a national election."""

import sys
import time

from bench.data import STATIONS, bolivia_2019
from bench.measure import Result, against_limit, best_of, process, veedor

NATIONAL = """
import numpy as np
from veedor.interruption.clock.gaps import Gap
from veedor.interruption.split import split_at
from veedor.interruption.study import study_of
from veedor.simulation import draw, election_of, sheet_table
from veedor.simulation.definition import snapshot_times
drawn = draw({stations}, "clean", 1)
election = election_of(drawn)
before = drawn.preliminary.calendar.before - 1
times = snapshot_times(drawn, "preliminary")
table = sheet_table(drawn, "official")
counted = sheet_table(drawn, "preliminary", before)
split = split_at(election, election.contests[0], counted, table, cut=times[before])
stop = Gap(
    clock="given", count="preliminary", start=times[before], end=times[before + 1], sheets_before=None,
    sheets_after=None,
)
study_of(
    split, table=table, stop=stop, clocks=[], groupings={{}}, earlier={{}}, draws=1000, hidings=5, shuffles=100
)
"""


def run() -> list[Result]:
    from veedor.election.read import read_election
    from veedor.interruption.projection.donor_rules import nested
    from veedor.interruption.projection.draws import drawn
    from veedor.interruption.projection.projection import donors_at
    from veedor.interruption.split import split_at
    from veedor.sheets.read import read_sheets

    election, data = read_election("bolivia-2019"), bolivia_2019()
    contest, when = election.contests[0], election.interruptions[0].start
    preliminary, official = election.counts[:2]
    counted = read_sheets(election, contest, preliminary, data, when=when).table
    split = split_at(election, contest, counted, read_sheets(election, contest, official, data).table, cut=when)
    donors = donors_at(split)
    start = time.perf_counter()
    drawn(nested, donors, draws=10_000, seed=1)
    seconds = time.perf_counter() - start
    command = best_of(2, lambda: veedor("interruption", "bolivia-2019", "--data", str(data), "--json"))
    national = process([sys.executable, "-c", NATIONAL.format(stations=STATIONS)])
    return [
        against_limit("10,000 nested draws of 5,580 sheets", seconds, 3),
        against_limit("interruption bolivia-2019, 10,000 draws", command.seconds, 10),
        against_limit(f"study of {STATIONS:,} stations, 1,000 draws", national.seconds, 120),
        against_limit(f"study of {STATIONS:,} stations, peak memory", national.memory, 6, "GB"),
    ]
