"""Addresses that last: another station, snapshot or claim changes no address of what was there."""

import dataclasses
import re
import shutil
from pathlib import Path

import pytest

from tests.dossier.conftest import opened_from
from veedor.dossier.derive.page_data import value_of
from veedor.dossier.show.permalinks import anchors, finding_anchor
from veedor.dossier.site import dossier_files

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "record"

CLAIM = """
[[claims]]
id = "{id}"
who = {{ name = {{ en = "{id}" }} }}
words = {{ en = "It was so, says {id}." }}
source = {{ title = "Statement", date = 2025-03-04 }}
kind = "not_testable"
"""


def addresses(files: dict[str, bytes]) -> set[str]:
    """Every page with every place in it, every station's page, every place's: as readers keep them."""
    found = set()
    for name, content in files.items():
        if name.endswith(".html") and name.startswith(("en/", "es/")):
            found |= {f"{name}#{place}" for place in re.findall(r' id="([^"]+)"', content.decode())} | {name}
    found |= {f"en/station.html?id={one}" for one in value_of(files["data/stations.js"].decode())}
    places = value_of(files["data/places.js"].decode())
    for place, parent in enumerate(places["parent"]):
        path: list[str] = []
        while place > 0:
            path.insert(0, places["name"][place])
            place, parent = parent, places["parent"][parent]
        found.add("en/count.html#/" + "/".join(path))
    return found


def made(folder: Path, claims: str | None) -> set[str]:
    opened = dataclasses.replace(opened_from(folder, "valle"), claims=claims.encode() if claims else None)
    return addresses(dossier_files(opened, data="x"))


@pytest.mark.slow
def test_another_station_another_snapshot_and_another_claim_change_no_address(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    for folder in (before, after):
        shutil.copytree(EXAMPLE, folder)
    for table in sorted((after / "published").iterdir()):
        lines = table.read_text().splitlines()
        table.write_text(
            "\n".join([lines[0], "100,Valle,Aula Nueva,200,50,60,1,1", *lines[1:], ""])
        )  # the first of all
    newest = (after / "published" / "acta-20250303-193500.csv").read_text()
    (after / "published" / "acta-20250304-120000.csv").write_text(newest.replace(",50,60,", ",51,60,"))
    old = made(before, CLAIM.format(id="second"))
    new = made(after, CLAIM.format(id="first") + CLAIM.format(id="second"))
    assert len(old) > 100
    assert {"en/claims.html#second", "en/station.html?id=201", "en/count.html#/Valle/Colegio Norte"} <= old
    # What was found in the then last snapshot is not asked again of it: these findings are others now.
    assert {one for one in old - new if "20250303T193500" not in one} == set()
    assert "en/claims.html#first" in new - old
    assert "en/station.html?id=100" in new - old


def finding(check: str, **effect: object) -> dict[str, object]:
    return {"check": check, "effect": effect}


def test_a_finding_is_called_by_what_it_looked_at() -> None:
    first = {"count": "trep", "snapshot": "2019-10-20T19:40:57-04:00"}
    last = {"count": "official", "snapshot": "2019-10-25T21:09:30-04:00"}
    assert finding_anchor(finding("sums", **last)) == "sums-official-20191025T210930"
    assert finding_anchor(finding("reconciliation", **{"from": first, "to": last})) == (
        "reconciliation-trep-20191020T194057-official-20191025T210930"
    )
    assert finding_anchor(finding("revisions", count="trep", snapshots=2)) == "revisions-trep"
    assert finding_anchor(finding("station_numbers", stations=3)) == "station_numbers"


def test_findings_on_the_same_snapshots_are_told_apart() -> None:
    twice = [finding("sums", count="a"), finding("sums", count="b"), finding("sums", count="a")]
    assert anchors(twice) == ["sums-a", "sums-b", "sums-a.2"]
