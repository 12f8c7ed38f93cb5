"""What is known and what is not, on one screen: sentences of the other pages, side by side."""

from collections.abc import Iterator, Mapping

from veedor.dossier.pages.claims.page import shown_events
from veedor.dossier.pages.guide import lines, sections
from veedor.dossier.pages.overview import attributed, dek
from veedor.dossier.pages.page import Page
from veedor.dossier.parsed import Parsed
from veedor.dossier.show.documents import aftermath
from veedor.dossier.show.language import Language
from veedor.dossier.show.published import Published
from veedor.dossier.texts import TEXTS

KNOWN = ("stopped", "missing", "changed")
"""Sections of the guided reading that say what the sheets show."""

CANNOT = ("publication_gaps", "counted_sheets_unchanged", "lead_as_projected")
"""Findings of a stop whose limits a reader should know first."""

NEEDS_SHOWN = 2


def _known(published: Published, lang: Language) -> list[dict[str, str]]:
    headline = f"{attributed(published, lang)}."
    said = {"text": headline, "more": dek(published, lang), "command": str(published.command("count"))}
    shown = [one for one in sections(published, lang) if one.id in KNOWN]
    return [said, *({"text": one.sentence, "more": "", "command": one.command} for one in shown)]


def _not_known(published: Published, lang: Language) -> list[dict[str, str]]:
    left = [
        {"text": f"{one.head}.", "more": one.sentence, "command": one.command}
        for one in lines(published, lang)
        if one.id == "unexplained"
    ]
    limits = list(dict.fromkeys(_limits(published, lang)))
    return [*left, *({"text": text, "more": "", "command": ""} for text in [*limits, *_needs(published, lang)])]


def _limits(published: Published, lang: Language) -> Iterator[str]:
    """What the findings of a stop cannot show, or what no sheet can."""
    document = published.results.get("interruption.json")
    if document is None:
        yield lang.say("about.neutral")
        return
    by_check = {finding["check"]: lang.of(finding) for finding in document["findings"]}
    for name in CANNOT:
        if name in by_check:
            yield str(by_check[name]["cannot_show"])


def _needs(published: Published, lang: Language) -> list[str]:
    """Data that would answer what was said and that are not at hand, with who holds them."""
    claims: list[Parsed] = (published.results.get("claims.json") or {"claims": []})["claims"]
    needs = [claim["needs"] for claim in claims if claim["needs"] and claim["kind"] == "needs_data"]
    said = [
        lang.say(
            "known.would_tell",
            data=lang.pick(one["data"]),
            holder=lang.say("known.holder", holder=lang.pick(one["holder"])) if one["holder"] else "",
        ).strip()
        for one in needs
    ]
    return list(dict.fromkeys(said))[:NEEDS_SHOWN]


def dead(published: Published, lang: Language) -> list[Mapping[str, object]]:
    """The accounts of the dead, where several sources give one."""
    document = published.results.get("claims.json")
    kinds = {event["id"]: event["kind"] for event in document["events"]} if document else {}
    events = [one for one in shown_events(published, lang) if kinds[str(one["id"])] == "deaths"] if document else []
    accounts: list[Mapping[str, object]] = [one for event in events for one in _accounts(event) if one["numbers"]]
    return accounts if len(accounts) > 1 else []


def _accounts(event: Mapping[str, object]) -> list[dict[str, object]]:
    accounts = event["accounts"]
    assert isinstance(accounts, list)
    return accounts


def context(published: Published, lang: Language) -> Mapping[str, object]:
    """Content of the page."""
    return {
        "dek": lang.say("known.dek", name=lang.pick(published.election.name.text)),
        "known": _known(published, lang),
        "not_known": _not_known(published, lang),
        "aftermath": aftermath(published.results["election.json"], lang, all_of_them=False),
        "dead": dead(published, lang),
    }


PAGE = Page(id="known", title=TEXTS.say("known_page.page.title"), context=context, in_menu=False, required=True)
