"""The data files say what the sheets say, and cannot break out of their script."""

import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from veedor.dossier.data_files import named_value
from veedor.dossier.derive import page_data
from veedor.dossier.input import Opened
from veedor.errors import VeedorError
from veedor.sheets import vote_columns

pytestmark = pytest.mark.slow

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.slow
@given(value=JSON)
def test_a_data_file_gives_its_value_back_and_holds_no_tag(value: object) -> None:
    text = page_data.script("name", value)
    assert page_data.value_of(text) == value
    assert not set(text) & set("<>&\u2028\u2029")


def test_a_name_that_ends_a_script_stays_a_name() -> None:
    text = page_data.script("places", ["</script><script>alert(1)</script>"])
    assert "</script" not in text
    assert "\\u003c/script" in text


@pytest.mark.parametrize(
    "text",
    [
        "alert(1)",
        'veedor.data("a",1);alert(1);veedor.data("b",2);\n',
        'veedor.data("a",1,2);\n',
        'veedor.data(1,"a");\n',
        'veedor.data("a");\n',
        'veedor.data("a",{"k":1,"k":2});\n',
        'veedor.data("a",' + "[" * 100_000 + "]" * 100_000 + ");\n",
        "veedor.data();\n",
        "veedor.data(;\n",
    ],
)
def test_what_is_no_data_file_is_refused(text: str) -> None:
    with pytest.raises(VeedorError, match="a data file: not"):
        page_data.value_of(text)


def states_from(folder: Path, publication: int, first: int) -> dict[str, list[int | None]]:
    """Figures of every station's sheet as a reader of the data files finds them at a publication."""
    election = page_data.value_of((folder / "data/election.js").read_text(encoding="utf-8"))
    stations = page_data.value_of((folder / "data/stations.js").read_text(encoding="utf-8"))
    found: dict[str, list[int | None]] = {}
    for number in range(len(election["chunks"]) - 1):
        chunk = page_data.value_of((folder / f"data/chunk-{number}.js").read_text(encoding="utf-8"))
        for row, offset in enumerate(chunk["station"]):
            station = stations[chunk["first"] + offset]
            if first <= chunk["publication"][row] <= publication:
                if chunk["change"][row] == 2:
                    found.pop(station, None)
                    continue
                columns = [chunk["registered"], *chunk["votes"], chunk["blank"], chunk["null"]]
                found[station] = [None if column is None else column[row] for column in columns]
    return found


@pytest.mark.slow
def test_every_publication_can_be_read_back_from_the_chunks(opened: Opened, dossier: Path) -> None:
    first = 0
    for series in opened.series.values():
        for number, when in enumerate(series.snapshots):
            figures = ["registered", *vote_columns(opened.contest), "blank", "null"]
            rows = series.at(when).select("station", *figures).rows()
            assert states_from(dossier, first + number, first) == {row[0]: list(row[1:]) for row in rows}
        first += len(series.snapshots)


def test_a_chunk_never_splits_a_place_at_the_deepest_level(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_data, "CHUNK", 7)
    bounds = page_data.bounds_of(opened.geography)
    starts = set(opened.geography.start[opened.geography.level == opened.geography.level.max()].tolist())
    assert len(bounds) > 10
    assert set(bounds[:-1]) <= starts
    assert bounds[-1] == opened.geography.stations.height
    rows = page_data.rows_of(opened.geography, opened.contest, list(opened.series.values()))
    values = page_data.chunk_values(rows, opened.contest, bounds)
    assert len(values) == len(bounds) - 1
    assert sum(len(value["station"]) for value in values) == rows.height


def test_the_map_has_every_station_once(opened: Opened, dossier: Path) -> None:
    value = page_data.value_of((dossier / "data/map.js").read_text(encoding="utf-8"))
    assert sum(value["stations"]) + sum(value["nowhere"]["stations"]) == opened.geography.stations.height
    document = json.loads((dossier / "results/map.json").read_text(encoding="utf-8"))
    main = opened.table(opened.count.id)
    assert sum(value["registered"]) == main.filter(pl.col("latitude").is_not_null())["registered"].sum()
    assert document["stations_with_coordinates"] == sum(value["stations"])


@pytest.mark.slow
def test_a_station_is_told_the_findings_that_list_it(opened: Opened, dossier: Path) -> None:
    results = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in dossier.glob("results/*.json")}
    value = named_value(opened, results)
    changed = [one for one in results["check.json"]["findings"] if one["check"] == "reconciliation" and one["items"]]
    station = changed[0]["items"][0]["station"]
    told = [value["findings"][at] for at in value["stations"][station]]
    assert any(one["href"].startswith("checks.html#reconciliation") for one in told)
    for page in ("checks", "forensics"):
        text = (dossier / "en" / f"{page}.html").read_text(encoding="utf-8")
        for one in value["findings"]:
            if one["href"].startswith(page):
                assert f'id="{one["href"].split("#")[1]}"' in text, "every link leads somewhere"
