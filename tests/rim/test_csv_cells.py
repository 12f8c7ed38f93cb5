"""Tables for spreadsheets: no cell runs, and each is read back as it was."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veedor.errors import InputError, VeedorError
from veedor.rim.csv_cells import csv_bytes, raw_csv_bytes, rows_of

STARTS = "=+-@\t\r＝＋－＠"
"""How OWASP's page on CSV injection says that a dangerous cell begins."""

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.text(alphabet=STARTS + "'1a,\"\n", max_size=5)


@pytest.mark.slow
@given(st.lists(st.lists(TEXT, min_size=2, max_size=2), max_size=4))
def test_rows_are_read_back_as_they_were_and_no_cell_runs(rows: list[list[str]]) -> None:
    data = csv_bytes(["a", "=b"], rows)
    assert rows_of(data, "f") == (["a", "=b"], rows)
    cells = [cell for row in csv.reader(io.StringIO(data.decode(), newline="")) for cell in row]
    assert not any(cell[:1] in STARTS for cell in cells if cell)


def test_a_table_for_another_program_is_refused_where_a_cell_would_run() -> None:
    assert raw_csv_bytes(["a"], [["-5"], ["x"]], reader="Arlo") == b"a\n-5\nx\n"
    with pytest.raises(VeedorError, match="row 3: the cell '=1' begins as a formula"):
        raw_csv_bytes(["a"], [["x"], ["=1"]], reader="Arlo")


def test_faults_of_a_table_that_is_read() -> None:
    with pytest.raises(InputError, match="f, row 3: found 1 cells, wanted 2"):
        rows_of(b"a,b\n1,2\n3\n", "f")
    for data in (b"", b"\xff", b'a,b\n"'):
        with pytest.raises(VeedorError, match="f is"):
            rows_of(data, "f")
