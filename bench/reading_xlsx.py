"""Reading the same 34,555 rows from XLSX, against python-calamine alone."""

import tempfile
from pathlib import Path

from python_calamine import CalamineWorkbook

from bench.data import as_xlsx, bolivia_2019
from bench.measure import Result, paired
from veedor.election import Election, Source
from veedor.election.read import read_election
from veedor.sheets.read import read_sheets


def run() -> list[Result]:
    csv = bolivia_2019() / "computo-final.csv"
    with tempfile.TemporaryDirectory() as name:
        path = as_xlsx(csv, Path(name))
        election = _in_xlsx(read_election("bolivia-2019"), path.name)
        contest, count = election.contests[0], election.counts[-1]
        ours, theirs = paired(
            lambda: read_sheets(election, contest, count, path.parent),
            lambda: CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(),
        )
    return [Result(what="34,555 rows of XLSX as sheets", ours=ours, theirs=theirs, peer="calamine alone", most=1.5)]


def _in_xlsx(election: Election, file: str) -> Election:
    """The election with its official count in that worksheet."""
    count = next(count for count in election.counts if count.id == "official")
    source = Source(file=file, layout="official", time=count.sources[0].time)
    layout = election.layouts["official"].model_copy(update={"format": "xlsx"})
    return election.model_copy(
        update={
            "counts": (count.model_copy(update={"sources": (source,)}),),
            "layouts": {**election.layouts, "official": layout},
        }
    )
