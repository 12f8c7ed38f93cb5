"""Pages out of templates: every language, every text escaped, no script or style but our own files."""

import dataclasses
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from veedor.dossier.pages import PAGES, Page
from veedor.dossier.pages.card import card
from veedor.dossier.parsed import Parsed
from veedor.dossier.share.citation import citation_of
from veedor.dossier.share.drawing import png_of
from veedor.dossier.share.tags import Tags, card_path, tags_of
from veedor.dossier.show.language import Language, all_languages
from veedor.dossier.show.published import Published

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'"
)
"""Content-Security-Policy: whatever a name holds, nothing runs but the dossier's own files, and nothing leaves.

Browsers differ on whether 'self' is a page's own folder when it is opened from disk; `file:` says so. On a web server
it allows nothing, as no page from the web may load a file of the reader's disk.
"""

_HERE = Path(__file__).parent


@cache
def environment() -> Environment:
    """Jinja2 with escaping always on and unknown names an error."""
    rooms = [_HERE / "pages" / name for name in ("", "audit", "claims", "forensics", "interruption")]
    loader = FileSystemLoader([_HERE / "templates", *rooms])
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def pages_of(published: Published) -> Iterator[tuple[str, str | bytes]]:
    """Path and HTML of every page that has something to show, and path and bytes of the cards of shared links."""
    skipped = {one["page"] for one in published.results["election.json"]["skipped"]}
    pages = [page for page in PAGES if page.id not in skipped and page.applies(published)]
    known = all_languages()
    for lang in known:
        others = tuple(one for one in known if one != lang)
        for page in pages:
            share = tags_of(page, published, lang, known)
            yield f"{lang.code}/{page.id}.html", _page(published, pages, page, lang, others, share)
            if share.card is not None:
                yield card_path(page, lang), png_of(share.card)
        yield f"{lang.code}/card.svg", card(published, lang)
    start = environment().get_template("start.html")
    share = _of_the_start(tags_of(pages[0], published, known[0], known), published.url, known[0])
    yield "index.html", start.render(policy=POLICY, name=published.election.name.text, languages=known, share=share)


def _of_the_start(share: Tags, base: str | None, lang: Language) -> Tags:
    """The overview's tags for the page before it, which leads on to the reader's language."""
    image = f"{lang.code}/{share.image}" if base is None else share.image
    return dataclasses.replace(share, title=share.site, address=base, image=image)


class _Noted(Mapping[str, Parsed]):
    """Results that note which of them a page reads."""

    def __init__(self, results: Mapping[str, Parsed]) -> None:
        self.results = results
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> Parsed:
        found = self.results[name]
        self.read.add(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.results)

    def __len__(self) -> int:
        return len(self.results)


def _page(
    published: Published,
    pages: list[Page],
    page: Page,
    lang: Language,
    others: tuple[Language, ...],
    share: Tags,
) -> str:
    template = environment().get_template(f"{page.id}.html")
    noted = _Noted(published.results)
    shown = page.context(dataclasses.replace(published, results=noted), lang)
    inputs = ["election.toml", *(f"results/{name}" for name in sorted({"election.json", *noted.read}))]
    return template.render(
        **{
            "lang": lang,
            "others": others,
            "say": lang.say,
            "page": page,
            "share": share,
            "cite": citation_of(page, published, lang),
            "menu": [one for one in pages if one.in_menu],
            "name": lang.pick(published.election.name.text),
            "policy": POLICY,
            "version": version("veedor"),
            "open_questions": published.results["election.json"].get("open_questions", []),
            "file_notes": published.results["election.json"].get("notes", []),
            "inputs": [{"file": name, "sha256": published.hashes[name]} for name in inputs],
            **shown,
        }
    )
