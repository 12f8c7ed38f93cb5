"""Several rows of one station: the last replaces the others only where the layout says by which column.

The file is that of a table published twice in Peru 2021, made small: of two rows of 000169 the later one counts.
"""

from pathlib import Path

import pytest

from tests.sheets.small import COLUMNS, HEADER, election
from veedor.errors import InputError
from veedor.sheets.read import Sheets, read_sheets

EARLIER = "000169,Norte,X,200,100,90,0,0"
LATER = "000169,Norte,X,200,100,91,0,0"
OTHER = "000170,Sur,Y,200,80,95,0,0"


def read(folder: Path, *rows: tuple[str, str], rule: str | None = "when") -> Sheets:
    lines = [f"{HEADER},when", *(f"{row},{when}" for row, when in rows)]
    (folder / "sheets.csv").write_text("\n".join(lines), encoding="utf-8")
    known = election(columns=COLUMNS) if rule is None else election(columns=COLUMNS, latest=rule)
    return read_sheets(known, known.contests[0], known.counts[0], folder)


@pytest.mark.parametrize(
    ("before", "after"),
    [("2021-06-07", "2021-06-08"), ("9", "10"), ("2021-06-07T09:59:00", "2021-06-07 10:00:00")],
)
def test_the_last_row_of_a_station_replaces_the_others(tmp_path: Path, before: str, after: str) -> None:
    found = read(tmp_path, (LATER, after), (OTHER, before), (EARLIER, before))
    assert found.table.select("station", "votes.blue").rows() == [("000169", 91), ("000170", 95)]
    assert found.notes == (
        "sheets.csv: 1 row is replaced by a later one of the same station (1 station, by 'when'), "
        "such as row 4 of 000169 by row 2",
    )


def test_without_the_rule_a_station_twice_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="station 000169 again, with other figures"):
        read(tmp_path, (EARLIER, "2021-06-07"), (LATER, "2021-06-08"), rule=None)


def test_two_rows_of_one_time_are_a_fault_still(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="station 000169 again, with other figures"):
        read(tmp_path, (EARLIER, "2021-06-07"), (LATER, "2021-06-07"))


@pytest.mark.parametrize("when", ["07/06/2021", "", "2021-06-07T10:00"])
def test_times_that_do_not_say_which_is_later_are_refused(tmp_path: Path, when: str) -> None:
    with pytest.raises(InputError, match="wanted a date and time as 2030-05-05T20:00:00, all of one form"):
        read(tmp_path, (EARLIER, "2021-06-08"), (LATER, when))
