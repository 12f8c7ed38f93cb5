"""Tables and their dictionary: every column explained, every form of a table with the same cells, places as GeoJSON."""

import csv
import gzip
import hashlib
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from tests.dossier.conftest import hostile_rows, opened_from
from veedor.dossier.derive.tables import table_files
from veedor.dossier.site import dossier_files

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "record"


@pytest.fixture(scope="module")
def valle() -> dict[str, bytes]:
    return dossier_files(opened_from(EXAMPLE, "valle"), data="x")


def heads(files: dict[str, bytes]) -> Iterator[tuple[str, list[str]]]:
    for name, content in files.items():
        if name.startswith("tables/") and name.endswith(".csv"):
            yield name, next(csv.reader(io.StringIO(content.decode())))


@pytest.mark.slow
def test_every_column_of_every_table_is_in_the_dictionary(valle: dict[str, bytes]) -> None:
    package = json.loads(valle["tables/datapackage.json"])
    listed = {f"tables/{one['path']}": one for one in package["resources"]}
    tables = dict(heads(valle))
    assert listed.keys() == tables.keys()
    for name, columns in tables.items():
        resource = listed[name]
        assert [field["name"] for field in resource["schema"]["fields"]] == columns
        assert resource["hash"] == f"sha256:{hashlib.sha256(valle[name]).hexdigest()}"
        assert (resource["bytes"], resource["schema"]["missingValues"]) == (len(valle[name]), [""])
        assert resource["rows"] == len(list(csv.reader(io.StringIO(valle[name].decode())))) - 1
    fields = {one["name"]: one for one in listed["tables/sheets-preliminary.csv"]["schema"]["fields"]}
    assert fields["votes.A"]["descriptions"] == {"en": "votes for Ana Quispe", "es": "votos por Ana Quispe"}
    assert (fields["votes.A"]["type"], fields["votes.A"]["unit"]["en"]) == ("integer", "votes")
    assert fields["valid"]["description"].endswith("as the sheet prints them, never worked out")
    assert fields["arrived"]["type"] == "datetime"


@pytest.mark.slow
def test_the_page_names_every_column_and_every_file(valle: dict[str, bytes]) -> None:
    for code in ("en", "es"):
        page = valle[f"{code}/data.html"].decode()
        for name, columns in heads(valle):
            assert f'href="../{name}"' in page
            part = page[page.index(f'id="{name.removeprefix("tables/").removesuffix(".csv")}"') :]
            assert re.findall(r'<th scope="row"><code>([^<]+)', part.split("</section>")[0]) == columns
        assert "../tables/places.geojson" not in page  # no station of this election has a position
    assert "tables/places.geojson" not in valle
    assert '<a href="data.html">' in valle["es/about.html"].decode()


def test_a_large_table_is_there_as_parquet_and_a_huge_one_compressed() -> None:
    opened = opened_from(EXAMPLE, "valle")
    plain = table_files(opened).files["tables/sheets-preliminary.csv"]
    large = table_files(opened, large=0).files
    assert large["tables/sheets-preliminary.csv"] == plain
    table = pl.read_parquet(io.BytesIO(large["tables/sheets-preliminary.parquet"]))
    assert table["votes.A"].to_list() == [int(row["votes.A"]) for row in csv.DictReader(io.StringIO(plain.decode()))]
    assert table.schema["registered"] == pl.Int64
    huge = table_files(opened, large=0, huge=0)
    assert "tables/sheets-preliminary.csv" not in huge.files
    assert gzip.decompress(huge.files["tables/sheets-preliminary.csv.gz"]) == plain
    assert huge == table_files(opened, large=0, huge=0)  # the same bytes again
    assert [path for one in huge.tables if one.name == "sheets-preliminary" for path, _ in one.files] == [
        "tables/sheets-preliminary.csv.gz",
        "tables/sheets-preliminary.parquet",
    ]


def test_places_as_geojson(hostile: Path) -> None:
    """RFC 7946: longitude first; one point, several, or null. Rows of the election as the fixture writes them."""
    made = json.loads(table_files(opened_from(hostile, "hostile")).files["tables/places.geojson"])
    assert made["type"] == "FeatureCollection"
    rows = hostile_rows()
    assert sum(one["properties"]["stations"] for one in made["features"]) == len(rows)
    assert sum(one["properties"]["votes.B"] for one in made["features"]) == sum(int(str(row["B"])) for row in rows)
    wanted = {(float(str(row["lon"])), float(str(row["lat"]))) for row in rows if row["lat"] != ""}
    found = set()
    for one in made["features"]:
        geometry = one["geometry"]
        if geometry is not None:
            at = [geometry["coordinates"]] if geometry["type"] == "Point" else geometry["coordinates"]
            found |= {tuple(point) for point in at}
    assert found == wanted
    assert {one["geometry"]["type"] for one in made["features"] if one["geometry"]} == {"MultiPoint"}
