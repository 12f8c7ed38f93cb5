"""Timeline: the lead, the shares and the sheets counted in every snapshot, against the clock."""

import datetime as dt
from collections.abc import Callable, Mapping
from fractions import Fraction

from veedor.dossier.derive import results as rooms
from veedor.dossier.pages.overview import state_rows
from veedor.dossier.pages.page import Page
from veedor.dossier.parsed import Parsed
from veedor.dossier.show import charts
from veedor.dossier.show.documents import aftermath
from veedor.dossier.show.language import Language
from veedor.dossier.show.published import Published, lead_points
from veedor.dossier.texts import TEXTS
from veedor.election import TwoRound

COUNT_COLORS = ("#0b5c63", "#1b1b1a", "#8a6d3b", "#6b4c8a")

Values = Callable[[Parsed], float | None]


def _line(published: Published, lang: Language, count: str, number: int, values: Values) -> charts.Line | None:
    states = [s for s in published.states if s["count"] == count]
    known = [(dt.datetime.fromisoformat(s["snapshot"]), values(s)) for s in states]
    points = tuple((when, value) for when, value in known if value is not None)
    color = COUNT_COLORS[number % len(COUNT_COLORS)]
    name = published.count_name(count, lang)
    return (
        charts.Line(name=name, color=color, shape=(1, 3, 0, 2)[number % 4], dash=number, points=points)
        if points
        else None
    )


def _lines(published: Published, lang: Language, values: Values) -> list[charts.Line]:
    counts = [one["count"] for one in published.results["timeline.json"]["counts"]]
    made = [_line(published, lang, count, number, values) for number, count in enumerate(counts)]
    return [line for line in made if line is not None]


def _stops(published: Published, lang: Language) -> tuple[tuple[dt.datetime, dt.datetime, str], ...]:
    return tuple(
        (dt.datetime.fromisoformat(stop["start"]), dt.datetime.fromisoformat(stop["end"]), lang.say("chart.stop"))
        for stop in published.results["timeline.json"]["interruptions"]
    )


def _described(lines: list[charts.Line], lang: Language, write: Callable[[float], str]) -> str:
    parts = [
        lang.say("chart.from_to", name=line.name, first=write(line.points[0][1]), last=write(line.points[-1][1]))
        for line in lines
    ]
    return "; ".join(parts)


def _chart(
    published: Published,
    lang: Language,
    kind: str,
    values: Values,
    *,
    digits: int,
    rule: tuple[float, str] | None = None,
    gaps: Mapping[str, str],
) -> charts.Picture | None:
    lines = _lines(published, lang, values)
    if not lines or sum(len(line.points) for line in lines) < 2:
        return None
    heading = lang.say(f"timeline.{kind}_title", **gaps)
    axes = charts.Axes(
        title=heading,
        description=_described(lines, lang, lambda value: lang.number(value, digits)),
        unit=lang.say(f"timeline.{kind}_axis"),
        rule=rule,
        stops=_stops(published, lang),
        zero=True,
    )
    return charts.picture(
        lambda width: charts.time_chart(lines, axes, width, lang),
        lang.say(f"timeline.{kind}_caption", zone=published.zone(lang), **gaps),
        name=f"chart-{kind}",
        heading=heading,
    )


def _charts(published: Published, lang: Language) -> list[charts.Picture]:
    leading = published.ranking(2)
    made: list[charts.Picture | None] = []
    if len(leading) > 1:
        first, second = leading[0].id, leading[1].id
        law, line = published.contest.rule, None
        if isinstance(law, TwoRound) and law.lead is not None and law.of == "valid":
            points = float(100 * Fraction(law.lead.share))
            line = (points, lang.say("chart.lead_line", n=lang.number(points)))
        made.append(
            _chart(
                published,
                lang,
                "lead",
                lambda state: lead_points(state, first, second),
                digits=2,
                rule=line,
                gaps={"first": first, "second": second},
            )
        )
    made.append(_chart(published, lang, "sheets", _progress, digits=1, gaps={}))
    return [chart for chart in made if chart is not None]


def _progress(state: Parsed) -> float | None:
    expected = state["sheets"]["expected"]
    return 100 * state["sheets"]["counted"] / expected if expected else None


def context(published: Published, lang: Language) -> Mapping[str, object]:
    """Content of the timeline."""
    document = published.results["timeline.json"]
    states = published.states
    stops = [
        lang.say(
            "timeline.stop",
            name=lang.pick(stop["name"]),
            start=lang.moment(stop["start"]),
            end=lang.moment(stop["end"]),
        )
        for stop in document["interruptions"]
    ]
    return {
        "dek": lang.say("timeline.dek", n=lang.number(len(states)), zone=published.zone(lang)),
        "interruptions": stops,
        "certainties": [
            lang.say(
                "timeline.certain",
                count=published.count_name(one["count"], lang),
                when=lang.moment(one["certain_from"]),
            )
            for one in document["counts"]
            if one["certain_from"] is not None and len(one["snapshots"]) > 1
        ],
        "aftermath": aftermath(published.results["election.json"], lang, all_of_them=True),
        "charts": _charts(published, lang),
        "leading": published.ranking(2),
        "states": state_rows(published, lang, states),
        "commands": [
            *(
                published.command("count").option("--count", one["count"]).option("--snapshot", "all")
                for one in document["counts"]
            ),
        ],
    }


PAGE = Page(
    id="timeline",
    title=TEXTS.say("timeline_page.page.title"),
    context=context,
    derive={"timeline.json": rooms.timeline_document},
    applies=lambda published: len(published.states) > 1,
    required=True,
)
