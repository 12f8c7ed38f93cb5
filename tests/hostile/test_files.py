"""Hostile input files by the hundred: each is refused with its name, or gives the right figures; none ends otherwise.

A file with a changed byte is right only if it gives the figures of the file it was made from: archives carry checksums.
"""

import gzip
import io
import lzma
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from tests.sheets.small import COLUMNS, HEADER, ROWS, election
from veedor.count import tally
from veedor.election import Election
from veedor.errors import VeedorError
from veedor.sheets.read import read_sheets

CSV = "\n".join((HEADER, *ROWS)) + "\n"
TOTALS = (130, 160, 4, 6)
"""red, blue, blank, null: added up by hand from ROWS."""

CELLS = (
    "-1",
    "1e3",
    "1,5",
    "1.5",
    "٣",
    "１２",
    "1２",
    "0x10",
    " 12 ",
    "+5",
    "1_000",
    "NaN",
    "inf",
    "1e400",
    "½",
    "=1+1",
    "'5",
    "9" * 20,
    "9" * 5000,
    "null",
    "-",
    "\u200b7",
    "7\u202e",
    "7\x00",
    "true",
    "12 votes",
    "{}",
    "[1]",
)
FIGURES = ("Rojo", "Azul", "Blancos", "Nulos")


def workbook() -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    sheet = book.add_worksheet()
    for number, row in enumerate((HEADER, *ROWS)):
        for column, cell in enumerate(row.split(",")):
            sheet.write(number, column, int(cell) if cell.isdigit() and column > 2 else cell)
    book.close()
    return made.getvalue()


def parquet() -> bytes:
    made = io.BytesIO()
    pl.read_csv(CSV.encode(), schema_overrides={"Mesa": pl.String}).write_parquet(made)
    return made.getvalue()


def zipped() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sheets.csv", CSV)
    return made.getvalue()


WHOLE = {
    "sheets.csv.gz": gzip.compress(CSV.encode(), mtime=0),
    "sheets.csv.xz": lzma.compress(CSV.encode()),
    "sheets.zip": zipped(),
    "sheets.xlsx": workbook(),
    "sheets.parquet": parquet(),
}


def changed(data: bytes, rng: random.Random) -> bytes:
    """One byte of the file set to another value."""
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ rng.randrange(1, 256)]) + data[at + 1 :]


def cases() -> Iterator[tuple[str, str, bytes, tuple[int, ...] | None]]:
    """A name, the file's name, its bytes, and the totals that are right if it is read; None: it must be refused."""
    rng = random.Random(20191020)
    names = HEADER.split(",")
    for column in FIGURES:
        for cell in CELLS:
            first = ROWS[0].split(",")
            place = names.index(column)
            plain = cell.strip()
            right = None
            two_scripts = len({character.isascii() for character in plain}) > 1
            if plain.removeprefix("+").isdecimal() and len(plain) < 18 and not two_scripts:
                totals = list(TOTALS)
                totals[FIGURES.index(column)] += int(plain) - int(first[place])
                right = tuple(totals)
            first[place] = f'"{cell}"' if "," in cell else cell
            yield (
                f"{column} {cell[:12]!a}" + (f" of {len(cell)}" if len(cell) > 12 else ""),
                "sheets.csv",
                "\n".join((HEADER, ",".join(first), *ROWS[1:])).encode(),
                right,
            )
    for name, data in WHOLE.items():
        for number in range(16):
            yield f"{name} cut {number}", name, data[: len(data) * number // 16], None
        if name != "sheets.parquet":  # whose pages carry no checksum
            for number in range(16):
                yield f"{name} changed {number}", name, changed(data, rng), TOTALS
    whole = CSV.encode()
    yield "twice the header", "sheets.csv", whole + whole, None
    yield "one cell too many", "sheets.csv", whole + b"4,Sur,Plaza,190,20,90,0,0,1\n", None
    yield "a station twice", "sheets.csv", whole + b"1,Norte,Escuela,200,51,40,3,2\n", None
    yield "an open quotation", "sheets.csv", whole + b'"4,Sur,Plaza,190,20,90,0,0\n', None
    yield "a million quotations", "sheets.csv", whole + b'"' * 1_000_000, None
    yield "a million delimiters", "sheets.csv", whole + b"," * 1_000_000, TOTALS
    yield "delimiters, and one figure", "sheets.csv", whole + b",\n" * 2_000 + b",,7\n", None
    yield "a zero byte", "sheets.csv", whole + b"\0", None
    yield "no text", "sheets.csv", bytes(range(256)) * 40, None
    yield "a page of the web", "sheets.csv", b"<!doctype html><title>404</title>", None
    yield "nothing", "sheets.csv", b"", None
    yield "a header only", "sheets.csv", HEADER.encode(), None
    yield "columns without end", "sheets.csv", b",".join(b"c%d" % number for number in range(200_000)), None


CASES = {name: (file, data, right) for name, file, data, right in cases()}


def elected(file: str) -> Election:
    source = {"file": file, "layout": "sheets"} | ({"member": "sheets.csv"} if file.endswith(".zip") else {})
    kinds = {"xlsx": "xlsx", "parquet": "parquet"}
    return election(columns=COLUMNS, sources=[source], format=kinds.get(file.rpartition(".")[2], "csv"))


def test_there_are_as_many_as_are_promised() -> None:
    assert len(CASES) == len(list(cases())) >= 200  # no two of one name, of which one would not be tried


@pytest.mark.parametrize("name", WHOLE)
def test_the_files_they_are_made_from_are_right(name: str, tmp_path: Path) -> None:
    assert figures_of(name, WHOLE[name], tmp_path) == TOTALS


@pytest.mark.parametrize("case", CASES)
def test_each_is_refused_by_name_or_right(case: str, tmp_path: Path) -> None:
    file, data, right = CASES[case]
    found, said = outcome(file, data, tmp_path)
    assert found == right or (found is None and "sheets." in said and len(said) < 20_000)


def outcome(file: str, data: bytes, folder: Path) -> tuple[tuple[int, ...] | None, str]:
    """The figures, or None and what was said."""
    try:
        return figures_of(file, data, folder), ""
    except VeedorError as refused:
        return None, str(refused)


def figures_of(file: str, data: bytes, folder: Path) -> tuple[int, ...]:
    (folder / file).write_bytes(data)
    small = elected(file)
    totals = tally(read_sheets(small, small.contests[0], small.counts[0], folder).table, small.contests[0])
    return (totals.votes["red"], totals.votes["blue"], totals.blank, totals.null)
