"""Tables: every table that the dossier offers, with its files, and what each of its columns means."""

from collections.abc import Mapping

from veedor.dossier.dictionary.columns import Table, columns_of
from veedor.dossier.dictionary.texts import TEXTS
from veedor.dossier.pages.page import Page
from veedor.dossier.show.language import Language
from veedor.dossier.show.published import Published

WORDS = ("head", "dek", "column", "means", "unit", "absent", "geojson", "geojson_text")


def context(published: Published, lang: Language) -> Mapping[str, object]:
    """Content of the page."""
    words = TEXTS.table("page")
    geojson = published.geojson
    return {
        "words": {name: lang.pick(words[name]) for name in WORDS},
        "tables": [_table(table, published, lang) for table in published.tables],
        "geojson": None if geojson is None else {"path": geojson[0], "size": _size(geojson[1], lang)},
    }


def _table(table: Table, published: Published, lang: Language) -> dict[str, object]:
    return {
        "name": table.name,
        "rows": lang.pick(TEXTS.plural("page.rows", table.rows)),
        "caption": lang.pick(TEXTS.say("page.columns", name=table.name)),
        "files": [
            {"path": path, "ending": path.rpartition("/")[2].removeprefix(table.name), "size": _size(size, lang)}
            for path, size in table.files
        ],
        "columns": columns_of(table, published.election, published.contest),
    }


def _size(many: int, lang: Language) -> str:
    return lang.pick(TEXTS.say("page.size", megabytes=lang.number(many / 1e6, 2)))


PAGE = Page(id="data", title=TEXTS.say("page.title"), context=context, in_menu=False, required=True)
