"""Inputs of the benchmarks."""

import os
from pathlib import Path

import polars as pl
import xlsxwriter

from bench.measure import ROOT, Skip

STATIONS = 1_050_000
"""Polling stations of a very large national election."""


def bolivia_2019() -> Path:
    """The folder with the published files of 2019, or a reason to skip."""
    return _shared("data/bolivia-2019")


def shared_file(path: str) -> Path:
    """A file or folder of the shared material, or a reason to skip."""
    return _shared(path)


def as_xlsx(csv: Path, folder: Path) -> Path:
    """The rows of a CSV file as one worksheet; figures are numbers, as an authority's own export has them."""
    table = pl.read_csv(csv)
    path = folder / f"{csv.stem}.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        page = book.add_worksheet("Sheets")
        page.write_row(0, 0, table.columns)
        for number, row in enumerate(table.iter_rows(), start=1):
            page.write_row(number, 0, row)
    return path


def _shared(path: str) -> Path:
    root = Path(os.environ.get("VEEDOR_SHARED", ROOT.parent / "shared"))
    found = root / path
    if not found.exists():
        raise Skip(f"needs {found}, which is not there (VEEDOR_SHARED names the folder)")
    return found
