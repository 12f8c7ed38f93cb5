"""`veedor new` on a simulated long file of 3.3 million rows: one for each sheet, contest and list, places by number."""

import tempfile
from pathlib import Path

import numpy as np
import polars as pl

from bench.measure import Result, against_limit, best_of, veedor

SHEETS, CONTESTS, LISTS = 100_000, 3, 11
SECONDS, GIGABYTES = 10.0, 1.0


def run() -> list[Result]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "results.txt"
        made(path)
        drafts = iter(range(10))
        found = best_of(2, lambda: veedor("new", f"{folder}/draft-{next(drafts)}", "--from", str(path), "--json"))
    rows = f"{SHEETS * CONTESTS * LISTS:,} rows"
    return [
        against_limit(f"a draft from a long file of {rows}", found.seconds, SECONDS),
        against_limit(f"a draft from a long file of {rows}, memory", found.memory, GIGABYTES, "GB"),
    ]


def made(path: Path) -> None:
    """Write the file: district, section, circuit and sheet by number, contest, list, votes."""
    draw = np.random.default_rng(7)
    sheet = np.repeat(np.arange(SHEETS), CONTESTS * LISTS)
    contest = np.tile(np.repeat(np.arange(CONTESTS), LISTS), SHEETS)
    choice = np.tile(np.arange(LISTS), SHEETS * CONTESTS)
    district = sheet * 24 // SHEETS
    names = [*(f"LISTA {letter}" for letter in "ABCDEFGHI"), "EN BLANCO", "NULOS"]
    offices = ["PRESIDENTE", "DIPUTADOS", "SENADORES"]
    table = pl.DataFrame(
        {
            "distrito": district + 1,
            "seccion": sheet * 500 // SHEETS + 1,
            "circuito": sheet * 6_000 // SHEETS + 1,
            "mesa": sheet + 1,
            "cargo": pl.Series(offices).gather(contest),
            "agrupacion": pl.Series(names).gather(choice),
            "votos": draw.integers(0, 90, len(sheet)),
        }
    )
    table.write_csv(path, separator="|")
