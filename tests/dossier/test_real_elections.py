"""Dossiers of real elections. Expected: the published totals, and 17,336 as 34,671.9 votes over the line, halved."""

import json
from pathlib import Path

import pytest

from tests.dossier.shown_figures import unequal
from tests.once import made_once
from veedor.dossier.input import open_sheets
from veedor.dossier.site import write_dossier
from veedor.election import Contest, Count, Election
from veedor.sheets import Series, dataset
from veedor.sheets.dataset import open_dataset
from veedor.sheets.read import read_series

pytestmark = pytest.mark.slow


def made(name: str, shared: Path, factory: pytest.TempPathFactory) -> Path:
    def make(out: Path) -> None:
        opened = open_dataset(name, data=shared / "data" / name, skip_bad_rows=name == "bolivia-2020")
        write_dossier(open_sheets(opened), out, data="data")

    return made_once(factory, f"dossier-{name}", make)


@pytest.fixture(scope="module")
def bolivia_2019(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made("bolivia-2019", shared, tmp_path_factory)


@pytest.fixture(scope="module")
def bolivia_2020(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made("bolivia-2020", shared, tmp_path_factory)


def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the files of an election read once, however many commands are run on them."""
    known: dict[str, Series] = {}

    def once(
        election: Election, contest: Contest, count: Count, data: Path, *, skip_bad_rows: bool, progress: object
    ) -> Series:
        if count.id not in known:
            known[count.id] = read_series(election, contest, count, data, skip_bad_rows=skip_bad_rows)
        return known[count.id]

    monkeypatch.setattr(dataset, "read_series", once)


@pytest.mark.parametrize("name", ["bolivia_2019", "bolivia_2020"])
def test_every_command_gives_the_figures_beside_it(
    name: str, shared: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = request.getfixturevalue(name)
    monkeypatch.setenv("VEEDOR_DATA", str(shared / "data" / name.replace("_", "-")))
    read_once(monkeypatch)
    assert "\n".join(unequal(folder)) == ""


def results(folder: Path, name: str) -> dict[str, object]:
    document: dict[str, object] = json.loads((folder / "results" / name).read_text(encoding="utf-8"))
    return document


def test_the_overview_of_2019_says_what_was_counted_and_how_near_the_runoff_was(bolivia_2019: Path) -> None:
    english = (bolivia_2019 / "en/index.html").read_text(encoding="utf-8")
    spanish = (bolivia_2019 / "es/index.html").read_text(encoding="utf-8")
    for figure in (
        "2,889,359",
        "2,240,920",
        "6,137,671",
        "93,507",
        "229,337",
        "7,315,364",
        "17,336 votes",
        "47.08%",
    ):
        assert figure in english, figure
    for figure in ("2.889.359", "2.240.920", "6.137.671", "17.336 votos", "47,08\u00a0%"):
        assert figure in spanish, figure
    assert "<h1>The official tally sheets give Evo Morales a first-round win: 10.56 points, 10 needed</h1>" in english
    assert "<h1>Las actas oficiales dan a Evo Morales la victoria en primera vuelta: 10,56 puntos;" in spanish


def test_the_timeline_of_2019_says_what_lead_the_rest_needed(bolivia_2019: Path) -> None:
    english = (bolivia_2019 / "en/timeline.html").read_text(encoding="utf-8")
    for figure in ("28,975", "45.71%", "37.84%", "21.14", "10.15"):
        assert figure in english, figure
    stop = results(bolivia_2019, "timeline.json")["counts"][0]["snapshots"][0]  # type: ignore[index]
    assert stop["outcome"]["result"] == "runoff"
    assert round(stop["open"]["lead_needed"], 8) == 0.21135858


def test_the_dossier_of_2019_is_small_enough(bolivia_2019: Path) -> None:
    sizes = {path: path.stat().st_size for path in bolivia_2019.rglob("*") if path.is_file()}
    assert sum(sizes.values()) < 30_000_000
    pages_and_data = [size for path, size in sizes.items() if path.suffix in (".html", ".js", ".css")]
    assert max(pages_and_data) < 1_000_000
    assert len(list(bolivia_2019.glob("data/chunk-*.js"))) == 14


def test_reconciliation_of_2019_stands_in_the_checks(bolivia_2019: Path) -> None:
    findings = results(bolivia_2019, "check.json")["findings"]
    found = [one for one in findings if one["check"] == "reconciliation"]  # type: ignore[attr-defined]
    effect = next(one["effect"] for one in found if one["effect"]["changed_sheets"] == 549)
    assert (effect["net"]["MAS-IPSP"], effect["net"]["CC"], effect["net"]["blank"], effect["net"]["null"]) == (
        2697,
        1903,
        -1065,
        -8,
    )
    assert "MAS-IPSP +2,697" in (bolivia_2019 / "en/checks.html").read_text(encoding="utf-8")


def test_the_dossier_of_2020_lists_the_16_rows_it_left_out(bolivia_2020: Path) -> None:
    folder = bolivia_2020
    assert len(results(folder, "election.json")["left_out"]) == 16  # type: ignore[arg-type]
    about = (folder / "es/about.html").read_text(encoding="utf-8")
    assert "16 filas no pueden leerse" in about
    assert "1.283" in about
    overview = (folder / "en/index.html").read_text(encoding="utf-8")
    for figure in ("3,394,052", "1,775,953", "6,159,211"):
        assert figure in overview, figure
    stations = (folder / "data/map.js").read_text(encoding="utf-8")
    assert '"latitude":[]' in stations
