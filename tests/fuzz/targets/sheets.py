"""Files of tally sheets, in each format that is read."""

from collections.abc import Callable, Sequence
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any

from tests.fuzz.mutate import after_choice, archive, chosen, one_of, raw, table, tree, with_choices, xml
from tests.fuzz.overlay import folder_with
from tests.fuzz.target import Mutator, Target, require

if TYPE_CHECKING:
    from veedor.election import Election
    from veedor.sheets.read import Sheets

WORDS = (b"Mesa", b"Provincia", b"Recinto", b"Inscritos", b"Rojo", b"Azul", b"Blancos", b"Nulos")

LAYOUTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "semicolons, decimal commas": {"delimiter": ";", "decimal": ",", "thousands": "."},
    "header below titles": {"header_row": 3},
    "single quotation marks": {"quote": "'"},
    "no quotation": {"quote": "", "delimiter": "\t"},
    "missing words, status": {
        "missing": ["", "-", "NA"],
        "status": {"ok": "counted", "x": "annulled"},
        "columns": "status",
    },
    "windows-1252": {"encoding": "windows-1252"},
    "latin-1": {"encoding": "latin-1"},
    "utf-16": {"encoding": "utf-16"},
    "utf-16-le": {"encoding": "utf-16-le"},
    "utf-32": {"encoding": "utf-32"},
    "windows-1251": {"encoding": "windows-1251"},
    "big5": {"encoding": "big5"},
    "coordinates and times": {"columns": "places", "time_format": "%d/%m/%Y %H:%M"},
    "dropped rows": {"drop": [{"column": "Provincia", "is": ["TOTAL", ""]}]},
    "sums and joins": {"columns": "joined"},
    "long": {"columns": "long"},
    "long, added": {"columns": "long", "add_over": True},
}
NAMES = tuple(LAYOUTS)


def _columns(kind: str) -> dict[str, Any]:
    from tests.sheets.small import COLUMNS

    more: dict[str, dict[str, Any]] = {
        "status": {"status": "Nulos"},
        "places": {"latitude": "Blancos", "longitude": "Nulos", "arrived": "Recinto"},
        "joined": {
            "station": {"join": ["Mesa", "Recinto"]},
            "votes": {"red": {"sum": ["Rojo", "Nulos"]}, "blue": "Azul"},
        },
    }
    if kind == "long":
        return {name: value for name, value in COLUMNS.items() if name in ("station", "levels")}
    without = ("blank", "null") if kind in ("status", "places") else ()
    return {name: value for name, value in COLUMNS.items() if name not in without} | more.get(kind, {})


@cache
def text_election(name: str) -> "Election":
    """The election whose sheets are text in this layout."""
    from tests.sheets.small import election

    layout = dict(LAYOUTS[name])
    columns = _columns(layout.pop("columns", ""))
    if "station" in columns and name.startswith("long"):
        layout["long"] = {
            "choice": "Candidato",
            "votes": "Votos",
            "labels": {"red": "Rojo", "blue": "Azul"},
            "blank": "Blancos",
            "null": "Nulos",
            "ignore": "Total",
        }
        if layout.pop("add_over", False):
            layout["long"]["add_over"] = "Recinto"
    return election(columns=columns, **layout)


def read_file(election: "Election", name: str, data: bytes) -> "Sheets":
    """The sheets of the election's one file. What holds for every table is looked at."""
    from veedor.count import tally
    from veedor.sheets import FIGURES, vote_columns
    from veedor.sheets.read import read_sheets

    contest, count = election.contests[0], election.counts[0]
    with folder_with({name: data}) as folder:
        sheets = read_sheets(election, contest, count, folder, skip_bad_rows=True)
    figures = [name for name in (*FIGURES, *vote_columns(contest)) if name in sheets.table.columns]
    for column in figures:
        require(not bool((sheets.table[column] < 0).any()), "no figure of a sheet is negative")
    require(sheets.table["station"].is_unique().all(), "each station is once in the table")
    require(sheets.table["station"].null_count() == 0, "each sheet is of a station")
    tally(sheets.table, contest)
    return sheets


def _run_text(data: bytes) -> object:
    name, text = chosen(data, NAMES)
    return read_file(text_election(name), "sheets.csv", text)


def text_seeds() -> list[bytes]:
    """The sheets as each layout has them."""
    from tests.fuzz.seeds_of_sheets import long_csv
    from tests.sheets.small import CSV

    plain = CSV.encode()
    quoted = plain.replace(b"Norte", b'"Nor""te, s"').replace(b"\n", b"\r\n")
    found: dict[str, list[bytes]] = {name: [plain] for name in NAMES} | {
        "plain": [plain, quoted, b"\xef\xbb\xbf" + plain],
        "semicolons, decimal commas": [plain.replace(b",", b";").replace(b"200", b"1.200")],
        "header below titles": [b"Titulo\n\n" + plain],
        "single quotation marks": [plain.replace(b"Norte", b"'Nor''te'")],
        "no quotation": [plain.replace(b",", b"\t")],
        "missing words, status": [
            plain.replace(b",2\n", b",ok\n").replace(b",4\n", b",x\n").replace(b",0\n", b",ok\n")
        ],
        "utf-16": [CSV.encode("utf-16")],
        "utf-16-le": [CSV.encode("utf-16-le")],
        "utf-32": [CSV.encode("utf-32")],
        "latin-1": [plain.replace(b"Norte", b"N\xf1rte")],
        "windows-1252": [plain.replace(b"Norte", b"N\x93rte")],
        "windows-1251": [plain.replace(b"Norte", b"\xcd\xee\xf0\xf2\xe5")],
        "big5": [plain.replace(b"Norte", b"\xa4\xa4")],
        "coordinates and times": [
            plain.replace(b"Escuela", b"03/03/2024 20:00")
            .replace(b"Plaza", b"3/3/2024 9:05")
            .replace(b",3,2", b",-16.5,-68")
        ],
        "dropped rows": [plain + b"T,TOTAL,,600,130,160,4,6\n"],
        "long": [long_csv()],
        "long, added": [long_csv() + long_csv().split(b"\n", 1)[1].replace(b"Escuela", b"Otra")],
    }
    return with_choices(NAMES, found)


def _text_mutator(seeds: Sequence[bytes]) -> Mutator:
    rest = [seed[1:] for seed in seeds]
    ways = [(4.0, table.table(b",", WORDS, rest)), (1.0, table.table(b";", WORDS, rest)), (1.0, raw.raw(WORDS, rest))]
    return after_choice(len(NAMES), one_of(*ways, (1.0, _in_utf_16)))


def _in_utf_16(data: bytes, rng: Random) -> bytes:
    """The text changed as text and written in another encoding."""
    before = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    text = table.table(b",", WORDS)(data.decode(before, "replace").encode(), rng).decode("utf-8", "replace")
    return text.encode(rng.choice(("utf-8", "utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252")), "replace")


def _file(kind: str, name: str, data: Callable[[], Sequence[bytes]], mutator: Mutator, **more: Any) -> Target:
    """A target of one format whose columns are called as in the small election."""

    def run(given: bytes) -> object:
        return read_file(_named(name, kind), name, given)

    return Target(name=more.pop("called", kind), run=run, seeds=data, mutator=lambda seeds: mutator, **more)


@cache
def _named(name: str, kind: str) -> "Election":
    from tests.sheets.small import named

    return named(name, format=kind)


SHEET_XML = (
    b' t="s"', b' t="inlineStr"', b' t="e"', b' t="b"', b' t="str"', b"<f>1+1</f>", b'r="XFD1048576"', b'r=""',
    b"<v>", b"</v>", b'<sheet name="x" sheetId="2" r:id="r1"/>', b"<si><t>x</t></si>", b"<dimension/>",
)  # fmt: skip
ODS_XML = (
    b' table:number-columns-repeated="1000000"', b' table:number-rows-repeated="2000000"', b' office:value="1e99"',
    b' office:value-type="date"', b' table:formula="of:=1"', b"<text:s/>", b"<table:covered-table-cell/>",
)  # fmt: skip
PARTS = (
    "xl/worksheets/sheet1.xml", "xl/worksheets/Sheet1.xml", "xl\\worksheets\\sheet1.xml", "xl/sharedStrings.xml",
    "xl/workbook.xml", "xl/styles.xml", "content.xml", "Content.xml", "META-INF/manifest.xml", "xl/workbook.bin",
)  # fmt: skip


def _workbooks() -> list[bytes]:
    from tests.fuzz import seeds_of_sheets

    return [seeds_of_sheets.xlsx_by_hand(), seeds_of_sheets.xlsx()]


def _ods() -> list[bytes]:
    from tests.fuzz import seeds_of_sheets

    return [seeds_of_sheets.ods()]


def _xls() -> list[bytes]:
    from tests.fuzz import seeds_of_sheets

    return [seeds_of_sheets.xls()]


def _parquet() -> list[bytes]:
    from tests.fuzz import seeds_of_sheets

    return [seeds_of_sheets.parquet()]


def _other_frame(data: bytes, rng: Random) -> bytes:
    """A well-formed Parquet file whose columns are of other kinds than figures and names."""
    import datetime as dt

    import polars as pl

    from tests.fuzz.seeds_of_sheets import frame, parquet_of

    sheets = frame()
    kinds: list[pl.Series | pl.Expr] = []
    for name in rng.sample(sheets.columns, rng.choice((1, 2, 8))):
        column = pl.col(name)
        kinds.append(
            rng.choice(
                (
                    column.cast(pl.String),
                    column.cast(pl.Float64, strict=False) / 3,
                    column.cast(pl.Float32, strict=False),
                    column.cast(pl.UInt64, strict=False),
                    column.cast(pl.Int8, strict=False),
                    column.cast(pl.Decimal(38, 9), strict=False),
                    column.cast(pl.String).cast(pl.Categorical),
                    column.cast(pl.String).cast(pl.Binary),
                    pl.lit(None).alias(name),
                    pl.lit(float("nan")).alias(name),
                    pl.lit(2**63 - 1).alias(name),
                    pl.lit(dt.datetime(2024, 3, 3, tzinfo=dt.UTC)).alias(name),
                    pl.lit(dt.timedelta(days=1)).alias(name),
                    pl.lit(dt.time(1)).alias(name),
                    pl.lit(value=True).alias(name),
                    pl.struct(column, pl.lit(1).alias("x")).alias(name),
                    pl.concat_list(column, column).alias(name),
                    pl.struct(pl.concat_list(column)).alias(name),
                )
            )
        )
    sheets = sheets.with_columns(kinds)
    if rng.random() < 0.3:
        sheets = sheets.rename({sheets.columns[rng.randrange(8)]: rng.choice(("Mesa ", "x", "", "Mesa\0", "ROJO"))})
    return parquet_of(sheets.head(rng.choice((0, 1, 3))))


def _lines() -> list[bytes]:
    from tests.fuzz import seeds_of_sheets

    nested = b'{"Mesa": "9", "Provincia": "Norte", "Recinto": "x", "Inscritos": {"a": 1}, "Rojo": [1], "Azul": 1.0}\n'
    return [seeds_of_sheets.json_lines(), nested]


def _documents() -> list[bytes]:
    """The sheets as a list, and by station."""
    entries = _lines()[0].strip().split(b"\n")
    keyed = b", ".join(b'"%d": ' % number + entry for number, entry in enumerate(entries))
    return [b"[" + b", ".join(entries) + b"]", b"{" + keyed + b"}"]


def _nist(kind: str) -> Callable[[bytes], object]:
    def run(data: bytes) -> object:
        return read_file(_nist_election(kind), "us.json", data)

    return run


@cache
def _nist_election(kind: str) -> "Election":
    from tests.sheets.export.test_nist_read import US
    from veedor.election.read import election_from

    return election_from(US.replace("nist-json", kind))


def _nist_json() -> list[bytes]:
    from tests.fuzz import seeds_of_sheets

    return [seeds_of_sheets.nist_json()]


def _nist_xml() -> list[bytes]:
    from tests.fuzz import seeds_of_sheets

    return [seeds_of_sheets.nist_xml()]


TARGETS = (
    Target(name="csv", run=_run_text, seeds=text_seeds, mutator=_text_mutator, weight=3, share=150),
    _file(
        "xlsx",
        "sheets.xlsx",
        _workbooks,
        archive.zipped({"sheet1.xml": xml.xml_tree(SHEET_XML), ".xml": xml.xml_tree(), ".rels": xml.xml_tree()}, PARTS),
        smaller=archive.smaller_zip,
        most_bytes=20_000,
        weight=3,
        share=100,
    ),
    _file(
        "xlsx",
        "sheets.ods",
        _ods,
        archive.zipped({".xml": xml.xml_tree(ODS_XML)}, PARTS),
        called="ods",
        share=5,
        smaller=archive.smaller_zip,
        most_bytes=16_000,
        weight=2,
    ),
    _file("xlsx", "sheets.xls", _xls, raw.raw(), called="xls", share=5, most_bytes=16_000),
    _file(
        "parquet", "sheets.parquet", _parquet, one_of((1.0, _other_frame), (1.0, raw.raw(WORDS))), weight=2, share=80
    ),
    _file("jsonl", "sheets.jsonl", _lines, one_of((3.0, tree.by_line(tree.json_tree(WORDS))), (1.0, raw.raw(WORDS)))),
    _file("json", "sheets.json", _documents, one_of((3.0, tree.json_tree(WORDS)), (1.0, raw.raw(WORDS)))),
    Target(
        name="nist-json",
        run=_nist("nist-json"),
        seeds=_nist_json,
        mutator=lambda seeds: tree.json_tree((b"ElectionResults.", b"@type", b"@id")),
        most_bytes=16_000,
        weight=2,
    ),
    Target(
        name="nist-xml",
        run=_nist("nist-xml"),
        seeds=_nist_xml,
        mutator=lambda seeds: xml.xml_tree((b"ObjectId", b"xsi:type")),
        most_bytes=16_000,
        weight=2,
    ),
)
