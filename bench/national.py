"""A national election of 1,050,000 stations, two counts, twelve snapshots of each: count and all checks, from files.

Whole processes on the published files (Parquet), reading included; the simulation that makes the files is not timed.
"""

import shutil
import tempfile
from pathlib import Path

from bench.data import STATIONS
from bench.measure import Result, Skip, against_limit, veedor

NEEDED = 4_000_000_000
"""Bytes of disk that the files take at most, with room to spare."""


def run() -> list[Result]:
    with tempfile.TemporaryDirectory() as name:
        if shutil.disk_usage(name).free < NEEDED:
            raise Skip(f"needs {NEEDED / 1e9:.0f} GB of disk in {name}")
        folder = Path(name) / "national"
        simulate = ("--stations", str(STATIONS), "--scenario", "late_alteration", "--seed", "1", "--format", "parquet")
        veedor("simulate", *simulate, "--out", str(folder))
        count = veedor("count", str(folder), "--json")
        check = veedor("check", str(folder), "--json")
    work = f"{STATIONS:,} stations x 2 counts x 12 snapshots"
    return [
        against_limit(f"count, {work}", count.seconds, 60),
        against_limit(f"count and all checks, {work}", count.seconds + check.seconds, 60),
        against_limit("peak memory of both", max(count.memory, check.memory), 6, "GB"),
    ]
