"""What `local_outliers` lists in the real elections that are at hand (docs/methods/outliers-table.md).

python docs/tables/outliers.py: every bundled election whose files are in a folder below VEEDOR_SHARED (else ../shared)
/data. An election that is not at hand, or cannot be compared, is in the page with the reason.
"""

import lzma
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from levels_page import table

from veedor import open_election
from veedor.errors import MissingDataError, VeedorError
from veedor.forensics.methods.outliers import Outliers, local_outliers
from veedor.forensics.stations import stations_of

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "methods" / "outliers-table.md"
DATA = Path(os.environ.get("VEEDOR_SHARED", ROOT.parent / "shared")) / "data"

FOLDERS = {
    "bolivia-2019": "bolivia-2019",
    "bolivia-2020": "bolivia-2020",
    "russia-2011": "russia",
    "russia-2018": "russia",
    "peru-2021": "world/peru-2021",
    "venezuela-2024": "world/venezuela-2024",
    "georgia-2024": "world/georgia-2024",
    "cordoba-2019": "world/cordoba-2019",
    "paraguay-2023": "world/paraguay-2023",
    "kentucky-2024": "world/kentucky-2024",
    "mexico-2006": "quickcount",
}

INTRODUCTION = """# Stations unlike their neighbours in real elections

What [`local_outliers`](forensics.md#local-outliers) lists at a false discovery rate of 5 %; made by
`python docs/tables/outliers.py` from the counts that `veedor forensics ELECTION` takes. It is a list of sheets to look
at and no test: *undecided* where it lists any, *holds* where it lists none. Scatter: correlation of two voters of one station
beyond their place, as the nearest 90 % of stations show it. The lists are as long as they are because some places' stations differ far more than
most, for reasons that no count shows (a hospital, a barracks, a new housing estate): a list says where, never why.

"""


def rows() -> Iterator[list[str]]:
    """One line for each election."""
    for name, folder in FOLDERS.items():
        sys.stderr.write(f"{name} ...\n")
        try:
            yield [name, *_line(name, DATA / folder)]
        except MissingDataError:
            yield [name, *[""] * 6, "its files are not at hand"]
        except VeedorError as problem:
            sys.stderr.write(f"{problem}\n")
            yield [name, *[""] * 6, "its files cannot be read"]


def _line(name: str, folder: Path) -> list[str]:
    try:
        return _counted(name, folder)
    except MissingDataError:
        # A file can be at hand packed by xz, which a definition would have to name.
        with TemporaryDirectory() as unpacked:
            for packed in folder.glob("*.xz"):
                with lzma.open(packed) as file, (Path(unpacked) / packed.stem).open("wb") as plain:
                    shutil.copyfileobj(file, plain)
            return _counted(name, Path(unpacked))


def _counted(name: str, folder: Path) -> list[str]:
    election = open_election(name, data=folder, skip_bad_rows=True)
    found = local_outliers(stations_of(election.sheets(), election.election, election.contest))
    if found is None:
        return [*[""] * 6, "undecided: nothing can be compared"]
    listed = len(found.listed)
    return [
        election.dataset.default_count.id,
        f"{found.looked_at:,}",
        f"{listed:,}",
        f"{100 * listed / found.looked_at:.2f}",
        *(_side(found, side) for side in ("share", "turnout")),
        "undecided" if listed else "holds",
    ]


def _side(found: Outliers, name: str) -> str:
    side = found.share if name == "share" else found.turnout
    return "not compared" if side is None else f"{int(side.out.sum()):,} ({side.scatter:.4f})"


if __name__ == "__main__":
    heads = [
        "election",
        "count",
        "compared",
        "listed",
        "%",
        "by the share (scatter)",
        "by turnout (scatter)",
        "it says",
    ]
    PAGE.write_text(INTRODUCTION + table(heads, rows()) + "\n")
