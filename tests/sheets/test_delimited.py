"""CSV and TSV: what is read, and every fault by row and column."""

import codecs
import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sheets.small import COLUMNS, CSV, HEADER, ROWS, election, faults_of, named, read, read_text, with_cell
from veedor.errors import InputError
from veedor.sheets import schema
from veedor.sheets.formats import delimited


def test_the_table_has_exactly_the_columns_and_types_of_the_schema(tmp_path: Path) -> None:
    table = read_text(tmp_path, CSV).table
    elected = election()
    assert dict(table.schema) == schema(elected, elected.contests[0])
    assert table["station"].to_list() == ["1", "2", "3"]
    assert table["votes.red"].to_list() == [50, 60, 20]
    assert table["precinct"].cast(pl.String).to_list() == ["Escuela", "Escuela", "Plaza"]
    assert table["valid"].null_count() == 3  # no such column in the file: absent, not summed


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("last", [True, False])
def test_delimiters_and_line_ends(tmp_path: Path, ending: str, delimiter: str, last: bool) -> None:
    text = CSV.replace(",", delimiter).replace("\n", ending)
    found = read_text(tmp_path, text if last else text.removesuffix(ending), delimiter=delimiter)
    assert found.table.equals(read_text(tmp_path, CSV).table)


def test_columns_in_another_order_give_the_same_table(tmp_path: Path) -> None:
    turned = "\n".join(",".join(reversed(line.split(","))) for line in CSV.splitlines())
    assert read_text(tmp_path, turned).table.equals(read_text(tmp_path, CSV).table)


def test_quoted_cells_may_hold_delimiters_line_breaks_and_doubled_marks(tmp_path: Path) -> None:
    rows = [HEADER, '1,"Norte, alto","Escuela ""B""\nanexo",200,50,40,3,2', '"2","Sur","Plaza","1","1","0","0","0"']
    table = read_text(tmp_path, "\n".join(rows)).table
    assert table["province"].cast(pl.String).to_list() == ["Norte, alto", "Sur"]
    assert table["precinct"].cast(pl.String).to_list() == ['Escuela "B"\nanexo', "Plaza"]


def test_a_fault_after_a_line_break_in_a_cell_names_the_physical_line(tmp_path: Path) -> None:
    rows = [HEADER, '1,Norte,"Escuela\nanexo",200,50,40,3,2', "2,Sur,Plaza,1,-1,0,0,0", "3,Sur"]
    assert [fault.row for fault in faults_of(tmp_path, "\n".join(rows))] == [4, 5]


def test_quotation_marks_inside_unquoted_cells_are_taken_as_they_stand(tmp_path: Path) -> None:
    rows = [HEADER, '1,Norte,Col. "Bolivia" A,200,50,40,3,2', '2,Norte,U.E. ""A"",200,50,40,3,2']
    table = read_text(tmp_path, "\n".join(rows)).table
    assert table["precinct"].cast(pl.String).to_list() == ['Col. "Bolivia" A', 'U.E. ""A""']


def test_a_quotation_mark_that_nobody_closes_costs_one_row_only(tmp_path: Path) -> None:
    text = "\n".join([HEADER, ROWS[0], '2,Norte,"Escuela,210,60,30,1,4', ROWS[2]])
    found = read_text(tmp_path, text, skip_bad_rows=True)
    assert found.table["station"].to_list() == ["1", "3"]
    assert [(fault.row, "quotation" in fault.found) for fault in found.left_out] == [(3, True)]


def test_quotes_can_be_switched_off(tmp_path: Path) -> None:
    rows = [HEADER, '1,Norte,"Escuela,200,50,40,3,2']
    assert read_text(tmp_path, "\n".join(rows), quote="").table["precinct"].to_list() == ['"Escuela']


def test_rows_with_too_few_and_too_many_cells_are_named_all_at_once(tmp_path: Path) -> None:
    text = "\n".join([HEADER, ROWS[0], "2,Norte,Escuela, anexo,210,60,30,1,4", ROWS[2], "4,Sur,Plaza"])
    assert [(fault.row, fault.found, fault.wanted) for fault in faults_of(tmp_path, text)] == [
        (3, "9 cells", "8, as in the header"),
        (5, "3 cells", "8, as in the header"),
    ]


@pytest.mark.parametrize("long_first", [True, False])
def test_a_row_too_long_and_one_too_short_by_as_many_cells_are_both_named(tmp_path: Path, long_first: bool) -> None:
    long, short = "1,Norte,Escuela,200,50,40,3,2,9", "2,Norte,Escuela,210,60,30,1"
    lines = [HEADER, *([long, short] if long_first else [short, long])]
    found = [(fault.row, fault.found) for fault in faults_of(tmp_path, "\n".join(lines) + "\n")]
    wanted = ["9 cells", "7 cells"] if long_first else ["7 cells", "9 cells"]
    assert found == list(zip((2, 3), wanted, strict=True))


@pytest.mark.parametrize("column", ["Mesa", "Provincia", "Rojo"])
def test_bytes_that_are_no_text_name_the_row_and_the_byte(tmp_path: Path, column: str) -> None:
    cells = dict(zip(HEADER.split(","), ROWS[1].encode().split(b","), strict=True))
    cells[column] += b"\xff"
    data = b"\n".join([HEADER.encode(), ROWS[0].encode(), b",".join(cells.values()), ROWS[2].encode()]) + b"\n"
    (tmp_path / "sheets.csv").write_bytes(data)
    with pytest.raises(InputError) as caught:
        read(named("sheets.csv"), tmp_path)
    (fault,) = caught.value.faults
    assert (fault.row, fault.found) == (3, f"the byte 0xff at offset {data.index(0xFF)}")


def test_runs_of_places_with_gaps_and_blanks_between_them(tmp_path: Path) -> None:
    places = ["Norte", "Norte ", "", "", "Norte", "Sur", "Sur", "\u00a0Sur", "Jose\u0301", "José"]
    lines = [f"{number},{place},Escuela,200,50,40,3,2" for number, place in enumerate(places)]
    table = read_text(tmp_path, "\n".join([HEADER, *lines]) + "\n").table
    wanted = ["Norte", "Norte", None, None, "Norte", "Sur", "Sur", "Sur", "José", "José"]
    assert table["province"].cast(pl.String).to_list() == wanted
    assert table["precinct"].cast(pl.String).to_list() == ["Escuela"] * 10


def test_skip_bad_rows_goes_on_and_lists_every_row_left_out(tmp_path: Path) -> None:
    text = "\n".join([HEADER, ROWS[0], "2,Norte", "3,Sur,Plaza,190,-20,90,0,0", "4,Sur,Plaza,1,1,0,0,0"])
    found = read_text(tmp_path, text, skip_bad_rows=True)
    assert found.table["station"].to_list() == ["1", "4"]
    assert [(fault.row, fault.column) for fault in found.left_out] == [(3, None), (4, "Rojo")]


def test_blank_lines_and_rows_without_any_cell_hold_nothing_and_are_no_fault(tmp_path: Path) -> None:
    found = read_text(tmp_path, CSV.replace("\n2,", "\n\n2,") + ",,,,,,,\n\n")
    assert found.table.equals(read_text(tmp_path, CSV).table)


@pytest.mark.parametrize("text", ["", "\n\n", "\ufeff"])
def test_empty_files_are_refused(tmp_path: Path, text: str) -> None:
    (fault,) = faults_of(tmp_path, text)
    assert fault.file == "sheets.csv"
    assert "empty" in fault.found


def test_a_header_further_down(tmp_path: Path) -> None:
    table = read_text(tmp_path, f"Resultados\nProvincia de prueba, 2024\n{CSV}", header_row=3).table
    assert table.equals(read_text(tmp_path, CSV).table)
    (fault,) = faults_of(tmp_path, CSV, header_row=9)
    assert fault.row == 9


def test_a_missing_column_suggests_the_nearest_name(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, CSV.replace("Inscritos", "Inscriptos").replace("Azul", "azul"))
    assert [(fault.row, fault.column, fault.remedy) for fault in faults] == [
        (1, "votes.blue", "is it 'azul'?"),
        (1, "registered", "is it 'Inscriptos'?"),
    ]


def test_spellings_of_a_column(tmp_path: Path) -> None:
    columns = {**COLUMNS, "registered": ["Habilitados", "Inscritos"]}
    assert read_text(tmp_path, CSV, columns=columns).table["registered"].to_list() == [200, 210, 190]
    (fault,) = faults_of(tmp_path, CSV.replace("Nulos", "Habilitados"), columns={**columns, "null": "Blancos"})
    assert "'Habilitados' and 'Inscritos'" in fault.found


def test_a_column_that_occurs_twice(tmp_path: Path) -> None:
    (fault,) = faults_of(
        tmp_path, CSV.replace("Azul", "Rojo"), columns={**COLUMNS, "votes": {"red": "Rojo", "blue": "Nulos"}}
    )
    assert (fault.column, fault.found) == ("votes.red", "2 columns named 'Rojo'")


def test_a_column_that_is_not_needed_may_occur_twice(tmp_path: Path) -> None:
    text = "\n".join(line + ",x,x" for line in CSV.splitlines())
    assert read_text(tmp_path, text).table.equals(read_text(tmp_path, CSV).table)


def test_a_choice_that_no_column_carries_is_named_with_layout_and_key(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, CSV, columns={**COLUMNS, "votes": {"red": "Rojo"}})
    assert fault.column == "layouts.sheets.columns.votes.blue"


NAMES = with_cell("Provincia", "Ñuflo de Chávez")


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("utf-8", NAMES.encode()),
        ("utf-8", codecs.BOM_UTF8 + NAMES.encode()),
        ("latin-1", codecs.BOM_UTF8 + NAMES.encode()),  # the mark says what it is
        ("latin-1", NAMES.encode("latin-1")),
        ("windows-1252", NAMES.encode("cp1252")),
        ("utf-16", NAMES.encode("utf-16")),
        ("utf-8", NAMES.encode("utf-16")),
    ],
)
def test_encodings(tmp_path: Path, encoding: str, data: bytes) -> None:
    assert "Ñuflo de Chávez" in read_text(tmp_path, data, encoding=encoding).table["province"].to_list()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_byte_order_mark_is_told_by_name(tmp_path: Path, encoding: str) -> None:
    data = NAMES.encode(encoding)
    assert "Ñuflo de Chávez" in read_text(tmp_path, data, encoding=encoding).table["province"].to_list()
    for said in ("utf-8", "latin-1"):
        (fault,) = faults_of(tmp_path, data, encoding=said)
        assert fault.found == "text in UTF-16 without a byte-order mark"
        assert fault.remedy == f'write encoding = "{encoding}" in the layout'


def test_windows_1252_has_dashes_and_quotes_where_latin_1_has_none(tmp_path: Path) -> None:
    data = with_cell("Recinto", "“Escuela” – B").encode("cp1252")
    assert "“Escuela” – B" in read_text(tmp_path, data, encoding="windows-1252").table["precinct"].to_list()


def test_undecodable_bytes_are_named_by_line_and_offset(tmp_path: Path) -> None:
    data = NAMES.encode("latin-1")
    offset = data.index(b"\xd1")  # Ñ
    (fault,) = faults_of(tmp_path, data)
    assert (fault.row, fault.found) == (3, f"the byte 0xd1 at offset {offset}")
    found = read_text(tmp_path, data, skip_bad_rows=True)
    assert found.table["station"].to_list() == ["1", "3"]
    (fault,) = faults_of(tmp_path, with_cell("Recinto", "a\x81").encode("latin-1"), encoding="windows-1252")
    assert (fault.row, fault.found.split(" at")[0]) == (3, "the byte 0x81")


def test_an_encoding_that_is_none(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, CSV, encoding="utf-99")
    assert "utf-99" in fault.found


def test_names_are_stripped_and_composed(tmp_path: Path) -> None:
    rows = [HEADER, " 1 ,Bolívar ,Plaza,1,1,0,0,0", "2,Boli\u0301var,Plaza,1,1,0,0,0", "3,,Plaza,1,1,0,0,0"]
    table = read_text(tmp_path, "\n".join(rows)).table
    assert table["station"].to_list() == ["1", "2", "3"]
    assert table["province"].cast(pl.String).to_list() == ["Bolívar", "Bolívar", None]


def test_a_row_without_a_station(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, with_cell("Mesa", " "))
    assert (fault.row, fault.column) == (3, "Mesa")


@pytest.mark.slow
@given(st.data())
def test_a_cut_or_garbled_file_never_gives_anything_but_our_own_errors(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("garbled")
    valid = bytearray((CSV + '4,"Sur, bajo","Plaza ""C""",1,1,0,0,0\n').encode())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(valid) - 1))
        piece = data.draw(
            st.binary(max_size=3) | st.sampled_from([b'"', b",", b"\n", b"\r", b"\x00", b"+", b"=", b"\xff"])
        )
        valid[place : place + data.draw(st.integers(0, 3))] = piece
    cut = data.draw(st.integers(0, len(valid)))
    try:
        found = read_text(folder, bytes(valid[:cut]), skip_bad_rows=data.draw(st.booleans()))
    except InputError:
        return
    assert found.table["station"].is_unique().all()
    figures = found.table.select("registered", "votes.red", "votes.blue", "blank", "null")
    assert figures.select(pl.all().ge(0).fill_null(value=True).all()).row(0) == (True,) * 5


CELL = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=8).map(
    lambda text: re.sub("^[\\s\u200b\u200e\u200f\u2060\ufeff]+|[\\s\u200b\u200e\u200f\u2060\ufeff]+$", "", text)
)


@pytest.mark.slow
@given(st.lists(st.tuples(CELL, st.integers(0, 999), st.integers(0, 999)), min_size=1, max_size=8), st.booleans())
def test_what_was_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int, int]], always: bool
) -> None:
    written = pl.DataFrame(
        {
            "Mesa": [str(number) for number, _ in enumerate(rows)],
            "Provincia": [name for name, _, _ in rows],
            "Recinto": ["x"] * len(rows),
            "Inscritos": [1000] * len(rows),
            "Rojo": [red for _, red, _ in rows],
            "Azul": [blue for _, _, blue in rows],
            "Blancos": [0] * len(rows),
            "Nulos": [0] * len(rows),
        }
    )
    text = written.write_csv(quote_style="always" if always else "necessary")
    table = read_text(tmp_path_factory.mktemp("written"), text).table
    assert table["votes.red"].to_list() == written["Rojo"].to_list()
    names = table["province"].cast(pl.String).fill_null("")
    assert names.to_list() == pl.Series([name for name, _, _ in rows], dtype=pl.String).str.normalize("NFC").to_list()


@pytest.mark.parametrize("mark", ["\ufeff", "\u200b", "\u200e", "\u2060"])
def test_marks_that_nobody_sees_make_no_other_station_and_no_other_place(tmp_path: Path, mark: str) -> None:
    text = CSV.replace("\n2,Norte", f"\n{mark}2 ,Norte{mark}")
    table = read_text(tmp_path, text).table
    assert table["station"].to_list() == ["1", "2", "3"]
    assert table["province"].cast(pl.String).to_list() == ["Norte", "Norte", "Sur"]
    twice = faults_of(tmp_path, CSV + f"{mark}2,Norte,Escuela,210,60,30,1,4\n")
    assert len(twice) == 1
    assert twice[0].found.startswith("station 2 again, the same row (it is in ")


def test_a_joiner_at_the_end_of_a_name_stays(tmp_path: Path) -> None:
    """Malayalam's final n may be written as n, virama and a joiner (the Unicode standard, section 12.9)."""
    name = "\u0d28\u0d4d\u200d"
    table = read_text(tmp_path, CSV.replace("Norte", name)).table
    assert table["province"].cast(pl.String).to_list()[0] == name


LOOSE = st.sampled_from(["", "1", "20", "-3", "Norte", '"a,b"', '""', "x\r", '"', "+4", " 5 ", "é"])


@pytest.mark.slow
@given(
    st.lists(st.lists(LOOSE, min_size=0, max_size=9), min_size=1, max_size=5),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_the_quick_way_finds_what_the_thorough_one_finds(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], ending: str, whole: bool
) -> None:
    """Cells too many and too few, blank lines, lone marks: both ways give the same sheets and the same faults."""
    folder = tmp_path_factory.mktemp("ways")
    body = [
        ",".join(([f"{number}", "Norte", "Escuela", *row] + ["7"] * 8)[:8] if whole else row)
        for number, row in enumerate(rows)
    ]
    text = ending.join([HEADER, *body, ""])
    found = []
    for quick in (True, False):
        with pytest.MonkeyPatch.context() as patch:
            if not quick:
                patch.setattr(delimited, "_regular_rows", lambda data, layout, plan_for: None)
            try:
                sheets = read_text(folder, text, skip_bad_rows=True)
                found.append((sheets.table.rows(), sheets.left_out))
            except InputError as problem:
                found.append(([], tuple(problem.faults)))
    assert found[0] == found[1]
