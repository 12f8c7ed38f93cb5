"""The dossier in Chromium, from disk: what a reader does, with a mouse, with keys alone, on a phone."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Watched
from veedor.dossier.input import Opened
from veedor.dossier.pages import PAGES
from veedor.dossier.show.language import SPANISH

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKED_AT = {"runOnly": RULES, "preload": False, "resultTypes": ["violations"]}
WIDTHS = (1280, 375, 320)
PHONE = {"width": 320, "height": 640}


def a_station(opened: Opened) -> str:
    return str(opened.geography.stations["station"][7])


def address(name: str, opened: Opened) -> str:
    return f"station.html?id={a_station(opened)}" if name == "station" else f"{name}.html"


@pytest.mark.parametrize("code", ["en", "es"])
@pytest.mark.parametrize("name", [page.id for page in PAGES])
def test_every_kind_of_page_at_every_width(name: str, code: str, full: Path, opened: Opened, watched: Watched) -> None:
    """No complaint, no outside request, nothing from axe wide and narrow, and nothing to scroll sideways for."""
    page = watched.open(full, f"{code}/{address(name, opened)}")
    page.evaluate("document.querySelectorAll('details').forEach((one, at) => { one.open = at < 3; })")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
        if width != 375:
            found = Axe().run(page, options=LOOKED_AT)
            assert found.response["violations"] == [], (width, found.generate_report())
    assert watched.complaints == []
    assert watched.outside == []


def test_the_pages_of_a_dossier_with_everything_are_all_kinds(full: Path) -> None:
    for code in ("en", "es"):
        assert {path.stem for path in (full / code).glob("*.html")} == {page.id for page in PAGES}


def test_the_entry_page_is_clean_too(full: Path, watched: Watched) -> None:
    context = watched.page.context.browser.new_context(java_script_enabled=True)  # type: ignore[union-attr]
    page = context.new_page()
    page.route("**/start.js", lambda route: route.abort())  # or it goes on to the reader's language at once
    page.goto((full / "index.html").as_uri())
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert Axe().run(page, options=LOOKED_AT).response["violations"] == []
    context.close()


SCRIPT_AND_STYLE = 300_000


def test_a_page_s_script_and_style_are_small(full: Path, opened: Opened, watched: Watched) -> None:
    """Under 300 kB compressed for each page, the data that it asks for later apart."""
    loaded = "Array.from(document.querySelectorAll('script[src], link[rel=stylesheet]'), (one) => one.src || one.href)"
    for page in PAGES:
        watched.open(full, f"es/{address(page.id, opened)}")
        parts = {url.rpartition("/assets/")[2] for url in watched.page.evaluate(loaded) if "/assets/" in url}
        assert "style.css" in parts
        assert "app.js" in parts
        assert sum(len(gzip.compress((full / "assets" / part).read_bytes())) for part in parts) < SCRIPT_AND_STYLE


def test_the_entry_page_goes_to_the_reader_s_language_and_the_switch_is_remembered(
    dossier: Path, opened: Opened, watched: Watched
) -> None:
    page = watched.open(dossier, "index.html")
    page.wait_for_url("**/en/index.html")
    watched.open(dossier, f"en/station.html?id={a_station(opened)}")
    page.get_by_role("link", name="Español").click()
    page.wait_for_url(f"**/es/station.html?id={a_station(opened)}")
    watched.settle()
    assert page.locator("html").get_attribute("lang") == "es"
    assert page.get_by_role("heading", level=1).inner_text() == f"Mesa {a_station(opened)}"
    watched.open(dossier, "index.html")
    page.wait_for_url("**/es/index.html")


def test_figures_are_written_as_the_reader_writes_them(dossier: Path, opened: Opened, watched: Watched) -> None:
    from veedor.count import tally

    total = tally(opened.table(opened.count.id), opened.contest)
    first = total.ranking[0]
    votes, share = SPANISH.number(total.votes[first]), SPANISH.percent(total.votes[first] / total.valid)
    for name in ("index", "count"):
        page = watched.open(dossier, f"es/{name}.html")
        row = page.locator("table.results tbody tr").first
        assert votes in row.inner_text()
        assert share.replace("\u00a0", " ") in row.inner_text().replace("\u00a0", " ")


def test_search_finds_a_station_and_shows_its_figures(dossier: Path, opened: Opened, watched: Watched) -> None:
    station = a_station(opened)
    page = watched.open(dossier, "en/count.html")
    page.get_by_label("Find a place, a polling station or a claim").fill(station)
    page.get_by_role("link", name=f"Polling station {station}").first.click()
    watched.settle()
    main = opened.table(opened.count.id)
    sheet = main.filter(main["station"] == station).to_dicts()[0]
    choice = opened.contest.choice_ids[0]
    cells = page.locator("tbody tr", has_text=opened.contest.choices[0].name.en).first.locator("td")
    assert cells.last.inner_text().split()[0] == f"{sheet[f'votes.{choice}']:,}"


def test_search_ignores_accents_and_case_and_says_when_there_is_nothing(
    dossier: Path, opened: Opened, watched: Watched
) -> None:
    import unicodedata

    name = opened.geography.path(1)[0]
    plain = unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode().lower()
    page = watched.open(dossier, "en/index.html")
    field = page.get_by_label("Find a place, a polling station or a claim")
    field.fill(plain)
    page.locator("form.search li a strong", has_text=name).first.wait_for()
    field.fill("zzzz-nothing")
    page.get_by_text("Nothing is called “zzzz-nothing”.").wait_for()


def test_search_takes_a_number_with_words_before_it_and_separators_in_it(
    dossier: Path, opened: Opened, watched: Watched
) -> None:
    station = a_station(opened)
    page = watched.open(dossier, "es/index.html")
    field = page.locator("#search-field")
    for query in (f"mesa {station}", f"Acta n.º {station}", f"{station[:1]}.{station[1:]}", f" {station} "):
        field.fill(query)
        page.locator("form.search li a strong", has_text=station).first.wait_for()


def test_a_station_says_which_findings_list_it_and_what_to_do_where_a_photograph_differs(
    dossier: Path, watched: Watched
) -> None:
    findings = json.loads((dossier / "results/check.json").read_text(encoding="utf-8"))["findings"]
    item = next(one["items"][0] for one in findings if one["check"] == "reconciliation" and one["items"])
    page = watched.open(dossier, f"en/station.html?id={item['station']}")
    page.locator("#station h2", has_text="Findings that list this sheet").wait_for()
    assert page.locator("#station ul.known a").count() >= 1
    assert page.get_by_role("heading", name="My photograph of this sheet says something else").is_visible()
    assert watched.complaints == []


def test_drill_down_to_a_station_and_back(dossier: Path, watched: Watched) -> None:
    page = watched.open(dossier, "en/count.html")
    steps = 0
    while page.locator("#place tbody th a").count() and "station.html" not in (
        page.locator("#place .scroll tbody th a").first.get_attribute("href") or ""
    ):
        before = page.locator("#place h2").inner_text()
        page.locator("#place .scroll tbody th a").first.click()
        page.wait_for_function("(old) => document.querySelector('#place h2').innerText !== old", arg=before)
        steps += 1
    assert steps >= 2
    deepest = page.url
    page.locator("#place .scroll tbody th a").first.click()
    page.wait_for_url("**/station.html?id=*")
    watched.settle()
    page.go_back()
    page.wait_for_url(deepest)
    page.locator(".crumbs a").first.click()
    page.wait_for_function("!document.querySelector('.crumbs')")
    assert watched.complaints == []


def test_a_column_sorts_both_ways_and_says_so(dossier: Path, watched: Watched) -> None:
    page = watched.open(dossier, "en/count.html")
    head = page.locator("#place .scroll thead th", has_text="Registered")

    def column() -> list[int]:
        return [
            int(text.replace(",", ""))
            for text in page.locator("#place .scroll tbody tr td:nth-child(3)").all_inner_texts()
        ]

    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    assert column() == sorted(column(), reverse=True)
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert column() == sorted(column())


def test_keys_alone_lead_from_the_overview_to_a_station(dossier: Path, opened: Opened, watched: Watched) -> None:
    page = watched.open(dossier, "en/index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    _tab_to(page, "count.html")
    page.keyboard.press("Enter")
    page.wait_for_url("**/count.html")
    watched.settle()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "search-field":
            break
    page.keyboard.type(a_station(opened))
    page.get_by_role("link", name=f"Polling station {a_station(opened)}").first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/station.html?id=*")


def _tab_to(page: Any, href: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('href')") == href:
            return
    raise AssertionError(f"no Tab leads to {href}")


def test_wide_tables_scroll_in_a_region_that_keys_reach(dossier: Path, watched: Watched) -> None:
    watched.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page = watched.open(dossier, "en/timeline.html")
    region = page.locator(".scroll").first
    region.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    assert region.evaluate("(one) => one.scrollLeft") > 0


def test_the_map_moves_with_keys_and_its_list_follows(dossier: Path, watched: Watched) -> None:
    page = watched.open(dossier, "en/map.html")
    page.wait_for_timeout(300)
    before = page.locator("#map-list caption").inner_text()
    page.locator("#map-canvas").focus()
    for _ in range(8):
        page.keyboard.press("+")
    page.wait_for_timeout(400)
    assert page.locator("#map-list caption").inner_text() != before
    for view in ("lead", "turnout", "missing"):
        page.locator("#map-view").select_option(view)
        assert page.locator("#map-legend li").count() >= 2
    page.keyboard.press("0")
    assert watched.complaints == []


@pytest.mark.parametrize("name", ["index", "count", "map", "timeline", "checks", "about"])
def test_a_script_in_a_name_stays_inert(name: str, hostile_dossier: Path, watched: Watched) -> None:
    page = watched.open(hostile_dossier, f"en/{name}.html")
    field = page.locator("#search-field")
    if field.count():
        field.fill("script")
        page.wait_for_timeout(150)
    if name == "count":
        for _ in range(2):
            page.locator("#place .scroll tbody th a").first.click()
            page.wait_for_timeout(150)
    assert page.evaluate("window.hacked") is None
    assert watched.complaints == []
    assert watched.outside == []


def test_every_hostile_place_and_station_can_be_reached(
    hostile_dossier: Path, hostile_opened: Opened, watched: Watched
) -> None:
    from urllib.parse import quote

    from veedor.dossier.pages.station_map import address as place_address
    from veedor.dossier.show.bidi_marks import marked

    for place in range(1, len(hostile_opened.geography.name)):
        path = list(hostile_opened.geography.path(place))
        page = watched.open(hostile_dossier, f"en/count.html{marked(place_address(path))}")
        assert page.locator("#place [role=alert]").count() == 0, path
        page.goto("about:blank")
    for station in hostile_opened.geography.stations["station"].to_list()[-8:]:
        page = watched.open(hostile_dossier, f"en/station.html?id={quote(station, safe='')}")
        assert page.get_by_role("heading", level=1).inner_text().split() == f"Polling station {station}".split()
    assert page.evaluate("window.hacked") is None
    assert watched.complaints == []


def test_without_scripts_the_figures_are_still_there(dossier: Path, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for name in ("index", "count", "checks", "timeline"):
        page.goto((dossier / f"es/{name}.html").as_uri())
        assert page.locator("table tbody tr").count() > 2, name
    page.goto((dossier / "index.html").as_uri())
    assert page.get_by_role("link", name="Español").is_visible()
    context.close()


def test_a_page_prints_without_its_tools(dossier: Path, watched: Watched) -> None:
    page = watched.open(dossier, "en/index.html")
    page.emulate_media(media="print")
    for hidden in (".pages", ".switch", ".command button"):
        assert not page.locator(hidden).first.is_visible()
    assert page.get_by_role("heading", level=1).is_visible()
    assert page.locator(".command code").first.is_visible()
