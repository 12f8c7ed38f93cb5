"""Small files of tally sheets in every format, made by code; nothing is stored."""

import io
import json
import struct
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import polars as pl

from tests.sheets.small import CSV

Row = Sequence[object]


def rows() -> list[list[object]]:
    """Header and sheets; figures as numbers."""
    return [[int(cell) if cell.isdigit() else cell for cell in line.split(",")] for line in CSV.splitlines()]


def _written(write: Callable[[Path], object], name: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write(path)
        return path.read_bytes()


@cache
def xlsx_by_hand() -> bytes:
    """As few parts as a workbook can have."""
    from tests.draft.countries.workbooks import write_xlsx

    return _written(lambda path: write_xlsx(path, "Hoja 1", rows()), "x.xlsx")


@cache
def xlsx() -> bytes:
    """As the library writes it, with shared texts, a formula and a date."""
    import datetime as dt

    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"created": dt.datetime(2024, 1, 1, tzinfo=dt.UTC)})
    page = book.add_worksheet("Hoja 1")
    for number, row in enumerate(rows()):
        page.write_row(number, 0, row)
    page.write_formula(1, 9, "=1+1", None, 2)
    page.write_datetime(2, 9, dt.datetime(2024, 3, 3, 20))
    book.add_worksheet("Hoja 2").write(0, 0, "x")
    book.close()
    return stream.getvalue()


@cache
def ods() -> bytes:
    """As a program of offices writes it, as few parts as can be."""
    from tests.fuzz.mutate.archive import zip_of

    office, table, text = (f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "table", "text"))
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    lines = "".join(
        "<table:table-row>" + "".join(_ods_cell(cell) for cell in row) + "</table:table-row>" for row in rows()
    )
    body = (
        f'<office:document-content xmlns:office="{office}" xmlns:table="{table}" xmlns:text="{text}" '
        'office:version="1.2"><office:body><office:spreadsheet><table:table table:name="Hoja 1">'
        f"{lines}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    parts = {"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": body}
    return zip_of([(name, part.encode()) for name, part in parts.items()])


def _ods_cell(cell: object) -> str:
    if isinstance(cell, int):
        return (
            f'<table:table-cell office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p>'
            "</table:table-cell>"
        )
    return f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'


@cache
def xls() -> bytes:
    """A workbook of the older kind (BIFF8 in a compound file), by hand: no library that we have writes one."""
    return _compound(_biff(rows()))


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _biff(table: Sequence[Row]) -> bytes:
    begin = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0x0600)
    name = b"Hoja 1"
    head = _record(0x0809, begin) + _record(0x0042, struct.pack("<H", 1200))
    listed = struct.pack("<IBB", 0, 0, 0) + bytes([len(name), 0]) + name
    ending = _record(0x000A, b"")
    start = len(head) + len(_record(0x0085, listed)) + len(ending)
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0x0600))
    sheet += _record(0x0200, struct.pack("<IIHHH", 0, len(table), 0, len(table[0]), 0))
    for row, cells in enumerate(table):
        for column, cell in enumerate(cells):
            place = struct.pack("<HHH", row, column, 0)
            if isinstance(cell, int):
                sheet += _record(0x0203, place + struct.pack("<d", cell))
            else:
                written = str(cell).encode("latin-1")
                sheet += _record(0x0204, place + struct.pack("<HB", len(written), 0) + written)
    return head + _record(0x0085, struct.pack("<I", start) + listed[4:]) + ending + sheet + ending


def _compound(stream: bytes) -> bytes:
    """A compound file with one stream, `Workbook`, which is long enough to lie in sectors of its own."""
    sector = 512
    data = stream.ljust(max(4096, -(-len(stream) // sector) * sector), b"\0")
    many = len(data) // sector
    end, free, table = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<109I", 0, *[free] * 108)
    chain = [table, end, *range(3, 2 + many), end]
    allocation = struct.pack(f"<{len(chain)}I", *chain).ljust(sector, b"\xff")
    entries = _entry("Root Entry", 5, 1, end, 0) + _entry("Workbook", 2, free, 2, len(data))
    return header + allocation + entries.ljust(sector, b"\0") + data


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    written = (name + "\0").encode("utf-16-le")
    none = 0xFFFFFFFF
    return (
        written.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(written), kind, 1, none, none, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def frame() -> pl.DataFrame:
    """The sheets as a frame."""
    header, *body = rows()
    return pl.DataFrame([[row[at] for row in body] for at in range(len(header))], schema=[str(name) for name in header])


@cache
def parquet() -> bytes:
    """As polars writes it."""
    return parquet_of(frame())


def parquet_of(table: pl.DataFrame) -> bytes:
    """A frame as Parquet."""
    stream = io.BytesIO()
    table.write_parquet(stream, compression="uncompressed")
    return stream.getvalue()


@cache
def json_lines() -> bytes:
    """One object a line."""
    header, *body = rows()
    return "".join(json.dumps(dict(zip(map(str, header), row, strict=True))) + "\n" for row in body).encode()


@cache
def nist_json() -> bytes:
    """A report of a county, as others write them, with half of its units."""
    from tests.sheets.export.test_nist_read import us_report

    return json.dumps(us_report()).encode()


@cache
def nist_xml() -> bytes:
    """The same in XML."""
    from tests.sheets.export.test_nist_read import as_xml, us_report

    return as_xml(us_report())


@cache
def long_csv() -> bytes:
    """One row for each sheet and choice."""
    header, *body = rows()
    lines = ["Mesa,Provincia,Recinto,Candidato,Votos"]
    for row in body:
        places = ",".join(map(str, row[:3]))
        lines += [f"{places},{name},{votes}" for name, votes in zip(header[4:], row[4:], strict=True)]
    return ("\n".join(lines) + "\n").encode()
