"""Links to a dossier where they are shared: what messengers read of a page, and the picture that they fetch."""

import dataclasses
import hashlib
import html
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image

from tests.dossier.conftest import opened_from
from veedor.dossier.pages import PAGES
from veedor.dossier.share import drawing
from veedor.dossier.share.card import Bar, Card
from veedor.dossier.share.citation import _escaped
from veedor.dossier.site import dossier_files
from veedor.dossier.verify import verify_dossier

BASE = "https://example.org/elections/demo/"
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "record"
CITED = r'<div class="copy" data-label="[^"]+">(?:<pre>)?<code>(.*?)</code>'

CARD = Card(
    election="Elección",
    page="Cómputo",
    headline="Gana la lista A: 11,30 puntos; hacían falta 10",
    line="Las cifras de 24 actas.",
    bars=(Bar(name="Lista A", share=0.6, said="60 %", color="#aa3300"),),
    became=("24 de noviembre de 2019: anulada",),
    state="Cómputo oficial, 7 de mayo de 2024",
    check="veedor count x",
    alt="Cómputo. Gana la lista A",
    rtl=False,
)


class Head(HTMLParser):
    """The tags that messengers read, as https://ogp.me has them: `property` and `content`, and links by `rel`."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.said: dict[str, list[str]] = {}
        self.links: dict[str, list[str]] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        if tag == "meta" and (name := held.get("property") or held.get("name")):
            self.said.setdefault(name, []).append(str(held["content"]))
        if tag == "link":
            rel = f"{held['rel']} {held['hreflang']}" if "hreflang" in held else str(held["rel"])
            self.links.setdefault(rel, []).append(str(held["href"]))


@pytest.fixture(scope="module")
def at_home() -> dict[str, bytes]:
    opened = dataclasses.replace(opened_from(EXAMPLE, "valle"), url=BASE)
    return dossier_files(opened, data="../raw")


@pytest.mark.slow
def test_every_page_says_what_it_is_and_has_a_picture_that_can_be_fetched(at_home: dict[str, bytes]) -> None:
    pages = [name for name in at_home if name.endswith(".html")]
    assert len(pages) > 20
    for name in pages:
        head = Head(at_home[name].decode())
        assert {len(values) for values in head.said.values()} == {1}, name
        said = {key: values[0] for key, values in head.said.items()}
        own = BASE if name == "index.html" else BASE + name
        assert head.links["canonical"] == [said["og:url"]] == [own]
        assert {"og:title", "og:type", "og:image", "og:url"} <= said.keys()  # the four that ogp.me requires
        assert said["og:description"] == said["description"] == said["twitter:description"]
        assert re.search("Benito Rojas (is elected|gana la elección)", said["description"])
        assert said["twitter:card"] == "summary_large_image"
        picture = said["og:image"]
        assert picture == said["twitter:image"]
        assert urlsplit(picture)[:2] == ("https", "example.org")
        image = Image.open(io.BytesIO(at_home[picture.removeprefix(BASE)]))
        assert (image.format, image.size) == ("PNG", (1200, 630))
        assert (said["og:image:width"], said["og:image:height"]) == ("1200", "630")
        assert said["og:image:alt"] == image.info["Description"]
        assert head.links["alternate es"][0].startswith(f"{BASE}es/")
    codes = {name.split("/")[0] for name in at_home if name.endswith(".png")}
    assert codes == {"en", "es"}
    assert (
        len({at_home[name] for name in at_home if name.endswith(".png")}) == len(pages) - 1
    )  # none shows another's card


@pytest.mark.slow
def test_without_an_address_nothing_absolute_is_said(dossier: Path) -> None:
    head = Head((dossier / "en/count.html").read_text())
    assert "canonical" not in head.links
    assert {"og:url", "twitter:card", "twitter:image"}.isdisjoint(head.said)
    assert head.said["og:image"] == ["card.svg"]
    assert "10 needed" in head.said["description"][0]
    assert not list(dossier.rglob("*.png"))


@pytest.mark.slow
def test_verify_draws_the_cards_again(tmp_path: Path, at_home: dict[str, bytes]) -> None:
    for name, content in at_home.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    card = tmp_path / "es/card-count.png"
    card.write_bytes((tmp_path / "en/card-count.png").read_bytes())
    found = verify_dossier(tmp_path, EXAMPLE)
    assert [one.file for one in found.differences] == ["es/card-count.png"]
    assert json.loads(at_home["results/manifest.json"])["cards_drawn_with"].startswith("Pillow ")


def test_the_same_words_give_the_same_bytes_and_a_changed_figure_others() -> None:
    assert drawing.png_of(CARD) == drawing.png_of(CARD)
    assert drawing.png_of(CARD) != drawing.png_of(dataclasses.replace(CARD, headline=CARD.headline.replace("30", "31")))


def test_letters_that_the_font_lacks_are_named() -> None:
    assert drawing.letters_lacking(CARD) == ""
    assert drawing.letters_lacking(dataclasses.replace(CARD, election="Wahl 選挙")) == "挙選"


def test_a_text_of_any_length_stays_inside_the_card() -> None:
    long = "W" * 90 + " " + "word " * 400
    image = Image.open(
        io.BytesIO(
            drawing.png_of(dataclasses.replace(CARD, headline=long, line=long, election=long, became=(long,) * 9))
        )
    )
    edge = image.convert("RGB").crop((drawing.WIDTH - drawing.EDGE + 2, 13, drawing.WIDTH, drawing.HEIGHT))
    colors = edge.getcolors()
    assert colors is not None
    assert len(colors) == 1  # paper alone


def test_what_became_of_it_is_on_the_card() -> None:
    assert drawing.png_of(CARD) != drawing.png_of(dataclasses.replace(CARD, became=()))


def test_every_kind_of_page_has_a_line() -> None:
    from veedor.dossier.share.lines import COUNTED
    from veedor.dossier.share.texts import TEXTS

    held = TEXTS.all("en")
    for page in PAGES:
        key = f"line.{page.id}.other" if page.id in COUNTED or page.id == "map" else f"line.{page.id}"
        assert page.id == "audit" or key in held, page.id


@pytest.mark.slow
def test_every_page_says_how_to_cite_it(at_home: dict[str, bytes], tmp_path: Path) -> None:
    sums = at_home["results/figures.sha256"]
    listed = {name: known for known, name in (line.split("  ") for line in sums.decode().splitlines())}
    assert listed == {name: hashlib.sha256(at_home[name]).hexdigest() for name in listed}
    written = {name for name in at_home if name.startswith("results/") and name.endswith(".json")}
    assert listed.keys() == {*written - {"results/manifest.json"}, "election.toml"}
    known = hashlib.sha256(sums).hexdigest()
    for name in [name for name in at_home if name.endswith(".html") and name.startswith(("en/", "es/"))]:
        sentence, bibtex, csl = (html.unescape(one) for one in re.findall(CITED, at_home[name].decode(), re.DOTALL))
        assert known in sentence
        assert "veedor count valle" in sentence
        assert f"{BASE}{name}" in sentence
        assert bibtex.startswith("@misc{veedor-valle-2025-")
        assert bibtex.count("{") == bibtex.count("}")
        assert f"  url = {{{BASE}{name}}}\n" in bibtex
        assert "  year = {2025},\n  month = {3},\n" in bibtex
        (item,) = json.loads(csl)
        assert (item["type"], item["URL"], item["issued"]) == ("dataset", BASE + name, {"date-parts": [[2025, 3, 3]]})
        assert known in item["note"]
        assert "author" not in item  # the figures are the authority's


def test_a_name_cannot_break_out_of_bibtex() -> None:
    made = _escaped("100 % {a}\\b\n& c_d#~^$")
    assert made == r"100 \% \{a\}\textbackslash{}b \& c\_d\#\textasciitilde{}\textasciicircum{}\$"
