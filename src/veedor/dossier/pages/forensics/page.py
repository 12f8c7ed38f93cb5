"""Forensics: the field's statistical tests, each with its placebo and with what it cannot show."""

from collections.abc import Mapping

from veedor.claims.draws import FORENSICS_DRAWS as DRAWS
from veedor.dossier.input import Opened
from veedor.dossier.pages.forensics.charts import pictures
from veedor.dossier.pages.forensics.mixture import mixture_part
from veedor.dossier.pages.page import Page
from veedor.dossier.parsed import Parsed
from veedor.dossier.show.language import Language
from veedor.dossier.show.published import Published
from veedor.dossier.show.sentences import said
from veedor.dossier.texts import TEXTS
from veedor.forensics.findings import findings_of, study_as_json
from veedor.forensics.stations import stations_of
from veedor.forensics.study import study

"""Clean elections of the placebo: the smallest rank is 1 / 20."""
ITEMS_SHOWN = 25

WORDS = TEXTS.table("forensics_page")

OUT = {
    "share": TEXTS.say("forensics_page.out_share"),
    "turnout": TEXTS.say("forensics_page.out_turnout"),
    "both": TEXTS.say("forensics_page.out_both"),
}
LIMITS = (
    TEXTS.say("forensics_page.limits_2"),
    TEXTS.say("forensics_page.limits_3"),
    TEXTS.say("forensics_page.limits_4"),
    TEXTS.say("forensics_page.limits_5"),
)


def forensics_document(opened: Opened) -> Parsed:
    """`veedor forensics ELECTION --placebo 19 --json`."""
    stations = stations_of(opened.table(opened.count.id), opened.election, opened.contest)
    found = study(stations, draws=DRAWS, aside=opened.aside)
    findings = findings_of(found, opened.dataset.command("forensics"))
    return study_as_json(found, findings, election=opened.election.id, contest=opened.contest.id, count=opened.count.id)


def context(published: Published, lang: Language) -> Mapping[str, object]:
    """Content of the page."""
    document = published.results["forensics.json"]
    methods = {row["method"]: row for row in document["methods"]}
    drawn = pictures(methods, lang)
    names = ("title", "summary", "expected", "cannot_show", "other_explanations")
    return {
        "words": {key: lang.pick(text) for key, text in WORDS.items()},
        "dek": lang.pick(
            TEXTS.say("forensics_page.context.dek", tests=document["tests"], placebo_draws=document["placebo_draws"])
        ),
        "findings": [
            {
                **{name: said(finding, name, lang) for name in names},
                "uncertainty": said(finding, "uncertainty", lang) if finding["uncertainty"] else None,
                "anchor": finding["check"],
                "verdict": finding["verdict"],
                "method": methods[finding["check"]],
                "bh": _small(methods[finding["check"]]["p_adjusted_bh"], lang),
                "bonferroni": _small(methods[finding["check"]]["p_adjusted_bonferroni"], lang),
                "pictures": drawn.get(finding["check"], []),
                "items": [{**item, "out": lang.pick(OUT[item["out"]])} for item in finding["items"][:ITEMS_SHOWN]],
                "source": said(finding, "source", lang),
                "command": finding["command"],
            }
            for finding in document["findings"]
        ],
        "limits": [lang.pick(text) for text in LIMITS],
        "command": document["findings"][0]["command"],
        "mixture": mixture_part(published.results.get("mixture.json"), lang, str(published.command("mixture"))),
    }


def _small(p: float | None, lang: Language) -> str:
    if p is None:
        return ""
    return f"< {lang.number(0.0001, 4)}" if p < 0.0001 else lang.number(p, 4)


PAGE = Page(
    id="forensics",
    title=TEXTS.say("forensics_page.page.title"),
    context=context,
    derive={"forensics.json": forensics_document},
    conclude={"mixture.json": lambda opened, results: opened.mixture},
    shared=True,
)
