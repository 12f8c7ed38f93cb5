"""A reader with a keyboard and a phone, in Spanish: from the overview, each answer within three steps."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Watched
from veedor.cli.report import make_dossier

pytestmark = pytest.mark.browser

QUESTIONS = (
    ("¿Qué se contó?", ("2.889.359", "47,08")),
    ("¿Qué tan cerca estuvo?", ("17.336 votos", "segunda vuelta")),
    ("¿Qué faltaba?", ("5.580 actas", "21,14 puntos")),
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
    out = tmp_path_factory.mktemp("story") / "site"
    make_dossier("bolivia-2019", out, data=shared / "data" / "bolivia-2019")
    return out


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
