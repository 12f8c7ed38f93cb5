"""A look into the XML of a spreadsheet before calamine reads it: its size, its formulas and its errors.

calamine lays a worksheet out as one block from the first cell to the last, so that two cells in opposite corners take
hundreds of gigabytes; and it gives no sign of formulas and errors.
"""

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.parsers import expat

import numpy as np

from veedor.errors import Fault, InputError
from veedor.sheets.opening import BROKEN, LINE_LIMIT
from veedor.sheets.workbook_cells import usual_extent

UNPACKED_LIMIT = 2 * 2**30
"""Bytes of all parts of a workbook, unpacked."""

CELLS_LIMIT = 50_000_000
"""Cells of the block from a worksheet's first row and column to its last."""

TEXT_LIMIT = 4 * 2**30
"""Bytes of all texts of a worksheet: a text is stored once and repeated in each cell that refers to it."""

AT_ONCE = 2**27
"""Bytes of a part, unpacked, that is read in one piece."""

PARTS_LIMIT = 10_000

FORMULAS = re.compile(rb"<f(?: [^<>]*)?(?:/>|>[^<]*</f>)")

FORMULA = ("a formula", "save the file with its values in place of formulas")
ERROR = ("an error of the spreadsheet (such as #REF!)", "correct the cell")


@dataclass(frozen=True, kw_only=True)
class Suspicious:
    """A cell that holds a formula or an error. row is counted from 1, column from 0."""

    row: int
    column: int
    found: str
    remedy: str


def suspicious_cells(data: bytes, sheet: str | None, file: str, *, only_size: bool = False) -> list[Suspicious]:
    """The formulas and errors in the worksheet named, or the first. Nothing is known of an XLS file.

    only_size: formulas need not be found, where the size is known without them.
    Raises InputError for a workbook that is too large when unpacked, damaged, or of another kind.
    """
    if not data.startswith(b"PK"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise _locked(file)
        return []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = _parts(archive, file)
            if "content.xml" in parts:
                manifest = "META-INF/manifest.xml"
                if manifest in parts and b"encryption-data" in _text_of(archive, manifest, file):
                    raise _locked(file)
                return _of_ods(archive, sheet, file)
            if "xl/workbook.xml" not in parts:
                what = "an XLSB workbook" if "xl/workbook.bin" in parts else "a zip without a spreadsheet"
                raise _refused(file, what, "an XLSX, XLS or ODS file")
            return _of_xlsx(archive, sheet, file, only_size=only_size)
    except (expat.ExpatError, ElementTree.ParseError, KeyError, UnicodeError, ValueError, *BROKEN) as problem:
        raise _refused(file, f"a damaged spreadsheet ({problem})", "a whole file", "download it again") from problem


def _refused(file: str, found: str, wanted: str, remedy: str = "") -> InputError:
    return InputError([Fault(file=file, found=found, wanted=wanted, remedy=remedy)])


def _locked(file: str) -> InputError:
    return _refused(file, "a workbook that needs a password", "one without", "open it and save it without")


def _parts(archive: zipfile.ZipFile, file: str) -> set[str]:
    """Names of the parts, once their declared sizes are known to be within the limits."""
    parts = archive.infolist()
    names = {part.filename.lower() for part in parts}
    if len(parts) > PARTS_LIMIT or len(names) < len(parts):
        raise _refused(
            file, f"{len(parts)} parts with {len(names)} names", "a spreadsheet whose parts have one name each"
        )
    if any(part.flag_bits & 1 for part in parts):
        raise _locked(file)
    if sum(part.file_size for part in parts) > UNPACKED_LIMIT:
        raise _refused(file, "more than 2 GiB when unpacked", "a smaller workbook", "is it the right file?")
    return {part.filename for part in parts}


def _text_of(archive: zipfile.ZipFile, part: str, file: str) -> bytes:
    """A part's XML: its size must be the one declared, and no text between two tags too long."""
    if archive.getinfo(part).file_size <= AT_ONCE:  # which zipfile does not exceed, whatever the part holds
        xml = archive.read(part)
        at = 0
        while len(xml) - at > LINE_LIMIT:
            at = xml.rfind(b"<", at + 1, at + LINE_LIMIT + 1)
            if at < 0:
                raise _long_cell(file)
        return xml
    pieces: list[bytes] = []
    since_tag = 0
    with archive.open(part) as stream:
        while piece := stream.read(LINE_LIMIT):
            pieces.append(piece)
            last = piece.rfind(b"<")
            since_tag = since_tag + len(piece) if last < 0 else len(piece) - last
            if since_tag > LINE_LIMIT:
                raise _long_cell(file)
    return b"".join(pieces)


def _long_cell(file: str) -> InputError:
    return _refused(file, "a cell longer than 1 MiB", "cells of a tally sheet", "is it the right file?")


def _of_xlsx(archive: zipfile.ZipFile, sheet: str | None, file: str, *, only_size: bool) -> list[Suspicious]:
    part = _part_of(archive, sheet, file)
    if part is None:
        return []  # calamine says which worksheets there are
    longest = 0
    for other in archive.namelist():
        if other.lower().endswith((".xml", ".rels")) and not other.lower().startswith("xl/worksheets/"):
            text = _text_of(archive, other, file)
            longest = _longest_text(text) if other.lower() == "xl/sharedstrings.xml" else longest
    xml = _text_of(archive, part, file)
    if longest * len(xml) > TEXT_LIMIT and longest * xml.count(b't="s"') > TEXT_LIMIT:
        raise _refused(file, f"a text of {longest} bytes in a very large worksheet", "shorter texts")
    if (extent := usual_extent(FORMULAS.sub(b"", xml) if only_size else xml)) is not None:
        _check_extent(*extent, file)
        return []
    scan = _XlsxScan(file=file)
    scan.read(xml)
    return scan.found


def _part_of(archive: zipfile.ZipFile, sheet: str | None, file: str) -> str | None:
    """The part with the worksheet named, or with the first."""
    relations = {
        node.get("Id"): node.get("Target", "")
        for node in ElementTree.fromstring(_text_of(archive, "xl/_rels/workbook.xml.rels", file))  # noqa: S314
    }
    for node in ElementTree.fromstring(_text_of(archive, "xl/workbook.xml", file)).iter():  # noqa: S314
        if node.tag.rpartition("}")[2] == "sheet" and (sheet is None or node.get("name", "").strip() == sheet.strip()):
            target = next((value for key, value in node.items() if key.endswith("relationships}id")), None)
            part = relations.get(target, "")
            part = part.lstrip("/") if part.startswith("/") else posixpath.normpath(f"xl/{part}")
            return next((name for name in archive.namelist() if name.lower() == part.lower()), None)
    return None


def _longest_text(xml: bytes) -> int:
    tags = np.flatnonzero(np.frombuffer(xml, dtype=np.uint8) == ord("<"))
    return int(np.diff(tags).max()) if len(tags) > 1 else 0


def _column(letters: str) -> int:
    """Index of the column called A, B, ... Z, AA, counted from 0."""
    index = 0
    for letter in letters:
        index = 26 * index + ord(letter) - ord("A") + 1
    return index - 1


def _check_extent(rows: int, columns: int, file: str) -> None:
    if rows * columns > CELLS_LIMIT:
        raise _refused(file, f"cells spread over {rows} rows and {columns} columns", f"at most {CELLS_LIMIT} cells")


@dataclass(kw_only=True)
class _XlsxScan:
    """Every cell of a worksheet part seen once, in order."""

    file: str
    found: list[Suspicious] = field(default_factory=list)
    row: int = 0
    column: int = -1
    columns: int = 0

    def read(self, xml: bytes) -> None:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self.start
        parser.StartDoctypeDeclHandler = self.doctype
        parser.Parse(xml, True)

    def doctype(self, *_: object) -> None:
        raise _refused(self.file, "a document type declaration", "a worksheet as spreadsheet programs write it")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(":")[2]
        if local == "row":
            self.row = int(attributes["r"]) if "r" in attributes else self.row + 1
            self.column = -1
        elif local == "c":
            reference = attributes.get("r", "")
            letters = reference.rstrip("0123456789")
            self.column = _column(letters.upper()) if letters.isascii() and letters.isalpha() else self.column + 1
            self.row = int(reference[len(letters) :][:9] or self.row)
            self.columns = max(self.columns, self.column + 1)
            _check_extent(self.row, self.columns, self.file)
            if attributes.get("t") == "e":
                self.add(*ERROR)
        elif local == "f":
            self.add(*FORMULA)

    def add(self, found: str, remedy: str) -> None:
        """Note the cell, once."""
        if not self.found or (self.found[-1].row, self.found[-1].column) != (self.row, self.column):
            self.found.append(Suspicious(row=self.row, column=self.column, found=found, remedy=remedy))


def _of_ods(archive: zipfile.ZipFile, sheet: str | None, file: str) -> list[Suspicious]:
    scan = _OdsScan(file=file, sheet=sheet)
    scan.read(_text_of(archive, "content.xml", file))
    return scan.found


@dataclass(kw_only=True)
class _OdsScan:
    """Every cell of the table named, or the first, with rows and cells that stand for several counted as often."""

    file: str
    sheet: str | None
    inside: bool = False
    done: bool = False
    row: int = 0
    row_repeat: int = 1
    column: int = 0
    columns: int = 0
    rows: int = 0
    found: list[Suspicious] = field(default_factory=list)

    def read(self, xml: bytes) -> None:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        parser.StartDoctypeDeclHandler = self.doctype
        parser.Parse(xml, True)

    def doctype(self, *_: object) -> None:
        raise _refused(self.file, "a document type declaration", "a spreadsheet as programs write it")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(":")[2]
        if local == "table" and not self.done:
            name = attributes.get("table:name", "")
            self.inside = self.sheet is None or name.strip() == self.sheet.strip()
        elif not self.inside:
            return
        elif local == "table-row":
            self.row_repeat = _repeat(attributes, "table:number-rows-repeated")
            self.row += 1
            self.column = 0
        elif local in ("table-cell", "covered-table-cell"):
            self.column += _repeat(attributes, "table:number-columns-repeated")
            if "table:formula" in attributes:
                self.add(*FORMULA)
            elif "error" in attributes.values():
                self.add(*ERROR)
            if any(key.startswith(("office:", "table:formula", "calcext:")) for key in attributes):
                self.grow()
        elif local == "p":
            self.grow()

    def text(self, text: str) -> None:
        if self.inside and text.startswith(
            ("#REF!", "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#VALUE!", "Err:")
        ):
            self.add(*ERROR)

    def end(self, tag: str) -> None:
        local = tag.rpartition(":")[2]
        if self.inside and local == "table":
            self.inside, self.done = False, True
        elif self.inside and local == "table-row":
            self.row += self.row_repeat - 1

    def grow(self) -> None:
        self.columns = max(self.columns, self.column)
        self.rows = max(self.rows, self.row + self.row_repeat - 1)
        _check_extent(self.rows, self.columns, self.file)

    def add(self, found: str, remedy: str) -> None:
        column = self.column - 1
        if not self.found or (self.found[-1].row, self.found[-1].column) != (self.row, column):
            self.found.append(Suspicious(row=self.row, column=column, found=found, remedy=remedy))


def _repeat(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else 1
