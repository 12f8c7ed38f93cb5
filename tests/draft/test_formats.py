"""The same sheets in every format that veedor reads: the draft counts to the same totals."""

import csv
import gzip
import io
import json
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from tests.draft import files
from tests.draft.test_draft import totals_by
from tests.sheets.export.tables import small_table
from veedor.draft.draft import draft_of
from veedor.sheets.nist.write import write_nist_json


def rows_of(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text().splitlines()))


def as_tsv(path: Path) -> Path:
    target = path.with_suffix(".tsv")
    target.write_text("\n".join("\t".join(row) for row in rows_of(path)))
    return target


def as_gzip(path: Path) -> Path:
    target = path.with_suffix(".csv.gz")
    target.write_bytes(gzip.compress(path.read_bytes()))
    return target


def as_xz_utf16(path: Path) -> Path:
    target = path.with_suffix(".csv.xz")
    target.write_bytes(lzma.compress(path.read_text().encode("utf-16")))
    return target


def as_utf16_unmarked(path: Path) -> Path:
    target = path.with_suffix(".txt")
    target.write_bytes(path.read_text().encode("utf-16-le"))
    return target


def as_zip(path: Path) -> Path:
    target = path.with_suffix(".zip")
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("README.md", "read me")
        archive.writestr("data/results.csv", path.read_bytes())
    return target


def as_workbook(path: Path) -> Path:
    import xlsxwriter

    target = path.with_suffix(".xlsx")
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as workbook:
        workbook.add_worksheet("Notes").write(0, 0, "about this file")
        sheet = workbook.add_worksheet("Results")
        sheet.write(0, 0, "Results by polling station")
        for number, row in enumerate(rows_of(path)):
            for column, cell in enumerate(row):
                sheet.write(number + 2, column, int(cell) if cell.isdigit() else cell)
    target.write_bytes(data.getvalue())
    return target


def as_json_lines(path: Path) -> Path:
    target = path.with_suffix(".jsonl")
    header, *rows = rows_of(path)
    cells = [[int(cell) if cell.isdigit() else cell for cell in row] for row in rows]
    target.write_text("\n".join(json.dumps(dict(zip(header, row, strict=True))) for row in cells))
    return target


def as_parquet(path: Path) -> Path:
    target = path.with_suffix(".parquet")
    pl.read_csv(path).write_parquet(target)
    return target


@pytest.mark.parametrize(
    "convert",
    [as_tsv, as_gzip, as_xz_utf16, as_utf16_unmarked, as_zip, as_workbook, as_json_lines, as_parquet],
    ids=lambda one: one.__name__,
)
def test_every_format_counts_to_the_same(tmp_path: Path, convert: Callable[[Path], Path]) -> None:
    path, totals = files.english(tmp_path)
    draft = draft_of("my", [convert(path)])
    found = totals_by(draft)
    assert {name: found[name] for name in totals} == totals


def test_a_nist_report_describes_itself(tmp_path: Path) -> None:
    election, contest, count, table = small_table()
    write_nist_json(tmp_path / "report.json", table, election, contest, count)
    draft = draft_of("my", [tmp_path / "report.json"])
    found = totals_by(draft)
    # Sheets in the totals: 1, 2 and `a b`.
    assert (found["sheets"], found["Ana"], found['Blas "el Rey"']) == (3, 37, 29)
    assert (found["blank"], found["null"], found["registered"]) == (6, 2, 100)
    assert draft.election.level_ids == ("state", "precinct")
