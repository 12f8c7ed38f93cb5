"""Sheets sampled region by region, combined."""

from pathlib import Path

import numpy as np
import pytest

from tests.audit import builders
from veedor.audit.rounds.readings import Interpretations, read_interpretations
from veedor.audit.rounds.regions import assess_strata, draw_strata, regions, stratum_seed
from veedor.audit.statistics.stratified import Stratum, evidence, stratified_risk
from veedor.errors import VeedorError

SHEETS = builders.units(300)
SEED = "31415926535897932384"


def as_reported(stations: list[str]) -> Interpretations:
    names = tuple(dict.fromkeys(stations))
    rows = [SHEETS.position[name] for name in names]
    return Interpretations(stations=names, statuses=("found",) * len(names), figures=SHEETS.figures[rows])


def test_samples_of_regions_confirm_together_what_none_does_alone() -> None:
    samples = draw_strata(SHEETS, "registered", 1, SEED, 60)
    assert set(samples) == {"region 0", "region 1", "region 2"}
    assert all(SHEETS.places[SHEETS.position[one]][0] == name for name, drawn in samples.items() for one in drawn)
    drawn = [station for stations in samples.values() for station in stations]
    product = assess_strata(SHEETS, "registered", 1, drawn, as_reported(drawn))
    assert max(one.risk for one in product) < 0.05
    assert {one.regions for one in product} == {3}
    alone = assess_strata(SHEETS, "registered", 1, samples["region 0"], as_reported(samples["region 0"]))
    assert max(one.risk for one in alone) == 1.0, "two regions without a sample may hold all the error"


@pytest.mark.parametrize("method", ["product", "fisher"])
def test_a_missing_sheet_and_an_extra_one_raise_the_risk(method: str) -> None:
    samples = draw_strata(SHEETS, "registered", 1, SEED, 60)
    drawn = [station for stations in samples.values() for station in stations]
    clean = as_reported(drawn)
    lost = Interpretations(
        stations=clean.stations, statuses=("missing", *clean.statuses[1:]), figures=clean.figures.copy()
    )
    extra = Interpretations(
        stations=(*clean.stations, "x"),
        statuses=(*clean.statuses, "extra"),
        figures=np.concatenate([clean.figures, [[10, 10, 10, 0, 0]]]),
    )
    risks = [
        max(one.risk for one in assess_strata(SHEETS, "registered", 1, drawn, read, method))  # type: ignore[arg-type]
        for read in (clean, lost, extra)
    ]
    assert risks[0] < risks[1]
    assert risks[0] < risks[2]


def test_one_stratum_is_the_plain_test_up_to_the_grid() -> None:
    """Kaplan-Wald of one sample without error: (1 - c + c / mu)^n."""
    mean = 1 - 1 / 20
    plain = (0.1 + 0.9 / mean) ** -80
    combined = stratified_risk([Stratum(x=np.ones(80), total=20.0)], 0.9)
    assert plain <= combined <= plain * 1.02


def test_evidence_grows_with_the_error_it_speaks_against() -> None:
    rng = np.random.default_rng(1)
    curve = evidence(Stratum(x=rng.uniform(0.7, 1.1, 60), total=8.0), 0.9)
    assert (np.diff(curve) >= -1e-12).all()
    assert curve[0] <= 0


def test_every_sheet_has_one_region_and_every_region_its_own_seed() -> None:
    found = regions(SHEETS, 2)
    assert sorted(place for places in found.values() for place in places) == list(range(300))
    assert len({stratum_seed(SEED, name) for name in found}) == len(found)


def test_unknown_sheets_are_refused(tmp_path: Path) -> None:
    with pytest.raises(VeedorError, match="not reported: nowhere"):
        assess_strata(SHEETS, "registered", 1, ["nowhere"], as_reported(["00001"]))
    with pytest.raises(VeedorError, match="no row in what was read: 00002"):
        assess_strata(SHEETS, "registered", 1, ["00001", "00002"], as_reported(["00001"]))
    path = tmp_path / "read.csv"
    path.write_text("station,status,ana,bea,cyd,blank,null\n00001,found,1,2,3,4,5\n")
    assert read_interpretations(path, SHEETS.contest).figures.tolist() == [[1, 2, 3, 4, 5]]
