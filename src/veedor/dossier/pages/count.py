"""Count: from the whole to a polling station, place by place."""

from collections.abc import Mapping

from veedor.dossier.derive import results as rooms
from veedor.dossier.pages.guide import other_outcomes
from veedor.dossier.pages.overview import result_rows
from veedor.dossier.pages.page import Page
from veedor.dossier.show.language import Language
from veedor.dossier.show.published import Published, shares, turnout
from veedor.dossier.show.sentences import absent_sentence
from veedor.dossier.texts import TEXTS


def _place_rows(published: Published, lang: Language, level: str) -> list[dict[str, object]]:
    leading = published.ranking(4)
    unknown = published.results["count.json"].get("not_published") or ()
    return [
        {
            "name": place["path"][level] or lang.say("js.unnamed"),
            "sheets": place["sheets"]["counted"],
            "registered": place["registered"],
            "turnout": turnout(place),
            "shares": shares(place, leading),
            **{name: None if name in unknown else place[name] for name in ("blank", "null")},
        }
        for place in sorted(
            published.results["places.json"]["places"], key=lambda one: -(one["registered"] or one["cast"])
        )
    ]


def context(published: Published, lang: Language) -> Mapping[str, object]:
    """Content of the drill-down before its script takes over, and all of it without one."""
    count = published.results["count.json"]
    level = published.results["election.json"]["first_level"]
    names = {one.id: lang.pick(one.name.text) for one in published.election.levels}
    return {
        "dek": lang.say(
            "count.dek", count=published.count_name(count["count"], lang), when=lang.moment(count["snapshot"])
        ),
        "rows": result_rows(published, lang),
        "absent": absent_sentence(published.results["count.json"], lang),
        "distances": other_outcomes(published, lang),
        "level": names.get(level, ""),
        "places": _place_rows(published, lang, level) if level else [],
        "leading": published.ranking(4),
        "commands": [
            published.command("count").option("--by", name)
            for name in dict.fromkeys([level, published.election.level_ids[-1]] if level else [])
        ],
    }


PAGE = Page(
    id="count",
    title=TEXTS.say("count_page.page.title"),
    context=context,
    derive={"places.json": rooms.places_document},
    scripts=("tree.js", "count.js"),
    required=True,
)
