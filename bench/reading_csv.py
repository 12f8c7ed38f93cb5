"""Reading the 34,555 rows of Bolivia's official count from CSV into a checked sheet table, against polars alone.

polars alone is asked twice: for the columns that the sheet table takes from the file, in the sheet table's types
(places as categories, stations as text), which is the same work without any of its checks; and for whatever it reads
on its own, which leaves places as texts and stations as numbers.
"""

from pathlib import Path

import polars as pl

from bench.data import bolivia_2019
from bench.measure import Result, paired
from veedor.election.read import read_election
from veedor.sheets.read import read_sheets

PLACES = ("País", "Departamento", "Provincia", "Municipio", "Localidad", "Recinto")


def run() -> list[Result]:
    folder = bolivia_2019()
    election = read_election("bolivia-2019")
    contest = election.contests[0]
    count = next(count for count in election.counts if count.id == "official")
    source = count.sources[0].model_copy(update={"sha256": None})  # polars alone checks no hash either
    count = count.model_copy(update={"sources": (source,)})
    path = folder / "computo-final.csv"
    types = _types(path)
    work = "34,555 rows of CSV as sheets"
    same, types_alone = paired(
        lambda: read_sheets(election, contest, count, folder), lambda: _same_types(path, types), rounds=15
    )
    any_, alone = paired(lambda: read_sheets(election, contest, count, folder), lambda: pl.read_csv(path), rounds=15)
    return [
        Result(what=work, ours=same, theirs=types_alone, peer="polars, same types", most=2),
        Result(what=work, ours=any_, theirs=alone, peer="polars, types guessed", most=3),
    ]


def _types(path: Path) -> dict[str, pl.DataType]:
    """The sheet table's types of the file's columns, but texts where the sheet table has categories."""
    guessed = dict(pl.read_csv(path, n_rows=1000).schema)
    return {**guessed, next(iter(guessed)): pl.String()}


def _same_types(path: Path, types: dict[str, pl.DataType]) -> pl.DataFrame:
    return pl.read_csv(path, schema=types).with_columns(pl.col(*PLACES).cast(pl.Categorical()))
