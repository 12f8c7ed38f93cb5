"""The parts of a workbook that hold one worksheet, and a workbook of exactly these parts for calamine.

An XLSX is a zip of parts that name one another, an ODS a zip with one part for all worksheets. Which of several parts
is the worksheet must have one answer. It is found here as the standard says, by the relationships from the zip's root
on; what could be read in another way is refused; and calamine is given a new workbook that holds nothing else.

Source: ECMA-376 part 2 (packages: part names, relationships), part 1, sections 18.2 and 18.3 (workbooks, worksheets).
"""

import posixpath
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from veedor.errors import Fault, InputError
from veedor.sheets.formats.column_map import nearest
from veedor.sheets.formats.unpack import LINE_LIMIT
from veedor.sheets.formats.zip_parts import Archive, packed

UNPACKED_LIMIT = 2**29
"""Bytes of the parts of a workbook that are read, unpacked."""

SMALL_LIMIT = 2**24
"""Bytes of a part that only names others."""

SHEETS_LIMIT = 1_000
"""Worksheets of a workbook."""

OFFICE = ("http://schemas.openxmlformats.org/officeDocument/2006/relationships",
          "http://purl.oclc.org/ooxml/officeDocument/relationships")  # fmt: skip
MAIN = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
"""Namespaces of the two forms of the standard, transitional and strict."""

PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

ROOT = "_rels/.rels"
NO_WORKSHEET = ("/chartsheet", "/dialogsheet", "/xlMacrosheet", "/xlIntlMacrosheet")
"""How the types of what is listed among the worksheets and is none end."""


@dataclass(frozen=True, kw_only=True)
class Book:
    """One worksheet of a workbook. names: of all worksheets. sheet: its XML; texts, styles: those it refers to.

    from_1904: whether its days are counted from 1904 on.
    """

    names: tuple[str, ...]
    sheet: bytes
    texts: bytes | None
    styles: bytes | None
    from_1904: bool

    def alone(self) -> bytes:
        """A workbook of nothing but this worksheet, for calamine."""
        office, main = quoteattr(OFFICE[0]), quoteattr(MAIN[0])
        workbook = (
            f'<workbook xmlns={main} xmlns:r={office}><workbookPr date1904="{int(self.from_1904)}"/><sheets>'
            '<sheet name="1" sheetId="1" r:id="r0"/></sheets></workbook>'
        )
        own = {"worksheets/1.xml": self.sheet, "sharedStrings.xml": self.texts, "styles.xml": self.styles}
        kinds = ("worksheet", "sharedStrings", "styles")
        named = [(kind, part) for kind, part in zip(kinds, own, strict=True) if own[part] is not None]
        parts = {
            ROOT: _relations([("officeDocument", "xl/workbook.xml")]),
            "xl/workbook.xml": workbook.encode(),
            "xl/_rels/workbook.xml.rels": _relations(named),
            **{f"xl/{name}": data for name, data in own.items() if data is not None},
        }
        return packed(parts)


def _relations(named: list[tuple[str, str]]) -> bytes:
    """The part that names these parts, each with its kind."""
    each = (
        f'<Relationship Id="r{number}" Type="{OFFICE[0]}/{kind}" Target="{part}"/>'
        for number, (kind, part) in enumerate(named)
    )
    return f"<Relationships xmlns={quoteattr(PACKAGE)}>{''.join(each)}</Relationships>".encode()


def refused(file: str, found: str, wanted: str, remedy: str = "") -> InputError:
    """The error of a workbook that cannot be read."""
    return InputError([Fault(file=file, found=found, wanted=wanted, remedy=remedy)])


def checked_names(archive: Archive, file: str) -> None:
    """Raise InputError where a part's name can be read in more than one way (ECMA-376 part 2, 6.2.2)."""
    for name, part in archive.parts.items():
        steps = name.removesuffix("/").split("/")
        if part.renamed or "\\" in name or any(step.strip(" .") == "" for step in steps) or not name.isprintable():
            raise refused(file, f"a part with the name {name[:80]!r}", "a spreadsheet whose parts have plain names")


@dataclass(frozen=True, kw_only=True)
class _Relation:
    """What a part names: the kind of the other part, and its name in the zip; None where it lies outside."""

    kind: str
    part: str | None


def xlsx_book(archive: Archive, sheet: str | None, file: str) -> Book:
    """The worksheet of that name, or the first. Raises InputError."""
    checked_names(archive, file)
    whole = _Parts(archive, file)
    workbook = "xl/workbook.xml"
    if ROOT in archive.parts:
        workbook = whole.only(whole.relations("", ROOT), "/officeDocument") or workbook
    if workbook not in whole:
        bare = "an XLSB workbook" if workbook.endswith(".bin") or "xl/workbook.bin" in whole else None
        raise refused(file, bare or "a zip without a spreadsheet", "an XLSX, XLS or ODS file")
    folder, name = posixpath.split(whole.real(workbook))
    relations = whole.relations(folder, posixpath.join(folder, "_rels", f"{name}.rels"))
    listed, from_1904 = _listed(whole.elements(workbook), file)
    if len(listed) > SHEETS_LIMIT:
        raise refused(file, f"{len(listed)} worksheets", f"at most {SHEETS_LIMIT}")
    lookup = {name.strip().casefold() for name, _ in listed}
    if len(lookup) < len(listed):
        raise refused(file, f"{len(listed)} worksheets with {len(lookup)} names", "worksheets with a name each")
    worksheets = {
        name: relation.part
        for name, target in listed
        if (relation := relations.get(target)) is not None and not relation.kind.endswith(NO_WORKSHEET)
    }
    chosen = named_sheet(tuple(worksheets), sheet, file)
    part = worksheets[chosen]
    if part is None or part not in whole:
        raise refused(file, f"no part for the worksheet {chosen!r}", "a whole file", "download it again")
    texts = whole.only(relations, "/sharedStrings") or posixpath.join(folder, "sharedStrings.xml")
    styles = whole.only(relations, "/styles") or posixpath.join(folder, "styles.xml")
    parts = [name for name in (part, texts, styles) if name in whole]
    check_size(archive, map(whole.real, parts), file)
    if styles in whole:
        check_size(archive, [whole.real(styles)], file, SMALL_LIMIT)
    contents = {name: whole.text(name) for name in parts}
    return Book(
        names=tuple(worksheets),
        sheet=contents[part],
        texts=contents.get(texts),
        styles=contents.get(styles),
        from_1904=from_1904,
    )


def check_size(archive: Archive, parts: Iterable[str], file: str, most: int | None = None) -> None:
    """Raise InputError where the parts unpack to more bytes than are read."""
    most = UNPACKED_LIMIT if most is None else most
    if sum(archive.parts[name].size for name in parts) > most:
        remedy = "is it the right file? Or save it as CSV"
        raise refused(file, f"more than {most} bytes when unpacked", "a smaller workbook", remedy)


def xml_of(archive: Archive, name: str, file: str) -> bytes:
    """A part's XML. Raises InputError where it is not in UTF-8, or no tag comes for longer than any cell has."""
    pieces: list[bytes] = []
    since_tag = 0
    for piece in archive.chunks(name):
        pieces.append(piece)
        last = piece.rfind(b"<")
        since_tag = since_tag + len(piece) if last < 0 else len(piece) - last
        if since_tag > LINE_LIMIT:
            raise long_cell(file)
    xml = b"".join(pieces)
    at = 0
    while len(xml) - at > LINE_LIMIT:
        at = xml.rfind(b"<", at + 1, at + LINE_LIMIT + 1)
        if at < 0:
            raise long_cell(file)
    return _checked_encoding(xml, file)


def long_cell(file: str) -> InputError:
    """The error of a cell that no tally sheet has."""
    return refused(file, "a cell longer than 1 MiB", "cells of a tally sheet", "is it the right file?")


def named_sheet(names: tuple[str, ...], wanted: str | None, file: str) -> str:
    """The worksheet that a layout means: of that name, but for blanks around it; without a name the first."""
    if not names:
        raise refused(file, "a workbook without worksheets", "a worksheet")
    if wanted is None:
        return names[0]
    if wanted in names:
        return wanted
    stripped = [name for name in names if name.strip() == wanted.strip()]
    if len(stripped) != 1:
        shown = ", ".join(map(repr, names[:20])) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
        raise refused(file, f"the worksheets {shown}", f"a worksheet '{wanted}'", nearest(wanted, names))
    return stripped[0]


@dataclass(frozen=True, kw_only=True)
class Element:
    """One element of a small part. around: its parent's name; names are written as namespace, blank, name."""

    name: str
    around: str
    depth: int
    attributes: dict[str, str]


class _Parts:
    """The parts of an archive, found whatever case their names are in."""

    def __init__(self, archive: Archive, file: str) -> None:
        self._archive = archive
        self._file = file
        self._names = {name.casefold(): name for name in archive.parts}

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._names

    def real(self, name: str) -> str:
        """The name as it stands in the archive."""
        return self._names[name.casefold()]

    def text(self, name: str) -> bytes:
        """The part's XML."""
        return xml_of(self._archive, self.real(name), self._file)

    def elements(self, name: str) -> list[Element]:
        """The elements of a small part."""
        check_size(self._archive, [self.real(name)], self._file, SMALL_LIMIT)
        return list(_elements(self.text(name), self._file))

    def relations(self, folder: str, name: str) -> dict[str, _Relation]:
        """Targets of a part's relations, by the ids it uses (ECMA-376 part 2, 6.5): every id once."""
        if name not in self:
            raise refused(self._file, f"a damaged spreadsheet (without {name})", "a whole file", "download it again")
        found: dict[str, _Relation] = {}
        for element in self.elements(name):
            if element.name != f"{PACKAGE} Relationship" or element.depth != 1:
                continue
            own = element.attributes
            if own.get("Id", "") in found:
                raise refused(
                    self._file, f"two relationships with the Id {own.get('Id', '')[:40]!r} in {name}", "each Id once"
                )
            outside = own.get("TargetMode", "Internal") != "Internal"
            part = None if outside else _resolved(folder, own.get("Target", ""))
            found[own.get("Id", "")] = _Relation(kind=own.get("Type", ""), part=part)
        return found

    def only(self, relations: dict[str, _Relation], kind: str) -> str | None:
        """The one part of a kind that is named, if there is one."""
        named = [relation.part for relation in relations.values() if relation.kind.endswith(kind) and relation.part]
        if len(named) > 1:
            raise refused(self._file, f"{len(named)} parts named as {kind.removeprefix('/')}", "one")
        return named[0] if named else None


def _resolved(folder: str, target: str) -> str | None:
    """The part that a relationship's target means, seen from a folder; None if it leads out of the zip."""
    path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
    path = posixpath.normpath(path)
    return None if path.startswith("../") or path in (".", "..") else path


def _listed(elements: list[Element], file: str) -> tuple[list[tuple[str, str]], bool]:
    """Name and relationship of each sheet of a workbook, and whether its days are counted from 1904 on."""
    lists = [element for element in elements if _is(element, "sheets") and element.depth == 1]
    if len(lists) > 1:
        raise refused(file, f"{len(lists)} lists of worksheets", "one")
    sheets = []
    for element in elements:
        if _is(element, "sheet") and element.around.rpartition(" ")[2] == "sheets" and element.depth == 2:
            ids = [value for key, value in element.attributes.items() if key in [f"{space} id" for space in OFFICE]]
            if len(ids) != 1 or not element.attributes.get("name", "").strip():
                raise refused(file, "a worksheet without one name and one id", "a name and an r:id", "save it again")
            sheets.append((element.attributes["name"], ids[0]))
    settings = [element for element in elements if _is(element, "workbookPr") and element.depth == 1]
    return sheets, any(element.attributes.get("date1904") in ("1", "true") for element in settings)


def _is(element: Element, name: str) -> bool:
    return element.name in [f"{space} {name}" for space in MAIN]


def _elements(xml: bytes, file: str) -> Iterator[Element]:
    """The elements of an XML text, in order."""
    found: list[Element] = []
    around: list[str] = [""]

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(around) > 100:
            raise refused(file, "elements inside one another without end", "a spreadsheet as programs write it")
        found.append(Element(name=name, around=around[-1], depth=len(around) - 1, attributes=attributes))
        around.append(name)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: around.pop()
    parser.StartDoctypeDeclHandler = no_doctype(file)
    parser.Parse(xml, True)
    yield from found


def no_doctype(file: str) -> Callable[..., None]:
    """The parser's callback for a document type declaration: that is refused."""

    def doctype(*_: object) -> None:
        raise refused(file, "a document type declaration", "a spreadsheet as programs write it")

    return doctype


def _checked_encoding(xml: bytes, file: str) -> bytes:
    """The text itself. Raises InputError where it is not in UTF-8: calamine would read it as if it were."""
    head = xml[:200].removeprefix(b"\xef\xbb\xbf")
    declared = head[: head.find(b"?>")].lower() if head.startswith(b"<?xml") else b""
    _, _, encoding = declared.partition(b"encoding")
    named = encoding.strip(b" \t\r\n=").split(b" ")[0].strip(b"\"'")
    if (
        head.startswith((b"\xff\xfe", b"\xfe\xff"))
        or b"\0" in head
        or named not in (b"", b"utf-8", b"utf8", b"us-ascii")
    ):
        raise refused(file, f"XML in {named.decode('ascii', 'replace') or 'UTF-16'}", "XML in UTF-8", "save it again")
    return xml
