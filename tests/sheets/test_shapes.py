"""Files of other shapes: many members, many worksheets, JSON of any shape, no header, groups of columns that repeat.

Each file is written here from figures of which the totals are known (the sums of what was written).
"""

import json
import random
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.sheets.test_joined import TOP
from veedor.election.read import election_from
from veedor.errors import DefinitionError, InputError
from veedor.sheets.read import Sheets, read_sheets

UNITS = "AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP TO"
"""The 27 units of Brazil, of each of which its electoral court publishes a member."""

REGIONS = tuple(UNITS.split(" "))


def read(folder: Path, source: str, layout: str) -> Sheets:
    """The last state of the small election with this source and layout."""
    election = election_from(f'{TOP}sources = [{{ {source}, layout = "file" }}]\n[layouts.file]\n{layout}')
    return read_sheets(election, election.contests[0], election.counts[0], folder)


def votes(stations: int, seed: int) -> list[tuple[int, int]]:
    draw = random.Random(seed)
    return [(draw.randint(1, 200), draw.randint(1, 200)) for _ in range(stations)]


def totals(sheets: Sheets) -> tuple[int, int, int]:
    """Sheets, and the votes of both choices."""
    return sheets.table.height, int(sheets.table["votes.red"].sum()), int(sheets.table["votes.blue"].sum())


def sums(figures: list[tuple[int, int]]) -> tuple[int, int, int]:
    return len(figures), sum(red for red, _ in figures), sum(blue for _, blue in figures)


def test_every_member_of_an_archive_is_read_and_names_its_place(tmp_path: Path) -> None:
    given = {region: votes(6, number) for number, region in enumerate(REGIONS)}
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("leiame.pdf", b"%PDF-1.4 nothing")
        archive.writestr("__MACOSX/._bweb_AC.csv", b"\x00\x05")
        for region, figures in given.items():
            lines = [f"{region}-{number},{red},{blue}" for number, (red, blue) in enumerate(figures)]
            archive.writestr(f"dados/bweb_1t_{region}.csv", "\n".join(["secao,A,B", *lines]) + "\n")
    layout = '[layouts.file.columns]\nstation = "secao"\nlevels = { province = "@member" }\n'
    layout += 'votes = { red = "A", blue = "B" }'
    sheets = read(tmp_path, 'file = "all.zip", member = "bweb_*.csv"', layout)
    assert totals(sheets) == sums([one for figures in given.values() for one in figures])
    assert sheets.table["province"].cast(str).unique(maintain_order=True).to_list() == [
        f"bweb_1t_{region}" for region in REGIONS
    ]
    assert len(sheets.files) == 1


def test_a_fault_names_the_member(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("a.csv", "secao,A,B\n1,2,3\n")
        archive.writestr("b.csv", "secao,A,B\n2,x,3\n")
    layout = '[layouts.file.columns]\nstation = "secao"\nvotes = { red = "A", blue = "B" }'
    with pytest.raises(InputError, match=r"all.zip b.csv, row 2, column A: found 'x'"):
        read(tmp_path, 'file = "all.zip", member = "*.csv"', layout)
    with pytest.raises(InputError, match=r"the members a.csv, b.csv, wanted any named \*.txt"):
        read(tmp_path, 'file = "all.zip", member = "*.txt"', layout)


def book(path: Path, pages: dict[str, list[list[Any]]]) -> None:
    made = xlsxwriter.Workbook(path)
    for name, rows in pages.items():
        page = made.add_worksheet(name)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    made.close()


def test_nine_worksheets_are_one_count(tmp_path: Path) -> None:
    names = ["Chuquisaca", "La Paz", "Cochabamba", "Oruro", "Potosi", "Tarija", "Santa Cruz", "Beni", "Pando"]
    given = {name: votes(4, number) for number, name in enumerate(names)}
    pages: dict[str, list[list[Any]]] = {"Notas": [["Preparado por la secretaria"]]}
    for name, figures in given.items():
        rows = [[f"{name[:3]}{number}", *pair] for number, pair in enumerate(figures)]
        pages[f"Dep {name}"] = [["Acta", "A", "B"], *rows]
    book(tmp_path / "book.xlsx", pages)
    columns = '[layouts.file.columns]\nstation = "Acta"\nlevels = { province = "@worksheet" }\n'
    columns += 'votes = { red = "A", blue = "B" }'
    sheets = read(tmp_path, 'file = "book.xlsx"', f'format = "xlsx"\nsheet = "Dep *"\n{columns}')
    assert totals(sheets) == sums([one for figures in given.values() for one in figures])
    assert sheets.table["province"].n_unique() == 9
    two = read(tmp_path, 'file = "book.xlsx"', f'format = "xlsx"\nsheet = ["Dep Oruro", "Dep Beni"]\n{columns}')
    assert totals(two) == sums([*given["Oruro"], *given["Beni"]])
    with pytest.raises(InputError, match=r"the worksheets Notas, Dep Chuquisaca.*any named Region \*"):
        read(tmp_path, 'file = "book.xlsx"', f'format = "xlsx"\nsheet = "Region *"\n{columns}')


def test_places_of_folders_files_and_blocks(tmp_path: Path) -> None:
    (tmp_path / "norte").mkdir()
    (tmp_path / "norte" / "plaza.csv").write_text("Zona,Mesa,A,B\n1,1,2,3\n,2,4,5\n2,3,1,1\n")
    layout = (
        'fill_down = "Zona"\n[layouts.file.columns]\nstation = { join = ["@file", "Zona", "Mesa"] }\n'
        'levels = { province = "@folder", precinct = "Zona" }\nvotes = { red = "A", blue = "B" }'
    )
    table = read(tmp_path, 'files = "norte/*.csv"', layout).table
    assert table.select("station", "province", "precinct").rows() == [
        ("plaza-1-1", "norte", "1"),
        ("plaza-1-2", "norte", "1"),
        ("plaza-2-3", "norte", "2"),
    ]


def test_a_place_that_nothing_tells_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Mesa,A,B\n1,2,3\n")
    layout = '[layouts.file.columns]\nstation = "Mesa"\nlevels = { province = "@worksheet" }\n'
    with pytest.raises(InputError, match="a file without a worksheet named in the layout"):
        read(tmp_path, 'file = "a.csv"', f'{layout}votes = {{ red = "A", blue = "B" }}')


LIST: list[dict[str, Any]] = [
    {"mesa": "1", "votos": {"A": 10, "B": 20}, "b": 1},
    {"mesa": "2", "votos": {"A": 15, "B": 22}, "b": None},
]
INNER = 'station = "mesa"\nvotes = { red = "votos.A", blue = "votos.B" }\nblank = "b"'
LINES = [{"mesa": one["mesa"], "filas": [{"p": "A", "v": 1}, {"p": "B", "v": 2}]} for one in LIST]
JSON: dict[str, tuple[Any, str, str]] = {
    "array": (LIST, "", INNER),
    "wrapped array": ({"fecha": "x", "data": {"actas": LIST}}, 'rows = "data.actas.*"', INNER),
    "object by station": ({str(one["mesa"]): one for one in LIST}, "", INNER.replace('"mesa"', '"@key"')),
    "nested": ({"N": {"actas": LIST[:1]}, "S": {"actas": LIST[1:]}}, 'rows = "*.actas.*"', INNER),
}


@pytest.mark.parametrize("name", JSON)
def test_json_of_any_shape(tmp_path: Path, name: str) -> None:
    document, rows, columns = JSON[name]
    (tmp_path / "a.json").write_text(json.dumps(document))
    sheets = read(tmp_path, 'file = "a.json"', f'format = "json"\n{rows}\n[layouts.file.columns]\n{columns}')
    assert sheets.table.select("station", "votes.red", "votes.blue", "blank").rows() == [
        ("1", 10, 20, 1),
        ("2", 15, 22, None),
    ]


def test_a_list_of_votes_inside_each_sheet(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"Norte": LINES[:1], "Sur": LINES[1:]}))
    layout = (
        'format = "json"\nrows = "*.*.filas.*"\n[layouts.file.columns]\nstation = "../mesa"\n'
        'levels = { province = "../@key" }\n[layouts.file.long]\nchoice = "p"\nvotes = "v"\n'
        'labels = { red = "A", blue = "B" }'
    )
    table = read(tmp_path, 'file = "a.json"', layout).table
    assert table.select("station", "province", "votes.red", "votes.blue").rows() == [
        ("1", "Norte", 1, 2),
        ("2", "Sur", 1, 2),
    ]


def test_json_that_is_not_so_is_refused_by_place(tmp_path: Path) -> None:
    def told(document: object, rows: str) -> str:
        (tmp_path / "a.json").write_text(json.dumps(document))
        with pytest.raises(InputError) as caught:
            read(tmp_path, 'file = "a.json"', f'format = "json"\n{rows}\n[layouts.file.columns]\n{INNER}')
        return str(caught.value)

    assert "no key 'sheets' among 'data'" in told({"data": LIST}, 'rows = "sheets.*"')
    assert "jq" in told({"data": LIST}, 'rows = "sheets.*"')
    assert "a.json, row 2: found the value 'x' where a row should be" in told([LIST[0], "x"], "")
    assert "an empty list or object" in told([], "")
    assert "no such column among 1" in told({"data": LIST}, 'rows = ""')
    with pytest.raises(DefinitionError, match="jq"):
        read(tmp_path, 'file = "a.json"', f'format = "json"\nrows = "a..b"\n[layouts.file.columns]\n{INNER}')


SIREKAP = (
    'format = "json"\nrows = ""\n[layouts.file.columns]\nstation = "@file"\nregistered = "administrasi.dpt"\n'
    'valid = "administrasi.sah"\nvotes = { red = "chart.100025", blue = "chart.100026" }'
)


def sirekap(folder: Path, number: int) -> list[tuple[int, int]]:
    """A document for each station, named only by its file, as Indonesia publishes them."""
    folder.mkdir()
    figures = votes(number, 7)
    for place, (red, blue) in enumerate(figures):
        chart = {"100025": red, "100026": blue, "null": None}
        own = {"mode": "hhcw", "chart": chart, "administrasi": {"sah": red + blue, "dpt": 300}, "psu": None}
        (folder / f"{1105072002001 + place}.json").write_text(json.dumps(own))
    return figures


@pytest.mark.slow
def test_a_thousand_stations_a_document_each(tmp_path: Path) -> None:
    figures = sirekap(tmp_path / "kpu", 1_000)
    start = time.process_time()
    sheets = read(tmp_path, 'files = "kpu/*.json"', SIREKAP)
    assert totals(sheets) == sums(figures)
    assert sheets.table["station"][0] == "1105072002001"
    assert len(sheets.files) == 1_000
    assert time.process_time() - start < 3  # one table is made of all; one for each would take ten times as long


def test_a_document_of_another_shape_is_named(tmp_path: Path) -> None:
    sirekap(tmp_path / "kpu", 3)
    (tmp_path / "kpu" / "1105072002002.json").write_text('{"chart": {"100025": "x", "100026": 2}}')
    with pytest.raises(InputError, match=r"kpu/1105072002002.json, row 1, column chart.100025: found 'x'"):
        read(tmp_path, 'files = "kpu/*.json"', SIREKAP)
    (tmp_path / "kpu" / "1105072002002.json").write_text('{"chart": ')
    with pytest.raises(InputError, match=r"kpu/1105072002002.json, row 1: found no JSON document"):
        read(tmp_path, 'files = "kpu/*.json"', SIREKAP)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_file_without_a_header(tmp_path: Path, end: str) -> None:
    (tmp_path / "a.txt").write_bytes(end.join(["001;Norte;5;6", "002;Norte;7;8", "003;Sur;1;2", ""]).encode())
    layout = 'delimiter = ";"\nheader_row = 0\n[layouts.file.columns]\nstation = "#1"\nlevels = { province = "#2" }\n'
    sheets = read(tmp_path, 'file = "a.txt"', f'{layout}votes = {{ red = "#3", blue = "#4" }}')
    assert totals(sheets) == (3, 13, 16)
    (tmp_path / "a.txt").write_bytes(end.join(["001;Norte;5;6", "002;Norte;7", '003;"Sur";x;2', ""]).encode())
    with pytest.raises(InputError, match=r"a.txt, row 2: found 3 cells") as caught:
        read(tmp_path, 'file = "a.txt"', f'{layout}votes = {{ red = "#3", blue = "#4" }}')
    assert "a.txt, row 3, column #3: found 'x'" in str(caught.value)


def test_a_worksheet_without_a_header(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", {"Hoja": [["001", 5, 6], ["002", 7, 8]]})
    layout = 'format = "xlsx"\nheader_row = 0\n[layouts.file.columns]\nstation = "#1"\n'
    assert totals(read(tmp_path, 'file = "a.xlsx"', f'{layout}votes = {{ red = "#2", blue = "#3" }}')) == (2, 12, 14)


GROUPS = (
    'delimiter = ";"\nheader_row = 0\ngroups = { first = 3, columns = ["party", "total", "paper", "machine"] }\n'
    '[layouts.file.columns]\nstation = "#1"\n[layouts.file.long]\nchoice = "party"\nvotes = "total"\n'
    'labels = { red = "4", blue = "11" }\nignore = "32"\n'
)


@pytest.mark.parametrize("end", ["\n", ";\n"])
def test_groups_of_columns_that_repeat(tmp_path: Path, end: str) -> None:
    # In the form of the file of votes of Bulgaria's election commission; the second section has one party fewer.
    lines = ["010100001;1;4;12;12;0;11;105;90;15;32;40;40;0", "010100002;1;11;95;80;15;32;60;55;5"]
    lines += ["010100003;1;4;3;3;0;11;70;70;0;32;33;30;3"]
    (tmp_path / "votes.txt").write_text("".join(line + end for line in lines))
    sheets = read(tmp_path, 'file = "votes.txt"', GROUPS)
    assert sheets.table.select("station", "votes.red", "votes.blue").rows() == [
        ("010100001", 12, 105),
        ("010100002", 0, 95),
        ("010100003", 3, 70),
    ]
    assert sheets.rows_absent == 1


def test_groups_that_are_cut_are_faults(tmp_path: Path) -> None:
    (tmp_path / "votes.txt").write_text("010100001;1;4;12;12;0;11;105;90;15\n010100002;1;4;9;9;0;11;95\n")
    with pytest.raises(InputError, match=r"votes.txt, row 2: found 8 cells"):
        read(tmp_path, 'file = "votes.txt"', GROUPS)
    (tmp_path / "votes.txt").write_text("1;1;4;12;12;0;11;105;90\n2;1;4;9;9;0;11;95;9\n")
    with pytest.raises(InputError, match="wanted groups of 4 columns"):
        read(tmp_path, 'file = "votes.txt"', GROUPS)


def test_groups_below_a_header_and_in_a_workbook(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Mesa", "P1", "V1", "P2", "V2"], ["1", "4", 5, "11", 6], ["2", "11", 8, "4", 7]]
    book(tmp_path / "a.xlsx", {"Hoja": rows})
    (tmp_path / "a.csv").write_text("".join(",".join(map(str, row)) + "\n" for row in rows))
    layout = (
        'groups = { first = 2, columns = ["p", "v"] }\n[layouts.file.columns]\nstation = "Mesa"\n[layouts.file.long]\n'
        'choice = "p"\nvotes = "v"\nlabels = { red = "4", blue = "11" }'
    )
    assert totals(read(tmp_path, 'file = "a.csv"', layout)) == (2, 12, 14)
    assert totals(read(tmp_path, 'file = "a.xlsx"', f'format = "xlsx"\n{layout}')) == (2, 12, 14)


KERG = (
    "(c) Wahlleitung;\nWahl 2030;\n;\n"
    "Nr;Gebiet;Land;Alpha;;;;Beta;;;\n"
    ";;;Erststimmen;;Zweitstimmen;;Erststimmen;;Zweitstimmen;\n"
    ";;;Vorl.;Vorher;Vorl.;Vorher;Vorl.;Vorher;Vorl.;Vorher\n"
    "001;Nord;1;200;150;190;140;195;230;204;240\n"
    "002;Süd;1;100;120;101;110;197;180;195;190\n;\n"
    "003;Ost;2;150;120;140;120;100;120;110;120\n;;;\n"
)


@pytest.mark.parametrize("quote", [False, True])
def test_a_header_of_several_rows_and_lines_without_cells(tmp_path: Path, quote: bool) -> None:
    text = KERG.replace("Nord", '"Nord; oben"').replace("Beta", '"Beta"') if quote else KERG
    (tmp_path / "kerg.csv").write_text(text)
    layout = (
        'delimiter = ";"\nheader_row = 6\nheader_rows = 3\n[layouts.file.columns]\nstation = "Nr"\n'
        'votes = { red = "Alpha / Zweitstimmen / Vorl.", blue = "Beta / Zweitstimmen / Vorl." }'
    )
    assert totals(read(tmp_path, 'file = "kerg.csv"', layout)) == (3, 431, 509)


def test_a_contest_that_several_columns_tell(tmp_path: Path) -> None:
    lines = ["P1,House,1,A,5", "P1,House,1,B,6", "P2,House,2,A,50", "P1,Senate,,A,7", "P2,House,2,B,60"]
    (tmp_path / "a.csv").write_text("\n".join(["precinct,office,district,who,votes", *lines]) + "\n")
    layout = (
        'contest = {{ column = ["office", "district"], values = {{ mayor = "{}" }} }}\n[layouts.file.columns]\n'
        'station = "precinct"\n[layouts.file.long]\nchoice = "who"\nvotes = "votes"\n'
        'labels = {{ red = "A", blue = "B" }}'
    )
    assert totals(read(tmp_path, 'file = "a.csv"', layout.format("House / 2"))) == (1, 50, 60)
    with pytest.raises(InputError, match=r"office and district: found only rows with 'House / 1', 'House / 2'"):
        read(tmp_path, 'file = "a.csv"', layout.format("House / 3"))


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ("header_rows = 3", "last of the rows of names"),
        ('groups = { first = 2, columns = ["p", "v"] }', "under `long`"),
        ('format = "jsonl"\ngroups = { first = 2, columns = ["p"] }', "formats csv and xlsx"),
    ],
)
def test_layouts_that_cannot_be(tmp_path: Path, more: str, found: str) -> None:
    long = '[layouts.file.long]\nchoice = "p"\nvotes = "v"\nlabels = { red = "A", blue = "B" }'
    if "formats" not in found:
        long = 'votes = { red = "A", blue = "B" }'
    with pytest.raises(DefinitionError, match=found):
        read(tmp_path, 'file = "a.csv"', f'{more}\n[layouts.file.columns]\nstation = "Mesa"\n{long}')
