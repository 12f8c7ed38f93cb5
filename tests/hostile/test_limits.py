"""What shows two faces, or is no file of an election, refused by name; what takes time or memory: test_bounds.py."""

import io
import os
import unicodedata
import zipfile
from pathlib import Path

import pytest

from tests.hostile.test_files import CSV, elected, figures_of, workbook
from tests.sheets.small import HEADER
from veedor.election.read import read_election
from veedor.errors import InputError, VeedorError
from veedor.rim.unchanged import ChangedError, one_look
from veedor.sheets.read import read_sheets


def with_part(data: bytes, name: str, of: str = "xl/worksheets/sheet1.xml") -> bytes:
    """The workbook with one part more, whose content is that of another."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for part in old.namelist():
            new.writestr(part, old.read(part))
        new.writestr(name, old.read(of).replace(b"<v>50</v>", b"<v>90</v>"))
    return made.getvalue()


@pytest.mark.parametrize(
    "name",
    [
        "xl\\worksheets\\sheet1.xml",
        "XL/worksheets/SHEET1.xml",
        "/xl/worksheets/sheet1.xml",
        "xl/./worksheets/sheet1.xml",
    ],
)
def test_a_workbook_of_two_faces_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"sheets\.xlsx"):
        figures_of("sheets.xlsx", with_part(workbook(), name), tmp_path)


LONG = {
    "deep": "a = " + "[" * 100_000 + "\n",
    "digits": "seats = " + "9" * 5_000 + "\n",
    "hexadecimal digits": "seats = 0x" + "f" * 5_000 + "\n",
}


@pytest.mark.parametrize("what", LONG)
def test_a_definition_that_is_none_is_refused(what: str, tmp_path: Path) -> None:
    (tmp_path / "election.toml").write_text(LONG[what])
    with pytest.raises(VeedorError, match=r"election\.toml"):
        read_election(tmp_path)


def test_one_station_in_two_spellings_is_no_two_stations(tmp_path: Path) -> None:
    """NFC and NFD look alike: a fault that names both rows, not a sheet counted twice."""
    spelled = [unicodedata.normalize(form, "Ñandú 1") for form in ("NFC", "NFD")]
    rows = "\n".join(f"{name},Norte,Escuela,200,50,40,3,2" for name in spelled)
    with pytest.raises(InputError) as caught:
        figures_of("sheets.csv", f"{HEADER}\n{rows}\n".encode(), tmp_path)
    assert {fault.row for fault in caught.value.faults} >= {2} or "2" in str(caught.value)
    assert "3" in str(caught.value)


@pytest.mark.parametrize("place", ["pipe", "link", "folder", "device"])
def test_what_is_no_file_of_the_folder_is_refused(place: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (tmp_path / "outside.csv").write_text(CSV)
    match place:
        case "pipe":
            os.mkfifo(data / "sheets.csv")
        case "link":
            (data / "sheets.csv").symlink_to(tmp_path / "outside.csv")
        case "folder":
            (data / "sheets.csv").mkdir()
        case "device":
            (data / "sheets.csv").symlink_to("/dev/zero")
    small = elected("sheets.csv")
    with pytest.raises(VeedorError):
        read_sheets(small, small.contests[0], small.counts[0], data)


def test_a_file_that_is_replaced_within_one_command_is_said(tmp_path: Path) -> None:
    small = elected("sheets.csv")
    (tmp_path / "sheets.csv").write_text(CSV)
    with one_look():
        read_sheets(small, small.contests[0], small.counts[0], tmp_path)
        (tmp_path / "sheets.csv").write_text(CSV.replace("50", "90"))
        with pytest.raises(ChangedError, match=r"sheets\.csv changed while it was read"):
            read_sheets(small, small.contests[0], small.counts[0], tmp_path)
