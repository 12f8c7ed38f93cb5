"""Claims: who said what and what happened, in order of time, with what the findings say today."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from markupsafe import Markup

from veedor.dossier.derive.claims import claims_document
from veedor.dossier.pages.page import Page
from veedor.dossier.parsed import Parsed
from veedor.dossier.show.language import Language, catalogue
from veedor.dossier.show.published import Published
from veedor.dossier.show.sentences import capital
from veedor.dossier.texts import TEXTS

LINKS = ("answers", "contradicts", "withdraws")


def time_said(value: str | None, precision: str, lang: Language) -> str:
    """A time no finer than it is known; what is not known stays so."""
    if value is None:
        return lang.say("claims.time_unknown")
    if precision == "unknown":
        return lang.say("claims.time_about", date=lang.date(value))
    if precision in ("second", "minute", "hour") and "T" in value:
        whole = lang.moment(value)
        return f"{whole[:-3]} h" if precision == "hour" else whole
    if precision == "month":
        return lang.say("claims.time_month", month=lang.say(f"month.{int(value[5:7])}"), year=value[:4])
    return lang.say("claims.time_week", date=lang.date(value)) if precision == "week" else lang.date(value)


def _source(source: Parsed, lang: Language) -> dict[str, str | None]:
    url = source["url"]
    date = lang.date(source["date"]) if source["date"] else ""
    title, *more = (
        capital(part.rstrip(".")) for part in (lang.pick(source["title"]), lang.pick(source["publisher"]), date) if part
    )
    tongue = source["language"]
    own = Markup(' lang="{}"').format(tongue) if tongue and tongue != lang.code else Markup("")
    return {
        "text": Markup(". ").join([Markup("<cite{}>{}</cite>").format(own, title), *more]) + ".",
        "link": url if url and url.startswith(("https://", "http://")) else None,
    }


POINTS = ("interval_low", "interval_high", "mean", "low", "high")
"""Fields that are leads: fractions of the valid votes, shown in points."""


def _value(name: str, value: Parsed, lang: Language, *, asked: bool = False) -> str:
    """A field's value as readers write it. asked: of a finding whose title is a question."""
    if value is None:
        return "–"
    if isinstance(value, Mapping):
        return _by_rule(name, list(value.values()), lang)
    if isinstance(value, bool):
        return lang.say("unit.yes" if value else "unit.no")
    if isinstance(value, int | float) and name in POINTS:
        return lang.points(value)
    if isinstance(value, int | float) and name == "longest_seconds":
        return lang.length(value)
    if isinstance(value, int | float) and name == "largest_risk":
        return lang.percent(value)
    if isinstance(value, int | float):
        return lang.number(value, 0 if value == int(value) or abs(value) >= 100 else 4)
    keys = (f"answer.{value}" if asked else f"verdict.{value}", f"claims.word.{value}")
    known = next((key for key in keys if key in catalogue(lang.code)), None)
    return str(value) if known is None else lang.say(known).lower()


def _by_rule(name: str, values: Sequence[Parsed], lang: Language) -> str:
    """A figure that each rule of projection has: from the least to the most, or by how many rules it is so."""
    if all(isinstance(one, bool) for one in values):
        return lang.say("claims.yes_of", n=lang.number(sum(values)), all=lang.number(len(values)))
    low, high = (_value(name, end, lang) for end in (min(values), max(values)))
    return lang.say("claims.range", low=low, high=high, n=lang.number(len(values)))


def _condition(published: Published, lang: Language, condition: Parsed) -> dict[str, object]:
    ((test, wanted),) = condition["test"].items()
    name = condition["field"].rsplit(".", 1)[-1]
    key = f"claims.field.{name}"
    label = lang.say(key) if key in catalogue(lang.code) else name.replace("_", " ")
    met = "depends" if condition["depends"] else {True: "met", False: "not_met", None: "open"}[condition["met"]]
    titles = [_count_title(published, lang, condition) or lang.pick(title) for title in condition["titles"]]
    found = [
        {
            "title": title,
            "verdict": verdict,
            "summary": lang.pick(summary),
            "value": "" if condition["field"] == "verdict" or value is None else _value(name, value, lang),
        }
        for title, verdict, summary, value in zip(
            titles, condition["verdicts"], condition["summaries"], condition["found"], strict=True
        )
    ]
    asked = any(title.endswith("?") for title in titles)
    return {
        "wanted": lang.say(f"claims.test.{test}", field=label, value=_value(name, wanted, lang, asked=asked)),
        "met": lang.say(f"claims.{met}"),
        "found": found,
        "other": condition["other"],
        "commands": condition["commands"],
        "room": lang.say(f"claims.room.{condition['room']}"),
    }


def _count_title(published: Published, lang: Language, condition: Parsed) -> str:
    if condition["room"] != "count":
        return ""
    count, _, moment = condition["finding"].partition("@")
    name = published.count_name(count, lang)
    return f"{name}, {lang.short_moment(moment)}" if moment else name


def shown_claims(published: Published, lang: Language) -> list[dict[str, object]]:
    """Every claim as pages show it, in order of time."""
    claims = published.results["claims.json"]["claims"]
    names = {claim["id"]: lang.pick(claim["who"]["name"]) for claim in claims}
    return [
        {
            "sort": claim["when"] or "9999",
            "is_claim": True,
            "id": claim["id"],
            "when": time_said(claim["when"], claim["precision"], lang),
            "who": lang.pick(claim["who"]["name"]),
            "roles": [lang.pick(role) for role in (claim["who"]["office"], claim["who"]["side"]) if role],
            "words": lang.pick(claim["words"]),
            "quoted": claim["quoted"],
            "source": _source(claim["source"], lang),
            "kind": lang.say(f"claims.kind.{claim['kind']}"),
            "answer": claim["answer"],
            "says": lang.say(f"claims.answer.{claim['answer']}"),
            "conditions": [_condition(published, lang, one) for one in claim["conditions"]],
            "needs": lang.pick(claim["needs"]["data"]) if claim["needs"] else "",
            "holder": lang.pick(claim["needs"]["holder"]) if claim["needs"] else "",
            "not_shown": lang.pick(claim["not_shown"]),
            "links": [
                {
                    "relation": lang.say(f"claims.{relation}"),
                    "claims": [{"id": other, "who": names[other]} for other in claim[relation]],
                }
                for relation in LINKS
                if claim[relation]
            ],
        }
        for claim in claims
    ]


def _number(number: Parsed, lang: Language) -> str:
    what = lang.pick(number["what"])
    if "at_least" in number and "at_most" in number:
        low, high = lang.number(number["at_least"]), lang.number(number["at_most"])
        return lang.say("claims.number.between", low=low, high=high, what=what)
    kind = next(name for name in ("value", "at_least", "more_than", "at_most", "about") if name in number)
    return lang.say(f"claims.number.{kind}", n=lang.number(number[kind]), what=what)


def names_of(published: Published, place: Parsed) -> list[str]:
    """Names of the election's levels that lead to a place, broadest first."""
    return [place["path"][level] for level in published.election.level_ids if level in place["path"]]


def _place(published: Published, place: Parsed, lang: Language) -> dict[str, str | None]:
    names = names_of(published, place)
    link = "count.html#/" + "/".join(quote(name, safe="") for name in names) if names and place["matched"] else None
    return {"name": lang.pick(place["name"]), "link": link}


def account_time(account: Parsed, lang: Language) -> str:
    """When it happened according to one source, no finer than it is known."""
    start, end = (account[key] and time_said(account[key], account["precision"], lang) for key in ("start", "end"))
    if start and end:
        return lang.say("claims.from_to", start=start, end=end)
    return start or lang.say("claims.time_unknown")


def _account(published: Published, account: Parsed, lang: Language) -> dict[str, object]:
    return {
        "source": _source(account["source"], lang),
        "when": account_time(account, lang),
        "places": [_place(published, place, lang) for place in account["places"]],
        "actors": lang.listing([lang.pick(actor) for actor in account["actors"]]),
        "numbers": [_number(number, lang) for number in account["numbers"]],
        "words": lang.pick(account["words"]),
        "corrects": account["corrects"],
    }


def _differ(accounts: Sequence[Mapping[str, object]], lang: Language) -> str:
    """On what the accounts do not say the same, in words; nothing where there is one account."""
    parts = [
        lang.say(f"claims.of.{name}")
        for name in ("when", "places", "numbers")
        if len({str(account[name]) for account in accounts}) > 1
    ]
    return lang.say("claims.accounts_differ", parts=lang.listing(parts)) if parts else ""


def shown_events(published: Published, lang: Language) -> list[dict[str, object]]:
    """Every event with the accounts of its sources."""
    rows = []
    for event in published.results["claims.json"]["events"]:
        accounts = [_account(published, account, lang) for account in event["accounts"]]
        starts = [account["start"] for account in event["accounts"] if account["start"]]
        first = min(starts, default=None)
        precision = next((one["precision"] for one in event["accounts"] if one["start"] == first), "unknown")
        rows.append(
            {
                "sort": first or "9999",
                "is_claim": False,
                "id": event["id"],
                "when": time_said(first, precision, lang),
                "name": lang.pick(event["name"]),
                "kind": lang.say(f"claims.event.{event['kind']}"),
                "accounts": accounts,
                "differ": _differ(accounts, lang),
            }
        )
    return rows


def context(published: Published, lang: Language) -> Mapping[str, object]:
    """Content of the page."""
    claims, events = shown_claims(published, lang), shown_events(published, lang)
    about = published.results["claims.json"]["about"] or {"criteria": None, "contest": None, "changes": []}
    return {
        "criteria": lang.pick(about["criteria"]),
        "contest": lang.pick(about["contest"]),
        "changes": [{"when": lang.date(one["date"]), "what": lang.pick(one["what"])} for one in about["changes"]],
        "dek": lang.say("claims.dek", claims=lang.number(len(claims)), events=lang.number(len(events))),
        "rows": sorted([*claims, *events], key=lambda row: (str(row["sort"]), bool(row["is_claim"]))),
        "command": published.command("claims"),
    }


PAGE = Page(
    id="claims",
    title=TEXTS.say("claims_page.page.title"),
    context=context,
    conclude={"claims.json": claims_document},
    applies=lambda published: "claims.json" in published.results,
    required=True,
)
