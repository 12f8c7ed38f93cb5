"""Interruption: what happened, what was missing, and what remains unexplained, in votes."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise

from markupsafe import Markup

from veedor.dossier.derive.interruption import interruption_document
from veedor.dossier.pages.claims.events import dated, undated
from veedor.dossier.pages.claims.events_chart import events_chart
from veedor.dossier.pages.guide.stop import silent
from veedor.dossier.pages.guide.study import study_shown
from veedor.dossier.pages.interruption import charts as own
from veedor.dossier.pages.interruption.rules import calibrations, name_of, plain_name
from veedor.dossier.pages.interruption.sentences import WORDS
from veedor.dossier.pages.page import Page
from veedor.dossier.parsed import Parsed
from veedor.dossier.show import charts
from veedor.dossier.show.language import Language
from veedor.dossier.show.published import Published

COLORS = ("#0b5c63", "#b0413e", "#1b1b1a", "#8a6d3b", "#6b4c8a", "#4f7f3b")
POINTS = 60
"""Points of a line on the page; results/interruption.json has more."""


def _word(lang: Language, key: str, /, **gaps: object) -> str:
    return lang.pick(WORDS[key]).format_map(gaps)


def _clock(document: Parsed, lang: Language, name: str) -> str:
    clock = next(each for each in document["clocks"] if each["id"] == name)
    return str(lang.of(clock)["name"])


def _thinned(points: Sequence[Parsed]) -> list[Parsed]:
    """At most POINTS of a line's points, ends and the edges of long intervals always among them."""
    step = max(1, -(-len(points) // POINTS))
    kept = set(range(0, len(points), step)) | {len(points) - 1}
    times = [point["time"] and dt.datetime.fromisoformat(point["time"]) for point in points]
    for index, (before, after) in enumerate(pairwise(times)):
        if before and after and after - before > dt.timedelta(hours=1):
            kept |= {index, index + 1}
    return [points[index] for index in sorted(kept)]


def _tracks(document: Parsed, lang: Language, *, by_time: bool) -> list[own.Track]:
    tracks: list[own.Track] = []
    for line in document["timeline"]:
        points = [point for point in line["points"] if point["time"] or not by_time]
        if line["region"] is not None or len(points) < 2:
            continue
        shown = tuple(
            (
                dt.datetime.fromisoformat(point["time"]).timestamp() if by_time else 100 * point["counted"],
                100 * point["lead"],
                _said(point, lang),
            )
            for point in _thinned(points)
        )
        number = len(tracks)
        color = COLORS[number % len(COLORS)]
        tracks.append(own.Track(name=_clock(document, lang, line["clock"]), color=color, dash=number, points=shown))
    return tracks


def _said(point: Parsed, lang: Language) -> str:
    when = f"{lang.short_moment(point['time'])} · " if point["time"] else ""
    return f"{when}{lang.percent(point['counted'], 1)} · {lang.points(point['lead'])}"


def _rule(document: Parsed, lang: Language) -> tuple[float, str] | None:
    line = 100 * document["needed"]["line"]
    return (line, _word(lang, "line", n=lang.number(line))) if line else None


def _along(published: Published, document: Parsed, lang: Language, *, by_time: bool) -> dict[str, object] | None:
    tracks = _tracks(document, lang, by_time=by_time)
    if not tracks:
        return None
    stop = document["stop"]
    start, end = (dt.datetime.fromisoformat(stop[key]) for key in ("from", "to"))
    kind = "time" if by_time else "count"

    def draw(width: int) -> Markup:
        most = 3 if width < 500 else 6
        places = [place for track in tracks for place, _, _ in track.points]
        first, last = (
            (dt.datetime.fromtimestamp(end, start.tzinfo) for end in (min(places), max(places)))
            if by_time
            else (start, end)
        )
        frame = own.Frame(
            title=_word(lang, f"{kind}_title"),
            unit=_word(lang, "lead_axis", first=document["first"], second=document["second"]),
            across=_word(lang, f"{kind}_axis", zone=published.zone(lang)),
            ticks=own.ticks_of_time(first, last, most, lang)
            if by_time
            else tuple((float(share), f"{share}") for share in range(0, 101, 25 if width < 500 else 10)),
            bands=((start.timestamp(), end.timestamp(), _stopped(lang, stop)),) if by_time else (),
            rule=_rule(document, lang),
            marks=_marks(published, lang) if by_time else (),
        )
        return own.tracks_chart(tracks, frame, width, lang)

    return _figure(draw, _word(lang, f"{kind}_caption"), f"lead-{kind}", _word(lang, f"{kind}_title"))


def _marks(published: Published, lang: Language) -> tuple[tuple[float, int, str], ...]:
    """Reported events whose time is known to the hour, as numbered moments."""
    rows = dated(published, lang, published.election.zone)
    return tuple((row.moment, row.number, row.name) for row in rows if row.moment is not None)


def _events(published: Published, document: Parsed, lang: Language) -> dict[str, object] | None:
    rows, stop, zone = dated(published, lang, published.election.zone), document["stop"], published.election.zone
    if not rows:
        return None
    first, last = (
        dt.datetime.fromtimestamp(pick(getattr(told, end) for row in rows for told in row.told), zone)
        for pick, end in ((min, "start"), (max, "end"))
    )
    start, end = (dt.datetime.fromisoformat(stop[key]).timestamp() for key in ("from", "to"))

    def draw(width: int) -> Markup:
        frame = own.Frame(
            title=_word(lang, "events_title"),
            unit="",
            across=_word(lang, "time_axis", zone=published.zone(lang)),
            ticks=own.ticks_of_time(first, last, 3 if width < 500 else 6, lang),
            bands=((start, end, _stopped(lang, stop)),),
        )
        return events_chart(rows, frame, width, lang)

    return _figure(draw, _word(lang, "events_caption"), "events", _word(lang, "events_title"))


def _stopped(lang: Language, stop: Parsed) -> str:
    return _word(lang, "gap", start=lang.moment(stop["from"]), end=lang.moment(stop["to"]))


def _figure(draw: Callable[[int], Markup], caption: str, name: str, heading: str) -> dict[str, object]:
    picture = charts.picture(draw, caption, name=name, heading=heading)
    return {"picture": picture, "svg": own.standalone(picture.wide), "file": f"{name}.svg"}


def _regions(document: Parsed, lang: Language) -> list[dict[str, object]]:
    """Small multiples: the first clock that has regions."""
    lines = [line for line in document["timeline"] if line["region"] and len(line["points"]) > 1]
    clock = lines[0]["clock"] if lines else None
    found: list[dict[str, object]] = []
    for line in (line for line in lines if line["clock"] == clock):
        points = tuple((100 * p["counted"], 100 * p["lead"], _said(p, lang)) for p in line["points"])
        track = own.Track(name=str(line["region"]), color=COLORS[0], dash=0, points=points)
        frame = own.Frame(
            title=str(line["region"]),
            unit=_word(lang, "lead", first="", second=""),
            across="%",
            ticks=((0.0, "0"), (50.0, "50"), (100.0, "100")),
            rule=None,
        )
        caption = _word(lang, "region_caption", region=line["region"], clock=_clock(document, lang, line["clock"]))
        found.append({"svg": own.tracks_chart([track], frame, 330, lang), "caption": caption})
    return found


def _projections(published: Published, document: Parsed, lang: Language) -> list[dict[str, object]]:
    return [
        {
            "name": plain_name(lang, each),
            "technical": name_of(published, lang, each),
            "mean": 100 * each["mean"],
            "sd": None if each["sd"] is None else 100 * each["sd"],
            "low": 100 * each["quantiles"]["0.025"] if each["quantiles"] else None,
            "high": 100 * each["quantiles"]["0.975"] if each["quantiles"] else None,
            "calibrated": _interval(each["calibrated"]),
            "unexplained": round(each["unexplained_votes"]),
            "outcomes": [_outcome(lang, name, share) for name, share in shares_by_outcome(each).items() if share > 0],
        }
        for each in document["projections"]
    ]


def shares_by_outcome(each: Parsed) -> dict[str, float]:
    """Share of draws by outcome, as wide as the rule errs where that is known; none of a single estimate."""
    if not each["draws"]:
        return {}
    shares: dict[str, float] = (each["calibrated"] or {}).get("p_outcome") or each["p_outcome"]
    return shares


def _interval(calibrated: Parsed | None) -> tuple[float, float] | None:
    """The calibrated 95 % interval, in points."""
    return calibrated and (100 * calibrated["quantiles"]["0.025"], 100 * calibrated["quantiles"]["0.975"])


def _outcome(lang: Language, name: str, share: float) -> str:
    kind, *who = name.split(" ", 1)
    said = _word(lang, kind, who=who[0]) if kind in WORDS and who else name
    return f"{said}: {lang.percent(share, 1)}"


def _projected(rows: Sequence[Mapping[str, object]], document: Parsed, lang: Language) -> dict[str, object]:
    observed = 100 * document["projections"][0]["observed"]
    lines = [(observed, _word(lang, "observed", n=lang.number(observed, 2)))]
    rule = _rule(document, lang)
    dots = [
        own.Dot(
            name=str(row["name"]),
            value=float(row["mean"]),  # type: ignore[arg-type]  # a float by construction
            low=row["calibrated"][0] if row["calibrated"] else row["low"],  # type: ignore[index, arg-type]
            high=row["calibrated"][1] if row["calibrated"] else row["high"],  # type: ignore[index, arg-type]
            say=f"{row['name']}: {lang.number(row['mean'], 3)}",  # type: ignore[arg-type]
        )
        for row in rows
    ]
    title = _word(lang, "projected_title")
    every = [*lines, *([rule] if rule else [])]
    draw = partial(_dots, dots, every, _word(lang, "points_axis"), title, lang)
    caption = _word(lang, "projected_caption", draws=lang.number(document["draws"]), seed=document["seed"])
    return _figure(draw, caption, "projections", title)


def _dots(
    dots: Sequence[own.Dot], lines: Sequence[tuple[float, str]], unit: str, title: str, lang: Language, width: int
) -> Markup:
    return own.dots_chart(dots, lines, unit, title, width, lang)


def _level(published: Published, lang: Language, level: str) -> str:
    names = {each.id: lang.pick(each.name.text) for each in published.election.levels}
    return names[level] if level in names else _word(lang, level)


def _within(published: Published, document: Parsed, lang: Language) -> dict[str, object] | None:
    dots = []
    for each in document["within"]:
        if each["of"] != "lead" or each["estimate"] is None:
            continue
        reach = 1.96 * (each["se_clustered"] or each["se"])
        name = _level(published, lang, each["level"])
        dots.append(
            own.Dot(
                name=name,
                value=100 * each["estimate"],
                low=100 * (each["estimate"] - reach),
                high=100 * (each["estimate"] + reach),
                say=f"{name}: {lang.number(100 * each['estimate'], 2)} ± {lang.number(100 * reach, 2)}",
            )
        )
    if not dots:
        return None
    title = _word(lang, "within_title")
    draw = partial(_dots, dots, [(0.0, _word(lang, "zero"))], _word(lang, "points_axis"), title, lang)
    return _figure(draw, _word(lang, "within_caption"), "within", title)


def _placebos(published: Published, document: Parsed, lang: Language) -> dict[str, object] | None:
    if not document["placebo_cuts"]:
        return None
    each = max(document["placebo_cuts"], key=lambda one: one["rank"])
    cuts = zip(each["cuts"], each["z"], strict=True)
    points = tuple((100 * cut, z, f"{lang.percent(cut, 1)}: {lang.number(z, 1)}") for cut, z in cuts)
    rule = name_of(published, lang, {"rule": each["rule"], "values": "cut"})
    title, at_stop = _word(lang, "placebo_title"), each["z_at_stop"]

    def draw(width: int) -> Markup:
        span = range(0, 101, 10)
        frame = own.Frame(
            title=title,
            unit=_word(lang, "placebo_axis"),
            across=_word(lang, "count_axis"),
            ticks=tuple((float(n), str(n)) for n in span if points[0][0] <= n <= points[-1][0]),
            rule=(at_stop, _word(lang, "at_stop", n=lang.number(at_stop, 1))),
        )
        track = own.Track(name=rule, color=COLORS[2], dash=0, points=points)
        return own.tracks_chart([track], frame, width, lang)

    caption = _word(lang, "placebo_caption", rule=rule, clock=_clock(document, lang, each["clock"]))
    return _figure(draw, caption, "placebo-cuts", title)


def _pairs(published: Published, document: Parsed, lang: Language) -> list[dict[str, object]]:
    """Tables of counted and missing sheets by every grouping of the definition."""
    named = {each.id: each for each in published.election.groupings}
    tables = []
    for name, pairs in document["groupings"].items():
        grouping = named[name]
        labels = {key: lang.pick(text.text) for key, text in grouping.value_names.items()}
        title = _word(lang, "split_name", name=lang.pick(grouping.name.text))
        rows = [{"name": labels.get(p["counted"]["name"], p["counted"]["name"]), **p} for p in pairs]
        tables.append({"id": name, "title": title, "rows": rows})
    return tables


def _levels(findings: Sequence[Mapping[str, Parsed]]) -> list[Mapping[str, Parsed]]:
    """Of each finding by a test how often it does not hold on simulated elections in which nothing was altered."""
    return [
        {"check": finding["check"], "title": finding["title"], **known}
        for finding in findings
        if (known := finding["effect"].get("simulated_false_alarms"))
    ]


def _findings(document: Parsed, lang: Language) -> list[Mapping[str, Parsed]]:
    return [lang.of(finding) for finding in document["findings"]]


def _remains(published: Published, document: Parsed, lang: Language) -> str:
    """What the projections leave unexplained, in votes; that they say nothing, where they do not."""
    shown = study_shown(published)
    if shown is not None and shown.drawn and not shown.tells:
        return silent(shown, lang)
    effect = next(one for one in document["findings"] if one["check"] == "lead_as_projected")["effect"]
    gaps = sorted(round(each["unexplained_votes"]) for each in document["projections"])
    return _word(
        lang,
        "remains_lead",
        least=lang.signed(gaps[0]),
        most=lang.signed(gaps[-1]),
        observed=lang.signed(round(effect["missing_margin_votes"])),
        margin=lang.signed(effect["margin_over_line_votes"]),
    )


def context(published: Published, lang: Language) -> Mapping[str, object]:
    """Content of the page; every figure is in results/interruption.json."""
    document = published.results["interruption.json"]
    needed, rows = document["needed"], _projections(published, document, lang)
    findings = _findings(document, lang)
    by_check = {finding["check"]: finding for finding in findings}
    figures = [_along(published, document, lang, by_time=by_time) for by_time in (True, False)]
    return {
        "word": partial(_word, lang),
        "heading": _word(lang, "heading"),
        "dek": _word(
            lang,
            "dek",
            count=published.count_name(document["count"], lang),
            counted=lang.number(needed["counted_sheets"]),
            missing=lang.number(needed["missing_sheets"]),
            universe=published.count_name(document["universe"], lang),
        ),
        "happened": by_check["publication_gaps"]["summary"],
        "timelines": [figure for figure in figures if figure is not None],
        "events": _events(published, document, lang),
        "events_undated": undated(published, lang),
        "regions": _regions(document, lang),
        "needed": by_check["outcome_settled_at_stop"]["summary"],
        "groups": document["groups"],
        "by_level": [(_level(published, lang, name), n) for name, n in document["missing_by_level"].items() if n],
        "pairs": _pairs(published, document, lang),
        "remains": _remains(published, document, lang),
        "projections": rows,
        "calibrations": calibrations(document, lang),
        "tests": [
            figure
            for figure in (
                _projected(rows, document, lang),
                _within(published, document, lang),
                _placebos(published, document, lang),
            )
            if figure is not None
        ],
        "findings": findings,
        "levels": _levels(findings),
        "command": findings[0]["command"],
    }


PAGE = Page(
    id="interruption",
    title=WORDS["title"],
    context=context,
    derive={"interruption.json": interruption_document},
    beside=True,
    applies=lambda published: "interruption.json" in published.results,
    scripts=("interruption.js",),
)
