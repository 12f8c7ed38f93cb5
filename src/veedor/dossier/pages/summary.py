"""Summary: the guided reading on one sheet of paper."""

from collections.abc import Mapping

from veedor.dossier.pages.guide import sections
from veedor.dossier.pages.overview import attributed, dek, result_rows
from veedor.dossier.pages.page import Page
from veedor.dossier.show.language import Language
from veedor.dossier.show.published import Published
from veedor.dossier.texts import TEXTS

ROWS = 9
"""Choices on the page: what one sheet has room for."""


def context(published: Published, lang: Language) -> Mapping[str, object]:
    """Content of the page."""
    return {
        "headline": attributed(published, lang),
        "dek": dek(published, lang),
        "rows": result_rows(published, lang)[:ROWS],
        "sections": sections(published, lang),
        "hash": published.hashes["results/count.json"],
        "command": published.command("count"),
    }


PAGE = Page(id="summary", title=TEXTS.say("summary_page.page.title"), context=context, in_menu=False, required=True)
