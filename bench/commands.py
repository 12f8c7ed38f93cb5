"""Whole commands on Bolivia 2019, from start-up to exit, against their limits."""

import tempfile
from pathlib import Path

from bench.data import bolivia_2019
from bench.measure import Result, against_limit, best_of, veedor


def run() -> list[Result]:
    data = ("--data", str(bolivia_2019()))
    count = best_of(3, lambda: veedor("count", "bolivia-2019", *data, "--json"))
    check = best_of(3, lambda: veedor("check", "bolivia-2019", *data, "--json"))
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "dossier"
        cold = {"VEEDOR_CACHE": str(Path(name) / "cache")}  # an earlier report's documents would halve the time
        report = veedor("report", "bolivia-2019", *data, "--out", str(out), environment=cold)
        size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) / 1e6
    return [
        against_limit("count and check bolivia-2019", count.seconds + check.seconds, 2),
        against_limit("report bolivia-2019, nothing kept from before", report.seconds, 10),
        against_limit("report bolivia-2019, peak memory", report.memory, 1, "GB"),
        against_limit("report bolivia-2019, size of the dossier", size, 30, "MB"),
    ]
