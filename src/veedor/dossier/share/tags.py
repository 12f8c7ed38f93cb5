"""What a page says of itself to those who show links to it: Open Graph, Twitter's card, the canonical address.

Messengers fetch a page without running scripts, and a picture by an absolute address only. Without the address at which
the dossier will be served there is none of either: then the picture is named relative to the page, as SVG.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from veedor.dossier.pages.page import Page
from veedor.dossier.share.card import Card, card_of
from veedor.dossier.share.drawing import HEIGHT, WIDTH, letters_lacking
from veedor.dossier.share.lines import description
from veedor.dossier.show.language import Language
from veedor.dossier.show.published import Published


@dataclass(frozen=True, kw_only=True)
class Tags:
    """title, description, site: in the page's language. address, others: absolute, None and empty without `--url`.

    others: code and address of the page in each language. image: absolute PNG, else the SVG beside the page; None where
    the font lacks letters of it. alt, width, height: of the PNG.
    """

    title: str
    description: str
    site: str
    kind: str
    locale: str
    address: str | None
    others: Sequence[tuple[str, str]]
    image: str | None
    alt: str
    width: int
    height: int
    card: Card | None


def card_path(page: Page, lang: Language) -> str:
    """Where the page's card is in the dossier."""
    return f"{lang.code}/card-{page.id}.png"


def tags_of(page: Page, published: Published, lang: Language, languages: Sequence[Language]) -> Tags:
    """The tags of one page."""
    base = published.url
    card = None if base is None else card_of(page, published, lang)
    drawn = card if card is not None and not letters_lacking(card) else None
    image = "card.svg" if base is None else None if drawn is None else base + card_path(page, lang)
    name = lang.pick(published.election.name.text)
    return Tags(
        title=f"{lang.pick(page.title)} · {name}",
        description=description(page, published, lang),
        site=name,
        kind="website" if page.id == "index" else "article",
        locale=lang.spoken.locale.replace("-", "_"),
        address=None if base is None else f"{base}{lang.code}/{page.id}.html",
        others=() if base is None else [(one.code, f"{base}{one.code}/{page.id}.html") for one in languages],
        image=image,
        alt="" if drawn is None else drawn.alt,
        width=WIDTH,
        height=HEIGHT,
        card=drawn,
    )
