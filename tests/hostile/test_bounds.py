"""Attacks on time and memory, by the real command in a process of its own: a refusal or the right figures, in bounds.

Whoever has an earlier version sees what they did to it: nothing here knows more of veedor than its command, so
`PYTHONPATH=EARLIER/src python -m pytest -m "" tests/hostile/test_bounds.py` tries that one.
"""

import gzip
import io
import json
import resource
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.hostile.command import Ended, run

pytestmark = pytest.mark.slow

SECONDS = 10.0
"""Of a processor, that the command may take: what else the machine does changes that little."""
MEGABYTES = 300.0
KILLED = 120.0
"""Seconds after which a run is ended, whatever the machine does."""

HEAD = """\
id = "small"
name = { en = "Small" }
date = 2024-03-03
timezone = "America/La_Paz"
levels = [{ id = "province", name = { en = "Province" } }]
"""
COLUMNS = ("Mesa", "Provincia", "Inscritos", "Rojo", "Azul", "Blancos", "Nulos")
ROW = ("1", "Norte", "200", "50", "40", "3", "2")
CSV = ",".join(COLUMNS) + "\n" + ",".join(ROW) + "\n"
NAMED = """\
station = "Mesa"
levels = { province = "Provincia" }
registered = "Inscritos"
blank = "Blancos"
null = "Nulos"
"""


def definition(
    *, choices: Sequence[str] = ("Rojo", "Azul"), source: str = 'file = "sheets.csv"', kind: str = "csv", rule: str = ""
) -> str:
    """A valid election.toml. choices: ids, which are the names of their columns too. rule: more keys of the rule."""
    listed = ",".join(f"{{id='{name}',name={{en='{name}'}}}}" for name in choices)
    votes = ",".join(f"{name}='{name}'" for name in choices)
    columns = 'station = "Name"\n' if kind == "nist-xml" else f"{NAMED}votes = {{{votes}}}\n"
    return (
        f"{HEAD}[[contests]]\nid='mayor'\nname={{en='Mayor'}}\nrule={{kind='plurality'{rule}}}\nchoices=[{listed}]\n"
        f"[[counts]]\nid='official'\nkind='official'\nname={{en='Official'}}\nsources=[{{{source},layout='sheets'}}]\n"
        f"[layouts.sheets]\nformat='{kind}'\n[layouts.sheets.columns]\n{columns}"
    )


def counted(folder: Path, election: str, files: Mapping[str, bytes], *, megabytes: float = MEGABYTES) -> Ended:
    """How `veedor count` ended on such a folder; it was within the bounds."""
    folder.mkdir(exist_ok=True)
    (folder / "election.toml").write_text(election, encoding="utf-8")
    for name, data in files.items():
        (folder / name).write_bytes(data)
    before = processor_seconds()
    ended = run("count", str(folder), "--json", cache=folder / "cache", at_most=KILLED)
    seconds = processor_seconds() - before
    told = f"status {ended.status}, {seconds:.1f} s of a processor, {ended.megabytes:.0f} MB: {ended.said[-300:]}"
    assert not ended.fell, told
    assert seconds <= SECONDS, told
    assert 0 < ended.megabytes <= megabytes, told
    return ended


def processor_seconds() -> float:
    """Of all programs that this one started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def figures(ended: Ended) -> dict[str, int]:
    """Votes by choice."""
    return {one["id"]: one["votes"] for one in json.loads(ended.out)["choices"]}


def test_the_definition_that_the_others_spoil_is_counted(tmp_path: Path) -> None:
    ended = counted(tmp_path, definition(), {"sheets.csv": CSV.encode()})
    assert ended.status == 0
    assert figures(ended) == {"Rojo": 50, "Azul": 40}


LONG = {
    "choices": (definition(choices=[f"c{number}" for number in range(40_000)]), "bytes"),
    "unknown keys": (definition() + "".join(f"k{number} = 1\n" for number in range(300_000)), "bytes"),
    "tables": (definition() + "".join(f"[t{number}]\n" for number in range(150_000)), "bytes"),
    "a key of many parts": (".".join("a" * 50_000) + " = 1\n" + definition(), "a key of more than 20 parts"),
    "a number of many digits": (definition(rule=f",seats=0x{'f' * 5_000}"), "a word or number of 5002 characters"),
}
"""A definition that is valid but for its length, and what is said of it."""


@pytest.mark.parametrize("what", LONG)
def test_a_definition_without_end_is_refused(what: str, tmp_path: Path) -> None:
    text, said = LONG[what]
    ended = counted(tmp_path, text, {"sheets.csv": CSV.encode()})
    assert ended.status == 2
    assert "election.toml" in ended.said
    assert said in ended.said


@pytest.mark.parametrize("pattern", ["*a*a*a*a*a*b.csv", "*a*a*a*a*a*a*a*a*b.csv", "{time:" + "%B" * 40 + "}b.csv"])
def test_a_pattern_takes_no_time_without_end(pattern: str, tmp_path: Path) -> None:
    election = definition(source=f'files = "{pattern}"')
    ended = counted(tmp_path, election, {"a" * 240 + ".csv": CSV.encode()})
    assert ended.status == 2
    assert pattern[:20] in ended.said


def test_a_file_of_line_ends_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress(CSV.encode() + b"\n" * 49_900_000, 1)
    ended = counted(tmp_path, definition(source='file = "sheets.csv.gz"'), {"sheets.csv.gz": packed})
    assert ended.status == 2
    assert "sheets.csv.gz" in ended.said
    assert "more than 12000000 lines" in ended.said


NIST = """\
<ElectionReport xmlns="http://itl.nist.gov/ns/voting/1500-100/v2"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><Election>
<Contest ObjectId="c1" xsi:type="CandidateContest"><ContestSelection ObjectId="Rojo" xsi:type="CandidateSelection">
<VoteCounts><Count>50</Count><GpUnitId>p1</GpUnitId><Type>total</Type></VoteCounts></ContestSelection>
<ContestSelection ObjectId="Azul" xsi:type="CandidateSelection">{counts}</ContestSelection>
<ElectionDistrictId>state</ElectionDistrictId><Name>Mayor</Name></Contest>
<ElectionScopeId>state</ElectionScopeId></Election><Format>precinct-level</Format>
<GpUnit ObjectId="state" xsi:type="ReportingUnit"><ComposingGpUnitIds>p1</ComposingGpUnitIds>
<Name><Text Language="en">State</Text></Name><Type>state</Type></GpUnit>
<GpUnit ObjectId="p1" xsi:type="ReportingUnit"><Name><Text Language="en">Precinct 1</Text></Name>
<Type>precinct</Type></GpUnit></ElectionReport>
"""
ENTRY = (
    "<VoteCounts><Count>{votes}</Count><GpUnitId>p1</GpUnitId><OtherType>way {number}</OtherType><Type>other</Type>"
    "</VoteCounts>"
)


def test_votes_cast_in_twenty_thousand_ways_are_added_up(tmp_path: Path) -> None:
    report = NIST.format(counts="".join(ENTRY.format(number=number, votes=number % 10) for number in range(20_000)))
    election = definition(source='file = "sheets.xml"', kind="nist-xml")
    ended = counted(tmp_path, election, {"sheets.xml": report.encode()})
    assert ended.status == 0
    assert figures(ended) == {"Rojo": 50, "Azul": 2_000 * 45}


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = """\
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml"
ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>
"""


def row(number: int, cells: Sequence[str]) -> str:
    """A row of a worksheet, whose cells are texts, numbers, or the XML of a cell's content."""
    made = []
    for letter, cell in zip("ABCDEFG", cells, strict=True):
        kind = ' t="inlineStr"'
        content = f"<is><t>{cell}</t></is>"
        if cell.isdigit() or cell.startswith("<"):
            kind, content = ' t="s"' if cell == SHARED else "", f"<v>{cell}</v>" if cell.isdigit() else cell
        made.append(f'<c r="{letter}{number}"{kind}>{content}</c>')
    return f'<row r="{number}">{"".join(made)}</row>'


SHARED = "<v>0</v>"
"""Content of a cell that shows the first of the shared texts."""
FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
FORMULA = row(2, ["<f>A3+1</f><v>1</v>" if cell == "1" else cell for cell in ROW])


def worksheet(*rows: str) -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{row(1, COLUMNS)}{"".join(rows)}</sheetData></worksheet>'


PLAIN = worksheet(row(2, ROW))


def workbook(named: str, parts: Mapping[str, str], shared: str = "") -> bytes:
    """A workbook of one worksheet. named: attributes that say which part it is.

    parts: of rId1, rId2 and so on, by their names in xl/worksheets; a name with a backslash stands as it is.
    """
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/worksheet" Target="worksheets/{name}"/>'
        for number, name in enumerate(parts, 1)
    )
    written = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}" xmlns:x="http://other.example/relationships">'
        f'<sheets><sheet name="S" sheetId="1" {named}/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{relations}<Relationship Id="texts" '
        f'Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{shared}</sst>',
    }
    written |= {name if "\\" in name else f"xl/worksheets/{name}": text for name, text in parts.items()}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in written.items():
            archive.writestr(name, text)
    return made.getvalue()


BOTH = 'x:id="rId1" r:id="rId2"'
WORKBOOKS = {
    "two ids, of which one leads far": (BOTH, {"a.xml": PLAIN, "b.xml": worksheet(row(2, ROW), FAR)}, "1048576 rows"),
    "two ids, of which one leads to a formula": (BOTH, {"a.xml": PLAIN, "b.xml": worksheet(FORMULA)}, "formula"),
    "a backslash": (
        'r:id="rId1"',
        {"a.xml": PLAIN, "xl\\worksheets\\a.xml": worksheet(row(2, ROW), FAR)},
        "two parts that programs may take for one",
    ),
}
"""How the worksheet is named, the parts, and what is said of the workbook."""


def test_the_workbook_that_the_others_spoil_is_counted(tmp_path: Path) -> None:
    book = workbook('r:id="rId1"', {"a.xml": PLAIN})
    ended = counted(tmp_path, definition(source='file = "sheets.xlsx"', kind="xlsx"), {"sheets.xlsx": book})
    assert ended.status == 0
    assert figures(ended) == {"Rojo": 50, "Azul": 40}


@pytest.mark.parametrize("what", WORKBOOKS)
def test_a_workbook_that_two_programs_read_in_two_ways_is_refused(what: str, tmp_path: Path) -> None:
    named, parts, said = WORKBOOKS[what]
    book = workbook(named, parts)
    ended = counted(tmp_path, definition(source='file = "sheets.xlsx"', kind="xlsx"), {"sheets.xlsx": book})
    assert ended.status == 2
    assert "sheets.xlsx" in ended.said
    assert said in ended.said


def test_a_text_of_many_pieces_is_one_text(tmp_path: Path) -> None:
    """Each piece is shorter than the longest text of a cell; together they are 180 MB, and stand in every cell."""
    pieces = ("<r><t>" + "y" * 900_000 + "</t></r>") * 200
    rows = [row(number, [SHARED] * len(COLUMNS)) for number in (2, 3)]
    book = workbook('r:id="rId1"', {"a.xml": worksheet(*rows)}, f"<si>{pieces}</si>")
    election = definition(source='file = "sheets.xlsx"', kind="xlsx")
    ended = counted(tmp_path, election, {"sheets.xlsx": book}, megabytes=700)
    assert ended.status == 2
    assert "sheets.xlsx" in ended.said
    assert "a cell longer than 1 MiB" in ended.said
