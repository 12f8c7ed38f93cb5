"""What each page is about, in a line with a figure of it; and its description for those who share a link to it."""

from collections.abc import Callable, Mapping

from veedor.dossier.pages.overview import attributed
from veedor.dossier.pages.page import Page
from veedor.dossier.parsed import Parsed
from veedor.dossier.share.texts import count_of, sentence
from veedor.dossier.show.documents import aftermath
from veedor.dossier.show.language import Language
from veedor.dossier.show.published import Published


def _snapshots(results: Mapping[str, Parsed]) -> int:
    return sum(len(one["snapshots"]) for one in results["timeline.json"]["counts"])


COUNTED: Mapping[str, Callable[[Mapping[str, Parsed]], int]] = {
    "count": lambda results: results["count.json"]["sheets"]["counted"],
    "timeline": _snapshots,
    "checks": lambda results: len(results["check.json"]["findings"]),
    "forensics": lambda results: len(results["forensics.json"]["methods"]),
    "claims": lambda results: len(results["claims.json"]["claims"]),
    "record": lambda results: results["record.json"]["entries"],
    "station": lambda results: results["election.json"]["stations"],
    "about": lambda results: len(results["election.json"]["raw"]),
}
"""The figure in the line of each page that has one."""


def line_of(page: Page, published: Published, lang: Language) -> str:
    """The page in a sentence."""
    results = published.results
    if page.id in COUNTED:
        return count_of(lang, f"line.{page.id}", COUNTED[page.id](results))
    if page.id == "map":
        known = results["map.json"]
        without = lang.number(known["stations_without"])
        return count_of(lang, "line.map", known["stations_with_coordinates"], without=without)
    if page.id == "audit":
        known = results["audit.json"]
        if known["refused"] is not None:
            return sentence(lang, "line.audit_refused")
        which = "carried_out" if known["audited"] else "planned"
        return sentence(lang, f"line.audit_{which}", limit=lang.percent(known["risk_limit"], 0))
    return sentence(lang, f"line.{page.id}")


def state(published: Published, lang: Language) -> str:
    """Whose count the figures are of, and of when."""
    count = published.results["count.json"]
    return sentence(
        lang,
        "card.state",
        count=published.count_name(count["count"], lang),
        when=lang.moment(count["snapshot"]),
    )


def became(published: Published, lang: Language) -> list[str]:
    """What became of the election, in the order of time."""
    facts = published.results["election.json"]
    return [
        sentence(lang, "card.became", when=one["when"], what=one["what"])
        for one in aftermath(facts, lang, all_of_them=False)
    ]


def description(page: Page, published: Published, lang: Language) -> str:
    """What stands under a link to the page: the outcome with its figure and threshold, the page's line, whose count."""
    return sentence(
        lang,
        "site.description",
        headline=attributed(published, lang),
        became="".join(f"{text} " for text in became(published, lang)[:1]),
        line=line_of(page, published, lang),
        state=state(published, lang),
    )
