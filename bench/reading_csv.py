"""Reading the 34,555 rows of Bolivia's official count from CSV into a checked sheet table, against polars alone."""

import polars as pl

from bench.data import bolivia_2019
from bench.measure import Result, paired
from veedor.election.read import read_election
from veedor.sheets.read import read_sheets


def run() -> list[Result]:
    folder = bolivia_2019()
    election = read_election("bolivia-2019")
    contest = election.contests[0]
    count = next(count for count in election.counts if count.id == "official")
    source = count.sources[0].model_copy(update={"sha256": None})  # polars alone checks no hash either
    count = count.model_copy(update={"sources": (source,)})
    path = folder / "computo-final.csv"
    ours, theirs = paired(lambda: read_sheets(election, contest, count, folder), lambda: pl.read_csv(path), rounds=15)
    return [Result(what="34,555 rows of CSV as sheets", ours=ours, theirs=theirs, peer="polars alone", most=2)]
