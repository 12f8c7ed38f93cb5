"""One sheet put together from several files: by key, nothing dropped or doubled without a word. Figures by hand."""

from pathlib import Path
from typing import Any

import pytest

from tests.sheets.small import HEADER, ROWS, read
from veedor.election import Election
from veedor.election.read import election_from
from veedor.errors import DefinitionError, InputError
from veedor.sheets.read import Sheets

TOP = """
id = "small"
name = { en = "Small" }
date = 2024-03-03
timezone = "America/La_Paz"
levels = [{ id = "province", name = { en = "Province" } }, { id = "precinct", name = { en = "Polling place" } }]
[[contests]]
id = "mayor"
name = { en = "Mayor" }
rule = { kind = "plurality" }
choices = [{ id = "red", name = { en = "Red" } }, { id = "blue", name = { en = "Blue" } }]
[[counts]]
id = "official"
kind = "official"
name = { en = "Official" }
"""
VOTES = '[layouts.votes.columns]\nstation = "Mesa"\nvotes = { red = "Rojo", blue = "Azul" }\n'
ROLL = '[layouts.roll.columns]\nstation = "Mesa"\nregistered = "Inscritos"\nblank = "Blancos"\nnull = "Nulos"\n'
PLACES = '[layouts.places.columns]\nstation = "Mesa"\nlevels = { province = "Provincia", precinct = "Recinto" }\n'


def made(sources: str, *layouts: str) -> Election:
    """The election with these sources and layouts."""
    return election_from(f"{TOP}sources = [{sources}]\n" + "".join(layouts))


def put(folder: Path, **files: str) -> None:
    """Files with these rows, a comma between cells and a blank between rows."""
    for name, rows in files.items():
        (folder / f"{name}.csv").write_text(rows.replace(" ", "\n") + "\n")


def rows(sheets: Sheets, *columns: str) -> list[tuple[Any, ...]]:
    """What the sheets say of these columns."""
    return sheets.table.select("station", *columns).rows()


THREE = (
    '{ file = "votes.csv", layout = "votes" }, { file = "roll.csv", layout = "roll", join = "station" }, '
    '{ file = "places.csv", layout = "places", join = "station" }'
)


def test_three_files_make_one_sheet(tmp_path: Path) -> None:
    # The figures of tests/sheets/small.py, each row cut into three files whose rows stand in other orders.
    cells = [line.split(",") for line in (HEADER, *ROWS)]
    cut = [[",".join(row[at] for at in places) for row in cells] for places in ((0, 4, 5), (0, 3, 6, 7), (0, 1, 2))]
    cut[1] = [cut[1][0], *reversed(cut[1][1:])]
    put(tmp_path, votes=" ".join(cut[0]), roll=" ".join(cut[1]), places=" ".join(cut[2]))
    sheets = read(made(THREE, VOTES, ROLL, PLACES), tmp_path)
    assert rows(sheets, "province", "precinct", "registered", "votes.red", "votes.blue", "blank", "null") == [
        ("1", "Norte", "Escuela", 200, 50, 40, 3, 2),
        ("2", "Norte", "Escuela", 210, 60, 30, 1, 4),
        ("3", "Sur", "Plaza", 190, 20, 90, 0, 0),
    ]
    assert sheets.notes == ()


def test_a_file_without_votes_is_joined_unasked(tmp_path: Path) -> None:
    put(tmp_path, votes="Mesa,Rojo,Azul 1,5,6", roll="Mesa,Inscritos,Blancos,Nulos 1,20,3,4")
    sources = '{ file = "votes.csv", layout = "votes" }, { file = "roll.csv", layout = "roll" }'
    assert rows(read(made(sources, VOTES, ROLL), tmp_path), "votes.red", "blank", "registered") == [("1", 5, 3, 20)]


def test_what_only_one_file_has_is_absent_and_named(tmp_path: Path) -> None:
    put(tmp_path, votes="Mesa,Rojo,Azul 1,5,6 2,7,8", roll="Mesa,Inscritos,Blancos,Nulos 1,20,3,4 3,30,1,2 4,40,,")
    sources = '{ file = "votes.csv", layout = "votes" }, { file = "roll.csv", layout = "roll", join = "station" }'
    sheets = read(made(sources, VOTES, ROLL), tmp_path)
    assert rows(sheets, "votes.red", "votes.blue", "registered", "blank", "status") == [
        ("1", 5, 6, 20, 3, None),
        ("2", 7, 8, None, None, None),
        ("3", None, None, 30, 1, None),
        ("4", None, None, 40, None, "pending"),
    ]
    assert sheets.notes == (
        "1 station of the other files has no row in roll.csv, and its figures there are absent: 2",
        "2 stations in roll.csv have no row in another file, and their other figures are absent: 3, 4",
    )


PAPER = (
    '{ file = "paper.csv", layout = "votes" }, { file = "machine.csv", layout = "votes", add = "station"%s }, '
    '{ file = "roll.csv", layout = "roll", join = "station" }'
)
PAPER_FILES = {
    "paper": "Mesa,Rojo,Azul 1,5,6 2,7,8",
    "machine": "Mesa,Rojo,Azul 1,50,60 3,9,9",
    "roll": "Mesa,Inscritos,Blancos,Nulos 1,200,3,4 2,200,1,0 3,200,0,0",
}


@pytest.mark.parametrize(
    ("alone", "wanted"),
    [
        ("", [("1", 55, 66, 3), ("2", None, None, 1), ("3", None, None, 0)]),
        (', alone = "zero"', [("1", 55, 66, 3), ("2", 7, 8, 1), ("3", 9, 9, 0)]),
    ],
)
def test_paper_and_machine_are_added_up(tmp_path: Path, alone: str, wanted: list[tuple[Any, ...]]) -> None:
    put(tmp_path, **PAPER_FILES)
    sheets = read(made(PAPER % alone, VOTES, ROLL), tmp_path)
    assert rows(sheets, "votes.red", "votes.blue", "blank") == wanted
    assert [note[-3:] for note in sheets.notes] == [": 2", ": 3"]
    assert all(("taken as 0" if alone else "sums are absent") in note for note in sheets.notes)


def test_files_of_several_regions_are_added_each_to_its_own(tmp_path: Path) -> None:
    put(tmp_path, p1="Mesa,Rojo,Azul 1,5,6", p2="Mesa,Rojo,Azul 2,7,8", m1="Mesa,Rojo,Azul 1,1,1")
    put(tmp_path, m2="Mesa,Rojo,Azul 2,2,2", post="Mesa,Rojo,Azul 1,100,0 2,0,100")
    names = [("p1", ""), ("p2", ""), *((name, ', add = "station"') for name in ("m1", "m2", "post"))]
    sources = ", ".join(f'{{ file = "{name}.csv", layout = "votes"{more} }}' for name, more in names)
    sheets = read(made(sources, VOTES), tmp_path)
    assert rows(sheets, "votes.red", "votes.blue") == [("1", 106, 7), ("2", 9, 110)]
    assert sheets.notes == ()


def test_places_are_joined_by_a_level(tmp_path: Path) -> None:
    put(tmp_path, votes="Mesa,Recinto,Rojo,Azul 1,A,5,6 2,A,7,8 3,B,1,1 4,Z,2,2")
    put(tmp_path, places="Codigo,Provincia A,Norte B,Sur C,Este")
    votes = VOTES + 'levels = { precinct = "Recinto" }\n'
    places = '[layouts.places.columns]\nstation = "Codigo"\nlevels = { province = "Provincia" }\n'
    sources = '{ file = "votes.csv", layout = "votes" }, { file = "places.csv", layout = "places", join = "precinct" }'
    sheets = read(made(sources, votes, places), tmp_path)
    assert rows(sheets, "province") == [("1", "Norte"), ("2", "Norte"), ("3", "Sur"), ("4", None)]
    assert [note[-3:] for note in sheets.notes] == [": Z", ": C"]


def test_files_that_contradict_each_other_are_faults(tmp_path: Path) -> None:
    votes = VOTES.replace('"Mesa"\n', '"Mesa"\nregistered = "Inscritos"\n')
    put(tmp_path, votes="Mesa,Rojo,Azul,Inscritos 1,5,6,20 2,7,8,30")
    put(tmp_path, roll="Mesa,Inscritos,Blancos,Nulos 1,20,3,4 2,31,1,2")
    sources = '{ file = "votes.csv", layout = "votes" }, { file = "roll.csv", layout = "roll", join = "station" }'
    elected = made(sources, votes, ROLL)
    with pytest.raises(InputError, match=r"roll.csv, row 3, column registered: found '31' for station 2, wanted '30'"):
        read(elected, tmp_path)
    sheets = read(elected, tmp_path, skip_bad_rows=True)
    assert rows(sheets, "registered", "blank") == [("1", 20, 3), ("2", 30, None)]
    assert len(sheets.left_out) == 1


def test_files_without_a_common_station_are_refused_with_examples(tmp_path: Path) -> None:
    put(tmp_path, votes="Mesa,Rojo,Azul 000001,5,6", roll="Mesa,Inscritos,Blancos,Nulos 1,20,3,4")
    sources = '{ file = "votes.csv", layout = "votes" }, { file = "roll.csv", layout = "roll", join = "station" }'
    with pytest.raises(InputError, match=r"roll.csv.*1 here, 000001 there"):
        read(made(sources, VOTES, ROLL), tmp_path)


def test_a_station_twice_in_a_joined_file_is_a_fault(tmp_path: Path) -> None:
    put(tmp_path, votes="Mesa,Rojo,Azul 1,5,6", roll="Mesa,Inscritos,Blancos,Nulos 1,20,3,4 1,20,3,5")
    sources = '{ file = "votes.csv", layout = "votes" }, { file = "roll.csv", layout = "roll", join = "station" }'
    with pytest.raises(InputError, match="station 1 again, with other figures"):
        read(made(sources, VOTES, ROLL), tmp_path)


@pytest.mark.parametrize(
    ("more", "found"),
    [
        (', join = "station", add = "station"', "join and add"),
        (', join = "county"', "county"),
        (', alone = "zero"', "alone without add"),
    ],
)
def test_a_source_says_what_it_can(more: str, found: str) -> None:
    sources = f'{{ file = "votes.csv", layout = "votes" }}, {{ file = "roll.csv", layout = "roll"{more} }}'
    with pytest.raises(DefinitionError, match=found):
        made(sources, VOTES, ROLL)


def test_something_must_be_joined_to() -> None:
    with pytest.raises(DefinitionError, match="only files that are joined"):
        made('{ file = "votes.csv", layout = "votes", add = "station" }', VOTES)


MASKED = '[layouts.votes]\nmissing = ["", "*"]\nat_most = { "<5" = 4 }\n' + VOTES
BOTH = '{ file = "paper.csv", layout = "votes" }, { file = "machine.csv", layout = "votes", add = "station" }'


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize(("mark", "most"), [("*", [None, None]), ("<5", [9, 11])])
def test_a_sum_with_a_part_that_is_all_masked_is_absent_and_said(
    tmp_path: Path, swapped: bool, mark: str, most: list[int | None]
) -> None:
    # By hand: red has 5 and 7 in one file and a mark in each row of the other; with `<5` it is at most 5 + 4 and 7 + 4.
    stated, hidden = "Mesa,Rojo,Azul 1,5,6 2,7,8", f"Mesa,Rojo,Azul 1,{mark},1 2,{mark},2"
    put(tmp_path, paper=hidden if swapped else stated, machine=stated if swapped else hidden)
    sheets = read(made(BOTH, MASKED), tmp_path)
    assert rows(sheets, "votes.red", "votes.blue") == [("1", None, 7), ("2", None, 10)]
    assert sheets.table["most.votes.red"].to_list() == most
    file = "paper.csv" if swapped else "machine.csv"
    assert sheets.notes == (f"{file}: all figures of red (2) are masked: they are absent, and so are sums with them",)


def test_rows_that_are_not_read_are_told(tmp_path: Path) -> None:
    layout = '[layouts.votes]\ncontest = { column = "Cargo", values = { mayor = "Alcalde" } }\n'
    layout += 'drop = [{ column = "Mesa", is = "TOTAL" }]\n' + VOTES
    lines = "Mesa,Cargo,Rojo,Azul 1,Alcalde,5,6 1,Concejo,7,8 2,Alcalde,1,2 2,Concejo,3,4 2,,3,4 TOTAL,Alcalde,6,8"
    put(tmp_path, votes=lines)
    sheets = read(made('{ file = "votes.csv", layout = "votes" }', layout), tmp_path)
    assert sheets.notes == (
        "votes.csv: 3 rows of contests that the definition does not name are not read, by 'Cargo': 'Concejo' 2, "
        "an empty cell 1",
        "votes.csv: 1 row dropped by the layout is not read, by 'Mesa': 'TOTAL' 1",
    )
