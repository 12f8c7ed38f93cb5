"""A real XLS of sheets, two contests in one worksheet: 225 polling stations of Potosí whose office was burned.

Expected values are summed here from what calamine gives, row by row, without veedor; and a sheet that was computed
says the same in the official count's own CSV.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from veedor.election import Election
from veedor.election.read import read_election
from veedor.sheets.read import read_sheets

FILE = "burned-offices-sheets.xls"
CHOICES = {
    "CC": "CC", "FPV": "FPV", "MTS": "MTS", "UCS": "UCS", "MAS-IPSP": "MAS", "21F": "21F", "PDC": "PDC", "MNR": "MNR",
    "PAN-BOL": "PAN-BOL",
}  # fmt: skip
FIGURES = {
    "registered": "Inscritos", "blank": "Blancos", "null": "Nulos", "valid": "Validos en Acta",
    "cast": "Emitidos Reales",
}  # fmt: skip
LEVELS = {
    "country": "Pais", "department": "Dep", "province": "Prov", "municipality": "Muni", "locality": "Loc",
    "precinct": "Reci",
}  # fmt: skip
PRESIDENT = "Presidente y Vicepresidente"


def described() -> Election:
    """Bolivia 2019 with that worksheet as its one count. A party's empty cell is no vote, so it stays absent."""
    known = read_election("bolivia-2019").model_dump(mode="json", by_alias=True)
    layout: dict[str, Any] = {
        "format": "xlsx",
        "missing": [""],
        "contest": {"column": "ElecActa", "values": {"president": [PRESIDENT]}},
        "columns": {"station": "NumMesa", "levels": LEVELS, "votes": CHOICES, **FIGURES},
    }
    kept = ("id", "name", "date", "timezone", "levels", "contests")
    count = {
        "id": "burned",
        "kind": "official",
        "name": {"en": "Burned"},
        "sources": [{"file": FILE, "layout": "burned"}],
    }
    described = {**{key: known[key] for key in kept}, "counts": [count], "layouts": {"burned": layout}}
    return Election.model_validate_json(json.dumps(described))


@pytest.fixture
def data(shared: Path) -> Path:
    """The folder with the published files of 2019."""
    folder = shared / "data" / "bolivia-2019"
    if not (folder / FILE).is_file():
        pytest.skip(f"needs {folder / FILE}, which is not there")
    return folder


@pytest.mark.slow
def test_sheets_in_a_real_xls(data: Path) -> None:
    header, *rows = CalamineWorkbook.from_path(data / FILE).get_sheet_by_index(0).to_python()
    expected: Counter[str] = Counter()
    stations = []
    for row in rows:
        cells = dict(zip(header, row, strict=True))
        if cells["ElecActa"] == PRESIDENT:
            stations.append(str(int(float(str(cells["NumMesa"])))))
            for name in (*CHOICES.values(), *FIGURES.values()):
                expected[name] += int(float(str(cells[name] or 0)))
    assert len(rows) == 450
    assert len(stations) == 225

    election = described()
    table = read_sheets(election, election.contests[0], election.counts[0], data).table
    assert table["station"].to_list() == stations
    found = {name: table[f"votes.{choice}"].sum() for choice, name in CHOICES.items()}
    found |= {name: table[figure].sum() for figure, name in FIGURES.items()}
    assert found == dict(expected)
    assert table["votes.FPV"].null_count() > 0  # an empty cell stays absent


@pytest.mark.slow
def test_computed_sheets_say_what_the_official_count_says(data: Path) -> None:
    election, whole = described(), read_election("bolivia-2019")
    own = read_sheets(election, election.contests[0], election.counts[0], data).table
    count = next(count for count in whole.counts if count.id == "official")
    official = read_sheets(whole, whole.contests[0], count, data).table
    both = own.join(official, on="station", suffix=".official")
    assert both.height == own.height
    names = ("registered", "blank", "null", *(f"votes.{choice}" for choice in CHOICES))
    assert all((both[name].fill_null(0) == both[f"{name}.official"]).all() for name in names)
