"""Station: one page for all of them; its script loads the figures of the station that the address names."""

from collections.abc import Mapping

from veedor.dossier.pages.page import Page
from veedor.dossier.show.language import Language
from veedor.dossier.show.published import Published
from veedor.dossier.texts import TEXTS


def context(published: Published, lang: Language) -> Mapping[str, object]:
    """Content of the page around a station's figures."""
    return {"commands": [published.command("check").argument("reconciliation")]}


PAGE = Page(
    id="station",
    title=TEXTS.say("station_page.page.title"),
    context=context,
    scripts=("tree.js", "station.js"),
    in_menu=False,
    required=True,
)
