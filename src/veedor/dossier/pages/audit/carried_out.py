"""The part of the audit's page that tells of an audit: plan, who signed, sample on the map, risk, what was verified."""

import re
from collections.abc import Mapping

from veedor.dossier.pages.audit.sentences import WORDS
from veedor.dossier.parsed import Parsed
from veedor.dossier.show.audit_charts import risk_chart, sample_map
from veedor.dossier.show.language import Language
from veedor.dossier.show.published import Published
from veedor.dossier.texts import TEXTS

FOLDER = "audit"
LINKED = re.compile(
    FOLDER + r"/(?:plan\.json|seed\.json|(?:manifest|results)\.csv|round-\d+/(?:sample|interpretations)\.csv)"
)
"""Files of the audit that its page links to; the page About lists them all."""


def told(published: Published, document: Parsed, lang: Language) -> Mapping[str, object]:
    """Content of the template about an audit. document: results/audit.json, whose `report` is there."""
    report, files = document["report"], [name for name in published.downloads if LINKED.fullmatch(name)]
    if report is None:
        return {"report": None, "files": files}
    plan, status, risk = report["plan"], report["status"], report["risk"]
    if risk:
        bound = {one["label"]: one["total_error_bound"] or 0.0 for one in plan["assertions"]}
        risk = {**risk, "assertions": sorted(risk["assertions"], key=lambda one: -bound[one["label"]])}
    names = {one["id"]: one["name"] for one in plan["signatories"]}
    return {
        "report": report,
        "files": files,
        "facts": _facts(plan, lang),
        "cannot_show": lang.pick(plan["cannot_show"]),
        "signatories": [{**one, "says": _answer(one["answer"], lang)} for one in status["signatories"]],
        "earlier": [
            {
                "plan": old["plan"],
                "answers": [
                    {
                        "name": names.get(one["signatory"], one["signatory"]),
                        "says": _answer(one["answer"], lang),
                        "reason": one["reason"],
                    }
                    for one in old["answers"]
                ],
            }
            for old in report["earlier_plans"]
        ],
        "seed": _seed(report, lang),
        "unsigned": [lang.pick(one["says"]) for one in report["unsigned"]],
        "entries": [_entered(one, lang) for one in report["entries"]],
        "drawn": _drawn(report["sample"], plan["unit"] == "ballot", lang),
        "map": sample_map(report["map"], lang),
        "risk_chart": risk_chart(risk, lang) if risk else None,
        "risks": _risks(plan, risk, lang) if risk else [],
        "next": lang.pick(WORDS[risk["next"]["step"]]) if risk else "",
    }


def _answer(answer: str | None, lang: Language) -> str:
    return lang.pick(WORDS[answer or "none"])


def _facts(plan: Parsed, lang: Language) -> list[tuple[str, str]]:
    limit = _share(plan["risk_limit"])
    pairs = (
        ("planned", lang.pick(plan["title"])),
        ("limit", lang.percent(limit, 0 if float(f"{100 * limit:g}").is_integer() else 2)),
        ("kind", lang.pick(WORDS[f"kind_{plan['kind']}"])),
        ("compared", lang.pick(plan["compared"])),
        ("sampling", lang.pick(WORDS[plan["sampling"]])),
        ("bound", lang.pick(WORDS[f"bound_{plan['bound']}"])),
        ("rounds", ", ".join(lang.number(one) for one in plan["rounds"])),
        ("publication", lang.pick(plan["publication"])),
    )
    return [(lang.pick(WORDS[name]), text) for name, text in pairs]


def _share(fraction: str) -> float:
    over, _, under = fraction.partition("/")
    return int(over) / int(under or 1)


def _seed(report: Parsed, lang: Language) -> str:
    seed = report["seed"]
    if seed is None:
        return ""
    parts = [lang.moment(seed["when"]), *(str(seed[key]) for key in ("who", "where") if key in seed)]
    return f"{seed['seed']} · {'; '.join(parts)}"


def _entered(one: Parsed, lang: Language) -> str:
    by = one["by"] or lang.pick(WORDS["nobody"])
    when = f", {lang.moment(one['at'])}" if one["at"] else ""
    return f"{lang.pick(WORDS['round'])} {lang.number(one['round'])}, {one['entry']}.csv: {by}{when}"


def _drawn(sample: Parsed, of_ballots: bool, lang: Language) -> str:
    n, m, k, all_of = (lang.number(sample[key]) for key in ("draws", "units", "sheets", "of_sheets"))
    if of_ballots:
        return lang.pick(TEXTS.say("audit_carried_out.drawn", n=n, k=k, all_of=all_of))
    return lang.pick(TEXTS.say("audit_carried_out.drawn_2", n=n, m=m, all_of=all_of))


def _risks(plan: Parsed, risk: Parsed, lang: Language) -> list[dict[str, object]]:
    sentences = {one["label"]: lang.pick(one["sentence"]) for one in plan["assertions"]}
    return [
        {**one, "sentence": sentences[one["label"]]}
        for one in sorted(risk["assertions"], key=lambda one: -float(one["risk"]))
    ]
