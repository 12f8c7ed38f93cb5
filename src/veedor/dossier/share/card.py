"""What a page's card says, before it is drawn: the same figures as the pages, for those who see nothing else."""

from dataclasses import dataclass

from veedor.dossier.pages.overview import attributed, dek
from veedor.dossier.pages.page import Page
from veedor.dossier.share.lines import became, line_of, state
from veedor.dossier.share.texts import sentence
from veedor.dossier.show.language import Language
from veedor.dossier.show.published import Published

ROWS = 4


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One choice: its name, its share of valid votes as a number and in words, its colour."""

    name: str
    share: float
    said: str
    color: str


@dataclass(frozen=True, kw_only=True)
class Card:
    """headline: the outcome with figure and threshold; line: of the page; bars: the leading choices, most votes first.

    became: what became of the election; state: whose count, and of when; check: how anyone checks it.
    alt: all of it for those who do not see the picture. rtl: whether the language is written from right to left.
    """

    election: str
    page: str
    headline: str
    line: str
    bars: tuple[Bar, ...]
    became: tuple[str, ...]
    state: str
    check: str
    alt: str
    rtl: bool


def card_of(page: Page, published: Published, lang: Language) -> Card:
    """The card of one page in one language."""
    bars = _bars(published, lang)
    headline = attributed(published, lang)
    own = line_of(page, published, lang)
    shares = [sentence(lang, "card.shares", name=bar.name, share=bar.said) for bar in bars]
    return Card(
        election=lang.pick(published.election.name.text),
        page=lang.pick(page.title),
        headline=headline,
        line=dek(published, lang).striptags() if page.id == "index" else own,
        bars=bars,
        became=tuple(became(published, lang)),
        state=state(published, lang),
        check=sentence(lang, "card.check", command=str(published.command("count"))),
        alt=sentence(lang, "card.alt", page=lang.pick(page.title), headline=headline, shares=", ".join(shares)),
        rtl=lang.direction == "rtl",
    )


def _bars(published: Published, lang: Language) -> tuple[Bar, ...]:
    count = published.results["count.json"]
    rows = count["choices"][:ROWS] if count["valid"] else []
    return tuple(
        Bar(
            name=lang.pick(published.choices[row["id"]].name),
            share=row["share_of_valid"],
            said=lang.percent(row["share_of_valid"]),
            color=published.choices[row["id"]].color,
        )
        for row in rows
    )
