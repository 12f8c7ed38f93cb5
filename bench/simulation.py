"""Simulating a national election of 1,050,000 stations, and hundreds of small ones."""

import sys
import time

from bench.data import STATIONS
from bench.measure import Result, against_limit, process
from veedor.simulation import draw, sheet_table


def run() -> list[Result]:
    program = f"from veedor.simulation import simulate; simulate({STATIONS}, 'late_alteration', 1)"
    large = process([sys.executable, "-c", program])
    start = time.perf_counter()
    for seed in range(200):
        sheet_table(draw(2000, "late_alteration", seed))
    many = time.perf_counter() - start
    return [
        against_limit(f"simulate {STATIONS:,} stations", large.seconds, 20),
        against_limit(f"simulate {STATIONS:,} stations, peak memory", large.memory, 3, "GB"),
        against_limit("200 elections of 2,000 stations", many, 5),
    ]
