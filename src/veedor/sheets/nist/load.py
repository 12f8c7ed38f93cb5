"""A NIST SP 1500-100 v2 report from hostile bytes: JSON as it is, XML turned into the shape of the JSON form.

Refused: document type declarations and entities, anything nested deeper than DEPTH, the same key twice, NaN.
"""

import xml.etree.ElementTree as ET
from typing import TypeGuard

from veedor.errors import Fault, InputError
from veedor.rim.hostile_json import Json, JsonError, loads
from veedor.sheets.nist.references import NAMESPACE, class_of
from veedor.sheets.nist.shape import Report

XML_NAMESPACE = "http://itl.nist.gov/ns/voting/1500-100/v2"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"

MOST_BYTES = 2**26
"""Bytes of a report: all of its objects lie in memory at once."""

DEPTH = 64
"""Deepest nesting; the standard's own objects nest to about 10."""

REPEATED = frozenset(
    {"BallotCounts", "Candidate", "Contest", "ContestSelection", "CountStatus", "Election", "ExternalIdentifier"}
    | {"GpUnit", "OtherCounts", "Party", "Person", "Text", "VoteCounts"}
)
"""Elements that the JSON form holds in arrays, of those that are read."""

WANTED = "a NIST SP 1500-100 version 2 election report"


def load_json(data: bytes, file: str) -> Report:
    """The report that the bytes hold. Raises InputError."""
    try:
        report = loads(data, file, most_bytes=MOST_BYTES, depth=DEPTH, parse_float=str)
    except JsonError as problem:
        raise _fault(file, problem.problem, "JSON with every key once and plain numbers", row=problem.line) from None
    return _report(report, file)


def load_xml(data: bytes, file: str) -> Report:
    """The report that the bytes hold, in the shape of the JSON form; figures stay text. Raises InputError."""
    if len(data) > MOST_BYTES:
        raise _fault(file, f"{len(data)} bytes", f"at most {MOST_BYTES}")
    builder = _Builder(file)
    parser = ET.XMLParser(target=builder)  # noqa: S314 - the builder refuses every document type declaration
    try:
        parser.feed(data)
        parser.close()
    except ET.ParseError as problem:
        raise _fault(file, str(problem), "XML", row=problem.position[0]) from None
    except (LookupError, ValueError) as problem:  # an encoding that nobody knows, or of several bytes a letter
        raise _fault(file, str(problem), "XML in UTF-8", row=1) from None
    return _report(builder.root, file)


def _fault(file: str, found: str, wanted: str, row: int | None = None) -> InputError:
    return InputError([Fault(file=file, row=row, found=found, wanted=wanted)])


def _report(report: Json, file: str) -> Report:
    if not isinstance(report, dict):
        raise _fault(file, f"a {type(report).__name__}", WANTED)
    if report.get("@type") != f"{NAMESPACE}ElectionReport":
        found = f"@type {report.get('@type')!r}" if "@type" in report else "an object without @type"
        raise _fault(file, found, f"{WANTED}: @type '{NAMESPACE}ElectionReport'")
    assert _is_report(report)
    return report


def _is_report(value: dict[str, Json]) -> TypeGuard[Report]:
    """True of an object of that class: what it holds is looked at where it is read."""
    return class_of(value) == "ElectionReport"


class _Builder:
    """Target of the XML parser: elements become dicts as in the JSON form, leaves become text."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.open: list[tuple[str, dict[str, Json], list[str]]] = []
        self.root: Json = None

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        """Called before anything inside the declaration is acted on."""
        raise _fault(self.file, "a document type declaration", "XML without one", row=1)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        space, _, name = tag.rpartition("}")
        if not self.open and space.removeprefix("{") != XML_NAMESPACE:
            raise _fault(self.file, f"the element {tag[:120]!r}", f"{WANTED}: namespace {XML_NAMESPACE}")
        if len(self.open) >= DEPTH:
            raise _fault(self.file, "elements nested too deep to read", f"at most {DEPTH} levels")
        node: dict[str, Json] = {}
        for key, value in attributes.items():
            if key == XSI_TYPE:
                node["@type"] = NAMESPACE + value.rpartition(":")[2]
            else:
                node["@id" if key == "ObjectId" else key] = value
        self.open.append((name, node, []))

    def data(self, text: str) -> None:
        """Characters inside the open element."""
        if self.open:
            self.open[-1][2].append(text)

    def end(self, tag: str) -> None:
        """The element closes: it becomes a value of the one around it."""
        name, node, parts = self.open.pop()
        text = "".join(parts).strip()
        value: Json = node
        if not node and name not in REPEATED:
            value = [*text.split()] if name.endswith("Ids") else text
        else:
            if text:
                node["Content"] = text
            node.setdefault("@type", NAMESPACE + name)
        if not self.open:
            self.root = value
            return
        around = self.open[-1][1]
        if name in REPEATED:
            listed = around.setdefault(name, [])
            assert isinstance(listed, list)  # elements of this name are all put here
            listed.append(value)
        elif name in around:
            raise _fault(self.file, f"{name} twice in one {self.open[-1][0]}", "one")
        else:
            around[name] = value

    def close(self) -> Json:
        """The root element's value."""
        return self.root
