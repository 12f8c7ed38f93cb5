"""Files with one row for each sheet and choice; Parquet; JSON lines."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.sheets.small import CSV, named, read, read_text
from veedor.errors import DefinitionError, Fault, InputError

LONG: dict[str, Any] = {
    "columns": {"station": "Mesa", "levels": {"province": "Provincia", "precinct": "Recinto"}},
    "long": {
        "choice": "Opción",
        "votes": "Votos",
        "labels": {"red": "ROJO", "blue": ["AZUL", "CELESTE"]},
        "blank": "BLANCOS",
        "null": "NULOS",
        "registered": "INSCRITOS",
        "ignore": "TOTAL",
    },
}


def melted(labels: tuple[str, ...] = ("INSCRITOS", "ROJO", "AZUL", "BLANCOS", "NULOS")) -> list[list[str]]:
    """The small election, long: header and rows."""
    rows = [["Mesa", "Provincia", "Recinto", "Opción", "Votos"]]
    for line in CSV.splitlines()[1:]:
        station, province, precinct, *figures = line.split(",")
        rows += [[station, province, precinct, label, figure] for label, figure in zip(labels, figures, strict=True)]
    return rows


def text(rows: list[list[str]]) -> str:
    return "\n".join(",".join(row) for row in rows)


def faults_of(folder: Path, rows: list[list[str]], **layout: Any) -> list[Fault]:
    with pytest.raises(InputError) as caught:
        read_text(folder, text(rows), **{**LONG, **layout})
    return list(caught.value.faults)


@pytest.mark.parametrize("turned", [False, True])
def test_long_gives_what_wide_gives(tmp_path: Path, turned: bool) -> None:
    header, *rows = melted()
    ordered = sorted(rows, key=lambda row: (row[3], row[0]))
    long = read_text(tmp_path, text([header, *(ordered if turned else rows)]), **LONG).table
    assert long.equals(read_text(tmp_path, CSV).table)


def test_a_second_spelling_and_a_label_to_ignore(tmp_path: Path) -> None:
    header, *rows = melted(("INSCRITOS", "ROJO", "CELESTE", "BLANCOS", "NULOS"))
    rows += [["1", "Norte", "Escuela", "TOTAL", "no figure"]]
    assert read_text(tmp_path, text([header, *rows]), **LONG).table.equals(read_text(tmp_path, CSV).table)


def test_a_row_without_a_figure_is_absent_not_zero(tmp_path: Path) -> None:
    rows = [[*row[:-1], ""] if (row[0], row[3]) == ("2", "AZUL") else row for row in melted()]
    assert rows != melted()
    for absent_row in ("zero", "absent"):
        layout = {**LONG, "long": {**LONG["long"], "absent_row": absent_row}}
        assert read_text(tmp_path, text(rows), **layout).table["votes.blue"].to_list() == [40, None, 90]


@pytest.mark.parametrize(
    ("absent_row", "printed", "read"),
    [("absent", None, None), ("zero", None, 0), (None, None, 0), (None, 60, 0), (None, 61, None), ("zero", 61, 0)],
)
def test_a_choice_without_a_row(tmp_path: Path, absent_row: str | None, printed: int | None, read: int | None) -> None:
    """Sheet 2 has 60 votes for red and no row for blue: zero, unless its printed sum is more or the layout says so."""
    rows = [row for row in melted() if (row[0], row[3]) != ("2", "AZUL")]
    long = {**LONG["long"], "absent_row": absent_row} if absent_row else dict(LONG["long"])
    if printed is not None:
        long["valid"] = "VALIDOS"
        like = next(row for row in rows if row[0] == "2")
        rows.append([*like[:3], "VALIDOS", str(printed), *like[5:]])
    table = read_text(tmp_path, text(rows), **{**LONG, "long": long}).table
    assert table["votes.blue"].to_list() == [40, read, 90]


def test_parts_of_a_figure_of_which_one_is_absent(tmp_path: Path) -> None:
    rows = [[*row, "day"] for row in melted()]
    rows[0][-1] = "Cuándo"
    rows += [[*row[:-2], "", "post"] for row in rows if (row[0], row[3]) == ("2", "AZUL")]
    layout = {**LONG, "long": {**LONG["long"], "add_over": "Cuándo"}}
    assert read_text(tmp_path, text(rows), **layout).table["votes.blue"].to_list() == [40, None, 90]


def test_registered_voters_may_stand_in_a_column(tmp_path: Path) -> None:
    columns = {**LONG["columns"], "registered": "Padrón"}
    long = {key: value for key, value in LONG["long"].items() if key != "registered"}
    header, *rows = [[*row, "Padrón" if row[0] == "Mesa" else "7"] for row in melted() if row[3] != "INSCRITOS"]
    table = read_text(tmp_path, text([header, *rows]), columns=columns, long=long).table
    assert table["registered"].to_list() == [7, 7, 7]
    rows[2][5] = "8"
    (fault,) = faults_of(tmp_path, [header, *rows], columns=columns, long=long)
    assert (fault.row, fault.column, fault.found) == (4, "registered", "'8'")


def test_an_unknown_label_suggests_the_nearest(tmp_path: Path) -> None:
    rows = melted()
    rows[2][3] = "ROJOS"
    fault = faults_of(tmp_path, rows)[0]
    assert (fault.row, fault.column, fault.found, fault.remedy) == (3, "Opción", "'ROJOS'", "is it 'ROJO'?")


def test_a_label_that_stands_for_two_things(tmp_path: Path) -> None:
    long = {**LONG["long"], "null": "BLANCOS"}
    with pytest.raises(DefinitionError, match="BLANCOS"):
        read_text(tmp_path, text(melted()), **{**LONG, "long": long})


def test_a_figure_of_a_sheet_given_twice(tmp_path: Path) -> None:
    rows = melted()
    rows.append(rows[2])
    fault = next(fault for fault in faults_of(tmp_path, rows) if fault.row == len(rows))
    assert fault.found == "votes.red of station 1 again"


def test_rows_of_one_sheet_that_name_different_places(tmp_path: Path) -> None:
    rows = melted()
    rows[3][2] = "Plaza"
    fault = faults_of(tmp_path, rows)[0]
    assert (fault.row, fault.column, fault.found) == (4, "precinct", "'Plaza'")
    assert "'Escuela', as in the first row of station 1" in fault.wanted


def test_a_sheet_with_a_faulty_row_is_left_out_whole_and_all_its_rows_are_listed(tmp_path: Path) -> None:
    rows = melted()
    rows[7][4] = "-60"
    found = read_text(tmp_path, text(rows), skip_bad_rows=True, **LONG)
    assert found.table["station"].to_list() == ["1", "3"]
    assert sorted(fault.row or 0 for fault in found.left_out) == [7, 8, 9, 10, 11]
    assert found.table.equals(read_text(tmp_path, CSV).table.filter(pl.col("station") != "2"))


def test_a_row_with_too_few_cells_takes_its_sheet_with_it_no_more(tmp_path: Path) -> None:
    rows = melted()
    rows[2] = ["1", "Norte"]
    found = read_text(tmp_path, text(rows), skip_bad_rows=True, **LONG)
    assert [(fault.row, fault.found) for fault in found.left_out] == [(3, "2 cells")]


def test_parquet_wide_and_long(tmp_path: Path) -> None:
    wide = read_text(tmp_path, CSV).table
    pl.read_csv(CSV.encode()).write_parquet(tmp_path / "sheets.parquet")
    assert read(named("sheets.parquet", format="parquet"), tmp_path).table.equals(wide)
    pl.read_csv(text(melted()).encode()).write_parquet(tmp_path / "sheets.parquet")
    assert read(named("sheets.parquet", format="parquet", **LONG), tmp_path).table.equals(wide)


def test_faults_in_parquet_are_named_by_row(tmp_path: Path) -> None:
    frame = pl.read_csv(CSV.encode()).with_columns(pl.Series("Rojo", [1.0, 2.5, -1.0]), pl.Series("Azul", [True] * 3))
    frame.write_parquet(tmp_path / "sheets.parquet")
    with pytest.raises(InputError) as caught:
        read(named("sheets.parquet", format="parquet"), tmp_path)
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [
        (1, "Azul"), (2, "Rojo"), (2, "Azul"), (3, "Rojo"), (3, "Azul"),
    ]  # fmt: skip


@pytest.mark.parametrize("left", [0, 4, 100, 0.5, 0.99])
def test_cut_parquet_files_are_refused(tmp_path: Path, left: float) -> None:
    pl.read_csv(CSV.encode()).write_parquet(tmp_path / "sheets.parquet")
    whole = (tmp_path / "sheets.parquet").read_bytes()
    (tmp_path / "sheets.parquet").write_bytes(whole[: int(left if left >= 1 else left * len(whole))])
    with pytest.raises(InputError, match=r"sheets\.parquet: found"):
        read(named("sheets.parquet", format="parquet"), tmp_path)


def objects() -> list[dict[str, Any]]:
    header, *rows = [line.split(",") for line in CSV.splitlines()]
    return [
        {name: int(cell) if cell.isdigit() else cell for name, cell in zip(header, row, strict=True)} for row in rows
    ]


def lines_of(folder: Path, lines: list[str], *, skip_bad_rows: bool = False) -> Any:
    (folder / "sheets.jsonl").write_text("\n".join(lines))
    return read(named("sheets.jsonl", format="jsonl"), folder, skip_bad_rows=skip_bad_rows)


def test_json_lines(tmp_path: Path) -> None:
    wide = read_text(tmp_path, CSV).table
    lines = [json.dumps(row) for row in objects()]
    assert lines_of(tmp_path, ["", *lines, ""]).table.equals(wide)
    changed = objects()
    del changed[1]["Rojo"]
    changed[2]["Rojo"] = "20"
    assert lines_of(tmp_path, [json.dumps(row) for row in changed]).table["votes.red"].to_list() == [50, None, 20]


BAD_LINES = {
    '{"Mesa": 1, "Mesa": 2}': "twice",
    '{"Mesa": [1]}': "a list",
    '{"a": {"b": 1}, "a.b": 2}': "two values called 'a.b'",
    "[1, 2]": "a list",
    "{": "no JSON object",
    '{"Rojo": NaN}': "NaN",
    '{"Rojo": ' + "9" * 5000 + "}": "no JSON object",
    "[" * 100_000: "no JSON object",
    "7" * 2_000_000: "longer than",
}


@pytest.mark.parametrize("line", list(BAD_LINES), ids=range(len(BAD_LINES)))
def test_lines_that_are_no_sheet(tmp_path: Path, line: str) -> None:
    lines = [json.dumps(row) for row in objects()]
    with pytest.raises(InputError) as caught:
        lines_of(tmp_path, [lines[0], line, *lines[1:]])
    (fault,) = caught.value.faults
    assert fault.row == 2
    assert BAD_LINES[line] in fault.found


def test_figures_in_json_lines_are_checked_like_others(tmp_path: Path) -> None:
    changed = objects()
    changed[1]["Rojo"] = 1.5
    changed[2]["Rojo"] = True
    with pytest.raises(InputError) as caught:
        lines_of(tmp_path, [json.dumps(row) for row in changed])
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [(2, "Rojo"), (3, "Rojo")]


def test_an_empty_file_of_json_lines(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="an empty file"):
        lines_of(tmp_path, ["", ""])
