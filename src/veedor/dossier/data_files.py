"""What scripts load as they need it: data/, one file for the election, its places, its stations, their figures."""

from collections.abc import Iterator, Mapping

from veedor.dossier.derive import page_data
from veedor.dossier.derive.claims import places_of_events
from veedor.dossier.derive.receipts import Chunks
from veedor.dossier.derive.record import receipts_for_scripts, receipts_of
from veedor.dossier.geography import figures_by_station, totals_of
from veedor.dossier.input import Opened
from veedor.dossier.parsed import Parsed
from veedor.dossier.show.choices import shown_choices
from veedor.dossier.show.language import all_languages, catalogue
from veedor.dossier.show.permalinks import anchors
from veedor.finding import Text


def data_files(opened: Opened, results: Mapping[str, Parsed]) -> Iterator[tuple[str, str]]:
    """Name and text of every file in data/."""
    geography, contest = opened.geography, opened.contest
    main = opened.table(opened.count.id)
    bounds = page_data.bounds_of(geography)
    receipts = receipts_of(opened) if results.get("record.json") is not None else None
    yield "election", page_data.script("election", _election_value(opened, results, bounds, receipts))
    for number, value in enumerate(receipts.values if receipts is not None else ()):
        yield f"receipts-{number}", page_data.script(f"receipts-{number}", value)
    yield "places", page_data.script("places", page_data.places_value(geography, totals_of(geography, contest, main)))
    yield "stations", page_data.script("stations", geography.stations["station"].to_list())
    rows = page_data.rows_of(geography, contest, list(opened.series.values()))
    for number, value in enumerate(page_data.chunk_values(rows, contest, bounds)):
        yield f"chunk-{number}", page_data.script(f"chunk-{number}", value)
    by_station = figures_by_station(geography, contest, main)
    yield "map", page_data.script("map", page_data.map_value(geography, by_station, opened.present))
    yield "named", page_data.script("named", named_value(opened, results))
    if "claims.json" in results:
        yield "claims", page_data.script("claims", _claims_value(opened, results["claims.json"]))
    for lang in all_languages():
        texts = {key: text for key, text in catalogue(lang.code).items() if key.startswith("js.")}
        marks = {"mark.group": lang.spoken.group, "mark.decimal": lang.spoken.decimal}
        marks["mark.percent"] = lang.say("unit.percent", n="{n}")
        yield f"texts-{lang.code}", page_data.script(f"texts-{lang.code}", {**texts, **marks})


CHECKS = "checks.html"
ROOMS = {"check.json": CHECKS, "forensics.json": "forensics.html"}
"""Documents whose findings list sheets, and the page of each."""


def named_value(opened: Opened, results: Mapping[str, Parsed]) -> Parsed:
    """Which findings list which stations among their cases: titles and links, and positions in these by station."""
    findings: list[Parsed] = []
    stations: dict[str, list[int]] = {}
    for document, page in ROOMS.items():
        listed = (results.get(document) or {"findings": []})["findings"]
        called = anchors(listed) if page == CHECKS else [finding["check"] for finding in listed]
        for finding, anchor in zip(listed, called, strict=True):
            names = dict.fromkeys(str(one["station"]) for one in finding["items"] if one.get("station") is not None)
            for name in names:
                stations.setdefault(name, []).append(len(findings))
            if names:
                title = {lang.code: str(lang.of(finding)["title"]) for lang in all_languages()}
                findings.append({"title": title, "href": f"{page}#{anchor}", "about": _about(opened, finding)})
    return {"findings": findings, "stations": stations}


def _about(opened: Opened, finding: Parsed) -> Parsed:
    """The count that a finding is about, where it is about one."""
    of = finding["effect"].get("count")
    count = next((count for count in opened.election.counts if count.id == of), None)
    return None if count is None else {lang.code: lang.pick(count.name.text) for lang in all_languages()}


def _election_value(
    opened: Opened, results: Mapping[str, Parsed], bounds: list[int], receipts: Chunks | None
) -> Parsed:
    """What scripts need of the election, each text in every language."""
    facts = results["election.json"]
    return {
        "name": facts["name"],
        "levels": [level["name"] for level in facts["levels"]],
        "choices": [
            {"id": c.id, "name": dict(c.name), "color": c.color, "shape": c.shape}
            for c in shown_choices(opened.contest).values()
        ],
        "other": [{"id": one.id, "name": dict(one.name.text), "cast": one.of_cast} for one in opened.contest.other],
        "counts": [{"id": count["id"], "name": count["name"]} for count in facts["counts"]],
        "publications": [
            {
                "count": state.count.id,
                "name": {lang.code: lang.pick(state.count.name.text) for lang in all_languages()},
                "time": {lang.code: lang.short_moment(state.when) for lang in all_languages()},
            }
            for state in opened.publications
        ],
        "shown": {"count": opened.count.id},
        "not_published": list(results["count.json"].get("not_published") or ()),
        "claims": "claims.json" in results,
        "receipts": receipts_for_scripts(receipts),
        "chunks": bounds,
    }


def _claims_value(opened: Opened, document: Parsed) -> Parsed:
    """What the search looks through, claims by speaker and words, events by name; and the places of events."""
    places = places_of_events(opened, document)
    claims = [
        {"id": claim["id"], "claim": True, "head": claim["who"]["name"], "text": claim["words"]}
        for claim in document["claims"]
    ]
    empty = dict(Text.same(""))
    events = [
        {"id": e["id"], "claim": False, "head": e["name"], "text": empty, "places": places[e["id"]]}
        for e in document["events"]
    ]
    return [*claims, *events]
