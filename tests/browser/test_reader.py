"""A reader with a keyboard and a phone, in Spanish: from the overview, each answer within three steps."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Watched
from tests.once import made_once
from veedor.cli.report import make_dossier
from veedor.dossier.show.pdf import print_summaries

pytestmark = pytest.mark.browser

QUESTIONS = (
    ("¿Qué se contó?", ("2.889.359", "47,08")),
    ("¿Qué tan cerca estuvo?", ("17.336 votos", "segunda vuelta")),
    # Vector B04 has 21.14 of 984,692 votes, 2,697 of them corrections of counted sheets; of the missing sheets alone:
    # (0.1 x 6,134,974 - 405,643) / 981,995.
    ("¿Qué faltaba?", ("5.580 actas", "21,17 puntos")),
    ("¿Qué dicen las proyecciones?", ("puntos", "10,56")),
    ("¿Qué cambió?", ("549 actas",)),
    ("¿Qué necesitaría una auditoría?", ("697 actas", "5")),
)
"""Link text on the overview, and what its section says: figures of the published sheets and of the audit's vectors."""

MOST_TABS = 60


def step(page: Page, name: str) -> None:
    """Tab to the link of that name and press Enter: one step."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == name:
            page.keyboard.press("Enter")
            page.wait_for_timeout(400)
            return
    raise AssertionError(f"no Tab leads to {name}")


@pytest.fixture(scope="session")
def story(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = shared / "data" / "bolivia-2019"
    return made_once(tmp_path_factory, "story", lambda out: make_dossier("bolivia-2019", out, data=data))


def test_each_answer_is_within_three_steps(story: Path, watched: Watched) -> None:
    watched.page.set_viewport_size({"width": 375, "height": 740})
    for question, answers in QUESTIONS:
        page = watched.open(story, "es/index.html")
        step(page, question)
        shown = page.locator("section:target").inner_text().replace("\u00a0", " ")
        assert all(answer in shown for answer in answers), (question, shown)
        page.wait_for_function(
            "() => { const y = document.querySelector('section:target h2').getBoundingClientRect().y;"
            " return y >= 0 && y < innerHeight; }"
        )
    page = watched.open(story, "es/index.html")
    step(page, "¿Qué puede verificar cualquiera?")
    step(page, "Buscar una mesa y compararla con su acta")
    page.wait_for_url("**/es/station.html")
    watched.settle()
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "search-field":
            break
    page.keyboard.type("10001")
    page.locator("form.search li a").first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/station.html?id=10001")
    assert watched.complaints == []


def test_search_finds_a_claim_by_its_speaker(story: Path, watched: Watched) -> None:
    page = watched.open(story, "es/index.html")
    page.locator("#search-field").fill("calderon")
    page.get_by_role("link", name="Yuri Calderón").first.click()
    page.wait_for_url("**/es/claims.html#cochabamba-isolated")


FIRST_PAGE = 1.0
"""Seconds from disk until the overview can be read and used."""
FOLDER = 40_000_000
"""Bytes of the whole dossier."""


def test_the_first_page_is_usable_within_a_second_from_disk(story: Path, watched: Watched) -> None:
    watched.page.goto((story / "es/index.html").as_uri())  # once, so that the disk's own cache is no part of it
    spent = []
    for _ in range(3):
        watched.page.goto((story / "es/index.html").as_uri())
        watched.settle()
        timing = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
        spent.append(watched.page.evaluate(timing) / 1000)
    assert min(spent) < FIRST_PAGE, spent


def test_the_folder_is_small(story: Path) -> None:
    assert sum(path.stat().st_size for path in story.rglob("*") if path.is_file()) < FOLDER


def test_the_summary_prints_on_one_page(story: Path) -> None:
    pypdf = pytest.importorskip("pypdf")
    for path in print_summaries(story):
        pages = pypdf.PdfReader(path).pages
        assert len(pages) == 1, path
        text = " ".join(pages[0].extract_text().replace("\u00a0", " ").split())
        assert "2,889,359" in text or "2.889.359" in text


@pytest.mark.parametrize("name", ["claims", "interruption"])
@pytest.mark.parametrize("width", [1280, 320])
def test_long_pages_of_a_real_story_stay_clean(story: Path, watched: Watched, name: str, width: int) -> None:
    watched.page.set_viewport_size({"width": width, "height": 800})
    page = watched.open(story, f"es/{name}.html")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert Axe().run(page, options={"preload": False, "resultTypes": ["violations"]}).response["violations"] == []
    assert watched.complaints == []
