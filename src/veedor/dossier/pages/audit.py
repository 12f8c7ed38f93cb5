"""Audit: what must be true for the outcome, what a sample that confirms it takes, and how few sheets undo it."""

from collections.abc import Mapping

from veedor.audit.overview import overview
from veedor.audit.units import units_from
from veedor.dossier import charts
from veedor.dossier.opened import Opened
from veedor.dossier.pages.page import Page
from veedor.dossier.published import Published
from veedor.dossier.texts import Language
from veedor.errors import VeedorError
from veedor.finding import Json, Text

RISK_LIMIT = 0.05
COLOR = "#0b5c63"


def audit_document(opened: Opened) -> Json:
    """`veedor audit plan ELECTION --json`; where there is nothing a sample can confirm, the reason instead."""
    head = {"election": opened.election.id, "count": opened.count.id}
    try:
        units = units_from(opened.table(opened.count.id), opened.contest, opened.election.level_ids)
        return {**head, **overview(units, "registered", RISK_LIMIT), "refused": None}
    except VeedorError as error:
        return {**head, "refused": str(error)}


WORDS = {
    "title": Text("Audit", "Auditoría"),
    "dek": Text(
        "What a sample of tally sheets, compared with the paper ones, would have to show to confirm this outcome.",
        "Qué tendría que mostrar una muestra de actas, comparadas con las de papel, para confirmar este resultado.",
    ),
    "refused": Text("No sample can confirm this outcome", "Ninguna muestra puede confirmar este resultado"),
    "assertions": Text("What must be true", "Lo que tiene que ser cierto"),
    "assertions_name": Text(
        "Statements that together make the outcome right; the one that needs most draws first",
        "Afirmaciones que juntas hacen correcto el resultado; primero la que más sorteos necesita",
    ),
    "statement": Text("Statement", "Afirmación"),
    "sum": Text("The sum that shows it", "La suma que lo muestra"),
    "margin": Text("Margin, votes", "Margen, votos"),
    "draws": Text("Sheets drawn", "Actas sorteadas"),
    "costs": Text("What a sample takes", "Cuánto pide una muestra"),
    "costs_name": Text(
        "Sheets drawn with a probability proportional to how much they could be wrong, by risk limit, if none differs",
        "Actas sorteadas con probabilidad proporcional a cuánto podrían errar, por límite de riesgo, sin diferencias",
    ),
    "limit": Text("Risk limit", "Límite de riesgo"),
    "sheets": Text("Different sheets", "Actas distintas"),
    "ballots": Text("Their ballots", "Sus papeletas"),
    "reading": Text(
        "The risk limit is the largest chance that the audit confirms an outcome that is wrong.",
        "El límite de riesgo es la mayor probabilidad de que la auditoría confirme un resultado equivocado.",
    ),
    "undo": Text("How few sheets undo it", "Cuántas actas bastan para cambiarlo"),
    "cannot": Text("What it cannot show", "Qué no puede mostrar"),
    "cannot_text": Text(
        "Comparing sheets with sheets shows that they were transcribed and added up well enough for the outcome."
        " Whether a sheet says what was in its ballot box is seen only where the box is recounted."
        " These are the figures of a plan; no audit is reported here.",
        "Comparar actas con actas muestra que se transcribieron y sumaron lo bastante bien para el resultado."
        " Si un acta dice lo que había en su urna solo se ve donde se recuenta la urna."
        " Estas son las cifras de un plan; aquí no se informa de ninguna auditoría.",
    ),
}


def context(published: Published, lang: Language) -> Mapping[str, object]:
    """What the page shows."""
    document = published.results["audit.json"]
    words = {name: lang.pick(text) for name, text in WORDS.items()}
    shown: dict[str, object] = {
        "words": words,
        "refused": document["refused"],
        "assertions": [],
        "costs": [],
        "undo": "",
        "command": published.command("audit plan"),
    }
    if document["refused"] is not None:
        return shown
    most = max(cost["draws"] for cost in document["costs"])
    shown["assertions"] = [
        {**one, "sentence": lang.pick(one["sentence"]), "arithmetic": lang.pick(one["arithmetic"])}
        for one in document["assertions"]
    ]
    shown["costs"] = [{**one, "bar": charts.bar(one["draws"] / most, COLOR)} for one in document["costs"]]
    shown["undo"] = lang.pick(_undo(document, lang))
    return shown


def _undo(document: Json, lang: Language) -> Text:
    undo = document["sheets_that_undo"]
    altered, average, largest = (
        lang.number(undo[key]) if undo[key] is not None else "–"
        for key in ("altered", "missing_average", "missing_largest")
    )
    return Text(
        f"{altered} altered sheets at the least would undo {undo['assertion']}; {average} missing ones of average size,"
        f" or the {largest} with the largest bounds, where a missing sheet counts as the worst that it could hold.",
        f"{altered} actas alteradas como mínimo anularían {undo['assertion']}; {average} faltantes de tamaño medio,"
        f" o las {largest} de mayor cota, si un acta faltante cuenta como lo peor que podría contener.",
    )


PAGE = Page(
    id="audit",
    title=WORDS["title"],
    context=context,
    derive={"audit.json": audit_document},
)
