"""A look into the XML of a worksheet before calamine reads it: its size, its formulas and errors, its one meaning.

calamine lays a worksheet out as one block from the first cell to the last, so that two cells in opposite corners take
hundreds of gigabytes; it gives no sign of formulas and errors; and where a cell says two things it takes one of them in
silence. What programs write is told quickly (`workbook_cells`); anything else is looked at element by element.
"""

import re
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

import numpy as np
import numpy.typing as npt

from veedor.sheets.formats.unpack import LINE_LIMIT
from veedor.sheets.workbook.extent import PIECE, usual_extent
from veedor.sheets.workbook.parts import MAIN, long_cell, no_doctype, refused

CELLS_LIMIT = 12_000_000
"""Cells of the block from a worksheet's first row and column to its last: twelve for each of a million sheets."""

TEXTS_LIMIT = 5_000_000
"""Texts that a worksheet's cells share."""

UNUSUAL_LIMIT = 2**26
"""Bytes of a worksheet that is looked at element by element: that takes fifty times as long."""

TEXT_LIMIT = 2**28
"""Bytes of all texts of a worksheet: a text is stored once and repeated in each cell that refers to it."""

FORMULAS = re.compile(rb"<f(?: [^<>]*)?(?:/>|>[^<]*</f>)")

FORMULA = ("a formula", "save the file with its values in place of formulas")
ERROR = ("an error of the spreadsheet (such as #REF!)", "correct the cell")

PARTS = frozenset({"sheetData", "row", "c", "f", "v", "is"})
"""Elements of a worksheet that its cells are made of."""

FIGURES = (None, "n", "s", "b", "e")
"""Types of cells whose value is a number, or the number of a text or an error."""

_TEXT_CELL = re.compile(rb't="s"[^<>]{0,200}+><v>([0-9]{1,9})</v>')
_PREFIXED_TEXT = re.compile(rb"<[^<>\s:/]{1,64}:(?:si|t|r|rPh)[\s/>]")

USUAL = "a spreadsheet as programs write it"


@dataclass(frozen=True, kw_only=True)
class Suspicious:
    """A cell that holds a formula or an error. row is counted from 1, column from 0."""

    row: int
    column: int
    found: str
    remedy: str


def look_at_xlsx(sheet: bytes, texts: bytes | None, file: str, *, only_size: bool = False) -> list[Suspicious]:
    """The formulas and errors in a worksheet. Raises InputError where it is too large, or can mean two things.

    only_size: formulas need not be found, where the size is known without them.
    """
    if texts is not None:
        _check_texts(sheet, texts, file)
    if (extent := usual_extent(FORMULAS.sub(b"", sheet) if only_size else sheet)) is not None:
        check_extent(*extent, file)
        return []
    if len(sheet) > UNUSUAL_LIMIT:
        found = "a large worksheet with formulas, errors, or written in an unusual way"
        wanted = f"at most {UNUSUAL_LIMIT >> 20} MiB of it"
        raise refused(file, found, wanted, "save it with its values alone, or as CSV")
    scan = _XlsxScan(file=file)
    scan.read(sheet)
    return scan.found


def check_extent(rows: int, columns: int, file: str) -> None:
    """Raise InputError where there are more rows and columns than are read."""
    if rows * columns > CELLS_LIMIT:
        found = f"cells spread over {rows} rows and {columns} columns"
        raise refused(
            file, found, f"at most {CELLS_LIMIT} cells", "delete what stands far from the table, or save it as CSV"
        )


def _check_texts(sheet: bytes, texts: bytes, file: str) -> None:
    """Raise InputError where the texts are too long, or are written so that two readers could read two texts."""
    if b"<!" in texts:
        raise refused(file, "a comment, a CDATA section or a document type among its texts", USUAL, "save it again")
    starts = _text_starts(texts, file)
    sizes = np.diff(np.append(starts, len(texts)))
    if len(starts) > TEXTS_LIMIT:
        raise refused(file, f"{len(starts)} texts", f"at most {TEXTS_LIMIT}", "save it as CSV")
    longest = int(sizes.max(initial=0))
    if longest > LINE_LIMIT:
        raise long_cell(file)
    referring = sheet.count(b't="s"')
    if longest * max(referring, 1) > TEXT_LIMIT and _total(sheet, sizes, referring) > TEXT_LIMIT:
        raise refused(file, f"a text of {longest} bytes in a very large worksheet", "shorter texts", "save it as CSV")


def _text_starts(texts: bytes, file: str) -> npt.NDArray[np.intp]:
    """Where each shared text begins."""
    if _PREFIXED_TEXT.search(texts) is not None:
        scan = _TextScan(file=file)
        scan.read(texts)
        return np.array(scan.starts, dtype=np.intp)
    starts = np.concatenate([np.zeros(0, np.intp), *(_starts_within(texts, at) for at in range(0, len(texts), PIECE))])
    if len(starts) and texts.find(b"xmlns", int(starts[0])) >= 0:
        scan = _TextScan(file=file)
        scan.read(texts)
    return starts


def _starts_within(texts: bytes, start: int) -> npt.NDArray[np.intp]:
    """Where shared texts begin in one piece: at each `<si`."""
    window = texts[start : start + PIECE + 4]
    raw = np.frombuffer(window.ljust(len(window) + 4), np.uint8)
    tags = np.flatnonzero(raw[: min(PIECE, len(texts) - start)] == ord("<"))
    texts_open = (raw[tags + 1] == ord("s")) & (raw[tags + 2] == ord("i")) & (raw[tags + 3] <= ord(">"))
    starts: npt.NDArray[np.intp] = tags[texts_open] + start
    return starts


def _total(sheet: bytes, sizes: npt.NDArray[np.intp], referring: int) -> int:
    """Bytes of the texts of all cells that refer to one; as many as can be where that cannot be told."""
    numbers = np.array([int(found[1]) for found in _TEXT_CELL.finditer(sheet)], dtype=np.int64)
    if len(numbers) != referring or (len(numbers) and int(numbers.max()) >= len(sizes)):
        return referring * int(sizes.max(initial=0))
    return int(sizes[numbers].sum())


@dataclass(kw_only=True)
class _Scan:
    """An XML text looked at element by element; names are written as namespace, blank, name."""

    file: str

    def read(self, xml: bytes) -> None:
        """Raises InputError, or ExpatError where it is no XML."""
        parser = self.parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CommentHandler = self.between
        parser.StartCdataSectionHandler = self.between
        parser.ProcessingInstructionHandler = self.between
        parser.StartDoctypeDeclHandler = no_doctype(self.file)
        parser.Parse(xml, True)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens."""

    def end(self, name: str) -> None:
        """An element closes."""

    def between(self, *_: str) -> None:
        """A comment, a CDATA section, a processing instruction."""

    def refuse(self, found: str) -> NoReturn:
        """Raise InputError."""
        raise refused(self.file, found, USUAL, "save it again with a spreadsheet program")


@dataclass(kw_only=True)
class _TextScan(_Scan):
    """Shared texts, each of the standard's namespace. starts: where they begin."""

    starts: list[int] = field(default_factory=list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        space, _, local = name.rpartition(" ")
        if local in ("si", "t", "r", "rPh") and space not in MAIN:
            self.refuse("a text of another namespace")
        if local == "si":
            self.starts.append(self.parser.CurrentByteIndex)


def _column(letters: str) -> int:
    """Index of the column called A, B, ... Z, AA, counted from 0."""
    index = 0
    for letter in letters:
        index = 26 * index + ord(letter) - ord("A") + 1
    return index - 1


@dataclass(kw_only=True)
class _XlsxScan(_Scan):
    """Every cell of a worksheet seen once, in order, with one value at most."""

    found: list[Suspicious] = field(default_factory=list)
    xml: bytes = b""
    within: list[str] = field(default_factory=list)
    tables: int = 0
    row: int = 0
    column: int = -1
    columns: int = 0
    kind: str | None = None
    values: int = 0
    began: int = 0

    def read(self, xml: bytes) -> None:
        """As any scan."""
        self.xml = xml
        super().read(xml)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        space, _, local = name.rpartition(" ")
        if local == "sheetData" and not self.within:
            self.tables += 1
            if self.tables > 1:
                self.refuse("two tables of cells in one worksheet")
        if not self.within and local != "sheetData":
            return
        if local in PARTS and space not in MAIN:
            self.refuse(f"a <{local}> of another namespace among its cells")
        around = self.within[-1] if self.within else ""
        self.within.append(local)
        if around == "v":
            self.refuse(f"an element inside the figure of row {self.row}")
        if local == "row":
            self.open_row(attributes)
        elif local == "c":
            self.open_cell(attributes, around)
        elif local == "f" and around == "c":
            self.add(*FORMULA)
        elif local in ("v", "is") and around == "c":
            self.values += 1
            if self.values > 1:
                self.refuse(f"two values in one cell of row {self.row}")
            self.began = self.parser.CurrentByteIndex

    def open_row(self, attributes: dict[str, str]) -> None:
        """A row opens: after those before it."""
        row = _number(attributes["r"]) if "r" in attributes else self.row + 1
        if row is None or row <= self.row:
            self.refuse(f"row {attributes.get('r', '')[:20]!r} after row {self.row}")
        self.row = row
        self.column = -1

    def open_cell(self, attributes: dict[str, str], around: str) -> None:
        """A cell opens: in its row, after those before it."""
        reference = attributes.get("r")
        letters = "" if reference is None else reference.rstrip("0123456789")
        if around != "row" or (reference is not None and _number(reference[len(letters) :]) != self.row):
            self.refuse(f"the cell {(reference or '')[:20]!r} in row {self.row}")
        if letters and not (letters.isascii() and letters.isalpha()):
            self.refuse(f"the cell {(reference or '')[:20]!r}")
        column = self.column + 1 if reference is None else _column(letters[:8].upper())
        if column <= self.column:
            self.refuse(f"the cell {(reference or '')[:20]!r} after another further to the right")
        self.column = column
        self.columns = max(self.columns, column + 1)
        check_extent(self.row, self.columns, self.file)
        self.kind, self.values = attributes.get("t"), 0
        if self.kind == "e":
            self.add(*ERROR)

    def end(self, name: str) -> None:
        """An element closes."""
        if not self.within:
            return
        local = self.within.pop()
        if local == "v" and self.kind in FIGURES and b"&" in self.xml[self.began : self.parser.CurrentByteIndex]:
            self.refuse(f"an escaped sign in the figure of row {self.row}")

    def between(self, *_: str) -> None:
        """Text among the cells that is none: readers differ in what they make of it."""
        if self.within:
            self.refuse("a comment or a CDATA section among its cells")

    def add(self, found: str, remedy: str) -> None:
        """Note the cell, once."""
        if not self.found or (self.found[-1].row, self.found[-1].column) != (self.row, self.column):
            self.found.append(Suspicious(row=self.row, column=self.column, found=found, remedy=remedy))


def _number(text: str) -> int | None:
    """The number of a row: digits, the first of them no zero, and no more than any row has."""
    plain = text.isascii() and text.isdigit() and len(text) < 10 and text[0] != "0"
    return int(text) if plain else None


def look_at_ods(content: bytes, sheet: str | None, file: str) -> tuple[tuple[str, ...], list[Suspicious]]:
    """The names of the tables, and the formulas and errors in the one named, or in the first. Raises InputError."""
    scan = _OdsScan(file=file, sheet=sheet)
    scan.read(content)
    return tuple(scan.names), scan.found


ODF = "urn:oasis:names:tc:opendocument:xmlns:"
PREFIXES = {"table": f"{ODF}table:1.0", "office": f"{ODF}office:1.0", "text": f"{ODF}text:1.0"}
"""The names that ODS files give the namespaces; calamine goes by these names alone."""

TABLE, TEXT = PREFIXES["table"], PREFIXES["text"]
_PROBLEMS = ("#REF!", "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#VALUE!", "Err:")


@dataclass(kw_only=True)
class _OdsScan(_Scan):
    """Every cell of every table, with rows and cells that stand for several counted as often.

    names: of the tables; found: what is suspicious in the table named, or in the first.
    """

    sheet: str | None
    names: list[str] = field(default_factory=list)
    chosen: bool = False
    depth: int = 0
    row: int = 0
    row_repeat: int = 1
    column: int = 0
    repeat: int = 1
    columns: int = 0
    rows: int = 0
    texts: int = 0
    in_cell: bool = False
    found: list[Suspicious] = field(default_factory=list)

    def read(self, xml: bytes) -> None:
        """As any scan, with the names of namespaces and the characters looked at too."""
        parser = self.parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        parser.CommentHandler = self.between
        parser.StartCdataSectionHandler = self.between
        parser.ProcessingInstructionHandler = self.between
        parser.StartNamespaceDeclHandler = self.declared
        parser.StartDoctypeDeclHandler = no_doctype(self.file)
        parser.Parse(xml, True)

    def declared(self, prefix: str | None, space: str) -> None:
        """A namespace gets a name."""
        if PREFIXES.get(prefix or "", space) != space or (space in PREFIXES.values() and prefix not in PREFIXES):
            self.refuse(f"the namespace {space[:80]!r} called {prefix!r}")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        space, _, local = name.rpartition(" ")
        if space == TABLE and local == "table":
            self.open_table(attributes)
        elif not self.depth:
            return
        elif space == TABLE and local == "table-row":
            self.row_repeat = self.times(attributes, "number-rows-repeated")
            self.row += 1
            self.column = 0
        elif space == TABLE and local in ("table-cell", "covered-table-cell"):
            self.open_cell(attributes)
        elif space == TEXT and local == "p":
            self.grow()
        elif space == TEXT and local == "s":
            blanks = self.times(attributes, "c", TEXT)
            self.add_text(blanks)

    def open_table(self, attributes: dict[str, str]) -> None:
        """A table opens."""
        self.depth += 1
        if self.depth > 1:
            self.refuse("a table inside a table")
        name = attributes.get(f"{TABLE} name", "")
        if name in self.names:
            self.refuse(f"two worksheets called {name[:40]!r}")
        self.chosen = not self.names if self.sheet is None else name.strip() == self.sheet.strip()
        self.names.append(name)
        self.row = self.column = self.rows = self.columns = 0

    def open_cell(self, attributes: dict[str, str]) -> None:
        """A cell opens, that may stand for several."""
        self.in_cell = True
        self.repeat = self.times(attributes, "number-columns-repeated")
        check_extent(1, self.column, self.file)  # even where all of them are empty, if another follows
        self.column += self.repeat
        if f"{TABLE} formula" in attributes:
            self.add(*FORMULA)
        elif "error" in attributes.values():
            self.add(*ERROR)
        if any(key.partition(" ")[0] == PREFIXES["office"] or "calcext" in key for key in attributes) or (
            f"{TABLE} formula" in attributes
        ):
            self.grow()
        self.add_text(sum(map(len, attributes.values())))

    def text(self, text: str) -> None:
        """Characters."""
        if not self.in_cell:
            return
        self.add_text(len(text))
        if text.startswith(_PROBLEMS):
            self.add(*ERROR)

    def add_text(self, length: int) -> None:
        """So many more characters, in all the cells that the cell stands for."""
        self.texts += length * self.repeat * self.row_repeat
        if self.texts > TEXT_LIMIT:
            raise refused(self.file, f"more than {TEXT_LIMIT} characters", "shorter texts", "save it as CSV")

    def end(self, name: str) -> None:
        """An element closes."""
        space, _, local = name.rpartition(" ")
        if space != TABLE:
            return
        if local == "table":
            self.depth -= 1
        elif local == "table-row":
            self.row += self.row_repeat - 1
        elif local in ("table-cell", "covered-table-cell"):
            self.in_cell = False

    def between(self, *_: str) -> None:
        """Text among the cells that is none: readers differ in what they make of it."""
        if self.depth:
            self.refuse("a comment or a CDATA section among its cells")

    def grow(self) -> None:
        """The cell holds something: up to here reaches what is laid out."""
        self.columns = max(self.columns, self.column)
        self.rows = max(self.rows, self.row + self.row_repeat - 1)
        check_extent(self.rows, self.columns, self.file)

    def times(self, attributes: dict[str, str], name: str, space: str = TABLE) -> int:
        """A count of repetitions: digits and nothing else, since readers differ in what else they take."""
        text = attributes.get(f"{space} {name}", "1")
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            self.refuse(f"{name} = {text[:40]!r}")
        return max(1, int(text))

    def add(self, found: str, remedy: str) -> None:
        """Note the cell, once, if it is of the table asked for."""
        column = self.column - 1
        if self.chosen and (not self.found or (self.found[-1].row, self.found[-1].column) != (self.row, column)):
            self.found.append(Suspicious(row=self.row, column=column, found=found, remedy=remedy))
