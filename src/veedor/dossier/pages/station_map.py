"""Map: stations by their coordinates, and the places that have none."""

from collections.abc import Mapping
from urllib.parse import quote

from veedor.dossier.derive import results as rooms
from veedor.dossier.pages.claims.events import placed
from veedor.dossier.pages.page import Page
from veedor.dossier.parsed import Parsed
from veedor.dossier.show.language import Language
from veedor.dossier.show.published import Published
from veedor.dossier.texts import TEXTS


def address(path: list[str]) -> str:
    """The part of count.html's address that names a place; assets/tree.js reads it."""
    return "#/" + "/".join(quote(name, safe="!'()*-._~") for name in path)


def _missing(published: Published, lang: Language) -> list[dict[str, object]]:
    states = published.results["map.json"]["publications"]
    absent = [state for state in states if state["missing"]]
    rows: list[dict[str, object]] = [
        {
            "index": state["publication"],
            "label": lang.say(
                "map.publication_label",
                count=published.count_name(state["count"], lang),
                when=lang.short_moment(state["snapshot"]),
                n=lang.number(state["missing"]),
            ),
            "chosen": False,
        }
        for state in absent
    ]
    if rows:
        stops = {stop["start"] for stop in published.results["timeline.json"]["interruptions"]}
        at_stop = [i for i, state in enumerate(absent) if state["snapshot"] in stops]
        rows[at_stop[0] if at_stop else 0]["chosen"] = True
    return rows


def _nowhere(places: list[Parsed], lang: Language) -> list[dict[str, object]]:
    return [
        {
            "name": ", ".join(reversed(place["path"])) or lang.say("js.unnamed"),
            "address": address(place["path"]),
            "stations": place["stations"],
        }
        for place in places
    ]


def context(published: Published, lang: Language) -> Mapping[str, object]:
    """Content of the map page around its canvas."""
    document = published.results["map.json"]
    located, nowhere = document["stations_with_coordinates"], document["stations_without"]
    key = "map.dek_none" if not located else "map.dek_all" if not nowhere else "map.dek_some"
    places = document["places_without"]
    leading = published.ranking(2)
    return {
        "dek": lang.say(key, n=lang.number(located), rest=lang.number(nowhere)),
        "located": located > 0,
        "missing": _missing(published, lang),
        "lead_name": lang.say("map.lead", first=leading[0].id, second=leading[1].id)
        if len(leading) > 1
        else lang.say("map.lead_only"),
        "nowhere": _nowhere(places, lang),
        "nowhere_dek": lang.say("map.nowhere_none")
        if not nowhere
        else lang.say(
            "map.nowhere_some",
            stations=lang.count_of("unit.stations", nowhere),
            places=lang.count_of("unit.places", document["places_without_total"]),
        ),
        "nowhere_caption": lang.say(
            "map.nowhere_caption", shown=lang.number(len(places)), all=lang.number(document["places_without_total"])
        ),
        "events": placed(published, lang),
        "commands": [published.command("check").argument("missing_sheets")],
    }


PAGE = Page(
    id="map",
    title=TEXTS.say("station_map_page.page.title"),
    context=context,
    derive={"map.json": rooms.map_document},
    scripts=("tree.js", "map.js"),
    required=True,
)
