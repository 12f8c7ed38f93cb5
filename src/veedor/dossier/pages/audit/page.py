"""Audit: what must be true for the outcome and what a sample takes; and, where there was one, the audit itself."""

from collections.abc import Mapping

from veedor.audit.document import audit_document
from veedor.document import as_json
from veedor.dossier.input import Opened
from veedor.dossier.pages.audit.carried_out import FOLDER, told
from veedor.dossier.pages.audit.sentences import WORDS
from veedor.dossier.pages.page import Page
from veedor.dossier.parsed import Parsed
from veedor.dossier.show import charts
from veedor.dossier.show.audit_charts import cost_chart
from veedor.dossier.show.language import Language
from veedor.dossier.show.published import Published
from veedor.dossier.show.sentences import said
from veedor.dossier.texts import TEXTS
from veedor.finding import Text
from veedor.wording import MINUS

COLOR = "#0b5c63"


def document_of(opened: Opened) -> Parsed:
    """The document of `veedor.audit.document` on the count shown and the audit whose folder was given."""
    return as_json(audit_document(opened.dataset, folder=opened.audit, shown_folder=FOLDER))


def context(published: Published, lang: Language) -> Mapping[str, object]:
    """Content of the page."""
    document = published.results["audit.json"]
    words = ("title", "summary", "expected", "cannot_show", "other_explanations", "unit")
    findings = [
        {**one, **{name: said(one, name, lang) for name in words}}
        for one in document["findings"]
        if one["check"] != "audit_need"
    ]
    shown: dict[str, object] = {
        "words": {name: lang.pick(text) for name, text in WORDS.items()},
        "audited": document["audited"],
        "findings": findings,
        "refused": document["refused"],
        "assertions": [],
        "costs": [],
        "undo": "",
        "cost_chart": None,
        "errors": [],
        "command": published.command("audit", "plan"),
    }
    if document["audited"]:
        shown |= {"audit": told(published, document, lang)}
    if document["refused"] is not None:
        return shown
    most = max(cost["draws"] for cost in document["costs"])
    shown["assertions"] = [
        {
            **one,
            "sentence": lang.pick(one["sentence"]),
            "arithmetic": lang.pick(one["arithmetic"]).replace(" - ", f" {MINUS} "),
        }
        for one in document["assertions"]
    ]
    shown["costs"] = [{**one, "bar": charts.bar(one["draws"] / most, COLOR)} for one in document["costs"]]
    shown["cost_chart"] = cost_chart(document, lang)
    shown["errors"] = (document["expected_errors"] or {"rows": []})["rows"]
    shown["undo"] = lang.pick(_undo(document, lang))
    return shown


def _undo(document: Parsed, lang: Language) -> Text:
    undo = document["sheets_that_undo"]
    altered, average, largest = (
        lang.number(undo[key]) if undo[key] is not None else "–"
        for key in ("altered", "missing_average", "missing_largest")
    )
    return TEXTS.say("audit_page.undo", altered=altered, assertion=undo["assertion"], average=average, largest=largest)


PAGE = Page(
    id="audit",
    title=WORDS["title"],
    context=context,
    derive={"audit.json": document_of},
)
