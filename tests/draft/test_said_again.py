"""Files that say the header again on each page, and contests that are told by an office and a district together.

Expected figures are added up by hand beside the files.
"""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from veedor.cli import application
from veedor.draft.draft import draft_of, write_draft
from veedor.errors import InputError
from veedor.sheets.dataset import open_dataset

HEADER = "mesa,distrito,Ana,Blas,nulos"
PAGES = "\n".join([HEADER, "1,X,10,20,1", "2,X,11,21,0", HEADER, "3,Y,12,22,2", HEADER, "4,Y,13,23,1"]) + "\n"
"""Ana 10 + 11 + 12 + 13 = 46, Blas 20 + 21 + 22 + 23 = 86."""

LONG = "county,precinct,candidate,votes"
LONG_PAGES = "\n".join(
    [LONG, "X,1,Ann,10", "X,1,Ben,20", LONG, "Y,2,Ann,11", "Y,2,Ben,22", LONG, "Y,3,Ann,7", "Y,3,Ben,8"]
)

OFFICES = """county,precinct,office,district,candidate,votes
X,1,House,1,Ann Poe,50
X,1,House,1,Ben Roe,40
X,1,Senate,1,Cy Lee,60
X,1,Senate,1,Di Fox,45
X,2,House,1,Ann Poe,30
X,2,House,1,Ben Roe,60
X,2,Senate,1,Cy Lee,50
X,2,Senate,1,Di Fox,48
Y,3,House,2,Eva Kim,33
Y,3,House,2,Fay Orr,21
Y,3,Senate,2,{first},20
Y,3,Senate,2,{second},41
Y,4,House,2,Eva Kim,13
Y,4,House,2,Fay Orr,25
Y,4,Senate,2,{first},21
Y,4,Senate,2,{second},22
"""
"""House, district 1: Ann 50 + 30 = 80, Ben 40 + 60 = 100. The Senate is another contest, of one district or of two."""


def counted(folder: Path, text: str) -> tuple[dict[str, int], str]:
    """What `veedor new` and then `veedor count` make of a file: votes by choice, and the definition."""
    (folder / "s.csv").write_text(text)
    definition = write_draft(folder / "d", [folder / "s.csv"]).text
    found = CliRunner().invoke(application(), ["count", str(folder / "d"), "--data", str(folder), "--json"])
    assert found.exit_code == 0, found.output
    return {one["id"]: one["votes"] for one in json.loads(found.stdout)["choices"]}, definition


@pytest.mark.parametrize(
    ("text", "votes"), [(PAGES, {"Ana": 46, "Blas": 86}), (LONG_PAGES, {"Ann": 28, "Ben": 50})], ids=["wide", "long"]
)
def test_a_draft_drops_headers_that_are_said_again(tmp_path: Path, text: str, votes: dict[str, int]) -> None:
    found, definition = counted(tmp_path, text)
    assert found == votes
    assert "[[questions]]" not in definition
    assert "2 rows: " in definition
    assert "the names of the columns again" in definition


@pytest.mark.parametrize(("text", "stations"), [(PAGES, 4), (LONG_PAGES, 3)], ids=["wide", "long"])
def test_without_the_drop_the_remedy_is_told_and_it_works(tmp_path: Path, text: str, stations: int) -> None:
    (tmp_path / "s.csv").write_text(text)
    definition = write_draft(tmp_path / "d", [tmp_path / "s.csv"]).text
    path = tmp_path / "d" / "election.toml"
    bare = "\n".join(line for line in definition.splitlines() if not line.startswith("drop"))
    path.write_text(bare)
    with pytest.raises(InputError) as told:
        open_dataset(tmp_path / "d", data=tmp_path).table()
    faults = told.value.faults
    assert [fault.found for fault in faults] == ["the names of the columns again"] * 2
    rule = faults[0].remedy.split("`")[1]
    path.write_text(bare.replace('format = "csv"', f'format = "csv"\n{rule}'))
    assert open_dataset(tmp_path / "d", data=tmp_path).table().height == stations


@pytest.mark.parametrize("names", [("Guy Poe", "Hal Roe"), ("Cy Lee", "Di Fox")])
def test_a_contest_of_an_office_and_a_district_is_drafted_as_both(tmp_path: Path, names: tuple[str, str]) -> None:
    found, definition = counted(tmp_path, OFFICES.format(first=names[0], second=names[1]))
    assert found == {"Ben-Roe": 100, "Ann-Poe": 80}
    assert 'contest = { column = ["office", "district"], values = { house-district-1 = "House / 1" } }' in definition
    assert 'about = "district"' in definition


def test_the_rows_of_other_districts_and_offices_are_told(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text(OFFICES.format(first="Guy Poe", second="Hal Roe"))
    (note,) = draft_of("d", [tmp_path / "s.csv"]).notes
    assert note.startswith(
        "s.csv: 12 rows of contests that the definition does not name are not read, by 'office / dis"
    )
    assert "'Senate / 1' 4" in note


def test_one_office_without_districts_is_told_by_its_column_alone(tmp_path: Path) -> None:
    rows = [
        f"X,{n},{office},,{name},{n + at}"
        for n in range(1, 5)
        for office in ("House", "President")
        for at, name in enumerate((f"{office} A", f"{office} B"))
    ]
    found, definition = counted(tmp_path, "county,precinct,office,district,candidate,votes\n" + "\n".join(rows) + "\n")
    assert found == {"President-A": 10, "President-B": 14}
    assert 'contest = { column = "office", values = { president = "President" } }' in definition
