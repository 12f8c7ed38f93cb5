"""Record: the log's checkpoints over time, who cosigned them, receipts, and how to verify one by hand."""

from collections.abc import Mapping

from veedor.dossier.derive.record import record_document
from veedor.dossier.pages.page import Page
from veedor.dossier.show.language import Language
from veedor.dossier.show.published import Published
from veedor.dossier.texts import TEXTS

WORDS = TEXTS.table("record_page")


def context(published: Published, lang: Language) -> Mapping[str, object]:
    """Content of the page."""
    document = published.results["record.json"]
    rows = [
        {
            **row,
            "when": lang.moment(row["published"]),
            "who": [f"{one['witness']} ({lang.moment(one['time'])})" for one in row["cosigned"]],
        }
        for row in document["checkpoints"]
    ]
    return {"words": {name: lang.pick(text) for name, text in WORDS.items()}, "record": document, "rows": rows}


PAGE = Page(
    id="record",
    title=WORDS["title"],
    context=context,
    derive={"record.json": record_document},
    applies=lambda published: "record.json" in published.results,
    required=True,
    cached=False,
)
